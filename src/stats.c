/* stats.c - reading the counters that workers keep. */
#include <par/stats.h>

#include "check.h"
#include "pool.h"

static void add_counters(par_stats_t *sum, par__worker_t *worker)
{
#define PAR_X(field, text) sum->field += load_relaxed(&worker->counters.field); /* order: W3 */
    PAR_STATS_MAP(PAR_X)
#undef PAR_X
}

static void add_guests(par_stats_t *sum, par_pool_t *pool)
{
    uint32_t n = load_acquire(&pool->n_guests); /* order: G1 */
    for (uint32_t i = 0; i < n; i++)
        add_counters(sum, load_acquire(&pool->guests[i])); /* order: G1 */
}

par_status_t par_stats_worker(par_pool_t *pool, unsigned index, par_stats_t *out)
{
    PAR__MISUSE_NO_POOL(pool);
    if (out == NULL) return PAR_EINVAL;
    if (pool == NULL) pool = par__pool_default();
    if (index > load_acquire(&pool->n_own)) return PAR_EINVAL; /* order: G2 */
    *out = (par_stats_t){0};
    if (index == 0)
        add_guests(out, pool);
    else
        add_counters(out, par__pool_worker(pool, index));
    return PAR_OK;
}

static bool add_worker(par__worker_t *worker, void *sum)
{
    add_counters(sum, worker);
    return false;
}

par_status_t par_stats_total(par_pool_t *pool, par_stats_t *out)
{
    PAR__MISUSE_NO_POOL(pool);
    if (out == NULL) return PAR_EINVAL;
    if (pool == NULL) pool = par__pool_default();
    *out = (par_stats_t){0};
    par__pool_any_worker(pool, NULL, add_worker, out);
    return PAR_OK;
}

static void print_row(FILE *file, const char *name, const par_stats_t *row)
{
    fprintf(file, "%-8s", name);
#define PAR_X(field, text) fprintf(file, " %12llu", (unsigned long long)row->field);
    PAR_STATS_MAP(PAR_X)
#undef PAR_X
    fputc('\n', file);
}

void par_stats_print(par_pool_t *pool, FILE *file)
{
    par_stats_t row;
    if (file == NULL) file = stderr;
    fprintf(file, "%-8s", "worker");
#define PAR_X(field, text) fprintf(file, " %12s", #field);
    PAR_STATS_MAP(PAR_X)
#undef PAR_X
    fputc('\n', file);
    for (unsigned i = 0; par_stats_worker(pool, i, &row) == PAR_OK; i++) {
        char name[16];
        snprintf(name, sizeof name, "w%02u", i);
        print_row(file, i == 0 ? "callers" : name, &row);
    }
    par_stats_total(pool, &row);
    print_row(file, "total", &row);
}

void par__stats_at_exit(void)
{
    par_stats_print(NULL, stderr);
}
