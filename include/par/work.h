/* work.h - loops over work that grows while it is done: graph search, tree walks, refinement.
 *
 *     PAR_DEFINE_FOR_WORK(visit, node_id_t, node, graph_t *, g, work)
 *     {
 *         for (node_id_t *next = g->out[node]; next != g->out[node + 1]; next++)
 *             if (mark(g, *next)) visit_add(work, *next);
 *     }
 *     visit(&root, 1, g);                  // returns when nothing is left to do
 */
#ifndef PAR_WORK_H
#define PAR_WORK_H

#include <par/api.h>
#include <par/options.h>

PAR_BEGIN_DECLS

/* Where the body adds items; valid while the body runs that it was given to. */
typedef struct par_work_t par_work_t;

/* The body for one item: a copy, which the body may change and which is gone after it returns. */
typedef void par_work_fn(void *item, par_work_t *work, void *ctx);

/** Runs body(item, work, ctx) once for each of n items, and once for each item that a body adds,
 * possibly at the same time, until none is left.
 *
 * Each worker goes on with what was added last, so that what waits stays small: for a tree, the
 * depth times the children of a node. What was added first is handed over to the others, as soon as
 * the body that added it returns, in part already before.
 *
 * @param items    the first items; copied one by one; may be NULL only if n is 0
 * @param n        how many
 * @param size     of an item, in bytes; not 0. Items lie one after the other in memory aligned for
 *                 any type of C (max_align_t).
 * @param body     must not be NULL
 * @param ctx      passed through; may be NULL
 * @param options  NULL means all defaults. grain: at least so many of the first items are handed over
 *                 at a time. item_ns: what one body takes, until that is measured; from 1000 on the
 *                 others are woken at once. The schedule and max_grain do not count.
 *
 * Errors    none: without memory for what was added, items run inside par_work_add. Items that
 *           cannot exist (size 0, n * size is above PTRDIFF_MAX): a debug build of the library
 *           stops with a sentence, a release build does nothing.
 * Threads   any thread, from inside other parallel calls too. The body may use the caller's stack.
 * Order     none between items, but that of adding: what was written before an item was added is
 *           seen by its body. What all bodies wrote is seen after the return.
 * Blocking  returns when nothing is left. The body must not wait for another item.
 * Cost      about 8 ns an item besides the body, some 150 ns for a piece that is handed over
 *           (par/split.md)
 * Since     0.1
 */
PAR_API void par_for_work(const void *items,
                          size_t n,
                          size_t size,
                          par_work_fn *body,
                          void *ctx,
                          const par_options_t *options);

/** Adds an item, from inside a body.
 *
 * @param work  what the body was given
 * @param item  is copied; must not be NULL
 *
 * Errors    none: without memory the item runs here, before the call returns. A debug build of the
 *           library stops with a sentence when a pointer is NULL, or when work is over.
 * Threads   the one that runs the body, and those that run parallel calls which the body made
 * Blocking  as the body, without memory
 * Since     0.1
 */
PAR_API void par_work_add(par_work_t *work, const void *item);

PAR_END_DECLS

/** Defines a loop over growing work: a static function `void name(const item_type *items, size_t n,
 * ctx_type ctx)`, and `name_add(work, item)` for its body, which follows in braces.
 *
 * @param name       of the function; name_add, name_body, name_item and name_in are defined
 *                   besides. The last takes a `const par_options_t *` as fourth argument.
 * @param item_type  any type that can be copied; item is a variable of it
 * @param ctx_type   passed by value, as in PAR_DEFINE_FOR
 * @param item,ctx,work  the names that the body uses
 * Since 0.1
 */
#define PAR_DEFINE_FOR_WORK(name, item_type, item, ctx_type, ctx, work)                            \
    __attribute__((unused)) static inline void name##_add(par_work_t *par_work, item_type par_new) \
    {                                                                                              \
        par_work_add(par_work, &par_new);                                                          \
    }                                                                                              \
    PAR_INLINE void name##_item(item_type item, ctx_type ctx, par_work_t *work);                   \
    static inline void name##_body(void *par_item, par_work_t *par_work, void *par_ctx)            \
    {                                                                                              \
        name##_item(*(item_type *)par_item, *(ctx_type *)par_ctx, par_work);                       \
    }                                                                                              \
    __attribute__((unused)) static inline void name##_in(item_type const *par_items, size_t par_n, \
                                                         ctx_type par_ctx,                         \
                                                         const par_options_t *par_options)         \
    {                                                                                              \
        par_for_work(par_items, par_n, sizeof(item_type), name##_body, (void *)&par_ctx,           \
                     par_options);                                                                 \
    }                                                                                              \
    __attribute__((unused)) static inline void name(item_type const *par_items, size_t par_n,      \
                                                    ctx_type par_ctx)                              \
    {                                                                                              \
        name##_in(par_items, par_n, par_ctx, NULL);                                                \
    }                                                                                              \
    PAR_INLINE void name##_item(item_type item, ctx_type ctx, par_work_t *work)

#endif
