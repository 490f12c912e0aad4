/* map.h - out[i] = f(in[i]) for every element of an array.
 *
 *     PAR_DEFINE_MAP(sqrt_all, double, float, x)
 *     {
 *         return sqrt(x);
 *     }
 *     sqrt_all(out, in, n);
 */
#ifndef PAR_MAP_H
#define PAR_MAP_H

#include <par/api.h>
#include <par/for.h>

PAR_BEGIN_DECLS

/* Writes *out from *in. */
typedef void par_map_fn(void *out, const void *in, void *ctx);

/** Calls f(&out[i], &in[i], ctx) for every i < n, possibly at the same time.
 *
 * @param out       n elements of out_size bytes; may be the same array as in, or share no byte
 *                  with it; may be NULL only if n is 0
 * @param in        n elements of in_size bytes; may be NULL only if n is 0
 * @param n         how many elements
 * @param f         must not be NULL
 * @param ctx       passed through; may be NULL
 *
 * Errors    none. Arrays that cannot exist (n * out_size or n * in_size is above PTRDIFF_MAX): a
 *           debug build of the library stops with a sentence, a release build does nothing.
 * Threads   any thread, from inside other parallel calls too
 * Order     none between elements. What the caller wrote is seen by f; what f wrote is seen after
 *           the return.
 * Blocking  returns when all elements are done
 * Cost      one indirect call an element; PAR_DEFINE_MAP has none; bench: loop/map
 * Since     0.1
 */
PAR_API void par_map(
    void *out, size_t out_size, const void *in, size_t in_size, size_t n, par_map_fn *f, void *ctx);

PAR_END_DECLS

/** Defines a parallel map: a static function `void name(out_type *out, const in_type *in, size_t n)`
 * whose body, which follows in braces, returns the out_type for the in_type called `item`.
 *
 * The body is inlined and vectorised. out and in may be the same array.
 *
 * @param name               of the function; name_item, name_block and name_job are defined besides
 * @param out_type,in_type   any types that can be copied
 * @param item               the name that the body uses for the element
 * Since 0.1
 */
#define PAR_DEFINE_MAP(name, out_type, in_type, item)                                              \
    PAR_INLINE out_type name##_item(in_type item);                                                 \
    struct name##_job {                                                                            \
        out_type *out;                                                                             \
        in_type const *in;                                                                         \
    };                                                                                             \
    static inline void name##_block(size_t par_begin, size_t par_end, void *par_ctx)               \
    {                                                                                              \
        out_type *const par_out = ((struct name##_job *)par_ctx)->out;                             \
        in_type const *const par_in = ((struct name##_job *)par_ctx)->in;                          \
        for (size_t par_i = par_begin; par_i < par_end; ++par_i)                                   \
            par_out[par_i] = name##_item(par_in[par_i]);                                           \
    }                                                                                              \
    __attribute__((unused)) static inline void name(out_type *par_out, in_type const *par_in,      \
                                                    size_t par_n)                                  \
    {                                                                                              \
        struct name##_job par_job = {par_out, par_in};                                             \
        par_for_range(0, par_n, name##_block, &par_job, NULL);                                     \
    }                                                                                              \
    PAR_INLINE out_type name##_item(in_type item)

/** PAR_DEFINE_MAP with a context, passed by value as in PAR_DEFINE_FOR:
 * `void name(out_type *out, const in_type *in, size_t n, ctx_type ctx)`.
 * Since 0.1
 */
#define PAR_DEFINE_MAP_CTX(name, out_type, in_type, item, ctx_type, ctx)                           \
    PAR_INLINE out_type name##_item(in_type item, ctx_type ctx);                                   \
    struct name##_job {                                                                            \
        out_type *out;                                                                             \
        in_type const *in;                                                                         \
        ctx_type ctx_copy;                                                                         \
    };                                                                                             \
    static inline void name##_block(size_t par_begin, size_t par_end, void *par_ctx)               \
    {                                                                                              \
        out_type *const par_out = ((struct name##_job *)par_ctx)->out;                             \
        in_type const *const par_in = ((struct name##_job *)par_ctx)->in;                          \
        ctx_type const par_copy_of_ctx = ((struct name##_job *)par_ctx)->ctx_copy;                 \
        for (size_t par_i = par_begin; par_i < par_end; ++par_i)                                   \
            par_out[par_i] = name##_item(par_in[par_i], par_copy_of_ctx);                          \
    }                                                                                              \
    __attribute__((unused)) static inline void name(out_type *par_out, in_type const *par_in,      \
                                                    size_t par_n, ctx_type par_ctx)                \
    {                                                                                              \
        struct name##_job par_job = {par_out, par_in, par_ctx};                                    \
        par_for_range(0, par_n, name##_block, &par_job, NULL);                                     \
    }                                                                                              \
    PAR_INLINE out_type name##_item(in_type item, ctx_type ctx)

#endif
