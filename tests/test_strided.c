/* test_strided.c - strided loops: the indices of the plain loop, for any begin, end and stride, those
 * at the ends of ptrdiff_t too. */
#include <stdlib.h>

#include "on_pools.h"

/* ---- against the plain loop ---- */

typedef struct visits_t {
    ptrdiff_t begin, end, stride;
    par_options_t options;
    unsigned char count[4096]; /* of index - LOW */
} visits_t;

enum { LOW = -2000 };

static void visit_block(ptrdiff_t first, size_t n, ptrdiff_t stride, void *ctx)
{
    visits_t *visits = ctx;
    expect(n > 0 && stride == visits->stride);
    expect(visits->options.max_grain == 0 || n <= visits->options.max_grain);
    for (size_t k = 0; k < n; k++)
        visits->count[first + (ptrdiff_t)k * stride - LOW]++;
}

static void check_visits(void *ctx)
{
    visits_t visits = *(visits_t *)ctx;
    unsigned char expected[sizeof visits.count] = {0};
    const ptrdiff_t stride = visits.stride;
    for (ptrdiff_t i = visits.begin; stride > 0 ? i < visits.end : i > visits.end; i += stride)
        expected[i - LOW]++;
    par_for_strided(visits.begin, visits.end, stride, visit_block, &visits, &visits.options);
    for (size_t i = 0; i < sizeof expected; i++)
        expect(visits.count[i] == expected[i]);
}

static void indices_of_the_plain_loop(void **state)
{
    (void)state;
    static const ptrdiff_t strides[] = {1, 2, 3, 7, 64, 1999, 5000, -1, -2, -7, -100, -4001};
    static const ptrdiff_t ends[][2] = {{0, 0},      {0, 1},     {0, 1000},     {-1500, 1999},
                                        {1000, 0},   {1999, -1}, {1999, -1999}, {-3, -1},
                                        {-1, -1500}, {100, 107}};
    for (size_t e = 0; e < sizeof ends / sizeof ends[0]; e++)
        for (size_t s = 0; s < sizeof strides / sizeof strides[0]; s++) {
            visits_t visits = {ends[e][0], ends[e][1], strides[s], PAR_OPTIONS_INIT, {0}};
            visits.options.max_grain = s % 3 * 10;
            visits.options.schedule = (par_schedule_t)(s % 3);
            check_visits(&visits);
            if (s % 4 == 0) on_pools(check_visits, &visits);
        }
    no_failures();
}

/* ---- the ends of ptrdiff_t ---- */

typedef struct cover_t {
    ptrdiff_t begin, end, stride;
    size_t expected; /* indices */
    size_t n, wrong;
} cover_t;

static void cover_block(ptrdiff_t first, size_t n, ptrdiff_t stride, void *ctx)
{
    cover_t *cover = ctx;
    ptrdiff_t low = cover->begin < cover->end ? cover->begin : cover->end;
    ptrdiff_t high = cover->begin < cover->end ? cover->end : cover->begin;
    size_t span = (n - 1) * (stride > 0 ? (size_t)stride : (size_t)0 - (size_t)stride);
    size_t room = stride > 0 ? (size_t)high - (size_t)first : (size_t)first - (size_t)low;
    if (first < low || first > high || span >= room)
        __atomic_fetch_add(&cover->wrong, 1, __ATOMIC_RELAXED);
    __atomic_fetch_add(&cover->n, n, __ATOMIC_RELAXED);
}

static void check_cover(void *ctx)
{
    cover_t cover = *(cover_t *)ctx;
    for (int s = 0; s < 3; s++) {
        par_options_t options = PAR_OPTIONS_INIT;
        options.schedule = (par_schedule_t)s;
        options.grain =
            (size_t)1 << 5 * sizeof(size_t); /* so that all indices are not too many blocks */
        cover.n = cover.wrong = 0;
        par_for_strided(cover.begin, cover.end, cover.stride, cover_block, &cover, &options);
        expect(cover.n == cover.expected && cover.wrong == 0);
    }
}

static void ends_of_ptrdiff_t(void **state)
{
    (void)state;
    const ptrdiff_t most = PTRDIFF_MAX, least = PTRDIFF_MIN;
    cover_t covers[] = {
        {least, most, 1, SIZE_MAX, 0, 0},
        {most, least, -1, SIZE_MAX, 0, 0},
        {least, most, most, 3, 0, 0},
        {most, least, least, 2, 0, 0},
        {least, most, 2, SIZE_MAX / 2 + 1, 0, 0},
        {most - 1, most, most, 1, 0, 0},
        {least + 1, least, least, 1, 0, 0},
        {0, most, most, 1, 0, 0},
        {0, most, most - 1, 2, 0, 0},
        {most, most, 1, 0, 0, 0},
        {least, most, -1, 0, 0, 0},
        {most, least, 1, 0, 0, 0},
        {0, least, least, 1, 0, 0},
        {0, least, least + 1, 2, 0, 0},
    };
    for (size_t i = 0; i < sizeof covers / sizeof covers[0]; i++)
        on_pools(check_cover, &covers[i]);
}

#ifdef NDEBUG
static void never(ptrdiff_t first, size_t n, ptrdiff_t stride, void *ctx)
{
    (void)first, (void)n, (void)stride, (void)ctx;
    expect(0);
}

static void stride_0_is_empty(void **state)
{
    (void)state;
    par_for_strided(0, 10, 0, never, NULL, NULL);
    no_failures();
}
#endif

/* ---- the definer macro, nested ---- */

struct steps_t {
    unsigned *count;
    ptrdiff_t cols;
};

PAR_DEFINE_FOR_STRIDED(bump, unsigned *, count, i)
{
    if (i % 3 == 0) return;
    count[i]++;
}

PAR_DEFINE_FOR_STRIDED(bump_rows, struct steps_t, s, row)
{
    bump(row * s.cols + s.cols - 1, row * s.cols - 1, -2, s.count);
}

static void check_nested(void *ctx)
{
    enum { ROWS = 60, COLS = 100 };
    (void)ctx;
    unsigned *count = calloc(ROWS * COLS, sizeof *count);
    par_options_t options = PAR_OPTIONS_INIT;
    options.grain = 5;
    bump_rows_in(ROWS - 1, -1, -3, (struct steps_t){count, COLS}, &options);
    for (int i = 0; i < ROWS * COLS; i++)
        expect(count[i] == (i / COLS % 3 == 2 && i % COLS % 2 == 1 && i % 3 != 0));
    free(count);
}

static void defined_loops(void **state)
{
    (void)state;
    for (int i = 0; i < 20; i++)
        on_pools(check_nested, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(indices_of_the_plain_loop),
        cmocka_unit_test(ends_of_ptrdiff_t),
#ifdef NDEBUG
        cmocka_unit_test(stride_0_is_empty),
#endif
        cmocka_unit_test(defined_loops),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
