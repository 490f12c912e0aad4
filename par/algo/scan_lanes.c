/* scan_lanes.c - the plain loops, and which path this machine runs. */
#include "scan_lanes.h"

#define DEFINE_SUM(bits)                                                                           \
    static uint##bits##_t sum_##bits(par__scan_u##bits##_t *out, const par__scan_u##bits##_t *x,   \
                                     size_t n, uint##bits##_t before, bool is_exclusive)           \
    {                                                                                              \
        for (size_t i = 0; i < n; i++) {                                                           \
            uint##bits##_t sum = before + x[i];                                                    \
            out[i] = is_exclusive ? before : sum;                                                  \
            before = sum;                                                                          \
        }                                                                                          \
        return before;                                                                             \
    }
DEFINE_SUM(32)
DEFINE_SUM(64)

const par__scan_lanes_t par__scan_lanes_portable = {"portable", sum_32, sum_64, sum_32, sum_64};

#if defined(__x86_64__)
static bool has_avx2(void)
{
    return __builtin_cpu_supports("avx2");
}

static bool has_avx512(void)
{
    return __builtin_cpu_supports("avx512f") && has_avx2();
}
#endif

void par__scan_lanes_list(const par__scan_lanes_t *paths[PAR__SCAN_PATHS + 1])
{
    size_t n = 0;
#if defined(__x86_64__)
    if (has_avx512()) paths[n++] = &par__scan_lanes_avx512;
    if (has_avx2()) paths[n++] = &par__scan_lanes_avx2;
#endif
    paths[n++] = &par__scan_lanes_portable;
    paths[n] = NULL;
}

const par__scan_lanes_t *par__scan_lanes(void)
{
#if defined(__x86_64__)
    if (has_avx512()) return &par__scan_lanes_avx512;
    if (has_avx2()) return &par__scan_lanes_avx2;
#endif
    return &par__scan_lanes_portable;
}
