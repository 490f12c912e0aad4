/* lanes.c - which path this machine runs. */
#include "lanes.h"

#include "paths.h"

static const par__lanes_t *const paths[] =
    PAR__PATHS(&par__lanes_portable, &par__lanes_avx2, &par__lanes_avx512);

const par__lanes_t *par__lanes(void)
{
    return paths[par__paths_best()];
}

void par__lanes_list(const par__lanes_t *list[PAR__LANES_PATHS + 1])
{
    PAR__PATHS_LIST(list, paths);
}
