/* extreme.h - which item is the least or the greatest, by a key or by a comparison.
 *
 *     PAR_DEFINE_MIN_BY_KEY(cheapest, double, const offer_t *, offer, i)
 *     {
 *         return offer[i].price;
 *     }
 *     size_t best = cheapest(0, n, offer);
 *
 * The result is an index: the first of the items that are equally good, on any number of workers.
 * Extremes of arrays of C numbers: par/number.h. */
#ifndef PAR_EXTREME_H
#define PAR_EXTREME_H

#include <par/api.h>
#include <par/compare.h>
#include <par/find.h>
#include <par/options.h>
#include <par/reduce.h>

PAR_BEGIN_DECLS

/** The index of the first least element: no other one comes before it; 0 for n = 0.
 *
 * @param base     the first element; may be NULL only if n is 0
 * @param n        how many elements
 * @param size     of one element, in bytes
 * @param compare  must not be NULL
 * @param ctx      passed through; may be NULL
 *
 * Errors    none. An array that cannot exist (n * size is above PTRDIFF_MAX): a debug build of
 *           the library stops with a sentence, a release build takes it for an empty one.
 * Threads   any thread, from inside other parallel calls too
 * Order     what the caller wrote is seen by compare
 * Blocking  returns when all elements have been compared
 * Cost      n - 1 calls of compare; no memory; bench: algo/min_by
 * Algebra   compare must be a weak order. With one that is not the result is still the same index on
 *           any number of workers, of some element.
 * Since     0.1
 */
PAR_API size_t
par_min_by(const void *base, size_t n, size_t size, par_compare_fn *compare, void *ctx);

/** The index of the first greatest element: it comes before no other one. Otherwise as par_min_by.
 * Since     0.1
 */
PAR_API size_t
par_max_by(const void *base, size_t n, size_t size, par_compare_fn *compare, void *ctx);

/** Both in one pass.
 *
 * @param min,max  out: the indices; must not be NULL
 *
 * Cost      2 (n - 1) calls of compare at most; otherwise as par_min_by
 * Since     0.1
 */
PAR_API void par_minmax_by(const void *base,
                           size_t n,
                           size_t size,
                           par_compare_fn *compare,
                           void *ctx,
                           size_t *min,
                           size_t *max);

PAR_END_DECLS

/* What the definers share: a reduction to an index and its key. Most pieces hold nothing better than what
 * is there already; that is found out without a way out of the loop, so that it is vectorised. A NaN
 * is not worse than anything and nothing is not worse than it. */
#define PAR_DEFINE_EXTREME_BY_KEY(name, key_type, beyond, not_worse, ctx_type, ctx, i)             \
    PAR_INLINE key_type name##_key(ctx_type ctx, size_t i);                                        \
    struct name##_best {                                                                           \
        size_t index; /* SIZE_MAX: none yet */                                                     \
        key_type key;                                                                              \
    };                                                                                             \
    PAR_INLINE int name##_is_nan(key_type par_key, key_type par_same)                              \
    {                                                                                              \
        return !(par_key == par_same);                                                             \
    }                                                                                              \
    PAR_INLINE int name##_takes(key_type par_new, key_type par_old)                                \
    {                                                                                              \
        return par_new beyond par_old ||                                                           \
               (name##_is_nan(par_new, par_new) && !name##_is_nan(par_old, par_old));              \
    }                                                                                              \
    PAR_INLINE unsigned name##_beaten(ctx_type par_ctx, size_t par_i, key_type par_key)            \
    {                                                                                              \
        unsigned par_beaten = 0;                                                                   \
        for (size_t par_k = 0; par_k < PAR_FIND_PIECE; ++par_k)                                    \
            par_beaten |= par_key not_worse name##_key(par_ctx, par_i + par_k) ? 0u : 1u;          \
        return par_beaten;                                                                         \
    }                                                                                              \
    static inline void name##_fold(void *par_acc, size_t par_begin, size_t par_end, void *par_ctx) \
    {                                                                                              \
        ctx_type const par_copy_of_ctx = *(ctx_type *)par_ctx;                                     \
        struct name##_best par_best = *(struct name##_best *)par_acc;                              \
        size_t par_i = par_begin;                                                                  \
        if (par_best.index == SIZE_MAX) {                                                          \
            par_best.index = par_i;                                                                \
            par_best.key = name##_key(par_copy_of_ctx, par_i++);                                   \
        }                                                                                          \
        while (par_i < par_end) {                                                                  \
            size_t par_stop = par_end;                                                             \
            if (par_end - par_i >= PAR_FIND_PIECE) {                                               \
                par_stop = par_i + PAR_FIND_PIECE;                                                 \
                if (!name##_beaten(par_copy_of_ctx, par_i, par_best.key)) par_i = par_stop;        \
            }                                                                                      \
            for (; par_i < par_stop; ++par_i) {                                                    \
                key_type par_key = name##_key(par_copy_of_ctx, par_i);                             \
                if (name##_takes(par_key, par_best.key)) {                                         \
                    par_best.index = par_i;                                                        \
                    par_best.key = par_key;                                                        \
                }                                                                                  \
            }                                                                                      \
        }                                                                                          \
        *(struct name##_best *)par_acc = par_best;                                                 \
    }                                                                                              \
    static inline void name##_combine(void *par_left, const void *par_right, void *par_ctx)        \
    {                                                                                              \
        struct name##_best *par_a = (struct name##_best *)par_left;                                \
        struct name##_best const *par_b = (struct name##_best const *)par_right;                   \
        (void)par_ctx;                                                                             \
        if (par_a->index == SIZE_MAX ||                                                            \
            (par_b->index != SIZE_MAX && name##_takes(par_b->key, par_a->key)))                    \
            *par_a = *par_b;                                                                       \
    }                                                                                              \
    __attribute__((unused)) static inline size_t name(size_t par_begin, size_t par_end,            \
                                                      ctx_type par_ctx)                            \
    {                                                                                              \
        struct name##_best par_best;                                                               \
        par_best.index = SIZE_MAX;                                                                 \
        if (par_begin >= par_end) return par_end;                                                  \
        par_best.key = name##_key(par_ctx, par_begin);                                             \
        par_reduce(par_begin, par_end, &par_best, sizeof par_best, name##_fold, name##_combine,    \
                   (void *)&par_ctx, NULL);                                                        \
        return par_best.index;                                                                     \
    }                                                                                              \
    PAR_INLINE key_type name##_key(ctx_type ctx, size_t i)

/** Defines a search for the item with the least key: a static function
 * `size_t name(size_t begin, size_t end, ctx_type ctx)`. The body, which follows in braces, returns the
 * key of item i; all of it is inlined, and it may run twice for an item. The result is the first index
 * with the least key; of floating-point keys the first NaN, if there is one; end for no items.
 *
 * @param name          of the function; name_key, name_takes, name_is_nan, name_beaten, name_fold,
 *                      name_combine and struct name_best are defined besides
 * @param key_type      any type whose values <, <= and == compare
 * @param ctx_type,ctx  passed by value, as in PAR_DEFINE_FOR
 * @param i             the name of the index
 * Since 0.1
 */
#define PAR_DEFINE_MIN_BY_KEY(name, key_type, ctx_type, ctx, i)                                    \
    PAR_DEFINE_EXTREME_BY_KEY(name, key_type, <, <=, ctx_type, ctx, i)

/** The same for the greatest key: the first index with it. >, >= and == must compare keys.
 * Since 0.1
 */
#define PAR_DEFINE_MAX_BY_KEY(name, key_type, ctx_type, ctx, i)                                    \
    PAR_DEFINE_EXTREME_BY_KEY(name, key_type, >, >=, ctx_type, ctx, i)

/** Defines a search for the best element of an array: a static function
 * `size_t name(const type *x, size_t n)`, the index of the first element that no other one is better
 * than; 0 for n = 0. The body, which follows in braces, tells whether a is better than b; it is inlined.
 *
 * @param name  of the function; name_is_better, name_fold and name_combine are defined besides
 * @param type  of the elements
 * @param a,b   the names of two `const type *`
 * Since 0.1
 */
#define PAR_DEFINE_BEST(name, type, a, b)                                                          \
    PAR_INLINE int name##_is_better(const type *a, const type *b);                                 \
    struct name##_best {                                                                           \
        size_t index; /* SIZE_MAX: none yet */                                                     \
        type const *items;                                                                         \
    };                                                                                             \
    static inline void name##_fold(void *par_acc, size_t par_begin, size_t par_end, void *par_ctx) \
    {                                                                                              \
        struct name##_best *par_best = (struct name##_best *)par_acc;                              \
        type const *par_x = par_best->items;                                                       \
        size_t par_index = par_best->index == SIZE_MAX ? par_begin : par_best->index;              \
        (void)par_ctx;                                                                             \
        for (size_t par_i = par_begin; par_i < par_end; ++par_i)                                   \
            if (name##_is_better(par_x + par_i, par_x + par_index)) par_index = par_i;             \
        par_best->index = par_index;                                                               \
    }                                                                                              \
    static inline void name##_combine(void *par_left, const void *par_right, void *par_ctx)        \
    {                                                                                              \
        struct name##_best *par_a = (struct name##_best *)par_left;                                \
        struct name##_best const *par_b = (struct name##_best const *)par_right;                   \
        (void)par_ctx;                                                                             \
        if (par_a->index == SIZE_MAX ||                                                            \
            (par_b->index != SIZE_MAX &&                                                           \
             name##_is_better(par_a->items + par_b->index, par_a->items + par_a->index)))          \
            par_a->index = par_b->index;                                                           \
    }                                                                                              \
    __attribute__((unused)) static inline size_t name(type const *par_x, size_t par_n)             \
    {                                                                                              \
        struct name##_best par_best = {SIZE_MAX, par_x};                                           \
        par_reduce(0, par_n, &par_best, sizeof par_best, name##_fold, name##_combine, NULL, NULL); \
        return par_n == 0 ? 0 : par_best.index;                                                    \
    }                                                                                              \
    PAR_INLINE int name##_is_better(const type *a, const type *b)

#endif
