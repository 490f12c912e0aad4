/* options.h - what a loop, a map or a reduction can be told. Nothing has to be: NULL is the default.
 *
 *     par_options_t options = PAR_OPTIONS_INIT;
 *     options.grain = 64;
 *     par_for_range(0, n, body, ctx, &options);
 */
#ifndef PAR_OPTIONS_H
#define PAR_OPTIONS_H

#include <par/api.h>
#include <par/cancel.h>
#include <par/pool.h>

PAR_BEGIN_DECLS

/* How the indices are divided, and who gets what. */
typedef enum par_schedule_t {
    /* By measured cost; whoever is idle takes half of what is left. */
    PAR_SCHEDULE_AUTO = 0,
    /* As many equal parts as there are workers, each one block. Part k is run by worker k
     * (par_worker_index), in every loop; another one takes it only if it has nothing of its own left
     * and worker k has not come yet. */
    PAR_SCHEDULE_STATIC = 1,
    /* More parts, each run by the worker that had it in the last loop with the same
     * options->affinity; those that a worker has not begun when another one is done are taken over,
     * and the one that is running is halved, as by AUTO. */
    PAR_SCHEDULE_AFFINITY = 2
} par_schedule_t;

/* Which worker had which part of a loop: what PAR_SCHEDULE_AFFINITY replays. Zeroed it knows nothing
 * yet. Give the same one to all loops over the same data; it is a hint, so loops that run at the
 * same time may share it. It must live while a loop uses it. */
typedef struct par_affinity_t {
    uint64_t par_private[130];
} par_affinity_t;

/* Start from PAR_OPTIONS_INIT: fields that are appended later then get their default.
 *
 * A parallel call cannot fail, so an option that makes no sense (an unknown schedule, a negative
 * cost, a struct_size below the one of 0.1) is taken as the default; a debug build of the library
 * stops with a sentence instead. The same goes for a token in a call that could not tell that it has
 * stopped. */
typedef struct par_options_t {
    size_t struct_size;      /* bytes; set by PAR_OPTIONS_INIT */
    par_pool_t *pool;        /* who works; NULL = the current pool, outside one the default pool */
    size_t grain;            /* items a block at least, the last one excepted; 0 = automatic */
    par_schedule_t schedule; /* loops only: reductions divide in a way of their own */
    double item_ns;          /* hint: what one item costs, in ns; 0 = unknown, it is measured */
    par_cancel_t *cancel;    /* asked before each block; NULL = none. For the calls of try.h only */
    size_t max_grain;        /* loops: items a block at most, if grain allows; 0 = no limit */
    size_t tile_planes;      /* par_for_3d: planes a tile, exactly; 0 = automatic */
    size_t tile_rows;        /* par_for_2d, par_for_3d: rows a tile, exactly; 0 = automatic */
    size_t tile_cols;        /* par_for_2d, par_for_3d: columns a tile, exactly; 0 = automatic */
    par_affinity_t *affinity; /* for PAR_SCHEDULE_AFFINITY; NULL = part k of P begins at worker k */
} par_options_t;

#define PAR_OPTIONS_INIT                                                                           \
    {                                                                                              \
        sizeof(par_options_t), NULL, 0, PAR_SCHEDULE_AUTO, 0.0, NULL, 0, 0, 0, 0, NULL             \
    }

PAR_END_DECLS

#endif
