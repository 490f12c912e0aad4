/* test_sort_types.c - the comparison sorts of pointers, whose type is no single word. */
#include <stdlib.h>
#include <string.h>

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pointers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
