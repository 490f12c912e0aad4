/* test_queue.c - the injector, and the count-down of a scope: injector.h I1, I2; scope.h C1 to C3. */
#include "fixture.h"

enum { JOBS = 4 };

static par__injector_t *injector;
static par__job_t *jobs[JOBS];
static uint32_t taken[JOBS];
static par_scope_t two_scopes[2];

static void begin(void)
{
    injector = model_aligned_alloc(64, sizeof *injector);
    par__injector_init(injector);
    for (uintptr_t i = 0; i < JOBS; i++) {
        jobs[i] = model_malloc(sizeof *jobs[i]);
        jobs[i]->ctx = (void *)i;
        jobs[i]->scope = &two_scopes[i % 2];
        taken[i] = 0;
    }
    model_name(&injector->count, "count");
}

static void got(par__job_t *job)
{
    if (job == NULL) return;
    taken[(uintptr_t)job->ctx]++;
    model_free(job);
}

static void push_0_1(void)
{
    par__injector_push(injector, jobs[0]);
    par__injector_push(injector, jobs[1]);
}

static void push_2_3(void)
{
    par__injector_push(injector, jobs[2]);
    par__injector_push(injector, jobs[3]);
}

static void take_one(void)
{
    got(par__injector_take(injector, NULL));
}

static void take_two(void)
{
    take_one();
    take_one();
}

static void take_of_scope(void)
{
    par__job_t *job = par__injector_take(injector, &two_scopes[1]);
    MODEL_CHECK(job == NULL || job->scope == &two_scopes[1]);
    got(job);
}

/* In order of their pushes, within one pusher. */
static void take_in_order(void)
{
    par__job_t *a = par__injector_take(injector, NULL);
    par__job_t *b = par__injector_take(injector, NULL);
    if (a != NULL && b != NULL) MODEL_CHECK(a->ctx == (void *)0 && b->ctx == (void *)1);
    got(a);
    got(b);
}

static void drain(unsigned n)
{
    par__job_t *job;
    while ((job = par__injector_take(injector, NULL)) != NULL)
        got(job);
    for (unsigned i = 0; i < n; i++)
        if (taken[i] != 1) model_fail("job %u was taken %u times", i, taken[i]);
    MODEL_CHECK(!par__injector_has_jobs(injector));
    MODEL_CHECK(injector->first == NULL && injector->end == &injector->first);
}

static void drain_2(void)
{
    drain(2);
}

static void drain_4(void)
{
    drain(4);
}

/* ---- the scope: the opener waits, jobs are counted down elsewhere ---- */

static par__scope_t *scope;
static par__worker_t *opener;
static uint32_t results[3];

static void begin_scope(unsigned n_jobs)
{
    fixture_begin(3);
    opener = fixture_worker(1);
    scope = model_aligned_alloc(128, sizeof(par_scope_t));
    *scope = (par__scope_t){.owner = opener, .local = (int64_t)n_jobs};
    results[0] = results[1] = results[2] = 0;
    model_name(&scope->state, "state");
    model_name(&opener->parker.word, "opener");
}

static void begin_scope_1(void)
{
    begin_scope(1);
}

static void begin_scope_2(void)
{
    begin_scope(2);
}

/* As par_scope_end waits, without helping. The scope's memory is gone afterwards. */
static void open_and_wait(void)
{
    int64_t open = scope->local * PAR__SCOPE_JOB + PAR__SCOPE_WAITING;
    scope->is_waiting = true;
    if (add_seq_cst(&scope->state, open) + open != PAR__SCOPE_WAITING)
        while (!par__scope_is_done(scope))
            par__parker_park(&opener->parker);
    for (unsigned i = 0; i < (unsigned)scope->local; i++)
        MODEL_CHECK(results[i] == 1);
    model_free(scope);
}

static void finish(unsigned job, unsigned worker)
{
    results[job] = 1;
    par__scope_count_done((par_scope_t *)scope, fixture_worker(worker));
    par__scope_settle(fixture_worker(worker));
}

static void finish_0(void)
{
    finish(0, 2);
}

static void finish_1(void)
{
    finish(1, 3);
}

/* A job that spawns another one into its scope, which a third thread finishes. */
static _Atomic(uint32_t) spawned;
static void begin_spawning(void)
{
    begin_scope(1);
    store_relaxed(&spawned, 0U);
    model_name(&spawned, "spawned");
}
static void spawn_and_finish(void)
{
    par__job_t job = {.scope = (par_scope_t *)scope};
    fixture_worker(2)->running = &job;
    par__scope_count_spawn((par_scope_t *)scope, fixture_worker(2));
    store_release(&spawned, 1U);
    finish_0();
}
static void finish_spawned(void)
{
    while (load_acquire(&spawned) == 0)
        model_yield();
    finish_1();
}
static void open_and_wait_for_spawned(void)
{
    open_and_wait();
    MODEL_CHECK(results[1] == 1);
}

/* ---- the pile: jobs that one worker finished are made into new ones by others ---- */

enum { N_MAKERS = 3 };

static par__job_pile_t *pile;
static par__job_cache_t caches[N_MAKERS];

static void begin_pile(void)
{
    pile = model_calloc(1, sizeof *pile);
    for (unsigned i = 0; i < N_MAKERS; i++)
        caches[i] = (par__job_cache_t){.pile = pile};
    model_name(&pile->chains[0], "chain0");
    model_name(&pile->chains[1], "chain1");
}

/* More than the cache and the pile can hold. */
static void finish_many(void)
{
    par__job_t *many[5];
    for (unsigned i = 0; i < 5; i++)
        many[i] = par__job_new(&caches[0], NULL, NULL, 0);
    for (unsigned i = 0; i < 5; i++) {
        many[i]->ctx = many;
        par__job_free(&caches[0], many[i]);
    }
}

/* What is got must be one's own: the model sees a race if it is also somebody else's. */
static void make(unsigned maker)
{
    par__job_t *job = par__job_new(&caches[maker], NULL, NULL, 0);
    job->ctx = &caches[maker];
    model_yield();
    MODEL_CHECK(job->ctx == &caches[maker]);
    par__job_free(&caches[maker], job);
}

static void make_1(void)
{
    make(1);
}

static void make_2(void)
{
    make(2);
}

/* Each job is freed once, and none is lost. */
static void clear_pile(void)
{
    for (unsigned i = 0; i < N_MAKERS; i++)
        par__job_cache_clear(&caches[i]);
    par__job_pile_clear(pile);
    for (unsigned i = 0; i < PAR__JOB_PILE; i++)
        MODEL_CHECK(pile->chains[i] == NULL);
}

const model_test_t tests_queue[] = {
    {"queue_push_take", begin, {push_0_1, take_two}, drain_2, BOUND(5, 3, 0, 0, 0), 0, 0},
    {"queue_order", begin, {push_0_1, take_in_order}, drain_2, BOUND(5, 3, 0, 0, 0), 0, 0},
    {"queue_2_pushers", begin, {push_0_1, push_2_3, take_one}, drain_4, BOUND(3, 1, 0, 0, 0), 0, 0},
    {"queue_2_takers", begin, {push_0_1, take_one, take_two}, drain_2, BOUND(3, 1, 0, 0, 0), 0, 0},
    {"queue_of_scope",
     begin,
     {push_0_1, push_2_3, take_of_scope, take_one},
     drain_4,
     BOUND(3, 1, 0, 0, 0),
     0,
     0},
    {"queue_pile", begin_pile, {finish_many, make_1}, clear_pile, BOUND(5, 2, 0, 0, 0), 0, 0},
    {"queue_pile_2_makers",
     begin_pile,
     {finish_many, make_1, make_2},
     clear_pile,
     BOUND(3, 1, 0, 0, 0),
     0,
     0},
    {"queue_scope_1_job",
     begin_scope_1,
     {open_and_wait, finish_0},
     NULL,
     BOUND(6, 3, 1, 2, 0),
     0,
     0},
    {"queue_scope_2_jobs",
     begin_scope_2,
     {open_and_wait, finish_0, finish_1},
     NULL,
     BOUND(4, 2, 1, 1, 0),
     0,
     0},
    {"queue_scope_spawn",
     begin_spawning,
     {open_and_wait_for_spawned, spawn_and_finish, finish_spawned},
     NULL,
     BOUND(4, 2, 0, 1, 0),
     0,
     0},
    {0},
};
