/* test_grid.c - loops over two and three dimensions: every cell once, tiles as they were given, extents
 * that are empty, thin and longer than memory. */
#include <float.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "on_pools.h"

typedef struct cells_t {
    unsigned char *count; /* of each cell of range */
    par_range_3d_t range;
    size_t tile[3];       /* 0 = any side */
    size_t least, most;   /* cells a tile; least is not for those at an end */
    size_t rows, cols, n; /* of range */
    size_t n_tiles;       /* calls of the body */
    par_options_t options;
} cells_t;

static size_t side_of(size_t begin, size_t end)
{
    return begin < end ? end - begin : 0;
}

static void cells_new(cells_t *cells)
{
    const par_range_3d_t *r = &cells->range;
    cells->rows = side_of(r->row_begin, r->row_end);
    cells->cols = side_of(r->col_begin, r->col_end);
    cells->n = side_of(r->plane_begin, r->plane_end) * cells->rows * cells->cols;
    cells->n_tiles = 0;
    cells->count = calloc(cells->n + 1, 1);
    expect(cells->count != NULL);
}

static void cells_check_and_free(cells_t *cells)
{
    for (size_t i = 0; i < cells->n; i++)
        expect(cells->count[i] == 1);
    expect((cells->n_tiles > 0) == (cells->n > 0));
    free(cells->count);
}

/* A side that was given: begins at a multiple, as long as given, or ends where the range does. */
static int
side_is_right(size_t begin, size_t end, size_t range_begin, size_t range_end, size_t tile)
{
    return range_begin <= begin && begin < end && end <= range_end &&
           (tile == 0 || ((begin - range_begin) % tile == 0 &&
                          (end - begin == tile || (end == range_end && end - begin < tile))));
}

static void cells_mark(const par_range_3d_t *t, void *ctx)
{
    cells_t *cells = ctx;
    const par_range_3d_t *r = &cells->range;
    expect(
        side_is_right(t->plane_begin, t->plane_end, r->plane_begin, r->plane_end, cells->tile[0]));
    expect(side_is_right(t->row_begin, t->row_end, r->row_begin, r->row_end, cells->tile[1]));
    expect(side_is_right(t->col_begin, t->col_end, r->col_begin, r->col_end, cells->tile[2]));
    size_t n =
        (t->plane_end - t->plane_begin) * (t->row_end - t->row_begin) * (t->col_end - t->col_begin);
    int at_end =
        t->plane_end == r->plane_end || t->row_end == r->row_end || t->col_end == r->col_end;
    expect(n >= cells->least || at_end);
    expect(cells->most == 0 || n <= cells->most);
    __atomic_fetch_add(&cells->n_tiles, 1, __ATOMIC_RELAXED);
    for (size_t i = t->plane_begin; i < t->plane_end; i++)
        for (size_t j = t->row_begin; j < t->row_end; j++)
            for (size_t k = t->col_begin; k < t->col_end; k++)
                cells->count[((i - r->plane_begin) * cells->rows + (j - r->row_begin)) *
                                 cells->cols +
                             (k - r->col_begin)]++;
}

static void cells_mark_2d(const par_range_2d_t *t, void *ctx)
{
    const par_range_3d_t tile = {0, 1, t->row_begin, t->row_end, t->col_begin, t->col_end};
    cells_mark(&tile, ctx);
}

static const size_t sides_2d[][2] = {{0, 0},    {0, 5},     {5, 0},     {1, 1},
                                     {1, 1000}, {1000, 1},  {7, 13},    {64, 64},
                                     {65, 129}, {300, 500}, {3, 70000}, {70000, 3}};

static void check_2d(void *ctx)
{
    for (size_t s = 0; s < sizeof sides_2d / sizeof sides_2d[0]; s++) {
        cells_t cells = *(cells_t *)ctx;
        cells.range = (par_range_3d_t){0, 1, s * 3, s * 3 + sides_2d[s][0], s, s + sides_2d[s][1]};
        cells_new(&cells);
        par_range_2d_t range = {cells.range.row_begin, cells.range.row_end, cells.range.col_begin,
                                cells.range.col_end};
        par_for_2d(range, cells_mark_2d, &cells, &cells.options);
        cells_check_and_free(&cells);
    }
}

static const size_t sides_3d[][3] = {{0, 3, 3},   {3, 0, 3},   {3, 3, 0},   {1, 1, 1},
                                     {2, 3, 5},   {1, 1, 999}, {1, 999, 1}, {999, 1, 1},
                                     {9, 33, 65}, {40, 40, 40}};

static void check_3d(void *ctx)
{
    for (size_t s = 0; s < sizeof sides_3d / sizeof sides_3d[0]; s++) {
        cells_t cells = *(cells_t *)ctx;
        const size_t *n = sides_3d[s];
        cells.range = (par_range_3d_t){s, s + n[0], 2 * s, 2 * s + n[1], 7, 7 + n[2]};
        cells_new(&cells);
        par_for_3d(cells.range, cells_mark, &cells, &cells.options);
        cells_check_and_free(&cells);
    }
}

static const par_schedule_t schedules[] = {PAR_SCHEDULE_AUTO, PAR_SCHEDULE_STATIC,
                                           PAR_SCHEDULE_AFFINITY};

static void check_both(cells_t *cells)
{
    for (int s = 0; s < 3; s++) {
        cells->options.schedule = schedules[s];
        on_pools(check_2d, cells);
        on_pools(check_3d, cells);
    }
}

static void every_cell_once(void **state)
{
    (void)state;
    cells_t cells = {.options = PAR_OPTIONS_INIT};
    check_both(&cells);
    cells.options.item_ns = 1e9;
    check_both(&cells);
    cells.options.item_ns = 0.001;
    check_both(&cells);
}

static void given_tiles_are_kept(void **state)
{
    (void)state;
    static const size_t tiles[][3] = {
        {1, 1, 7}, {2, 5, 0}, {0, 1, 0}, {3, 64, 64}, {SIZE_MAX, SIZE_MAX, SIZE_MAX}, {0, 0, 9}};
    for (size_t t = 0; t < sizeof tiles / sizeof tiles[0]; t++) {
        cells_t cells = {.options = PAR_OPTIONS_INIT};
        cells.options.tile_planes = tiles[t][0];
        cells.options.tile_rows = tiles[t][1];
        cells.options.tile_cols = tiles[t][2];
        memcpy(cells.tile + 1, tiles[t] + 1, 2 * sizeof(size_t));
        on_pools(check_2d, &cells); /* tile_planes is for three dimensions only */
        cells.tile[0] = tiles[t][0];
        on_pools(check_3d, &cells);
        cells.options.schedule = PAR_SCHEDULE_STATIC;
        on_pools(check_3d, &cells);
    }
}

static void grains_bound_the_cells_of_a_tile(void **state)
{
    (void)state;
    static const size_t grains[][2] = {{1, 1},  {3, 3},      {50, 0},
                                       {0, 50}, {100, 3000}, {SIZE_MAX, 0}};
    for (size_t g = 0; g < sizeof grains / sizeof grains[0]; g++) {
        cells_t cells = {.options = PAR_OPTIONS_INIT};
        cells.least = cells.options.grain = grains[g][0];
        cells.most = cells.options.max_grain = grains[g][1];
        check_both(&cells);
    }
    /* Both cannot be: the grain is what counts. */
    cells_t cells = {.options = PAR_OPTIONS_INIT, .least = 100};
    cells.options.grain = 100;
    cells.options.max_grain = 10;
    check_both(&cells);
}

/* Rows that are shorter than a unit: its cells are those that are there. */
typedef struct narrow_t {
    size_t rows, cols, grain, n_small;
} narrow_t;

static void narrow_tile(const par_range_2d_t *tile, void *ctx)
{
    narrow_t *narrow = ctx;
    size_t n = (tile->row_end - tile->row_begin) * (tile->col_end - tile->col_begin);
    if (n < narrow->grain && tile->row_end < narrow->rows)
        __atomic_fetch_add(&narrow->n_small, 1, __ATOMIC_RELAXED);
}

static void grains_count_cells_that_are_there(void **state)
{
    (void)state;
    for (size_t cols = 1; cols < 64; cols++) {
        narrow_t narrow = {1000, cols, 500, 0};
        par_options_t options = PAR_OPTIONS_INIT;
        options.grain = narrow.grain;
        par_for_2d((par_range_2d_t){0, 1000, 0, cols}, narrow_tile, &narrow, &options);
        assert_int_equal(narrow.n_small, 0);
    }
}

/* grain and max_grain are the same number, a power of two or not. */
typedef struct exact_t {
    size_t rows, cols, grain, n_wrong;
} exact_t;

static void exact_tile(const par_range_2d_t *tile, void *ctx)
{
    exact_t *exact = ctx;
    size_t n = (tile->row_end - tile->row_begin) * (tile->col_end - tile->col_begin);
    bool is_at_end = tile->row_end == exact->rows || tile->col_end == exact->cols;
    if (n > exact->grain || (n < exact->grain && !is_at_end))
        __atomic_fetch_add(&exact->n_wrong, 1, __ATOMIC_RELAXED);
}

static void one_number_of_cells(void **state)
{
    (void)state;
    for (size_t grain = 1; grain <= 300; grain++) {
        exact_t exact = {50, 300, grain, 0};
        par_options_t options = PAR_OPTIONS_INIT;
        options.grain = options.max_grain = grain;
        par_for_2d((par_range_2d_t){0, 50, 0, 300}, exact_tile, &exact, &options);
        assert_int_equal(exact.n_wrong, 0);
    }
}

/* ---- extents that no memory has: counted, not marked ---- */

typedef struct huge_t {
    par_range_3d_t range;
    par_options_t options;
    long double cells; /* seen */
    int lock;
    size_t tile[3];
} huge_t;

static void huge_count(const par_range_3d_t *t, void *ctx)
{
    huge_t *huge = ctx;
    const par_range_3d_t *r = &huge->range;
    expect(
        side_is_right(t->plane_begin, t->plane_end, r->plane_begin, r->plane_end, huge->tile[0]));
    expect(side_is_right(t->row_begin, t->row_end, r->row_begin, r->row_end, huge->tile[1]));
    expect(side_is_right(t->col_begin, t->col_end, r->col_begin, r->col_end, huge->tile[2]));
    while (__atomic_exchange_n(&huge->lock, 1, __ATOMIC_ACQUIRE)) {
    }
    huge->cells += (long double)(t->plane_end - t->plane_begin) *
                   (long double)(t->row_end - t->row_begin) *
                   (long double)(t->col_end - t->col_begin);
    __atomic_store_n(&huge->lock, 0, __ATOMIC_RELEASE);
}

static long double cells_of(const par_range_3d_t *r)
{
    return (long double)(r->plane_end - r->plane_begin) * (long double)(r->row_end - r->row_begin) *
           (long double)(r->col_end - r->col_begin);
}

static void check_huge(void *ctx)
{
    huge_t huge = *(huge_t *)ctx;
    for (int s = 0; s < 3; s++) {
        huge.options.schedule = schedules[s];
        huge.cells = 0;
        par_for_3d(huge.range, huge_count, &huge, &huge.options);
        long double difference = huge.cells / cells_of(&huge.range) - 1;
        /* Of a sum of thousands, if long double is double; the epsilon of POWER's tells nothing. */
        const long double slack = 1e4L * DBL_EPSILON;
        expect(-slack < difference && difference < slack);
    }
}

static void huge_extents(void **state)
{
    (void)state;
    const size_t most = SIZE_MAX;
    const struct {
        par_range_3d_t range;
        size_t tile[3], grain;
    } cases[] = {
        {{0, most, 0, most, 0, most}, {most / 3, most / 2, most - 1}, 0},
        {{0, most, 0, most, 0, most}, {most, most, 1 + most / 2}, 0},
        {{0, 1, 0, most, 5, most}, {1, most / 100, most / 99}, 0},
        {{most - 3, most, most - 5, most, most - 7, most}, {2, 2, 2}, 0},
        {{most - 3, most, most - 5, most, most - 7, most}, {0, 0, 0}, 0},
        {{0, most, 0, most, 0, most}, {most / 4, most / 4, most / 4}, most},
        {{0, most, 0, 2, 0, 1}, {most / 4, 0, 0}, most},
        {{most - 1, most, 0, 1, 0, most}, {0, 0, most / 7}, 3},
    };
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        huge_t huge = {.range = cases[c].range, .options = PAR_OPTIONS_INIT};
        memcpy(huge.tile, cases[c].tile, sizeof huge.tile);
        huge.options.grain = cases[c].grain;
        huge.options.tile_planes = huge.tile[0];
        huge.options.tile_rows = huge.tile[1];
        huge.options.tile_cols = huge.tile[2];
        on_pools(check_huge, &huge);
    }
}

/* More cells than size_t counts, and one tile for all of them: the grain asks for it. */
static void huge_grain(void **state)
{
    (void)state;
    huge_t huge = {.range = {0, 1, 0, SIZE_MAX, 0, 1}, .options = PAR_OPTIONS_INIT};
    huge.options.grain = SIZE_MAX;
    on_pools(check_huge, &huge);
}

static void never_2d(const par_range_2d_t *tile, void *ctx)
{
    (void)tile, (void)ctx;
    expect(0);
}

static void never_3d(const par_range_3d_t *tile, void *ctx)
{
    (void)tile, (void)ctx;
    expect(0);
}

static void reversed_ranges_are_empty(void **state)
{
    (void)state;
    par_for_2d((par_range_2d_t){5, 4, 0, 9}, never_2d, NULL, NULL);
    par_for_2d((par_range_2d_t){0, 9, SIZE_MAX, 0}, never_2d, NULL, NULL);
    par_for_3d((par_range_3d_t){SIZE_MAX, 0, 0, 9, 0, 9}, never_3d, NULL, NULL);
    par_for_3d((par_range_3d_t){0, 9, 0, 9, 9, 9}, never_3d, NULL, NULL);
    no_failures();
}

/* ---- tiles that follow each other lie near each other ---- */

typedef struct walk_t {
    size_t row, col; /* of the last tile's first cell */
    size_t far;      /* steps longer than a quarter of the sheet */
    size_t n;
} walk_t;

static size_t distance(size_t a, size_t b)
{
    return a < b ? b - a : a - b;
}

static void walk_on(const par_range_2d_t *tile, void *ctx)
{
    walk_t *walk = ctx;
    if (distance(walk->row, tile->row_begin) > 256 || distance(walk->col, tile->col_begin) > 256)
        walk->far++;
    walk->row = tile->row_begin;
    walk->col = tile->col_begin;
    walk->n++;
}

/* 64 x 64 tiles of dear cells: alone, a worker goes from tile to tile in the order of the halves. A
 * walk along the rows would make a far step at the end of each: 63. */
static void check_walk(void *ctx)
{
    walk_t walk = {0};
    par_options_t options = PAR_OPTIONS_INIT;
    (void)ctx;
    options.tile_rows = options.tile_cols = 16;
    options.item_ns = 1e6;
    par_for_2d((par_range_2d_t){0, 1024, 0, 1024}, walk_on, &walk, &options);
    expect(walk.n == 64 * 64);
    expect(walk.far <= 16);
}

static void neighbours_follow_each_other(void **state)
{
    (void)state;
    on_pool_of(1, check_walk, NULL);
}

/* ---- the definer macros, nested ---- */

struct sheet_t {
    double *out;
    const double *in;
    size_t width;
};

PAR_DEFINE_FOR_2D(transpose, struct sheet_t, s, i, j)
{
    if (i == j) return;
    s.out[j * s.width + i] = s.in[i * s.width + j];
}

static void check_transpose(void *ctx)
{
    enum { N = 200 };
    (void)ctx;
    double *in = malloc(sizeof(double[N * N])), *out = calloc(N * N, sizeof(double));
    for (size_t i = 0; i < N * N; i++)
        in[i] = (double)i + 1;
    transpose((par_range_2d_t){0, N, 0, N}, (struct sheet_t){out, in, N});
    for (size_t i = 0; i < N * N; i++)
        expect(out[i] == (i / N == i % N ? 0 : in[i % N * N + i / N]));
    free(in);
    free(out);
}

struct cube_t {
    unsigned *count;
    size_t rows, cols;
    unsigned step;
};

PAR_DEFINE_FOR_3D(count_cells, struct cube_t, c, i, j, k)
{
    c.count[(i * c.rows + j) * c.cols + k] += c.step;
}

static void count_plane(size_t begin, size_t end, void *ctx)
{
    const struct cube_t cube = *(const struct cube_t *)ctx;
    par_options_t options = PAR_OPTIONS_INIT;
    options.tile_rows = 3;
    count_cells_in((par_range_3d_t){begin, end, 0, cube.rows, 0, cube.cols}, cube, &options);
}

/* A 3-D loop inside a loop, and then by itself. */
static void check_count_cells(void *ctx)
{
    enum { PLANES = 12, ROWS = 20, COLS = 30, N = PLANES * ROWS * COLS };
    (void)ctx;
    unsigned *count = calloc(N, sizeof *count);
    struct cube_t cube = {count, ROWS, COLS, 1};
    par_for_range(0, PLANES, count_plane, &cube, NULL);
    cube.step = 10;
    count_cells((par_range_3d_t){0, PLANES, 0, ROWS, 0, COLS}, cube);
    for (size_t i = 0; i < N; i++)
        expect(count[i] == 11);
    free(count);
}

static void defined_loops(void **state)
{
    (void)state;
    on_pools(check_transpose, NULL);
    for (int i = 0; i < 10; i++)
        on_pools(check_count_cells, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cell_once),
        cmocka_unit_test(given_tiles_are_kept),
        cmocka_unit_test(grains_count_cells_that_are_there),
        cmocka_unit_test(one_number_of_cells),
        cmocka_unit_test(grains_bound_the_cells_of_a_tile),
        cmocka_unit_test(huge_extents),
        cmocka_unit_test(huge_grain),
        cmocka_unit_test(reversed_ranges_are_empty),
        cmocka_unit_test(neighbours_follow_each_other),
        cmocka_unit_test(defined_loops),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
