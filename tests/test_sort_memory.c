/* test_sort_memory.c - the comparison sorts without memory, and with each allocation refused in turn: the
 * same result. */
#include <limits.h>

#include "fault.h"
#include "on_pools.h"
#include "sort_elements.h"

static void check_no_memory(void *ctx)
{
    (void)ctx;
    for (size_t s = 0; s < N_SHAPES - 1; s++) {
        shape_t shape = shapes[s];
        for (int pattern = RANDOM; pattern < N_PATTERNS; pattern += 3) {
            size_t n = 3000 + s;
            unsigned char *v = malloc(n * shape.size), *want = malloc(n * shape.size);
            array_fill(v, n, shape, (pattern_t)pattern, s);
            memcpy(want, v, n * shape.size);
            reference_sort(want, n, shape);
            fault_arm(FAULT_MEMORY, 1, UINT_MAX);
            par_sort_r(v, n, shape.size, compare_keys, &shape.key_bytes);
            expect(fault_disarm().failed > 0 || n * shape.size <= 4096);
            expect(memcmp(v, want, n * shape.size) == 0);
            free(v);
            free(want);
        }
    }
}

static void no_memory(void **state)
{
    (void)state;
    on_pool_of(1, check_no_memory, NULL);
    on_pool_of(3, check_no_memory, NULL);
}

typedef struct pair_t {
    uint64_t key, place;
} pair_t;

PAR_DEFINE_SORT(pairs_sort, pair_t, a, b)
{
    return a.key < b.key;
}

PAR_DEFINE_SORT_UNSTABLE(pairs_sort_unstable, pair_t, a, b)
{
    return a.key < b.key;
}

/* One of the calls fails; the result does not tell which. */
static void check_each_failure(void *ctx)
{
    (void)ctx;
    enum { N = 60000 };
    pair_t *in = malloc(N * sizeof *in), *v = malloc(N * sizeof *v), *want = malloc(N * sizeof *v);
    for (size_t i = 0; i < N; i++)
        in[i] = (pair_t){random_below(8, i, 20000), i};
    memcpy(want, in, N * sizeof *in);
    pairs_sort(want, N);
    unsigned hit = 1;
    for (unsigned k = 1; hit && k < 1000; k++) {
        memcpy(v, in, N * sizeof *in);
        fault_arm(FAULT_MEMORY, k, 1);
        pairs_sort(v, N);
        hit = fault_disarm().failed;
        expect(memcmp(v, want, N * sizeof *v) == 0);
    }
    expect(hit == 0);
    memcpy(v, in, N * sizeof *in);
    fault_arm(FAULT_MEMORY, 1, UINT_MAX);
    pairs_sort_unstable(v, N);
    expect(fault_disarm().calls == 0); /* in place */
    free(in);
    free(v);
    free(want);
}

static void each_allocation_may_fail(void **state)
{
    (void)state;
    on_pool_of(1, check_each_failure, NULL);
    on_pool_of(3, check_each_failure, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_memory),
        cmocka_unit_test(each_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
