/* test_group.c - group_by, reduce_by_key and distinct against a serial form, on pools of any size, with
 * keys of any size, without memory, and with hashes and equalities that lie. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "fault.h"
#include "on_pools.h"
#include "random_next.h"

/* Enough for a sample to be taken. */
enum { MOST = 140000 };

/* What all forms are checked with. Keys are numbers below MOST, so that the serial form is a table. */
typedef struct data_t {
    size_t n;
    unsigned *key;
    size_t *first, *group; /* of each key: its first item; of each item: its group */
    size_t n_groups;
    size_t *order, *offsets;
    size_t *firsts; /* of each group */
} data_t;

static data_t data_make(size_t n, unsigned pattern)
{
    uint64_t seed = n + pattern;
    data_t d = {.n = n};
    d.key = malloc((n + 1) * sizeof *d.key);
    d.first = malloc(MOST * sizeof *d.first);
    d.group = malloc((n + 1) * sizeof *d.group);
    d.order = malloc((n + 1) * sizeof *d.order);
    d.offsets = malloc((n + 1) * sizeof *d.offsets);
    d.firsts = malloc((n + 1) * sizeof *d.firsts);
    for (size_t i = 0; i < n; i++) {
        uint64_t r = random_next(&seed);
        switch (pattern) {
        case 0:
            d.key[i] = (unsigned)(r % (n / 10 + 1));
            break; /* groups of 10 */
        case 1:
            d.key[i] = 7;
            break; /* all equal */
        case 2:
            d.key[i] = (unsigned)(n - 1 - i);
            break; /* all different */
        case 3:
            d.key[i] = (unsigned)(r % 5);
            break; /* few */
        case 4:
            d.key[i] = (unsigned)(r % 64 < 60 ? 3 : r % n);
            break; /* one frequent */
        default:
            d.key[i] = (unsigned)(i / 64);
            break; /* runs */
        }
    }
    memset(d.first, 0xff, MOST * sizeof *d.first);
    for (size_t i = 0; i < n; i++) {
        if (d.first[d.key[i]] == SIZE_MAX) {
            d.first[d.key[i]] = i;
            d.firsts[d.n_groups] = i;
            d.group[i] = d.n_groups++;
        } else {
            d.group[i] = d.group[d.first[d.key[i]]];
        }
    }
    return d;
}

static void data_free(data_t *d)
{
    free(d->key);
    free(d->first);
    free(d->group);
    free(d->order);
    free(d->offsets);
    free(d->firsts);
}

enum { N_PATTERNS = 6 };

/* order and offsets are what must come out. */
static void expect_groups(const data_t *d, size_t n_groups)
{
    expect(n_groups == d->n_groups);
    if (n_groups != d->n_groups) return;
    expect(d->offsets[0] == 0 && d->offsets[n_groups] == d->n);
    for (size_t g = 0; g < n_groups; g++) {
        expect(d->offsets[g] < d->offsets[g + 1]);
        expect(d->order[d->offsets[g]] == d->firsts[g]);
        for (size_t k = d->offsets[g]; k < d->offsets[g + 1]; k++) {
            expect(d->order[k] < d->n && d->group[d->order[k]] == g);
            if (k > d->offsets[g]) expect(d->order[k - 1] < d->order[k]);
        }
    }
}

/* ---- keys of any kind ---- */

static uint64_t modest_hash(const void *key, void *ctx)
{
    unsigned number;
    (void)ctx;
    memcpy(&number, key, sizeof number);
    return number / 3;
}

static int is_equal(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    return memcmp(a, b, sizeof(unsigned)) == 0;
}

/* The keys, size bytes each: distinct for distinct numbers if size is 3 or more. */
static unsigned char *keys_make(const data_t *d, size_t size)
{
    unsigned char *keys = malloc(d->n * size + 1);
    for (size_t i = 0; i < d->n; i++) {
        memset(keys + i * size, 0x5a, size);
        for (size_t byte = 0; byte < size && byte < 4; byte++) /* the lowest first on any machine */
            keys[i * size + byte] = (unsigned char)(d->key[i] >> 8 * byte);
    }
    return keys;
}

PAR_DEFINE_GROUP_BY(group_numbers, const unsigned *, key, i)
{
    return (uint64_t)key[i] << 40;
}

/* Sums that tell the order: concatenated runs, as in test_histogram.c. */
typedef struct run_t {
    size_t first, last, n, is_wrong;
} run_t;

PAR_DEFINE_REDUCE_BY_KEY(reduce_runs, unsigned, run_t, a, b)
{
    return (run_t){a.first, b.last, a.n + b.n, a.is_wrong | b.is_wrong | (a.last >= b.first)};
}

static void check_grouping(data_t *d, const unsigned char *keys, const par_key_t *key)
{
    memset(d->order, 0x55, d->n * sizeof *d->order);
    expect_groups(d, par_group_by_key(keys, d->n, key, d->order, d->offsets));
    unsigned char *out = malloc(d->n * key->size + 1);
    size_t n = par_distinct_by_key(out, keys, d->n, key);
    expect(n == d->n_groups);
    for (size_t g = 0; g < n && g < d->n_groups; g++)
        expect(memcmp(out + g * key->size, keys + d->firsts[g] * key->size, key->size) == 0);
    free(out);
}

static void check_reducing(data_t *d, const par_key_t *key)
{
    run_t *runs = malloc((d->n + 1) * sizeof *runs), *out = malloc((d->n + 1) * sizeof *out);
    unsigned *out_keys = malloc((d->n + 1) * sizeof *out_keys);
    for (size_t i = 0; i < d->n; i++)
        runs[i] = (run_t){i, i, 1, 0};
    size_t n = key != NULL ? reduce_runs_by(out_keys, out, d->key, runs, d->n, key)
                           : reduce_runs(out_keys, out, d->key, runs, d->n);
    expect(n == d->n_groups);
    for (size_t g = 0; g < n && g < d->n_groups; g++) {
        size_t count = 0, last = d->firsts[g];
        expect(out_keys[g] == d->key[d->firsts[g]] && out[g].first == d->firsts[g]);
        if (d->n < 5000)
            for (size_t i = last; i < d->n; i++)
                if (d->group[i] == g) {
                    count++;
                    last = i;
                }
        if (d->n < 5000 && g % 17 == 0) expect(out[g].n == count && out[g].last == last);
        expect(!out[g].is_wrong && out[g].n > 0);
    }
    size_t total = 0;
    for (size_t g = 0; g < n; g++)
        total += out[g].n;
    expect(total == d->n);
    free(runs);
    free(out);
    free(out_keys);
}

static void check_all(data_t *d)
{
    static const size_t key_sizes[] = {3, 4, 5, 8, 12, 16};
    for (size_t s = 0; s < sizeof key_sizes / sizeof key_sizes[0]; s++) {
        unsigned char *keys = keys_make(d, key_sizes[s]);
        check_grouping(d, keys, &(par_key_t){.size = key_sizes[s]});
        free(keys);
    }
    const par_key_t hashed = {4, modest_hash, is_equal, NULL};
    check_grouping(d, (unsigned char *)d->key, &hashed);
    expect_groups(d, par_group_by(d->key, d->n, d->order, d->offsets));
    expect_groups(d, group_numbers(d->n, d->order, d->offsets, d->key));
    check_reducing(d, NULL);
    check_reducing(d, &hashed);
}

static void check_sizes(void *ctx)
{
    static const size_t sizes[] = {0, 1, 2, 3, 100, 513, 4096, 4097, 5000};
    (void)ctx;
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++)
        for (unsigned pattern = 0; pattern < N_PATTERNS; pattern++) {
            data_t d = data_make(sizes[s], pattern);
            check_all(&d);
            data_free(&d);
        }
}

static void check_large(void *ctx)
{
    (void)ctx;
    for (unsigned pattern = 0; pattern < N_PATTERNS; pattern++) {
        data_t d = data_make(MOST, pattern);
        check_all(&d);
        data_free(&d);
    }
}

static void any_size_and_pattern(void **state)
{
    (void)state;
    check_sizes(NULL);
    no_failures();
    on_pool_of(3, check_sizes, NULL);
}

static void large_ones_on_every_pool(void **state)
{
    (void)state;
    on_pool_of(7, check_large, NULL);
    if (!TEST_TSAN) on_pools(check_large, NULL);
}

/* ---- narrow keys ---- */

#define CHECK_TYPE(name, type)                                                                     \
    {                                                                                              \
        type keys[6000], out[6000];                                                                \
        size_t n_groups = 0, seen[256] = {0};                                                      \
        for (size_t i = 0; i < 6000; i++) {                                                        \
            keys[i] = (type)(i * i % 251 - 100);                                                   \
            n_groups += seen[i * i % 251]++ == 0;                                                  \
        }                                                                                          \
        expect(par_group_by(keys, 6000, order, offsets) == n_groups);                              \
        expect(offsets[n_groups] == 6000);                                                         \
        for (size_t g = 0; g < n_groups; g++)                                                      \
            for (size_t k = offsets[g]; k < offsets[g + 1]; k++)                                   \
                expect(keys[order[k]] == keys[order[offsets[g]]]);                                 \
        expect(par_remove_duplicates(out, keys, 6000) == n_groups);                                \
        for (size_t g = 0; g < n_groups; g++)                                                      \
            expect(out[g] == keys[order[offsets[g]]]);                                             \
    }

static void every_integer_type(void **state)
{
    (void)state;
    static size_t order[6000], offsets[6001];
    PAR_KEY_MAP(CHECK_TYPE)
    no_failures();
}

/* ---- sums of floating-point numbers ---- */

PAR_DEFINE_REDUCE_BY_KEY(sum_by, unsigned, double, a, b)
{
    return a + b;
}

static double *first_sums;

static void check_sums(void *ctx)
{
    const data_t *d = ctx;
    double *values = malloc(d->n * sizeof *values), *sums = malloc(d->n * sizeof *sums);
    unsigned *out_keys = malloc(d->n * sizeof *out_keys);
    for (size_t i = 0; i < d->n; i++)
        values[i] = 1.0 / (double)(i + 1);
    expect(sum_by(out_keys, sums, d->key, values, d->n) == d->n_groups);
    if (first_sums == NULL) {
        first_sums = sums;
    } else {
        expect(memcmp(first_sums, sums, d->n_groups * sizeof *sums) == 0);
        free(sums);
    }
    free(values);
    free(out_keys);
}

static void sums_have_the_same_bits(void **state)
{
    (void)state;
    for (unsigned pattern = 0; pattern < N_PATTERNS; pattern++) {
        data_t d = data_make(MOST, pattern);
        on_pools(check_sums, &d);
        if (!TEST_TSAN && !TEST_ASAN) on_pool_of(7, check_sums, &d);
        free(first_sums);
        first_sums = NULL;
        data_free(&d);
    }
}

/* ---- no memory ---- */

/* The hash tells keys apart, so that nothing is left to compare: equal is asked of keys with equal hashes
 * only. */
static uint64_t whole_hash(const void *key, void *ctx)
{
    unsigned number;
    (void)ctx;
    memcpy(&number, key, sizeof number);
    return number;
}

static int always_equal(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    expect(memcmp(a, b, sizeof(unsigned)) == 0);
    return 1;
}

static void check_without_memory(data_t *d, unsigned n_failures)
{
    const par_key_t bytes = {.size = 4}, hashed = {4, whole_hash, always_equal, NULL};
    run_t *runs = malloc(d->n * sizeof *runs), *out = malloc(d->n * sizeof *out);
    unsigned *out_keys = malloc(d->n * sizeof *out_keys);
    unsigned hit = 1, step = d->n_groups > 1000 ? 4 : 1; /* each takes the square of it */
    for (size_t i = 0; i < d->n; i++)
        runs[i] = (run_t){i, i, 1, 0};
    for (unsigned k = 1; hit && k < 60; k += step) {
        fault_arm(FAULT_MEMORY, k, n_failures);
        size_t n_groups = par_group_by(d->key, d->n, d->order, d->offsets);
        hit = fault_disarm().failed;
        expect_groups(d, n_groups);
        fault_arm(FAULT_MEMORY, k, n_failures);
        n_groups = group_numbers(d->n, d->order, d->offsets, d->key);
        hit |= fault_disarm().failed;
        expect_groups(d, n_groups);
        fault_arm(FAULT_MEMORY, k, n_failures);
        n_groups = reduce_runs(out_keys, out, d->key, runs, d->n);
        hit |= fault_disarm().failed;
        expect(n_groups == d->n_groups);
        for (size_t g = 0; g < d->n_groups; g++)
            expect(out[g].first == d->firsts[g] && !out[g].is_wrong &&
                   out_keys[g] == d->key[d->firsts[g]]);
        fault_arm(FAULT_MEMORY, k, n_failures);
        n_groups = par_distinct_by_key(out_keys, d->key, d->n, &bytes);
        hit |= fault_disarm().failed;
        expect(n_groups == d->n_groups);
        for (size_t g = 0; g < d->n_groups; g++)
            expect(out_keys[g] == d->key[d->firsts[g]]);
        fault_arm(FAULT_MEMORY, k, n_failures);
        n_groups = par_group_by_key(d->key, d->n, &hashed, d->order, d->offsets);
        hit |= fault_disarm().failed;
        expect_groups(d, n_groups);
        fault_arm(FAULT_MEMORY, k, n_failures);
        n_groups = reduce_runs_by(out_keys, out, d->key, runs, d->n, &hashed);
        hit |= fault_disarm().failed;
        expect(n_groups == d->n_groups);
    }
    expect(hit == 0);
    free(runs);
    free(out);
    free(out_keys);
    no_failures();
}

static void without_memory(void **state)
{
    (void)state;
    static const size_t sizes[] = {700, 5000};
    for (size_t s = 0; s < (TEST_TSAN ? 1 : 2); s++)
        for (unsigned pattern = 0; pattern < N_PATTERNS; pattern++) {
            data_t d = data_make(sizes[s], pattern);
            check_without_memory(&d, 1);
            check_without_memory(&d, UINT_MAX);
            data_free(&d);
        }
    if (TEST_TSAN) return;
    data_t d = data_make(MOST, 3);
    check_without_memory(&d, 1);
    check_without_memory(&d, UINT_MAX);
    data_free(&d);
}

/* ---- lies ---- */

static uint64_t constant_hash(const void *key, void *ctx)
{
    (void)key;
    (void)ctx;
    return 42;
}

static uint64_t fickle(void)
{
    static uint64_t seed;
    uint64_t x = __atomic_add_fetch(&seed, 0x9e3779b97f4a7c15u, __ATOMIC_RELAXED);
    return x * (x >> 31 | 1);
}

static uint64_t fickle_hash(const void *key, void *ctx)
{
    (void)key;
    (void)ctx;
    return fickle();
}

static int never_equal(const void *a, const void *b, void *ctx)
{
    (void)a;
    (void)b;
    (void)ctx;
    return 0;
}

static int fickle_equal(const void *a, const void *b, void *ctx)
{
    (void)a;
    (void)b;
    (void)ctx;
    return fickle() >> 60 == 0;
}

static void fickle_keys(uint64_t *key, size_t begin, size_t end, void *ctx)
{
    (void)ctx;
    for (size_t i = begin; i < end; i++)
        key[i - begin] = fickle() >> (i % 64);
}

/* Whatever comes out lies inside the arrays. */
static void expect_inside(const data_t *d, size_t n_groups)
{
    expect(n_groups <= d->n && (n_groups > 0 || d->n == 0));
    expect(d->offsets[0] == 0 && d->offsets[n_groups] <= d->n);
    for (size_t g = 0; g < n_groups; g++)
        expect(d->offsets[g] <= d->offsets[g + 1]);
    for (size_t k = 0; k < d->n; k++)
        expect(d->order[k] < d->n);
}

static void check_lies(void *ctx)
{
    static const par_key_t lies[] = {
        {4, constant_hash, is_equal, NULL},    {4, constant_hash, fickle_equal, NULL},
        {4, constant_hash, never_equal, NULL}, {4, fickle_hash, is_equal, NULL},
        {4, fickle_hash, never_equal, NULL},   {4, fickle_hash, fickle_equal, NULL},
        {4, modest_hash, never_equal, NULL},   {4, modest_hash, fickle_equal, NULL},
    };
    data_t *d = ctx;
    run_t *runs = calloc(d->n, sizeof *runs), *out = malloc(d->n * sizeof *out);
    unsigned *out_keys = malloc(d->n * sizeof *out_keys);
    for (size_t k = 0; k < sizeof lies / sizeof lies[0]; k++) {
        memset(d->order, 0, d->n * sizeof *d->order);
        size_t n_groups = par_group_by_key(d->key, d->n, &lies[k], d->order, d->offsets);
        expect_inside(d, n_groups);
        if (k == 0) expect_groups(d, n_groups);
        expect(par_distinct_by_key(out_keys, d->key, d->n, &lies[k]) <= d->n);
        expect(reduce_runs_by(out_keys, out, d->key, runs, d->n, &lies[k]) <= d->n);
    }
    memset(d->order, 0, d->n * sizeof *d->order);
    expect_inside(d, par_group_by_number(d->n, fickle_keys, d->order, d->offsets, NULL));
    free(runs);
    free(out);
    free(out_keys);
}

static void lies_stay_inside(void **state)
{
    (void)state;
    if (TEST_TSAN) skip(); /* two groups may have one place then: a race of the liar's own */
    static const size_t sizes[] = {3, 1000, 4500};
    for (size_t s = 0; s < 3; s++)
        for (unsigned pattern = 0; pattern < N_PATTERNS; pattern += s == 2 ? 4 : 1) {
            data_t d = data_make(sizes[s], pattern);
            check_lies(&d);
            no_failures();
            on_pool_of(3, check_lies, &d);
            data_free(&d);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_size_and_pattern), cmocka_unit_test(large_ones_on_every_pool),
        cmocka_unit_test(every_integer_type),   cmocka_unit_test(sums_have_the_same_bits),
        cmocka_unit_test(without_memory),       cmocka_unit_test(lies_stay_inside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
