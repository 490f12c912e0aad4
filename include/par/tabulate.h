/* tabulate.h - arrays whose elements are a function of their index.
 *
 *     PAR_DEFINE_TABULATE(squares, double, double, step, i)
 *     {
 *         return (step * (double)i) * (step * (double)i);
 *     }
 *     squares(x, n, 0.5);
 *
 *     par_iota(index, n, 0);        // 0, 1, 2, ... in an array of any C number type */
#ifndef PAR_TABULATE_H
#define PAR_TABULATE_H

#include <par/api.h>
#include <par/for.h>
#include <par/number.h>

PAR_BEGIN_DECLS

/* Writes the item with the index i. */
typedef void par_tabulate_fn(void *item, size_t i, void *ctx);

/** Calls f(&out[i], i, ctx) for every i < n, possibly at the same time.
 *
 * @param out   n elements; may be NULL only if n is 0
 * @param n     how many elements
 * @param size  of one element, in bytes
 * @param f     must not be NULL
 * @param ctx   passed through; may be NULL
 *
 * Errors    none. An array that cannot exist (n * size is above PTRDIFF_MAX): a debug build of
 *           the library stops with a sentence, a release build does nothing.
 * Threads   any thread, from inside other parallel calls too
 * Order     none between elements. What the caller wrote is seen by f; what f wrote is seen after
 *           the return.
 * Blocking  returns when all elements are done
 * Cost      one indirect call an element; PAR_DEFINE_TABULATE has none; bench: algo/tabulate
 * Since     0.1
 */
PAR_API void par_tabulate(void *out, size_t n, size_t size, par_tabulate_fn *f, void *ctx);

/** x[i] = start + i for every i < n. Integers wrap around, as unsigned arithmetic does. For double and
 * float i is converted to double, exactly up to 2^53, and added in double; for float the sum is then
 * rounded once more.
 *
 * @param x  n numbers; may be NULL only if n is 0
 *
 * Errors    none. More elements than an array can have: a debug build of the library stops with a
 *           sentence, a release build takes n for 0.
 * Threads   any thread, from inside other parallel calls too
 * Order     what was written is seen after the return
 * Blocking  returns when all elements are written
 * Cost      the memory's speed; not benchmarked yet
 * Since     0.1
 */
#define PAR_X(name, type, sum_type) PAR_API void par_iota_##name(type *x, size_t n, type start);
PAR_NUMBER_MAP(PAR_X)
#undef PAR_X

PAR_END_DECLS

#ifdef __cplusplus

#    define PAR_X(name, type, sum_type)                                                            \
        inline void par_iota(type *x, size_t n, type start)                                        \
        {                                                                                          \
            par_iota_##name(x, n, start);                                                          \
        }
PAR_NUMBER_MAP(PAR_X)
#    undef PAR_X

#else

#    define par_iota(x, n, start) PAR_NUMBER_OF(iota, x)((x), (n), (start))

#endif

/** Defines a parallel table: a static function `void name(type *out, size_t n, ctx_type ctx)` whose
 * body, which follows in braces, returns the element with the index i. It is inlined and vectorised.
 *
 * @param name          of the function; name_item, name_block and struct name_job are defined besides
 * @param type          of the elements
 * @param ctx_type,ctx  passed by value, as in PAR_DEFINE_FOR
 * @param i             the name of the index
 * Since 0.1
 */
#define PAR_DEFINE_TABULATE(name, type, ctx_type, ctx, i)                                          \
    PAR_INLINE type name##_item(ctx_type ctx, size_t i);                                           \
    struct name##_job {                                                                            \
        type *out;                                                                                 \
        ctx_type ctx_copy;                                                                         \
    };                                                                                             \
    static inline void name##_block(size_t par_begin, size_t par_end, void *par_ctx)               \
    {                                                                                              \
        struct name##_job const par_job = *(struct name##_job *)par_ctx;                           \
        for (size_t par_i = par_begin; par_i < par_end; ++par_i)                                   \
            par_job.out[par_i] = name##_item(par_job.ctx_copy, par_i);                             \
    }                                                                                              \
    __attribute__((unused)) static inline void name(type *par_out, size_t par_n, ctx_type par_ctx) \
    {                                                                                              \
        struct name##_job par_job = {par_out, par_ctx};                                            \
        par_for_range(0, par_n, name##_block, &par_job, NULL);                                     \
    }                                                                                              \
    PAR_INLINE type name##_item(ctx_type ctx, size_t i)

#endif
