/* sort_number_paths.c - which path this machine runs. */
#include "sort_number_paths.h"

#include "paths.h"

static const par__sort_path_t *const paths[] =
    PAR__PATHS(&par__sort_path_portable, &par__sort_path_portable, &par__sort_path_avx512);

const par__sort_path_t *par__sort_path(void)
{
    return paths[par__paths_best()];
}

void par__sort_path_list(const par__sort_path_t *list[PAR__SORT_PATHS + 1])
{
    PAR__PATHS_LIST(list, paths);
}
