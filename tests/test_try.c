/* test_try.c - loops and reductions that fail: the lowest failure on any number of workers, what runs
 * below it, tokens and deadlines, misuse. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "on_pools.h"

#include "misuse.h"

/* ---- the lowest failure, in all forms ---- */

typedef struct plan_t {
    size_t n, lowest;      /* lowest: n = none fails */
    uint64_t step;         /* above the lowest every step-th fails too; 0 = none */
    unsigned char *ran;    /* of each index */
    par_options_t options; /* */
} plan_t;

/* Codes differ from index to index. */
static int plan_code(const plan_t *plan, size_t i)
{
    bool fails = i == plan->lowest ||
                 (plan->step > 0 && i > plan->lowest && (i - plan->lowest) % plan->step == 0);
    return fails ? (int)(i % 1000) + 1 : 0;
}

static int plan_index(size_t i, void *ctx)
{
    plan_t *plan = ctx;
    plan->ran[i]++;
    return plan_code(plan, i);
}

static int plan_cursor(size_t *i, size_t end, void *ctx)
{
    for (; *i < end; ++*i) {
        int code = plan_index(*i, ctx);
        if (code != 0) return code;
    }
    *i = 12345; /* does not count */
    return 0;
}

static int plan_range(size_t begin, size_t end, void *ctx)
{
    for (size_t i = begin; i < end; i++) {
        int code = plan_index(i, ctx);
        if (code != 0) return code;
    }
    return 0;
}

PAR_DEFINE_TRY_FOR(plan_all, plan_t *, plan, i)
{
    return plan_index(i, plan);
}

static int plan_fold(void *acc, size_t *i, size_t end, void *ctx)
{
    for (; *i < end; ++*i) {
        int code = plan_index(*i, ctx);
        if (code != 0) return code;
        ++*(size_t *)acc;
    }
    return 0;
}

static void size_combine(void *left, const void *right, void *ctx)
{
    (void)ctx;
    *(size_t *)left += *(const size_t *)right;
}

PAR_DEFINE_TRY_REDUCE(plan_count, size_t, 0, a, b, a + b, plan_t *, plan, i, value)
{
    *value = 1;
    return plan_index(i, plan);
}

enum { N_FORMS = 6, RANGE_FORM = 2 };

static int plan_run(plan_t *plan, unsigned form, size_t *failed)
{
    size_t n = plan->n, count = 0;
    const par_options_t *options = &plan->options;
    int code = 0;
    switch (form) {
    case 0:
        return par_try_for(0, n, plan_index, plan, failed, options);
    case 1:
        return par_try_for_cursor(0, n, plan_cursor, plan, failed, options);
    case RANGE_FORM:
        return par_try_for_range(0, n, plan_range, plan, failed, options);
    case 3:
        return plan_all_in(0, n, plan, failed, options);
    case 4:
        code = par_try_reduce(0, n, &count, sizeof count, plan_fold, size_combine, plan, failed,
                              options);
        expect(code != 0 || count == n);
        expect(count <= n);
        return code;
    default:
        count = 77;
        code = plan_count_in(0, n, &count, plan, failed, options);
        expect(count == (code == 0 ? n : 77));
        return code;
    }
}

/* The begin of the block of i that par/try.h promises. */
static size_t block_begin(size_t i, size_t n, const par_options_t *options)
{
    size_t block;
    if (options->grain > 0)
        block = options->grain;
    else if (options->item_ns > 0)
        block = (size_t)(4000 / options->item_ns);
    else if (n <= 64 * 64)
        block = (n + 63) / 64;
    else
        block = n <= 64 * 1024 ? 64 : n <= 4194304 ? (n + 1023) / 1024 : 4096;
    return i - i % block;
}

static void plan_check(plan_t *plan)
{
    for (unsigned form = 0; form < N_FORMS; form++) {
        size_t failed = 99, lowest = plan->lowest;
        memset(plan->ran, 0, plan->n + 1);
        int code = plan_run(plan, form, &failed);
        if (lowest == plan->n) {
            expect(code == 0 && failed == plan->n);
        } else {
            expect(code == plan_code(plan, lowest));
            expect(failed ==
                   (form == RANGE_FORM ? block_begin(lowest, plan->n, &plan->options) : lowest));
        }
        for (size_t i = 0; i < plan->n; i++)
            expect(plan->ran[i] == 1 || (i > lowest && plan->ran[i] == 0));
    }
}

static void check_plans(void *ctx)
{
    static const size_t sizes[] = {0, 1, 2, 3, 63, 1000, 5000, 100000};
    static const uint64_t steps[] = {0, 1, 37};
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
        size_t n = sizes[s];
        const size_t lowest[] = {0, 1, n / 3, n / 2 + 1, n - 1, n};
        plan_t plan = {.n = n, .ran = malloc(n + 1), .options = *(const par_options_t *)ctx};
        for (size_t l = 0; l < 6; l++) {
            if (lowest[l] > n) continue;
            plan.lowest = lowest[l];
            for (size_t k = 0; k < 3; k++) {
                plan.step = steps[k];
                plan_check(&plan);
            }
        }
        free(plan.ran);
    }
}

static void the_lowest_failure_is_the_result(void **state)
{
    (void)state;
    par_options_t options = PAR_OPTIONS_INIT;
    on_pools(check_plans, &options);
    on_pool_of(7, check_plans, &options);
    options.grain = 7;
    on_pools(check_plans, &options);
    options.schedule = PAR_SCHEDULE_STATIC;
    on_pools(check_plans, &options);
    options.grain = 0;
    on_pools(check_plans, &options);
    options.item_ns = 100;
    on_pools(check_plans, &options);
}

/* The lowest one is slow, so that higher failures are known long before. */
static int slow_lowest(size_t i, void *ctx)
{
    (void)ctx;
    if (i == 40) {
        int64_t start = par_clock_ns();
        while (par_clock_ns() - start < 2000000) {
        }
    }
    return i >= 40 && i % 4 == 0 ? (int)i : 0;
}

static void check_slow(void *ctx)
{
    (void)ctx;
    for (int run = 0; run < 10; run++) {
        size_t failed;
        expect(par_try_for(0, 1000, slow_lowest, NULL, &failed, NULL) == 40 && failed == 40);
    }
}

static void a_late_lower_failure_counts(void **state)
{
    (void)state;
    on_pools(check_slow, NULL);
}

/* ---- extremes ---- */

static int fail_at(size_t *i, size_t end, void *ctx)
{
    size_t at = *(size_t *)ctx;
    if (at < *i || at >= end) return 0;
    *i = at;
    return -77;
}

static void check_ends_of_size_t(void *ctx)
{
    (void)ctx;
    size_t at[] = {1, 2, SIZE_MAX / 2, SIZE_MAX - 1, SIZE_MAX}, failed;
    for (size_t k = 0; k < 5; k++) {
        int code = par_try_for_cursor(1, SIZE_MAX, fail_at, &at[k], &failed, NULL);
        expect(failed == at[k] && code == (at[k] == SIZE_MAX ? 0 : -77));
    }
    /* All that is left out is left out at once. */
    expect(par_try_for(0, SIZE_MAX, slow_lowest, NULL, &failed, NULL) == 40 && failed == 40);
    expect(par_try_for(SIZE_MAX - 9, SIZE_MAX, slow_lowest, NULL, NULL, NULL) == -8);
}

static void ends_of_size_t(void **state)
{
    (void)state;
    on_pools(check_ends_of_size_t, NULL);
}

static void empty_loops_succeed(void **state)
{
    (void)state;
    size_t failed = 1, acc = 5;
    assert_int_equal(par_try_for(4, 4, slow_lowest, NULL, &failed, NULL), 0);
    assert_int_equal(failed, 4);
    assert_int_equal(par_try_for_range(4, 3, plan_range, NULL, &failed, NULL), 0);
    assert_int_equal(failed, 3);
    assert_int_equal(par_try_for_cursor(9, 9, plan_cursor, NULL, NULL, NULL), 0);
    assert_int_equal(
        par_try_reduce(2, 2, &acc, sizeof acc, plan_fold, size_combine, NULL, &failed, NULL), 0);
    assert_true(acc == 5 && failed == 2);
}

/* ---- the bits of a reduction that succeeds ---- */

PAR_DEFINE_REDUCE(sum, double, 0.0, a, b, a + b, const double *, x, i)
{
    return x[i];
}

PAR_DEFINE_TRY_REDUCE(try_sum, double, 0.0, a, b, a + b, const double *, x, i, value)
{
    *value = x[i];
    return x[i] < 0;
}

static void check_bits(void *ctx)
{
    const double *x = ctx;
    static const size_t sizes[] = {1, 100, 5000, 100000};
    for (size_t s = 0; s < 4; s++) {
        double expected = sum(0, sizes[s], x), total = 0;
        expect(try_sum(0, sizes[s], &total, x, NULL) == 0);
        expect(memcmp(&total, &expected, sizeof total) == 0);
    }
}

static void success_has_the_bits_of_reduce(void **state)
{
    (void)state;
    double *x = malloc(100000 * sizeof *x);
    for (size_t i = 0; i < 100000; i++)
        x[i] = par_random_double(par_random_seed(1), i);
    on_pools(check_bits, x);
    free(x);
}

/* ---- nested ---- */

static int inner_index(size_t i, void *ctx)
{
    size_t outer = *(size_t *)ctx;
    return outer >= 20 && i >= outer ? (int)(outer * 100 + i % 100) : 0;
}

static int outer_index(size_t i, void *ctx)
{
    (void)ctx;
    return par_try_for(0, 200, inner_index, &i, NULL, NULL);
}

static void check_nested(void *ctx)
{
    size_t failed;
    (void)ctx;
    expect(par_try_for(0, 60, outer_index, NULL, &failed, NULL) == 2020 && failed == 20);
}

static void nested_failures_travel_outwards(void **state)
{
    (void)state;
    on_pools(check_nested, NULL);
}

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
    size_t failed, n = (size_t)1 << 40; /* months */
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
    size_t failed, n = (size_t)1 << 40;
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

static int fail_if_long(size_t begin, size_t end, void *ctx)
{
    (void)ctx;
    return end - begin > 10;
}

static void max_grain_bounds_fixed_blocks(void **state)
{
    par_options_t options = PAR_OPTIONS_INIT;
    size_t failed;
    (void)state;
    options.max_grain = 10;
    assert_int_equal(par_try_for_range(0, 5000, fail_if_long, NULL, &failed, &options), 0);
    options.item_ns = 1;
    assert_int_equal(par_try_for_range(0, 5000, fail_if_long, NULL, &failed, &options), 0);
}

static void deadlines_stop_loops(void **state)
{
    (void)state;
    on_pools(check_deadlines, NULL);
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

/* ---- misuse ---- */

static par_try_index_fn *volatile no_index;
static par_try_range_fn *volatile no_range;
static par_try_cursor_fn *volatile no_cursor;
static par_try_fold_fn *volatile no_fold;
static void *volatile nothing;
static size_t some_acc;

static void for_without_body(void *ctx)
{
    par_try_for(0, 1, no_index, ctx, NULL, NULL);
}

static void range_without_body(void *ctx)
{
    par_try_for_range(0, 1, no_range, ctx, NULL, NULL);
}

static void cursor_without_body(void *ctx)
{
    par_try_for_cursor(0, 1, no_cursor, ctx, NULL, NULL);
}

static void reduce_without_fold(void *ctx)
{
    par_try_reduce(0, 1, &some_acc, 8, no_fold, size_combine, ctx, NULL, NULL);
}

static void reduce_without_acc(void *ctx)
{
    par_try_reduce(0, 1, nothing, 8, plan_fold, size_combine, ctx, NULL, NULL);
}

static int astray(size_t *i, size_t end, void *ctx)
{
    (void)ctx;
    *i = end;
    return 1;
}

static void cursor_astray(void *ctx)
{
    size_t failed;
    int code = par_try_for_cursor(3, 4, astray, ctx, &failed, NULL);
    expect(code == 1 && failed == 3); /* a release build takes the block's first index */
}

static void nothing_to_do(size_t begin, size_t end, void *ctx)
{
    (void)begin, (void)end, (void)ctx;
}

static size_t n_ran;

static void count_range(size_t begin, size_t end, void *ctx)
{
    (void)ctx;
    __atomic_fetch_add(&n_ran, end - begin, __ATOMIC_RELAXED);
}

static void token_where_nobody_can_tell(void *ctx)
{
    par_cancel_t token = PAR_CANCEL_INIT;
    par_options_t options = PAR_OPTIONS_INIT;
    (void)ctx;
    par_cancel_request(&token);
    options.cancel = &token;
    par_for_range(0, 1, nothing_to_do, NULL, &options);
    n_ran = 0;
    par_for_range(0, 1000, count_range, NULL, &options); /* a release build does everything */
    expect(n_ran == 1000);
}

/* ---- what is known of one reduction says nothing of another ---- */

static int fold_tiny(void *acc, size_t *i, size_t end, void *ctx)
{
    (void)i, (void)ctx;
    *(size_t *)acc += end;
    return 0;
}

/* Each leaf waits until another one has begun: not for ever, as a test has to end. */
static int fold_meeting(void *acc, size_t *i, size_t end, void *ctx)
{
    unsigned *arrived = ctx;
    struct timespec nap = {0, 1000000};
    (void)i;
    *(size_t *)acc += end;
    __atomic_fetch_add(arrived, 1, __ATOMIC_SEQ_CST);
    for (int ms = 0; ms < 20000 && __atomic_load_n(arrived, __ATOMIC_SEQ_CST) < 2; ms++)
        nanosleep(&nap, NULL);
    return __atomic_load_n(arrived, __ATOMIC_SEQ_CST) < 2;
}

static void add_sizes(void *left, const void *right, void *ctx)
{
    (void)ctx;
    *(size_t *)left += *(const size_t *)right;
}

/* The first one is known to be tiny at last, and would be run on the caller alone. */
static void check_own_history(void *ctx)
{
    unsigned arrived = 0;
    size_t acc;
    (void)ctx;
    for (int k = 0; k < 10000; k++) {
        acc = 0;
        par_try_reduce(0, 2, &acc, sizeof acc, fold_tiny, add_sizes, NULL, NULL, NULL);
    }
    acc = 0;
    expect(par_try_reduce(0, 2, &acc, sizeof acc, fold_meeting, add_sizes, &arrived, NULL, NULL) ==
           0);
}

static void reductions_have_histories_of_their_own(void **state)
{
    (void)state;
    on_pool_of(2, check_own_history, NULL);
}

/* ---- misuse of the size ---- */

static int fold_nothing(void *acc, size_t *i, size_t end, void *ctx)
{
    (void)acc, (void)i, (void)end, (void)ctx;
    __atomic_fetch_add(&n_ran, 1, __ATOMIC_RELAXED);
    return 0;
}

static void combine_nothing(void *left, const void *right, void *ctx)
{
    (void)left, (void)right, (void)ctx;
}

/* Hidden from the compiler, which would warn. */
static volatile size_t too_many_bytes = SIZE_MAX;

static void accumulator_that_cannot_exist(void *ctx)
{
    double acc = 0;
    size_t failed = 0;
    (void)ctx;
    n_ran = 0;
    expect(par_try_reduce(3, 9, &acc, too_many_bytes, fold_nothing, combine_nothing, NULL, &failed,
                          NULL) == PAR_EINVAL);
    expect(failed == 3 && n_ran == 0);
}

static const misuse_t misuses[] = {
    {for_without_body, "par_try_for: body is NULL"},
    {range_without_body, "par_try_for_range: body is NULL"},
    {cursor_without_body, "par_try_for_cursor: body is NULL"},
    {reduce_without_fold, "par_try_reduce: fold is NULL"},
    {reduce_without_acc, "par_try_reduce: acc is NULL"},
    {cursor_astray, "left *i outside of its block"},
    {token_where_nobody_can_tell, "options->cancel is set"},
    {accumulator_that_cannot_exist, "par_try_reduce: acc_size is too large"},
};

static void debug_builds_stop(void **state)
{
    (void)state;
    misuses_stop(misuses, sizeof misuses / sizeof misuses[0], NULL);
}

static void release_builds_go_on(void **state)
{
    (void)state;
    if (misuse_is_checked()) skip();
    cursor_astray(NULL);
    token_where_nobody_can_tell(NULL);
    accumulator_that_cannot_exist(NULL);
    no_failures();
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
        cmocka_unit_test(the_lowest_failure_is_the_result),
        cmocka_unit_test(a_late_lower_failure_counts),
        cmocka_unit_test(ends_of_size_t),
        cmocka_unit_test(empty_loops_succeed),
        cmocka_unit_test(success_has_the_bits_of_reduce),
        cmocka_unit_test(nested_failures_travel_outwards),
        cmocka_unit_test(tokens_stop_loops),
        cmocka_unit_test(between_indices_too),
        cmocka_unit_test(failure_and_token),
        cmocka_unit_test(deadlines_stop_loops),
        cmocka_unit_test(every_schedule_asks),
        cmocka_unit_test(stopped_is_not_tiny),
        cmocka_unit_test(max_grain_bounds_fixed_blocks),
        cmocka_unit_test(deadlines_stop_reductions),
        cmocka_unit_test(older_options_have_no_token),
        cmocka_unit_test(reductions_have_histories_of_their_own),
        cmocka_unit_test(debug_builds_stop),
        cmocka_unit_test(release_builds_go_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
