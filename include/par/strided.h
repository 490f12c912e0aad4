/* strided.h - parallel loops whose index steps by more than one, or backwards.
 *
 *     PAR_DEFINE_FOR_STRIDED(clear, double *, x, i)
 *     {
 *         x[i] = 0;
 *     }
 *     clear(0, n, 2, x);         // for (i = 0; i < n; i += 2)
 *     clear(n - 1, -1, -2, x);   // for (i = n - 1; i > -1; i -= 2)
 */
#ifndef PAR_STRIDED_H
#define PAR_STRIDED_H

#include <par/api.h>
#include <par/options.h>

PAR_BEGIN_DECLS

/* The body for the n indices first, first + stride, ...; n > 0. The index after the last one need not
 * fit in ptrdiff_t: count, as PAR_DEFINE_FOR_STRIDED does. */
typedef void par_strided_fn(ptrdiff_t first, size_t n, ptrdiff_t stride, void *ctx);

/** Covers the indices begin, begin + stride, ... that lie before end by calls body(first, n, stride,
 * ctx) for disjoint blocks of them, possibly at the same time. "Before" is < for a stride above 0
 * and > for one below.
 *
 * @param begin,end  no stride makes an index overflow: those that would are not before end
 * @param stride     positive or negative; 0 is an empty loop
 * @param body       must not be NULL
 * @param ctx        passed through; may be NULL
 * @param options    as par_for_range; an item is one index that is visited
 *
 * Errors    none: without memory or idle workers the loop runs on the caller. A debug build of the
 *           library stops with a sentence when body is NULL or stride is 0.
 * Threads   any thread, from inside other parallel calls too. The body may use the caller's stack.
 * Order     none between indices. What the caller wrote is seen by every body; what the bodies
 *           wrote is seen after the return.
 * Blocking  returns when all indices are done. The body must not wait for another index.
 * Cost      as par_for_range
 * Since     0.1
 */
PAR_API void par_for_strided(ptrdiff_t begin,
                             ptrdiff_t end,
                             ptrdiff_t stride,
                             par_strided_fn *body,
                             void *ctx,
                             const par_options_t *options);

PAR_END_DECLS

/** Defines a strided loop: a static function `void name(ptrdiff_t begin, ptrdiff_t end, ptrdiff_t
 * stride, ctx_type ctx)` that runs the body, which follows in braces, for every index.
 *
 * The body is inlined into the block loop; ctx is passed by value, as in PAR_DEFINE_FOR. `return` in
 * the body ends one iteration.
 *
 * @param name      of the function; name_item, name_block and name_in are defined besides. The last
 *                  takes a `const par_options_t *` as fifth argument.
 * @param ctx_type  any type that can be copied
 * @param ctx,i     the names that the body uses for it and for the index, a ptrdiff_t
 * Since 0.1
 */
#define PAR_DEFINE_FOR_STRIDED(name, ctx_type, ctx, i)                                             \
    PAR_INLINE void name##_item(ctx_type ctx, ptrdiff_t i);                                        \
    static inline void name##_block(ptrdiff_t par_first, size_t par_n, ptrdiff_t par_stride,       \
                                    void *par_ctx)                                                 \
    {                                                                                              \
        ctx_type const par_copy_of_ctx = *(ctx_type *)par_ctx;                                     \
        name##_item(par_copy_of_ctx, par_first);                                                   \
        while (--par_n > 0) {                                                                      \
            par_first += par_stride;                                                               \
            name##_item(par_copy_of_ctx, par_first);                                               \
        }                                                                                          \
    }                                                                                              \
    __attribute__((unused)) static inline void name##_in(ptrdiff_t par_begin, ptrdiff_t par_end,   \
                                                         ptrdiff_t par_stride, ctx_type par_ctx,   \
                                                         const par_options_t *par_options)         \
    {                                                                                              \
        par_for_strided(par_begin, par_end, par_stride, name##_block, (void *)&par_ctx,            \
                        par_options);                                                              \
    }                                                                                              \
    __attribute__((unused)) static inline void name(ptrdiff_t par_begin, ptrdiff_t par_end,        \
                                                    ptrdiff_t par_stride, ctx_type par_ctx)        \
    {                                                                                              \
        par_for_strided(par_begin, par_end, par_stride, name##_block, (void *)&par_ctx, NULL);     \
    }                                                                                              \
    PAR_INLINE void name##_item(ctx_type ctx, ptrdiff_t i)

#endif
