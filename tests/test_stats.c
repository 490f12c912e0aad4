/* test_stats.c - the counters move as stats.h says, and PAR_STATS=1 prints them at exit. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <par/scope.h>
#include <par/stats.h>

#include "child.h"
#include "pools.h"
#include "scale.h"

static int reset(void **state)
{
    (void)state;
    watchdog(60);
    return 0;
}

static atomic_uint runs;

static void count(void *ctx)
{
    (void)ctx;
    atomic_fetch_add(&runs, 1);
}

static void spawn_1000(void *ctx)
{
    (void)ctx;
    PAR_SCOPE (s) {
        for (int i = 0; i < 1000; i++)
            par_spawn(&s, count, NULL);
    }
}

static par_stats_t total(par_pool_t *pool)
{
    par_stats_t t;
    assert_int_equal(par_stats_total(pool, &t), PAR_OK);
    return t;
}

static void test_bad_arguments(void **state)
{
    (void)state;
    par_stats_t out;
    par_pool_t *pool = pool_new(3);
    assert_int_equal(par_stats_worker(pool, 0, NULL), PAR_EINVAL);
    assert_int_equal(par_stats_worker(pool, 3, &out), PAR_EINVAL);
    assert_int_equal(par_stats_worker(pool, UINT32_MAX, &out), PAR_EINVAL);
    assert_int_equal(par_stats_worker(NULL, par_num_workers(), &out), PAR_EINVAL);
    assert_int_equal(par_stats_total(pool, NULL), PAR_EINVAL);
    assert_int_equal(par_stats_total(NULL, NULL), PAR_EINVAL);
    for (unsigned i = 0; i < 3; i++)
        assert_int_equal(par_stats_worker(pool, i, &out), PAR_OK);
    assert_int_equal(par_stats_worker(NULL, 0, &out), PAR_OK);
    par_pool_destroy(pool);
}

static void test_new_pool_counts_nothing(void **state)
{
    (void)state;
    par_pool_t *pool = pool_new(1);
    par_stats_t t = total(pool), zero;
    memset(&zero, 0, sizeof(zero));
    assert_memory_equal(&t, &zero, sizeof(zero));
    par_pool_destroy(pool);
}

/* Every spawn is either queued or run in place. */
static void test_spawns_are_counted(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_POOL_SIZES; i++) {
        par_pool_t *pool = pool_new(pool_sizes[i]);
        par_stats_t before = total(pool);
        par_pool_run(pool, spawn_1000, NULL);
        par_stats_t after = total(pool);
        assert_int_equal(after.spawned + after.inlined - before.spawned - before.inlined, 1000);
        par_pool_destroy(pool);
    }
}

static void test_total_is_the_sum(void **state)
{
    (void)state;
    par_pool_t *pool = pool_new(4);
    par_stats_t sum, one;
    memset(&sum, 0, sizeof(sum));
    for (int i = 0; i < 20; i++)
        par_pool_run(pool, spawn_1000, NULL);
    usleep(300000); /* all asleep: nothing moves any more */
    for (unsigned i = 0; i < 4; i++) {
        assert_int_equal(par_stats_worker(pool, i, &one), PAR_OK);
#define PAR_X(field, text) sum.field += one.field;
        PAR_STATS_MAP(PAR_X)
#undef PAR_X
    }
    par_stats_t t = total(pool);
    assert_memory_equal(&t, &sum, sizeof(t));
    par_pool_destroy(pool);
}

static void nap(void *ctx)
{
    (void)ctx;
    usleep(2000);
}

static void naps(void *ctx)
{
    (void)ctx;
    PAR_SCOPE (s) {
        for (int i = 0; i < 40; i++)
            par_spawn(&s, nap, NULL);
    }
}

/* With naps for tasks, thieves get some, on one core as well. */
static void test_steals_sleeps_wakes(void **state)
{
    (void)state;
    par_pool_t *pool = pool_new(4);
    par_stats_t before = total(pool);
    for (int i = 0; i < 20000 && before.sleeps < 3; i++) {
        usleep(1000);
        before = total(pool);
    }
    assert_true(before.sleeps >= 3);
    par_pool_run(pool, naps, NULL);
    usleep(300000);
    par_stats_t after = total(pool);
    assert_true(after.steals > before.steals);
    assert_true(after.steals - before.steals <= 40);
    assert_true(after.tries >= after.steals);
    assert_true(after.wakes > before.wakes);
    assert_true(after.sleeps > before.sleeps);
    par_pool_destroy(pool);
}

static void fib_in_pool(void *ctx)
{
    (void)ctx;
    if (!fib_is_right(20)) abort();
}

static void test_pool_of_one_shares_nothing(void **state)
{
    (void)state;
    par_pool_t *pool = pool_new(1);
    par_pool_run(pool, fib_in_pool, NULL);
    par_pool_run(pool, spawn_1000, NULL);
    par_stats_t t = total(pool);
    assert_int_equal(t.steals, 0);
    assert_int_equal(t.sleeps, 0);
    assert_int_equal(t.wakes, 0);
    par_pool_destroy(pool);
}

/* Forks that nobody asked for stay private, so that far fewer are published than made. */
static void test_most_forks_stay_private(void **state)
{
    (void)state;
    par_pool_t *pool = pool_new(2);
    for (int i = 0; i < 10; i++)
        par_pool_run(pool, fib_in_pool, NULL);
    par_stats_t t = total(pool);
    assert_true(t.published < 10 * fib_serial(20));
    assert_true(t.steals <= t.published + t.spawned);
    par_pool_destroy(pool);
}

static void expect_names(const char *text)
{
#define PAR_X(field, meaning)                                                                      \
    if (!strstr(text, #field)) fail_msg("no column " #field " in: %s", text);
    PAR_STATS_MAP(PAR_X)
#undef PAR_X
}

static void test_print(void **state)
{
    (void)state;
    char *text = NULL;
    size_t bytes = 0;
    par_pool_t *pool = pool_new(3);
    FILE *file = open_memstream(&text, &bytes);
    par_pool_run(pool, spawn_1000, NULL);
    par_stats_print(pool, file);
    fclose(file);
    expect_names(text);
    unsigned lines = 0;
    for (size_t i = 0; i < bytes; i++)
        lines += text[i] == '\n';
    assert_true(lines >= 4); /* head and a row a worker */
    free(text);
    par_pool_destroy(pool);
}

static int child_main(void)
{
    fib_in_pool(NULL);
    spawn_1000(NULL);
    return 0;
}

static void test_environment(void **state)
{
    (void)state;
    child_t child;
    static const char *const on[] = {"PAR_STATS=1", NULL}, *const off[] = {"PAR_STATS", NULL},
                             *const zero[] = {"PAR_STATS=0", NULL};
    assert_int_equal(child_exec(&child, "use", on), 0);
    child_wait(&child, 30);
    assert_true(child_exited(&child, 0));
    expect_names(child.text);
    assert_int_equal(child_exec(&child, "use", off), 0);
    child_wait(&child, 30);
    assert_true(child_exited(&child, 0));
    assert_string_equal(child.text, "");
    assert_int_equal(child_exec(&child, "use", zero), 0);
    child_wait(&child, 30);
    assert_string_equal(child.text, "");
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "use") == 0) return child_main();
#define TEST(name) cmocka_unit_test_setup(name, reset)
    const struct CMUnitTest tests[] = {
        TEST(test_bad_arguments),
        TEST(test_new_pool_counts_nothing),
        TEST(test_spawns_are_counted),
        TEST(test_total_is_the_sum),
        TEST(test_steals_sleeps_wakes),
        TEST(test_pool_of_one_shares_nothing),
        TEST(test_most_forks_stay_private),
        TEST(test_print),
        TEST(test_environment),
    };
    cmocka_set_test_filter(getenv("PAR_TEST_FILTER"));
    return cmocka_run_group_tests_name("stats", tests, NULL, NULL);
}
