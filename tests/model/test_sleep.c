/* test_sleep.c - who sleeps and who is woken: sleep.h S1 to S3, and the idle loop of worker.c with
 * real workers. A lost wake-up is a deadlock here. */
#include "fixture.h"

/* ---- the protocol alone: a queue that is a number ---- */

static par__sleep_t *sleeping;
static par__parker_t *parkers;
static _Atomic(uint32_t) queue;
static uint32_t n_workers;

static void begin_with(uint32_t n)
{
    n_workers = n;
    sleeping = model_aligned_alloc(128, sizeof *sleeping);
    parkers = model_aligned_alloc(128, n * sizeof *parkers);
    par__sleep_init(sleeping);
    par__sleep_limit(sleeping, n, n);
    for (uint32_t i = 0; i < n; i++)
        store_relaxed(&parkers[i].word, 0U);
    store_relaxed(&queue, 0U);
    model_name(&sleeping->counts, "counts");
    model_name(&sleeping->mask[0], "mask");
    model_name(&queue, "queue");
    model_name(&parkers[0].word, "parker0");
    if (n > 1) model_name(&parkers[1].word, "parker1");
}

static void begin_1(void)
{
    begin_with(1);
}

static void begin_2(void)
{
    begin_with(2);
}

static void begin_2_searching(void)
{
    begin_with(2);
    store_relaxed(&sleeping->max_searching, 2U);
}

static bool queue_take(void)
{
    uint32_t n = load_relaxed(&queue);
    while (n != 0)
        if (cas_acq_rel(&queue, &n, n - 1)) return true;
    return false;
}

static void wake_one(uint32_t near)
{
    int id = par__sleep_choose(sleeping, near);
    if (id >= 0) par__parker_unpark(&parkers[id]);
}

/* As fall_asleep in worker.c. */
static void fall_asleep(uint32_t id, bool was_searching)
{
    par__sleep_announce(sleeping, id, was_searching);
    if (load_seq_cst(&queue) != 0 && par__sleep_cancel(sleeping, id)) return;
    while (!par__sleep_was_chosen(sleeping, id))
        par__parker_park(&parkers[id]);
}

/* As idle in worker.c: takes one and is done, so that as many must come as there are workers. */
static void worker(void)
{
    uint32_t id = model_self() - 1;
    bool searching = par__sleep_search(sleeping);
    while (!(searching && queue_take())) {
        fall_asleep(id, searching);
        searching = true;
    }
    par__sleep_found(sleeping);
    wake_one(id);
}

static void submit(void)
{
    add_seq_cst(&queue, 1U);
    wake_one(0);
}

static void submit_two(void)
{
    submit();
    submit();
}

/* As a publish that makes two things visible at once: the chain of wake-ups does the rest. */
static void submit_two_at_once(void)
{
    add_seq_cst(&queue, 2U);
    wake_one(1);
}

static void all_at_rest(void)
{
    MODEL_CHECK(sleeping->counts == 0);
    MODEL_CHECK(sleeping->mask[0] == 0);
    MODEL_CHECK(queue == 0);
}

/* A permission always finds a bit: two who choose, two who cancel. As every searcher that has found
 * something, whoever goes on wakes the next one. */
static void announce_and_cancel(void)
{
    uint32_t id = model_self() - 1;
    par__sleep_announce(sleeping, id, false);
    if (!par__sleep_cancel(sleeping, id))
        while (!par__sleep_was_chosen(sleeping, id))
            par__parker_park(&parkers[id]);
    par__sleep_found(sleeping);
    wake_one(id);
}

static void choose_once(void)
{
    wake_one(0);
}

static void nobody_left(void)
{
    MODEL_CHECK(sleeping->counts == 0);
    MODEL_CHECK(sleeping->mask[0] == 0);
}

/* At most max_searching search. */
static _Atomic(uint32_t) n_searching;
static void begin_search(void)
{
    begin_with(2);
    store_relaxed(&n_searching, 0U);
}
static void search_only(void)
{
    if (!par__sleep_search(sleeping)) return;
    MODEL_CHECK(add_relaxed(&n_searching, 1U) == 0);
    add_relaxed(&n_searching, -1U);
    par__sleep_found(sleeping);
}

/* ---- real workers, jobs through the injector ---- */

static uint32_t ran[4];
static _Atomic(uint32_t) n_ran;
static uint32_t n_jobs;
static par__job_t *jobs[4];
static par__scope_t *scope;

static void job_runs(void *ctx)
{
    ran[(uintptr_t)ctx]++;
    if (add_seq_cst(&n_ran, 1U) + 1 == n_jobs) fixture_stop();
}

/* Each waits for the other: both workers must be awake. */
static void job_meets(void *ctx)
{
    add_seq_cst(&n_ran, 1U);
    while (load_acquire(&n_ran) < 2)
        model_yield();
    ran[(uintptr_t)ctx]++;
    if (add_seq_cst(&n_ran, 1U) + 1 == 4) fixture_stop();
}

static void begin_workers(unsigned n, uint32_t n_jobs_to_come)
{
    fixture_begin(n);
    n_jobs = n_jobs_to_come;
    store_relaxed(&n_ran, 0U);
    scope = model_aligned_alloc(128, sizeof(par_scope_t));
    *scope = (par__scope_t){.owner = par__worker_new(&fixture_pool, 5, 5)};
    store_relaxed(&scope->state, (int64_t)n_jobs * PAR__SCOPE_JOB);
    for (uint32_t i = 0; i < n_jobs; i++) {
        ran[i] = 0;
        jobs[i] = par__job_new(&scope->owner->cache, (par_scope_t *)scope, job_runs, 0);
        jobs[i]->ctx = (void *)(uintptr_t)i;
    }
}

static void begin_one_worker(void)
{
    begin_workers(1, 1);
}

static void begin_one_worker_two_jobs(void)
{
    begin_workers(1, 2);
}

static void begin_two_workers(void)
{
    begin_workers(2, 1);
}

static void begin_two_workers_two_jobs(void)
{
    begin_workers(2, 2);
}

static void begin_meeting(void)
{
    begin_workers(2, 2);
    jobs[0]->fn = jobs[1]->fn = job_meets;
}

static void real_worker(void)
{
    par__worker_main(fixture_enter());
}

static void hand_over_all(void)
{
    for (uint32_t i = 0; i < n_jobs; i++)
        par__worker_hand_over(scope->owner, jobs[i]);
}

static void hand_over_0(void)
{
    par__worker_hand_over(scope->owner, jobs[0]);
}

static void hand_over_1(void)
{
    par__worker_hand_over(scope->owner, jobs[1]);
}

static void all_ran(void)
{
    for (uint32_t i = 0; i < n_jobs; i++)
        MODEL_CHECK(ran[i] == 1);
    MODEL_CHECK(scope->state == 0);
}

const model_test_t tests_sleep[] = {
    {"sleep_1_worker", begin_1, {worker, submit}, all_at_rest, BOUND(6, 3, 0, 1, 0), 0, 0},
    {"sleep_2_workers",
     begin_2,
     {worker, worker, submit_two},
     all_at_rest,
     BOUND(4, 1, 0, 0, 0),
     0,
     0},
    {"sleep_2_workers_spurious",
     begin_2,
     {worker, worker, submit_two},
     all_at_rest,
     BOUND(3, 1, 0, 1, 0),
     0,
     0},
    {"sleep_2_workers_searching",
     begin_2_searching,
     {worker, worker, submit_two},
     all_at_rest,
     BOUND(3, 1, 0, 0, 0),
     0,
     0},
    {"sleep_2_submitters",
     begin_2,
     {worker, worker, submit, submit},
     all_at_rest,
     BOUND(3, 1, 0, 0, 0),
     0,
     0},
    {"sleep_chain",
     begin_2,
     {worker, worker, submit_two_at_once},
     all_at_rest,
     BOUND(3, 1, 0, 0, 0),
     0,
     0},
    {"sleep_chain_spurious",
     begin_2,
     {worker, worker, submit_two_at_once},
     all_at_rest,
     BOUND(3, 0, 0, 1, 0),
     0,
     0},
    {"sleep_permission",
     begin_2,
     {announce_and_cancel, announce_and_cancel, choose_once},
     nobody_left,
     BOUND(3, 1, 0, 0, 0),
     0,
     0},
    {"sleep_permission_2_choose",
     begin_2,
     {announce_and_cancel, announce_and_cancel, choose_once, choose_once},
     nobody_left,
     BOUND(3, 0, 0, 0, 0),
     0,
     0},
    {"sleep_searchers",
     begin_search,
     {search_only, search_only},
     nobody_left,
     BOUND(5, 3, 0, 0, 0),
     0,
     0},
    {"sleep_pool_1_worker",
     begin_one_worker,
     {real_worker, hand_over_all},
     all_ran,
     BOUND(3, 1, 0, 1, 0),
     0,
     0},
    {"sleep_pool_1_worker_2_jobs",
     begin_one_worker_two_jobs,
     {real_worker, hand_over_all},
     all_ran,
     BOUND(4, 2, 0, 1, 0),
     0,
     0},
    {"sleep_pool_1_worker_2_submitters",
     begin_one_worker_two_jobs,
     {real_worker, hand_over_0, hand_over_1},
     all_ran,
     BOUND(3, 1, 0, 0, 0),
     0,
     0},
    {"sleep_pool_2_workers",
     begin_two_workers,
     {real_worker, real_worker, hand_over_all},
     all_ran,
     BOUND(3, 0, 0, 0, 0),
     0,
     0},
    {"sleep_pool_2_jobs",
     begin_two_workers_two_jobs,
     {real_worker, real_worker, hand_over_all},
     all_ran,
     BOUND(3, 1, 0, 0, 0),
     0,
     0},
    {"sleep_pool_2_submitters",
     begin_two_workers_two_jobs,
     {real_worker, real_worker, hand_over_0, hand_over_1},
     all_ran,
     BOUND(2, 0, 0, 0, 0),
     0,
     0},
    {"sleep_pool_meet",
     begin_meeting,
     {real_worker, real_worker, hand_over_all},
     all_ran,
     BOUND(3, 0, 0, 0, 0),
     0,
     0},
    {"sleep_pool_meet_spurious",
     begin_meeting,
     {real_worker, real_worker, hand_over_all},
     all_ran,
     BOUND(3, 0, 0, 1, 0),
     0,
     0},
    {0},
};
