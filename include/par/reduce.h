/* reduce.h - many values into one, with the same bits on every run and on any number of workers.
 *
 *     PAR_DEFINE_REDUCE(norm2, double, 0.0, a, b, a + b, const double *, x, i)
 *     {
 *         return x[i] * x[i];
 *     }
 *     double r = norm2(0, n, x);
 *
 * Sums and extremes of C numbers are there already: par/number.h. Where an accumulator is large, a
 * histogram for example, see par/local.h too.
 *
 * The body and the expression are compiled with your options. Where these allow fused multiply-add,
 * as -march=native does on most machines, gcc rounds a product and the sum it goes into once (not
 * with -std=c11), clang where both stand in one expression. Then the bits are the same on every run
 * of the program, but not those of one built otherwise; with -ffp-contract=off and without
 * -ffast-math they are. */
#ifndef PAR_REDUCE_H
#define PAR_REDUCE_H

#include <par/api.h>
#include <par/options.h>

PAR_BEGIN_DECLS

/* Folds the items begin <= i < end, in this order, into *acc. */
typedef void par_fold_fn(void *acc, size_t begin, size_t end, void *ctx);
/* *left := *left (+) *right. It may use up *right, although it must not write to it. */
typedef void par_combine_fn(void *left, const void *right, void *ctx);

/** Reduces [begin, end) to one value.
 *
 * The indices are cut into leaves; each leaf is folded into an accumulator that starts as the
 * identity; the accumulators are combined along a binary tree that keeps their order. Leaves and
 * tree depend only on the number of items, on acc_size, on options->grain and on options->item_ns,
 * never on the workers or on who did what.
 *
 * @param begin,end  the items; begin >= end leaves acc as it is
 * @param acc        in: the identity; out: the result. Copied with memcpy to start further leaves,
 *                   into temporaries aligned to 64 bytes; must not be NULL
 * @param acc_size   of *acc, in bytes
 * @param fold       must not be NULL
 * @param combine    must not be NULL
 * @param ctx        passed to both; may be NULL
 * @param options    NULL means all defaults. grain: the items of a leaf, exactly (the last may have
 *                   fewer). Without it item_ns, if given, decides: leaves of about 4 us. Without
 *                   both: about 64 leaves up to 4096 items, leaves of 64 items up to 16384, about
 *                   256 leaves up to 262144, leaves of 1024 items up to 1048576, then about 1024
 *                   leaves; but with acc_size > 256 and more than 4096 items, a leaf has at least
 *                   acc_size items or a 16th of all, whichever is less.
 *
 * Errors    none: without memory for a temporary above 256 bytes it is taken from the stack. A
 *           debug build of the library stops with a sentence when acc, fold or combine is NULL, or
 *           when no object has acc_size bytes; a release build then leaves acc as it is.
 * Threads   any thread, from inside other parallel calls too
 * Order     the combination keeps the order of the indices; leaves are folded at any time. What the
 *           caller wrote is seen by all of them; what they wrote is seen after the return.
 * Blocking  returns when all items are done
 * Cost      one indirect call of fold a leaf, one of combine between two; log2(leaves) temporaries a
 *           worker, allocated together if acc_size is above 256; bench: reduce
 * Algebra   combine must be associative with the given identity; it need not be commutative. Where
 *           it is only nearly associative (floating point) the result is still the same bits on
 *           every run, for 1 worker or 64.
 * Since     0.1
 */
PAR_API void par_reduce(size_t begin,
                        size_t end,
                        void *acc,
                        size_t acc_size,
                        par_fold_fn *fold,
                        par_combine_fn *combine,
                        void *ctx,
                        const par_options_t *options);

PAR_END_DECLS

/* What both reductions below share: combine by the given expression, and the callers. */
#define PAR_DEFINE_REDUCE_COMMON(name, type, identity, a, b, a_op_b, ctx_type)                     \
    PAR_INLINE type name##_op(type a, type b)                                                      \
    {                                                                                              \
        return a_op_b;                                                                             \
    }                                                                                              \
    static inline void name##_combine(void *par_left, const void *par_right, void *par_ctx)        \
    {                                                                                              \
        (void)par_ctx;                                                                             \
        *(type *)par_left = name##_op(*(type *)par_left, *(type const *)par_right);                \
    }                                                                                              \
    __attribute__((unused)) static inline type name##_in(                                          \
        size_t par_begin, size_t par_end, ctx_type par_ctx, const par_options_t *par_options)      \
    {                                                                                              \
        type par_acc = identity;                                                                   \
        par_reduce(par_begin, par_end, &par_acc, sizeof par_acc, name##_fold, name##_combine,      \
                   (void *)&par_ctx, par_options);                                                 \
        return par_acc;                                                                            \
    }                                                                                              \
    __attribute__((unused)) static inline type name(size_t par_begin, size_t par_end,              \
                                                    ctx_type par_ctx)                              \
    {                                                                                              \
        return name##_in(par_begin, par_end, par_ctx, NULL);                                       \
    }

/** Defines a parallel reduction: a static function `type name(size_t begin, size_t end, ctx_type
 * ctx)`. The body, which follows in braces, returns the value of item i; values are combined in the
 * order of the indices by the expression a_op_b. All of it is inlined.
 *
 * @param name         of the function; name_item, name_op, name_fold, name_combine and name_in are
 *                     defined besides. The last takes a `const par_options_t *` as fourth argument.
 * @param type         of the value, any type that can be copied
 * @param identity     an expression of this type, or what may initialise it; the result for no
 *                     items. Commas only inside parentheses, so for {0, 1} name a constant.
 * @param a,b,a_op_b   the names of the left and the right value, and the expression that combines
 *                     them: associative, not necessarily commutative
 * @param ctx_type,ctx passed by value, as in PAR_DEFINE_FOR
 * @param i            the name of the index
 * Since 0.1
 */
#define PAR_DEFINE_REDUCE(name, type, identity, a, b, a_op_b, ctx_type, ctx, i)                    \
    PAR_INLINE type name##_item(ctx_type ctx, size_t i);                                           \
    PAR_INLINE type name##_op(type a, type b);                                                     \
    static inline void name##_fold(void *par_acc, size_t par_begin, size_t par_end, void *par_ctx) \
    {                                                                                              \
        ctx_type const par_copy_of_ctx = *(ctx_type *)par_ctx;                                     \
        type par_value = *(type *)par_acc;                                                         \
        for (size_t par_i = par_begin; par_i < par_end; ++par_i)                                   \
            par_value = name##_op(par_value, name##_item(par_copy_of_ctx, par_i));                 \
        *(type *)par_acc = par_value;                                                              \
    }                                                                                              \
    PAR_DEFINE_REDUCE_COMMON(name, type, identity, a, b, a_op_b, ctx_type)                         \
    PAR_INLINE type name##_item(ctx_type ctx, size_t i)

/** The same for an operation that is commutative too: the items of a leaf go in turn to 16 lanes, or
 * to 4 if the type is larger than 8 bytes, which are combined in a fixed order at its end. The
 * compiler can vectorise 16 numbers, and keeps 4 structs in registers; the bits are still the same on
 * every run, and on every vector width as far as the head of this file says.
 * Since 0.1
 */
#define PAR_DEFINE_REDUCE_COMMUTATIVE(name, type, identity, a, b, a_op_b, ctx_type, ctx, i)        \
    PAR_INLINE type name##_item(ctx_type ctx, size_t i);                                           \
    PAR_INLINE type name##_op(type a, type b);                                                     \
    PAR_INLINE type name##_of_numbers(ctx_type par_ctx, size_t par_i, size_t par_end)              \
    {                                                                                              \
        type par_lane[16];                                                                         \
        for (size_t par_l = 0; par_l < 16; ++par_l)                                                \
            par_lane[par_l] = name##_item(par_ctx, par_i + par_l);                                 \
        for (par_i += 16; par_i < par_end; par_i += 16)                                            \
            for (size_t par_l = 0; par_l < 16; ++par_l)                                            \
                par_lane[par_l] = name##_op(par_lane[par_l], name##_item(par_ctx, par_i + par_l)); \
        for (size_t par_width = 8; par_width > 0; par_width /= 2)                                  \
            for (size_t par_l = 0; par_l < par_width; ++par_l)                                     \
                par_lane[par_l] = name##_op(par_lane[par_l], par_lane[par_l + par_width]);         \
        return par_lane[0];                                                                        \
    }                                                                                              \
    PAR_INLINE type name##_of_structs(ctx_type par_ctx, size_t par_i, size_t par_end)              \
    {                                                                                              \
        type par_0 = name##_item(par_ctx, par_i);                                                  \
        type par_1 = name##_item(par_ctx, par_i + 1);                                              \
        type par_2 = name##_item(par_ctx, par_i + 2);                                              \
        type par_3 = name##_item(par_ctx, par_i + 3);                                              \
        for (par_i += 4; par_i < par_end; par_i += 4) {                                            \
            par_0 = name##_op(par_0, name##_item(par_ctx, par_i));                                 \
            par_1 = name##_op(par_1, name##_item(par_ctx, par_i + 1));                             \
            par_2 = name##_op(par_2, name##_item(par_ctx, par_i + 2));                             \
            par_3 = name##_op(par_3, name##_item(par_ctx, par_i + 3));                             \
        }                                                                                          \
        return name##_op(name##_op(par_0, par_2), name##_op(par_1, par_3));                        \
    }                                                                                              \
    static inline void name##_fold(void *par_acc, size_t par_begin, size_t par_end, void *par_ctx) \
    {                                                                                              \
        ctx_type const par_copy_of_ctx = *(ctx_type *)par_ctx;                                     \
        size_t const par_lanes = sizeof(type) <= 8 ? 16 : 4;                                       \
        size_t par_i = par_end - (par_end - par_begin) % par_lanes;                                \
        type par_value = *(type *)par_acc;                                                         \
        if (par_end - par_begin < 32)                                                              \
            par_i = par_begin;                                                                     \
        else if (par_lanes == 16)                                                                  \
            par_value =                                                                            \
                name##_op(par_value, name##_of_numbers(par_copy_of_ctx, par_begin, par_i));        \
        else                                                                                       \
            par_value =                                                                            \
                name##_op(par_value, name##_of_structs(par_copy_of_ctx, par_begin, par_i));        \
        for (; par_i < par_end; ++par_i)                                                           \
            par_value = name##_op(par_value, name##_item(par_copy_of_ctx, par_i));                 \
        *(type *)par_acc = par_value;                                                              \
    }                                                                                              \
    PAR_DEFINE_REDUCE_COMMON(name, type, identity, a, b, a_op_b, ctx_type)                         \
    PAR_INLINE type name##_item(ctx_type ctx, size_t i)

#endif
