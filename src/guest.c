/* guest.c - which worker this thread is, and how a thread from outside becomes one.
 *
 * A thread that makes its first parallel call gets a record in the default pool's table and keeps it
 * until it ends, so that the next call finds it with one load. At rest the record asks (limit is 0),
 * so the first fork of each outermost call takes the slow path and sees what has changed meanwhile:
 * the pool was shut down, the process forked. */
#include <pthread.h>

#include "check.h"
#include "pool.h"

/* Stand-ins: every fork takes the slow path. */
static par_worker_t outside = {NULL, 0, UINTPTR_MAX};
static par_worker_t serial = {NULL, 0, UINTPTR_MAX};

__thread par_worker_t *par_worker_self = &outside;

/* This thread's record in the default pool; it may be in another pool just now. */
static __thread par__worker_t *default_guest;

static pthread_key_t end_key; /* its destructor gives the record back when the thread ends */
static bool has_end_key;
static pthread_once_t end_once = PTHREAD_ONCE_INIT;

static void thread_ends(void *guest)
{
    default_guest = NULL;
    par_worker_self = &outside;
    par__pool_release(guest);
}

static void end_key_create(void)
{
    has_end_key = pthread_key_create(&end_key, thread_ends) == 0;
}

par_worker_t *par__worker_serial(void)
{
    return &serial;
}

void par__worker_claim(par__worker_t *worker)
{
    worker->thread_id =
        &default_guest; /* a thread's variable: an address that no other thread has */
}

bool par__worker_is_mine(const par__worker_t *worker)
{
    return worker->thread_id == &default_guest;
}

par__worker_t *par__worker_current(void)
{
    par_worker_t *self = par_worker_self;
    return self == &outside || self == &serial ? NULL : (par__worker_t *)self;
}

static par__worker_t *default_guest_get(void)
{
    if (default_guest == NULL) {
        default_guest = par__pool_admit(par__pool_default());
        pthread_once(&end_once, end_key_create);
        if (default_guest != NULL && has_end_key) pthread_setspecific(end_key, default_guest);
    }
    return default_guest;
}

par__worker_t *par__worker_enter(void)
{
    par__worker_t *worker = par__worker_current();
    if (worker == NULL) {
        if (par_worker_self == &serial) return NULL;
        worker = default_guest_get();
        if (worker == NULL) return NULL;
        par_worker_self = &worker->forks.view;
    }
    if (worker->index == 0 && worker->calls == 0) {
        par__pool_ensure_started(worker->pool);
        worker->forks.has_thieves = load_acquire(&worker->pool->n_own) != 0; /* order: G2 */
    }
    return worker;
}

void par__worker_leave(par__worker_t *worker)
{
    if (--worker->calls == 0 && worker->index == 0) par__forks_rest(&worker->forks);
}

/* The record as which this thread enters the pool, NULL if it gets none. */
static par__worker_t *guest_for(par_pool_t *pool)
{
    if (pool == par__pool_default()) return default_guest_get();
    return par__pool_admit(pool);
}

void par_pool_run(par_pool_t *pool, par_task_fn *fn, void *ctx)
{
    PAR__MISUSE(fn != NULL, "the function is NULL; pass what shall run in the pool");
    if (pool == NULL) pool = par__pool_default();
    par__worker_t *worker = par__worker_current();
    if (worker != NULL && worker->pool == pool) {
        par__worker_enter();
        worker->calls++;
        fn(ctx);
        par__worker_leave(worker);
        return;
    }
    par_worker_t *before = par_worker_self;
    par__worker_t *guest = guest_for(pool);
    if (guest == NULL) {
        par_worker_self = &serial;
        fn(ctx);
    } else {
        par_worker_self = &guest->forks.view;
        par__worker_enter();
        guest->calls++;
        fn(ctx);
        par__worker_leave(guest);
        if (guest != default_guest) par__pool_release(guest);
    }
    par_worker_self = before;
}

unsigned par_worker_index(void)
{
    par__worker_t *worker = par__worker_current();
    return worker == NULL ? 0 : worker->index;
}

unsigned par_num_workers(void)
{
    par__worker_t *worker = par__worker_current();
    if (worker == NULL && par_worker_self == &serial) return 1;
    return par_pool_num_workers(worker == NULL ? NULL : worker->pool);
}
