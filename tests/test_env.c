/* test_env.c - environment variables: a value that cannot be read is told once on stderr, with the
 * name, the value and what is accepted, and the default is used. Each case is a child process. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include <par/scope.h>

#include "child.h"
#include "pools.h"
#include "scale.h"

static int reset(void **state)
{
    (void)state;
    watchdog(200);
    return 0;
}

static void count(void *ctx)
{
    atomic_fetch_add((atomic_uint *)ctx, 1);
}

/* The child: uses the library, stops and starts it, prints how many workers there are. */
static int use_library(void)
{
    atomic_uint runs = 0;
    printf("workers=%u\n", par_num_workers());
    if (!fib_is_right(15)) return 1;
    PAR_SCOPE (s) {
        for (int i = 0; i < 500; i++)
            par_spawn(&s, count, &runs);
    }
    par_pool_t *pool = NULL;
    if (par_pool_create(&pool, NULL) != PAR_OK) return 2;
    par_pool_destroy(pool);
    return runs == 500 ? 0 : 3;
}

static unsigned run_with(child_t *child, const char *variable)
{
    unsigned workers = 0;
    const char *env[] = {"PAR_NUM_THREADS", "PAR_BIND", "PAR_SPIN_US", "PAR_PLACES",
                         "PAR_STATS",       variable,   NULL};
    assert_int_equal(child_exec(child, "use", env), 0);
    child_wait(child, 60);
    if (!child_exited(child, 0)) fail_msg("with %s", variable ? variable : "an empty environment");
    const char *line = strstr(child->text, "workers=");
    if (!line || sscanf(line, "workers=%u", &workers) != 1) fail_msg("no answer: %s", child->text);
    return workers;
}

static unsigned default_workers(void)
{
    child_t child;
    return run_with(&child, NULL);
}

static unsigned occurrences(const char *text, const char *word)
{
    unsigned n = 0;
    for (; (text = strstr(text, word)); text += strlen(word))
        n++;
    return n;
}

static void expect_complaint(const char *name, const char *value)
{
    child_t child;
    char variable[200];
    unsigned normal = default_workers();
    snprintf(variable, sizeof(variable), "%s=%s", name, value);
    unsigned workers = run_with(&child, variable);
    if (occurrences(child.text, name) == 0 || !strstr(child.text, value))
        fail_msg("%s: the message has to give the name and the value, but is: %s", variable,
                 child.text);
    if (occurrences(child.text, "\n") != 2)
        fail_msg("%s: expected one line and the answer, got: %s", variable, child.text);
    if (workers != normal) fail_msg("%s: %u workers instead of %u", variable, workers, normal);
}

static void expect_silence(const char *variable)
{
    child_t child;
    unsigned workers = run_with(&child, variable);
    char expected[64];
    snprintf(expected, sizeof(expected), "workers=%u\n", workers);
    assert_string_equal(child.text, expected);
}

static void test_num_threads_bad(void **state)
{
    (void)state;
    static const char *const values[] = {
        "0",          "-1", "abc", "1e9", "2x", "0x2", "1.5", "+-2", "99999999999999999999999",
        "4294967297", "two"};
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
        expect_complaint("PAR_NUM_THREADS", values[i]);
}

static void test_num_threads_good(void **state)
{
    (void)state;
    child_t child;
    unsigned normal = default_workers();
    expect_silence("PAR_NUM_THREADS=1");
    expect_silence("PAR_NUM_THREADS=2");
    assert_int_equal(run_with(&child, "PAR_NUM_THREADS=1"), 1);
    if (normal >= 2) assert_int_equal(run_with(&child, "PAR_NUM_THREADS=2"), 2);
    assert_true(run_with(&child, "PAR_NUM_THREADS=1024") >= 1);
}

/* Set but empty is as good as not set. */
static void test_empty_values(void **state)
{
    (void)state;
    child_t child;
    unsigned normal = default_workers();
    static const char *const variables[] = {
        "PAR_NUM_THREADS=", "PAR_BIND=", "PAR_SPIN_US=", "PAR_PLACES=", "PAR_STATS="};
    for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++)
        assert_int_equal(run_with(&child, variables[i]), normal);
}

static void test_bind(void **state)
{
    (void)state;
    expect_complaint("PAR_BIND", "foo");
    expect_complaint("PAR_BIND", "corespread");
    expect_complaint("PAR_BIND", "3");
    expect_silence("PAR_BIND=none");
    expect_silence("PAR_BIND=cores");
    expect_silence("PAR_BIND=close");
    expect_silence("PAR_BIND=spread");
}

static void test_places(void **state)
{
    (void)state;
    expect_complaint("PAR_PLACES", "sockets");
    expect_silence("PAR_PLACES=cores");
    expect_silence("PAR_PLACES=threads");
}

static void test_spin(void **state)
{
    (void)state;
    expect_complaint("PAR_SPIN_US", "abc");
    expect_complaint("PAR_SPIN_US", "-5");
    expect_complaint("PAR_SPIN_US", "10us");
    expect_silence("PAR_SPIN_US=0");
    expect_silence("PAR_SPIN_US=100");
}

static void test_nothing_is_printed(void **state)
{
    (void)state;
    expect_silence(NULL);
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "use") == 0) return use_library();
#define TEST(name) cmocka_unit_test_setup(name, reset)
    const struct CMUnitTest tests[] = {
        TEST(test_num_threads_bad),
        TEST(test_num_threads_good),
        TEST(test_empty_values),
        TEST(test_bind),
        TEST(test_places),
        TEST(test_spin),
        TEST(test_nothing_is_printed),
    };
    cmocka_set_test_filter(getenv("PAR_TEST_FILTER"));
    return cmocka_run_group_tests_name("env", tests, NULL, NULL);
}
