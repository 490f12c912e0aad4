/* test_try.c - loops and reductions that fail: the lowest failure on any number of workers, what runs
 * below it, blocks, bits, nesting. */
#define _GNU_SOURCE
#include <sched.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "on_pools.h"

/* ---- the lowest failure, in all forms ---- */

typedef struct plan_t {
    size_t n, lowest;   /* lowest: n = none fails */
    uint64_t step;      /* above the lowest every step-th fails too; 0 = none */
    unsigned char *ran; /* of each index: how often */
    par_options_t options;
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

/* ---- in order ---- */

typedef struct order_t {
    size_t second; /* the first index of the thread that did not run index 0; 0 = none yet */
    int waited;    /* index 0 came and went */
} order_t;

/* Index 0 waits for somebody else to begin, and then fails. */
static int order_index(size_t i, void *ctx)
{
    order_t *order = ctx;
    size_t none = 0;
    if (i > 0) {
        __atomic_compare_exchange_n(&order->second, &none, i, false, __ATOMIC_RELAXED,
                                    __ATOMIC_RELAXED);
        while (__atomic_load_n(&order->waited, __ATOMIC_RELAXED) == 0)
            sched_yield();
        return 0;
    }
    while (__atomic_load_n(&order->second, __ATOMIC_RELAXED) == 0)
        sched_yield();
    __atomic_store_n(&order->waited, 1, __ATOMIC_RELAXED);
    return 1;
}

static void check_order(void *ctx)
{
    order_t order = {0, 0};
    size_t failed = 99;
    (void)ctx;
    expect(par_try_for(0, 1000000, order_index, &order, &failed, NULL) == 1);
    expect(failed == 0);
    expect(order.second == 1);
}

/* Halves of the range would have let the other worker run what lies behind the failure. */
static void the_others_go_on_where_the_first_one_is(void **state)
{
    (void)state;
    on_pool_of(2, check_order, NULL);
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

/* The first one is known to be tiny at last, and would be run on the caller alone. */
static void check_own_history(void *ctx)
{
    unsigned arrived = 0;
    size_t acc;
    (void)ctx;
    for (int k = 0; k < 10000; k++) {
        acc = 0;
        par_try_reduce(0, 2, &acc, sizeof acc, fold_tiny, size_combine, NULL, NULL, NULL);
    }
    acc = 0;
    expect(par_try_reduce(0, 2, &acc, sizeof acc, fold_meeting, size_combine, &arrived, NULL,
                          NULL) == 0);
}

static void reductions_have_histories_of_their_own(void **state)
{
    (void)state;
    on_pool_of(2, check_own_history, NULL);
}

/* ---- blocks of the options ---- */

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_lowest_failure_is_the_result),
        cmocka_unit_test(a_late_lower_failure_counts),
        cmocka_unit_test(the_others_go_on_where_the_first_one_is),
        cmocka_unit_test(ends_of_size_t),
        cmocka_unit_test(empty_loops_succeed),
        cmocka_unit_test(success_has_the_bits_of_reduce),
        cmocka_unit_test(nested_failures_travel_outwards),
        cmocka_unit_test(reductions_have_histories_of_their_own),
        cmocka_unit_test(max_grain_bounds_fixed_blocks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
