/* order_number.h - merging, selecting and looking up in arrays of numbers, in the order of par_sort.
 *
 *     par_nth(v, n, n / 2);                        // the median stands in the middle
 *     found = par_top(least, 10, v, n);            // the ten least, in order; v stays as it is
 *     par_sort(v, n);
 *     n = par_unique(v, n);                        // each number once
 *     par_lower_bounds(where, keys, n_keys, v, n);
 *
 * v: any C number type but bool and long double. Floating-point numbers are in the total order of
 * IEEE 754, as in par/sort_number.h: -0 stands before +0, and NaNs have their places at the ends. Numbers
 * are equal if none is before the other, so -0 and +0 are not, and NaNs are if they have the same bits.
 *
 * Orders of other types, and other orders of numbers, are in par/order.h. */
#ifndef PAR_ORDER_NUMBER_H
#define PAR_ORDER_NUMBER_H

#include <par/api.h>
#include <par/number.h>

PAR_BEGIN_DECLS

/** Tells whether v[0] to v[n - 1] are in ascending order; 1 or 0.
 *
 * @param v  n numbers; may be NULL only if n is 0
 *
 * Errors    none. v is NULL and n is not 0, or no array has n elements: a debug build of the library
 *           stops with a sentence, a release build takes n for 0. So do all functions of this header.
 * Threads   any thread, from inside other parallel calls too
 * Order     what the caller wrote is seen; what was written is seen after the return
 * Blocking  returns when it is known
 * Cost      one compare a number, up to the first that is out of order and at most twice as many as stand
 *           before it; no memory
 * Since     0.1
 */
#define PAR_X(name, type, sum_type) PAR_API int par_is_sorted_##name(const type *v, size_t n);
PAR_NUMBER_MAP(PAR_X)
#undef PAR_X

/** Merges two sorted arrays to a third.
 *
 * @param out    n_a + n_b numbers, which share no byte with a and b; may be NULL only if these are none
 * @param a,n_a  the first array and how many numbers it has; NULL only if none
 * @param b,n_b  the second
 *
 * Cost      one compare a number; no memory; bench: algo/merge
 *
 * Otherwise as par_is_sorted
 * Since     0.1
 */
#define PAR_X(name, type, sum_type)                                                                \
    PAR_API void par_merge_##name(type *out, const type *a, size_t n_a, const type *b, size_t n_b);
PAR_NUMBER_MAP(PAR_X)
#undef PAR_X

/** Reorders an array so that v[k] is the number that the sorted array has there; none before it is
 * greater, none behind it less. The same outcome on every run and any number of workers.
 *
 * @param k  less than n; otherwise nothing is done (a debug build stops unless n is 0)
 *
 * Cost      about 3 n compares; no memory but 16 KiB of the stack; bench: algo/nth
 *
 * Otherwise as par_is_sorted
 * Since     0.1
 */
#define PAR_X(name, type, sum_type) PAR_API void par_nth_##name(type *v, size_t n, size_t k);
PAR_NUMBER_MAP(PAR_X)
#undef PAR_X

/** Reorders an array so that its first k numbers are those of the sorted array, in order: a partial sort.
 *
 * @param k  k >= n sorts all
 *
 * Cost      par_nth, and par_sort of k numbers
 *
 * Otherwise as par_is_sorted
 * Since     0.1
 */
#define PAR_X(name, type, sum_type) PAR_API void par_sort_first_##name(type *v, size_t n, size_t k);
PAR_NUMBER_MAP(PAR_X)
#undef PAR_X

/** Copies the k least numbers, in order, out of an array that stays as it is.
 *
 * @param out  k numbers, which share no byte with the array; may be NULL only if k is 0
 * @param k    how many are wanted
 * @return how many there are: the lesser of k and n
 *
 * Cost      about one compare a number if k is small; memory as par_top_r (par/order.h)
 *
 * Otherwise as par_is_sorted
 * Since     0.1
 */
#define PAR_X(name, type, sum_type)                                                                \
    PAR_API size_t par_top_##name(type *out, size_t k, const type *v, size_t n);
PAR_NUMBER_MAP(PAR_X)
#undef PAR_X

/** Removes every number that equals the one in front of it; those that stay keep their order. Of a sorted
 * array each number stays once.
 *
 * @return how many stay, at the front. The numbers behind have any of the array's values.
 *
 * Cost      one compare a number; no memory; bench: algo/unique
 *
 * Otherwise as par_is_sorted
 * Since     0.1
 */
#define PAR_X(name, type, sum_type) PAR_API size_t par_unique_##name(type *v, size_t n);
PAR_NUMBER_MAP(PAR_X)
#undef PAR_X

/** Looks up many numbers in one sorted array: out[i] is how many of its numbers are less than keys[i];
 * par_upper_bounds: how many are not greater.
 *
 * @param out          n_keys numbers; shares no byte with the others; NULL only if n_keys is 0
 * @param keys,n_keys  the numbers to look up, in any order; NULL only if n_keys is 0
 * @param v,n          the sorted array
 *
 * Cost      log2(n) + 1 compares a key; eight keys are looked up at once, so that their cache misses
 *           overlap; bench: algo/bounds
 *
 * Otherwise as par_is_sorted
 * Since     0.1
 */
#define PAR_X(name, type, sum_type)                                                                \
    PAR_API void par_lower_bounds_##name(size_t *out, const type *keys, size_t n_keys,             \
                                         const type *v, size_t n);                                 \
    PAR_API void par_upper_bounds_##name(size_t *out, const type *keys, size_t n_keys,             \
                                         const type *v, size_t n);
PAR_NUMBER_MAP(PAR_X)
#undef PAR_X

PAR_END_DECLS

#ifdef __cplusplus

#    define PAR_X(name, type, sum_type)                                                            \
        inline int par_is_sorted(const type *v, size_t n)                                          \
        {                                                                                          \
            return par_is_sorted_##name(v, n);                                                     \
        }                                                                                          \
        inline void par_merge(type *out, const type *a, size_t n_a, const type *b, size_t n_b)     \
        {                                                                                          \
            par_merge_##name(out, a, n_a, b, n_b);                                                 \
        }                                                                                          \
        inline void par_nth(type *v, size_t n, size_t k)                                           \
        {                                                                                          \
            par_nth_##name(v, n, k);                                                               \
        }                                                                                          \
        inline void par_sort_first(type *v, size_t n, size_t k)                                    \
        {                                                                                          \
            par_sort_first_##name(v, n, k);                                                        \
        }                                                                                          \
        inline size_t par_top(type *out, size_t k, const type *v, size_t n)                        \
        {                                                                                          \
            return par_top_##name(out, k, v, n);                                                   \
        }                                                                                          \
        inline size_t par_unique(type *v, size_t n)                                                \
        {                                                                                          \
            return par_unique_##name(v, n);                                                        \
        }                                                                                          \
        inline void par_lower_bounds(size_t *out, const type *keys, size_t n_keys, const type *v,  \
                                     size_t n)                                                     \
        {                                                                                          \
            par_lower_bounds_##name(out, keys, n_keys, v, n);                                      \
        }                                                                                          \
        inline void par_upper_bounds(size_t *out, const type *keys, size_t n_keys, const type *v,  \
                                     size_t n)                                                     \
        {                                                                                          \
            par_upper_bounds_##name(out, keys, n_keys, v, n);                                      \
        }
PAR_NUMBER_MAP(PAR_X)
#    undef PAR_X

#else

#    define par_is_sorted(v, n)            PAR_NUMBER_OF(is_sorted, v)((v), (n))
#    define par_merge(out, a, n_a, b, n_b) PAR_NUMBER_OF(merge, out)((out), (a), (n_a), (b), (n_b))
#    define par_nth(v, n, k)               PAR_NUMBER_OF(nth, v)((v), (n), (k))
#    define par_sort_first(v, n, k)        PAR_NUMBER_OF(sort_first, v)((v), (n), (k))
#    define par_top(out, k, v, n)          PAR_NUMBER_OF(top, out)((out), (k), (v), (n))
#    define par_unique(v, n)               PAR_NUMBER_OF(unique, v)((v), (n))
#    define par_lower_bounds(out, keys, n_keys, v, n)                                              \
        PAR_NUMBER_OF(lower_bounds, v)((out), (keys), (n_keys), (v), (n))
#    define par_upper_bounds(out, keys, n_keys, v, n)                                              \
        PAR_NUMBER_OF(upper_bounds, v)((out), (keys), (n_keys), (v), (n))

#endif

#endif
