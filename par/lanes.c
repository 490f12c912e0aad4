/* lanes.c - which path this machine runs. */
#include "lanes.h"

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

const par__lanes_t *par__lanes(void)
{
#if defined(__x86_64__)
    if (has_avx512()) return &par__lanes_avx512;
    if (has_avx2()) return &par__lanes_avx2;
#endif
    return &par__lanes_portable;
}

void par__lanes_list(const par__lanes_t *paths[PAR__LANES_PATHS + 1])
{
    size_t n = 0;
#if defined(__x86_64__)
    if (has_avx512()) paths[n++] = &par__lanes_avx512;
    if (has_avx2()) paths[n++] = &par__lanes_avx2;
#endif
    paths[n++] = &par__lanes_portable;
    paths[n] = NULL;
}
