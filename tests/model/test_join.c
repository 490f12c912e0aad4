/* test_join.c - everything together: par_join and scopes as programs call them, on workers that
 * search, steal, sleep and wait as they do in the library. Thread 1 is the program, the others are
 * its pool. What a task writes is plain, so a missing order is a race. */
#include "fixture.h"

static uint32_t left, right, deep;
static par_scope_t *storage[2];
static unsigned n_scopes;

static void begin(unsigned n)
{
    fixture_begin(n);
    left = right = deep = 0;
    n_scopes = 0;
    for (unsigned i = 0; i < 2; i++)
        storage[i] = model_aligned_alloc(64, sizeof *storage[i]);
    for (unsigned i = 1; i <= n; i++) {
        static const char *const words[] = {"", "word1", "word2", "word3"};
        static const char *const parkers[] = {"", "parker1", "parker2", "parker3"};
        static const char *const waiters[] = {"", "waiter1", "waiter2", "waiter3"};
        model_name(&fixture_worker(i)->forks.word, words[i]);
        model_name(&fixture_worker(i)->parker.word, parkers[i]);
        model_name(&fixture_worker(i)->waiter, waiters[i]);
        model_name(&fixture_worker(i)->forks.base[0].state, "slot0");
    }
}

static void begin_2(void)
{
    begin(2);
}

static void begin_3(void)
{
    begin(3);
}

static void pool_thread(void)
{
    par__worker_main(fixture_enter());
}

static void add_left(void *ctx)
{
    (void)ctx;
    left++;
}

static void add_right(void *ctx)
{
    (void)ctx;
    right++;
}

static void add_deep(void *ctx)
{
    (void)ctx;
    deep++;
}

static void fork_right_deep(void *ctx)
{
    par_join(add_right, ctx, add_deep, ctx);
}

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

PROGRAM(join_one, par_join(add_left, NULL, add_right, NULL);
        MODEL_CHECK(left == 1 && right == 1);)

PROGRAM(join_twice, par_join(add_left, NULL, add_right, NULL);
        par_join(add_left, NULL, add_right, NULL); MODEL_CHECK(left == 2 && right == 2);)

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
        par_scope_end(scope); model_free(scope); MODEL_CHECK(right == 1);)

PROGRAM(scope_two, par_scope_t *scope = scope_new(); par_spawn(scope, add_right, NULL);
        par_spawn(scope, add_left, NULL); par_scope_end(scope); model_free(scope);
        MODEL_CHECK(left == 1 && right == 1);)

static par_scope_t *common;
static void spawn_deep(void *ctx)
{
    par_spawn(common, add_deep, ctx);
    right++;
}

PROGRAM(scope_spawns, common = scope_new(); par_spawn(common, spawn_deep, NULL);
        par_scope_end(common); model_free(common); MODEL_CHECK(right == 1 && deep == 1);)

PROGRAM(scope_forks, par_scope_t *scope = scope_new(); par_spawn(scope, fork_right_deep, NULL);
        par_scope_end(scope); model_free(scope); MODEL_CHECK(right == 1 && deep == 1);)

/* A task that opens a scope while an outer one is open: a wait for the inner one gives jobs of the
 * outer one away. */
PROGRAM(scope_nested, par_scope_t *outer = scope_new(); par_spawn(outer, add_left, NULL);
        par_scope_t *inner = scope_new(); par_spawn(inner, add_right, NULL);
        par_scope_end(inner); model_free(inner); MODEL_CHECK(right == 1); par_scope_end(outer);
        model_free(outer); MODEL_CHECK(left == 1);)

#define TEST(name, begin, program, others, ...)                                                    \
    {name, begin, {program, pool_thread, others}, all_is_done, BOUND(__VA_ARGS__), 0, 0}

const model_test_t tests_join[] = {
    TEST("join_one", begin_2, join_one, NULL, 2, 1, 0, 1, 0),
    TEST("join_one_deep", begin_2, join_one, NULL, 3, 0, 0, 0, 0),
    TEST("join_twice", begin_2, join_twice, NULL, 2, 0, 0, 0, 0),
    TEST("join_nested", begin_2, join_nested, NULL, 2, 0, 0, 0, 0),
    TEST("join_left_nested", begin_2, join_left_nested, NULL, 2, 0, 0, 0, 0),
    TEST("join_3_workers", begin_3, join_one, pool_thread, 1, 0, 0, 0, 0),
    TEST("join_nested_3_workers", begin_3, join_nested, pool_thread, 1, 0, 0, 0, 0),
    TEST("join_scope_one", begin_2, scope_one, NULL, 2, 1, 0, 1, 0),
    TEST("join_scope_two", begin_2, scope_two, NULL, 2, 0, 0, 0, 0),
    TEST("join_scope_spawns", begin_2, scope_spawns, NULL, 2, 0, 0, 0, 0),
    TEST("join_scope_forks", begin_2, scope_forks, NULL, 2, 0, 0, 0, 0),
    TEST("join_scope_nested", begin_2, scope_nested, NULL, 2, 0, 0, 0, 0),
    TEST("join_scope_no_memory", begin_2, scope_two, NULL, 1, 0, 0, 0, 1),
    {0},
};
