/* test_sort_kernel.c - the kernels keep to the contract of memcpy: the two pieces share no byte, not even
 * if they are the same one, which sanitizers let pass. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <par/api.h>

static size_t n_overlaps;

static inline void *strict_copy(void *to, const void *from, size_t n)
{
    uintptr_t a = (uintptr_t)to, b = (uintptr_t)from;
    if (n > 0 && (a < b ? b - a : a - b) < n) n_overlaps++;
    return memmove(to, from, n);
}

#define memcpy strict_copy
#include <par/sort_kernel.h>

/* Sorted by key; place tells equal ones apart. */
typedef struct item_t {
    unsigned key, place;
} item_t;

static int item_less(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    return ((const item_t *)a)->key < ((const item_t *)b)->key;
}

PAR_DEFINE_SORT_KERNEL(item, item_t, char);

enum { MOST = 10 };

/* The n lowest digits of `code` to the base of 3 as keys. */
static void items_of(unsigned code, item_t *v, size_t n)
{
    for (size_t i = 0; i < n; i++, code /= 3)
        v[i] = (item_t){code % 3, (unsigned)i};
}

/* Each of the n places is there once, with the key that it had. */
static void assert_permutation(const item_t *v, unsigned code, size_t n)
{
    item_t was[MOST];
    unsigned seen = 0;
    items_of(code, was, n);
    for (size_t i = 0; i < n; i++) {
        assert_true(v[i].place < n && v[i].key == was[v[i].place].key);
        seen |= 1u << v[i].place;
    }
    assert_int_equal(seen, (1u << n) - 1);
}

/* Every arrangement of up to ten keys of three kinds, around the middle one. */
static void every_partition(void **state)
{
    (void)state;
    char ctx = 0;
    n_overlaps = 0;
    const item_t pivot = {1, 0};
    for (size_t n = 0, codes = 1; n <= MOST; n++, codes *= 3)
        for (unsigned code = 0; code < codes; code++)
            for (int is_upper = 0; is_upper <= 1; is_upper++) {
                item_t v[MOST + 1], hold;
                items_of(code, v, n);
                size_t n_front = item_kernel.partition((char *)v, n, (const char *)&pivot,
                                                       (char *)&hold, is_upper, &ctx);
                for (size_t i = 0; i < n; i++)
                    assert_int_equal(i < n_front, v[i].key < 1u + (unsigned)is_upper);
                assert_permutation(v, code, n);
            }
    assert_int_equal(n_overlaps, 0);
}

static void every_sort(void **state)
{
    (void)state;
    char ctx = 0;
    n_overlaps = 0;
    for (size_t n = 0, codes = 1; n <= MOST; n++, codes *= 3)
        for (unsigned code = 0; code < codes; code++) {
            item_t v[MOST + 1], room[MOST + 1];
            items_of(code, v, n);
            item_kernel.sort((char *)v, n, (char *)room, &ctx);
            for (size_t i = 1; i < n; i++)
                assert_true(v[i - 1].key < v[i].key ||
                            (v[i - 1].key == v[i].key && v[i - 1].place < v[i].place));
            assert_permutation(v, code, n);
        }
    assert_int_equal(n_overlaps, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_partition),
                                       cmocka_unit_test(every_sort)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
