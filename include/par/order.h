/* order.h - what belongs to an order beside the sort: merging, selecting, looking up.
 *
 *     PAR_DEFINE_ORDER(by_age, struct person, a, b)
 *     {
 *         return a.age < b.age;
 *     }
 *     by_age_sort(people, n);
 *     by_age_nth(people, n, n / 2);                     // the median stands in the middle
 *     n_found = by_age_top(youngest, 10, people, n);    // the first ten
 *
 * The order is a strict weak one, as for sorts (par/sort.h); with one that is not, the arrays keep their
 * elements and the results mean nothing. The functions that end in _r take a comparison that is called,
 * those that end in _with the kernel that PAR_DEFINE_ORDER makes. */
#ifndef PAR_ORDER_H
#define PAR_ORDER_H

#include <par/api.h>
#include <par/sort.h>
#include <par/sort_kernel.h>

PAR_BEGIN_DECLS

/** Tells whether an array is in order: no element is before the one in front of it.
 *
 * @param base     the first element; may be NULL only if n is 0
 * @param n        how many elements
 * @param size     of one element, in bytes; at least 1 unless n is 0
 * @param compare  must not be NULL
 * @param ctx      passed through; may be NULL
 * @return 1 or 0
 *
 * Errors    none. An array that cannot exist (n * size is above PTRDIFF_MAX, or size is 0): a debug
 *           build of the library stops with a sentence, a release build takes n for 0.
 * Threads   any thread, from inside other parallel calls too. compare is called by several at once.
 * Order     what the caller wrote is seen by compare
 * Blocking  returns when it is known
 * Cost      one call of compare an element, up to the first that is out of order and at most twice as
 *           many as stand before it; no memory; bench: algo/is_sorted
 * Since     0.1
 */
PAR_API int
par_is_sorted_r(const void *base, size_t n, size_t size, par_compare_fn *compare, void *ctx);
PAR_API int par_is_sorted_with(const void *v, size_t n, const par_sort_kernel_t *kernel, void *ctx);

/** Merges two sorted arrays to a third. Of equal elements those of a come first, each array's in their
 * order.
 *
 * @param out      n_a + n_b elements, which share no byte with a and b; may be NULL only if these are none
 * @param a,n_a    the first array and how many elements it has; NULL only if none
 * @param b,n_b    the second
 *
 * Errors    none. Arrays that cannot exist: a debug build of the library stops with a sentence, a release
 *           build does nothing.
 * Cost      one call of compare an element; no memory; bench: algo/merge
 * Source    by ranks: Varman, Scheufler, Iyer and Ricard, J. Parallel Distrib. Comput. 12, 1991
 *
 * Otherwise as par_is_sorted_r
 * Since     0.1
 */
PAR_API void par_merge_r(void *out,
                         const void *a,
                         size_t n_a,
                         const void *b,
                         size_t n_b,
                         size_t size,
                         par_compare_fn *compare,
                         void *ctx);
PAR_API void par_merge_with(void *out,
                            const void *a,
                            size_t n_a,
                            const void *b,
                            size_t n_b,
                            const par_sort_kernel_t *kernel,
                            void *ctx);

/** Reorders an array so that element k is the one that the sorted array has there; none before it is
 * greater, none behind it less. The same outcome on every run and any number of workers.
 *
 * @param k  less than n; otherwise nothing is done (a debug build stops unless n is 0)
 *
 * Cost      about 3 n calls of compare; no memory but 16 KiB of the stack; bench: algo/nth
 *
 * Otherwise as par_sort_r_unstable
 * Since     0.1
 */
PAR_API void
par_nth_r(void *base, size_t n, size_t size, size_t k, par_compare_fn *compare, void *ctx);
PAR_API void par_nth_with(void *v, size_t n, size_t k, const par_sort_kernel_t *kernel, void *ctx);

/** Reorders an array so that its first k elements are those of the sorted array, in order: a partial
 * sort. Equal elements and the rest: as the array alone decides.
 *
 * @param k  k >= n sorts all
 *
 * Cost      about 3 n + k log2(k) calls of compare; no memory but 16 KiB of the stack of each worker;
 *           bench: algo/sort_first
 *
 * Otherwise as par_sort_r_unstable
 * Since     0.1
 */
PAR_API void
par_sort_first_r(void *base, size_t n, size_t size, size_t k, par_compare_fn *compare, void *ctx);
PAR_API void
par_sort_first_with(void *v, size_t n, size_t k, const par_sort_kernel_t *kernel, void *ctx);

/** Copies the first k elements in order out of an array that stays as it is: what a stable sort would
 * have in front.
 *
 * @param out  k elements, which share no byte with the array; may be NULL only if k is 0
 * @param k    how many are wanted
 * @return how many there are: the lesser of k and n
 *
 * Errors    none: without memory it takes longer and gives the same result. Arrays that cannot exist: a
 *           debug build of the library stops with a sentence, a release build returns 0.
 * Cost      about one call of compare an element if k is small; memory for 20 k elements a worker, for
 *           1.25 n at most; if k > n / 16, for 2 n elements; bench: algo/top_1000
 *
 * Otherwise as par_sort_r
 * Since     0.1
 */
PAR_API size_t par_top_r(void *out,
                         size_t k,
                         const void *base,
                         size_t n,
                         size_t size,
                         par_compare_fn *compare,
                         void *ctx);
PAR_API size_t par_top_with(
    void *out, size_t k, const void *v, size_t n, const par_sort_kernel_t *kernel, void *ctx);

/** Removes every element that equals the one in front of it, so that of neighbours that are equal the
 * first stays; those that stay keep their order.
 *
 * @param compare  0 means equal. "Equal" must chain; the array need not be sorted.
 * @return how many stay, at the front. The elements behind have any of the array's values.
 *
 * Cost      one call of compare an element; no memory; bench: algo/unique
 *
 * Otherwise as par_is_sorted_r; a release build returns 0 for an array that cannot exist.
 * Since     0.1
 */
PAR_API size_t par_unique_r(void *base, size_t n, size_t size, par_compare_fn *compare, void *ctx);

/* Removes from the n elements at v, and returns how many stay; with has_before the first one has one in
 * front of it, which stays as it is. The last of the n is written only if it moves. */
typedef size_t par_unique_fn(void *v, size_t n, int has_before, void *ctx);

/* What PAR_DEFINE_UNIQUE calls. */
PAR_API size_t par_unique_with(void *v, size_t n, size_t size, par_unique_fn *remove, void *ctx);

/** Looks up many keys in one sorted array: out[i] is how many of its elements are before keys[i], which
 * is where keys[i] would have to be put in; par_upper_bounds_r: how many keys[i] is not before.
 *
 * @param out          n_keys numbers; shares no byte with the others; NULL only if n_keys is 0
 * @param keys,n_keys  the keys, elements like those of the array, in any order
 * @param base,n       the sorted array
 *
 * Cost      log2(n) + 1 calls of compare a key; eight keys are looked up at once, so that their cache
 *           misses overlap; bench: algo/bounds
 *
 * Otherwise as par_is_sorted_r; for an array that cannot exist a release build does nothing.
 * Since     0.1
 */
PAR_API void par_lower_bounds_r(size_t *out,
                                const void *keys,
                                size_t n_keys,
                                const void *base,
                                size_t n,
                                size_t size,
                                par_compare_fn *compare,
                                void *ctx);
PAR_API void par_upper_bounds_r(size_t *out,
                                const void *keys,
                                size_t n_keys,
                                const void *base,
                                size_t n,
                                size_t size,
                                par_compare_fn *compare,
                                void *ctx);
PAR_API void par_bounds_with(size_t *out,
                             const void *keys,
                             size_t n_keys,
                             const void *v,
                             size_t n,
                             int is_upper,
                             const par_sort_kernel_t *kernel,
                             void *ctx);

PAR_END_DECLS

/* The verbs of one order. CTX_PARAM is a further parameter with the comma before it, CTX_LOCAL a
 * declaration, `where` points to the context. */
#define PAR_DEFINE_ORDER_VERBS(name, type, CTX_PARAM, CTX_LOCAL, where)                            \
    __attribute__((unused)) static inline void name##_sort(type *par_v, size_t par_n CTX_PARAM)    \
    {                                                                                              \
        CTX_LOCAL par_sort_with(par_v, par_n, &name##_kernel, where);                              \
    }                                                                                              \
    __attribute__((unused)) static inline void name##_sort_unstable(type *par_v,                   \
                                                                    size_t par_n CTX_PARAM)        \
    {                                                                                              \
        CTX_LOCAL par_sort_with_unstable(par_v, par_n, &name##_kernel, where);                     \
    }                                                                                              \
    __attribute__((unused)) static inline int name##_is_sorted(type const *par_v,                  \
                                                               size_t par_n CTX_PARAM)             \
    {                                                                                              \
        CTX_LOCAL return par_is_sorted_with(par_v, par_n, &name##_kernel, where);                  \
    }                                                                                              \
    __attribute__((unused)) static inline void name##_merge(type *par_out, type const *par_a,      \
                                                            size_t par_n_a, type const *par_b,     \
                                                            size_t par_n_b CTX_PARAM)              \
    {                                                                                              \
        CTX_LOCAL par_merge_with(par_out, par_a, par_n_a, par_b, par_n_b, &name##_kernel, where);  \
    }                                                                                              \
    __attribute__((unused)) static inline void name##_nth(type *par_v, size_t par_n,               \
                                                          size_t par_k CTX_PARAM)                  \
    {                                                                                              \
        CTX_LOCAL par_nth_with(par_v, par_n, par_k, &name##_kernel, where);                        \
    }                                                                                              \
    __attribute__((unused)) static inline void name##_sort_first(type *par_v, size_t par_n,        \
                                                                 size_t par_k CTX_PARAM)           \
    {                                                                                              \
        CTX_LOCAL par_sort_first_with(par_v, par_n, par_k, &name##_kernel, where);                 \
    }                                                                                              \
    __attribute__((unused)) static inline size_t name##_top(                                       \
        type *par_out, size_t par_k, type const *par_v, size_t par_n CTX_PARAM)                    \
    {                                                                                              \
        CTX_LOCAL return par_top_with(par_out, par_k, par_v, par_n, &name##_kernel, where);        \
    }                                                                                              \
    __attribute__((unused)) static inline void name##_lower_bounds(                                \
        size_t *par_out, type const *par_keys, size_t par_n_keys, type const *par_v,               \
        size_t par_n CTX_PARAM)                                                                    \
    {                                                                                              \
        CTX_LOCAL par_bounds_with(par_out, par_keys, par_n_keys, par_v, par_n, 0, &name##_kernel,  \
                                  where);                                                          \
    }                                                                                              \
    __attribute__((unused)) static inline void name##_upper_bounds(                                \
        size_t *par_out, type const *par_keys, size_t par_n_keys, type const *par_v,               \
        size_t par_n CTX_PARAM)                                                                    \
    {                                                                                              \
        CTX_LOCAL par_bounds_with(par_out, par_keys, par_n_keys, par_v, par_n, 1, &name##_kernel,  \
                                  where);                                                          \
    }

#define PAR_ORDER_NOTHING
#define PAR_ORDER_NO_CTX        char par_none = 0;
#define PAR_ORDER_CTX(ctx_type) , ctx_type par_ctx

/** Defines what belongs to an order of a type: static functions with the arguments and the contracts of
 * the functions above, without size, compare and ctx:
 *
 *     void name_sort(type *v, size_t n);               void name_sort_unstable(type *v, size_t n);
 *     int name_is_sorted(const type *v, size_t n);
 *     void name_merge(type *out, const type *a, size_t n_a, const type *b, size_t n_b);
 *     void name_nth(type *v, size_t n, size_t k);      void name_sort_first(type *v, size_t n, size_t k);
 *     size_t name_top(type *out, size_t k, const type *v, size_t n);
 *     void name_lower_bounds(size_t *out, const type *keys, size_t n_keys, const type *v, size_t n);
 *     void name_upper_bounds(...the same...);
 *
 * The body, which follows in braces, returns whether a must stand before b. It is inlined into the loops
 * of all of them, those of the library's parts too.
 *
 * @param name  more names that begin with name_ are defined besides
 * @param type  of the elements, any type that can be copied and is aligned to at most 64 bytes
 * @param a,b   the names that the body uses for two elements
 * Since 0.1
 */
#define PAR_DEFINE_ORDER(name, type, a, b)                                                         \
    PAR_INLINE int name##_before(type a, type b);                                                  \
    PAR_INLINE int name##_less(const void *par_a, const void *par_b, void *par_ctx)                \
    {                                                                                              \
        (void)par_ctx;                                                                             \
        return name##_before(*(type const *)par_a, *(type const *)par_b);                          \
    }                                                                                              \
    PAR_DEFINE_SORT_KERNEL(name, type, char);                                                      \
    PAR_DEFINE_ORDER_VERBS(name, type, PAR_ORDER_NOTHING, PAR_ORDER_NO_CTX, &par_none)             \
    PAR_INLINE int name##_before(type a, type b)

/** The same with a context, passed by value as the last argument of each function.
 * Since 0.1
 */
#define PAR_DEFINE_ORDER_CTX(name, type, a, b, ctx_type, ctx)                                      \
    PAR_INLINE int name##_before(type a, type b, ctx_type ctx);                                    \
    PAR_INLINE int name##_less(const void *par_a, const void *par_b, void *par_ctx)                \
    {                                                                                              \
        return name##_before(*(type const *)par_a, *(type const *)par_b, *(ctx_type *)par_ctx);    \
    }                                                                                              \
    PAR_DEFINE_SORT_KERNEL(name, type, ctx_type);                                                  \
    PAR_DEFINE_ORDER_VERBS(name, type, PAR_ORDER_CTX(ctx_type), PAR_ORDER_NOTHING,                 \
                           (void *)&par_ctx)                                                       \
    PAR_INLINE int name##_before(type a, type b, ctx_type ctx)

/** Defines par_unique_r for a type: a static function `size_t name(type *v, size_t n)`. The body, which
 * follows in braces, returns whether a equals b, which stands behind it. Without branches.
 * Since 0.1
 */
#define PAR_DEFINE_UNIQUE(name, type, a, b)                                                        \
    PAR_INLINE int name##_equal(type a, type b);                                                   \
    static inline size_t name##_remove(void *par_void, size_t par_n, int par_has_before,           \
                                       void *par_ctx)                                              \
    {                                                                                              \
        type *const par_v = (type *)par_void;                                                      \
        size_t par_kept = !(par_has_before && name##_equal(par_v[-1], par_v[0])), par_i = 1;       \
        (void)par_ctx;                                                                             \
        for (; par_i + 1 < par_n; ++par_i) {                                                       \
            int const par_goes = name##_equal(par_v[par_i - 1], par_v[par_i]) != 0;                \
            par_v[par_kept] = par_v[par_i];                                                        \
            par_kept += !par_goes;                                                                 \
        }                                                                                          \
        if (par_i < par_n && !name##_equal(par_v[par_i - 1], par_v[par_i])) {                      \
            if (par_kept < par_i) par_v[par_kept] = par_v[par_i];                                  \
            ++par_kept;                                                                            \
        }                                                                                          \
        return par_kept;                                                                           \
    }                                                                                              \
    __attribute__((unused)) static inline size_t name(type *par_v, size_t par_n)                   \
    {                                                                                              \
        return par_unique_with(par_v, par_n, sizeof(type), name##_remove, (void *)0);              \
    }                                                                                              \
    PAR_INLINE int name##_equal(type a, type b)

#endif
