/* test_sort_pairs.c - pairs and records sorted by a number, stably: every type of keys, payloads of several
 * sizes, on pools of all sizes, without memory. */
#include "sort_numbers.h"

#include "fault.h"

/* ---- pairs ---- */

/* A payload tells where it was: its first bytes are the index, the others follow from it. */
static void payload_set(char *p, size_t size, size_t i)
{
    for (size_t b = 0; b < size; b++)
        p[b] = (char)(b < 4 ? i >> 8 * b : i * 31 + b);
}

static size_t payload_index(const char *p)
{
    uint32_t i = 0;
    for (size_t b = 0; b < 4; b++)
        i |= (uint32_t)(unsigned char)p[b] << 8 * b;
    return i;
}

typedef struct pairs_t {
    const type_t *type;
    size_t n, size, offset;
    pattern_t pattern;
} pairs_t;

static void check_pairs(void *ctx)
{
    const pairs_t *p = ctx;
    const type_t *t = p->type;
    char *keys = malloc(p->n * t->size + 1), *was = malloc(p->n * t->size + 1);
    char *memory = malloc(p->n * p->size + 16), *pay = memory + p->offset, one[64];
    fill(keys, p->n, t->size, p->pattern, p->n + 5);
    memcpy(was, keys, p->n * t->size);
    for (size_t i = 0; i < p->n; i++)
        payload_set(pay + i * p->size, p->size, i);
    t->sort_pairs(keys, pay, p->size, p->n);
    size_t last = 0;
    for (size_t i = 0; i < p->n; i++) {
        size_t from = payload_index(pay + i * p->size);
        if (from >= p->n) {
            expect(0);
            break;
        }
        payload_set(one, p->size, from);
        expect(memcmp(one, pay + i * p->size, p->size) == 0);
        expect(memcmp(keys + i * t->size, was + from * t->size, t->size) == 0);
        int order = i == 0 ? -1 : t->compare(keys + (i - 1) * t->size, keys + i * t->size);
        expect(order < 0 || (order == 0 && last < from));
        last = from;
    }
    free(keys);
    free(was);
    free(memory);
}

static void each_pairs(const size_t *ns, size_t n_ns)
{
    static const size_t payloads[] = {4, 8, 5, 16, 40};
    size_t at = 0;
    for (size_t t = 0; t < N_TYPES; t++)
        for (size_t s = 0; s < 5; s++)
            for (int p = 0; p < N_PATTERNS; p++)
                for (size_t k = 0; k < n_ns; k++) {
                    if (!has_turn(ns[k], at++)) continue;
                    pairs_t pairs = {&types[t], ns[k], payloads[s], k % 3 == 2 ? 1 : 0,
                                     (pattern_t)p};
                    check_pairs(&pairs);
                }
    no_failures();
}

static void pairs_are_stable(void **state)
{
    (void)state;
    static const size_t ns[] = {0, 1, 2, 3, 16, 17, 31, 33, 100, 257, 1000, 5000};
    each_pairs(ns, sizeof ns / sizeof *ns);
}

/* The test's own allocations must work: it is the library's that fail, as counted from the call on. */
static unsigned fail_from;

static void pairs_fail(void *keys, void *payload, size_t size, size_t n, const type_t *t)
{
    fault_arm(FAULT_MEMORY, fail_from, UINT_MAX);
    t->sort_pairs(keys, payload, size, n);
    fault_disarm();
}

static void pairs_without_memory(void **state)
{
    (void)state;
    static const size_t payloads[] = {4, 8, 5, 16};
    static const size_t ns[] = {17, 100, 1000, 9000};
    for (fail_from = 1; fail_from <= 5; fail_from++)
        for (size_t t = 0; t < N_TYPES; t++)
            for (size_t s = 0; s < 4; s++)
                for (size_t k = 0; k < 4; k++) {
                    size_t n = ns[k], size = payloads[s], bytes = types[t].size;
                    if (n == 9000 && (t + s) % 5 != 0) continue;
                    char *keys = malloc(n * bytes), *also = malloc(n * bytes);
                    char *pay = malloc(n * size), *other = malloc(n * size);
                    fill(keys, n, bytes, FEW_VALUES, n);
                    memcpy(also, keys, n * bytes);
                    for (size_t i = 0; i < n; i++)
                        payload_set(pay + i * size, size, i);
                    memcpy(other, pay, n * size);
                    types[t].sort_pairs(keys, pay, size, n);
                    pairs_fail(also, other, size, n, &types[t]);
                    assert_memory_equal(keys, also, n * bytes);
                    assert_memory_equal(pay, other, n * size);
                    free(keys);
                    free(also);
                    free(pay);
                    free(other);
                }
}

static void large_pairs_on_pools(void **state)
{
    (void)state;
    static const unsigned workers[] = {1, 2, 3, 7, 64};
    static const size_t payloads[] = {4, 8, 12};
    static const pattern_t patterns[] = {RANDOM, FEW_VALUES, CLUSTERS, EXPONENTIAL};
    for (size_t w = 0; w < 5; w++)
        for (size_t k = 0; k < 12; k++) {
            const type_t *t = &types[(k * 5 + w) % N_TYPES];
            pairs_t pairs = {t, scaled(TEST_ASAN || TEST_TSAN ? 60000 : 300000) + k,
                             payloads[k % 3], 0, patterns[(k + w) % 4]};
            on_pool_of(workers[w], check_pairs, &pairs);
        }
    pairs_t pairs = {&types[N_TYPES - 1], scaled(TEST_ASAN || TEST_TSAN ? 200000 : 1200000), 8, 0,
                     RANDOM};
    on_pools(check_pairs, &pairs);
    pairs.type = &types[5];
    pairs.size = 4;
    pairs.pattern = HIGH_BITS;
    on_pools(check_pairs, &pairs);
}

/* ---- by key ---- */

typedef struct record_t {
    char name[3];
    double weight;
    unsigned short year;
    uint32_t at;
} record_t;

PAR_DEFINE_SORT_BY_KEY(sort_by_year, record_t, unsigned short, r)
{
    return r->year;
}

PAR_DEFINE_SORT_BY_KEY(sort_by_weight, record_t, double, r)
{
    return r->weight;
}

PAR_DEFINE_SORT_BY_KEY(sort_by_initial, record_t, signed char, r)
{
    return (signed char)r->name[0];
}

PAR_DEFINE_SORT_BY_KEY(sort_by_minus_year, record_t, int, r)
{
    return -(int)r->year;
}

static void records_fill(record_t *r, size_t n)
{
    uint64_t seed = 6;
    for (size_t i = 0; i < n; i++) {
        memset(&r[i], 0, sizeof r[i]);
        r[i].name[0] = (char)(random_next(&seed) >> 40);
        r[i].weight = (double)(int)(random_next(&seed) >> 40 & 1023) - 511.5;
        r[i].year = (unsigned short)(random_next(&seed) >> 40);
        r[i].at = (uint32_t)i;
    }
}

/* Is it, in one piece, the one that it says it was? */
static int record_is_whole(const record_t *r, const record_t *was, size_t n)
{
    if (r->at >= n) return 0;
    was += r->at;
    return r->name[0] == was->name[0] && r->weight == was->weight && r->year == was->year;
}

#define CHECK_RECORDS(verb, key)                                                                   \
    do {                                                                                           \
        records_fill(r, n);                                                                        \
        verb(r, n);                                                                                \
        for (size_t i = 0; i < n; i++)                                                             \
            expect(record_is_whole(&r[i], was, n));                                                \
        for (size_t i = 1; i < n; i++) {                                                           \
            const record_t *a = &r[i - 1], *b = &r[i];                                             \
            expect((key(a) < key(b)) || (key(a) == key(b) && a->at < b->at));                      \
        }                                                                                          \
    } while (0)
#define YEAR(p)       ((p)->year)
#define WEIGHT(p)     ((p)->weight)
#define INITIAL(p)    ((signed char)(p)->name[0])
#define MINUS_YEAR(p) (-(int)(p)->year)

static void check_records(void *ctx)
{
    static const size_t ns[] = {0, 1, 2, 16, 17, 100, 1000, 4097, 200000};
    (void)ctx;
    record_t *r = malloc(200000 * sizeof *r), *was = malloc(200000 * sizeof *was);
    records_fill(was, 200000);
    for (size_t k = 0; k < sizeof ns / sizeof *ns; k++) {
        size_t n = ns[k];
        CHECK_RECORDS(sort_by_year, YEAR);
        CHECK_RECORDS(sort_by_weight, WEIGHT);
        CHECK_RECORDS(sort_by_initial, INITIAL);
        CHECK_RECORDS(sort_by_minus_year, MINUS_YEAR);
    }
    free(r);
    free(was);
}

static void records_by_key(void **state)
{
    (void)state;
    on_pools(check_records, NULL);
}

static void records_without_memory(void **state)
{
    (void)state;
    enum { N = 7000 };
    record_t *r = malloc(N * sizeof *r), *wanted = malloc(N * sizeof *r);
    records_fill(wanted, N);
    sort_by_weight(wanted, N);
    for (unsigned k = 1, hit = 1; hit; k++) {
        records_fill(r, N);
        fault_arm(FAULT_MEMORY, k, UINT_MAX);
        sort_by_weight(r, N);
        hit = fault_disarm().failed;
        assert_memory_equal(r, wanted, N * sizeof *r);
    }
    free(r);
    free(wanted);
}

static void no_items(void **state)
{
    (void)state;
    par_sort_pairs((double *)NULL, (int *)NULL, 0);
    sort_by_year(NULL, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_are_stable),       cmocka_unit_test(pairs_without_memory),
        cmocka_unit_test(large_pairs_on_pools),   cmocka_unit_test(records_by_key),
        cmocka_unit_test(records_without_memory), cmocka_unit_test(no_items),
    };
    cmocka_set_test_filter(getenv("PAR_TEST_FILTER"));
    return cmocka_run_group_tests(tests, NULL, NULL);
}
