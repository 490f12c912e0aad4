/* fixture.c - see fixture.h; and what guest.c and start.c do in the library. */
#include "fixture.h"

#include "seat.h"

par_pool_t fixture_pool;
static unsigned n_workers;
static const unsigned victims[] = {1, 2, 3, 4};

__thread par_worker_t *par_worker_self;

void fixture_begin(unsigned n)
{
    par_pool_t *pool = &fixture_pool;
    n_workers = n;
    model_thread_local((void **)&par_worker_self);
    par__sleep_init(&pool->sleep);
    par__sleep_limit(&pool->sleep, n + 1, n + 1);
    par__injector_init(&pool->injector);
    for (unsigned i = 0; i < PAR__JOB_PILE; i++)
        store_relaxed(&pool->pile.chains[i], NULL); /* order: none, not shared */
    store_relaxed(&pool->stop, false);
    store_relaxed(&pool->n_own, n);
    store_relaxed(&pool->n_own_ever, n);
    store_relaxed(&pool->n_guests, 0U);
    for (uint32_t i = 1; i <= n; i++) {
        par__worker_t *worker = par__worker_new(pool, i, i);
        worker->victims = victims;
        worker->n_victims = n;
        store_relaxed(&pool->own[i], worker);
    }
    model_name(&pool->sleep.counts, "counts");
    model_name(&pool->sleep.mask[0], "mask");
    model_name(&pool->injector.count, "injector.count");
    model_name(&pool->stop, "stop");
}

/* Where threads run is not modelled. */
void par__seat_watch(par__worker_t *guest)
{
    (void)guest;
}

bool par__seat_look(par__loan_t *loan, par__worker_t *thief)
{
    (void)loan, (void)thief;
    return false;
}

void par__seat_lend(par__loan_t *loan)
{
    (void)loan;
}

void par__seat_return(par__loan_t *loan)
{
    (void)loan;
}

void par__seat_forget(par__loan_t *loan)
{
    (void)loan;
}

par__worker_t *fixture_worker(unsigned i)
{
    return (par__worker_t *)fixture_pool.own[i];
}

par__worker_t *fixture_enter(void)
{
    par__worker_t *worker = fixture_worker(model_self());
    par_worker_self = &worker->forks.view;
    return worker;
}

void fixture_stop(void)
{
    store_release(&fixture_pool.stop, true);
    for (unsigned i = 1; i <= n_workers; i++)
        par__parker_unpark(&fixture_worker(i)->parker);
}

void fixture_push(par__forks_t *forks, uintptr_t what)
{
    par_slot_t *slot = forks->view.head;
    bool is_fast = (uintptr_t)slot < view_load_relaxed(&forks->view.limit);
    slot->u.ctx = (void *)what;
    forks->view.head = slot + 1;
    if (!is_fast) par__forks_publish_half(forks);
}

bool fixture_pop(par__forks_t *forks)
{
    par_slot_t *slot = forks->view.head - 1;
    if ((uintptr_t)slot >= view_load_relaxed(&forks->view.floor)) {
        forks->view.head = slot;
        return true;
    }
    if (par__forks_take(forks, slot)) return true;
    while (!par__latch_is_done(slot))
        model_yield();
    par__forks_forget(forks, slot);
    return false;
}

/* ---- in place of guest.c and start.c: every thread is a worker from its beginning ---- */

par__worker_t *par__worker_current(void)
{
    return (par__worker_t *)par_worker_self;
}

par__worker_t *par__worker_enter(void)
{
    return par__worker_current();
}

void par__worker_leave(par__worker_t *worker)
{
    worker->calls--;
}

void par__worker_claim(par__worker_t *worker)
{
    worker->thread_id = worker;
}
