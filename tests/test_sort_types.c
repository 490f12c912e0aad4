/* test_sort_types.c - the comparison sorts of pointers, whose type is no single word, and of elements that
 * must stand at multiples of 64 bytes, in the sorts' temporaries too. */
#include <stdlib.h>
#include <string.h>

#include "fault.h"
#include "on_pools.h"

enum { N = 20000 };

/* ---- pointers ---- */

PAR_DEFINE_SORT_UNSTABLE(texts_sort_unstable, const char *, a, b)
{
    return strcmp(a, b) < 0;
}

PAR_DEFINE_ORDER(by_text, const char *, a, b)
{
    return strcmp(a, b) < 0;
}

PAR_DEFINE_SORT_BY_CACHED_KEY(
    texts_sort_by_key, const char *, text, const char *, a, b, strcmp(a, b) < 0)
{
    return text;
}

static void texts_make(char (*text)[8], const char **v)
{
    for (size_t i = 0; i < N; i++) {
        uint64_t number = par_random_below(par_random_seed(1), i, 100000);
        for (size_t digit = 6; digit-- > 0; number /= 10)
            text[i][digit] = (char)('0' + number % 10);
        text[i][6] = '\0';
        v[i] = text[i];
    }
}

static void check_pointers(void *ctx)
{
    (void)ctx;
    char(*text)[8] = malloc(N * sizeof *text);
    const char **v = malloc(N * sizeof *v);
    texts_make(text, v);
    texts_sort_unstable(v, N);
    expect(by_text_is_sorted(v, N));
    texts_make(text, v);
    by_text_sort(v, N);
    expect(by_text_is_sorted(v, N));
    const char *median = v[N / 2];
    texts_make(text, v);
    by_text_nth(v, N, N / 2);
    expect(strcmp(v[N / 2], median) == 0);
    texts_make(text, v);
    texts_sort_by_key(v, N);
    expect(by_text_is_sorted(v, N));
    free(v);
    free(text);
}

static void pointers(void **state)
{
    (void)state;
    on_pool_of(1, check_pointers, NULL);
    on_pool_of(3, check_pointers, NULL);
}

/* ---- alignment ---- */

typedef struct line_t {
    _Alignas(64) uint32_t key;
    uint32_t place;
} line_t;

/* Counts elements that stand where none of their type may. */
static int compare_lines(const void *a, const void *b, void *ctx)
{
    if (((uintptr_t)a | (uintptr_t)b) % _Alignof(line_t) != 0)
        __atomic_fetch_add((unsigned *)ctx, 1, __ATOMIC_RELAXED);
    uint32_t x = ((const line_t *)a)->key, y = ((const line_t *)b)->key;
    return (x > y) - (x < y);
}

static void lines_make(line_t *v)
{
    for (size_t i = 0; i < N; i++)
        v[i] = (line_t){(uint32_t)par_random_below(par_random_seed(2), i, N / 4), (uint32_t)i};
}

static int lines_are_stable(const line_t *v, size_t n)
{
    for (size_t i = 1; i < n; i++)
        if (v[i].key < v[i - 1].key || (v[i].key == v[i - 1].key && v[i].place < v[i - 1].place))
            return 0;
    return 1;
}

static void check_alignment(void *ctx)
{
    (void)ctx;
    unsigned n_wrong = 0;
    line_t *v = aligned_alloc(64, N * sizeof *v), *best = aligned_alloc(64, N * sizeof *best);
    for (unsigned fault = 0; fault < 4; fault++) {
        lines_make(v);
        if (fault > 0) fault_arm(FAULT_MEMORY, fault, 1);
        par_sort_r(v, N, sizeof *v, compare_lines, &n_wrong);
        if (fault > 0) fault_disarm();
        expect(lines_are_stable(v, N));
    }
    lines_make(v);
    static const size_t wanted[] = {100, N / 2};
    for (size_t w = 0; w < 2; w++) {
        expect(par_top_r(best, wanted[w], v, N, sizeof *v, compare_lines, &n_wrong) == wanted[w]);
        expect(lines_are_stable(best, wanted[w]));
    }
    par_sort_first_r(v, N, sizeof *v, N / 2, compare_lines, &n_wrong);
    expect(n_wrong == 0);
    free(best);
    free(v);
}

PAR_DEFINE_SORT_BY_CACHED_KEY(numbers_sort, uint32_t, item, line_t, a, b, a.key < b.key)
{
    return (line_t){item % 1000, 0};
}

static void pairs_make_checked(void *pairs, const void *v, size_t begin, size_t end, void *ctx)
{
    expect((uintptr_t)pairs % _Alignof(line_t) == 0);
    numbers_sort_pairs(pairs, v, begin, end, ctx);
}

static void check_key_alignment(void *ctx)
{
    (void)ctx;
    char none = 0;
    uint32_t *v = malloc(N * sizeof *v);
    for (uint32_t i = 0; i < N; i++)
        v[i] = i;
    par_sort_by_key_with(v, N, sizeof *v, &numbers_sort_kernel, pairs_make_checked,
                         numbers_sort_compare, &none);
    for (uint32_t i = 0; i < N; i++)
        expect(v[i] == i / (N / 1000) + i % (N / 1000) * 1000);
    numbers_sort(v, N);
    free(v);
}

static void alignment(void **state)
{
    (void)state;
    on_pool_of(1, check_alignment, NULL);
    on_pool_of(3, check_alignment, NULL);
    on_pool_of(3, check_key_alignment, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pointers),
        cmocka_unit_test(alignment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
