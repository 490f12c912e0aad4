/* filter.h - the elements that pass a test, close together and in their old order.
 *
 *     PAR_DEFINE_FILTER(adults, struct person, p)
 *     {
 *         return p.age >= 18;
 *     }
 *     size_t n_adults = adults(out, people, n);          // out may be people
 *     size_t n_places = adults_index(place, people, n);  // people[place[k]] is adult number k
 *     n_adults = adults_partition(out, rest, people, n);
 *
 *     size_t kept = par_filter_between(out, x, n, 0.0, 1.0);    // ready for the C number types
 *     kept = par_pack(out, in, n, sizeof *in, flags);           // by flags that are there already
 *
 * The test is called once for an element, at any time. Exactly as many elements are written as are
 * kept: out needs no more room than that. */
#ifndef PAR_FILTER_H
#define PAR_FILTER_H

#include <par/api.h>
#include <par/find.h>
#include <par/number.h>

PAR_BEGIN_DECLS

/** Copies the elements that pass the test; returns how many.
 *
 * @param out   room for what is kept: the same array as in, or one that shares no byte with it; may be
 *              NULL only if nothing is kept
 * @param in    n elements; may be NULL only if n is 0
 * @param n     how many
 * @param size  of one element, in bytes; not 0 if n is not
 * @param test  must not be NULL
 * @param ctx   passed through; may be NULL
 *
 * Errors    none: without memory for temporaries the filter runs on the caller. An array that cannot
 *           exist (n * size is above PTRDIFF_MAX), or a size of 0: a debug build of the library stops
 *           with a sentence, a release build keeps nothing.
 * Threads   any thread, from inside other parallel calls too
 * Order     the elements keep theirs; the test sees them in any. What the caller wrote is seen by it;
 *           what was written is seen after the return.
 * Blocking  returns when all is done
 * Cost      one indirect call an element; PAR_DEFINE_FILTER has none. Beside the arrays a bit an
 *           element. Elements of 4 and 8 bytes are moved by vectors; bench: algo/filter
 * Source    two passes over a chunk that stays in its worker's cache, as in par/scan.h
 * Since     0.1
 */
PAR_API size_t
par_filter(void *out, const void *in, size_t n, size_t size, par_test_each_fn *test, void *ctx);

/** Copies the elements that pass to yes and the others to no, each in their order; returns how many
 * passed. yes, no and in must share no byte. If no is NULL, both are written to yes, which has room for n
 * elements: first those that passed.
 *
 * Errors    as par_filter; so for a result that is in, and for two that are NULL. When yes and no are the
 *           same array and both have elements, a debug build stops with a sentence, after the fact.
 *
 * Otherwise as par_filter
 * Since     0.1
 */
PAR_API size_t par_partition(
    void *yes, void *no, const void *in, size_t n, size_t size, par_test_each_fn *test, void *ctx);

/** Copies the elements whose flag is not 0; returns how many.
 *
 * @param flags  n bytes (bool, char, uint8_t); may be NULL only if n is 0; must not share a byte with out
 *
 * Otherwise as par_filter
 * Since     0.1
 */
PAR_API size_t par_pack(void *out, const void *in, size_t n, size_t size, const void *flags);

/** Writes the indices of the flags that are not 0, ascending; returns how many.
 *
 * @param out    room for as many indices as there are such flags; may be NULL only if there are none
 * @param flags  n bytes; may be NULL only if n is 0; must not share a byte with out
 *
 * Otherwise as par_filter
 * Since     0.1
 */
PAR_API size_t par_pack_index(size_t *out, const void *flags, size_t n);

/* One of the arrays that par_flatten joins. Frozen: fields will not be added. */
typedef struct par_array_t {
    const void *data; /* may be NULL only if n is 0 */
    size_t n;         /* elements */
} par_array_t;

/** Copies the elements of all slices, one slice after the other; returns how many there are.
 *
 * @param out       room for all of them, which shares no byte with a slice; may be NULL only if there
 *                  are none
 * @param slices    may be NULL only if n_slices is 0
 * @param n_slices  how many
 * @param size      of one element, in bytes; not 0 if n_slices is not
 *
 * Errors    none. More elements than an array can have: a debug build of the library stops with a
 *           sentence, a release build copies nothing and returns 0.
 * Threads   any thread, from inside other parallel calls too
 * Order     that of the slices. What was written is seen after the return.
 * Blocking  returns when all is done
 * Cost      the memory's speed, however uneven the slices are; a size_t a slice, without memory for
 *           which the caller copies alone
 * Since     0.1
 */
PAR_API size_t par_flatten(void *out, const par_array_t *slices, size_t n_slices, size_t size);

/** How many elements the slices have together; SIZE_MAX if that does not fit.
 * Since     0.1
 */
PAR_API size_t par_flatten_count(const par_array_t *slices, size_t n_slices);

/* Tests the items begin <= i < end, at most 4096 of them: flags[i - begin] not 0 keeps item i. */
typedef void par_flags_fn(unsigned char *flags, size_t begin, size_t end, void *ctx);

/* Writes what is kept of the items begin <= i < end to the places place, place + 1, ... of the result: item
 * begin + j is kept if bit j % 64 of bits[j / 64] is set. Bits of no item are 0. */
typedef void par_kept_fn(size_t place, const uint64_t *bits, size_t begin, size_t end, void *ctx);

/** What the forms above are made of: par_filter, the indices, and par_partition, with a test that is
 * called for a block of items. The test knows its items by their index; ctx is passed to it.
 *
 * Otherwise as par_filter, par_pack_index and par_partition
 * Since     0.1
 */
PAR_API size_t
par_filter_by(void *out, const void *in, size_t n, size_t size, par_flags_fn *flags, void *ctx);
PAR_API size_t par_filter_index_by(size_t *out, size_t n, par_flags_fn *flags, void *ctx);
PAR_API size_t par_partition_by(
    void *yes, void *no, const void *in, size_t n, size_t size, par_flags_fn *flags, void *ctx);

/** The same for results of any kind: kept writes them. ctx is passed to both.
 *
 * @param n      how many items, at most PTRDIFF_MAX as for par_filter_index_by; of more none is kept,
 *               and a debug build of the library stops with a sentence
 * @param flags  called once for each block, in any order; must not be NULL
 * @param kept   called once for each block after that; must not be NULL
 *
 * Returns how many items are kept. Otherwise as par_filter
 * Since     0.1
 */
PAR_API size_t par_filter_blocks(size_t n, par_flags_fn *flags, par_kept_fn *kept, void *ctx);

/** Copies the numbers below bound, above it, from low to high (both included), or other than value;
 * returns how many. A NaN is none of the first three, and is other than every value; nothing is below or
 * above a NaN.
 *
 * @param out  room for what is kept: the same array as in, or one that shares no byte with it; may be
 *             NULL only if nothing is kept
 * @param in   n numbers; may be NULL only if n is 0
 *
 * Errors    none. More elements than an array can have: a debug build of the library stops with a
 *           sentence, a release build takes n for 0.
 * Otherwise as par_filter
 * Since     0.1
 */
#define PAR_X(name, type, sum_type)                                                                \
    PAR_API size_t par_filter_less_##name(type *out, const type *in, size_t n, type bound);        \
    PAR_API size_t par_filter_greater_##name(type *out, const type *in, size_t n, type bound);     \
    PAR_API size_t par_filter_between_##name(type *out, const type *in, size_t n, type low,        \
                                             type high);                                           \
    PAR_API size_t par_filter_not_equal_##name(type *out, const type *in, size_t n, type value);
PAR_NUMBER_MAP(PAR_X)
#undef PAR_X

PAR_END_DECLS

#ifdef __cplusplus

#    define PAR_X(name, type, sum_type)                                                            \
        inline size_t par_filter_less(type *out, const type *in, size_t n, type bound)             \
        {                                                                                          \
            return par_filter_less_##name(out, in, n, bound);                                      \
        }                                                                                          \
        inline size_t par_filter_greater(type *out, const type *in, size_t n, type bound)          \
        {                                                                                          \
            return par_filter_greater_##name(out, in, n, bound);                                   \
        }                                                                                          \
        inline size_t par_filter_between(type *out, const type *in, size_t n, type low, type high) \
        {                                                                                          \
            return par_filter_between_##name(out, in, n, low, high);                               \
        }                                                                                          \
        inline size_t par_filter_not_equal(type *out, const type *in, size_t n, type value)        \
        {                                                                                          \
            return par_filter_not_equal_##name(out, in, n, value);                                 \
        }
PAR_NUMBER_MAP(PAR_X)
#    undef PAR_X

#else

#    define par_filter_less(out, in, n, bound)                                                     \
        PAR_NUMBER_OF(filter_less, out)((out), (in), (n), (bound))
#    define par_filter_greater(out, in, n, bound)                                                  \
        PAR_NUMBER_OF(filter_greater, out)((out), (in), (n), (bound))
#    define par_filter_between(out, in, n, low, high)                                              \
        PAR_NUMBER_OF(filter_between, out)((out), (in), (n), (low), (high))
#    define par_filter_not_equal(out, in, n, value)                                                \
        PAR_NUMBER_OF(filter_not_equal, out)((out), (in), (n), (value))

#endif

/** Defines a parallel filter for a type, with a test whose body follows in braces and returns whether the
 * element called `item` passes:
 *
 *     size_t name(type *out, const type *in, size_t n)
 *     size_t name_index(size_t *out, const type *in, size_t n)
 *     size_t name_partition(type *yes, type *no, const type *in, size_t n)
 *
 * as par_filter, par_pack_index and par_partition. The body is inlined; where it has no branches the
 * compiler vectorises it.
 *
 * @param name  of the function; name_item, name_flags and the struct name_job are defined besides
 * @param type  any type that can be copied
 * @param item  the name that the body uses for the element
 * Since 0.1
 */
#define PAR_DEFINE_FILTER(name, type, item)                                                        \
    PAR_INLINE int name##_item(type item);                                                         \
    struct name##_job {                                                                            \
        type const *in;                                                                            \
    };                                                                                             \
    static inline void name##_flags(unsigned char *par_flags, size_t par_begin, size_t par_end,    \
                                    void *par_ctx)                                                 \
    {                                                                                              \
        type const *par_in = ((struct name##_job *)par_ctx)->in + par_begin;                       \
        size_t const par_n = par_end - par_begin;                                                  \
        size_t par_i = 0;                                                                          \
        for (; par_n - par_i >= 64; par_i += 64)                                                   \
            for (size_t par_j = par_i; par_j < par_i + 64; ++par_j)                                \
                par_flags[par_j] = name##_item(par_in[par_j]) != 0;                                \
        for (; par_i < par_n; ++par_i)                                                             \
            par_flags[par_i] = name##_item(par_in[par_i]) != 0;                                    \
    }                                                                                              \
    __attribute__((unused)) static inline size_t name(type *par_out, type const *par_in,           \
                                                      size_t par_n)                                \
    {                                                                                              \
        struct name##_job par_job = {par_in};                                                      \
        return par_filter_by(par_out, par_in, par_n, sizeof(type), name##_flags, &par_job);        \
    }                                                                                              \
    __attribute__((unused)) static inline size_t name##_index(size_t *par_out, type const *par_in, \
                                                              size_t par_n)                        \
    {                                                                                              \
        struct name##_job par_job = {par_in};                                                      \
        return par_filter_index_by(par_out, par_n, name##_flags, &par_job);                        \
    }                                                                                              \
    __attribute__((unused)) static inline size_t name##_partition(                                 \
        type *par_yes, type *par_no, type const *par_in, size_t par_n)                             \
    {                                                                                              \
        struct name##_job par_job = {par_in};                                                      \
        return par_partition_by(par_yes, par_no, par_in, par_n, sizeof(type), name##_flags,        \
                                &par_job);                                                         \
    }                                                                                              \
    PAR_INLINE int name##_item(type item)

/** PAR_DEFINE_FILTER with a context, passed by value as in PAR_DEFINE_FOR, as the last argument of the
 * test and of the three functions.
 * Since 0.1
 */
#define PAR_DEFINE_FILTER_CTX(name, type, item, ctx_type, ctx)                                     \
    PAR_INLINE int name##_item(type item, ctx_type ctx);                                           \
    struct name##_job {                                                                            \
        type const *in;                                                                            \
        ctx_type ctx_copy;                                                                         \
    };                                                                                             \
    static inline void name##_flags(unsigned char *par_flags, size_t par_begin, size_t par_end,    \
                                    void *par_ctx)                                                 \
    {                                                                                              \
        type const *par_in = ((struct name##_job *)par_ctx)->in + par_begin;                       \
        ctx_type const par_copy_of_ctx = ((struct name##_job *)par_ctx)->ctx_copy;                 \
        size_t const par_n = par_end - par_begin;                                                  \
        size_t par_i = 0;                                                                          \
        for (; par_n - par_i >= 64; par_i += 64)                                                   \
            for (size_t par_j = par_i; par_j < par_i + 64; ++par_j)                                \
                par_flags[par_j] = name##_item(par_in[par_j], par_copy_of_ctx) != 0;               \
        for (; par_i < par_n; ++par_i)                                                             \
            par_flags[par_i] = name##_item(par_in[par_i], par_copy_of_ctx) != 0;                   \
    }                                                                                              \
    __attribute__((unused)) static inline size_t name(type *par_out, type const *par_in,           \
                                                      size_t par_n, ctx_type par_ctx)              \
    {                                                                                              \
        struct name##_job par_job = {par_in, par_ctx};                                             \
        return par_filter_by(par_out, par_in, par_n, sizeof(type), name##_flags, &par_job);        \
    }                                                                                              \
    __attribute__((unused)) static inline size_t name##_index(size_t *par_out, type const *par_in, \
                                                              size_t par_n, ctx_type par_ctx)      \
    {                                                                                              \
        struct name##_job par_job = {par_in, par_ctx};                                             \
        return par_filter_index_by(par_out, par_n, name##_flags, &par_job);                        \
    }                                                                                              \
    __attribute__((unused)) static inline size_t name##_partition(                                 \
        type *par_yes, type *par_no, type const *par_in, size_t par_n, ctx_type par_ctx)           \
    {                                                                                              \
        struct name##_job par_job = {par_in, par_ctx};                                             \
        return par_partition_by(par_yes, par_no, par_in, par_n, sizeof(type), name##_flags,        \
                                &par_job);                                                         \
    }                                                                                              \
    PAR_INLINE int name##_item(type item, ctx_type ctx)

/** Defines a parallel filter that makes something of each element or drops it: the static function
 * `size_t name(out_type *out, const in_type *in, size_t n)`, which returns how many results there are.
 * The body, which follows in braces, returns 0 to drop the element called `item`; else it sets *result
 * and returns something else.
 *
 * The body is called twice for an element that is kept and must do the same both times. out must share
 * no byte with in.
 *
 * @param name    of the function; name_item, name_flags, name_kept and the struct name_job are defined
 *                besides
 * @param out_type,in_type  any types that can be copied
 * @param item,result       the names that the body uses for the element and for the pointer
 * Since 0.1
 */
#define PAR_DEFINE_FILTER_MAP(name, out_type, in_type, item, result)                               \
    PAR_INLINE int name##_item(in_type item, out_type *result);                                    \
    struct name##_job {                                                                            \
        out_type *out;                                                                             \
        in_type const *in;                                                                         \
    };                                                                                             \
    static inline void name##_flags(unsigned char *par_flags, size_t par_begin, size_t par_end,    \
                                    void *par_ctx)                                                 \
    {                                                                                              \
        in_type const *par_in = ((struct name##_job *)par_ctx)->in;                                \
        for (size_t par_i = par_begin; par_i < par_end; ++par_i) {                                 \
            out_type par_result;                                                                   \
            par_flags[par_i - par_begin] = name##_item(par_in[par_i], &par_result) != 0;           \
        }                                                                                          \
    }                                                                                              \
    static inline void name##_kept(size_t par_place, const uint64_t *par_bits, size_t par_begin,   \
                                   size_t par_end, void *par_ctx)                                  \
    {                                                                                              \
        out_type *par_out = ((struct name##_job *)par_ctx)->out + par_place;                       \
        in_type const *par_in = ((struct name##_job *)par_ctx)->in;                                \
        for (; par_begin < par_end; par_begin += 64)                                               \
            for (uint64_t par_word = *par_bits++; par_word != 0; par_word &= par_word - 1)         \
                (void)name##_item(par_in[par_begin + (size_t)__builtin_ctzll(par_word)],           \
                                  par_out++);                                                      \
    }                                                                                              \
    __attribute__((unused)) static inline size_t name(out_type *par_out, in_type const *par_in,    \
                                                      size_t par_n)                                \
    {                                                                                              \
        struct name##_job par_job = {par_out, par_in};                                             \
        return par_filter_blocks(par_n, name##_flags, name##_kept, &par_job);                      \
    }                                                                                              \
    PAR_INLINE int name##_item(in_type item, out_type *result)

#endif
