/* filter_lanes_avx2.c - flags in vectors of 32 bytes. */
#if defined(__x86_64__)
#    define PATH   avx2
#    define TARGET __attribute__((target("avx2")))
#    include "filter_lanes_all.h"
#else
typedef int par__filter_lanes_avx2_is_off_t; /* a translation unit needs a declaration */
#endif
