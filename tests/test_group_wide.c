/* test_group_wide.c - values of a key that are too large to be moved with their keys. */
#include <stdlib.h>
#include <string.h>

#include "on_pools.h"

enum { N = 150000, N_KEYS = 40000 };

typedef struct wide_t {
    size_t first, last, n;
    unsigned char rest[80]; /* all the same: the number of items, cut to a byte */
} wide_t;

PAR_DEFINE_REDUCE_BY_KEY(join_wide, unsigned, wide_t, a, b)
{
    wide_t both = {a.first, b.last, a.n + b.n, {0}};
    for (size_t i = 0; i < sizeof both.rest; i++)
        both.rest[i] = (unsigned char)(a.rest[i] + b.rest[i]);
    return both;
}

static void check_wide(void *ctx)
{
    unsigned *keys = malloc(N * sizeof *keys), *out_keys = malloc(N * sizeof *out_keys);
    wide_t *values = malloc(N * sizeof *values), *out = malloc(N * sizeof *out);
    (void)ctx;
    for (size_t i = 0; i < N; i++) {
        keys[i] = (unsigned)(i % N_KEYS) * 2654435761u;
        values[i] = (wide_t){i, i, 1, {0}};
        memset(values[i].rest, 1, sizeof values[i].rest);
    }
    size_t n = join_wide(out_keys, out, keys, values, N);
    expect(n == N_KEYS);
    for (size_t g = 0; g < n; g++) {
        size_t count = N / N_KEYS + (g < N % N_KEYS);
        expect(out_keys[g] == keys[g]);
        expect(out[g].first == g && out[g].n == count);
        expect(out[g].last == g + (count - 1) * N_KEYS);
        for (size_t i = 0; i < sizeof out[g].rest; i++)
            expect(out[g].rest[i] == count);
    }
    free(keys);
    free(out_keys);
    free(values);
    free(out);
}

static void wide_values(void **state)
{
    (void)state;
    on_pools(check_wide, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(wide_values)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
