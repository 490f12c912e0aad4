/* test_env_values.c - environment variables: what is understood, and what is said about the rest. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "env.h"

/* One variable with one value, and what was said about it. */
typedef struct fake_t {
    const char *name, *value;
    unsigned complaints;
    char said[256];
} fake_t;

static const char *fake_lookup(const char *name, void *ctx)
{
    const fake_t *fake = ctx;
    return strcmp(name, fake->name) == 0 ? fake->value : NULL;
}

static void fake_complain(unsigned index, const char *sentence, void *ctx)
{
    fake_t *fake = ctx;
    assert_true(index < PAR__ENV_N);
    fake->complaints++;
    snprintf(fake->said, sizeof fake->said, "%s", sentence);
}

static par__env_t parse(fake_t *fake, const char *name, const char *value)
{
    par__env_t env;
    *fake = (fake_t){.name = name, .value = value};
    par__env_parse(&env, fake_lookup, fake_complain, fake);
    return env;
}

static const par__env_t unset = {0, PAR_BIND_DEFAULT, PAR_PLACES_DEFAULT, -1, false};

static void assert_env_equal(par__env_t a, par__env_t b)
{
    assert_int_equal(a.num_threads, b.num_threads);
    assert_int_equal(a.bind, b.bind);
    assert_int_equal(a.places, b.places);
    assert_int_equal(a.spin_ns, b.spin_ns);
    assert_int_equal(a.stats, b.stats);
}

static void values_that_are_understood(void **state)
{
    (void)state;
    fake_t f;
    assert_int_equal(parse(&f, "PAR_NUM_THREADS", "1").num_threads, 1);
    assert_int_equal(parse(&f, "PAR_NUM_THREADS", " 007\t").num_threads, 7);
    assert_int_equal(parse(&f, "PAR_NUM_THREADS", "1024").num_threads, 1024);
    assert_int_equal(parse(&f, "PAR_BIND", "none").bind, PAR_BIND_NONE);
    assert_int_equal(parse(&f, "PAR_BIND", "cores").bind, PAR_BIND_CORES);
    assert_int_equal(parse(&f, "PAR_BIND", "CLOSE").bind, PAR_BIND_CLOSE);
    assert_int_equal(parse(&f, "PAR_BIND", " Spread\n").bind, PAR_BIND_SPREAD);
    assert_int_equal(parse(&f, "PAR_PLACES", "cores").places, PAR_PLACES_CORES);
    assert_int_equal(parse(&f, "PAR_PLACES", "threads").places, PAR_PLACES_THREADS);
    assert_int_equal(parse(&f, "PAR_SPIN_US", "0").spin_ns, 0);
    assert_int_equal(parse(&f, "PAR_SPIN_US", "25").spin_ns, 25000);
    assert_int_equal(parse(&f, "PAR_SPIN_US", "1000000000").spin_ns, INT64_C(1000000000000));
    assert_true(parse(&f, "PAR_STATS", "1").stats);
    assert_false(parse(&f, "PAR_STATS", "0").stats);
    assert_int_equal(f.complaints, 0);
}

static void unset_and_empty_are_defaults(void **state)
{
    (void)state;
    static const char *const names[] = {"PAR_NUM_THREADS", "PAR_BIND", "PAR_PLACES", "PAR_SPIN_US",
                                        "PAR_STATS"};
    fake_t f;
    for (size_t i = 0; i < PAR__ENV_N; i++) {
        assert_env_equal(parse(&f, names[i], NULL), unset);
        assert_int_equal(f.complaints, 0);
        assert_env_equal(parse(&f, names[i], ""), unset);
        assert_int_equal(f.complaints, 0);
    }
}

static void garbage_is_refused_and_told(void **state)
{
    (void)state;
    static const struct {
        const char *name, *value, *accepted;
    } bad[] = {
        {"PAR_NUM_THREADS", "0", "from 1 to 1024"},
        {"PAR_NUM_THREADS", "1025", "from 1 to 1024"},
        {"PAR_NUM_THREADS", "-1", "from 1 to 1024"},
        {"PAR_NUM_THREADS", "+2", "from 1 to 1024"},
        {"PAR_NUM_THREADS", "2.5", "from 1 to 1024"},
        {"PAR_NUM_THREADS", "0x2", "from 1 to 1024"},
        {"PAR_NUM_THREADS", "2 3", "from 1 to 1024"},
        {"PAR_NUM_THREADS", "two", "from 1 to 1024"},
        {"PAR_NUM_THREADS", " ", "from 1 to 1024"},
        {"PAR_NUM_THREADS", "18446744073709551617", "from 1 to 1024"},
        {"PAR_NUM_THREADS", "99999999999999999999999999999999", "from 1 to 1024"},
        {"PAR_BIND", "core", "none, cores, close, spread"},
        {"PAR_BIND", "coresx", "none, cores, close, spread"},
        {"PAR_BIND", "none,cores", "none, cores, close, spread"},
        {"PAR_BIND", "2", "none, cores, close, spread"},
        {"PAR_PLACES", "sockets", "cores, threads"},
        {"PAR_PLACES", "none", "cores, threads"},
        {"PAR_SPIN_US", "-1", "from 0 to 1000000000"},
        {"PAR_SPIN_US", "10us", "from 0 to 1000000000"},
        {"PAR_SPIN_US", "1000000001", "from 0 to 1000000000"},
        {"PAR_STATS", "yes", "0, 1"},
        {"PAR_STATS", "2", "0, 1"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        fake_t f;
        char quoted[128];
        assert_env_equal(parse(&f, bad[i].name, bad[i].value), unset);
        assert_int_equal(f.complaints, 1);
        snprintf(quoted, sizeof quoted, "%s=\"%s\" is not understood", bad[i].name, bad[i].value);
        assert_non_null(strstr(f.said, quoted));
        assert_non_null(strstr(f.said, bad[i].accepted));
        assert_true(strstr(f.said, "; using ") || strstr(f.said, "; choosing ") ||
                    strstr(f.said, "; printing no "));
    }
}

static void strange_values_do_not_reach_the_terminal(void **state)
{
    (void)state;
    char longest[5000];
    fake_t f;
    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    assert_env_equal(parse(&f, "PAR_BIND", longest), unset);
    assert_int_equal(f.complaints, 1);
    assert_non_null(strstr(f.said, "xxx...\""));
    assert_non_null(strstr(f.said, "none, cores, close, spread; using cores, or none if"));

    assert_env_equal(parse(&f, "PAR_BIND", "\033[2J\a\x7f\xc3\xa9"), unset);
    for (const char *c = f.said; *c != '\0'; c++)
        assert_true((unsigned char)*c >= ' ' && *c != 127);
}

/* What was printed on stderr while fn ran in a child process. */
static void stderr_of(void (*fn)(void), char *out, size_t bytes)
{
    FILE *file = tmpfile();
    assert_non_null(file);
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        dup2(fileno(file), STDERR_FILENO);
        fn();
        _exit(0);
    }
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    rewind(file);
    out[fread(out, 1, bytes - 1, file)] = '\0';
    fclose(file);
}

static void read_often(void)
{
    par__env_t env;
    setenv("PAR_BIND", "bogus", 1);
    setenv("PAR_NUM_THREADS", "many", 1);
    setenv("PAR_PLACES", "threads", 1);
    for (int i = 0; i < 3; i++)
        par__env_read(&env);
    if (env.places != PAR_PLACES_THREADS || env.bind != PAR_BIND_DEFAULT || env.num_threads != 0)
        _exit(1);
}

static void each_variable_is_reported_once(void **state)
{
    (void)state;
    char text[2048];
    stderr_of(read_often, text, sizeof text);
    char *first = strstr(text, "par: PAR_BIND=\"bogus\"");
    char *second = strstr(text, "par: PAR_NUM_THREADS=\"many\"");
    assert_non_null(first);
    assert_non_null(second);
    assert_null(strstr(first + 6, "PAR_BIND="));
    assert_null(strstr(second + 6, "PAR_NUM_THREADS="));
    assert_null(strstr(text, "PAR_PLACES"));
}

static void numbers_leave_out_untouched_on_error(void **state)
{
    (void)state;
    uint64_t n = 77;
    assert_false(par__env_number_parse("", 0, 10, &n));
    assert_false(par__env_number_parse("11", 0, 10, &n));
    assert_false(par__env_number_parse("1", 2, 10, &n));
    assert_false(par__env_number_parse("18446744073709551616", 0, UINT64_MAX, &n));
    assert_int_equal(n, 77);
    assert_true(par__env_number_parse("18446744073709551615", 0, UINT64_MAX, &n));
    assert_true(n == UINT64_MAX);
    assert_true(par__env_number_parse("0", 0, 0, &n));
    assert_int_equal(n, 0);
}

static void words_and_names_agree(void **state)
{
    (void)state;
    for (par_bind_t b = PAR_BIND_NONE; b <= PAR_BIND_SPREAD; b++) {
        par_bind_t read = PAR_BIND_DEFAULT;
        assert_true(par__env_bind_parse(par__env_bind_name(b), &read));
        assert_int_equal(read, b);
        assert_non_null(strstr(PAR__ENV_BIND_WORDS, par__env_bind_name(b)));
    }
    for (par_places_t p = PAR_PLACES_CORES; p <= PAR_PLACES_THREADS; p++) {
        par_places_t read = PAR_PLACES_DEFAULT;
        assert_true(par__env_places_parse(par__env_places_name(p), &read));
        assert_int_equal(read, p);
        assert_non_null(strstr(PAR__ENV_PLACES_WORDS, par__env_places_name(p)));
    }
    assert_string_equal(par__env_bind_name(PAR_BIND_DEFAULT), "default");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_that_are_understood),
        cmocka_unit_test(unset_and_empty_are_defaults),
        cmocka_unit_test(garbage_is_refused_and_told),
        cmocka_unit_test(strange_values_do_not_reach_the_terminal),
        cmocka_unit_test(each_variable_is_reported_once),
        cmocka_unit_test(numbers_leave_out_untouched_on_error),
        cmocka_unit_test(words_and_names_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
