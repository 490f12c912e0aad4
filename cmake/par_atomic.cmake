# Sets PAR_ATOMIC_LIBRARY to "atomic" where the compiler makes calls of some atomic operations (of one byte
# on riscv64 with gcc 13 and older, of 8 bytes on several 32-bit processors), to nothing elsewhere.
include(CheckCSourceCompiles)
set(par_atomic_probe "
#include <stdatomic.h>
#include <stdint.h>
static _Atomic(uint64_t) wide;
static _Atomic(uint8_t) narrow;
int main(void)
{
    uint64_t expected = 1;
    atomic_compare_exchange_strong(&wide, &expected, 2);
    return (int)atomic_fetch_add(&wide, 1) + (int)atomic_fetch_add(&narrow, 1);
}
")
set(PAR_ATOMIC_LIBRARY)
check_c_source_compiles("${par_atomic_probe}" PAR_ATOMICS_ARE_INLINE)
if(NOT PAR_ATOMICS_ARE_INLINE)
  set(CMAKE_REQUIRED_LIBRARIES atomic)
  check_c_source_compiles("${par_atomic_probe}" PAR_ATOMICS_IN_LIBATOMIC)
  unset(CMAKE_REQUIRED_LIBRARIES)
  if(NOT PAR_ATOMICS_IN_LIBATOMIC)
    message(FATAL_ERROR "par needs C11 atomics of 1 to 8 bytes. The compiler has calls of libatomic for "
      "them, and that library is not there: install it (Debian's gcc has it).")
  endif()
  set(PAR_ATOMIC_LIBRARY atomic)
endif()
