/* test_sort_number.c - sorts of numbers, of pairs and by a key against qsort: every type, every path
 * that this machine can run, patterns that were made to hurt, sizes around every threshold. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "on_pools.h"

#include "../par/algo/sort_number_kinds.h"
#include "../par/algo/sort_number_rotate.h"
#include "fault.h"
#include "scale.h"

static uint64_t random_next(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return *seed ^ *seed >> 29;
}

/* ---- patterns: 8 bytes each, of which a type takes what it needs ---- */

typedef enum pattern_t {
    RANDOM,
    SORTED,
    REVERSED,
    EQUAL,
    TWO_VALUES,
    FEW_VALUES,
    MANY_OF_GREATEST,
    ORGAN_PIPE,
    SAWTOOTH,
    ALMOST_SORTED,
    SORTED_START,
    LOW_BITS,    /* narrow range */
    HIGH_BITS,   /* all differ in the top bits only */
    CLUSTERS,    /* alike in the middle bits: insertion must give up */
    EXTREMES,    /* the least and greatest values, zeros */
    EXPONENTIAL, /* the middle of the range is far from the median */
    N_PATTERNS
} pattern_t;

static uint64_t pattern_value(pattern_t pattern, size_t i, size_t n, uint64_t *seed)
{
    static const uint64_t extreme[] = {0,
                                       ~(uint64_t)0,
                                       (uint64_t)1 << 63,
                                       INT64_MAX,
                                       1,
                                       0x80000000u,
                                       0x7fffffff,
                                       0x8000,
                                       0x7fff,
                                       0x80,
                                       0x7f};
    uint64_t r = random_next(seed), spread = ~(uint64_t)0 / (n + 1);
    switch (pattern) {
    case SORTED:
        return i * spread;
    case REVERSED:
        return (n - i) * spread;
    case EQUAL:
        return 0x123456789abcdef0u;
    case TWO_VALUES:
        return (r & 1) * 0x8000000000000001u;
    case FEW_VALUES:
        return (r % 10) * 0x9e3779b97f4a7c15u;
    case MANY_OF_GREATEST:
        return (r & 3) ? ~(uint64_t)0 >> 1 : r >> 2;
    case ORGAN_PIPE:
        return (i < n / 2 ? i : n - i) * spread;
    case SAWTOOTH:
        return (i % 100) * (spread + 1) * (n / 100 + 1);
    case ALMOST_SORTED:
        return r % 50 ? i * spread : r;
    case SORTED_START:
        return i < n - n / 8 ? i * spread : r;
    case LOW_BITS:
        return r % 1000;
    case HIGH_BITS:
        return r << 40 ^ r << 20;
    case CLUSTERS:
        return (r % 7 << 60) | (r >> 8 & 0xffff);
    case EXTREMES:
        return extreme[r % (sizeof extreme / sizeof *extreme)];
    case EXPONENTIAL:
        return r >> (r % 64);
    case RANDOM:
    case N_PATTERNS:
    default:
        return r;
    }
}

/* The value in the high half for patterns whose order is that of 8 bytes. */
static void bytes_of(void *to, uint64_t value, size_t size, pattern_t pattern)
{
    bool is_top = pattern != LOW_BITS && pattern != EXTREMES;
    uint8_t b1;
    uint16_t b2;
    uint32_t b4;
    switch (size) {
    case 1:
        b1 = (uint8_t)(is_top ? value >> 56 : value);
        memcpy(to, &b1, 1);
        return;
    case 2:
        b2 = (uint16_t)(is_top ? value >> 48 : value);
        memcpy(to, &b2, 2);
        return;
    case 4:
        b4 = (uint32_t)(is_top ? value >> 32 : value);
        memcpy(to, &b4, 4);
        return;
    default:
        memcpy(to, &value, 8);
    }
}

static void fill(void *v, size_t n, size_t size, pattern_t pattern, uint64_t seed)
{
    for (size_t i = 0; i < n; i++)
        bytes_of((char *)v + i * size, pattern_value(pattern, i, n, &seed), size, pattern);
}

/* ---- what the order is, in other words than the library's ---- */

#define COMPARE_INTEGER(name, type)                                                                \
    static int compare_##name(const void *a, const void *b)                                        \
    {                                                                                              \
        type x = *(const type *)a, y = *(const type *)b;                                           \
        return (x > y) - (x < y);                                                                  \
    }
COMPARE_INTEGER(char, char)
COMPARE_INTEGER(schar, signed char)
COMPARE_INTEGER(uchar, unsigned char)
COMPARE_INTEGER(short, short)
COMPARE_INTEGER(ushort, unsigned short)
COMPARE_INTEGER(int, int)
COMPARE_INTEGER(uint, unsigned)
COMPARE_INTEGER(long, long)
COMPARE_INTEGER(ulong, unsigned long)
COMPARE_INTEGER(llong, long long)
COMPARE_INTEGER(ullong, unsigned long long)

/* Sign first, then magnitude by the bits, which is IEEE 754's totalOrder. */
static int compare_bits(uint64_t a, bool a_negative, uint64_t b, bool b_negative)
{
    if (a_negative != b_negative) return a_negative ? -1 : 1;
    int by_size = (a > b) - (a < b);
    return a_negative ? -by_size : by_size;
}

static int compare_float(const void *a, const void *b)
{
    uint32_t x, y;
    memcpy(&x, a, 4);
    memcpy(&y, b, 4);
    return compare_bits(x & 0x7fffffff, x >> 31, y & 0x7fffffff, y >> 31);
}

static int compare_double(const void *a, const void *b)
{
    uint64_t x, y;
    memcpy(&x, a, 8);
    memcpy(&y, b, 8);
    return compare_bits(x & INT64_MAX, x >> 63, y & INT64_MAX, y >> 63);
}

typedef struct type_t {
    const char *name;
    size_t size;
    unsigned kind;
    int (*compare)(const void *a, const void *b);
    void (*sort)(void *v, size_t n);
    void (*sort_pairs)(void *keys, void *payload, size_t size, size_t n);
} type_t;

#define X(name, type, sum_type)                                                                    \
    static void sort_##name(void *v, size_t n)                                                     \
    {                                                                                              \
        type *typed = v;                                                                           \
        par_sort(typed, n);                                                                        \
    }                                                                                              \
    static void sort_pairs_##name(void *keys, void *payload, size_t size, size_t n)                \
    {                                                                                              \
        par_sort_pairs_##name(keys, payload, size, n);                                             \
    }
PAR_NUMBER_MAP(X)
#undef X

static const type_t types[] = {
#define X(name, type, sum_type)                                                                    \
    {#name, sizeof(type), PAR_KEY_KIND(type), compare_##name, sort_##name, sort_pairs_##name},
    PAR_NUMBER_MAP(X)
#undef X
};
enum { N_TYPES = sizeof types / sizeof types[0] };

/* ---- numbers ---- */

/* Whether combination number at of this size has its turn: few of the large ones. */
static bool has_turn(size_t n, size_t at)
{
    size_t every = n > 300 && (TEST_ASAN || TEST_TSAN) ? 23 : n > 4000 ? 5 : 1;
    return at % every == 0;
}

static const size_t sizes[] = {
    0,   1,   2,    3,    7,    8,    9,    15,   16,   17,   31,   32,    33,    63,    64,
    65,  66,  127,  128,  129,  130,  136,  193,  255,  256,  257,  258,   259,   300,   511,
    512, 513, 1023, 1024, 1025, 2047, 2048, 2049, 4097, 8191, 8193, 16384, 16385, 32769, 65537};
enum { N_SIZES = sizeof sizes / sizeof sizes[0], MOST = 65537 };

typedef struct buffers_t {
    char *got, *wanted;
} buffers_t;

static buffers_t buffers_new(size_t bytes)
{
    buffers_t b = {malloc(bytes + 128), malloc(bytes + 128)};
    assert_true(b.got != NULL && b.wanted != NULL);
    return b;
}

static void buffers_free(buffers_t *b)
{
    free(b->got);
    free(b->wanted);
}

enum { GUARD = 0x5a };

/* Sorts n numbers of a pattern at an offset, and compares with qsort; the bytes around must stay. */
static void
check_sort(const type_t *t, buffers_t b, pattern_t pattern, size_t n, size_t offset, uint64_t seed)
{
    char *v = b.got + 64 - offset * t->size % 64;
    memset(b.got, GUARD, n * t->size + 128);
    fill(v, n, t->size, pattern, seed);
    memcpy(b.wanted, v, n * t->size);
    if (n > 0) qsort(b.wanted, n, t->size, t->compare);
    t->sort(v, n);
    expect(memcmp(v, b.wanted, n * t->size) == 0);
    for (char *p = b.got; p < v; p++)
        expect(*p == GUARD);
    for (size_t i = 0; i < 64; i++)
        expect(v[n * t->size + i] == GUARD);
}

static void numbers_like_qsort(void **state)
{
    (void)state;
    buffers_t b = buffers_new(MOST * 8);
    for (size_t t = 0; t < N_TYPES; t++)
        for (int p = 0; p < N_PATTERNS; p++)
            for (size_t s = 0; s < N_SIZES; s++)
                if (has_turn(sizes[s], t + (size_t)p + s))
                    check_sort(&types[t], b, (pattern_t)p, sizes[s], s % 16, s + 1);
    no_failures();
    buffers_free(&b);
}

static void all_small_sizes(void **state)
{
    (void)state;
    buffers_t b = buffers_new(5000 * 8);
    uint64_t seed = 8;
    for (size_t n = 0; n < 600; n++)
        for (size_t t = 0; t < N_TYPES; t++)
            check_sort(&types[t], b, (pattern_t)(random_next(&seed) >> 20) % N_PATTERNS, n, n, n);
    for (size_t i = 0; i < scaled(2000); i++) {
        size_t n = (random_next(&seed) >> 20) % 5000, t = (random_next(&seed) >> 20) % N_TYPES;
        check_sort(&types[t], b, (pattern_t)(random_next(&seed) >> 20) % N_PATTERNS, n, i, i);
    }
    no_failures();
    buffers_free(&b);
}

/* ---- every path ---- */

static void path_sort(const par__sort_path_t *path, const type_t *t, void *v, size_t n)
{
    par__sort_order_t order = par__kind_order(t->kind);
    if (t->size == 4)
        path->sort_32(v, n, &order);
    else
        path->sort_64(v, n, &order);
}

static void check_path(const par__sort_path_t *path,
                       const type_t *t,
                       buffers_t b,
                       pattern_t pattern,
                       size_t n,
                       size_t offset)
{
    char *v = b.got + 64 - offset * t->size % 64;
    memset(b.got, GUARD, n * t->size + 128);
    fill(v, n, t->size, pattern, n + 7);
    memcpy(b.wanted, v, n * t->size);
    qsort(b.wanted, n, t->size, t->compare);
    path_sort(path, t, v, n);
    expect(memcmp(v, b.wanted, n * t->size) == 0);
    expect(v[-1] == GUARD && v[n * t->size] == GUARD);
}

static void every_path(void **state)
{
    (void)state;
    const par__sort_path_t *paths[PAR__SORT_PATHS + 1];
    par__sort_path_list(paths);
    assert_ptr_equal(paths[0], par__sort_path());
    buffers_t b = buffers_new(MOST * 8);
    for (size_t k = 0; paths[k] != NULL; k++)
        for (size_t t = 0; t < N_TYPES; t++)
            for (int p = 0; types[t].size >= 4 && p < N_PATTERNS; p++)
                for (size_t s = 1; s < N_SIZES; s++)
                    if (has_turn(sizes[s], t + (size_t)p + s))
                        check_path(paths[k], &types[t], b, (pattern_t)p, sizes[s], s);
    no_failures();
    buffers_free(&b);
}

/* Without memory each path sorts in place, to the same bits. */
static void every_path_without_memory(void **state)
{
    (void)state;
    const par__sort_path_t *paths[PAR__SORT_PATHS + 1];
    par__sort_path_list(paths);
    buffers_t b = buffers_new(MOST * 8);
    fault_arm(FAULT_MEMORY, 1, UINT_MAX);
    for (size_t k = 0; paths[k] != NULL; k++)
        for (size_t t = 0; t < N_TYPES; t++)
            for (int p = 0; types[t].size >= 4 && p < N_PATTERNS; p++)
                for (size_t s = 1; s < N_SIZES; s += 3)
                    if (has_turn(sizes[s], t + (size_t)p + s))
                        check_path(paths[k], &types[t], b, (pattern_t)p, sizes[s], s);
    assert_true(fault_disarm().failed > 0 || par__sort_path() != &par__sort_path_portable);
    no_failures();
    buffers_free(&b);
}

/* ---- large arrays, where partitions and blocks are shared, on pools of all sizes ---- */

enum { LARGE = 1500007 };

typedef struct large_t {
    const type_t *type;
    const par__sort_path_t *path; /* NULL: the public function */
    const char *from, *wanted;
    char *work;
    size_t n;
} large_t;

static void check_large(void *ctx)
{
    const large_t *l = ctx;
    size_t bytes = l->n * l->type->size;
    memcpy(l->work, l->from, bytes);
    if (l->path == NULL)
        l->type->sort(l->work, l->n);
    else
        path_sort(l->path, l->type, l->work, l->n);
    expect(memcmp(l->work, l->wanted, bytes) == 0);
}

static void check_large_pattern(const type_t *t, pattern_t pattern)
{
    static const unsigned workers[] = {2, 1, 3, 7, 64};
    const par__sort_path_t *paths[PAR__SORT_PATHS + 1];
    par__sort_path_list(paths);
    size_t bytes = LARGE * t->size;
    char *from = malloc(bytes), *wanted = malloc(bytes), *work = malloc(bytes);
    fill(from, LARGE, t->size, pattern, 3);
    memcpy(wanted, from, bytes);
    qsort(wanted, LARGE, t->size, t->compare);
    large_t l = {t, NULL, from, wanted, work, LARGE};
    for (size_t w = 0; w < sizeof workers / sizeof *workers; w++) {
        l.path = NULL;
        on_pool_of(workers[w], check_large, &l);
        for (size_t k = 0; t->size >= 4 && paths[k] != NULL; k++) {
            l.path = paths[k];
            if (w < 2 || k > 0) on_pool_of(workers[w], check_large, &l);
        }
    }
    free(from);
    free(wanted);
    free(work);
}

static void large_on_pools(void **state)
{
    (void)state;
    static const pattern_t patterns[] = {RANDOM,   FEW_VALUES,  REVERSED,         ORGAN_PIPE,
                                         CLUSTERS, EXPONENTIAL, MANY_OF_GREATEST, SORTED_START};
    size_t at = 0;
    for (size_t t = 0; t < N_TYPES; t++) {
        bool is_main = types[t].compare == compare_double || types[t].compare == compare_int ||
                       types[t].compare == compare_ullong || types[t].compare == compare_short;
        for (size_t p = 0; p < sizeof patterns / sizeof *patterns; p++, at++)
            if (TEST_ASAN || TEST_TSAN ? is_main && at % 8 == 0
                : is_main              ? p == 0 || at % 3 == 0
                                       : at % 11 == 0)
                check_large_pattern(&types[t], patterns[p]);
    }
}

/* ---- pivots by value, once too many cuts were bad ---- */

static void sorts_by_value_too(void **state)
{
    (void)state;
    const par__sort_path_t *paths[PAR__SORT_PATHS + 1];
    par__sort_path_list(paths);
    buffers_t b = buffers_new(MOST * 8);
    for (size_t k = 0; paths[k] != NULL; k++)
        for (size_t t = 0; t < N_TYPES; t++)
            for (int p = 0; types[t].size >= 4 && p < N_PATTERNS; p++) {
                par__sort_path_t bad = *paths[k];
                bad.sort_32 = bad.sort_badly_32;
                bad.sort_64 = bad.sort_badly_64;
                for (size_t s = 1; s < N_SIZES; s += 4)
                    if (has_turn(sizes[s], t + (size_t)p + s))
                        check_path(&bad, &types[t], b, (pattern_t)p, sizes[s], s);
            }
    no_failures();
    buffers_free(&b);
}

/* Keys that are powers of two: each cut by value takes one of them off, and all bits are used up. */
static void all_bits_are_used_up(void **state)
{
    (void)state;
    enum { N = 100000 };
    const par__sort_path_t *paths[PAR__SORT_PATHS + 1];
    par__sort_path_list(paths);
    const par__sort_order_t order = par__kind_order(8);
    uint64_t *v = malloc(N * sizeof *v), seed = 4;
    for (size_t k = 0; paths[k] != NULL; k++) {
        size_t count[64] = {0};
        for (size_t i = 0; i < N; i++) {
            size_t bit = random_next(&seed) >> 30 & 63;
            v[i] = (uint64_t)1 << bit;
            count[bit]++;
        }
        paths[k]->sort_badly_64((par__key64_t *)v, N, &order);
        for (size_t i = 0; i < N; i++) {
            assert_true(i == 0 || v[i - 1] <= v[i]);
            count[__builtin_ctzll(v[i])]--;
        }
        for (size_t bit = 0; bit < 64; bit++)
            assert_true(count[bit] == 0);
    }
    free(v);
}

/* Numbers of 2 bytes have a table for each value; in place without. */
static void shorts_without_memory(void **state)
{
    (void)state;
    size_t bytes = LARGE * sizeof(short);
    char *v = malloc(bytes), *wanted = malloc(bytes);
    for (size_t t = 0; t < N_TYPES; t++) {
        if (types[t].size != 2) continue;
        fill(v, LARGE, 2, RANDOM, t);
        memcpy(wanted, v, bytes);
        types[t].sort(wanted, LARGE);
        fault_arm(FAULT_MEMORY, 1, UINT_MAX);
        types[t].sort(v, LARGE);
        assert_true(fault_disarm().failed > 0);
        assert_memory_equal(v, wanted, bytes);
        for (size_t i = 1; i < LARGE; i++)
            assert_true(types[t].compare(v + 2 * (i - 1), v + 2 * i) <= 0);
    }
    free(v);
    free(wanted);
}

/* ---- floating point ---- */

static double double_of(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static void total_order_of_floats(void **state)
{
    (void)state;
    static const uint64_t ascending[] = {
        0xffffffffffffffffu, 0xfff8000000000001u, 0xfff8000000000000u,
        0xfff0000000000001u, /* NaNs */
        0xfff0000000000000u, /* -inf */
        0xffefffffffffffffu, 0xbff0000000000000u, 0x8010000000000000u,
        0x8000000000000001u, 0x8000000000000000u, 0x0000000000000000u, /* zeros */
        0x0000000000000001u, 0x0010000000000000u, 0x3ff0000000000000u,
        0x7fefffffffffffffu, 0x7ff0000000000000u, /* inf */
        0x7ff0000000000001u, 0x7ff8000000000000u, 0x7ff8000000000001u,
        0x7fffffffffffffffu};
    enum { N = sizeof ascending / sizeof ascending[0], COPIES = 5000 };
    for (size_t copies = 1; copies <= COPIES; copies *= 10) {
        double *v = malloc(N * copies * sizeof *v);
        float *f = malloc(N * copies * sizeof *f);
        for (size_t i = 0; i < N * copies; i++) {
            uint64_t bits = ascending[(i * 7 + 3) % N];
            uint32_t half = (uint32_t)(bits >> 63 << 31 | (bits >> 29 & 0x7fffffff));
            v[i] = double_of(bits);
            memcpy(&f[i], &half, sizeof half);
        }
        par_sort(v, N * copies);
        par_sort(f, N * copies);
        for (size_t i = 0; i < N * copies; i++) {
            uint64_t bits;
            memcpy(&bits, &v[i], sizeof bits);
            assert_true(bits == ascending[i / copies]);
            assert_true(i == 0 || compare_float(&f[i - 1], &f[i]) <= 0);
        }
        free(v);
        free(f);
    }
}

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
            pairs_t pairs = {t, 300000 + k, payloads[k % 3], 0, patterns[(k + w) % 4]};
            on_pool_of(workers[w], check_pairs, &pairs);
        }
    pairs_t pairs = {&types[N_TYPES - 1], 1200000, 8, 0, RANDOM};
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

#define CHECK_RECORDS(verb, key)                                                                   \
    do {                                                                                           \
        records_fill(r, n);                                                                        \
        verb(r, n);                                                                                \
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
    record_t *r = malloc(200000 * sizeof *r);
    for (size_t k = 0; k < sizeof ns / sizeof *ns; k++) {
        size_t n = ns[k];
        CHECK_RECORDS(sort_by_year, YEAR);
        CHECK_RECORDS(sort_by_weight, WEIGHT);
        CHECK_RECORDS(sort_by_initial, INITIAL);
        CHECK_RECORDS(sort_by_minus_year, MINUS_YEAR);
    }
    free(r);
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

/* ---- the names ---- */

static void names_choose_the_type(void **state)
{
    (void)state;
    int8_t a[] = {2, -1};
    uint16_t b[] = {2, 1};
    int64_t c[] = {5, -5};
    size_t d[] = {7, 3};
    float f[] = {1.5f, -2.5f};
    uint32_t of_f[] = {0, 1};
    char letters[] = "sorting";
    par_sort(a, 2);
    par_sort(b, 2);
    par_sort(c, 2);
    par_sort(d, 2);
    par_sort_pairs(f, of_f, 2);
    par_sort(letters, 7);
    assert_true(a[0] == -1 && b[0] == 1 && c[0] == -5 && d[0] == 3);
    assert_true(f[0] == -2.5f && of_f[0] == 1 && of_f[1] == 0);
    assert_string_equal(letters, "ginorst");
    par_sort((int *)NULL, 0);
    par_sort_pairs((double *)NULL, (int *)NULL, 0);
    sort_by_year(NULL, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_choose_the_type),     cmocka_unit_test(numbers_like_qsort),
        cmocka_unit_test(all_small_sizes),           cmocka_unit_test(every_path),
        cmocka_unit_test(every_path_without_memory), cmocka_unit_test(large_on_pools),
        cmocka_unit_test(sorts_by_value_too),        cmocka_unit_test(all_bits_are_used_up),
        cmocka_unit_test(shorts_without_memory),     cmocka_unit_test(total_order_of_floats),
        cmocka_unit_test(pairs_are_stable),          cmocka_unit_test(pairs_without_memory),
        cmocka_unit_test(large_pairs_on_pools),      cmocka_unit_test(records_by_key),
        cmocka_unit_test(records_without_memory),
    };
    const par__sort_path_t *paths[PAR__SORT_PATHS + 1];
    par__sort_path_list(paths);
    for (size_t p = 0; paths[p] != NULL; p++)
        printf("path %s\n", paths[p]->name);
    cmocka_set_test_filter(getenv("PAR_TEST_FILTER"));
    return cmocka_run_group_tests(tests, NULL, NULL);
}
