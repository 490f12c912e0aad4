/* transpose.c - rows become columns, tile by tile.
 *
 * The columns of a matrix whose width is a multiple of a large power of two lie in a few sets of the
 * cache. There a tile is copied into a buffer, transposed, and from there row by row to its place: both
 * matrices are gone through in pieces of rows. Other matrices need no buffer. */
#include <par/move.h>

#include <stdbool.h>

#include <par/grid.h>

#include "items.h"

enum { BUFFER_BYTES = 16 * 1024, MAX_SIDE = 128 };

typedef struct matrix_t {
    char *out;
    const char *in;
    size_t rows, cols; /* of in */
    size_t size;
    size_t side;    /* of a tile */
    bool is_direct; /* out's columns lie in different sets of the cache */
} matrix_t;

/* 64 lines of 64 bytes repeat every 4 KiB; a quarter of that is bad enough for tiles of 32 rows. */
static bool is_direct(size_t row_bytes)
{
    return row_bytes % 512 >= 64;
}

/* out[c][r] = in[r][c] */
PAR_INLINE void
tile_turn(const matrix_t *m, const char *in, char *out, size_t n_rows, size_t n_cols, size_t size)
{
    const size_t rows = m->rows, cols = m->cols;
    for (size_t r = 0; r < n_rows; r++)
        for (size_t c = 0; c < n_cols; c++)
            memcpy(out + (c * rows + r) * size, in + (r * cols + c) * size, size);
}

/* The largest power of two whose square fits in the buffer; 1 for elements that are longer than it, which
 * need none. */
static size_t side_of(size_t size)
{
    size_t side = MAX_SIDE;
    while (side > 1 && size > BUFFER_BYTES / (side * side))
        side /= 2;
    return side;
}

/* buffer[c][r] = in[r][c]; rows of in are `stride` elements apart, those of the buffer n_rows. */
PAR_INLINE void
tile_take(char *buffer, const char *in, size_t stride, size_t n_rows, size_t n_cols, size_t size)
{
    for (size_t r = 0; r < n_rows; r++)
        for (size_t c = 0; c < n_cols; c++)
            memcpy(buffer + (c * n_rows + r) * size, in + (r * stride + c) * size, size);
}

/* The same for whole tiles of the usual sides: the strides in the buffer are constants. */
PAR_INLINE void tile_take_any(
    char *buffer, const char *in, size_t stride, size_t n_rows, size_t n_cols, size_t size)
{
    if (n_rows == 32)
        tile_take(buffer, in, stride, 32, n_cols, size);
    else if (n_rows == 64)
        tile_take(buffer, in, stride, 64, n_cols, size);
    else
        tile_take(buffer, in, stride, n_rows, n_cols, size);
}

/* out[r][c] = buffer[r][c]. */
static void
tile_put(char *out, const char *buffer, size_t stride, size_t n_rows, size_t n_cols, size_t size)
{
    for (size_t r = 0; r < n_rows; r++)
        memcpy(out + r * stride * size, buffer + r * n_cols * size, n_cols * size);
}

static void tile_transpose(const par_range_2d_t *tile, void *ctx)
{
    const matrix_t *m = ctx;
    char buffer[BUFFER_BYTES] __attribute__((aligned(64)));
    size_t n_rows = tile->row_end - tile->row_begin, n_cols = tile->col_end - tile->col_begin;
    const char *in = m->in + (tile->row_begin * m->cols + tile->col_begin) * m->size;
    char *out = m->out + (tile->col_begin * m->rows + tile->row_begin) * m->size;
    if (m->size > sizeof buffer) {
        memcpy(out, in, m->size);
        return;
    }
    if (m->is_direct) {
        PAR__BY_SIZE(tile_turn, m->size, m, in, out, n_rows, n_cols)
        return;
    }
    PAR__BY_SIZE(tile_take_any, m->size, buffer, in, m->cols, n_rows, n_cols)
    tile_put(out, buffer, m->rows, n_cols, n_rows, m->size);
}

/* A tile above the diagonal and the one that it changes places with. */
static void tiles_exchange(const par_range_2d_t *tile, void *ctx)
{
    const matrix_t *m = ctx;
    char upper[BUFFER_BYTES] __attribute__((aligned(64)));
    char lower[BUFFER_BYTES] __attribute__((aligned(64)));
    size_t n_rows = tile->row_end - tile->row_begin, n_cols = tile->col_end - tile->col_begin;
    char *here = m->out + (tile->row_begin * m->cols + tile->col_begin) * m->size;
    char *there = m->out + (tile->col_begin * m->cols + tile->row_begin) * m->size;
    if (tile->row_begin > tile->col_begin) return;
    if (m->size > sizeof upper) {
        if (here != there) par__items_swap(here, there, m->size);
        return;
    }
    PAR__BY_SIZE(tile_take_any, m->size, upper, here, m->cols, n_rows, n_cols)
    PAR__BY_SIZE(tile_take_any, m->size, lower, there, m->cols, n_cols, n_rows)
    tile_put(there, upper, m->cols, n_cols, n_rows, m->size);
    tile_put(here, lower, m->cols, n_rows, n_cols, m->size);
}

void par_transpose(void *out, const void *in, size_t rows, size_t cols, size_t size)
{
    bool exists = par__array_exists(rows, cols);
    PAR__MISUSE(exists, "rows * cols is above PTRDIFF_MAX; no matrix has so many elements");
    if (!exists) return;
    PAR__ITEMS_CHECK(in, rows * cols, size);
    PAR__ITEMS_CHECK(out, rows * cols, size);
    PAR__MISUSE(out != in || rows == cols,
                "a matrix that is not square cannot be transposed in place; pass another out");
    if (out == in && rows != cols) return;
    matrix_t matrix = {out, in, rows, cols, size, side_of(size), is_direct(rows * size)};
    par_options_t options = PAR_OPTIONS_INIT;
    options.tile_rows = options.tile_cols = matrix.side;
    options.item_ns = PAR__BYTE_MOVE_NS * (double)size + 0.3;
    par_for_2d((par_range_2d_t){0, rows, 0, cols}, out == in ? tiles_exchange : tile_transpose,
               &matrix, &options);
}
