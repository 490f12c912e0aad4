/* test_filter_lanes.c - the kernels below filters and packs: every path that this machine can run against
 * plain loops. */
#include <stdlib.h>
#include <string.h>

#include "filter_flags.h"
#include "on_pools.h"

#include "../par/algo/filter_lanes.h"
#include "../par/algo/pack_lanes.h"

enum { KERNEL_MOST = 450, KERNEL_BYTES = 40 };
static const size_t kernel_sizes[] = {1, 2, 3, 4, 8, 16, KERNEL_BYTES};

/* Exactly what is kept is written; the arrays have the size of what is read, so that a sanitizer sees
 * more. */
static void check_pack(const par__pack_lanes_t *path, size_t size, size_t n, unsigned pattern)
{
    unsigned char *flags = malloc(n + 1), *in = malloc(n * size + 1), *want = malloc(n * size + 1);
    uint64_t bits[KERNEL_MOST / 64 + 1], seed = n + size;
    memset(bits, 0x55, sizeof bits);
    flags_fill(flags, n, pattern);
    for (size_t i = 0; i < n * size; i++)
        in[i] = (unsigned char)(random_next(&seed) >> 50);
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (flags[i]) memcpy(want + kept++ * size, in + i * size, size);
    assert_int_equal(path->bits(bits, flags, n), kept);
    assert_int_equal(par__pack_count(bits, n), kept);
    for (size_t i = 0; i < par__pack_words(n) * 64; i++)
        assert_int_equal(bits[i / 64] >> i % 64 & 1, i < n && flags[i] != 0);
    unsigned char *out = malloc(kept * size + 1);
    out[kept * size] = 0xaa;
    par__pack(path, out, in, size, bits, n);
    assert_memory_equal(out, want, kept * size);
    assert_int_equal(out[kept * size], 0xaa);
    par__pack(path, in, in, size, bits, n);
    assert_memory_equal(in, want, kept * size);
    free(flags);
    free(in);
    free(want);
    free(out);
}

static void kernels_pack(void **state)
{
    (void)state;
    const par__pack_lanes_t *paths[PAR__PACK_PATHS + 1];
    par__pack_lanes_list(paths);
    assert_ptr_equal(paths[0], par__pack_lanes());
    for (size_t p = 0; paths[p] != NULL; p++)
        for (size_t s = 0; s < sizeof kernel_sizes / sizeof *kernel_sizes; s++)
            for (size_t n = 0; n < KERNEL_MOST; n += n < 150 ? 1 : 37)
                for (unsigned pattern = 0; pattern < N_PATTERNS; pattern++)
                    check_pack(paths[p], kernel_sizes[s], n, pattern);
}

#define DEFINE_WITHIN(name, type, sum_type)                                                        \
    static void within_##name(void **state)                                                        \
    {                                                                                              \
        (void)state;                                                                               \
        enum { N = 300 };                                                                          \
        const par__filter_lanes_t *paths[PAR__FILTER_PATHS + 1];                                   \
        par__filter_lanes_list(paths);                                                             \
        assert_ptr_equal(paths[0], par__filter_lanes());                                           \
        type x[N];                                                                                 \
        uint64_t seed = 6;                                                                         \
        for (size_t i = 0; i < N; i++)                                                             \
            x[i] = (type)(int)(random_next(&seed) % 100);                                          \
        for (size_t p = 0; paths[p] != NULL; p++) {                                                \
            for (size_t n = 0; n < N; n++) {                                                       \
                unsigned char flags[N + 1];                                                        \
                flags[n] = 7;                                                                      \
                paths[p]->within_##name(flags, x, n, 10, 60);                                      \
                for (size_t i = 0; i < n; i++)                                                     \
                    assert_int_equal(flags[i], x[i] >= 10 && x[i] <= 60);                          \
                paths[p]->other_##name(flags, x, n, 60);                                           \
                for (size_t i = 0; i < n; i++)                                                     \
                    assert_int_equal(flags[i], x[i] != 60);                                        \
                paths[p]->less_##name(flags, x, n, 60);                                            \
                for (size_t i = 0; i < n; i++)                                                     \
                    assert_int_equal(flags[i], x[i] < 60);                                         \
                paths[p]->greater_##name(flags, x, n, 60);                                         \
                for (size_t i = 0; i < n; i++)                                                     \
                    assert_int_equal(flags[i], x[i] > 60);                                         \
                assert_int_equal(flags[n], 7);                                                     \
            }                                                                                      \
        }                                                                                          \
    }
PAR_NUMBER_MAP(DEFINE_WITHIN)

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(kernels_pack),
#define X(name, type, sum_type) cmocka_unit_test(within_##name),
                                       PAR_NUMBER_MAP(X)
#undef X
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
