/* start.c - creating, starting, stopping and destroying pools. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "env.h"
#include "pool.h"
#include "seat.h"

/* ---- one thread ---- */

/* True unless the system refused. Where the plan leaves the choice to the kernel, a thread must still
 * not inherit the narrower mask of the thread that created it. */
static bool thread_bind(const par__plan_t *plan, unsigned index)
{
    int pu = plan->pu[index];
    if (pu >= 0) return par__os_bind_self(pu) == PAR_OK;
    if (plan->cpus != NULL) par__os_bind_self_to((const unsigned *)plan->cpus, plan->n_cpus);
    return true;
}

static void thread_prepare(par__worker_t *worker)
{
    par_pool_t *pool = worker->pool;
    char name[16];
    snprintf(name, sizeof name, "%s-w%02u", pool->name, worker->index % 1000);
    par__os_name_self(name);
    bool is_bound = thread_bind(&pool->plan, worker->index);
    pthread_mutex_lock(&pool->mutex);
    par__seat_take(worker, is_bound ? pool->plan.pu[worker->index] : PAR__SEAT_NONE);
    if (!is_bound) pool->n_unbound++;
    pool->n_ready++;
    pthread_cond_broadcast(&pool->started);
    pthread_mutex_unlock(&pool->mutex);
}

static void *thread_main(void *arg)
{
    par__worker_t *worker = arg;
    const par_pool_options_t *options = &worker->pool->options;
    par__worker_adopt(worker);
    thread_prepare(worker);
    if (options->on_start != NULL) options->on_start(worker->index, options->hook_ctx);
    par__worker_main(worker);
    if (options->on_exit != NULL) options->on_exit(worker->index, options->hook_ctx);
    pthread_mutex_lock(&worker->pool->mutex);
    par__seat_leave(worker);
    pthread_mutex_unlock(&worker->pool->mutex);
    worker->thread_id = NULL; /* another thread may get the same address */
    return NULL;
}

/* ---- starting ---- */

/* The record of own thread i, from an earlier start or new; NULL without memory. */
static par__worker_t *own_record(par_pool_t *pool, unsigned i)
{
    par__worker_t *worker = load_relaxed(&pool->own[i]); /* order: none, under life */
    if (worker == NULL) {
        worker = par__worker_new(pool, i, i);
        if (worker == NULL) return NULL;
        store_release(&pool->own[i], worker); /* order: G1 */
    }
    if (load_relaxed(&pool->n_own_ever) < i) store_release(&pool->n_own_ever, i); /* order: G1 */
    worker->victims = pool->plan.victims + (size_t)i * (pool->plan.n_workers - 1);
    worker->n_victims = pool->plan.n_workers - 1;
    worker->generation = pool->generation;
    return worker;
}

/* Starts as many threads as the system gives; the status of the first refusal. */
static par_status_t threads_start(par_pool_t *pool, unsigned n_threads)
{
    par_status_t status = PAR_OK;
    unsigned n = 0;
    while (n < n_threads) {
        par__worker_t *worker = own_record(pool, n + 1);
        status = worker == NULL ? PAR_ENOMEM
                                : par__os_thread_start(&worker->thread, thread_main, worker,
                                                       pool->options.stack_bytes);
        if (status != PAR_OK) break;
        n++;
    }
    store_release(&pool->n_own, n); /* order: G2 */
    return status;
}

static void threads_join(par_pool_t *pool)
{
    uint32_t n_own = load_relaxed(&pool->n_own); /* order: none, under life */
    store_seq_cst(&pool->stop, true);            /* order: P1, before the tokens */
    for (uint32_t i = 1; i <= n_own; i++)
        par__parker_unpark(&par__pool_worker(pool, i)->parker);
    for (uint32_t i = 1; i <= n_own; i++)
        par__os_thread_join(&par__pool_worker(pool, i)->thread);
    store_release(&pool->n_own, 0U); /* order: G2 */
}

/* Long enough to catch the next loop of a busy program, short enough not to be seen on a meter. */
enum { SPIN_NS = 50 * 1000 };

static int64_t spin_ns_of(const par_pool_options_t *options)
{
    par__env_t env;
    if (options->spin_ns >= 0) return options->spin_ns;
    par__env_read(&env);
    return env.spin_ns >= 0 ? env.spin_ns : SPIN_NS;
}

/* Under life. Afterwards the pool is RUNNING, with the threads that could be had. */
static par_status_t pool_start(par_pool_t *pool)
{
    const par_pool_options_t *o = &pool->options;
    memset(&pool->plan, 0, sizeof pool->plan);
    par_status_t status =
        par__plan_make(&pool->plan, o->threads, o->bind, o->places, par__os_current_pu());
    if (status == PAR_OK) {
        unsigned n_threads = pool->plan.n_workers - 1;
        unsigned n_pus = par__os_n_pus();
        pthread_mutex_lock(&pool->mutex);
        pool->generation++;
        pool->n_ready = 0;
        pool->n_unbound = 0;
        pthread_mutex_unlock(&pool->mutex);
        store_relaxed(&pool->spin_ns, spin_ns_of(o));            /* order: none, a hint */
        store_relaxed(&pool->is_crowded, n_threads + 1 > n_pus); /* order: none, a hint */
        par__sleep_limit(&pool->sleep, n_threads, n_pus);
        store_relaxed(&pool->stop, false); /* order: none, no thread yet */
        par__seat_open(pool);
        status = threads_start(pool, n_threads);
    }
    store_release(&pool->state, (uint32_t)PAR__POOL_RUNNING); /* order: G2 */
    return status;
}

static void pool_stop(par_pool_t *pool)
{
    store_release(&pool->state, (uint32_t)PAR__POOL_STOPPING); /* order: G2 */
    threads_join(pool);
    PAR__ASSERT(par__sleep_is_empty(&pool->sleep));
    par__plan_free(&pool->plan);
    store_release(&pool->state, (uint32_t)PAR__POOL_STOPPED); /* order: G2 */
}

void par__pool_ensure_started(par_pool_t *pool)
{
    if (load_acquire(&pool->state) != PAR__POOL_STOPPED) return; /* order: G2 */
    pthread_mutex_lock(&pool->life);
    if (load_relaxed(&pool->state) == PAR__POOL_STOPPED) pool_start(pool); /* order: under life */
    pthread_mutex_unlock(&pool->life);
}

/* ---- the default pool ---- */

static par_pool_t default_pool = {
    .options = PAR_POOL_OPTIONS_INIT,
    .name = "par",
    .injector = PAR__INJECTOR_INIT(default_pool.injector),
    .life = PTHREAD_MUTEX_INITIALIZER,
    .mutex = PTHREAD_MUTEX_INITIALIZER,
    .started = PTHREAD_COND_INITIALIZER,
};

static pthread_once_t default_once = PTHREAD_ONCE_INIT;

static void default_prepare(void)
{
    par__os_keep_loaded();
    par__registry_add(&default_pool);
    par__env_t env;
    par__env_read(&env);
    if (env.stats) atexit(par__stats_at_exit);
}

par_pool_t *par__pool_default(void)
{
    pthread_once(&default_once, default_prepare);
    return &default_pool;
}

par_status_t par_shutdown(void)
{
    par_pool_t *pool = par__pool_default();
    par__worker_t *worker = par__worker_current();
    bool is_serial = par_worker_self == par__worker_serial(); /* inside a call that has no record */
    if (is_serial || (worker != NULL && !par__worker_is_at_rest(worker))) return PAR_EBUSY;
    pthread_mutex_lock(&pool->life);
    if (load_relaxed(&pool->state) == PAR__POOL_RUNNING) pool_stop(pool); /* order: under life */
    pthread_mutex_unlock(&pool->life);
    return PAR_OK;
}

/* ---- explicit pools ---- */

static bool options_are_valid(const par_pool_options_t *o)
{
    return o->struct_size >= offsetof(par_pool_options_t, threads) &&
           o->threads <= PAR__MAX_THREADS && o->bind >= PAR_BIND_DEFAULT &&
           o->bind <= PAR_BIND_SPREAD && o->places >= PAR_PLACES_DEFAULT &&
           o->places <= PAR_PLACES_THREADS && o->spin_ns >= -1;
}

/* A caller compiled against an older header has a shorter struct: the rest keeps its default. */
static bool options_read(par_pool_options_t *out, const par_pool_options_t *in)
{
    *out = (par_pool_options_t)PAR_POOL_OPTIONS_INIT;
    if (in == NULL) return true;
    if (in->struct_size < sizeof(size_t)) return false;
    memcpy(out, in, in->struct_size < sizeof *out ? in->struct_size : sizeof *out);
    return options_are_valid(out);
}

static par_pool_t *pool_new(const par_pool_options_t *options)
{
    size_t bytes = (sizeof(par_pool_t) + PAR__CACHELINE - 1) / PAR__CACHELINE * PAR__CACHELINE;
    par_pool_t *pool = aligned_alloc(PAR__CACHELINE, bytes);
    if (pool == NULL) return NULL;
    memset(pool, 0, bytes);
    pool->options = *options;
    snprintf(pool->name, sizeof pool->name, "%.9s", options->name == NULL ? "par" : options->name);
    pool->options.name = pool->name;
    par__injector_init(&pool->injector);
    pthread_mutex_init(&pool->life, NULL);
    pthread_mutex_init(&pool->mutex, NULL);
    pthread_cond_init(&pool->started, NULL);
    return pool;
}

static void pool_delete(par_pool_t *pool)
{
    par__registry_remove(pool);
    if (load_relaxed(&pool->state) == PAR__POOL_RUNNING) pool_stop(pool); /* order: nobody inside */
    for (uint32_t i = 1; i < PAR__MAX_THREADS; i++)
        par__worker_delete(load_relaxed(&pool->own[i])); /* order: none, joined */
    for (uint32_t i = 0; i < load_relaxed(&pool->n_guests); i++)
        par__worker_delete(load_relaxed(&pool->guests[i])); /* order: none, nobody inside */
    par__job_pile_clear(&pool->pile);
    par__injector_destroy(&pool->injector);
    pthread_mutex_destroy(&pool->life);
    pthread_mutex_destroy(&pool->mutex);
    pthread_cond_destroy(&pool->started);
    free(pool);
}

/* Waits until every thread runs; how many could not be bound. */
static unsigned pool_await_threads(par_pool_t *pool)
{
    pthread_mutex_lock(&pool->mutex);
    while (pool->n_ready < load_relaxed(&pool->n_own)) /* order: none, ours */
        pthread_cond_wait(&pool->started, &pool->mutex);
    unsigned n_unbound = pool->n_unbound;
    pthread_mutex_unlock(&pool->mutex);
    return n_unbound;
}

par_status_t par_pool_create(par_pool_t **out, const par_pool_options_t *options)
{
    par_pool_options_t checked;
    if (out == NULL) return PAR_EINVAL;
    *out = NULL;
    if (!options_read(&checked, options)) return PAR_EINVAL;
    par__pool_default(); /* the handlers of fork are set once, for all pools */
    par_pool_t *pool = pool_new(&checked);
    if (pool == NULL) return PAR_ENOMEM;
    par__registry_add(pool);
    pthread_mutex_lock(&pool->life); /* on_start may ask for the number of workers: it waits here */
    par_status_t status = pool_start(pool);
    pthread_mutex_unlock(&pool->life);
    unsigned n_unbound = pool_await_threads(pool);
    if (load_relaxed(&pool->n_own) != 0) status = PAR_OK; /* order: none, ours */
    if (status == PAR_OK && checked.bind_strict && n_unbound != 0) status = PAR_EBIND;
    if (status != PAR_OK) {
        pool_delete(pool);
        return status;
    }
    *out = pool;
    return PAR_OK;
}

/* Is somebody in par_pool_run of this pool, or this thread one of its own? */
static bool pool_is_entered(par_pool_t *pool)
{
    par__worker_t *worker = par__worker_current();
    bool is_entered = worker != NULL && worker->pool == pool;
    pthread_mutex_lock(&pool->mutex);
    for (uint32_t i = 0; i < load_relaxed(&pool->n_guests); i++) /* order: none, under mutex */
        is_entered |= load_relaxed(&pool->guests[i])->in_use;    /* order: none, under mutex */
    pthread_mutex_unlock(&pool->mutex);
    return is_entered;
}

void par_pool_destroy(par_pool_t *pool)
{
    if (pool == NULL) return;
    PAR__MISUSE_NO_POOL(pool);
    if (!par__registry_has(pool)) return;
    bool is_entered = pool == &default_pool || pool_is_entered(pool);
    PAR__MISUSE(!is_entered,
                "the pool is in use; destroy it after every par_pool_run of it returned");
    if (!is_entered) pool_delete(pool);
}

unsigned par_pool_num_workers(par_pool_t *pool)
{
    PAR__MISUSE_NO_POOL(pool);
    if (pool == NULL) pool = par__pool_default();
    par__pool_ensure_started(pool);
    return load_acquire(&pool->n_own) + 1; /* order: G2 */
}
