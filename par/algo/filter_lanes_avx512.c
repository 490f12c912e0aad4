/* filter_lanes_avx512.c - flags in vectors of 64 bytes. */
#if defined(__x86_64__)
#    define PATH   avx512
#    define TARGET __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl")))
#    include "filter_lanes_all.h"
#else
typedef int par__filter_lanes_avx512_is_off_t; /* a translation unit needs a declaration */
#endif
