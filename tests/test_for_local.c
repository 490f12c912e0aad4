/* test_for_local.c - loops with worker-local state: every item once, one state a worker and never shared by
 * two at a time, any size of it, no memory, combined in the order of the workers. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "fault.h"
#include "misuse.h"
#include "on_pools.h"

typedef struct histogram_t {
    unsigned count[61];
    int in_use; /* by a body, now */
    int n_combined;
} histogram_t;

static void histogram_add(histogram_t *left, const histogram_t *right)
{
    for (int k = 0; k < 61; k++)
        left->count[k] += right->count[k];
    expect(left->in_use == 0 && right->in_use == 0);
    left->n_combined += right->n_combined + 1;
}

static void histogram_combine(void *left, const void *right, void *ctx)
{
    (void)ctx;
    histogram_add(left, right);
}

static void histogram_fold(void *acc, size_t begin, size_t end, void *ctx)
{
    histogram_t *h = acc;
    expect(h->in_use++ == 0); /* ThreadSanitizer sees it too when two have the same */
    expect((uintptr_t)acc % *(size_t *)ctx == 0);
    for (size_t i = begin; i < end; i++)
        h->count[i * 7919 % 61]++;
    h->in_use--;
}

PAR_DEFINE_FOR_LOCAL(count_all, histogram_t, h, histogram_add, size_t, factor, i)
{
    h->count[i * factor % 61]++;
}

static void check_loops(void *ctx)
{
    static const size_t sizes[] = {0, 1, 2, 1000, 300000};
    const par_options_t *options = ctx;
    for (size_t s = 0; s < 5; s++) {
        histogram_t serial = {.n_combined = 0}, h = serial, h2 = serial;
        size_t align = 128, serial_align = 1;
        histogram_fold(&serial, 3, 3 + sizes[s], &serial_align);
        par_for_local(3, 3 + sizes[s], &h, sizeof h, histogram_fold, histogram_combine, &align,
                      options);
        expect(memcmp(h.count, serial.count, sizeof h.count) == 0);
        expect(h.n_combined <= (int)par_num_workers());
        expect(h.n_combined >= (sizes[s] > 0));
        count_all_in(3, 3 + sizes[s], &h2, 7919, options);
        expect(memcmp(h2.count, serial.count, sizeof h.count) == 0);
    }
}

static void every_item_once(void **state)
{
    (void)state;
    par_options_t options = PAR_OPTIONS_INIT;
    on_pools(check_loops, NULL);
    on_pool_of(7, check_loops, NULL);
    options.grain = 100;
    on_pools(check_loops, &options);
    options.schedule = PAR_SCHEDULE_STATIC;
    on_pools(check_loops, &options);
    options.item_ns = 1e5;
    on_pools(check_loops, &options);
}

static void in_the_pool_of_the_options(void **state)
{
    (void)state;
    par_pool_options_t pool_options = PAR_POOL_OPTIONS_INIT;
    par_options_t options = PAR_OPTIONS_INIT;
    pool_options.threads = 3;
    assert_int_equal(par_pool_create(&options.pool, &pool_options), PAR_OK);
    histogram_t h = {.n_combined = 0};
    size_t align = 128;
    par_for_local(0, 300000, &h, sizeof h, histogram_fold, histogram_combine, &align, &options);
    assert_in_range(h.n_combined, 1, 3);
    par_pool_destroy(options.pool);
    no_failures();
}

/* ---- any size, and no memory ---- */

static void bytes_fold(void *acc, size_t begin, size_t end, void *ctx)
{
    size_t bytes = *(size_t *)ctx;
    for (size_t i = begin; i < end; i++)
        ((unsigned char *)acc)[i * 7919 % bytes]++;
}

static void bytes_combine(void *left, const void *right, void *ctx)
{
    for (size_t i = 0; i < *(size_t *)ctx; i++)
        ((unsigned char *)left)[i] += ((const unsigned char *)right)[i];
}

static void check_bytes(void *ctx)
{
    static const size_t sizes[] = {1, 100, 111, 112, 113, 128, 4096, 65537};
    (void)ctx;
    for (size_t s = 0; s < 8; s++) {
        unsigned char *serial = calloc(sizes[s], 1), *acc = calloc(sizes[s], 1);
        size_t bytes = sizes[s];
        bytes_fold(serial, 0, 100000, &bytes);
        unsigned hit = 1;
        for (unsigned k = 0; hit != 0 || k < 2; k++) { /* 0: no fault */
            memset(acc, 0, bytes);
            fault_arm(FAULT_MEMORY, k, UINT_MAX);
            par_for_local(0, 100000, acc, bytes, bytes_fold, bytes_combine, &bytes, NULL);
            hit = fault_disarm().failed;
            expect(memcmp(acc, serial, bytes) == 0);
        }
        free(serial);
        free(acc);
    }
}

static void any_size_with_and_without_memory(void **state)
{
    (void)state;
    on_pools(check_bytes, NULL);
}

static void no_fold(void *acc, size_t begin, size_t end, void *ctx)
{
    (void)acc, (void)begin;
    *(size_t *)ctx = end;
}

/* A size that no memory has runs on acc alone. */
static void check_huge(void *ctx)
{
    (void)ctx;
    size_t last = 0;
    char acc[1];
    par_for_local(0, 10, acc, SIZE_MAX - 5, no_fold, histogram_combine, &last, NULL);
    expect(last == 10);
}

static void sizes_that_do_not_fit(void **state)
{
    (void)state;
    on_pools(check_huge, NULL);
}

/* ---- the order of combination ---- */

typedef struct order_t {
    int last;
} order_t;

static void order_combine(void *left, const void *right, void *ctx)
{
    (void)ctx;
    expect(((order_t *)left)->last < ((const order_t *)right)->last);
    ((order_t *)left)->last = ((const order_t *)right)->last;
}

static void order_fold(void *acc, size_t begin, size_t end, void *ctx)
{
    (void)begin, (void)end, (void)ctx;
    ((order_t *)acc)->last = (int)par_worker_index();
}

static void check_order(void *ctx)
{
    order_t order = {-1};
    par_options_t options = PAR_OPTIONS_INIT;
    (void)ctx;
    options.item_ns = 1e6;
    par_for_local(0, 200, &order, sizeof order, order_fold, order_combine, NULL, &options);
    expect(order.last >= 0);
}

static void combined_by_worker_index(void **state)
{
    (void)state;
    on_pools(check_order, NULL);
}

/* ---- misuse ---- */

/* Hidden from the compiler, which would warn. */
static void *volatile nothing;
static par_combine_fn *volatile no_combine;

static void for_without_acc(void *ctx)
{
    par_for_local(0, 1, nothing, 8, no_fold, bytes_combine, ctx, NULL);
}

static void for_without_combine(void *ctx)
{
    char acc[8];
    par_for_local(0, 1, acc, 8, no_fold, no_combine, ctx, NULL);
}

static const misuse_t misuses[] = {
    {for_without_acc, "par_for_local: acc is NULL"},
    {for_without_combine, "par_for_local: combine is NULL"},
};

static void debug_builds_stop(void **state)
{
    (void)state;
    misuses_stop(misuses, sizeof misuses / sizeof misuses[0], NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_item_once),
        cmocka_unit_test(in_the_pool_of_the_options),
        cmocka_unit_test(any_size_with_and_without_memory),
        cmocka_unit_test(sizes_that_do_not_fit),
        cmocka_unit_test(combined_by_worker_index),
        cmocka_unit_test(debug_builds_stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
