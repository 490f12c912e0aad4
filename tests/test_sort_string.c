/* test_sort_string.c - sorts of strings and slices against qsort: prefixes in common, NUL bytes, equal ones
 * in their order. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "fault.h"
#include "on_pools.h"

static uint64_t random_below(uint64_t seed, uint64_t i, uint64_t bound)
{
    return par_random_below(par_random_seed(seed), i, bound);
}

/* n texts in one block; each is followed by a NUL, which is not part of it. */
typedef struct texts_t {
    size_t n;
    char *bytes;
    par_slice_t *v;
} texts_t;

/* Lengths below `longest` and bytes below n_letters, behind a prefix that is one of n_prefixes. */
typedef struct style_t {
    size_t n, longest, n_letters, n_prefixes, prefix;
    char letter; /* the first one */
} style_t;

static const style_t styles[] = {
    {0, 1, 1, 1, 0, 'a'},       {1, 9, 3, 1, 0, 'a'},          {2, 9, 1, 1, 0, 'a'},
    {500, 30, 2, 1, 0, 'a'},    {5000, 20, 256, 1, 0, 'a'},    {3000, 12, 3, 4, 50, 'a'},
    {3000, 4, 2, 2, 7, '\0'},   {2000, 40, 1, 1, 0, 'x'},      {2000, 40, 1, 1, 0, '\0'},
    {1000, 1, 1, 1, 3000, 'b'}, {30000, 25, 26, 100, 17, 'A'}, {1500, 1500, 1, 1, 0, 'z'},
};
enum { N_STYLES = sizeof styles / sizeof styles[0] };

static texts_t texts_make(const style_t *style, uint64_t seed)
{
    texts_t t = {style->n, calloc(style->n + 1, style->longest + style->prefix + 1),
                 calloc(style->n + 1, sizeof *t.v)};
    char *at = t.bytes;
    for (size_t i = 0; i < t.n; i++) {
        size_t n = random_below(seed, 2 * i, style->longest);
        size_t prefix = random_below(seed, 2 * i + 1, style->n_prefixes);
        t.v[i] = (par_slice_t){at, style->prefix + n};
        for (size_t k = 0; k < style->prefix; k++)
            *at++ = (char)('p' + (k + 1 == style->prefix ? prefix : 0));
        for (size_t k = 0; k < n; k++)
            *at++ = (char)(style->letter + (char)random_below(seed + i, k, style->n_letters));
        *at++ = '\0';
    }
    return t;
}

static void texts_free(texts_t *t)
{
    free(t->bytes);
    free(t->v);
}

/* Addresses rise with the first places, so they decide between equal ones as a stable sort does. */
static int compare_slice(const void *a, const void *b)
{
    const par_slice_t *x = a, *y = b;
    size_t n = x->n < y->n ? x->n : y->n;
    int order = memcmp(x->at, y->at, n);
    if (order != 0) return order;
    if (x->n != y->n) return x->n < y->n ? -1 : 1;
    return (x->at > y->at) - (x->at < y->at);
}

static int compare_string(const void *a, const void *b)
{
    const char *x = *(char *const *)a, *y = *(char *const *)b;
    int order = strcmp(x, y);
    return order != 0 ? order : (x > y) - (x < y);
}

static void check_texts(void *ctx)
{
    unsigned n_failures = *(unsigned *)ctx;
    for (size_t s = 0; s < N_STYLES; s++)
        for (unsigned first = 1; first <= (n_failures > 0 ? 3 : 1); first++) {
            texts_t t = texts_make(&styles[s], s);
            size_t bytes = t.n * sizeof *t.v;
            par_slice_t *want = malloc(bytes + 1);
            char **strings = malloc(t.n * sizeof *strings + 1),
                 **sorted = malloc(t.n * sizeof *sorted + 1);
            memcpy(want, t.v, bytes);
            for (size_t i = 0; i < t.n; i++)
                sorted[i] = strings[i] = (char *)(uintptr_t)t.v[i].at;
            qsort(want, t.n, sizeof *want, compare_slice);
            qsort(sorted, t.n, sizeof *sorted, compare_string);
            if (n_failures > 0) fault_arm(FAULT_MEMORY, first, n_failures);
            par_sort_slices(t.v, t.n);
            par_sort_strings(strings, t.n);
            if (n_failures > 0) fault_disarm();
            expect(memcmp(t.v, want, bytes) == 0);
            expect(memcmp(strings, sorted, t.n * sizeof *sorted) == 0);
            free(want);
            free(strings);
            free(sorted);
            texts_free(&t);
        }
}

static void sorts(void **state)
{
    (void)state;
    unsigned n_failures = 0;
    on_pools(check_texts, &n_failures);
}

static void without_memory(void **state)
{
    (void)state;
    unsigned n_failures = 1;
    on_pool_of(1, check_texts, &n_failures);
    n_failures = UINT_MAX;
    on_pool_of(3, check_texts, &n_failures);
}

static void nothing_to_sort(void **state)
{
    (void)state;
    par_sort_strings(NULL, 0);
    par_sort_slices(NULL, 0);
    par_slice_t slices[] = {{"b", 1}, {NULL, 0}, {"a", 1}, {NULL, 0}};
    par_sort_slices(slices, 4);
    assert_true(slices[0].at == NULL && slices[2].at[0] == 'a' && slices[3].at[0] == 'b');
#ifdef NDEBUG
    par_sort_slices(slices, SIZE_MAX);
    assert_true(slices[3].at[0] == 'b');
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sorts),
        cmocka_unit_test(without_memory),
        cmocka_unit_test(nothing_to_sort),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
