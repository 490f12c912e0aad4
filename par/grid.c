/* grid.c - loops over two and three dimensions. Two are three with one plane.
 *
 * The range is cut into units, small boxes of cells; the units are put in one row by halving the
 * longest side of the box of all units, then of each half, and so on. The bridge divides that row,
 * and asks here where: at the halves of the boxes, so that a part is nearly always one box. A part
 * runs tile by tile, each one call of the body.
 *
 * A side of a tile that is given is the side of a unit, so that tiles begin where they must. A
 * side that is chosen is divided into units that are smaller than the tile: the parts of dear cells
 * are smaller than a tile, and so are their calls. */
#include <par/grid.h>

#include <stdbool.h>

#include "loop.h"
#include "misuse.h"

enum { PLANES, ROWS, COLS, N_SIDES, ALL_SIDES = (1 << N_SIDES) - 1 };

/* More units would make the row longer to search without making the parts better. */
#define MANY_UNITS ((size_t)1 << 16)
/* Units of so many columns first, if there are enough: parts begin at cache lines of their own. */
enum { UNIT_COLS = 64 };
/* What lies in the nearest cache in any order. */
enum { NEAR_CELLS = 2048 };

/* The largest tiles, and the shape of all parts, where none are given: powers of two. Long rows, as a
 * row that is cut stops the prefetchers; few, so that their neighbours are still in a cache
 * (split.md has the measurements). */
static const size_t tile_2d[N_SIDES] = {1, 4, 4096};
static const size_t tile_3d[N_SIDES] = {4, 16, 4096};

typedef struct grid_t {
    par__op_t op; /* first: the bridge hands it back */
    par_tile_2d_fn *body_2d;
    par_tile_3d_fn *body_3d; /* NULL: two dimensions */
    void *ctx;
    size_t begin[N_SIDES], end[N_SIDES];
    size_t tile[N_SIDES];  /* cells; more than the range has, where that is given */
    size_t unit[N_SIDES];  /* cells: the tile if that is given, or a multiple, else a part of it */
    size_t units[N_SIDES]; /* of the whole range */
    double share[N_SIDES]; /* of a tile's side that a unit is */
} grid_t;

/* Of units: where it begins in the grid and in the row, and its sides. */
typedef struct box_t {
    size_t first[N_SIDES], n[N_SIDES];
    size_t start;
} box_t;

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t box_units(const box_t *box)
{
    return box->n[PLANES] * box->n[ROWS] * box->n[COLS];
}

static box_t box_of_all(const grid_t *grid)
{
    box_t box = {{0}, {grid->units[PLANES], grid->units[ROWS], grid->units[COLS]}, 0};
    return box;
}

/* Across which side a box of at least two units is halved: the longest in tiles, of equal ones the
 * outer. So boxes come near to the shape of a tile. */
static int box_side(const grid_t *grid, const box_t *box)
{
    int side = PLANES;
    double longest = 0;
    for (int d = 0; d < N_SIDES; d++) {
        double tiles = box->n[d] > 1 ? (double)box->n[d] * grid->share[d] : 0;
        if (tiles > longest) {
            longest = tiles;
            side = d;
        }
    }
    return side;
}

/* Where the second half of a box begins in the row. */
static size_t box_mid(const box_t *box, int side)
{
    size_t others = 1;
    for (int d = 0; d < N_SIDES; d++)
        others *= d == side ? 1 : box->n[d];
    return box->start + box->n[side] / 2 * others;
}

static void box_keep_low(box_t *box, int side)
{
    box->n[side] /= 2;
}

static void box_keep_high(box_t *box, int side, size_t mid)
{
    size_t half = box->n[side] / 2;
    box->first[side] += half;
    box->n[side] -= half;
    box->start = mid;
}

/* Goes down to the smallest box that has all of [first, last), which are at least two units or all
 * of it. Returns where that one is halved, and across which side. */
static size_t box_find(const grid_t *grid, box_t *box, size_t first, size_t last, int *side)
{
    for (;;) {
        *side = box_side(grid, box);
        size_t mid = box_mid(box, *side);
        if (mid == box->start || (first < mid && mid < last)) return mid;
        if (last <= mid)
            box_keep_low(box, *side);
        else
            box_keep_high(box, *side, mid);
    }
}

static size_t grid_mid(const par__op_t *op, size_t first, size_t last)
{
    const grid_t *grid = (const grid_t *)op;
    box_t box = box_of_all(grid);
    int side;
    return box_find(grid, &box, first, last, &side);
}

/* ---- running ---- */

static void tile_run(const grid_t *grid, const size_t begin[], const size_t end[])
{
    if (grid->body_3d == NULL) {
        const par_range_2d_t tile = {begin[ROWS], end[ROWS], begin[COLS], end[COLS]};
        grid->body_2d(&tile, grid->ctx);
    } else {
        const par_range_3d_t tile = {begin[PLANES], end[PLANES], begin[ROWS],
                                     end[ROWS],     begin[COLS], end[COLS]};
        grid->body_3d(&tile, grid->ctx);
    }
}

/* The next tile along side d, within to[d]; false after the last one. */
static bool tile_step(const grid_t *grid, size_t begin[], size_t end[], const size_t to[], int d)
{
    begin[d] = end[d];
    end[d] += smaller(grid->tile[d], to[d] - end[d]);
    return begin[d] < to[d];
}

static void tile_rewind(
    const grid_t *grid, size_t begin[], size_t end[], const size_t from[], const size_t to[], int d)
{
    begin[d] = from[d];
    end[d] = from[d] + smaller(grid->tile[d], to[d] - from[d]);
}

static void cells_run(const grid_t *grid, const size_t from[], const size_t to[])
{
    size_t begin[N_SIDES], end[N_SIDES];
    tile_rewind(grid, begin, end, from, to, PLANES);
    do {
        tile_rewind(grid, begin, end, from, to, ROWS);
        do {
            tile_rewind(grid, begin, end, from, to, COLS);
            do {
                tile_run(grid, begin, end);
            } while (tile_step(grid, begin, end, to, COLS));
        } while (tile_step(grid, begin, end, to, ROWS));
    } while (tile_step(grid, begin, end, to, PLANES));
}

/* Not worth halving before its tiles run one after the other. */
static bool box_is_near(const grid_t *grid, const box_t *box)
{
    double cells = 1;
    bool is_tile = true;
    for (int d = 0; d < N_SIDES; d++) {
        cells *= (double)box->n[d] * (double)grid->unit[d];
        if ((double)box->n[d] * grid->share[d] > 1) is_tile = false;
    }
    return is_tile || cells <= NEAR_CELLS || box_units(box) == 1;
}

static void box_run(const grid_t *grid, const box_t *box)
{
    if (!box_is_near(grid, box)) {
        int side = box_side(grid, box);
        box_t low = *box, high = *box;
        box_keep_low(&low, side);
        box_keep_high(&high, side, box_mid(box, side));
        box_run(grid, &low);
        box_run(grid, &high);
        return;
    }
    size_t from[N_SIDES], to[N_SIDES];
    for (int d = 0; d < N_SIDES; d++) {
        size_t last = box->first[d] + box->n[d];
        from[d] = grid->begin[d] + box->first[d] * grid->unit[d];
        to[d] = last == grid->units[d] ? grid->end[d] : grid->begin[d] + last * grid->unit[d];
    }
    cells_run(grid, from, to);
}

/* What a box has in common with [first, last). */
static void common_run(const grid_t *grid, const box_t *given, size_t first, size_t last)
{
    box_t box = *given;
    if (first < box.start) first = box.start;
    if (last > box.start + box_units(&box)) last = box.start + box_units(&box);
    if (first >= last) return;
    int side;
    size_t mid = box_find(grid, &box, first, last, &side);
    if (first == box.start && last == box.start + box_units(&box)) {
        box_run(grid, &box);
        return;
    }
    box_t high = box;
    box_keep_low(&box, side);
    box_keep_high(&high, side, mid);
    common_run(grid, &box, first, last);
    common_run(grid, &high, first, last);
}

static void grid_run(const par__op_t *op, void *acc, size_t first, size_t last)
{
    const grid_t *grid = (const grid_t *)op;
    box_t all = box_of_all(grid);
    (void)acc;
    common_run(grid, &all, first, last);
}

/* ---- choosing tiles and units ---- */

static size_t divide_up(size_t n, size_t by)
{
    return n / by + (n % by != 0);
}

static void count_units(grid_t *grid)
{
    for (int d = 0; d < N_SIDES; d++)
        grid->units[d] = divide_up(grid->end[d] - grid->begin[d], grid->unit[d]);
}

/* The product of three numbers; SIZE_MAX if it is more than that. */
static size_t product(const size_t n[])
{
    size_t two, three;
    if (__builtin_mul_overflow(n[0], n[1], &two)) return SIZE_MAX;
    return __builtin_mul_overflow(two, n[2], &three) ? SIZE_MAX : three;
}

/* The side that has the most units, of those of which `may` has a bit; N_SIDES if none has two. */
static int most_units(const grid_t *grid, unsigned may)
{
    int side = N_SIDES;
    size_t most = 1;
    for (int d = 0; d < N_SIDES; d++)
        if ((may >> d & 1) != 0 && grid->units[d] > most) {
            most = grid->units[d];
            side = d;
        }
    return side;
}

static void unit_double(grid_t *grid, int side)
{
    grid->unit[side] = grid->unit[side] <= SIZE_MAX / 2 ? grid->unit[side] * 2 : SIZE_MAX;
    grid->units[side] = divide_up(grid->units[side], 2);
}

/* The side of the tiles that are chosen, largest first, so that they have max_grain cells at most. */
static void tile_shrink(grid_t *grid, unsigned chosen, size_t max_grain)
{
    while (product(grid->tile) > max_grain) {
        int side = N_SIDES;
        for (int d = 0; d < N_SIDES; d++)
            if ((chosen >> d & 1) != 0 && grid->tile[d] > 1 &&
                (side == N_SIDES || grid->tile[d] > grid->tile[side]))
                side = d;
        if (side == N_SIDES) return;
        grid->tile[side] /= 2;
    }
}

/* Are there more columns to put side by side into a unit? */
static bool cols_may_grow(const grid_t *grid, unsigned chosen)
{
    return (chosen >> COLS & 1) != 0 && grid->units[COLS] > 1 && grid->unit[COLS] < UNIT_COLS;
}

/* The sides where a unit is smaller than a tile. */
static unsigned within_tile(const grid_t *grid)
{
    unsigned sides = 0;
    for (int d = 0; d < N_SIDES; d++)
        if (grid->unit[d] < grid->tile[d]) sides |= 1u << d;
    return sides;
}

/* Of a unit in the middle of the range: where a side of it is longer than the range, that counts. */
static size_t unit_cells(const grid_t *grid)
{
    size_t sides[N_SIDES];
    for (int d = 0; d < N_SIDES; d++)
        sides[d] = smaller(grid->unit[d], grid->end[d] - grid->begin[d]);
    return product(sides);
}

/* A piece of a row of `grain` cells, or as many rows as have them, is both unit and tile. */
static void fit_grain(grid_t *grid, unsigned chosen, size_t grain)
{
    for (int d = COLS; d >= PLANES; d--) {
        if ((chosen >> d & 1) == 0) continue;
        size_t others = unit_cells(grid) / grid->unit[d];
        grid->unit[d] = smaller(divide_up(grain, others), grid->end[d] - grid->begin[d]);
        grid->tile[d] = grid->unit[d];
    }
    count_units(grid);
}

/* A tile grows only where the unit that the grain asks for does not fit into it. */
static void grow_for_grain(grid_t *grid, unsigned chosen, size_t grain)
{
    while (unit_cells(grid) < grain) {
        unsigned fitting = chosen & within_tile(grid);
        int side = cols_may_grow(grid, fitting) ? COLS : most_units(grid, fitting);
        if (side == N_SIDES) side = most_units(grid, chosen);
        if (side == N_SIDES) break;
        unit_double(grid, side);
    }
    for (int d = 0; d < N_SIDES; d++)
        if (grid->tile[d] < grid->unit[d]) grid->tile[d] = grid->unit[d];
}

static void grow_for_count(grid_t *grid, unsigned chosen)
{
    while (product(grid->units) > MANY_UNITS / UNIT_COLS && cols_may_grow(grid, chosen))
        unit_double(grid, COLS);
    int side;
    while (product(grid->units) > MANY_UNITS && (side = most_units(grid, chosen)) != N_SIDES)
        unit_double(grid, side);
    /* Tiles that are given: a unit is several of them where there are more than size_t can count. */
    while (product(grid->units) > SIZE_MAX / 2 && (side = most_units(grid, ALL_SIDES)) != N_SIDES)
        unit_double(grid, side);
}

static void grid_choose(grid_t *grid, const size_t largest[], const par_options_t *options)
{
    const size_t given[N_SIDES] = {grid->body_3d == NULL ? 0 : options->tile_planes,
                                   options->tile_rows, options->tile_cols};
    unsigned chosen = 0;
    for (int d = 0; d < N_SIDES; d++) {
        if (given[d] == 0) chosen |= 1u << d;
        grid->tile[d] = given[d] > 0 ? given[d] : largest[d];
        grid->unit[d] = given[d] > 0 ? given[d] : 1;
    }
    count_units(grid);
    /* Doubling may step over both, where the most is less than twice the least. */
    if (options->grain > 0 && options->max_grain > 0 && options->max_grain / 2 < options->grain) {
        fit_grain(grid, chosen, options->grain);
    } else {
        if (options->max_grain > 0) tile_shrink(grid, chosen, options->max_grain);
        grow_for_grain(grid, chosen, options->grain);
    }
    grow_for_count(grid, chosen);
    for (int d = 0; d < N_SIDES; d++)
        grid->share[d] = (double)grid->unit[d] / (double)grid->tile[d];
}

static void grid_start(grid_t *grid, const size_t largest[], uintptr_t key, const par_options_t *o)
{
    const par_options_t options = par__options_read(o);
    for (int d = 0; d < N_SIDES; d++)
        if (grid->begin[d] >= grid->end[d]) return;
    grid_choose(grid, largest, &options);
    grid->op.run = grid_run;
    grid->op.mid = grid_mid;
    grid->op.n_units = product(grid->units);
    grid->op.key = key;
    grid->op.unit_ns = options.item_ns * (double)grid->unit[PLANES] * (double)grid->unit[ROWS] *
                       (double)grid->unit[COLS];
    grid->op.pool = options.pool;
    par__loop_schedule(&grid->op, &options);
}

void par_for_2d(par_range_2d_t range, par_tile_2d_fn *body, void *ctx, const par_options_t *options)
{
    PAR__MISUSE(body != NULL, "body is NULL; pass the function to run for each tile");
    grid_t grid = {.body_2d = body,
                   .ctx = ctx,
                   .begin = {0, range.row_begin, range.col_begin},
                   .end = {1, range.row_end, range.col_end}};
    grid_start(&grid, tile_2d, (uintptr_t)body, options);
}

void par_for_3d(par_range_3d_t range, par_tile_3d_fn *body, void *ctx, const par_options_t *options)
{
    PAR__MISUSE(body != NULL, "body is NULL; pass the function to run for each tile");
    grid_t grid = {.body_3d = body,
                   .ctx = ctx,
                   .begin = {range.plane_begin, range.row_begin, range.col_begin},
                   .end = {range.plane_end, range.row_end, range.col_end}};
    grid_start(&grid, tile_3d, (uintptr_t)body, options);
}
