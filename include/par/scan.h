/* scan.h - running sums, products, extremes and the like: out[i] = x[0] (+) x[1] (+) ... (+) x[i].
 *
 *     double total = par_scan_sum(out, x, n);            // out may be x
 *     int highest = par_scan_max(out, v, n);
 *
 * Exclusive scans leave x[i] itself out, so out[0] is the identity. They make places of sizes:
 *
 *     PAR_DEFINE_SCAN(places, size_t, 0, a, b, a + b, const struct list *, lists, i)
 *     {
 *         return lists[i].length;
 *     }
 *     size_t all = places_exclusive(place, n, lists);    // list i begins at place[i]
 *
 * The order of the operations. The elements are cut into blocks whose size depends on their number and
 * type alone. With b the first element of the block of i,
 *
 *     out[i] = out[b - 1] (+) (x[b] (+) x[b + 1] (+) ... (+) x[i])       from left to right,
 *
 * and in the first block without the left part. So results have the same bits on any number of workers,
 * running sums of floating-point numbers that are not negative never decrease, and their error grows
 * with the size of a block and the number of blocks instead of n. Integers wrap around: every order has
 * the same bits.
 *
 * Expressions of your own are compiled with your options: see the note on fused multiply-add in
 * par/reduce.h. */
#ifndef PAR_SCAN_H
#define PAR_SCAN_H

#include <par/api.h>
#include <par/number.h>
#include <par/reduce.h>

PAR_BEGIN_DECLS

/** The running combination of the elements of an array, each included in its own.
 *
 * @param out      n elements: the same array as in, or one that shares no byte with it; may be NULL only
 *                 if n is 0
 * @param in       n elements; may be NULL only if n is 0
 * @param n        how many
 * @param size     of one element, in bytes; not 0 if n is not
 * @param acc      in: the identity of combine; out: all elements combined; must not be NULL, and must not
 *                 lie in one of the arrays
 * @param combine  must not be NULL. Elements are copied with memcpy, to temporaries aligned to 64 bytes
 *                 too; it must not use up *right
 * @param ctx      passed through; may be NULL
 *
 * Errors    none: without memory for temporaries the scan runs on the caller. An array that cannot exist
 *           (n * size is above PTRDIFF_MAX): a debug build of the library stops with a sentence, a
 *           release build does nothing. The same goes for a size of 0.
 * Threads   any thread, from inside other parallel calls too
 * Order     operands stand in the order of the elements; blocks (head of this file) of n / 64 elements,
 *           rounded up, but at least 8 and at most 1024. What the caller wrote is seen by combine; what
 *           was written is seen after the return.
 * Blocking  returns when all is done
 * Cost      two calls of combine an element; beside the arrays an element a block; bench: algo/scan
 * Algebra   combine must be associative; it need not be commutative
 * Source    Blelloch, Prefix Sums and Their Applications, CMU-CS-90-190, 1990, for the two passes;
 *           Merrill, Garland, NVR-2016-002, for doing both while a chunk is in the cache
 * Since     0.1
 */
PAR_API void par_scan(void *out,
                      const void *in,
                      size_t n,
                      size_t size,
                      void *acc,
                      par_combine_fn *combine,
                      void *ctx);

/** The same with each element left out of its own: out[0] is what acc holds at the call, out[i] that
 * (+) out[i - 1] of par_scan. It need not be the identity: what it is stands in front of everything,
 * the result in acc included.
 * Since     0.1
 */
PAR_API void par_scan_exclusive(void *out,
                                const void *in,
                                size_t n,
                                size_t size,
                                void *acc,
                                par_combine_fn *combine,
                                void *ctx);

/* Scans the items begin <= i < end as if nothing stood before them, writes their results and, to *total,
 * all of them combined. The result of an exclusive scan's item begin is left to par_scan_before_fn. */
typedef void par_scan_block_fn(void *total, size_t begin, size_t end, void *ctx);
/* Puts *before in front of the results of the items begin <= i < end, which the other one wrote. */
typedef void par_scan_before_fn(const void *before, size_t begin, size_t end, void *ctx);

/** What the forms above are made of: a scan of anything, by functions for a block of items.
 *
 * @param n          how many items
 * @param acc        in: what stands before all items; out: that and all items combined; must not be NULL
 * @param acc_size   of *acc, in bytes; not 0
 * @param has_before not 0 for an exclusive scan: *acc is put in front of the first block too; 0: the
 *                   result of the first block stays as it is, and *acc is only what no items give
 * @param block      called once for each block, in any order; must not be NULL
 * @param before     called once for each block after the former, with what stands before it; must not
 *                   be NULL
 * @param combine    for the totals of blocks; must not be NULL. All are copied with memcpy.
 * @param ctx        passed to all; may be NULL
 *
 * Otherwise as par_scan
 * Since     0.1
 */
PAR_API void par_scan_blocks(size_t n,
                             void *acc,
                             size_t acc_size,
                             int has_before,
                             par_scan_block_fn *block,
                             par_scan_before_fn *before,
                             par_combine_fn *combine,
                             void *ctx);

/** The running sums, minima or maxima of in[0] to in[n - 1]; returns the last one, the total.
 *
 * @param out,in  n numbers: the same array, or arrays that share no byte; may be NULL only if n is 0
 *
 * Sums of integers wrap around in their own type: for larger ones PAR_DEFINE_SCAN. A NaN makes all that
 * follows a NaN, in scans for extremes its own bits. For n = 0 the result is 0, or for extremes the value
 * that changes none, as par_min has it.
 *
 * Errors    none. More elements than an array can have: a debug build of the library stops with a
 *           sentence, a release build takes n for 0.
 * Threads   any thread, from inside other parallel calls too
 * Order     sums of floating-point numbers: blocks (head of this file) of 480 elements; extremes: the
 *           first of equal ones, so the bits are those of the plain loop
 * Blocking  returns when all is done
 * Cost      the memory's speed; up to 20 us on the caller alone; beside the arrays 1/480 of the size of
 *           one; results of 32 MiB and more are written past the caches; bench: algo/scan
 * Since     0.1
 */
#define PAR_X(name, type, sum_type)                                                                \
    PAR_API type par_scan_sum_##name(type *out, const type *in, size_t n);                         \
    PAR_API type par_scan_min_##name(type *out, const type *in, size_t n);                         \
    PAR_API type par_scan_max_##name(type *out, const type *in, size_t n);
PAR_NUMBER_MAP(PAR_X)
#undef PAR_X

/** The same with each element left out of its own: out[0] is 0, or for extremes the value that changes
 * none; out[i] is out[i - 1] of the inclusive scan. Returns the total of all elements. Otherwise as
 * par_scan_sum.
 * Since     0.1
 */
#define PAR_X(name, type, sum_type)                                                                \
    PAR_API type par_scan_sum_exclusive_##name(type *out, const type *in, size_t n);               \
    PAR_API type par_scan_min_exclusive_##name(type *out, const type *in, size_t n);               \
    PAR_API type par_scan_max_exclusive_##name(type *out, const type *in, size_t n);
PAR_NUMBER_MAP(PAR_X)
#undef PAR_X

PAR_END_DECLS

#ifdef __cplusplus

#    define PAR_SCAN_OVERLOAD(verb, name, type)                                                    \
        inline type par_##verb(type *out, const type *in, size_t n)                                \
        {                                                                                          \
            return par_##verb##_##name(out, in, n);                                                \
        }
#    define PAR_X(name, type, sum_type)                                                            \
        PAR_SCAN_OVERLOAD(scan_sum, name, type)                                                    \
        PAR_SCAN_OVERLOAD(scan_min, name, type)                                                    \
        PAR_SCAN_OVERLOAD(scan_max, name, type)                                                    \
        PAR_SCAN_OVERLOAD(scan_sum_exclusive, name, type)                                          \
        PAR_SCAN_OVERLOAD(scan_min_exclusive, name, type)                                          \
        PAR_SCAN_OVERLOAD(scan_max_exclusive, name, type)
PAR_NUMBER_MAP(PAR_X)
#    undef PAR_X
#    undef PAR_SCAN_OVERLOAD

#else

#    define par_scan_sum(out, in, n) PAR_NUMBER_OF(scan_sum, out)((out), (in), (n))
#    define par_scan_min(out, in, n) PAR_NUMBER_OF(scan_min, out)((out), (in), (n))
#    define par_scan_max(out, in, n) PAR_NUMBER_OF(scan_max, out)((out), (in), (n))
#    define par_scan_sum_exclusive(out, in, n)                                                     \
        PAR_NUMBER_OF(scan_sum_exclusive, out)((out), (in), (n))
#    define par_scan_min_exclusive(out, in, n)                                                     \
        PAR_NUMBER_OF(scan_min_exclusive, out)((out), (in), (n))
#    define par_scan_max_exclusive(out, in, n)                                                     \
        PAR_NUMBER_OF(scan_max_exclusive, out)((out), (in), (n))

#endif

/** Defines a parallel scan: the static functions `type name(type *out, size_t n, ctx_type ctx)` and
 * `type name_exclusive(type *out, size_t n, ctx_type ctx)`, which write n results and return the total.
 * The body, which follows in braces, returns the value of item i; it is called once for each. All of it
 * is inlined.
 *
 * The body may read x[i] where x and out are the same array, but no other element of it.
 *
 * @param name         of the function; name_item, name_op, name_combine, name_block, name_before,
 *                     name_block_exclusive, name_before_exclusive and the struct name_job are defined
 *                     besides
 * @param type         of the value, any type that can be copied
 * @param identity     an expression of this type, or what may initialise it. Commas only inside
 *                     parentheses, so for {0, 1} name a constant.
 * @param a,b,a_op_b   the names of the left and the right value, and the expression that combines
 *                     them: associative, not necessarily commutative; evaluated twice an element
 * @param ctx_type,ctx passed by value, as in PAR_DEFINE_FOR
 * @param i            the name of the index
 *
 * Blocks as in par_scan
 * Since 0.1
 */
#define PAR_DEFINE_SCAN(name, type, identity, a, b, a_op_b, ctx_type, ctx, i)                      \
    PAR_INLINE type name##_item(ctx_type ctx, size_t i);                                           \
    PAR_INLINE type name##_op(type a, type b)                                                      \
    {                                                                                              \
        return a_op_b;                                                                             \
    }                                                                                              \
    struct name##_job {                                                                            \
        type *out;                                                                                 \
        ctx_type ctx_copy;                                                                         \
    };                                                                                             \
    static inline void name##_combine(void *par_left, const void *par_right, void *par_ctx)        \
    {                                                                                              \
        (void)par_ctx;                                                                             \
        *(type *)par_left = name##_op(*(type *)par_left, *(type const *)par_right);                \
    }                                                                                              \
    static inline void name##_block(void *par_total, size_t par_begin, size_t par_end,             \
                                    void *par_ctx)                                                 \
    {                                                                                              \
        type *const par_out = ((struct name##_job *)par_ctx)->out;                                 \
        ctx_type const par_copy_of_ctx = ((struct name##_job *)par_ctx)->ctx_copy;                 \
        type par_value = name##_item(par_copy_of_ctx, par_begin);                                  \
        par_out[par_begin] = par_value;                                                            \
        for (size_t par_i = par_begin + 1; par_i < par_end; ++par_i) {                             \
            par_value = name##_op(par_value, name##_item(par_copy_of_ctx, par_i));                 \
            par_out[par_i] = par_value;                                                            \
        }                                                                                          \
        *(type *)par_total = par_value;                                                            \
    }                                                                                              \
    static inline void name##_before(const void *par_before, size_t par_begin, size_t par_end,     \
                                     void *par_ctx)                                                \
    {                                                                                              \
        type *const par_out = ((struct name##_job *)par_ctx)->out;                                 \
        type const par_value = *(type const *)par_before;                                          \
        for (size_t par_i = par_begin; par_i < par_end; ++par_i)                                   \
            par_out[par_i] = name##_op(par_value, par_out[par_i]);                                 \
    }                                                                                              \
    static inline void name##_block_exclusive(void *par_total, size_t par_begin, size_t par_end,   \
                                              void *par_ctx)                                       \
    {                                                                                              \
        type *const par_out = ((struct name##_job *)par_ctx)->out;                                 \
        ctx_type const par_copy_of_ctx = ((struct name##_job *)par_ctx)->ctx_copy;                 \
        type par_value = name##_item(par_copy_of_ctx, par_begin);                                  \
        for (size_t par_i = par_begin + 1; par_i < par_end; ++par_i) {                             \
            type const par_next = name##_op(par_value, name##_item(par_copy_of_ctx, par_i));       \
            par_out[par_i] = par_value;                                                            \
            par_value = par_next;                                                                  \
        }                                                                                          \
        *(type *)par_total = par_value;                                                            \
    }                                                                                              \
    static inline void name##_before_exclusive(const void *par_before, size_t par_begin,           \
                                               size_t par_end, void *par_ctx)                      \
    {                                                                                              \
        ((struct name##_job *)par_ctx)->out[par_begin] = *(type const *)par_before;                \
        name##_before(par_before, par_begin + 1, par_end, par_ctx);                                \
    }                                                                                              \
    __attribute__((unused)) static inline type name(type *par_out, size_t par_n, ctx_type par_ctx) \
    {                                                                                              \
        struct name##_job par_job = {par_out, par_ctx};                                            \
        type par_acc = identity;                                                                   \
        par_scan_blocks(par_n, &par_acc, sizeof par_acc, 0, name##_block, name##_before,           \
                        name##_combine, &par_job);                                                 \
        return par_acc;                                                                            \
    }                                                                                              \
    __attribute__((unused)) static inline type name##_exclusive(type *par_out, size_t par_n,       \
                                                                ctx_type par_ctx)                  \
    {                                                                                              \
        struct name##_job par_job = {par_out, par_ctx};                                            \
        type par_acc = identity;                                                                   \
        par_scan_blocks(par_n, &par_acc, sizeof par_acc, 1, name##_block_exclusive,                \
                        name##_before_exclusive, name##_combine, &par_job);                        \
        return par_acc;                                                                            \
    }                                                                                              \
    PAR_INLINE type name##_item(ctx_type ctx, size_t i)

#endif
