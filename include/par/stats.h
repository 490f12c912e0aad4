/* stats.h - what the workers did. Counting is always on: each worker counts for itself, without
 * synchronisation, and only events off the fast path. PAR_STATS=1 prints the table at exit. */
#ifndef PAR_STATS_H
#define PAR_STATS_H

#include <stdio.h>

#include <par/api.h>
#include <par/pool.h>

PAR_BEGIN_DECLS

/* One list makes the struct and the table. */
#define PAR_STATS_MAP(X)                                                                           \
    X(published, "forks made visible to thieves (the others never left the owner)")                \
    X(spawned, "scope tasks queued")                                                               \
    X(inlined, "forks and spawns run in place: queue full, no memory")                             \
    X(steals, "tasks taken from another worker")                                                   \
    X(tries, "looks at another worker, with or without success")                                   \
    X(helped, "tasks run while waiting for a task of the same call")                               \
    X(sleeps, "times the worker went to sleep")                                                    \
    X(wakes, "times it woke another worker")

typedef struct par_stats_t {
#define PAR_X(field, text) uint64_t field;
    PAR_STATS_MAP(PAR_X)
#undef PAR_X
} par_stats_t;

/** Reads the counters of one worker.
 *
 * @param pool   NULL means the default pool
 * @param index  0 sums all threads from outside; 1 to par_pool_num_workers() - 1 are the threads
 *               of the pool
 * @param out    receives the counters; must not be NULL
 *
 * Errors    PAR_EINVAL: out is NULL or there is no such worker
 * Threads   any; the numbers of running workers are a snapshot
 * Since     0.1
 */
PAR_API par_status_t par_stats_worker(par_pool_t *pool, unsigned index, par_stats_t *out);

/** Reads the sum over all workers of the pool; the same contract.
 * Since     0.1
 */
PAR_API par_status_t par_stats_total(par_pool_t *pool, par_stats_t *out);

/** Prints a table, a row a worker, on file. NULL pool means the default pool, NULL file stderr.
 * Since     0.1
 */
PAR_API void par_stats_print(par_pool_t *pool, FILE *file);

PAR_END_DECLS

#endif
