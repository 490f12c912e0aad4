/* sort_number_avx512.c - quick sort in vectors of 64 bytes. */
#include "sort_number_paths.h"

#if defined(__x86_64__)
#    include <immintrin.h>

#    include <par/for.h>
#    include <par/join.h>
#    include <par/pool.h>

#    include "sort_number_networks.h"

#    define TARGET     __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,popcnt")))
#    define ALWAYS     inline __attribute__((always_inline))
#    define NOINLINE   __attribute__((noinline))
#    define UNROLL     _Pragma("GCC unroll 16")
#    define CAT_(a, b) a##b
#    define CAT(a, b)  CAT_(a, b)
#    define FN(name)   CAT(name##_, KEY_BITS)
#    define V(verb)    CAT(_mm512_##verb##_epi, KEY_BITS)
#    define V_GREATER  CAT(CAT(_mm512_cmpgt_epi, KEY_BITS), _mask)

#    define KEY_BITS 32
#    define KEY      par__key32_t
#    define UKEY     uint32_t
#    define KEY_MIN  INT32_MIN
#    define KEY_MAX  INT32_MAX
#    include "sort_number_avx512.h"
#    include "sort_number_quick.h"
#    include "sort_number_runs.h"
#    undef KEY_BITS
#    undef KEY
#    undef UKEY
#    undef KEY_MIN
#    undef KEY_MAX

#    define KEY_BITS 64
#    define KEY      par__key64_t
#    define UKEY     uint64_t
#    define KEY_MIN  INT64_MIN
#    define KEY_MAX  INT64_MAX
#    include "sort_number_avx512.h"
#    include "sort_number_quick.h"
#    include "sort_number_runs.h"

#    define DEFINE_SORT(bits)                                                                      \
        static void sort_##bits(par__key##bits##_t *x, size_t n, const par__sort_order_t *order)   \
        {                                                                                          \
            if (n > RUN_START_##bits && sort_run_##bits(x, n, order)) return;                      \
            sort_quick_##bits(x, n, order);                                                        \
        }
DEFINE_SORT(32)
DEFINE_SORT(64)

const par__sort_path_t par__sort_path_avx512 = {"avx512", sort_32, sort_64, sort_badly_32,
                                                sort_badly_64};
#else
typedef int par__sort_number_avx512_is_off_t; /* a translation unit needs a declaration */
#endif
