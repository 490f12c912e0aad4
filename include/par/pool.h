/* pool.h - who does the work: the default pool, pools of your own, and how to ask.
 *
 * Nobody has to create anything: the first parallel call starts the default pool. With P usable
 * cores it has P - 1 threads of its own, because the caller takes part. A thread from outside
 * becomes a worker for the length of its call.
 *
 * fork(): a child has none of the threads; its first parallel call starts the pool again. A child that
 * was forked inside a parallel call makes new calls or ends; it does not count on finishing the call
 * that it was forked out of, as what other threads were running of it has gone with them. */
#ifndef PAR_POOL_H
#define PAR_POOL_H

#include <par/api.h>
#include <par/error.h>

PAR_BEGIN_DECLS

typedef struct par_pool_t par_pool_t;

/* Where the threads of a pool are bound (environment: PAR_BIND). */
typedef enum par_bind_t {
    PAR_BIND_DEFAULT = 0, /* what PAR_BIND says, else _CORES if every place is used, else _NONE */
    PAR_BIND_NONE = 1,    /* the kernel decides */
    PAR_BIND_CORES = 2,   /* one core each, in the order of the machine */
    PAR_BIND_CLOSE = 3,   /* pack: fill a cache, then a package, before the next */
    PAR_BIND_SPREAD = 4   /* spread over packages, NUMA nodes and caches first */
} par_bind_t;

/* What counts as a place to run (environment: PAR_PLACES). */
typedef enum par_places_t {
    PAR_PLACES_DEFAULT = 0, /* what PAR_PLACES says, else PAR_PLACES_CORES */
    PAR_PLACES_CORES = 1,   /* one worker a physical core */
    PAR_PLACES_THREADS = 2  /* one worker a hardware thread */
} par_places_t;

/* Called on a pool thread as it starts and before it ends. index is par_worker_index(). */
typedef void par_worker_hook_fn(unsigned index, void *ctx);

/* Start from PAR_POOL_OPTIONS_INIT: fields that are appended later then get their default. */
typedef struct par_pool_options_t {
    size_t struct_size;           /* bytes; set by PAR_POOL_OPTIONS_INIT */
    unsigned threads;             /* 1 to 1024, the caller included; 0 = one per usable place */
    par_bind_t bind;              /* where they are bound */
    par_places_t places;          /* what a place is */
    int bind_strict;              /* not 0: creation fails with PAR_EBIND if a bind is refused */
    size_t stack_bytes;           /* of each thread; 0 = the system's default */
    int64_t spin_ns;              /* search this long before sleeping; -1 = automatic, 0 = never */
    const char *name;             /* threads are "NAME-w03"; NULL = "par"; at most 9 bytes count */
    par_worker_hook_fn *on_start; /* may be NULL */
    par_worker_hook_fn *on_exit;  /* may be NULL */
    void *hook_ctx;               /* passed to both */
} par_pool_options_t;

#define PAR_POOL_OPTIONS_INIT                                                                      \
    {                                                                                              \
        sizeof(par_pool_options_t), 0, PAR_BIND_DEFAULT, PAR_PLACES_DEFAULT, 0, 0, -1, NULL, NULL, \
            NULL, NULL                                                                             \
    }

/** Creates a pool and starts its threads.
 *
 * @param out      receives the pool, NULL on error; must not be NULL
 * @param options  NULL means all defaults
 *
 * Errors    PAR_EINVAL (out is NULL, a field out of range, a struct_size that PAR_POOL_OPTIONS_INIT
 *           does not set), PAR_ENOMEM, PAR_EAGAIN (no thread could be started although some were
 *           asked for), PAR_EBIND (only with bind_strict), PAR_ETOPOLOGY. A pool that got some but
 *           not all of its threads is a success; par_pool_num_workers tells.
 * Threads   any
 * Blocking  until the threads have started
 * Since     0.1
 */
PAR_API par_status_t par_pool_create(par_pool_t **out, const par_pool_options_t *options);

/** Stops the threads of a pool, waits for them and frees it. NULL is allowed and does nothing.
 *
 * Errors    none in a correct program; a debug build stops with a sentence when it is called from
 *           inside the pool or there is no such pool (any more), a release build then does nothing
 * Threads   any that is not inside par_pool_run of this pool; nobody may be
 * Blocking  until all threads have ended
 * Since     0.1
 */
PAR_API void par_pool_destroy(par_pool_t *pool);

/** Runs fn(ctx) on this thread as a worker of the pool: every parallel call in it uses that pool.
 *
 * @param pool  NULL means the default pool
 * @param fn    must not be NULL
 *
 * Errors    none: when the pool cannot take another guest, fn runs with no helpers. A debug build
 *           stops with a sentence when fn is NULL or there is no such pool (any more)
 * Threads   any, several at once; from inside another pool too
 * Order     the function runs on the calling thread
 * Since     0.1
 */
PAR_API void par_pool_run(par_pool_t *pool, par_task_fn *fn, void *ctx);

/** Runs fn(ctx) on this thread without helpers: every parallel call in it runs in place, as on a
 * machine with one core, and starts no pool. A par_pool_run inside has the helpers of its pool.
 *
 * @param fn  must not be NULL
 *
 * Errors    none
 * Threads   any, from inside parallel calls too
 * Order     everything runs on the calling thread, in the order of the serial program
 * Since     0.1
 */
PAR_API void par_run_alone(par_task_fn *fn, void *ctx);

/** An address that tells the current pool from others, only for comparing: the same for all workers of
 * a pool; NULL on a thread that is in no pool yet; the same for all that are in par_run_alone.
 *
 * Errors    none
 * Threads   any
 * Cost      a few instructions
 * Since     0.1
 */
PAR_API const void *par_pool_id(void);

/** How many workers a pool has, the caller included: at least 1. NULL means the default pool,
 * which is started by the question.
 * Since     0.1
 */
PAR_API unsigned par_pool_num_workers(par_pool_t *pool);

/** How many workers the current pool has, the caller included: at least 1. The current pool is the
 * one whose task or par_pool_run this thread is in, else the default pool, started if need be.
 *
 * Errors    none
 * Threads   any
 * Since     0.1
 */
PAR_API unsigned par_num_workers(void);

/** Which worker of the current pool this thread is: 0 for a thread that entered from outside,
 * 1 to par_num_workers() - 1 for the threads of the pool. Unique among the threads that run tasks of
 * one outermost parallel call, so an array of par_num_workers() elements made by that call serves
 * them without locks.
 *
 * Errors    none
 * Threads   any
 * Cost      a few instructions
 * Since     0.1
 */
PAR_API unsigned par_worker_index(void);

/** Stops the threads of the default pool and waits for them. The next parallel call starts it
 * again, reading the environment and the topology anew. Does nothing when it is not running.
 *
 * Errors    PAR_EBUSY from inside a parallel call. The second half of an outermost par_join is no
 *           longer inside one when the caller runs it: nothing else of that call is open then.
 * Threads   any; parallel calls of other threads go on, with fewer helpers
 * Blocking  until the threads have ended
 * Since     0.1
 */
PAR_API par_status_t par_shutdown(void);

PAR_END_DECLS

#endif
