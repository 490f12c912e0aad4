/* test_flatten.c - slices put one behind the other: lengths from none to most of all, without memory. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "fault.h"
#include "on_pools.h"
#include "random_next.h"

static void check_flatten(void *ctx)
{
    (void)ctx;
    enum { N = 3000 };
    uint64_t seed = 12;
    par_array_t slices[N];
    size_t all = 0;
    uint32_t *source = malloc(400000 * sizeof *source);
    for (size_t i = 0; i < 400000; i++)
        source[i] = (uint32_t)random_next(&seed);
    for (size_t k = 0; k < N; k++) {
        size_t length = k == 1000 ? 400000 : k % 3 == 0 ? 0 : random_next(&seed) % 300;
        slices[k] = (par_array_t){length > 0 ? source + k % 100 * (length < 1000) : NULL, length};
        all += length;
    }
    uint32_t *out = malloc((all + 1) * sizeof *out);
    for (size_t n = 0; n <= N; n += n < 4 ? 1 : 749) {
        size_t total = par_flatten_count(slices, n), at = 0;
        out[total] = 77;
        expect(par_flatten(out, slices, n, sizeof *out) == total && out[total] == 77);
        for (size_t k = 0; k < n; k++) {
            expect(slices[k].n == 0 ||
                   memcmp(out + at, slices[k].data, slices[k].n * sizeof *out) == 0);
            at += slices[k].n;
        }
        expect(at == total);
    }
    free(source);
    free(out);
}

static void flattening(void **state)
{
    (void)state;
    on_pools(check_flatten, NULL);
    const par_array_t huge[2] = {{"x", SIZE_MAX}, {"x", 2}};
    assert_true(par_flatten_count(huge, 2) == SIZE_MAX);
    assert_int_equal(par_flatten(NULL, NULL, 0, 4), 0);
#ifdef NDEBUG
    char byte = 1;
    assert_int_equal(par_flatten(&byte, huge, 2, 1), 0);
    assert_int_equal(byte, 1);
#endif
}

static void check_faults(void *ctx)
{
    (void)ctx;
    enum { N = 100000 };
    int *x = malloc(N * sizeof *x), *out = malloc(N * sizeof *out);
    for (size_t i = 0; i < N; i++)
        x[i] = (int)i;
    const par_array_t slices[2] = {{x, N / 4}, {x + N / 2, N / 4}};
    for (unsigned k = 1, hit = 1; hit; k++) {
        memset(out, 0, N * sizeof *out);
        fault_arm(FAULT_MEMORY, k, k % 2 == 0 ? 1 : UINT_MAX);
        size_t n = par_flatten(out, slices, 2, sizeof *x);
        hit = fault_disarm().failed;
        expect(n == N / 2 && out[N / 4 - 1] == N / 4 - 1 && out[N / 4] == N / 2);
        expect(out[N / 2 - 1] == 3 * N / 4 - 1 && out[N / 2] == 0);
    }
    free(x);
    free(out);
}

static void memory_is_missing(void **state)
{
    (void)state;
    on_pool_of(1, check_faults, NULL);
    on_pool_of(4, check_faults, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flattening),
        cmocka_unit_test(memory_is_missing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
