/* test_sort_number.c - sorts of numbers against qsort: every type, every path that this machine can run,
 * sizes around every threshold, all numbers of workers, without memory. */
#include <stdio.h>

#include "sort_numbers.h"

#include "../par/algo/sort_number_kinds.h"
#include "fault.h"

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
            memcpy(&v[i], &bits, sizeof bits); /* as bits: a register of the x87 makes NaNs quiet */
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
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_choose_the_type),     cmocka_unit_test(numbers_like_qsort),
        cmocka_unit_test(all_small_sizes),           cmocka_unit_test(every_path),
        cmocka_unit_test(every_path_without_memory), cmocka_unit_test(large_on_pools),
        cmocka_unit_test(sorts_by_value_too),        cmocka_unit_test(all_bits_are_used_up),
        cmocka_unit_test(shorts_without_memory),     cmocka_unit_test(total_order_of_floats),
    };
    const par__sort_path_t *paths[PAR__SORT_PATHS + 1];
    par__sort_path_list(paths);
    for (size_t p = 0; paths[p] != NULL; p++)
        printf("path %s\n", paths[p]->name);
    cmocka_set_test_filter(getenv("PAR_TEST_FILTER"));
    return cmocka_run_group_tests(tests, NULL, NULL);
}
