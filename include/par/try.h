/* try.h - loops and reductions whose body can fail: the rest stops, and the result is the failure
 * with the lowest index, on every run and on any number of workers.
 *
 *     static int parse(size_t i, void *ctx) { job_t *job = ctx; return line_parse(&job->line[i]); }
 *     size_t line;
 *     int error = par_try_for(0, n, parse, &job, &line, NULL);
 *     if (error != 0) fprintf(stderr, "line %zu: %s\n", line + 1, parse_error(error));
 *
 * It is also how to search: a body that returns 1 where it finds something makes the loop stop, and
 * the result is the first place.
 *
 * What runs. An index is left out only if a lower one has failed, or if options->cancel (cancel.h)
 * said stop. So everything below the lowest failure has run, as in a serial loop; above it some
 * indices have run and some have not: few, as the workers go through the range in order (not under
 * options->schedule, and not in reductions). Work that has begun is not interrupted.
 *
 * What is returned: 0 when all indices have run and none failed; otherwise what the body returned
 * for the lowest index that failed. An index that was left out on account of the token counts as
 * failed with PAR_ECANCELED or PAR_ETIMEDOUT. To tell those from what the body returns, let it return
 * positive numbers (errno, for example) or statuses of its own calls to par.
 *
 * *failed becomes this lowest index, and everything below it is done: a loop that timed out can go on
 * from there. It becomes `end` when the result is 0. */
#ifndef PAR_TRY_H
#define PAR_TRY_H

#include <par/api.h>
#include <par/cancel.h>
#include <par/options.h>
#include <par/reduce.h>

PAR_BEGIN_DECLS

/* The body for one index; 0 = success. */
typedef int par_try_index_fn(size_t i, void *ctx);
/* The body for all of begin <= i < end, in any order; 0 = success. */
typedef int par_try_range_fn(size_t begin, size_t end, void *ctx);
/* The body for the indices from *i up to before end, in ascending order. It stops at the first that
 * fails, leaves it in *i, and returns its code; *i does not count when it returns 0. */
typedef int par_try_cursor_fn(size_t *i, size_t end, void *ctx);
/* The same, folding the items into *acc. Where it fails, *acc stays such that it can be combined. */
typedef int par_try_fold_fn(void *acc, size_t *i, size_t end, void *ctx);

/** Runs body(i, ctx) for every begin <= i < end, possibly at the same time, until one fails.
 *
 * @param begin,end  the indices; begin >= end is an empty loop
 * @param body       must not be NULL
 * @param ctx        passed through; may be NULL
 * @param failed     receives the lowest index that failed, `end` if none did; may be NULL
 * @param options    NULL means all defaults. cancel is asked between indices, its deadline and parents
 *                   between blocks, which take some 20 us. So they do under PAR_SCHEDULE_STATIC:
 *                   with a token its parts are not one block each.
 *
 * @return 0, the body's code for *failed, PAR_ECANCELED or PAR_ETIMEDOUT: see the head of this file
 *
 * Errors    none of its own. A debug build of the library stops with a sentence when body is NULL.
 * Threads   any thread, from inside other parallel calls too. An outer call that stops does not stop
 *           an inner one, unless both have the same token or the inner one's is a child.
 * Order     none between indices. What the caller wrote is seen by every body; what the bodies
 *           wrote is seen after the return.
 * Blocking  returns when all indices are done or left out
 * Cost      par_for, plus a load and a branch an index; bench, as PAR_DEFINE_TRY_FOR has it: loop/try,
 *           loop/try-tenth
 * Since     0.1
 */
PAR_API int par_try_for(size_t begin,
                        size_t end,
                        par_try_index_fn *body,
                        void *ctx,
                        size_t *failed,
                        const par_options_t *options);

/** par_try_for with a body that loops itself: one call a block. Blocks have any size, as in
 * par_for_range; as the body goes upwards and says where it failed, the result does not depend on
 * them. A block that has begun runs to its end, or to its first failure.
 *
 * @param body,ctx,failed,options  as par_try_for; cancel is asked between blocks. A debug build
 *                                 stops with a sentence when the body fails and leaves *i outside of
 *                                 its block; a release build takes the block's first index.
 *
 * Errors, Threads, Order, Blocking as par_try_for
 * Cost      par_for_range, plus a load a block; bench: loop/try, loop/try-tenth
 * Since     0.1
 */
PAR_API int par_try_for_cursor(size_t begin,
                               size_t end,
                               par_try_cursor_fn *body,
                               void *ctx,
                               size_t *failed,
                               const par_options_t *options);

/** par_try_for with a body that only knows whether its whole block failed. To make that
 * independent of the workers the blocks are fixed: [begin, end) is cut every options->grain
 * items; *failed is the beginning of the lowest block that failed, and the result its code.
 *
 * @param options  NULL means all defaults. grain: the items of a block, exactly (the last may have
 *                 fewer). Without it item_ns, if given, decides: blocks of about 4 us. Without both:
 *                 64 blocks up to 4096 items, blocks of 64 items up to 65536 items, then 1024 blocks
 *                 up to 4 million items, then blocks of 4096 items. Without grain max_grain is the
 *                 most in any case. cancel is asked between blocks.
 *
 * Errors, Threads, Order, Blocking as par_try_for
 * Cost      the plain loop, plus one indirect call and a load a block; bench: loop/try-blocks-of-64
 * Since     0.1
 */
PAR_API int par_try_for_range(size_t begin,
                              size_t end,
                              par_try_range_fn *body,
                              void *ctx,
                              size_t *failed,
                              const par_options_t *options);

/** par_reduce with a fold that can fail. When it returns 0, acc has the bits that par_reduce gives.
 *
 * @param begin,end,acc,acc_size,combine,ctx  as par_reduce
 * @param fold     must not be NULL; leaves in *i the index that failed
 * @param failed   as par_try_for
 * @param options  as par_reduce; cancel is asked between leaves
 *
 * @return as par_try_for. After an error acc is made of some of the leaves, all of them combined, so
 *         that what accumulators own can be freed there.
 *
 * Errors    PAR_EINVAL when no object has acc_size bytes: nothing has run, *failed is begin. A debug
 *           build of the library stops with a sentence instead, and when a pointer is NULL.
 * Threads, Order, Blocking, Algebra as par_reduce
 * Cost      par_reduce, plus a load and a branch a leaf; not benchmarked yet
 * Since     0.1
 */
PAR_API int par_try_reduce(size_t begin,
                           size_t end,
                           void *acc,
                           size_t acc_size,
                           par_try_fold_fn *fold,
                           par_combine_fn *combine,
                           void *ctx,
                           size_t *failed,
                           const par_options_t *options);

PAR_END_DECLS

/** Defines a loop that can fail: a static function
 * `int name(size_t begin, size_t end, ctx_type ctx, size_t *failed)` that runs the body, which
 * follows in braces and returns 0 or a code, for every index. The body is inlined.
 *
 * @param name      of the function; name_item, name_block and name_in are defined besides. The
 *                  last takes a `const par_options_t *` as fifth argument.
 * @param ctx_type  any type that can be copied
 * @param ctx,i     the names that the body uses for it and for the index
 * Since 0.1
 */
#define PAR_DEFINE_TRY_FOR(name, ctx_type, ctx, i)                                                 \
    PAR_INLINE int name##_item(ctx_type ctx, size_t i);                                            \
    static inline int name##_block(size_t *par_cursor, size_t par_end, void *par_ctx)              \
    {                                                                                              \
        ctx_type const par_copy_of_ctx = *(ctx_type *)par_ctx;                                     \
        for (size_t par_i = *par_cursor; par_i < par_end; ++par_i) {                               \
            int par_code = name##_item(par_copy_of_ctx, par_i);                                    \
            if (PAR_UNLIKELY(par_code != 0)) {                                                     \
                *par_cursor = par_i;                                                               \
                return par_code;                                                                   \
            }                                                                                      \
        }                                                                                          \
        return 0;                                                                                  \
    }                                                                                              \
    __attribute__((unused)) static inline int name##_in(size_t par_begin, size_t par_end,          \
                                                        ctx_type par_ctx, size_t *par_failed,      \
                                                        const par_options_t *par_options)          \
    {                                                                                              \
        return par_try_for_cursor(par_begin, par_end, name##_block, (void *)&par_ctx, par_failed,  \
                                  par_options);                                                    \
    }                                                                                              \
    __attribute__((unused)) static inline int name(size_t par_begin, size_t par_end,               \
                                                   ctx_type par_ctx, size_t *par_failed)           \
    {                                                                                              \
        return name##_in(par_begin, par_end, par_ctx, par_failed, NULL);                           \
    }                                                                                              \
    PAR_INLINE int name##_item(ctx_type ctx, size_t i)

/** Defines a reduction whose items can fail: a static function
 * `int name(size_t begin, size_t end, type *result, ctx_type ctx, size_t *failed)`. The body stores
 * the value of item i in *value and returns 0, or returns a code. *result is written only when the
 * function returns 0.
 *
 * @param name         of the function; name_item, name_op, name_fold, name_combine and name_in are
 *                     defined besides. The last takes a `const par_options_t *` as sixth argument.
 * @param type,identity,a,b,a_op_b,ctx_type,ctx,i  as PAR_DEFINE_REDUCE
 * @param value        the name that the body uses for the `type *` that it stores to
 * Since 0.1
 */
#define PAR_DEFINE_TRY_REDUCE(name, type, identity, a, b, a_op_b, ctx_type, ctx, i, value)         \
    PAR_INLINE int name##_item(ctx_type ctx, size_t i, type *value);                               \
    PAR_INLINE type name##_op(type a, type b)                                                      \
    {                                                                                              \
        return a_op_b;                                                                             \
    }                                                                                              \
    static inline int name##_fold(void *par_acc, size_t *par_cursor, size_t par_end,               \
                                  void *par_ctx)                                                   \
    {                                                                                              \
        ctx_type const par_copy_of_ctx = *(ctx_type *)par_ctx;                                     \
        type par_total = *(type *)par_acc;                                                         \
        for (size_t par_i = *par_cursor; par_i < par_end; ++par_i) {                               \
            type par_value = par_total;                                                            \
            int par_code = name##_item(par_copy_of_ctx, par_i, &par_value);                        \
            if (PAR_UNLIKELY(par_code != 0)) {                                                     \
                *par_cursor = par_i;                                                               \
                return par_code;                                                                   \
            }                                                                                      \
            par_total = name##_op(par_total, par_value);                                           \
        }                                                                                          \
        *(type *)par_acc = par_total;                                                              \
        return 0;                                                                                  \
    }                                                                                              \
    static inline void name##_combine(void *par_left, const void *par_right, void *par_ctx)        \
    {                                                                                              \
        (void)par_ctx;                                                                             \
        *(type *)par_left = name##_op(*(type *)par_left, *(type const *)par_right);                \
    }                                                                                              \
    __attribute__((unused)) static inline int name##_in(                                           \
        size_t par_begin, size_t par_end, type *par_result, ctx_type par_ctx, size_t *par_failed,  \
        const par_options_t *par_options)                                                          \
    {                                                                                              \
        type par_acc = identity;                                                                   \
        int par_code = par_try_reduce(par_begin, par_end, &par_acc, sizeof par_acc, name##_fold,   \
                                      name##_combine, (void *)&par_ctx, par_failed, par_options);  \
        if (par_code == 0) *par_result = par_acc;                                                  \
        return par_code;                                                                           \
    }                                                                                              \
    __attribute__((unused)) static inline int name(                                                \
        size_t par_begin, size_t par_end, type *par_result, ctx_type par_ctx, size_t *par_failed)  \
    {                                                                                              \
        return name##_in(par_begin, par_end, par_result, par_ctx, par_failed, NULL);               \
    }                                                                                              \
    PAR_INLINE int name##_item(ctx_type ctx, size_t i, type *value)

#endif
