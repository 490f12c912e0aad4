/* sort.h - sorting by comparison: arrays of any type, stable or in place.
 *
 *     PAR_DEFINE_SORT(sort_by_age, struct person, a, b)
 *     {
 *         return a.age < b.age;
 *     }
 *     sort_by_age(people, n);
 *
 * or, as qsort_r of POSIX 2024 would have it, with a comparison that is called:
 *
 *     par_sort_r(people, n, sizeof *people, compare_ages, NULL);
 *
 * A comparison is a strict weak order: nothing is before itself, and "neither is before the other" is
 * an equality that chains. One that is not (`a <= b`, or `<` of numbers with NaN among them) leaves the
 * elements in some order, each of them once.
 *
 * The stable sorts keep equal elements in the order they had, so their result is unique. What the
 * unstable ones do with equal elements depends on the array alone, not on the workers or the run. */
#ifndef PAR_SORT_H
#define PAR_SORT_H

#include <par/api.h>
#include <par/compare.h>
#include <par/sort_kernel.h>

PAR_BEGIN_DECLS

/** Sorts an array, keeping the order of equal elements.
 *
 * @param base     the first element; may be NULL only if n is 0
 * @param n        how many elements
 * @param size     of one element, in bytes; at least 1 unless n is 0
 * @param compare  must not be NULL
 * @param ctx      passed through; may be NULL
 *
 * Errors    none: without memory it takes longer and gives the same result. An array that cannot
 *           exist (n * size is above PTRDIFF_MAX, or size is 0): a debug build of the library stops
 *           with a sentence, a release build does nothing.
 * Threads   any thread, from inside other parallel calls too. compare is called by several at once, for
 *           elements of the array and for copies of them, which are aligned to at most 64 bytes.
 * Order     what the caller wrote is seen by compare; the sorted array is seen after the return
 * Blocking  returns when the array is sorted
 * Cost      n log2(n) calls of compare, one an element if the array is in order or in strictly falling
 *           order; memory for n elements and 2 to 4 % of it, from 4 KiB on; without memory
 *           O(n log(n)^2). PAR_DEFINE_SORT makes no calls; bench: algo/sort_records_stable
 * Source    sample sort: Frazer and McKellar, J. ACM 17(3), 1970; without branches: Sanders and Winkel,
 *           ESA 2004
 * Since     0.1
 */
PAR_API void par_sort_r(void *base, size_t n, size_t size, par_compare_fn *compare, void *ctx);

/** Sorts an array in place; equal elements may change places, in the same way on every run.
 *
 * Parameters, Errors, Threads, Order, Blocking as par_sort_r
 * Cost      1.1 n log2(n) calls of compare; 16 KiB of the stack of each worker, elements of more than
 *           4 KiB by heap sort on one worker; bench: algo/sort_records
 * Source    quicksort with partition by cycles: Lomuto's, without its branch
 * Since     0.1
 */
PAR_API void
par_sort_r_unstable(void *base, size_t n, size_t size, par_compare_fn *compare, void *ctx);

/* What the definers below call: v has n elements of kernel->size bytes. */
PAR_API void par_sort_with(void *v, size_t n, const par_sort_kernel_t *kernel, void *ctx);
PAR_API void par_sort_with_unstable(void *v, size_t n, const par_sort_kernel_t *kernel, void *ctx);

/* Makes pairs begin <= i < end for the elements of v: each begins with the size_t i, then has its key. */
typedef void par_pairs_fn(void *pairs, const void *v, size_t begin, size_t end, void *ctx);

/* What PAR_DEFINE_SORT_BY_CACHED_KEY calls: the kernel is for pairs, compare for elements. */
PAR_API void par_sort_by_key_with(void *v,
                                  size_t n,
                                  size_t size,
                                  const par_sort_kernel_t *kernel,
                                  par_pairs_fn *make_pairs,
                                  par_compare_fn *compare,
                                  void *ctx);

PAR_END_DECLS

#define PAR_DEFINE_SORT_AS(name, type, a, b, call)                                                 \
    PAR_INLINE int name##_before(type a, type b);                                                  \
    PAR_INLINE int name##_less(const void *par_a, const void *par_b, void *par_ctx)                \
    {                                                                                              \
        (void)par_ctx;                                                                             \
        return name##_before(*(type const *)par_a, *(type const *)par_b);                          \
    }                                                                                              \
    PAR_DEFINE_SORT_KERNEL(name, type, char);                                                      \
    __attribute__((unused)) static inline void name(type *par_v, size_t par_n)                     \
    {                                                                                              \
        char par_none = 0;                                                                         \
        call(par_v, par_n, &name##_kernel, &par_none);                                             \
    }                                                                                              \
    PAR_INLINE int name##_before(type a, type b)

#define PAR_DEFINE_SORT_CTX_AS(name, type, a, b, ctx_type, ctx, call)                              \
    PAR_INLINE int name##_before(type a, type b, ctx_type ctx);                                    \
    PAR_INLINE int name##_less(const void *par_a, const void *par_b, void *par_ctx)                \
    {                                                                                              \
        return name##_before(*(type const *)par_a, *(type const *)par_b, *(ctx_type *)par_ctx);    \
    }                                                                                              \
    PAR_DEFINE_SORT_KERNEL(name, type, ctx_type);                                                  \
    __attribute__((unused)) static inline void name(type *par_v, size_t par_n, ctx_type par_ctx)   \
    {                                                                                              \
        call(par_v, par_n, &name##_kernel, (void *)&par_ctx);                                      \
    }                                                                                              \
    PAR_INLINE int name##_before(type a, type b, ctx_type ctx)

/** Defines a stable sort: a static function `void name(type *v, size_t n)`. The body, which follows in
 * braces, returns whether the element a must stand before b. It is inlined into the loops of the sort,
 * which are compiled with your options: with -O2 or more.
 *
 * @param name  of the function; more names that begin with name_ are defined besides
 * @param type  of the elements, any type that can be copied and is aligned to at most 64 bytes
 * @param a,b   the names that the body uses for two elements
 *
 * Errors, Threads, Order, Blocking as par_sort_r
 * Cost      about a fifth of std::stable_sort with two workers; memory as par_sort_r; bench:
 *           algo/sort_records_stable
 * Since     0.1
 */
#define PAR_DEFINE_SORT(name, type, a, b) PAR_DEFINE_SORT_AS(name, type, a, b, par_sort_with)

/** The same with a context, passed by value as in PAR_DEFINE_FOR:
 * `void name(type *v, size_t n, ctx_type ctx)`.
 * Since 0.1
 */
#define PAR_DEFINE_SORT_CTX(name, type, a, b, ctx_type, ctx)                                       \
    PAR_DEFINE_SORT_CTX_AS(name, type, a, b, ctx_type, ctx, par_sort_with)

/** Defines a sort in place, as par_sort_r_unstable is: otherwise as PAR_DEFINE_SORT.
 * Since 0.1
 */
#define PAR_DEFINE_SORT_UNSTABLE(name, type, a, b)                                                 \
    PAR_DEFINE_SORT_AS(name, type, a, b, par_sort_with_unstable)

/** The same with a context.
 * Since 0.1
 */
#define PAR_DEFINE_SORT_UNSTABLE_CTX(name, type, a, b, ctx_type, ctx)                              \
    PAR_DEFINE_SORT_CTX_AS(name, type, a, b, ctx_type, ctx, par_sort_with_unstable)

/** Defines a stable sort by a key that is worth remembering: a static function
 * `void name(type *v, size_t n)`. The body, which follows in braces, returns the key_type of the element
 * called `item`; it runs once for each, and the sort compares keys only.
 *
 * @param name        of the function; more names that begin with name_ are defined besides
 * @param type        of the elements, any type that can be copied
 * @param item        the name that the body uses for an element
 * @param key_type    of the keys, any type that can be copied and is aligned to at most 64 bytes
 * @param a,b,before  the names of two keys, and the expression that says whether a is before b, for
 *                    example a < b
 *
 * Errors    none: without memory keys are computed at each comparison, with the same result. Otherwise
 *           as par_sort_r.
 * Threads, Order, Blocking as par_sort_r. The body runs on several elements at once.
 * Cost      n calls of the body, and the sort of n keys with an index each; memory for twice these, and
 *           for n elements
 * Since     0.1
 */
#define PAR_DEFINE_SORT_BY_CACHED_KEY(name, type, item, key_type, a, b, before)                    \
    PAR_INLINE key_type name##_key(type item);                                                     \
    struct name##_pair {                                                                           \
        size_t from;                                                                               \
        key_type key;                                                                              \
    };                                                                                             \
    PAR_INLINE int name##_before(key_type a, key_type b)                                           \
    {                                                                                              \
        return before;                                                                             \
    }                                                                                              \
    PAR_INLINE int name##_less(const void *par_a, const void *par_b, void *par_ctx)                \
    {                                                                                              \
        (void)par_ctx;                                                                             \
        return name##_before(((struct name##_pair const *)par_a)->key,                             \
                             ((struct name##_pair const *)par_b)->key);                            \
    }                                                                                              \
    PAR_DEFINE_SORT_KERNEL(name, struct name##_pair, char);                                        \
    static inline void name##_pairs(void *par_pairs, const void *par_v, size_t par_begin,          \
                                    size_t par_end, void *par_ctx)                                 \
    {                                                                                              \
        (void)par_ctx;                                                                             \
        for (size_t par_i = par_begin; par_i < par_end; ++par_i) {                                 \
            ((struct name##_pair *)par_pairs)[par_i].from = par_i;                                 \
            ((struct name##_pair *)par_pairs)[par_i].key =                                         \
                name##_key(((type const *)par_v)[par_i]);                                          \
        }                                                                                          \
    }                                                                                              \
    static inline int name##_compare(const void *par_a, const void *par_b, void *par_ctx)          \
    {                                                                                              \
        key_type const par_key_a = name##_key(*(type const *)par_a);                               \
        key_type const par_key_b = name##_key(*(type const *)par_b);                               \
        (void)par_ctx;                                                                             \
        if (name##_before(par_key_a, par_key_b)) return -1;                                        \
        return name##_before(par_key_b, par_key_a) ? 1 : 0;                                        \
    }                                                                                              \
    __attribute__((unused)) static inline void name(type *par_v, size_t par_n)                     \
    {                                                                                              \
        char par_none = 0;                                                                         \
        par_sort_by_key_with(par_v, par_n, sizeof(type), &name##_kernel, name##_pairs,             \
                             name##_compare, &par_none);                                           \
    }                                                                                              \
    PAR_INLINE key_type name##_key(type item)

#endif
