/* pool.c - the table of workers and who is woken; start.c starts and stops the threads. */
#include "pool.h"

par__worker_t *par__pool_worker(par_pool_t *pool, uint32_t id)
{
    if (id < PAR__MAX_THREADS) return load_acquire(&pool->own[id]); /* order: G1 */
    return load_acquire(&pool->guests[id - PAR__MAX_THREADS]);      /* order: G1 */
}

/* ---- guests ---- */

/* A record that nobody uses, or a new one at the end of the table; under the pool's mutex. */
static par__worker_t *guest_pick(par_pool_t *pool)
{
    uint32_t n = load_relaxed(&pool->n_guests); /* order: none, written under mutex */
    for (uint32_t i = 0; i < n; i++) {
        par__worker_t *guest = load_relaxed(&pool->guests[i]); /* order: none, under mutex */
        if (!guest->in_use) return guest;
    }
    if (n == PAR__MAX_GUESTS) return NULL;
    par__worker_t *guest = par__worker_new(pool, PAR__MAX_THREADS + n, 0);
    if (guest == NULL) return NULL;
    store_release(&pool->guests[n], guest); /* order: G1 */
    store_release(&pool->n_guests, n + 1);  /* order: G1 */
    return guest;
}

par__worker_t *par__pool_admit(par_pool_t *pool)
{
    pthread_mutex_lock(&pool->mutex);
    par__worker_t *guest = guest_pick(pool);
    if (guest != NULL) {
        guest->in_use = true;
        par__worker_claim(guest);
    }
    pthread_mutex_unlock(&pool->mutex);
    return guest;
}

void par__pool_release(par__worker_t *guest)
{
    par_pool_t *pool = guest->pool;
    par__worker_give_up_jobs(guest); /* spawned into a scope of somebody who still waits for them */
    par__job_cache_clear(&guest->cache);
    pthread_mutex_lock(&pool->mutex);
    guest->in_use = false;
    guest->thread_id = NULL;
    pthread_mutex_unlock(&pool->mutex);
}

/* ---- looking around ---- */

bool par__pool_any_worker(par_pool_t *pool,
                          const par__worker_t *self,
                          bool (*look)(par__worker_t *worker, void *arg),
                          void *arg)
{
    uint32_t n_own = load_acquire(&pool->n_own_ever); /* order: G1 */
    for (uint32_t i = 1; i <= n_own; i++) {
        par__worker_t *worker = load_acquire(&pool->own[i]); /* order: G1 */
        if (worker != NULL && worker != self && look(worker, arg)) return true;
    }
    uint32_t n_guests = load_acquire(&pool->n_guests); /* order: G1 */
    for (uint32_t i = 0; i < n_guests; i++) {
        par__worker_t *worker = load_acquire(&pool->guests[i]); /* order: G1 */
        if (worker != self && look(worker, arg)) return true;
    }
    return false;
}

static bool worker_has_work(par__worker_t *worker, void *arg)
{
    (void)arg;
    return par__forks_has_public(&worker->forks) || par__deque_has_jobs(&worker->jobs);
}

bool par__pool_has_work(par_pool_t *pool)
{
    return par__injector_has_jobs(&pool->injector) ||
           par__pool_any_worker(pool, NULL, worker_has_work, NULL);
}

par__spin_t par__pool_spin(par_pool_t *pool)
{
    int64_t spin_ns = load_relaxed(&pool->spin_ns);    /* order: none, a hint */
    bool is_crowded = load_relaxed(&pool->is_crowded); /* order: none, a hint */
    return par__spin_start(spin_ns, is_crowded);
}

bool par__pool_wake_one(par_pool_t *pool, uint32_t near)
{
    int id = par__sleep_choose(&pool->sleep, near);
    if (id < 0) return false;
    par__parker_unpark(&par__pool_worker(pool, (uint32_t)id)->parker);
    return true;
}
