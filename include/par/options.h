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

/* How the indices are divided. */
typedef enum par_schedule_t {
    PAR_SCHEDULE_AUTO = 0,  /* by measured cost; whoever is idle takes half of what is left */
    PAR_SCHEDULE_STATIC = 1 /* as many equal parts as there are workers, each one block */
} par_schedule_t;

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
    par_schedule_t schedule; /* */
    double item_ns;          /* hint: what one item costs, in ns; 0 = unknown, it is measured */
    par_cancel_t *cancel;    /* asked before each block; NULL = none. For the calls of try.h only */
} par_options_t;

#define PAR_OPTIONS_INIT                                                                           \
    {                                                                                              \
        sizeof(par_options_t), NULL, 0, PAR_SCHEDULE_AUTO, 0.0, NULL                               \
    }

PAR_END_DECLS

#endif
