/* scan_lanes.c - the plain loops, and which path this machine runs. */
#include "scan_lanes.h"

#include "paths.h"

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

static const par__scan_lanes_t *const paths[] =
    PAR__PATHS(&par__scan_lanes_portable, &par__scan_lanes_avx2, &par__scan_lanes_avx512);

const par__scan_lanes_t *par__scan_lanes(void)
{
    return paths[par__paths_best()];
}

void par__scan_lanes_list(const par__scan_lanes_t *list[PAR__SCAN_PATHS + 1])
{
    PAR__PATHS_LIST(list, paths);
}
