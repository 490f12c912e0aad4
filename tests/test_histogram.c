/* test_histogram.c - counts and reductions into buckets against serial loops, on pools of any size, with
 * keys of every type, out of range, with and without memory. */
#include "fault.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "on_pools.h"

#include "misuse.h"

static uint64_t random_next(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return *seed ^ *seed >> 29;
}

static const size_t sizes[] = {0, 1, 2, 5, 100, 2047, 2049, 5000, 60001, 300000};
static const size_t bucket_numbers[] = {0,     1,     2,      3,      10,      100,    127,  128,
                                        129,   255,   256,    257,    1000,    1024,   1025, 4097,
                                        32768, 65536, 262144, 262145, 1000000, 3000000};
enum { N_SIZES = sizeof sizes / sizeof sizes[0] };
enum { N_NUMBERS = sizeof bucket_numbers / sizeof bucket_numbers[0] };
enum { MOST = 300000, MOST_BUCKETS = 3000000 };

/* Keys around the range: most inside, all equal, or all of the type. */
static uint64_t key_make(uint64_t *seed, unsigned pattern, size_t n_buckets)
{
    uint64_t r = random_next(seed);
    switch (pattern) {
    case 0:
        return r % (n_buckets + 2);
    case 1:
        return n_buckets / 2;
    default:
        return r >> (r >> 58);
    }
}

#define DEFINE_CHECK(name, type)                                                                   \
    static void check_one_##name(const type *keys, size_t n, size_t n_buckets, size_t *counts,     \
                                 size_t *serial)                                                   \
    {                                                                                              \
        size_t n_outside = 0;                                                                      \
        memset(serial, 0, n_buckets * sizeof *serial);                                             \
        memset(counts, 0x55, n_buckets * sizeof *counts);                                          \
        for (size_t i = 0; i < n; i++)                                                             \
            if ((keys[i] > 0 || keys[i] == 0) && (uint64_t)keys[i] < n_buckets)                    \
                serial[(size_t)keys[i]]++;                                                         \
            else                                                                                   \
                n_outside++;                                                                       \
        expect(par_histogram(keys, n, counts, n_buckets) == n_outside);                            \
        expect(memcmp(counts, serial, n_buckets * sizeof *counts) == 0);                           \
    }                                                                                              \
                                                                                                   \
    static void check_##name(void *ctx)                                                            \
    {                                                                                              \
        uint64_t seed = 11;                                                                        \
        type *keys = malloc((MOST + 1) * sizeof(type));                                            \
        size_t *counts = malloc(MOST_BUCKETS * sizeof *counts);                                    \
        size_t *serial = malloc(MOST_BUCKETS * sizeof *serial);                                    \
        (void)ctx;                                                                                 \
        for (size_t b = 0; b < N_NUMBERS; b++) {                                                   \
            if (bucket_numbers[b] > (TEST_TSAN ? 5000 : 100000) &&                                 \
                (TEST_TSAN || sizeof(type) < 4))                                                   \
                continue;                                                                          \
            for (unsigned pattern = 0; pattern < 3; pattern++) {                                   \
                size_t n = sizes[(b + pattern * 7) % N_SIZES];                                     \
                for (size_t i = 0; i <= n; i++)                                                    \
                    keys[i] = (type)key_make(&seed, pattern, bucket_numbers[b]);                   \
                check_one_##name(keys + 1, n, bucket_numbers[b], counts, serial);                  \
            }                                                                                      \
        }                                                                                          \
        free(keys);                                                                                \
        free(counts);                                                                              \
        free(serial);                                                                              \
    }                                                                                              \
                                                                                                   \
    static void counts_##name(void **state)                                                        \
    {                                                                                              \
        (void)state;                                                                               \
        check_##name(NULL);                                                                        \
        no_failures();                                                                             \
        on_pool_of(3, check_##name, NULL);                                                         \
    }
PAR_KEY_MAP(DEFINE_CHECK)

/* Every number of buckets, n keys each: all kinds of tables. */
static void check_tables(void *ctx)
{
    uint64_t seed = 5;
    unsigned *keys = malloc(MOST * sizeof *keys);
    size_t *counts = malloc(MOST_BUCKETS * sizeof *counts);
    size_t *serial = malloc(MOST_BUCKETS * sizeof *serial);
    (void)ctx;
    for (size_t b = 0; b < N_NUMBERS; b++)
        for (unsigned pattern = 0; pattern < (TEST_TSAN || TEST_ASAN ? 1 : 2); pattern++) {
            for (size_t i = 0; i < MOST; i++)
                keys[i] = (unsigned)key_make(&seed, pattern, bucket_numbers[b]);
            check_one_uint(keys, MOST, bucket_numbers[b], counts, serial);
        }
    free(keys);
    free(counts);
    free(serial);
}

static void every_table_on_every_pool(void **state)
{
    (void)state;
    on_pool_of(7, check_tables, NULL);
    if (!TEST_TSAN) on_pools(check_tables, NULL);
}

static void without_memory(void **state)
{
    (void)state;
    static const size_t few_numbers[] = {10, 5000, 300000};
    uint64_t seed = 5;
    unsigned *keys = malloc(MOST * sizeof *keys);
    size_t *counts = malloc(MOST_BUCKETS * sizeof *counts);
    size_t *serial = malloc(MOST_BUCKETS * sizeof *serial);
    for (size_t b = 0; b < (TEST_TSAN ? 1 : 3); b++) {
        for (size_t i = 0; i < MOST; i++)
            keys[i] = (unsigned)key_make(&seed, 0, few_numbers[b]);
        unsigned hit = 1;
        for (unsigned k = 1; hit && k < 50; k++) {
            fault_arm(FAULT_MEMORY, k, 1 + k % 2 * 1000);
            check_one_uint(keys, MOST, few_numbers[b], counts, serial);
            hit = fault_disarm().failed;
        }
        assert_int_equal(hit, 0);
    }
    free(keys);
    free(counts);
    free(serial);
    no_failures();
}

/* ---- computed buckets ---- */

PAR_DEFINE_HISTOGRAM(count_digits, size_t, factor, i)
{
    return i * factor % 11;
}

static void check_computed(void *ctx)
{
    (void)ctx;
    for (size_t s = 0; s < N_SIZES; s++) {
        size_t serial[11] = {0}, counts[10];
        for (size_t i = 7; i < 7 + sizes[s]; i++)
            serial[i * 13 % 11]++;
        expect(count_digits(7, 7 + sizes[s], counts, 10, 13) == serial[10]);
        expect(memcmp(counts, serial, sizeof counts) == 0);
    }
    expect(count_digits(9, 3, NULL, 0, 1) == 0);
    expect(count_digits(0, 5000, NULL, 0, 1) == 5000);
}

static void computed_buckets(void **state)
{
    (void)state;
    on_pools(check_computed, NULL);
}

/* ---- reductions ---- */

/* Not commutative: the first and the last item, which must be in order, and how many. */
typedef struct run_t {
    size_t first, last, n;
    unsigned is_wrong;
} run_t;

static const run_t no_run = {0, 0, 0, 0};

static run_t run_join(run_t a, run_t b)
{
    if (a.n == 0) return b;
    if (b.n == 0) return a;
    return (run_t){a.first, b.last, a.n + b.n, a.is_wrong | b.is_wrong | (a.last >= b.first)};
}

typedef struct items_t {
    const unsigned *keys;
} items_t;

PAR_DEFINE_COLLECT_REDUCE(collect_runs, run_t, no_run, a, b, run_join(a, b), items_t, in, i, bucket)
{
    *bucket = in.keys[i];
    return (run_t){i, i, 1, 0};
}

static void check_runs(void *ctx)
{
    static const size_t numbers[] = {1, 7, 300, 5000, 200000};
    uint64_t seed = 3;
    unsigned *keys = malloc(MOST * sizeof *keys);
    run_t *runs = malloc(200000 * sizeof *runs), *serial = malloc(200000 * sizeof *serial);
    (void)ctx;
    for (size_t b = 0; b < 5; b++)
        for (size_t s = 0; s < N_SIZES; s++) {
            size_t n_outside = 0;
            memset(serial, 0, numbers[b] * sizeof *serial);
            for (size_t i = 0; i < sizes[s]; i++) {
                keys[i] = (unsigned)key_make(&seed, s % 2, numbers[b]);
                if (keys[i] < numbers[b])
                    serial[keys[i]] = run_join(serial[keys[i]], (run_t){i, i, 1, 0});
                else
                    n_outside++;
            }
            expect(collect_runs(0, sizes[s], runs, numbers[b], (items_t){keys}) == n_outside);
            for (size_t k = 0; k < numbers[b]; k++)
                expect(!runs[k].is_wrong && runs[k].n == serial[k].n &&
                       runs[k].first == serial[k].first && runs[k].last == serial[k].last);
        }
    free(keys);
    free(runs);
    free(serial);
}

static void reductions_keep_the_order(void **state)
{
    (void)state;
    on_pools(check_runs, NULL);
    on_pool_of(7, check_runs, NULL);
}

/* Values of any size: each byte is added. */
static size_t value_size;
static unsigned first_fault, n_hits; /* no memory from this call on; 0: there is */

static void bytes_items(size_t *bucket, void *value, size_t begin, size_t end, void *ctx)
{
    expect((uintptr_t)value % 64 == 0); /* as par/histogram.h says */
    for (size_t i = begin; i < end; i++) {
        bucket[i - begin] = i * 7919 % *(size_t *)ctx;
        memset((unsigned char *)value + (i - begin) * value_size, (int)(i % 251), value_size);
    }
}

static void bytes_absorb(void *acc, const size_t *bucket, const void *value, size_t n, void *ctx)
{
    for (size_t k = 0; k < n; k++) {
        expect(bucket[k] < *(size_t *)ctx - 1);
        for (size_t b = 0; b < value_size; b++)
            ((unsigned char *)acc)[bucket[k] * value_size + b] +=
                ((const unsigned char *)value)[k * value_size + b];
    }
}

static void check_values(void *ctx)
{
    static const size_t value_sizes[] = {1, 3, 4, 8, 12, 1000, 20000};
    (void)ctx;
    for (size_t v = 0; v < 7; v++)
        for (size_t n_buckets = 5; n_buckets < 20000; n_buckets *= 61) {
            value_size = value_sizes[v];
            if (value_size * n_buckets > (TEST_TSAN ? 50000 : 10000000)) continue;
            size_t n = value_size > 100 ? 4500 : 40000, wrap = n_buckets + 1, n_outside = 0;
            unsigned char *acc = calloc(n_buckets, value_size);
            unsigned char *sums = calloc(n_buckets + 1, 1);
            for (size_t i = 0; i < n; i++) {
                sums[i * 7919 % wrap] += (unsigned char)(i % 251);
                n_outside += i * 7919 % wrap == n_buckets;
            }
            if (first_fault > 0) fault_arm(FAULT_MEMORY, first_fault, UINT_MAX);
            size_t told = par_collect_reduce(0, n, acc, value_size, n_buckets, bytes_items,
                                             bytes_absorb, &wrap);
            if (first_fault > 0) n_hits += fault_disarm().failed;
            expect(told == n_outside);
            for (size_t b = 0; b < n_buckets; b++)
                expect(acc[b * value_size] == sums[b] && acc[(b + 1) * value_size - 1] == sums[b]);
            free(acc);
            free(sums);
        }
}

static void values_of_any_size(void **state)
{
    (void)state;
    check_values(NULL);
    no_failures();
    for (first_fault = 1, n_hits = 1; n_hits > 0 && first_fault < 100; first_fault++) {
        n_hits = 0;
        check_values(NULL);
    }
    first_fault = 0;
    no_failures();
}

/* ---- weights ---- */

typedef struct weights_t {
    const short *keys;
    const double *weights;
    double *first; /* sums of the first run, for the bits */
    size_t n, n_buckets;
    int has_first;
} weights_t;

static void check_weights(void *ctx)
{
    weights_t *w = ctx;
    double *sums = malloc(w->n_buckets * sizeof *sums);
    long double *serial = calloc(w->n_buckets, sizeof *serial);
    size_t n_outside = 0;
    for (size_t i = 0; i < w->n; i++)
        if (w->keys[i] >= 0 && (size_t)w->keys[i] < w->n_buckets)
            serial[w->keys[i]] += w->weights[i];
        else
            n_outside++;
    expect(par_histogram_weighted(w->keys, w->weights, w->n, sums, w->n_buckets) == n_outside);
    for (size_t b = 0; b < w->n_buckets; b++)
        expect(sums[b] - (double)serial[b] < 1e-9 && (double)serial[b] - sums[b] < 1e-9);
    if (w->has_first)
        expect(memcmp(w->first, sums, w->n_buckets * sizeof *sums) == 0);
    else
        memcpy(w->first, sums, w->n_buckets * sizeof *sums);
    w->has_first = 1;
    free(sums);
    free(serial);
}

static void weights_have_the_same_bits(void **state)
{
    (void)state;
    static const size_t numbers[] = {3, 1000, 30000};
    uint64_t seed = 17;
    short *keys = malloc(MOST * sizeof *keys);
    double *weights = malloc(MOST * sizeof *weights), *first = malloc(30000 * sizeof *first);
    for (size_t b = 0; b < 3; b++) {
        weights_t w = {keys, weights, first, MOST - 11, numbers[b], 0};
        for (size_t i = 0; i < MOST; i++) {
            keys[i] = (short)(random_next(&seed) % (numbers[b] + 2) - 1);
            weights[i] = (double)(random_next(&seed) >> 40) * 1e-7;
        }
        on_pools(check_weights, &w);
        on_pool_of(7, check_weights, &w);
    }
    free(keys);
    free(weights);
    free(first);
}

/* ---- misuse ---- */

static void counts_are_null(void *ctx)
{
    const int key = 1;
    (void)ctx;
    par_histogram(&key, 1, NULL, 5);
}

static void bucket_is_null(void *ctx)
{
    size_t count;
    par_histogram_range(0, 1, &count, 1, NULL, ctx);
}

static void acc_size_is_zero(void *ctx)
{
    size_t count = 0;
    par_collect_reduce(0, 1, &count, 0, 1, bytes_items, bytes_absorb, ctx);
}

static const struct {
    misuse_fn *call;
    const char *sentence;
} misuses[] = {
    {counts_are_null, "par_histogram_int: counts is NULL"},
    {bucket_is_null, "par_histogram_range: bucket is NULL"},
    {acc_size_is_zero, "par_collect_reduce: acc_size is 0"},
};

static void debug_builds_stop(void **state)
{
    (void)state;
    if (!misuse_is_checked()) skip();
    par_shutdown();
    for (size_t i = 0; i < sizeof misuses / sizeof misuses[0]; i++) {
        char said[512];
        if (!misuse_stops(misuses[i].call, NULL, misuses[i].sentence, said, sizeof said))
            fail_msg("no stop with \"%s\" but: %s", misuses[i].sentence, said);
    }
}

#define COUNTS_TEST(name, type) cmocka_unit_test(counts_##name),

int main(void)
{
    const struct CMUnitTest tests[] = {
        PAR_KEY_MAP(COUNTS_TEST) cmocka_unit_test(every_table_on_every_pool),
        cmocka_unit_test(without_memory),
        cmocka_unit_test(computed_buckets),
        cmocka_unit_test(reductions_keep_the_order),
        cmocka_unit_test(values_of_any_size),
        cmocka_unit_test(weights_have_the_same_bits),
        cmocka_unit_test(debug_builds_stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
