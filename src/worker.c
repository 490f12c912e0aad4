/* worker.c - finding work, running it, and what a pool's own thread does all day. */
#include "worker.h"

#include <stdlib.h>
#include <string.h>

#include "latch.h"
#include "pool.h"
#include "scope.h"
#include "seat.h"

par__worker_t *par__worker_new(par_pool_t *pool, uint32_t id, unsigned index)
{
    par__worker_t *worker = aligned_alloc(PAR__CACHELINE, sizeof *worker);
    if (worker == NULL) return NULL;
    memset(worker, 0, sizeof *worker);
    par__forks_init(&worker->forks);
    par__deque_init(&worker->jobs);
    worker->pool = pool;
    worker->id = id;
    worker->index = index;
    store_relaxed(&worker->seat, (int)PAR__SEAT_NONE); /* order: none, not shared */
    worker->cache.pile = &pool->pile;
    return worker;
}

void par__worker_delete(par__worker_t *worker)
{
    if (worker == NULL) return;
    par__forks_destroy(&worker->forks);
    par__deque_destroy(&worker->jobs);
    par__job_cache_clear(&worker->cache);
    free(worker);
}

void par__worker_notify(par__worker_t *worker)
{
    if (par__pool_wake_one(worker->pool, worker->id)) par__worker_count(worker, wakes);
    uint32_t waiter = load_seq_cst(&worker->waiter); /* order: W1 */
    if (waiter != 0) par__parker_unpark(&par__pool_worker(worker->pool, waiter - 1)->parker);
}

void par__worker_published(par__worker_t *worker)
{
    par__worker_count(worker, published);
    par__worker_notify(worker);
    par__seat_watch(worker);
    /* Thieves take some time to wake up. Until there is a slot for each of them the next push must
     * be public too: the owner may be about to run something long. */
    if (par__sleep_n_idle(&worker->pool->sleep) > par__forks_n_public(&worker->forks))
        par__forks_stay_asked(&worker->forks);
}

void par__worker_offer(par__worker_t *worker)
{
    if (!worker->forks.has_thieves)
        par__forks_run_alone(&worker->forks);
    else if (par__forks_publish_half(&worker->forks))
        par__worker_published(worker);
}

void par__worker_run_slot(par__worker_t *worker, par__worker_t *victim, par_slot_t *slot)
{
    uint32_t base = par__forks_depth(&worker->forks);
    par__scope_settle(worker);
    if (par__latch_take(slot, worker->id, base)) par__parker_unpark(&victim->parker);
    worker->forks.view.stolen = slot; /* read by the function itself, before anything else is run */
    slot->fn(slot->u.ctx);
    PAR__MISUSE_UNSYNCED(par__forks_depth(&worker->forks) == base);
    par__forks_end_stolen(&worker->forks);
    if (par__latch_set(slot)) par__parker_unpark(&victim->parker);
}

void par__worker_run_job(par__worker_t *worker, par__job_t *job)
{
    par_scope_t *scope = job->scope;
    const par_scope_t *outer = load_relaxed(&worker->tag); /* order: W2, our own */
    uint32_t outer_base = load_relaxed(&worker->tag_base); /* order: W2, our own */
    uint32_t base = par__forks_depth(&worker->forks);
    if (worker->credit_scope != scope) par__scope_settle(worker);
    bool published = par__forks_watch(&worker->forks, false);
    job->next = worker->running;
    worker->running = job;
    store_release(&worker->tag_base, base);  /* order: W2 */
    store_release(&worker->tag, job->scope); /* order: W2 */

    job->fn(job->ctx);

    PAR__MISUSE_UNSYNCED(par__forks_depth(&worker->forks) == base);
    store_release(&worker->tag, NULL); /* order: W2, before the epoch; what is below, after it */
    if (par__forks_watch(&worker->forks, published) || outer != NULL) {
        worker->forks.has_published = true; /* for the job around this one */
        par__forks_end_stolen(&worker->forks);
        store_release(&worker->tag_base, outer_base); /* order: W2 */
        store_release(&worker->tag, outer);           /* order: W2 */
    }
    worker->running = job->next;
    par__job_free(&worker->cache, job);
    par__scope_count_done(scope, worker);
}

/* ---- finding ---- */

enum {
    MAX_BATCH = 32, /* jobs that a thief takes beside the one it runs at once */
    N_REST = 64     /* pauses, a microsecond or two, after the victim's last job */
};

/* What a thief brought home: a slot of the victim, or a job. */
typedef struct loot_t {
    par__worker_t *victim;
    par_slot_t *slot;
    par__job_t *job;
} loot_t;

static par__steal_t rob_forks(par__worker_t *victim, loot_t *loot)
{
    uint64_t word = par__forks_look(&victim->forks);
    if (!par__forks_offers(word, 0)) return PAR__STEAL_EMPTY;
    return par__forks_steal(&victim->forks, word, &loot->slot);
}

/* More jobs of the same scope come along, at most half of those that are left: searching and counting
 * (C4) then happen once a batch. The job in hand keeps the scope alive. */
static void rob_more(par__worker_t *worker, par__worker_t *victim, const par__job_t *job)
{
    par_scope_t *scope = job->scope;
    par__job_t *more;
    unsigned n = 0;
    int64_t left = par__deque_n_jobs(&victim->jobs);
    int64_t most = left / 2;
    worker->took_last = left <= 0;
    while (n < MAX_BATCH && n < most &&
           par__deque_steal(&victim->jobs, scope, &more) == PAR__STEAL_OK) {
        n++;
        if (par__deque_push(&worker->jobs, more)) continue;
        par__worker_hand_over(worker, more);
        break;
    }
    if (n == 0) return;
    par__worker_notify(worker);
    par__scope_notify(scope, worker);
}

/* Forks first: they are what a join waits for. */
static bool rob(par__worker_t *worker, par__worker_t *victim, loot_t *loot)
{
    par__steal_t result;
    if (victim == NULL || victim == worker) return false;
    par__worker_count(worker, tries);
    loot->victim = victim;
    do {
        result = rob_forks(victim, loot);
        if (result == PAR__STEAL_EMPTY) result = par__deque_steal(&victim->jobs, NULL, &loot->job);
    } while (result == PAR__STEAL_RETRY);
    if (result == PAR__STEAL_EMPTY) return false;
    par__worker_count(worker, steals);
    if (loot->job != NULL) rob_more(worker, victim, loot->job);
    return true;
}

static bool rob_guests(par__worker_t *worker, loot_t *loot)
{
    par_pool_t *pool = worker->pool;
    unsigned n = load_acquire(&pool->n_guests); /* order: G1 */
    for (unsigned i = 0; i < n; i++) {
        unsigned g = (worker->rotor + i) % n;
        par__worker_t *guest = load_acquire(&pool->guests[g]); /* order: G1 */
        if (rob(worker, guest, loot)) {
            worker->rotor = g;
            return true;
        }
    }
    worker->rotor++;
    return false;
}

/* Our last robbery left nothing: let the victim make some jobs in peace, so that the next one is a
 * batch. Nobody waits for us, as we hold no job, and after a long one the pause does not show. */
static void rest(par__worker_t *worker)
{
    par_pool_t *pool = worker->pool;
    worker->took_last = false;
    if (load_relaxed(&pool->spin_ns) == 0 || load_relaxed(&pool->is_crowded)) /* order: hints */
        return;
    for (unsigned i = 0; i < N_REST; i++)
        par__cpu_relax();
}

/* Own jobs, then the victims near to far (0 stands for the callers), then the injector. */
static bool find(par__worker_t *worker, loot_t *loot)
{
    par_pool_t *pool = worker->pool;
    *loot = (loot_t){0};
    loot->job = par__deque_take(&worker->jobs, INT64_MIN);
    if (loot->job != NULL) return true;
    par__scope_settle(worker);
    if (worker->took_last) rest(worker);
    for (unsigned i = 0; i < worker->n_victims; i++) {
        unsigned v = worker->victims[i];
        if (v == 0 ? rob_guests(worker, loot) : rob(worker, par__pool_worker(pool, v), loot))
            return true;
    }
    loot->job = par__injector_take(&pool->injector, NULL);
    return loot->job != NULL;
}

static void loot_run(par__worker_t *worker, const loot_t *loot)
{
    if (loot->slot != NULL)
        par__worker_run_slot(worker, loot->victim, loot->slot);
    else
        par__worker_run_job(worker, loot->job);
}

void par__worker_hand_over(par__worker_t *worker, par__job_t *job)
{
    par__worker_t *opener = par__scope_of(job->scope)->owner; /* before somebody can finish it */
    par_pool_t *pool = opener->pool;
    par__injector_push(&pool->injector, job);
    if (par__pool_wake_one(pool, 0)) par__worker_count(worker, wakes);
    if (opener != worker) par__parker_unpark(&opener->parker);
}

void par__worker_give_up_jobs(par__worker_t *worker)
{
    par__job_t *job;
    par__steal_t result;
    while ((result = par__deque_steal(&worker->jobs, NULL, &job)) != PAR__STEAL_EMPTY)
        if (result == PAR__STEAL_OK) par__worker_hand_over(worker, job);
}

/* ---- the life of an own thread ---- */

static bool must_end(par__worker_t *worker)
{
    return load_acquire(&worker->pool->stop) ||            /* order: P1, G2 */
           worker->generation != worker->pool->generation; /* only a fork changes it under us */
}

static bool search(par__worker_t *worker, loot_t *loot)
{
    par__spin_t spin = par__pool_spin(worker->pool);
    do {
        if (find(worker, loot)) return true;
    } while (!must_end(worker) && par__spin_step(&spin));
    return false;
}

/* Sleeps until somebody chooses this worker; it counts as searching then. */
static void fall_asleep(par__worker_t *worker, bool was_searching)
{
    par__sleep_t *sleep = &worker->pool->sleep;
    par__sleep_announce(sleep, worker->id, was_searching);
    if (par__pool_has_work(worker->pool) && par__sleep_cancel(sleep, worker->id)) return;
    while (!must_end(worker) && !par__sleep_was_chosen(sleep, worker->id)) {
        par__worker_count(worker, sleeps);
        par__parker_park(&worker->parker);
    }
    /* At the end nothing of this thread may stay in the counts: callers go on while the pool stops
     * and starts again, and would wait in mask_pick for a sleeper that does not exist. */
    while (!par__sleep_was_chosen(sleep, worker->id) && !par__sleep_cancel(sleep, worker->id))
        par__os_yield();
}

static void idle(par__worker_t *worker)
{
    par_pool_t *pool = worker->pool;
    loot_t loot;
    bool searching = par__sleep_search(&pool->sleep);
    while (!must_end(worker)) {
        if (searching && search(worker, &loot)) {
            par__sleep_found(&pool->sleep);
            if (par__pool_wake_one(pool, worker->id)) par__worker_count(worker, wakes);
            loot_run(worker, &loot);
            return;
        }
        fall_asleep(worker, searching);
        searching = true;
    }
    if (searching) par__sleep_found(&pool->sleep);
}

void par__worker_main(par__worker_t *worker)
{
    loot_t loot;
    while (!must_end(worker)) {
        if (find(worker, &loot))
            loot_run(worker, &loot);
        else
            idle(worker);
    }
    par__scope_settle(worker);
    par__worker_give_up_jobs(worker);
}
