/* test_join.c - everything together: par_join and scopes as programs call them, on workers that
 * search, steal, sleep and wait as they do in the library. Thread 1 is the program, the others are
 * its pool. */
#include "join_world.h"

static void all_is_done(void)
{
    fixture_worker(1)->calls = 0;
}

#define PROGRAM(name, ...)                                                                         \
    static void name(void)                                                                         \
    {                                                                                              \
        par__worker_t *self = fixture_enter();                                                     \
        __VA_ARGS__                                                                                \
        MODEL_CHECK(self->forks.view.head == self->forks.base);                                    \
        fixture_stop();                                                                            \
    }

PROGRAM(join_one, par_join(add_left, NULL, add_right, NULL); MODEL_CHECK(left == 1 && right == 1);)

PROGRAM(join_twice, par_join(add_left, NULL, add_right, NULL);
        par_join(add_left, NULL, add_right, NULL);
        MODEL_CHECK(left == 2 && right == 2);)

PROGRAM(join_nested, par_join(add_left, NULL, fork_right_deep, NULL);
        MODEL_CHECK(left == 1 && right == 1 && deep == 1);)

PROGRAM(join_left_nested, par_join(fork_right_deep, NULL, add_left, NULL);
        MODEL_CHECK(left == 1 && right == 1 && deep == 1);)

/* The scope lies in memory that is freed right after its end: nobody may look at it any more. */
static par_scope_t *scope_new(void)
{
    par_scope_t *scope = storage[n_scopes++];
    par_scope_begin(scope);
    return scope;
}

PROGRAM(scope_one, par_scope_t *scope = scope_new(); par_spawn(scope, add_right, NULL);
        par_scope_end(scope);
        model_free(scope);
        MODEL_CHECK(right == 1);)

PROGRAM(scope_two, par_scope_t *scope = scope_new(); par_spawn(scope, add_right, NULL);
        par_spawn(scope, add_left, NULL);
        par_scope_end(scope);
        model_free(scope);
        MODEL_CHECK(left == 1 && right == 1);)

static par_scope_t *common;
static void spawn_deep(void *ctx)
{
    par_spawn(common, add_deep, ctx);
    right++;
}

PROGRAM(scope_spawns, common = scope_new(); par_spawn(common, spawn_deep, NULL);
        par_scope_end(common);
        model_free(common);
        MODEL_CHECK(right == 1 && deep == 1);)

PROGRAM(scope_forks, par_scope_t *scope = scope_new(); par_spawn(scope, fork_right_deep, NULL);
        par_scope_end(scope);
        model_free(scope);
        MODEL_CHECK(right == 1 && deep == 1);)

/* A task that opens a scope while an outer one is open: a wait for the inner one gives jobs of the
 * outer one away. */
PROGRAM(scope_nested, par_scope_t *outer = scope_new(); par_spawn(outer, add_left, NULL);
        par_scope_t *inner = scope_new();
        par_spawn(inner, add_right, NULL);
        par_scope_end(inner);
        model_free(inner);
        MODEL_CHECK(right == 1);
        par_scope_end(outer);
        model_free(outer);
        MODEL_CHECK(left == 1);)

/* ---- who shares is heard: the first half waits until another worker has run the second ---- */

static _Atomic(uint32_t) flag;

static void await_flag(void)
{
    while (load_acquire(&flag) == 0)
        model_yield();
}

static void wait_flag(void *ctx)
{
    (void)ctx;
    await_flag();
    left++;
}

static void set_flag(void *ctx)
{
    (void)ctx;
    right++;
    store_release(&flag, 1U);
}

static void do_nothing(void *ctx)
{
    (void)ctx;
}

static void fork_waiting(void *ctx)
{
    par_join(wait_flag, ctx, set_flag, ctx);
}

static void begin_flag(void)
{
    begin(2);
    store_relaxed(&flag, 0U);
    model_name(&flag, "flag");
}

PROGRAM(join_wakes, par_join(wait_flag, NULL, set_flag, NULL); MODEL_CHECK(left + right == 2);)

static void begin_flag_3(void)
{
    begin(3);
    store_relaxed(&flag, 0U);
    model_name(&flag, "flag");
}

/* The second fork of a thread is found as the first one is, whatever became of that. */
PROGRAM(join_wakes_again, par_join(do_nothing, NULL, add_deep, NULL);
        par_join(wait_flag, NULL, set_flag, NULL);
        MODEL_CHECK(left + right + deep == 3);)

/* The helper forks itself, on the stack on which it waits. */
static void fork_then_set(void *ctx)
{
    par_join(add_deep, ctx, set_flag, ctx);
}

static void fork_waiting_deep(void *ctx)
{
    par_join(wait_flag, ctx, fork_then_set, ctx);
}

PROGRAM(join_helps_deep, par_join(do_nothing, NULL, fork_waiting_deep, NULL);
        MODEL_CHECK(left + right + deep == 3);)

/* A waiter whose thief forks helps it. */
PROGRAM(join_helps, par_join(add_deep, NULL, fork_waiting, NULL);
        MODEL_CHECK(left + right + deep == 3);)

PROGRAM(scope_wakes, par_scope_t *scope = scope_new(); par_spawn(scope, set_flag, NULL);
        wait_flag(NULL);
        par_scope_end(scope);
        model_free(scope);
        MODEL_CHECK(left + right == 2);)

/* A thief takes a batch: whoever has nothing to do meanwhile hears of what it does not run at once. */
PROGRAM(scope_batch, par_scope_t *scope = scope_new(); par_spawn(scope, wait_flag, NULL);
        par_spawn(scope, set_flag, NULL);
        par_spawn(scope, do_nothing, NULL);
        par_spawn(scope, do_nothing, NULL);
        par_scope_end(scope);
        model_free(scope);
        MODEL_CHECK(left + right == 2);)

/* The opener has its hands full. */
PROGRAM(scope_batch_waiting, par_scope_t *scope = scope_new(); par_spawn(scope, wait_flag, NULL);
        par_spawn(scope, set_flag, NULL);
        par_spawn(scope, do_nothing, NULL);
        await_flag();
        par_scope_end(scope);
        model_free(scope);
        MODEL_CHECK(left + right == 2);)

/* ---- three threads around one fork, without the search and the sleep of a pool's threads, so that
 * three preemptions are within reach ---- */

/* Worker 1 has forked, and all can take it. */
static void begin_shared(par_task_fn *fn)
{
    begin(3);
    par__forks_t *forks = &fixture_worker(1)->forks;
    par_slot_t *slot = forks->view.head++;
    slot->fn = fn;
    slot->u.ctx = NULL;
    for (unsigned i = 1; i <= 3; i++)
        fixture_worker(i)->forks.has_thieves = true;
    par__forks_publish_all(forks);
}

static void begin_shared_one(void)
{
    begin_shared(add_right);
}

static void begin_shared_nested(void)
{
    begin_shared(fork_right_deep);
}

/* The opener of a scope has spawned three jobs and has its hands full. */
static void begin_batch(void)
{
    static par_task_fn *const fns[] = {wait_flag, set_flag, do_nothing};
    begin_flag_3();
    par__worker_t *opener = fixture_worker(1);
    *par__scope_of(storage[0]) = (par__scope_t){.owner = opener, .local = 3};
    for (unsigned i = 0; i < 3; i++) {
        par__job_t *job = par__job_new(&opener->cache, storage[0], fns[i], 0);
        job->ctx = NULL;
        par__deque_push(&opener->jobs, job);
    }
}

static void be_busy(void)
{
    fixture_enter();
    await_flag();
    fixture_stop();
}

/* The second half of par_join. */
static void join_shared(void)
{
    par__worker_t *self = fixture_enter();
    par_slot_t *slot = self->forks.base;
    add_left(NULL);
    if (par_take_slow(&self->forks.view, slot)) slot->fn(NULL);
    MODEL_CHECK(left == 1 && right == 1);
    MODEL_CHECK(self->forks.view.head == self->forks.base);
}

static void join_shared_nested(void)
{
    join_shared();
    MODEL_CHECK(deep == 1);
}

static void rob_from(par__worker_t *self, unsigned i)
{
    par__worker_t *victim = fixture_worker(i);
    par_slot_t *slot;
    uint64_t word = par__forks_look(&victim->forks);
    if (par__forks_offers(word, 0) &&
        par__forks_steal(&victim->forks, word, &slot) == PAR__STEAL_OK)
        par__worker_run_slot(self, victim, slot);
}

static void rob_1(void)
{
    rob_from(fixture_enter(), 1);
}

/* From the other thief, who may have forked what it took, then from where that came. */
static void rob_2_1(void)
{
    par__worker_t *self = fixture_enter();
    rob_from(self, 2);
    rob_from(self, 1);
}

#define TEST(name, begin, program, others, ...)                                                    \
    {                                                                                              \
        name, begin, {program, pool_thread, others}, all_is_done, BOUND(__VA_ARGS__), 0, 0         \
    }

const model_test_t tests_join[] = {
    TEST("join_one", begin_2, join_one, NULL, 3, 1, 0, 1, 0),
    TEST("join_one_deep", begin_2, join_one, NULL, 4, 0, 0, 0, 0),
    TEST("join_twice", begin_2, join_twice, NULL, 3, 0, 0, 0, 0),
    TEST("join_nested", begin_2, join_nested, NULL, 3, 0, 0, 0, 0),
    TEST("join_left_nested", begin_2, join_left_nested, NULL, 3, 0, 0, 0, 0),
    TEST("join_3_workers", begin_3, join_one, pool_thread, 2, 0, 0, 0, 0),
    TEST("join_nested_3_workers", begin_3, join_nested, pool_thread, 2, 0, 0, 0, 0),
    TEST("join_scope_one", begin_2, scope_one, NULL, 3, 1, 0, 1, 0),
    TEST("join_scope_two", begin_2, scope_two, NULL, 3, 0, 0, 0, 0),
    TEST("join_scope_spawns", begin_2, scope_spawns, NULL, 3, 0, 0, 0, 0),
    TEST("join_scope_forks", begin_2, scope_forks, NULL, 3, 0, 0, 0, 0),
    TEST("join_scope_nested", begin_2, scope_nested, NULL, 3, 0, 0, 0, 0),
    TEST("join_scope_no_memory", begin_2, scope_two, NULL, 3, 0, 0, 0, 1),
    TEST("join_wakes", begin_flag, join_wakes, NULL, 3, 1, 0, 0, 0),
    TEST("join_wakes_again", begin_flag, join_wakes_again, NULL, 3, 1, 0, 0, 0),
    TEST("join_helps_deep", begin_flag, join_helps_deep, NULL, 3, 0, 0, 0, 0),
    TEST("join_helps", begin_flag, join_helps, NULL, 3, 1, 0, 0, 0),
    TEST("join_scope_wakes", begin_flag, scope_wakes, NULL, 3, 1, 0, 0, 0),
    TEST("join_scope_batch", begin_flag, scope_batch, NULL, 3, 0, 0, 0, 0),
    TEST("join_scope_batch_3", begin_flag_3, scope_batch_waiting, pool_thread, 1, 0, 0, 0, 0),
    TEST("join_scope_batch_spawned", begin_batch, be_busy, pool_thread, 2, 0, 0, 0, 0),
    {"join_2_thieves",
     begin_shared_one,
     {join_shared, rob_1, rob_1},
     NULL,
     BOUND(4, 1, 0, 0, 0),
     0,
     0},
    {"join_nested_2_thieves",
     begin_shared_nested,
     {join_shared_nested, rob_1, rob_2_1},
     NULL,
     BOUND(3, 1, 0, 0, 0),
     0,
     0},
    {0},
};
