/* seat.c - see seat.h. */
#include "seat.h"

#include "os.h"
#include "pool.h"

/* How long a call lasts before it looks, and until it looks again. */
enum { PATIENCE_NS = 500 * 1000 };

void par__seat_open(par_pool_t *pool)
{
    int free_seat = pool->plan.may_move ? pool->plan.caller_place : PAR__SEAT_NONE;
    store_relaxed(&pool->free_seat, free_seat); /* order: none, a hint */
}

void par__seat_take(par__worker_t *worker, int pu)
{
    par__os_thread_self(&worker->seated);
    store_relaxed(&worker->seat, pu); /* order: none, under mutex */
}

void par__seat_leave(par__worker_t *worker)
{
    store_relaxed(&worker->seat, PAR__SEAT_NONE); /* order: none, under mutex */
}

static par__worker_t *seated_at(par_pool_t *pool, int pu)
{
    uint32_t n_own = load_acquire(&pool->n_own); /* order: G2 */
    for (uint32_t i = 1; i <= n_own; i++) {
        par__worker_t *worker = par__pool_worker(pool, i);
        if (worker != NULL && load_relaxed(&worker->seat) == pu)
            return worker; /* order: none, a hint */
    }
    return NULL;
}

/* From pu to the free place, and pu is free then. */
static void send_away(par_pool_t *pool, par__worker_t *worker, int pu)
{
    pthread_mutex_lock(&pool->mutex);
    int free_seat = load_relaxed(&pool->free_seat); /* order: none, written under mutex or life */
    bool is_there = load_relaxed(&worker->seat) == pu; /* order: none, under mutex */
    if (is_there && free_seat >= 0 && par__os_bind(&worker->seated, free_seat) == PAR_OK) {
        store_relaxed(&worker->seat, free_seat); /* order: none, under mutex */
        store_relaxed(&pool->free_seat, pu);     /* order: none, under mutex */
    }
    pthread_mutex_unlock(&pool->mutex);
}

void par__seat_begin(par__worker_t *guest)
{
    guest->look_ns = 0;
}

void par__seat_watch(par__worker_t *guest)
{
    par_pool_t *pool = guest->pool;
    int free_seat = load_relaxed(&pool->free_seat); /* order: none, a hint */
    if (guest->index != 0 || free_seat < 0) return;
    int pu = par__os_current_pu();
    if (pu == free_seat) return; /* as a rule, and the clock is dear after a pause (sleep.md) */
    int64_t now = par__os_now_ns();
    bool is_first = guest->look_ns == 0;
    if (!is_first && now < guest->look_ns) return;
    guest->look_ns = now + PATIENCE_NS;
    if (is_first) return;
    par__worker_t *squeezed = seated_at(pool, pu);
    if (squeezed != NULL) send_away(pool, squeezed, pu);
}

/* ---- lending ---- */

/* How long a thread has run that has a seat; -1: it has none, or that is unknown. */
static int64_t ran_ns(par__worker_t *worker)
{
    int64_t ran = -1;
    pthread_mutex_lock(&worker->pool->mutex);
    bool is_seated = load_relaxed(&worker->seat) >= 0; /* order: none, under mutex */
    if (is_seated) ran = par__os_ran_ns(&worker->seated);
    pthread_mutex_unlock(&worker->pool->mutex);
    return ran;
}

/* pu < 0: to its seat. */
static bool send_to(par__worker_t *worker, int pu)
{
    pthread_mutex_lock(&worker->pool->mutex);
    int seat = load_relaxed(&worker->seat); /* order: none, under mutex */
    bool is_sent = seat >= 0 && par__os_bind(&worker->seated, pu < 0 ? seat : pu) == PAR_OK;
    pthread_mutex_unlock(&worker->pool->mutex);
    return is_sent;
}

bool par__seat_look(par__loan_t *loan, par__worker_t *thief)
{
    if (loan->thief == thief) return false;
    if (load_relaxed(&thief->pool->free_seat) < 0) return false; /* order: none, a hint */
    if (load_relaxed(&thief->seat) < 0) return false;            /* order: none, a hint */
    loan->thief = thief;
    loan->ran_ns = ran_ns(thief);
    return loan->ran_ns >= 0;
}

void par__seat_lend(par__loan_t *loan)
{
    if (loan->thief == NULL || loan->ran_ns < 0 || ran_ns(loan->thief) != loan->ran_ns) return;
    int pu = par__os_current_pu();
    loan->is_lent = pu >= 0 && send_to(loan->thief, pu);
    loan->was_lent |= loan->is_lent;
}

void par__seat_return(par__loan_t *loan)
{
    if (loan->is_lent) send_to(loan->thief, PAR__SEAT_NONE);
    par__seat_forget(loan);
}

void par__seat_forget(par__loan_t *loan)
{
    loan->is_lent = false;
    loan->thief = NULL;
}
