/* grid.h - loops over two and three dimensions, by tiles.
 *
 *     struct sheet { double *out; const double *in; size_t width; };
 *     PAR_DEFINE_FOR_2D(transpose, struct sheet, s, row, col)
 *     {
 *         s.out[col * s.width + row] = s.in[row * s.width + col];
 *     }
 *     transpose((par_range_2d_t){0, n, 0, n}, (struct sheet){b, a, n});
 *
 * The longest side is halved again and again: whoever takes work over takes a compact piece, and
 * tiles that follow each other lie near each other. Columns are what lies side by side in memory. */
#ifndef PAR_GRID_H
#define PAR_GRID_H

#include <par/api.h>
#include <par/options.h>

PAR_BEGIN_DECLS

/* row_begin <= row < row_end, col_begin <= col < col_end; empty when a begin is not below its end.
 * Frozen: fields will not be added. */
typedef struct par_range_2d_t {
    size_t row_begin, row_end;
    size_t col_begin, col_end;
} par_range_2d_t;

typedef struct par_range_3d_t {
    size_t plane_begin, plane_end;
    size_t row_begin, row_end;
    size_t col_begin, col_end;
} par_range_3d_t;

/* The body for all cells of a tile, which is gone after it returns. */
typedef void par_tile_2d_fn(const par_range_2d_t *tile, void *ctx);
typedef void par_tile_3d_fn(const par_range_3d_t *tile, void *ctx);

/** Covers a range of two dimensions by calls body(&tile, ctx) of disjoint, non-empty tiles,
 * possibly at the same time. The body loops over rows and columns itself, so the compiler can
 * vectorise it.
 *
 * @param range    the cells. Each side may be as long as size_t goes, and their product longer.
 * @param body     must not be NULL
 * @param ctx      passed through; may be NULL
 * @param options  NULL means all defaults. tile_rows, tile_cols: the sides of a tile, exactly;
 *                 tiles begin at multiples of them from the range's begin, and only those at its
 *                 end are smaller. A side that is 0 is chosen: at most 4 rows and 4096 columns,
 *                 fewer where the cells are dear. That suits bodies that read and write along the
 *                 rows; for one that goes down the columns too, as in transposing, give both
 *                 sides, 32 to 64. grain and max_grain bound the cells of a tile as
 *                 far as the sides are chosen (those at the end of the range may have fewer).
 *                 item_ns: of a cell. The parts of the schedules are equal numbers of tiles that lie
 *                 near each other.
 *
 * Errors    none: without memory or idle workers the loop runs on the caller. A debug build of the
 *           library stops with a sentence when body is NULL.
 * Threads   any thread, from inside other parallel calls too. The body may use the caller's stack.
 * Order     none between cells. What the caller wrote is seen by every body; what the bodies wrote
 *           is seen after the return.
 * Blocking  returns when all cells are done. The body must not wait for another tile.
 * Cost      the plain loop, plus one indirect call a tile, plus 50 to 200 ns (par/split.md);
 *           bench: loop
 * Since     0.1
 */
PAR_API void
par_for_2d(par_range_2d_t range, par_tile_2d_fn *body, void *ctx, const par_options_t *options);

/** par_for_2d with a third dimension: tile_planes besides. Sides that are chosen: at most 4 planes,
 * 16 rows and 4096 columns.
 *
 * Errors, Threads, Order, Blocking, Cost as par_for_2d
 * Since     0.1
 */
PAR_API void
par_for_3d(par_range_3d_t range, par_tile_3d_fn *body, void *ctx, const par_options_t *options);

PAR_END_DECLS

/** Defines a parallel loop over two dimensions: a static function `void name(par_range_2d_t range,
 * ctx_type ctx)` that runs the body, which follows in braces, for every cell.
 *
 * The body is inlined into the loops over a tile; ctx is passed by value, as in PAR_DEFINE_FOR.
 * `return` in the body ends one cell.
 *
 * @param name      of the function; name_item, name_tile and name_in are defined besides. The last
 *                  takes a `const par_options_t *` as third argument.
 * @param ctx_type  any type that can be copied
 * @param ctx,i,j   the names that the body uses for it, for the row and for the column
 * Since 0.1
 */
#define PAR_DEFINE_FOR_2D(name, ctx_type, ctx, i, j)                                               \
    PAR_INLINE void name##_item(ctx_type ctx, size_t i, size_t j);                                 \
    static inline void name##_tile(const par_range_2d_t *par_tile, void *par_ctx)                  \
    {                                                                                              \
        ctx_type const par_copy_of_ctx = *(ctx_type *)par_ctx;                                     \
        const par_range_2d_t par_t = *par_tile;                                                    \
        for (size_t par_i = par_t.row_begin; par_i < par_t.row_end; ++par_i)                       \
            for (size_t par_j = par_t.col_begin; par_j < par_t.col_end; ++par_j)                   \
                name##_item(par_copy_of_ctx, par_i, par_j);                                        \
    }                                                                                              \
    __attribute__((unused)) static inline void name##_in(                                          \
        par_range_2d_t par_range, ctx_type par_ctx, const par_options_t *par_options)              \
    {                                                                                              \
        par_for_2d(par_range, name##_tile, (void *)&par_ctx, par_options);                         \
    }                                                                                              \
    __attribute__((unused)) static inline void name(par_range_2d_t par_range, ctx_type par_ctx)    \
    {                                                                                              \
        par_for_2d(par_range, name##_tile, (void *)&par_ctx, NULL);                                \
    }                                                                                              \
    PAR_INLINE void name##_item(ctx_type ctx, size_t i, size_t j)

/** The same over three dimensions; i is the plane, j the row, k the column.
 * Since 0.1
 */
#define PAR_DEFINE_FOR_3D(name, ctx_type, ctx, i, j, k)                                            \
    PAR_INLINE void name##_item(ctx_type ctx, size_t i, size_t j, size_t k);                       \
    static inline void name##_tile(const par_range_3d_t *par_tile, void *par_ctx)                  \
    {                                                                                              \
        ctx_type const par_copy_of_ctx = *(ctx_type *)par_ctx;                                     \
        const par_range_3d_t par_t = *par_tile;                                                    \
        for (size_t par_i = par_t.plane_begin; par_i < par_t.plane_end; ++par_i)                   \
            for (size_t par_j = par_t.row_begin; par_j < par_t.row_end; ++par_j)                   \
                for (size_t par_k = par_t.col_begin; par_k < par_t.col_end; ++par_k)               \
                    name##_item(par_copy_of_ctx, par_i, par_j, par_k);                             \
    }                                                                                              \
    __attribute__((unused)) static inline void name##_in(                                          \
        par_range_3d_t par_range, ctx_type par_ctx, const par_options_t *par_options)              \
    {                                                                                              \
        par_for_3d(par_range, name##_tile, (void *)&par_ctx, par_options);                         \
    }                                                                                              \
    __attribute__((unused)) static inline void name(par_range_3d_t par_range, ctx_type par_ctx)    \
    {                                                                                              \
        par_for_3d(par_range, name##_tile, (void *)&par_ctx, NULL);                                \
    }                                                                                              \
    PAR_INLINE void name##_item(ctx_type ctx, size_t i, size_t j, size_t k)

#endif
