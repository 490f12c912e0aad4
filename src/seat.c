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
