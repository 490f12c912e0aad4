/* test_order.c - what belongs to an order, against serial forms: merge, nth, the first k, unique, bounds. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "fault.h"
#include "on_pools.h"

typedef struct item_t {
    uint32_t key, place;
} item_t;

PAR_DEFINE_ORDER(by_key, item_t, a, b)
{
    return a.key < b.key;
}

PAR_DEFINE_ORDER_CTX(masked, item_t, a, b, uint32_t, mask)
{
    return (a.key & mask) < (b.key & mask);
}

PAR_DEFINE_UNIQUE(items_unique, item_t, a, b)
{
    return a.key == b.key;
}

static int compare_key(const void *a, const void *b, void *ctx)
{
    const uint32_t *x = a, *y = b, mask = *(const uint32_t *)ctx;
    return (x[0] & mask) < (y[0] & mask) ? -1 : (x[0] & mask) > (y[0] & mask);
}

static uint32_t all_bits = UINT32_MAX;

static uint64_t random_below(uint64_t seed, uint64_t i, uint64_t bound)
{
    return par_random_below(par_random_seed(seed), i, bound);
}

/* size bytes an item, of which the first are an item_t. */
typedef struct array_t {
    size_t n, size;
    unsigned char *v;
} array_t;

static item_t *at(const array_t *a, size_t i)
{
    return (item_t *)(void *)(a->v + i * a->size);
}

static array_t array_make(size_t n, size_t size, uint64_t seed, uint32_t n_keys)
{
    array_t a = {n, size, calloc(n + 1, size)};
    for (size_t i = 0; i < n; i++)
        *at(&a, i) = (item_t){(uint32_t)random_below(seed, i, n_keys), (uint32_t)i};
    return a;
}

static array_t array_copy(const array_t *a)
{
    array_t copy = {a->n, a->size, malloc((a->n + 1) * a->size)};
    memcpy(copy.v, a->v, (a->n + 1) * a->size);
    return copy;
}

static int same(const array_t *a, const array_t *b)
{
    return a->n == b->n && memcmp(a->v, b->v, a->n * a->size) == 0;
}

static int compare_both(const void *a, const void *b)
{
    const item_t *x = a, *y = b;
    if (x->key != y->key) return x->key < y->key ? -1 : 1;
    return (x->place > y->place) - (x->place < y->place);
}

/* A copy that libc has sorted, stable as places differ. */
static array_t array_sorted(const array_t *a)
{
    array_t sorted = array_copy(a);
    qsort(sorted.v, a->n, a->size, compare_both);
    return sorted;
}

static const size_t sizes[] = {0, 1, 2, 3, 7, 8, 9, 100, 1023, 1025, 5000, 40000};
enum { N_SIZES = sizeof sizes / sizeof sizes[0] };

/* ---- is_sorted, merge ---- */

static void check_sorted(void *ctx)
{
    (void)ctx;
    for (size_t s = 0; s < N_SIZES; s++) {
        size_t n = sizes[s];
        array_t a = array_make(n, sizeof(item_t), s, 50);
        array_t v = array_sorted(&a);
        expect(by_key_is_sorted(at(&v, 0), n));
        expect(par_is_sorted_r(v.v, n, v.size, compare_key, &all_bits));
        for (size_t broken = 1; broken < n; broken = broken * 2 + 1) {
            at(&v, broken - 1)->key += 100;
            expect(!by_key_is_sorted(at(&v, 0), n));
            expect(!par_is_sorted_r(v.v, n, v.size, compare_key, &all_bits));
            expect(masked_is_sorted(at(&v, 0), n, 0));
            at(&v, broken - 1)->key -= 100;
        }
        free(a.v);
        free(v.v);
    }
}

static void is_sorted(void **state)
{
    (void)state;
    on_pools(check_sorted, NULL);
}

/* In the result each run keeps its order, and equal items of a come before those of b. */
static void merge_check(size_t n_a, size_t n_b, size_t size, uint64_t seed, uint32_t n_keys)
{
    array_t all = array_make(n_a + n_b, size, seed, n_keys);
    array_t a = {n_a, size, all.v}, b = {n_b, size, all.v + n_a * size};
    qsort(a.v, n_a, size, compare_both);
    qsort(b.v, n_b, size, compare_both);
    array_t want = array_sorted(&all), out = array_make(n_a + n_b, size, 1, 1);
    par_merge_r(out.v, a.v, n_a, b.v, n_b, size, compare_key, &all_bits);
    expect(same(&out, &want));
    if (size == sizeof(item_t)) {
        memset(out.v, 0, (n_a + n_b) * size);
        by_key_merge(at(&out, 0), at(&a, 0), n_a, at(&b, 0), n_b);
        expect(same(&out, &want));
    }
    free(all.v);
    free(want.v);
    free(out.v);
}

static void check_merges(void *ctx)
{
    (void)ctx;
    for (uint64_t round = 0; round < 60; round++) {
        size_t n_a = sizes[random_below(1, round, N_SIZES)],
               n_b = sizes[random_below(2, round, N_SIZES)];
        static const uint32_t n_keys[] = {1, 3, 1000, 1000000};
        static const size_t bytes[] = {8, 12, 16, 40};
        merge_check(n_a, n_b, bytes[round % 4], round, n_keys[round / 4 % 4]);
    }
}

static void merges(void **state)
{
    (void)state;
    on_pools(check_merges, NULL);
}

/* ---- nth, the first k ---- */

static void nth_check(const array_t *a, const array_t *sorted, size_t k)
{
    array_t v = array_copy(a);
    par_nth_r(v.v, v.n, v.size, k, compare_key, &all_bits);
    uint32_t key = at(sorted, k)->key;
    for (size_t i = 0; i < v.n; i++) {
        expect(i < k ? at(&v, i)->key <= key : at(&v, i)->key >= key);
        expect(at(a, at(&v, i)->place)->key == at(&v, i)->key);
    }
    expect(at(&v, k)->key == key);
    array_t all = array_sorted(&v);
    expect(same(&all, sorted));
    if (v.size == sizeof(item_t)) {
        array_t typed = array_copy(a);
        by_key_nth(at(&typed, 0), v.n, k);
        expect(same(&typed, &v));
        free(typed.v);
    }
    free(all.v);
    free(v.v);
}

static void first_check(const array_t *a, const array_t *sorted, size_t k)
{
    array_t v = array_copy(a);
    par_sort_first_r(v.v, v.n, v.size, k, compare_key, &all_bits);
    for (size_t i = 0; i < k && i < v.n; i++)
        expect(at(&v, i)->key == at(sorted, i)->key);
    array_t all = array_sorted(&v);
    expect(same(&all, sorted));
    if (v.size == sizeof(item_t)) {
        array_t typed = array_copy(a);
        by_key_sort_first(at(&typed, 0), v.n, k);
        expect(same(&typed, &v));
        free(typed.v);
    }
    free(all.v);
    free(v.v);
}

/* As a stable sort has it, with memory and without. */
static void top_check(const array_t *a, const array_t *sorted, size_t k)
{
    size_t n_want = k < a->n ? k : a->n;
    for (int is_poor = 0; is_poor < 2; is_poor++) {
        array_t out = array_make(k, a->size, 1, 1), kept = array_copy(a);
        if (is_poor) fault_arm(FAULT_MEMORY, 1, UINT_MAX);
        size_t n = par_top_r(out.v, k, a->v, a->n, a->size, compare_key, &all_bits);
        if (is_poor) fault_disarm();
        expect(n == n_want && memcmp(out.v, sorted->v, n * a->size) == 0 && same(a, &kept));
        if (a->size == sizeof(item_t)) {
            memset(out.v, 0, k * a->size);
            expect(by_key_top(at(&out, 0), k, at(a, 0), a->n) == n_want);
            expect(memcmp(out.v, sorted->v, n * a->size) == 0);
        }
        free(out.v);
        free(kept.v);
    }
}

static void check_selections(void *ctx)
{
    (void)ctx;
    for (size_t s = 1; s < N_SIZES; s++)
        for (uint32_t n_keys = 1; n_keys < 1000000; n_keys *= 97)
            for (size_t size = 8; size <= 12; size += 4) {
                size_t n = sizes[s];
                array_t a = array_make(n, size, s, n_keys), sorted = array_sorted(&a);
                size_t ks[] = {0, n / 100, n / 10, n / 2, n - 1, n, n + 5};
                for (size_t i = 0; i < sizeof ks / sizeof *ks; i++) {
                    if (ks[i] < n) nth_check(&a, &sorted, ks[i]);
                    first_check(&a, &sorted, ks[i]);
                    if (n < 20000 || ks[i] <= n / 100) top_check(&a, &sorted, ks[i]);
                }
                free(a.v);
                free(sorted.v);
            }
}

static void selections(void **state)
{
    (void)state;
    check_selections(NULL);
    no_failures();
    on_pool_of(3, check_selections, NULL);
}

/* The array alone decides: the same bits on every pool. */
static void check_same_bits(void *ctx)
{
    const array_t *want = ctx;
    array_t a = array_make(want->n, sizeof(item_t), 5, 1000);
    by_key_nth(at(&a, 0), a.n, a.n / 3);
    expect(same(&a, want));
    free(a.v);
}

static void same_bits(void **state)
{
    (void)state;
    array_t a = array_make(2000000, sizeof(item_t), 5, 1000);
    by_key_nth(at(&a, 0), a.n, a.n / 3);
    on_pools(check_same_bits, &a);
    on_pool_of(7, check_same_bits, &a);
    free(a.v);
}

/* ---- unique ---- */

static void check_unique(void *ctx)
{
    (void)ctx;
    for (size_t s = 0; s < N_SIZES; s++)
        for (uint32_t n_keys = 1; n_keys < 2000; n_keys *= 5) {
            size_t n = sizes[s], n_want = 0;
            array_t a = array_make(n, sizeof(item_t), s, n_keys), b = array_copy(&a);
            item_t *want = malloc((n + 1) * sizeof *want);
            for (size_t i = 0; i < n; i++)
                if (i == 0 || at(&a, i)->key != at(&a, i - 1)->key) want[n_want++] = *at(&a, i);
            expect(items_unique(at(&a, 0), n) == n_want);
            expect(memcmp(a.v, want, n_want * sizeof *want) == 0);
            expect(par_unique_r(b.v, n, b.size, compare_key, &all_bits) == n_want);
            expect(memcmp(b.v, want, n_want * sizeof *want) == 0);
            free(a.v);
            free(b.v);
            free(want);
        }
}

static void uniques(void **state)
{
    (void)state;
    on_pools(check_unique, NULL);
}

/* ---- bounds ---- */

static void check_bounds(void *ctx)
{
    (void)ctx;
    for (size_t s = 0; s < N_SIZES; s++) {
        size_t n = sizes[s], n_keys = 1 + s * 37;
        array_t a = array_make(n, sizeof(item_t), s, 500), v = array_sorted(&a);
        array_t keys = array_make(n_keys, sizeof(item_t), 77, 502);
        size_t *out = malloc(n_keys * sizeof *out), *typed = malloc(n_keys * sizeof *typed);
        for (int is_upper = 0; is_upper < 2; is_upper++) {
            (is_upper ? par_upper_bounds_r : par_lower_bounds_r)(out, keys.v, n_keys, v.v, n,
                                                                 v.size, compare_key, &all_bits);
            (is_upper ? by_key_upper_bounds : by_key_lower_bounds)(typed, at(&keys, 0), n_keys,
                                                                   at(&v, 0), n);
            for (size_t i = 0; i < n_keys; i++) {
                size_t want = 0;
                while (want < n && at(&v, want)->key < at(&keys, i)->key + (unsigned)is_upper)
                    want++;
                expect(out[i] == want && typed[i] == want);
            }
        }
        free(a.v);
        free(v.v);
        free(keys.v);
        free(out);
        free(typed);
    }
}

static void bounds(void **state)
{
    (void)state;
    on_pools(check_bounds, NULL);
}

/* ---- comparisons that are no order, and arrays that cannot exist ---- */

static int compare_randomly(const void *a, const void *b, void *ctx)
{
    uint64_t *n_calls = ctx;
    (void)a;
    (void)b;
    uint64_t call = __atomic_fetch_add(n_calls, 1, __ATOMIC_RELAXED);
    return (int)random_below(8, call, 3) - 1;
}

static void lies(void **state)
{
    (void)state;
    uint64_t n_calls = 0;
    for (size_t s = 0; s < N_SIZES; s++) {
        array_t a = array_make(sizes[s], 8, s, UINT32_MAX), sorted = array_sorted(&a);
        array_t out = array_make(2 * a.n, 8, 1, 1);
        size_t *places = malloc((a.n + 1) * sizeof *places);
        par_is_sorted_r(a.v, a.n, 8, compare_randomly, &n_calls);
        par_lower_bounds_r(places, a.v, a.n, a.v, a.n, 8, compare_randomly, &n_calls);
        for (size_t i = 0; i < a.n; i++)
            assert_true(places[i] <= a.n);
        par_merge_r(out.v, a.v, a.n, a.v, a.n, 8, compare_randomly, &n_calls);
        out.n = a.n;
        qsort(out.v, 2 * a.n, 8, compare_both);
        for (size_t i = 0; i < a.n; i++)
            assert_memory_equal(at(&out, 2 * i), at(&out, 2 * i + 1), 8);
        if (a.n > 0) par_nth_r(a.v, a.n, 8, a.n / 2, compare_randomly, &n_calls);
        par_sort_first_r(a.v, a.n, 8, a.n / 2, compare_randomly, &n_calls);
        assert_int_equal(par_top_r(out.v, a.n / 20, a.v, a.n, 8, compare_randomly, &n_calls),
                         a.n / 20);
        array_t after = array_sorted(&a);
        assert_true(same(&after, &sorted));
        assert_true(par_unique_r(a.v, a.n, 8, compare_randomly, &n_calls) <= a.n);
        free(a.v);
        free(sorted.v);
        free(out.v);
        free(after.v);
        free(places);
    }
}

static void nothing(void **state)
{
    (void)state;
    size_t none = 7;
    par_merge_r(NULL, NULL, 0, NULL, 0, 4, compare_key, &all_bits);
    par_nth_r(NULL, 0, 4, 0, compare_key, &all_bits);
    par_sort_first_r(NULL, 0, 4, 3, compare_key, &all_bits);
    par_lower_bounds_r(NULL, NULL, 0, NULL, 0, 4, compare_key, &all_bits);
    assert_true(par_is_sorted_r(NULL, 0, 4, compare_key, &all_bits));
    assert_int_equal(par_top_r(NULL, 0, NULL, 0, 4, compare_key, &all_bits), 0);
    assert_int_equal(par_unique_r(NULL, 0, 4, compare_key, &all_bits), 0);
    assert_int_equal(items_unique(NULL, 0), 0);
    uint32_t key = 3;
    par_upper_bounds_r(&none, &key, 1, NULL, 0, 4, compare_key, &all_bits);
    assert_int_equal(none, 0);
#ifdef NDEBUG
    uint32_t two[2] = {2, 1}, out[4] = {9, 9, 9, 9};
    par_nth_r(two, 2, 4, 2, compare_key, &all_bits);
    par_nth_r(two, SIZE_MAX, 4, 0, compare_key, &all_bits);
    par_sort_first_r(two, SIZE_MAX, 4, 1, compare_key, &all_bits);
    par_merge_r(out, two, SIZE_MAX, two, 2, 1, compare_key, &all_bits);
    assert_int_equal(par_top_r(out, 1, two, SIZE_MAX, 4, compare_key, &all_bits), 0);
    assert_int_equal(par_unique_r(two, SIZE_MAX, 4, compare_key, &all_bits), 0);
    assert_true(par_is_sorted_r(two, SIZE_MAX, 4, compare_key, &all_bits));
    par_lower_bounds_r(&none, two, SIZE_MAX, two, 2, 4, compare_key, &all_bits);
    assert_true(two[0] == 2 && two[1] == 1 && out[0] == 9 && none == 0);
#endif
}

/* Items of which two do not fit into the stack's room for a merge in place. */
static void check_wide_without_memory(void *ctx)
{
    enum { WIDE = 5000 };
    (void)ctx;
    for (size_t n = 0; n < 40; n++) {
        array_t v = array_make(n, WIDE, n, 10);
        array_t sorted = array_sorted(&v);
        fault_arm(FAULT_MEMORY, 1, UINT_MAX);
        par_sort_r(v.v, n, WIDE, compare_key, &all_bits);
        fault_disarm();
        expect(same(&v, &sorted));
        free(sorted.v);
        free(v.v);
    }
}

static void wide_without_memory(void **state)
{
    (void)state;
    on_pools(check_wide_without_memory, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_sorted),
        cmocka_unit_test(merges),
        cmocka_unit_test(selections),
        cmocka_unit_test(same_bits),
        cmocka_unit_test(uniques),
        cmocka_unit_test(bounds),
        cmocka_unit_test(lies),
        cmocka_unit_test(nothing),
        cmocka_unit_test(wide_without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
