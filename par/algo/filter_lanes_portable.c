/* filter_lanes_portable.c - flags by what the compiler was told to build for, and which path this machine
 * runs. */
#define PATH   portable
#define TARGET /* none */
#include "filter_lanes_all.h"
#include "paths.h"

static const par__filter_lanes_t *const paths[] =
    PAR__PATHS(&par__filter_lanes_portable, &par__filter_lanes_avx2, &par__filter_lanes_avx512);

const par__filter_lanes_t *par__filter_lanes(void)
{
    return paths[par__paths_best()];
}

void par__filter_lanes_list(const par__filter_lanes_t *list[PAR__FILTER_PATHS + 1])
{
    PAR__PATHS_LIST(list, paths);
}
