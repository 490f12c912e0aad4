/* guest.c - which worker this thread is, and how a thread from outside becomes one.
 *
 * A thread that makes its first parallel call gets a record in the default pool's table and keeps it
 * until it ends, so that the next call finds it with one load. At rest the record asks (limit is 0),
 * so the first fork of each outermost call takes the slow path and sees what has changed meanwhile:
 * the pool was shut down, the process forked. */
#include <pthread.h>

#include "check.h"
#include "pool.h"
#include "seat.h"

/* Stand-ins, never written: every fork and every join of a typed task takes the slow path. */
static par_slot_t no_slot;
static par_worker_t outside = {.head = &no_slot, .limit = 0, .floor = UINTPTR_MAX, .end = &no_slot};
static par_worker_t serial = {.head = &no_slot, .limit = 0, .floor = UINTPTR_MAX, .end = &no_slot};

__thread par_worker_t *par_worker_self = &outside;

/* This thread's record in the default pool; it may be in another pool just now. */
static __thread par__worker_t *default_guest;

/* This thread's record if it is a thread of a pool. */
static __thread par__worker_t *own_worker;

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
    if (par__worker_is_at_rest(worker)) {
        par__pool_ensure_started(worker->pool);
        par__seat_begin(worker);
        worker->forks.has_thieves = load_acquire(&worker->pool->n_own) != 0; /* order: G2 */
    }
    return worker;
}

void par__worker_leave(par__worker_t *worker)
{
    worker->calls--;
    if (par__worker_is_at_rest(worker)) par__forks_rest(&worker->forks);
}

/* One par_pool_run on this thread's stack, for going back into a pool that it is in already: A, from
 * there B, from there A again uses the same worker of A, so that its index stays unique. */
typedef struct entry_t {
    par__worker_t *worker;
    const struct entry_t *outer;
} entry_t;

static __thread const entry_t *innermost;

void par__worker_adopt(par__worker_t *worker)
{
    par_worker_self = &worker->forks.view;
    own_worker = worker;
    par__worker_claim(worker);
}

/* The worker that this thread is in the pool already, NULL if none. */
static par__worker_t *worker_in(const par_pool_t *pool)
{
    if (own_worker != NULL && own_worker->pool == pool) return own_worker;
    for (const entry_t *entry = innermost; entry != NULL; entry = entry->outer)
        if (entry->worker->pool == pool) return entry->worker;
    return pool == par__pool_default() ? default_guest_get() : NULL;
}

static void run_as(par__worker_t *worker, par_task_fn *fn, void *ctx)
{
    const entry_t entry = {worker, innermost};
    par_worker_t *before = par_worker_self;
    par_worker_self = &worker->forks.view;
    innermost = &entry;
    par__worker_enter();
    worker->calls++;
    fn(ctx);
    par__worker_leave(worker);
    innermost = entry.outer;
    par_worker_self = before;
}

static void run_serially(par_task_fn *fn, void *ctx)
{
    par_worker_t *before = par_worker_self;
    par_worker_self = &serial;
    fn(ctx);
    par_worker_self = before;
}

void par_run_alone(par_task_fn *fn, void *ctx)
{
    PAR__MISUSE(fn != NULL, "the function is NULL; pass what shall run alone");
    run_serially(fn, ctx);
}

const void *par_pool_id(void)
{
    par__worker_t *worker = par__worker_current();
    if (worker != NULL) return worker->pool;
    return par_worker_self == &serial ? &serial : NULL;
}

void par_pool_run(par_pool_t *pool, par_task_fn *fn, void *ctx)
{
    PAR__MISUSE_NO_POOL(pool);
    PAR__MISUSE(fn != NULL, "the function is NULL; pass what shall run in the pool");
    if (pool == NULL) pool = par__pool_default();
    par__worker_t *worker = worker_in(pool);
    if (worker != NULL) {
        run_as(worker, fn, ctx);
        return;
    }
    worker = par__pool_admit(pool);
    if (worker == NULL) {
        run_serially(fn, ctx);
        return;
    }
    run_as(worker, fn, ctx);
    par__pool_release(worker);
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
