/* for.h - parallel loops.
 *
 *     static void scale(size_t i, void *ctx) { double *x = ctx; x[i] *= 2; }
 *     par_for(0, n, scale, x);
 *
 * or, typed and inlined into the loop, so that the compiler vectorises it:
 *
 *     struct job { double *x; double k; };
 *     PAR_DEFINE_FOR(scale_all, struct job, j, i)
 *     {
 *         j.x[i] *= j.k;
 *     }
 *     scale_all(0, n, (struct job){x, 2.0});
 *
 * No loop needs a grain: the cost of the body is measured while it runs (par/split.md). */
#ifndef PAR_FOR_H
#define PAR_FOR_H

#include <par/api.h>
#include <par/options.h>

PAR_BEGIN_DECLS

/* The body for one index; the body for all of begin <= i < end; the body for one array element. */
typedef void par_index_fn(size_t i, void *ctx);
typedef void par_range_fn(size_t begin, size_t end, void *ctx);
typedef void par_each_fn(void *item, void *ctx);

/** Runs body(i, ctx) once for every begin <= i < end, possibly at the same time.
 *
 * @param begin,end  the indices; begin >= end is an empty loop, as it is for a plain `for`
 * @param body       must not be NULL
 * @param ctx        passed through; may be NULL
 *
 * Errors    none: without memory or idle workers the loop runs on the caller. A debug build of the
 *           library stops with a sentence when body is NULL.
 * Threads   any thread, from inside other parallel calls too. The body may use the caller's stack.
 * Order     none between indices. What the caller wrote is seen by every body; what the bodies
 *           wrote is seen after the return.
 * Blocking  returns when all indices are done. The body must not wait for another index.
 * Cost      the plain loop, plus one indirect call an index, plus 50 to 200 ns; workers are woken
 *           only for loops that turn out to be worth it (par/split.md); bench: launch, loop
 * Since     0.1
 */
PAR_API void par_for(size_t begin, size_t end, par_index_fn *body, void *ctx);

/** Covers [begin, end) by calls body(b, e, ctx) of disjoint, non-empty blocks [b, e), possibly at
 * the same time. The body loops itself, so the compiler can vectorise it.
 *
 * @param begin,end  as par_for
 * @param body       must not be NULL
 * @param ctx        passed through; may be NULL
 * @param options    NULL means all defaults. A block has at least options->grain items, the last
 *                   one excepted, at most options->max_grain, and begins a multiple of the grain
 *                   after begin.
 *
 * Errors, Threads, Order, Blocking as par_for
 * Cost      the plain loop, plus one indirect call a block; bench: launch, loop
 * Since     0.1
 */
PAR_API void par_for_range(
    size_t begin, size_t end, par_range_fn *body, void *ctx, const par_options_t *options);

/** Runs f(item, ctx) for each of the n elements of an array, possibly at the same time.
 *
 * @param base  the first element; may be NULL only if n is 0
 * @param n     how many elements
 * @param size  of one element, in bytes
 * @param f     must not be NULL
 * @param ctx   passed through; may be NULL
 *
 * Errors    none. An array that cannot exist (n * size is above PTRDIFF_MAX): a debug build of
 *           the library stops with a sentence, a release build does nothing.
 * Threads, Order, Blocking, Cost as par_for
 * Since     0.1
 */
PAR_API void par_for_each(void *base, size_t n, size_t size, par_each_fn *f, void *ctx);

PAR_END_DECLS

/** Defines a parallel loop: a static function `void name(size_t begin, size_t end, ctx_type ctx)`
 * that runs the body, which follows in braces, for every index.
 *
 * The body is inlined into the block loop. ctx is passed by value: make it a small struct of
 * pointers and numbers, and the compiler sees that the loop does not change it, which is what it
 * needs to vectorise (gcc: -O3, or -O2 -fvect-cost-model=dynamic). `return` in the body ends one
 * iteration.
 *
 * @param name      of the function; name_item, name_block and name_in are defined besides. The
 *                  last takes a `const par_options_t *` as fourth argument.
 * @param ctx_type  any type that can be copied
 * @param ctx,i     the names that the body uses for it and for the index
 * Since 0.1
 */
#define PAR_DEFINE_FOR(name, ctx_type, ctx, i)                                                     \
    PAR_INLINE void name##_item(ctx_type ctx, size_t i);                                           \
    static inline void name##_block(size_t par_begin, size_t par_end, void *par_ctx)               \
    {                                                                                              \
        ctx_type const par_copy_of_ctx = *(ctx_type *)par_ctx;                                     \
        for (size_t par_i = par_begin; par_i < par_end; ++par_i)                                   \
            name##_item(par_copy_of_ctx, par_i);                                                   \
    }                                                                                              \
    __attribute__((unused)) static inline void name##_in(                                          \
        size_t par_begin, size_t par_end, ctx_type par_ctx, const par_options_t *par_options)      \
    {                                                                                              \
        par_for_range(par_begin, par_end, name##_block, (void *)&par_ctx, par_options);            \
    }                                                                                              \
    __attribute__((unused)) static inline void name(size_t par_begin, size_t par_end,              \
                                                    ctx_type par_ctx)                              \
    {                                                                                              \
        par_for_range(par_begin, par_end, name##_block, (void *)&par_ctx, NULL);                   \
    }                                                                                              \
    PAR_INLINE void name##_item(ctx_type ctx, size_t i)

#endif
