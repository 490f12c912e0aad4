/* sort_number.h - sorting numbers, and what goes with a number.
 *
 *     par_sort(v, n);                        // v: any C number type but bool and long double
 *     par_sort_pairs(keys, payload, n);      // payload[i] goes where keys[i] goes
 *
 *     PAR_DEFINE_SORT_BY_KEY(sort_by_age, person_t, unsigned char, p)
 *     {
 *         return p->age;
 *     }
 *     sort_by_age(people, n);
 *
 * Ascending. Floating-point numbers are in the total order of IEEE 754: NaNs with the sign set,
 * -infinity, ..., -0, +0, ..., +infinity, NaNs without the sign; NaNs by their bits. So no NaN
 * is undefined behaviour or stops a sort, and the result is the same bits on every run, for any number
 * of workers and on any machine.
 *
 * Sorts by comparison are in par/sort.h. */
#ifndef PAR_SORT_NUMBER_H
#define PAR_SORT_NUMBER_H

#include <par/api.h>
#include <par/number.h>

PAR_BEGIN_DECLS

/** Sorts v[0] to v[n - 1], in ascending order.
 *
 * Equal numbers cannot be told apart, so the sort is stable as well.
 *
 * @param v  n numbers; may be NULL only if n is 0
 *
 * Errors    none. v is NULL and n is not 0, or no array has n elements: a debug build of the library
 *           stops with a sentence, a release build does nothing.
 * Threads   any thread, from inside other parallel calls too
 * Order     what the caller wrote is seen; what was written is seen after the return. The result does
 *           not depend on the workers.
 * Blocking  returns when all is sorted
 * Cost      O(n log n) at worst, whatever the input; sorted and reversed arrays one or two passes. Up
 *           to 16384 numbers of 4 bytes on the caller alone, as a rule. Types of 4 and 8 bytes on x86-64
 *           with AVX-512: in place, on a stack of O(log n). On other machines from 256 numbers on
 *           a buffer of n, without memory in place, with the same result. Types of 1 and 2 bytes: a count
 *           of each value, for 2 bytes 512 KiB a worker, at most 16 times, without memory in
 *           place. bench: algo/sort_int32, sort_uint64, sort_double (par/algo/sort_number.md)
 * Source    quick sort in vectors after Bramas, IJACSA 8(10), 2017, and Wassenberg et al., SPE 52(12),
 *           2022; radix sort: Knuth, The Art of Computer Programming 3, 5.2.5
 * Since     0.1
 */
#define PAR_X(name, type, sum_type) PAR_API void par_sort_##name(type *v, size_t n);
PAR_NUMBER_MAP(PAR_X)
#undef PAR_X

/** Sorts keys[0] to keys[n - 1] and moves payload[i] where keys[i] goes. Stable: payloads of equal keys
 * stay in their order.
 *
 * The macro par_sort_pairs(keys, payload, n) takes the size of an element from the payload's type; with
 * a payload of type void * it does not compile. For any size: par_sort_pairs_int(keys, payload, size, n).
 *
 * @param keys     n numbers; may be NULL only if n is 0
 * @param payload  n elements of payload_size bytes, which share no byte with the keys; may be NULL
 *                 only if n or payload_size is 0
 *
 * Errors    none. An array is NULL and n is not 0, or none has so many elements: a debug build of the
 *           library stops with a sentence, a release build does nothing.
 * Threads, Order, Blocking as par_sort
 * Cost      O(n); a buffer of as many keys (at least 4 bytes each) and payloads. Payloads of other
 *           sizes than 4 and 8 bytes, or not aligned to their size: the memory of par_sort_by_key.
 *           Without memory in place, O(n log^2 n), with the same result.
 * Since     0.1
 */
#define PAR_X(name, type, sum_type)                                                                \
    PAR_API void par_sort_pairs_##name(type *keys, void *payload, size_t payload_size, size_t n);
PAR_NUMBER_MAP(PAR_X)
#undef PAR_X

/* Writes the keys of items[0] to items[n - 1], elements of the array, to keys. */
typedef void par_keys_fn(void *keys, const void *items, size_t n, void *ctx);

/* Which number type a key is: its size in bytes, + 16 if it is signed, + 32 if it is floating point. */
#define PAR_KEY_KIND(type)                                                                         \
    ((unsigned)sizeof(type) + ((type)-1 < (type)1 ? 16u : 0u) + ((type)0.5 > (type)0 ? 32u : 0u))

/** Sorts n elements by a number that each of them has. Stable. PAR_DEFINE_SORT_BY_KEY is the typed
 * form.
 *
 * @param base  the first element; may be NULL only if n is 0
 * @param n     how many elements
 * @param size  of one element, in bytes; not 0
 * @param kind  PAR_KEY_KIND of the keys' type
 * @param keys  must not be NULL; called once for every element, or again and again without memory; may
 *              run on several threads at the same time
 * @param ctx   passed to keys; may be NULL
 *
 * Errors    none. NULL, a kind that is none, or an array that cannot exist: a debug build of the library
 *           stops with a sentence, a release build does nothing.
 * Threads, Order, Blocking as par_sort
 * Cost      O(n); each element is read where it lies and written twice. Memory for n elements of
 *           size bytes, 8 at least and 12 with keys of 8 bytes, and for n times 8 (12) bytes more;
 *           from 2^32 elements on, 4 bytes more of each. Without memory in place, O(n log^2 n) with as
 *           many calls of keys, and the same result. bench: algo/sort_pairs
 * Since     0.1
 */
PAR_API void
par_sort_by_key(void *base, size_t n, size_t size, unsigned kind, par_keys_fn *keys, void *ctx);

PAR_END_DECLS

/* Has the type a kind? */
#ifdef __cplusplus
template <typename type> struct par_key_has_kind {
    enum { value = sizeof(type) <= 8 };
};
template <> struct par_key_has_kind<bool> {
    enum { value = 0 };
};
template <> struct par_key_has_kind<long double> {
    enum { value = 0 };
};
#    define PAR_KEY_HAS_KIND(type) par_key_has_kind<type>::value
#else
#    define PAR_KEY_HAS_KIND(type)                                                                 \
        (sizeof(type) <= 8 && _Generic((type)0, _Bool : 0, long double : 0, default : 1))
#endif

/** Defines a stable sort by a number: a static function `void name(type *base, size_t n)`. The
 * body, which follows in braces, returns the key_type of the element that `item` points to.
 *
 * @param name      of the function; name_item and name_keys are defined besides
 * @param type      of the elements, any type that can be copied
 * @param key_type  any C number type but bool and long double: a static assertion tells
 * @param item      the name that the body uses for the `const type *`
 * Since 0.1
 */
#define PAR_DEFINE_SORT_BY_KEY(name, type, key_type, item)                                         \
    PAR_PP_STATIC_ASSERT(PAR_KEY_HAS_KIND(key_type),                                               \
                         "a key is of any C number type but bool and long double");                \
    PAR_INLINE key_type name##_item(type const *item);                                             \
    static inline void name##_keys(void *par_out, const void *par_in, size_t par_n, void *par_ctx) \
    {                                                                                              \
        (void)par_ctx;                                                                             \
        for (size_t par_i = 0; par_i < par_n; ++par_i)                                             \
            ((key_type *)par_out)[par_i] = name##_item((type const *)par_in + par_i);              \
    }                                                                                              \
    __attribute__((unused)) static inline void name(type *par_base, size_t par_n)                  \
    {                                                                                              \
        par_sort_by_key(par_base, par_n, sizeof(type), PAR_KEY_KIND(key_type), name##_keys, NULL); \
    }                                                                                              \
    PAR_INLINE key_type name##_item(type const *item)

#ifdef __cplusplus

#    define PAR_X(name, type, sum_type)                                                            \
        inline void par_sort(type *v, size_t n)                                                    \
        {                                                                                          \
            par_sort_##name(v, n);                                                                 \
        }                                                                                          \
        void par_sort_pairs(type *keys, void *payload, size_t n) = delete;                         \
        template <typename payload_type>                                                           \
        inline void par_sort_pairs(type *keys, payload_type *payload, size_t n)                    \
        {                                                                                          \
            par_sort_pairs_##name(keys, payload, sizeof(payload_type), n);                         \
        }
PAR_NUMBER_MAP(PAR_X)
#    undef PAR_X

#else

#    define par_sort(v, n) PAR_NUMBER_OF(sort, v)((v), (n))
#    define par_sort_pairs(keys, payload, n)                                                       \
        PAR_NUMBER_OF(sort_pairs, keys)((keys), (payload), PAR_PAYLOAD_SIZE(payload), (n))

/* Of a void * compilers say that it points to 1 byte: so it becomes an array of -1 elements, an error. */
#    define PAR_PAYLOAD_SIZE(payload)                                                              \
        (sizeof *(payload) * sizeof(char[_Generic((payload), void *                                \
                                                  : -1, const void *                               \
                                                  : -1, default                                    \
                                                  : 1)]))

#endif

#endif
