/* test_loop_misuse.c - wrong calls of loops, maps, reductions and numbers. A debug build stops with a
 * sentence; a release build refuses what it can see for free. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include <par/par.h>

#include "misuse.h"
#include "scale.h"

/* Hidden from the compiler, which would warn. */
static void *volatile nothing;
static par_range_fn *volatile no_body;
static par_index_fn *volatile no_index_body;
static par_each_fn *volatile no_each;
static par_map_fn *volatile no_map;
static par_fold_fn *volatile no_fold;
static par_combine_fn *volatile no_combine;
static par_tile_2d_fn *volatile no_tile_2d;
static par_tile_3d_fn *volatile no_tile_3d;
static par_strided_fn *volatile no_strided;
static par_work_fn *volatile no_work;
static double byte_bucket[4];

static void each(void *item, void *ctx)
{
    (void)item, (void)ctx;
}

static void map(void *out, const void *in, void *ctx)
{
    (void)out, (void)in, (void)ctx;
}

static void range(size_t begin, size_t end, void *ctx)
{
    (void)begin, (void)end, (void)ctx;
}

static void combine(void *left, const void *right, void *ctx)
{
    (void)left, (void)right, (void)ctx;
}

static void fold(void *acc, size_t begin, size_t end, void *ctx)
{
    (void)acc, (void)begin, (void)end, (void)ctx;
}

static void strided(ptrdiff_t first, size_t n, ptrdiff_t stride, void *ctx)
{
    (void)first, (void)n, (void)stride, (void)ctx;
}

static void work(void *item, par_work_t *list, void *ctx)
{
    (void)item, (void)list, (void)ctx;
}

static void for_without_body(void *ctx)
{
    par_for(0, 3, no_index_body, ctx);
}

static void for_range_without_body(void *ctx)
{
    par_for_range(3, 3, no_body, ctx, NULL);
}

static void for_each_without_body(void *ctx)
{
    par_for_each(byte_bucket, 1, 1, no_each, ctx);
}

static void for_each_without_array(void *ctx)
{
    par_for_each(nothing, 1, 1, each, ctx);
}

static void for_each_too_large(void *ctx)
{
    par_for_each(byte_bucket, SIZE_MAX / 2, 3, each, ctx);
}

static void for_2d_without_body(void *ctx)
{
    par_for_2d((par_range_2d_t){0, 0, 0, 0}, no_tile_2d, ctx, NULL);
}

static void for_3d_without_body(void *ctx)
{
    par_for_3d((par_range_3d_t){0, 1, 0, 1, 0, 1}, no_tile_3d, ctx, NULL);
}

static void strided_without_body(void *ctx)
{
    par_for_strided(0, 9, 3, no_strided, ctx, NULL);
}

static void strided_by_0(void *ctx)
{
    par_for_strided(0, 9, 0, strided, ctx, NULL);
}

static void work_without_body(void *ctx)
{
    par_for_work(byte_bucket, 1, 8, no_work, ctx, NULL);
}

static void work_without_items(void *ctx)
{
    par_for_work(nothing, 1, 8, work, ctx, NULL);
}

static void work_without_size(void *ctx)
{
    par_for_work(byte_bucket, 1, 0, work, ctx, NULL);
}

static void work_too_large(void *ctx)
{
    par_for_work(byte_bucket, SIZE_MAX / 2, 3, work, ctx, NULL);
}

static void add_nothing(void *item, par_work_t *list, void *ctx)
{
    (void)item, (void)ctx;
    par_work_add(list, nothing);
}

static void work_without_item(void *ctx)
{
    par_for_work(byte_bucket, 1, 8, add_nothing, ctx, NULL);
}

static void work_add_nowhere(void *ctx)
{
    (void)ctx;
    par_work_add((par_work_t *)nothing, byte_bucket);
}

#if !TEST_ASAN /* which stops by itself who looks at a frame that is gone */
static void keep_work(void *item, par_work_t *list, void *ctx)
{
    (void)item;
    *(par_work_t **)ctx = list;
}

static void work_add_after_the_end(void *ctx)
{
    par_work_t *work;
    (void)ctx;
    par_for_work(byte_bucket, 1, 8, keep_work, &work, NULL);
    par_work_add(work, byte_bucket);
}

static void keep_local(par_local_t *local, void *ctx)
{
    *(par_local_t **)ctx = local;
}

static void local_get_after_the_end(void *ctx)
{
    par_local_t *local;
    (void)ctx;
    par_local_run(byte_bucket, sizeof byte_bucket[0], NULL, combine, keep_local, &local);
    byte_bucket[1] = *(double *)par_local_get(local);
}
#endif

static void map_without_body(void *ctx)
{
    par_map(byte_bucket, 1, byte_bucket, 1, 1, no_map, ctx);
}

static void map_without_array(void *ctx)
{
    par_map(byte_bucket, 1, nothing, 1, 1, map, ctx);
}

static void map_too_large(void *ctx)
{
    par_map(byte_bucket, 1, byte_bucket, 3, SIZE_MAX / 2, map, ctx);
}

static void reduce_without_acc(void *ctx)
{
    par_reduce(0, 1, nothing, 8, fold, combine, ctx, NULL);
}

static void reduce_without_fold(void *ctx)
{
    par_reduce(0, 1, byte_bucket, 8, no_fold, combine, ctx, NULL);
}

static void reduce_without_combine(void *ctx)
{
    par_reduce(0, 1, byte_bucket, 8, fold, no_combine, ctx, NULL);
}

static void small_struct(void *ctx)
{
    par_options_t options = PAR_OPTIONS_INIT;
    options.struct_size = 3;
    par_for_range(0, 3, range, ctx, &options);
}

static void unknown_schedule(void *ctx)
{
    par_options_t options = PAR_OPTIONS_INIT;
    options.schedule = (par_schedule_t)99;
    par_for_range(0, 3, range, ctx, &options);
}

static void negative_cost(void *ctx)
{
    par_options_t options = PAR_OPTIONS_INIT;
    options.item_ns = -1;
    par_for_range(0, 3, range, ctx, &options);
}

static void sum_without_array(void *ctx)
{
    (void)ctx;
    byte_bucket[0] = par_sum((double *)nothing, 3);
}

static void dot_without_array(void *ctx)
{
    (void)ctx;
    byte_bucket[0] = par_dot(byte_bucket, (double *)nothing, 3);
}

static void fill_without_array(void *ctx)
{
    (void)ctx;
    par_fill((int *)nothing, 3, 1);
}

static void copy_without_array(void *ctx)
{
    (void)ctx;
    par_copy((double *)nothing, byte_bucket, 3);
}

static const misuse_t misuses[] = {
    {for_without_body, "par_for: body is NULL"},
    {for_range_without_body, "par_for_range: body is NULL"},
    {for_each_without_body, "par_for_each: f is NULL"},
    {for_each_without_array, "par_for_each: base is NULL"},
    {for_each_too_large, "par_for_each: n * size is above PTRDIFF_MAX"},
    {map_without_body, "par_map: f is NULL"},
    {map_without_array, "par_map: an array is NULL"},
    {map_too_large, "par_map: n * size is above PTRDIFF_MAX"},
    {reduce_without_acc, "par_reduce: acc is NULL"},
    {reduce_without_fold, "par_reduce: fold is NULL"},
    {reduce_without_combine, "par_reduce: combine is NULL"},
    {small_struct, "options->struct_size is too small"},
    {unknown_schedule, "options->schedule is unknown"},
    {negative_cost, "options->item_ns must be at least 0"},
    {sum_without_array, "par_sum_double: x is NULL"},
    {dot_without_array, "par_dot_double: an array is NULL"},
    {fill_without_array, "par_fill_int: x is NULL"},
    {for_2d_without_body, "par_for_2d: body is NULL"},
    {for_3d_without_body, "par_for_3d: body is NULL"},
    {strided_without_body, "par_for_strided: body is NULL"},
    {strided_by_0, "par_for_strided: stride is 0"},
    {work_without_body, "par_for_work: body is NULL"},
    {work_without_items, "par_for_work: items is NULL"},
    {work_without_size, "par_for_work: size is 0"},
    {work_too_large, "par_for_work: n * size is above PTRDIFF_MAX"},
    {work_without_item, "par_work_add: item is NULL"},
    {work_add_nowhere, "par_work_add: work is NULL"},
#if !TEST_ASAN
    {work_add_after_the_end, "par_work_add: work is over"},
    {local_get_after_the_end, "par_local_get: the slots are gone"},
#endif
    {copy_without_array, "par_copy_double: an array is NULL"},
};

static void debug_builds_stop(void **state)
{
    (void)state;
    misuses_stop(misuses, sizeof misuses / sizeof misuses[0], NULL);
}

static void release_builds_refuse_arrays_that_cannot_exist(void **state)
{
    (void)state;
    if (misuse_is_checked()) skip();
    for_each_too_large(NULL);
    map_too_large(NULL);
    work_too_large(NULL);
    work_without_size(NULL);
    strided_by_0(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(debug_builds_stop),
        cmocka_unit_test(release_builds_refuse_arrays_that_cannot_exist),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
