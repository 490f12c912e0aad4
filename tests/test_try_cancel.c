/* test_try_cancel.c - loops and reductions that a token or its deadline stops: what has run then, who
 * asks, what is known afterwards. */
#include <stdlib.h>
#include <string.h>

#include "on_pools.h"

/* ---- tokens ---- */

typedef struct stopper_t {
    par_cancel_t token;
    size_t at; /* the index whose body raises the flag */
    unsigned char ran[50000];
} stopper_t;

static int stopper_index(size_t i, void *ctx)
{
    stopper_t *stopper = ctx;
    stopper->ran[i]++;
    if (i == stopper->at) par_cancel_request(&stopper->token);
    return 0;
}

static int stopper_range(size_t begin, size_t end, void *ctx)
{
    for (size_t i = begin; i < end; i++)
        stopper_index(i, ctx);
    return 0;
}

/* All below `failed` has run, nothing twice, and the reason is told. */
static void stopper_check(stopper_t *stopper, int code, size_t failed, int reason)
{
    expect(code == (failed < 50000 ? reason : 0));
    for (size_t i = 0; i < 50000; i++)
        expect(stopper->ran[i] == 1 || (i >= failed && stopper->ran[i] == 0));
}

static void check_tokens(void *ctx)
{
    stopper_t *stopper = malloc(sizeof *stopper);
    static const size_t ats[] = {0, 1, 777, 49999, SIZE_MAX};
    (void)ctx;
    for (size_t k = 0; k < 10; k++) {
        par_options_t options = PAR_OPTIONS_INIT;
        size_t failed = 0, n = 50000;
        options.cancel = &stopper->token;
        memset(stopper->ran, 0, sizeof stopper->ran);
        par_cancel_init(&stopper->token, NULL, 0);
        stopper->at = ats[k / 2];
        int code = k % 2 == 0 ? par_try_for(0, n, stopper_index, stopper, &failed, &options)
                              : par_try_for_range(0, n, stopper_range, stopper, &failed, &options);
        stopper_check(stopper, code, failed, PAR_ECANCELED);
        if (stopper->at < n && failed < n) expect(stopper->ran[stopper->at] == 1);
        if (stopper->at == SIZE_MAX) expect(failed == n);
        /* A flag that is up: nothing runs any more. */
        if (stopper->at == SIZE_MAX) continue;
        memset(stopper->ran, 0, sizeof stopper->ran);
        expect(par_try_for(0, n, stopper_index, stopper, &failed, &options) == PAR_ECANCELED);
        expect(failed == 0 && memchr(stopper->ran, 1, n) == NULL);
    }
    free(stopper);
}

static void tokens_stop_loops(void **state)
{
    (void)state;
    on_pools(check_tokens, NULL);
}

static void one_worker_stops_at_the_next_index(void *ctx)
{
    stopper_t *stopper = ctx;
    par_options_t options = PAR_OPTIONS_INIT;
    size_t failed;
    options.cancel = &stopper->token;
    stopper->at = 777;
    expect(par_try_for(0, 50000, stopper_index, stopper, &failed, &options) == PAR_ECANCELED);
    expect(failed == 778 && stopper->ran[777] == 1 && stopper->ran[778] == 0);
}

static void between_indices_too(void **state)
{
    (void)state;
    stopper_t *stopper = calloc(1, sizeof *stopper);
    on_pool_of(1, one_worker_stops_at_the_next_index, stopper);
    free(stopper);
}

/* A failure below the place where a token stopped the loop is exact; the token's reason otherwise. */
static int fail_then_cancel(size_t i, void *ctx)
{
    if (i == 5) return 1234;
    if (i == 900) par_cancel_request(ctx);
    return 0;
}

static void check_both(void *ctx)
{
    par_cancel_t token = PAR_CANCEL_INIT;
    par_options_t options = PAR_OPTIONS_INIT;
    size_t failed;
    (void)ctx;
    options.cancel = &token;
    int code = par_try_for(0, 1000, fail_then_cancel, &token, &failed, &options);
    expect((code == 1234 && failed == 5) || (code == PAR_ECANCELED && failed < 5));
}

static void failure_and_token(void **state)
{
    (void)state;
    on_pools(check_both, NULL);
}

/* ---- deadlines ---- */

static int spin_10_us(size_t i, void *ctx)
{
    int64_t start = par_clock_ns();
    (void)i, (void)ctx;
    while (par_clock_ns() - start < 10000) {
    }
    return 0;
}

static void check_deadlines(void *ctx)
{
    par_cancel_t token;
    par_options_t options = PAR_OPTIONS_INIT;
    size_t failed, n = SIZE_MAX / 2; /* hours, or more */
    (void)ctx;
    options.cancel = &token;
    par_cancel_init(&token, NULL, par_clock_ns() + 3000000);
    expect(par_try_for(0, n, spin_10_us, NULL, &failed, &options) == PAR_ETIMEDOUT);
    expect(failed < n && par_clock_ns() >= token.deadline_ns);
    par_cancel_init(&token, NULL, -1); /* has passed */
    expect(par_try_for(0, n, spin_10_us, NULL, &failed, &options) == PAR_ETIMEDOUT && failed == 0);
    par_cancel_init(&token, NULL, INT64_MAX); /* never */
    expect(par_try_for(0, 10, spin_10_us, NULL, &failed, &options) == 0 && failed == 10);
}

static void deadlines_stop_loops(void **state)
{
    (void)state;
    on_pools(check_deadlines, NULL);
}

static void size_combine(void *left, const void *right, void *ctx)
{
    (void)ctx;
    *(size_t *)left += *(const size_t *)right;
}

static int fold_10_us(void *acc, size_t *i, size_t end, void *ctx)
{
    for (; *i < end; ++*i) {
        spin_10_us(*i, ctx);
        ++*(size_t *)acc;
    }
    return 0;
}

static void check_reduce_deadline(void *ctx)
{
    par_cancel_t token;
    par_options_t options = PAR_OPTIONS_INIT;
    size_t failed, acc = 0, n = 400000; /* 4 s */
    (void)ctx;
    options.cancel = &token;
    options.grain = 10;
    par_cancel_init(&token, NULL, par_clock_ns() + 3000000);
    expect(par_try_reduce(0, n, &acc, sizeof acc, fold_10_us, size_combine, NULL, &failed,
                          &options) == PAR_ETIMEDOUT);
    expect(failed < n && acc < n && acc >= failed);
}

static void deadlines_stop_reductions(void **state)
{
    (void)state;
    on_pools(check_reduce_deadline, NULL);
}

/* ---- schedules, and the next call ---- */

/* Every schedule stops for a parent and for a deadline, however long its parts are. */
static int stop_parent_at_5(size_t i, void *ctx)
{
    if (i == 5) par_cancel_request(ctx);
    return i == 5 ? 0 : spin_10_us(i, NULL);
}

PAR_DEFINE_TRY_FOR(stop_at_5, par_cancel_t *, parent, i)
{
    return stop_parent_at_5(i, parent);
}

static void check_schedules(void *ctx)
{
    static const par_schedule_t schedules[] = {PAR_SCHEDULE_AUTO, PAR_SCHEDULE_STATIC,
                                               PAR_SCHEDULE_AFFINITY};
    (void)ctx;
    for (int s = 0; s < 3; s++) {
        par_cancel_t parent = PAR_CANCEL_INIT, token;
        par_options_t options = PAR_OPTIONS_INIT;
        size_t failed, n = 400000; /* 4 s */
        options.cancel = &token;
        options.schedule = schedules[s];
        par_cancel_init(&token, &parent, 0);
        expect(par_try_for(0, n, stop_parent_at_5, &parent, &failed, &options) == PAR_ECANCELED);
        expect(failed < n);
        par_cancel_init(&parent, NULL, 0);
        par_cancel_init(&token, &parent, 0);
        expect(stop_at_5_in(0, n, &parent, &failed, &options) == PAR_ECANCELED);
        expect(failed < n);
        par_cancel_init(&token, NULL, par_clock_ns() + 1000000);
        expect(par_try_for(0, n, spin_10_us, NULL, &failed, &options) == PAR_ETIMEDOUT);
        expect(failed < n);
    }
}

static void every_schedule_asks(void **state)
{
    (void)state;
    on_pools(check_schedules, NULL);
}

/* What was stopped at once has not become tiny: the next call must not try a large part alone. */
static int stop_at_5_fail_later(size_t i, void *ctx)
{
    if (i == 5) par_cancel_request(ctx);
    return i < 2000000 ? 0 : 1;
}

static void check_after_stopped(void *ctx)
{
    par_cancel_t parent = PAR_CANCEL_INIT, token;
    par_options_t options = PAR_OPTIONS_INIT;
    size_t failed, n = SIZE_MAX / 2;
    (void)ctx;
    options.cancel = &token;
    par_cancel_init(&token, NULL, -1);
    for (int k = 0; k < 3000; k++)
        expect(par_try_for(0, n, stop_at_5_fail_later, &parent, NULL, &options) == PAR_ETIMEDOUT);
    par_cancel_init(&token, &parent, 0);
    expect(par_try_for(0, n, stop_at_5_fail_later, &parent, &failed, &options) == PAR_ECANCELED);
    expect(failed < 2000000);
}

static void stopped_is_not_tiny(void **state)
{
    (void)state;
    on_pools(check_after_stopped, NULL);
}

/* A program of before there were tokens. */
static void older_options_have_no_token(void **state)
{
    (void)state;
    par_cancel_t token = PAR_CANCEL_INIT;
    par_options_t options = PAR_OPTIONS_INIT;
    size_t failed;
    par_cancel_request(&token);
    options.cancel = &token;
    options.struct_size = offsetof(par_options_t, cancel);
    assert_int_equal(par_try_for(0, 10, spin_10_us, NULL, &failed, &options), 0);
    assert_int_equal(failed, 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tokens_stop_loops),         cmocka_unit_test(between_indices_too),
        cmocka_unit_test(failure_and_token),         cmocka_unit_test(deadlines_stop_loops),
        cmocka_unit_test(deadlines_stop_reductions), cmocka_unit_test(every_schedule_asks),
        cmocka_unit_test(stopped_is_not_tiny),       cmocka_unit_test(older_options_have_no_token),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
