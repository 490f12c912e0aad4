/* count_openmp.c - word count by OpenMP; an empty file for a compiler without it. */
#include "wordcount.h"

typedef int count_openmp_is_optional; /* a C file must declare something */

#ifdef _OPENMP
#    include <omp.h>
#    include <stdlib.h>

void count_openmp(const text_t *text, unsigned n_workers, table_t *out)
{
    table_t *tables = alloc_zeroed(n_workers, sizeof *tables);
#    pragma omp parallel num_threads(n_workers)
    {
        table_t *mine = &tables[omp_get_thread_num()];
#    pragma omp for schedule(dynamic)
        for (size_t i = 0; i < text->n_parts; i++)
            table_count(mine, text->parts[i]);
#    pragma omp for schedule(dynamic)
        for (size_t shard = 0; shard < N_SHARDS; shard++)
            for (unsigned i = 0; i < n_workers; i++)
                table_merge_shard(out, &tables[i], shard);
    }
    free(tables);
}
#endif
