/* count_par.c - word count by par: two loops, no locks, no threads to be seen. */
#include "wordcount.h"

#include <stdlib.h>

#include <par/par.h>

typedef struct job_t {
    const text_t *text;
    table_t *tables; /* one a worker */
    unsigned n_tables;
    table_t *out;
} job_t;

/* No other worker has this index during the loop, and a worker does not leave the body halfway to
 * run another one: the table needs no lock. */
static void parts_count(size_t begin, size_t end, void *ctx)
{
    job_t *job = ctx;
    table_t *mine = &job->tables[par_worker_index()];
    for (size_t i = begin; i < end; i++)
        table_count(mine, job->text->parts[i]);
}

static void shard_merge(size_t shard, void *ctx)
{
    job_t *job = ctx;
    for (unsigned i = 0; i < job->n_tables; i++)
        table_merge_shard(job->out, &job->tables[i], shard);
}

void count_par(const text_t *text, unsigned n_workers, table_t *out)
{
    job_t job = {text, alloc_zeroed(n_workers, sizeof(table_t)), n_workers, out};
    par_for_range(0, text->n_parts, parts_count, &job, NULL);
    par_for(0, N_SHARDS, shard_merge, &job);
    free(job.tables);
}
