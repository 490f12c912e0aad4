/* test_try_misuse.c - wrong calls of loops and reductions that fail. A debug build stops with a sentence; a
 * release build does what it can tell for free. */
#include "misuse.h"
#include "on_pools.h"

/* Hidden from the compiler, which would warn. */
static par_try_index_fn *volatile no_index;
static par_try_range_fn *volatile no_range;
static par_try_cursor_fn *volatile no_cursor;
static par_try_fold_fn *volatile no_fold;
static void *volatile nothing;
static volatile size_t too_many_bytes = SIZE_MAX;

static size_t some_acc;
static unsigned n_ran; /* calls of fold_nothing, items of count_range */

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
    par_try_reduce(0, 1, &some_acc, 8, no_fold, combine_nothing, ctx, NULL, NULL);
}

static void reduce_without_acc(void *ctx)
{
    par_try_reduce(0, 1, nothing, 8, fold_nothing, combine_nothing, ctx, NULL, NULL);
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

static void count_range(size_t begin, size_t end, void *ctx)
{
    (void)ctx;
    __atomic_fetch_add(&n_ran, (unsigned)(end - begin), __ATOMIC_RELAXED);
}

static void token_where_nobody_can_tell(void *ctx)
{
    par_cancel_t token = PAR_CANCEL_INIT;
    par_options_t options = PAR_OPTIONS_INIT;
    (void)ctx;
    par_cancel_request(&token);
    options.cancel = &token;
    n_ran = 0;
    par_for_range(0, 1000, count_range, NULL, &options); /* a release build does everything */
    expect(n_ran == 1000);
}

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(debug_builds_stop),
        cmocka_unit_test(release_builds_go_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
