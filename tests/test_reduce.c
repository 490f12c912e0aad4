/* test_reduce.c - reductions: order kept, the same bits for any number of workers, any size of
 * accumulator. */
#include "fault.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "on_pools.h"

enum { GRAIN = 16 };

static const size_t sizes[] = {0, 1, 2, 3, GRAIN - 1, GRAIN, GRAIN + 1, 1000, 4097, 70000, 1000000};
enum { N_SIZES = sizeof sizes / sizeof sizes[0] };

/* ---- affine maps modulo 2^64: associative, not commutative, exact ---- */

typedef struct affine_t {
    uint64_t a, b; /* x -> a x + b */
} affine_t;

static const affine_t affine_identity = {1, 0};

static affine_t affine_item(size_t i)
{
    return (affine_t){2 * (uint64_t)i + 1, (uint64_t)i * i + 7};
}

/* First left, then right. */
static affine_t affine_then(affine_t left, affine_t right)
{
    return (affine_t){right.a * left.a, right.a * left.b + right.b};
}

static void affine_fold(void *acc, size_t begin, size_t end, void *ctx)
{
    (void)ctx;
    for (size_t i = begin; i < end; i++)
        *(affine_t *)acc = affine_then(*(affine_t *)acc, affine_item(i));
}

static void affine_combine(void *left, const void *right, void *ctx)
{
    (void)ctx;
    *(affine_t *)left = affine_then(*(affine_t *)left, *(const affine_t *)right);
}

PAR_DEFINE_REDUCE(affine_all, affine_t, affine_identity, a, b, affine_then(a, b), int, unused, i)
{
    (void)unused;
    return affine_item(i);
}

static void check_affine(void *ctx)
{
    const par_options_t *options = ctx;
    for (size_t s = 0; s < N_SIZES; s++) {
        affine_t serial = affine_identity, acc = affine_identity;
        affine_fold(&serial, 3, 3 + sizes[s], NULL);
        par_reduce(3, 3 + sizes[s], &acc, sizeof acc, affine_fold, affine_combine, NULL, options);
        expect(memcmp(&acc, &serial, sizeof acc) == 0);
        acc = affine_all_in(3, 3 + sizes[s], 0, options);
        expect(memcmp(&acc, &serial, sizeof acc) == 0);
        acc = affine_all(3, 3 + sizes[s], 0);
        expect(memcmp(&acc, &serial, sizeof acc) == 0);
    }
}

static void order_is_kept(void **state)
{
    (void)state;
    on_pools(check_affine, NULL);
    static const size_t grains[] = {1, GRAIN, 100000, SIZE_MAX};
    for (size_t g = 0; g < 4; g++) {
        par_options_t options = PAR_OPTIONS_INIT;
        options.grain = grains[g];
        on_pools(check_affine, &options);
        options.schedule = PAR_SCHEDULE_STATIC;
        on_pools(check_affine, &options);
    }
    par_options_t options = PAR_OPTIONS_INIT;
    static const double costs[] = {1e-3, 10, 1e6};
    for (size_t c = 0; c < 3; c++) {
        options.item_ns = costs[c];
        on_pools(check_affine, &options);
    }
}

static void empty_leaves_acc(void **state)
{
    (void)state;
    affine_t acc = {5, 6};
    par_reduce(4, 4, &acc, sizeof acc, affine_fold, affine_combine, NULL, NULL);
    par_reduce(4, 3, &acc, sizeof acc, affine_fold, affine_combine, NULL, NULL);
    assert_true(acc.a == 5 && acc.b == 6);
}

/* ---- leaves are as promised ---- */

static void leaf_fold(void *acc, size_t begin, size_t end, void *ctx)
{
    const size_t *n = ctx;
    expect(begin % GRAIN == 0 && (end - begin == GRAIN || end == *n));
    *(size_t *)acc += end - begin;
}

static void size_combine(void *left, const void *right, void *ctx)
{
    (void)ctx;
    *(size_t *)left += *(const size_t *)right;
}

static void check_leaves(void *ctx)
{
    (void)ctx;
    for (size_t s = 0; s < N_SIZES; s++) {
        size_t n = sizes[s], seen = 0;
        par_options_t options = PAR_OPTIONS_INIT;
        options.grain = GRAIN;
        par_reduce(0, n, &seen, sizeof seen, leaf_fold, size_combine, &n, &options);
        expect(seen == n);
    }
}

static void leaves_have_the_grain(void **state)
{
    (void)state;
    on_pools(check_leaves, NULL);
}

static void count_fold(void *acc, size_t begin, size_t end, void *ctx)
{
    (void)ctx;
    *(size_t *)acc += end - begin;
}

static void check_end_of_size_t(void *ctx)
{
    (void)ctx;
    size_t seen = 0;
    par_reduce(1, SIZE_MAX, &seen, sizeof seen, count_fold, size_combine, NULL, NULL);
    expect(seen == SIZE_MAX - 1);
    seen = 0;
    par_reduce(SIZE_MAX - 777, SIZE_MAX, &seen, sizeof seen, count_fold, size_combine, NULL, NULL);
    expect(seen == 777);
}

static void ends_of_size_t(void **state)
{
    (void)state;
    on_pools(check_end_of_size_t, NULL);
}

/* ---- large accumulators: histograms of 257 bytes to 64 KiB ---- */

typedef struct histogram_t {
    size_t bytes;
} histogram_t;

static void histogram_fold(void *acc, size_t begin, size_t end, void *ctx)
{
    size_t bytes = ((histogram_t *)ctx)->bytes;
    for (size_t i = begin; i < end; i++)
        ((unsigned char *)acc)[i * 7919 % bytes]++;
}

static void histogram_combine(void *left, const void *right, void *ctx)
{
    size_t bytes = ((histogram_t *)ctx)->bytes;
    for (size_t i = 0; i < bytes; i++)
        ((unsigned char *)left)[i] += ((const unsigned char *)right)[i];
}

static void check_histogram(void *ctx)
{
    (void)ctx;
    static const size_t bytes[] = {1, 255, 256, 257, 1000, 65536};
    for (size_t b = 0; b < 6; b++) {
        histogram_t h = {bytes[b]};
        unsigned char *serial = calloc(bytes[b], 1), *acc = calloc(bytes[b], 1);
        histogram_fold(serial, 0, 20000, &h);
        par_reduce(0, 20000, acc, bytes[b], histogram_fold, histogram_combine, &h, NULL);
        expect(memcmp(acc, serial, bytes[b]) == 0);
        free(serial);
        free(acc);
    }
}

static void accumulators_of_any_size(void **state)
{
    (void)state;
    on_pools(check_histogram, NULL);
}

/* Without memory: each allocation in turn, then all of them from one on. */
static void check_without_memory(void *ctx)
{
    histogram_t h = {1000};
    unsigned char serial[1000] = {0}, acc[1000];
    (void)ctx;
    histogram_fold(serial, 0, 20000, &h);
    unsigned hit = 1;
    for (unsigned k = 1; hit != 0; k = k < 8 ? k + 1 : k * 2) {
        for (unsigned many = 0; many < 2; many++) {
            memset(acc, 0, sizeof acc);
            fault_arm(FAULT_MEMORY, k, many ? UINT_MAX : 1);
            par_reduce(0, 20000, acc, h.bytes, histogram_fold, histogram_combine, &h, NULL);
            hit = fault_disarm().failed;
            expect(memcmp(acc, serial, h.bytes) == 0);
        }
    }
}

static void without_memory(void **state)
{
    (void)state;
    on_pools(check_without_memory, NULL);
}

/* ---- floating point: the same bits ---- */

PAR_DEFINE_REDUCE(sum_in_order, double, 0.0, a, b, a + b, const double *, x, i)
{
    return x[i];
}

PAR_DEFINE_REDUCE_COMMUTATIVE(sum_in_lanes, double, 0.0, a, b, a + b, const double *, x, i)
{
    return x[i];
}

typedef struct sums_t {
    const double *x;
    size_t n;
    double in_order, in_lanes;
} sums_t;

static void check_sums(void *ctx)
{
    const sums_t *sums = ctx;
    double in_order = sum_in_order(0, sums->n, sums->x);
    double in_lanes = sum_in_lanes(0, sums->n, sums->x);
    expect(memcmp(&in_order, &sums->in_order, sizeof in_order) == 0);
    expect(memcmp(&in_lanes, &sums->in_lanes, sizeof in_lanes) == 0);
}

static void bits_do_not_depend_on_workers(void **state)
{
    (void)state;
    size_t most = 300000;
    double *x = malloc(most * sizeof *x);
    uint64_t seed = 1;
    for (size_t i = 0; i < most; i++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        x[i] = (double)(int64_t)seed / (double)(1 + (seed >> 20 & 0xffff));
    }
    static const size_t ns[] = {1, 31, 32, 33, 63, 1000, 300000};
    for (size_t k = 0; k < 7; k++) {
        sums_t sums = {x, ns[k], sum_in_order(0, ns[k], x), sum_in_lanes(0, ns[k], x)};
        for (int run = 0; run < 20; run++)
            check_sums(&sums);
        on_pools(check_sums, &sums);
    }
    free(x);
}

/* ---- a reduction whose fold reduces ---- */

static void nested_fold(void *acc, size_t begin, size_t end, void *ctx)
{
    (void)ctx;
    for (size_t i = begin; i < end; i++) {
        size_t inner = 0;
        par_reduce(0, i, &inner, sizeof inner, count_fold, size_combine, NULL, NULL);
        *(size_t *)acc += inner;
    }
}

static void check_nested(void *ctx)
{
    (void)ctx;
    size_t acc = 0;
    par_reduce(0, 2000, &acc, sizeof acc, nested_fold, size_combine, NULL, NULL);
    expect(acc == (size_t)2000 * 1999 / 2);
}

static void nested(void **state)
{
    (void)state;
    on_pools(check_nested, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(order_is_kept),
        cmocka_unit_test(empty_leaves_acc),
        cmocka_unit_test(leaves_have_the_grain),
        cmocka_unit_test(ends_of_size_t),
        cmocka_unit_test(accumulators_of_any_size),
        cmocka_unit_test(without_memory),
        cmocka_unit_test(bits_do_not_depend_on_workers),
        cmocka_unit_test(nested),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
