/* test_scope_leave.c - every way out of a scope waits for its tasks. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include <par/scope.h>

#include "scale.h"
#include "scope_runs.h"

static void leave_by_return(void)
{
    PAR_SCOPE (s) {
        for (size_t i = 0; i < 500; i++) {
            par_spawn(&s, run_at, &runs[i]);
            if (i == 299) return;
        }
    }
}

static void leave_by_break(void)
{
    PAR_SCOPE (s) {
        for (size_t i = 0; i < 300; i++)
            par_spawn(&s, run_at, &runs[i]);
        break;
    }
}

static void leave_by_goto(void)
{
    PAR_SCOPE (s) {
        for (size_t i = 0; i < 500; i++) {
            par_spawn(&s, run_at, &runs[i]);
            if (i == 299) goto out;
        }
    }
out:
    expect_runs(300);
}

static void leave_by_continue(void)
{
    PAR_SCOPE (s) {
        for (size_t i = 0; i < 300; i++)
            par_spawn(&s, run_at, &runs[i]);
        continue;
    }
}

static void leave_by_hand(void)
{
    PAR_SCOPE (s) {
        for (size_t i = 0; i < 300; i++)
            par_spawn(&s, run_at, &runs[i]);
        par_scope_end(&s);
        expect_runs(300);
    }
}

static void test_ways_out(void **state)
{
    (void)state;
    static void (*const ways[])(void) = {leave_by_return, leave_by_break, leave_by_goto,
                                         leave_by_continue, leave_by_hand};
    for (size_t round = 0; round < scaled(100); round++)
        for (size_t k = 0; k < sizeof(ways) / sizeof(ways[0]); k++) {
            clear_runs();
            ways[k]();
            expect_runs(300);
        }
    no_failures();
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, reset)
    const struct CMUnitTest tests[] = {
        TEST(test_ways_out),
    };
    cmocka_set_test_filter(getenv("PAR_TEST_FILTER"));
    return cmocka_run_group_tests_name("scope_leave", tests, NULL, NULL);
}
