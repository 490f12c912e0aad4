/* scan_lanes_avx512.c - running sums in vectors of 64 bytes. */
#if defined(__x86_64__)
#    include <immintrin.h>

#    define PATH      avx512
#    define TARGET    __attribute__((target("avx512f,avx2")))
#    define VEC_BYTES 64

#    define I_4(s)       (s), (s) + 1, (s) + 2, (s) + 3
#    define I_8(s)       I_4(s), I_4((s) + 4)
#    define I_16(s)      I_8(s), I_8((s) + 8)
#    define S_4(s)       (s), (s), (s), (s)
#    define S_8(s)       S_4(s), S_4(s)
#    define S_16(s)      S_8(s), S_8(s)
#    define I_32(s)      I_16(s)
#    define I_64(s)      I_8(s)
#    define S_32(s)      S_16(s)
#    define S_64(s)      S_8(s)
#    define STREAM(p, v) _mm512_stream_si512((void *)(p), (__m512i)(v))
#    include "scan_lanes_all.h"
#else
typedef int par__scan_lanes_avx512_is_off_t; /* a translation unit needs a declaration */
#endif
