/* test_cancel.c - tokens by themselves: flags, deadlines, parents, requests from anywhere. */
#define _GNU_SOURCE
#include <signal.h>

#include "on_pools.h"

#include "misuse.h"

static void a_token_is_fine_at_first(void **state)
{
    static par_cancel_t token = PAR_CANCEL_INIT;
    (void)state;
    assert_int_equal(par_cancel_status(&token), PAR_OK);
    par_cancel_request(&token);
    assert_int_equal(par_cancel_status(&token), PAR_ECANCELED);
    par_cancel_request(&token);
    assert_int_equal(par_cancel_status(&token), PAR_ECANCELED);
    par_cancel_init(&token, NULL, 0);
    assert_int_equal(par_cancel_status(&token), PAR_OK);
}

static void the_first_reason_stays(void **state)
{
    par_cancel_t token;
    (void)state;
    par_cancel_init(&token, NULL, par_clock_ns());
    assert_int_equal(par_cancel_status(&token), PAR_ETIMEDOUT);
    par_cancel_request(&token);
    assert_int_equal(par_cancel_status(&token), PAR_ETIMEDOUT);
    par_cancel_init(&token, NULL, par_clock_ns());
    par_cancel_request(&token); /* before anybody looked */
    assert_int_equal(par_cancel_status(&token), PAR_ECANCELED);
}

static void deadlines_pass(void **state)
{
    par_cancel_t token;
    (void)state;
    int64_t deadline = par_clock_ns() + 2000000;
    par_cancel_init(&token, NULL, deadline);
    par_status_t status;
    int64_t before;
    do {
        before = par_clock_ns();
        status = par_cancel_status(&token);
    } while (status == PAR_OK);
    assert_int_equal(status, PAR_ETIMEDOUT);
    assert_true(par_clock_ns() >= deadline && before > 0);
    par_cancel_init(&token, NULL, INT64_MAX);
    assert_int_equal(par_cancel_status(&token), PAR_OK);
    par_cancel_init(&token, NULL, INT64_MIN);
    assert_int_equal(par_cancel_status(&token), PAR_ETIMEDOUT);
}

static void children_follow_parents(void **state)
{
    par_cancel_t grandparent = PAR_CANCEL_INIT, parent, child, sibling;
    (void)state;
    par_cancel_init(&parent, &grandparent, 0);
    par_cancel_init(&child, &parent, 0);
    par_cancel_init(&sibling, &parent, INT64_MAX);
    assert_int_equal(par_cancel_status(&child), PAR_OK);
    par_cancel_request(&child);
    assert_int_equal(par_cancel_status(&child), PAR_ECANCELED);
    assert_int_equal(par_cancel_status(&parent), PAR_OK);
    assert_int_equal(par_cancel_status(&sibling), PAR_OK);
    par_cancel_request(&grandparent);
    assert_int_equal(par_cancel_status(&sibling), PAR_ECANCELED);
    assert_int_equal(par_cancel_status(&parent), PAR_ECANCELED);
    par_cancel_init(&grandparent, NULL, 1);
    par_cancel_init(&child, &grandparent, 0);
    assert_int_equal(par_cancel_status(&child), PAR_ETIMEDOUT);
}

static par_cancel_t of_the_handler = PAR_CANCEL_INIT;

static void handler(int number)
{
    (void)number;
    par_cancel_request(&of_the_handler);
}

static void signal_handlers_may_request(void **state)
{
    (void)state;
    signal(SIGUSR1, handler);
    raise(SIGUSR1);
    assert_int_equal(par_cancel_status(&of_the_handler), PAR_ECANCELED);
    signal(SIGUSR1, SIG_DFL);
}

/* ---- tasks ask for themselves ---- */

typedef struct shared_t {
    par_cancel_t token;
    int message; /* written before the request */
} shared_t;

static void wait_for_token(void *ctx)
{
    shared_t *shared = ctx;
    while (par_cancel_status(&shared->token) == PAR_OK)
        par_is_hungry();
    expect(shared->message == 42);
}

static void request(void *ctx)
{
    shared_t *shared = ctx;
    shared->message = 42;
    par_cancel_request(&shared->token);
}

static void check_tasks(void *ctx)
{
    (void)ctx;
    for (int run = 0; run < 100; run++) {
        shared_t shared = {.message = 0};
        par_cancel_init(&shared.token, NULL, 0);
        par_join(request, &shared, wait_for_token, &shared);
    }
}

static void tasks_ask_for_themselves(void **state)
{
    (void)state;
    on_pools(check_tasks, NULL);
}

static void names_and_messages(void **state)
{
    (void)state;
    assert_string_equal(par_strstatus(PAR_ECANCELED), "PAR_ECANCELED");
    assert_string_equal(par_strstatus(PAR_ETIMEDOUT), "PAR_ETIMEDOUT");
    assert_non_null(strstr(par_strerror(PAR_ETIMEDOUT), "deadline"));
}

/* ---- misuse ---- */

static par_cancel_t *volatile no_token;

static void init_without_token(void *ctx)
{
    (void)ctx;
    par_cancel_init(no_token, NULL, 0);
}

static void request_without_token(void *ctx)
{
    (void)ctx;
    par_cancel_request(no_token);
}

static void init_with_itself(void *ctx)
{
    (void)ctx;
    par_cancel_t token;
    par_cancel_init(&token, &token, 0);
}

static const misuse_t misuses[] = {
    {init_without_token, "par_cancel_init: token is NULL"},
    {init_with_itself, "par_cancel_init: parent is the token itself"},
    {request_without_token, "par_cancel_request: token is NULL"},
};

static void debug_builds_stop(void **state)
{
    (void)state;
    misuses_stop(misuses, sizeof misuses / sizeof misuses[0], NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_token_is_fine_at_first),
        cmocka_unit_test(the_first_reason_stays),
        cmocka_unit_test(deadlines_pass),
        cmocka_unit_test(children_follow_parents),
        cmocka_unit_test(signal_handlers_may_request),
        cmocka_unit_test(tasks_ask_for_themselves),
        cmocka_unit_test(names_and_messages),
        cmocka_unit_test(debug_builds_stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
