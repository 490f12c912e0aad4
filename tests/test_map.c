/* test_map.c - maps against the serial result. */
#include <stdlib.h>
#include <string.h>

#include "on_pools.h"

static const size_t sizes[] = {0, 1, 2, 3, 63, 64, 65, 1000, 1000000};
enum { N_SIZES = sizeof sizes / sizeof sizes[0] };

typedef struct wide_t {
    uint32_t value;
    char text[8];
} wide_t;

static void widen(void *out, const void *in, void *ctx)
{
    wide_t wide = {*(const uint16_t *)in + *(uint32_t *)ctx, "abc"};
    memcpy(out, &wide, sizeof wide);
}

static void check_map(void *ctx)
{
    (void)ctx;
    for (size_t s = 0; s < N_SIZES; s++) {
        size_t n = sizes[s];
        uint32_t add = 7;
        uint16_t *in = malloc((n + 1) * sizeof *in);
        wide_t *out = calloc(n + 1, sizeof *out);
        for (size_t i = 0; i < n; i++)
            in[i] = (uint16_t)(i * 31);
        par_map(out, sizeof *out, in, sizeof *in, n, widen, &add);
        for (size_t i = 0; i < n; i++)
            expect(out[i].value == (uint32_t)(uint16_t)(i * 31) + 7 &&
                   strcmp(out[i].text, "abc") == 0);
        expect(out[n].value == 0);
        free(in);
        free(out);
    }
}

static void maps(void **state)
{
    (void)state;
    on_pools(check_map, NULL);
}

static void nothing_to_map(void **state)
{
    (void)state;
    par_map(NULL, 4, NULL, 4, 0, widen, NULL);
#ifdef NDEBUG
    char byte = 1;
    par_map(&byte, 3, &byte, 1, SIZE_MAX / 2, widen, NULL);
    par_map(&byte, 1, &byte, 3, SIZE_MAX / 2, widen, NULL);
    assert_int_equal(byte, 1);
#endif
}

PAR_DEFINE_MAP(halve_all, double, int, x)
{
    return x * 0.5;
}

struct line_t {
    float slope, offset;
};

PAR_DEFINE_MAP_CTX(line_all, float, float, x, struct line_t, line)
{
    return line.slope * x + line.offset;
}

static void check_defined(void *ctx)
{
    (void)ctx;
    for (size_t s = 0; s < N_SIZES; s++) {
        size_t n = sizes[s];
        int *in = malloc((n + 1) * sizeof *in);
        double *out = calloc(n + 1, sizeof *out);
        float *same = malloc((n + 1) * sizeof *same);
        for (size_t i = 0; i < n; i++) {
            in[i] = (int)i;
            same[i] = (float)(i % 1000);
        }
        halve_all(out, in, n);
        line_all(same, same, n, (struct line_t){2, 1});
        for (size_t i = 0; i < n; i++)
            expect(out[i] == (double)i * 0.5 && same[i] == 2 * (float)(i % 1000) + 1);
        free(in);
        free(out);
        free(same);
    }
}

static void defined_maps(void **state)
{
    (void)state;
    on_pools(check_defined, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(maps),
        cmocka_unit_test(nothing_to_map),
        cmocka_unit_test(defined_maps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
