/* equal.h - are two arrays the same, and where do they first differ?
 *
 *     if (!par_equal(x, y, n)) printf("they differ at %zu\n", par_mismatch(x, y, n));
 *
 *     PAR_DEFINE_EQUAL(points, point_t, point_t, a, b)
 *     {
 *         return a.x == b.x && a.y == b.y;
 *     }
 *     size_t at = points_mismatch(p, q, n);
 *
 * A difference ends the comparison, as in par/find.h. */
#ifndef PAR_EQUAL_H
#define PAR_EQUAL_H

#include <par/api.h>
#include <par/find.h>
#include <par/number.h>

PAR_BEGIN_DECLS

/* Not 0: the two elements count as equal. */
typedef int par_same_fn(const void *a, const void *b, void *ctx);

/** The first index at which a[i] == b[i] is false; n if there is none.
 *
 * @param a,b  n numbers each; may be NULL only if n is 0; may overlap. As == compares them: zeros of
 *             either sign are equal, a NaN differs from everything.
 *
 * Errors    none. More elements than an array can have: a debug build of the library stops with a
 *           sentence, a release build takes n for 0.
 * Threads   any thread, from inside other parallel calls too
 * Order     what the caller wrote is seen; the result is the same on any number of workers
 * Blocking  returns when everything before the result has been compared
 * Cost      the memory's speed; up to 64 KiB on the caller alone; bench: algo/mismatch_none
 * Since     0.1
 */
#define PAR_X(name, type, sum_type)                                                                \
    PAR_API size_t par_mismatch_##name(const type *a, const type *b, size_t n);
PAR_NUMBER_MAP(PAR_X)
#undef PAR_X

/** Is a[i] == b[i] for all i? 0 or 1; 1 for n = 0. Otherwise as par_mismatch.
 * Since     0.1
 */
#define PAR_X(name, type, sum_type)                                                                \
    PAR_API int par_equal_##name(const type *a, const type *b, size_t n);
PAR_NUMBER_MAP(PAR_X)
#undef PAR_X

/** The first byte in which two blocks of memory differ; n_bytes if there is none. For what is
 * compared bit by bit: structs without gaps, floating-point numbers whose signs of zero count.
 *
 * @param a,b      may be NULL only if n_bytes is 0
 * @param n_bytes  of each
 *
 * Errors, Threads, Order, Blocking, Cost as par_mismatch
 * Since     0.1
 */
PAR_API size_t par_mismatch_bytes(const void *a, const void *b, size_t n_bytes);
PAR_API int par_equal_bytes(const void *a, const void *b, size_t n_bytes);

/** The first index for which same(&a[i], &b[i], ctx) is 0; n if there is none.
 *
 * @param a,b            n elements of a_size and of b_size bytes; may be NULL only if n is 0
 * @param same           must not be NULL; may be called for elements behind the result
 * @param ctx            passed through; may be NULL
 *
 * Errors    none. Arrays that cannot exist (n * a_size or n * b_size is above PTRDIFF_MAX): a debug
 *           build of the library stops with a sentence, a release build takes them for empty ones.
 * Threads, Order, Blocking, Cost as par_find_first
 * Since     0.1
 */
PAR_API size_t par_mismatch_by(const void *a,
                               size_t a_size,
                               const void *b,
                               size_t b_size,
                               size_t n,
                               par_same_fn *same,
                               void *ctx);

PAR_END_DECLS

#ifdef __cplusplus

#    define PAR_X(name, type, sum_type)                                                            \
        inline size_t par_mismatch(const type *a, const type *b, size_t n)                         \
        {                                                                                          \
            return par_mismatch_##name(a, b, n);                                                   \
        }                                                                                          \
        inline int par_equal(const type *a, const type *b, size_t n)                               \
        {                                                                                          \
            return par_equal_##name(a, b, n);                                                      \
        }
PAR_NUMBER_MAP(PAR_X)
#    undef PAR_X

#else

#    define par_mismatch(a, b, n) PAR_NUMBER_OF(mismatch, a)((a), (b), (n))
#    define par_equal(a, b, n)    PAR_NUMBER_OF(equal, a)((a), (b), (n))

#endif

/** Defines the comparison of two arrays: static functions
 * `size_t name_mismatch(const a_type *, const b_type *, size_t n)`, the first index whose elements
 * differ, n if there is none, and `int name_equal(...)`. The body, which follows in braces, tells
 * whether two elements are equal; it is inlined.
 *
 * @param name           of the functions; name_same, name_pair and what PAR_DEFINE_FIND defines for
 *                       name_differ are defined besides
 * @param a_type,b_type  any types that can be copied
 * @param a,b            the names that the body uses for the elements
 * Since 0.1
 */
#define PAR_DEFINE_EQUAL(name, a_type, b_type, a, b)                                               \
    PAR_INLINE int name##_same(a_type a, b_type b);                                                \
    struct name##_pair {                                                                           \
        a_type const *a_items;                                                                     \
        b_type const *b_items;                                                                     \
    };                                                                                             \
    PAR_DEFINE_FIND(name##_differ, struct name##_pair, par_pair, par_i)                            \
    {                                                                                              \
        return !name##_same(par_pair.a_items[par_i], par_pair.b_items[par_i]);                     \
    }                                                                                              \
    __attribute__((unused)) static inline size_t name##_mismatch(                                  \
        a_type const *par_a, b_type const *par_b, size_t par_n)                                    \
    {                                                                                              \
        struct name##_pair par_pair = {par_a, par_b};                                              \
        return name##_differ_find_first(0, par_n, par_pair);                                       \
    }                                                                                              \
    __attribute__((unused)) static inline int name##_equal(a_type const *par_a,                    \
                                                           b_type const *par_b, size_t par_n)      \
    {                                                                                              \
        struct name##_pair par_pair = {par_a, par_b};                                              \
        return name##_differ_none(0, par_n, par_pair);                                             \
    }                                                                                              \
    PAR_INLINE int name##_same(a_type a, b_type b)

#endif
