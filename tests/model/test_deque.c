/* test_deque.c - the deque of jobs with rings of 2, 4 and 8: deque.h, D0 to D3. */
#include "fixture.h"

enum { JOBS = 12 };

static par__deque_t *deque;
static par__job_t *jobs[JOBS];
static uint32_t ran[JOBS];
static uint32_t refused;
static par_scope_t scopes[2];

static void begin(void)
{
    deque = model_aligned_alloc(128, sizeof *deque);
    par__deque_init(deque);
    refused = 0;
    for (unsigned i = 0; i < JOBS; i++) {
        jobs[i] = NULL;
        ran[i] = 0;
    }
    model_name(&deque->top, "top");
    model_name(&deque->bottom, "bottom");
    model_name(&deque->ring, "ring");
}

static void run_job(par__job_t *job)
{
    ran[(uintptr_t)job->ctx]++;
    model_free(job); /* whoever has it owns it */
}

/* Job i, of scope i % 2; runs here if the deque refuses it. */
static void push(unsigned i)
{
    par__job_t *job = model_malloc(sizeof *job);
    if (job == NULL) {
        ran[i]++;
        return;
    }
    job->ctx = (void *)(uintptr_t)i;
    job->scope = &scopes[i % 2];
    if (!par__deque_push(deque, job)) {
        refused++;
        run_job(job);
    }
}

static bool take(void)
{
    par__job_t *job = par__deque_take(deque, INT64_MIN);
    if (job != NULL) run_job(job);
    return job != NULL;
}

static void take_all(void)
{
    while (take()) {
    }
}

static void steal(void)
{
    par__job_t *job;
    if (par__deque_steal(deque, NULL, &job) == PAR__STEAL_OK) run_job(job);
}

static void steal_two(void)
{
    steal();
    steal();
}

static void steal_of_scope(void)
{
    par__job_t *job;
    if (par__deque_steal(deque, &scopes[1], &job) != PAR__STEAL_OK) return;
    MODEL_CHECK(job->scope == &scopes[1]);
    run_job(job);
}

static void ran_once(unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        if (ran[i] != 1) model_fail("job %u ran %u times", i, ran[i]);
    MODEL_CHECK(!par__deque_has_jobs(deque));
    par__deque_destroy(deque);
}

#define OWNER(name, n, ...)                                                                        \
    static void name(void)                                                                         \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }                                                                                              \
    static void name##_check(void)                                                                 \
    {                                                                                              \
        ran_once(n);                                                                               \
    }

OWNER(one, 1, push(0); take_all();)
OWNER(one_again, 2, push(0); take_all(); push(1); take_all();)
OWNER(two, 2, push(0); push(1); take_all();)
OWNER(two_taken_between, 3, push(0); push(1); take(); push(2); take_all();)
OWNER(grow, 3, push(0); push(1); push(2); take_all();)
OWNER(grow_twice, 5, push(0); push(1); push(2); push(3); push(4); take_all();)

/* The ring is full and begins in its middle. */
static void begin_wrapped(void)
{
    begin();
    push(0);
    steal();
    push(1);
    push(2);
}
OWNER(wrapped, 5, push(3); push(4); take_all();)

static void begin_full(void)
{
    begin();
    for (unsigned i = 0; i < PAR__DEQUE_MAX; i++)
        push(i);
}
OWNER(full, 10, push(8); push(9); take_all(); MODEL_CHECK(refused <= 2);)

/* What an outer scope has pushed lies below the mark. */
static void begin_marked(void)
{
    begin();
    push(0);
}
static void marked(void)
{
    int64_t mark = par__deque_bottom(deque);
    push(1);
    par__job_t *job;
    while ((job = par__deque_take(deque, mark)) != NULL) {
        MODEL_CHECK((uintptr_t)job->ctx == 1);
        run_job(job);
    }
    take_all();
}
static void marked_check(void)
{
    ran_once(2);
}

#define TEST(name, set, own, t1, t2, ...)                                                          \
    {                                                                                              \
        name, set, {own, t1, t2}, own##_check, BOUND(__VA_ARGS__), 0, 0                            \
    }

const model_test_t tests_deque[] = {
    TEST("deque_one_1_thief", begin, one, steal, NULL, 5, 3, 1, 0, 0),
    TEST("deque_one_2_thieves", begin, one, steal, steal, 4, 2, 0, 0, 0),
    TEST("deque_one_again", begin, one_again, steal, steal, 4, 1, 0, 0, 0),
    TEST("deque_two_1_thief", begin, two, steal_two, NULL, 4, 2, 0, 0, 0),
    TEST("deque_two_2_thieves", begin, two, steal, steal, 4, 2, 0, 0, 0),
    TEST("deque_taken_between", begin, two_taken_between, steal_two, NULL, 4, 2, 0, 0, 0),
    TEST("deque_grow_1_thief", begin, grow, steal_two, NULL, 4, 2, 0, 0, 0),
    TEST("deque_grow_2_thieves", begin, grow, steal, steal, 4, 2, 0, 0, 0),
    TEST("deque_grow_slow_thief", begin, grow, steal, steal_two, 5, 0, 0, 0, 0),
    TEST("deque_grow_twice", begin, grow_twice, steal_two, NULL, 4, 1, 0, 0, 0),
    TEST("deque_wrapped", begin_wrapped, wrapped, steal_two, NULL, 4, 2, 0, 0, 0),
    TEST("deque_wrapped_2_thieves", begin_wrapped, wrapped, steal, steal, 5, 1, 0, 0, 0),
    TEST("deque_full", begin_full, full, steal_two, NULL, 4, 1, 0, 0, 0),
    TEST("deque_no_memory", begin, grow, steal_two, NULL, 4, 1, 0, 0, 2),
    TEST("deque_marked", begin_marked, marked, steal, steal, 4, 1, 0, 0, 0),
    TEST("deque_of_scope", begin, two_taken_between, steal_of_scope, steal, 4, 1, 0, 0, 0),
    {0},
};
