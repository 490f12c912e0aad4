/* sort_number_paths.c - which path this machine runs. */
#include "sort_number_paths.h"

#if defined(__x86_64__)
static bool has_avx512(void)
{
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("popcnt");
}
#endif

const par__sort_path_t *par__sort_path(void)
{
#if defined(__x86_64__)
    if (has_avx512()) return &par__sort_path_avx512;
#endif
    return &par__sort_path_portable;
}

void par__sort_path_list(const par__sort_path_t *paths[PAR__SORT_PATHS + 1])
{
    size_t n = 0;
#if defined(__x86_64__)
    if (has_avx512()) paths[n++] = &par__sort_path_avx512;
#endif
    paths[n++] = &par__sort_path_portable;
    paths[n] = NULL;
}
