/* filter_lanes_portable.c - flags by what the compiler was told to build for, and which path this machine
 * runs. */
#define PATH   portable
#define TARGET /* none */
#include "filter_lanes_all.h"

#if defined(__x86_64__)
static bool has_avx2(void)
{
    return __builtin_cpu_supports("avx2");
}

static bool has_avx512(void)
{
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
}
#endif

void par__filter_lanes_list(const par__filter_lanes_t *paths[PAR__FILTER_PATHS + 1])
{
    size_t n = 0;
#if defined(__x86_64__)
    if (has_avx512()) paths[n++] = &par__filter_lanes_avx512;
    if (has_avx2()) paths[n++] = &par__filter_lanes_avx2;
#endif
    paths[n++] = &par__filter_lanes_portable;
    paths[n] = NULL;
}

const par__filter_lanes_t *par__filter_lanes(void)
{
#if defined(__x86_64__)
    if (has_avx512()) return &par__filter_lanes_avx512;
    if (has_avx2()) return &par__filter_lanes_avx2;
#endif
    return &par__filter_lanes_portable;
}
