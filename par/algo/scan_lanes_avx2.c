/* scan_lanes_avx2.c - running sums in vectors of 32 bytes. */
#if defined(__x86_64__)
#    include <immintrin.h>

#    define PATH      avx2
#    define TARGET    __attribute__((target("avx2")))
#    define VEC_BYTES 32

#    define I_4(s)       (s), (s) + 1, (s) + 2, (s) + 3
#    define I_8(s)       I_4(s), I_4((s) + 4)
#    define S_4(s)       (s), (s), (s), (s)
#    define S_8(s)       S_4(s), S_4(s)
#    define I_32(s)      I_8(s)
#    define I_64(s)      I_4(s)
#    define S_32(s)      S_8(s)
#    define S_64(s)      S_4(s)
#    define STREAM(p, v) _mm256_stream_si256((void *)(p), (__m256i)(v))
#    include "scan_lanes_all.h"
#else
typedef int par__scan_lanes_avx2_is_off_t; /* a translation unit needs a declaration */
#endif
