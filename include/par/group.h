/* group.h - items with equal keys: grouped, reduced to one, or without their repetitions.
 *
 *     size_t n_groups = par_group_by(city, n, order, offsets);   // city: integers of any type
 *     for (size_t g = 0; g < n_groups; g++)
 *         for (size_t k = offsets[g]; k < offsets[g + 1]; k++)
 *             ... item order[k] belongs to group g ...
 *
 *     PAR_DEFINE_REDUCE_BY_KEY(total_by, int, double, a, b)
 *     {
 *         return a + b;
 *     }
 *     size_t n_cities = total_by(cities, totals, city, amount, n);
 *
 *     size_t n_distinct = par_remove_duplicates(out, in, n);
 *
 * Groups come in the order in which their keys occur first; inside a group the items keep their order.
 * So the result is the same on every run and for any number of workers, for floating-point sums to
 * the bit.
 *
 * Keys of any other type are described by a par_key_t: their size, a hash and an equality. Where keys
 * are small numbers, par/histogram.h is faster. */
#ifndef PAR_GROUP_H
#define PAR_GROUP_H

#include <par/api.h>
#include <par/histogram.h>

PAR_BEGIN_DECLS

/* Any number that is the same for equal keys. */
typedef uint64_t par_key_hash_fn(const void *key, void *ctx);
/* Not 0 if a and b are equal. */
typedef int par_key_equal_fn(const void *a, const void *b, void *ctx);
/* Writes the key of each item begin <= i < end to key[i - begin]. */
typedef void par_key_fn(uint64_t *key, size_t begin, size_t end, void *ctx);
/* acc[group[k]] := acc[group[k]] (+) values[item[k]] for k = 0, ..., n - 1, in this order. */
typedef void par_absorb_items_fn(
    void *acc, const size_t *group, const void *values, const size_t *item, size_t n, void *ctx);

/* What makes two keys equal. Without hash and equal (both NULL): equal bytes. Then a struct must have
 * no padding, and floating-point keys are equal if their bits are: 0.0 and -0.0 are not, a NaN equals
 * a NaN with the same bits. Frozen: fields will not be added. */
typedef struct par_key_t {
    size_t size;             /* of a key in its array, in bytes; not 0 */
    par_key_hash_fn *hash;   /* is called one to three times for a key, more often without memory */
    par_key_equal_fn *equal; /* of keys with equal hashes only */
    void *ctx;               /* passed to both */
} par_key_t;

/** Groups the items 0 to n - 1 by their keys.
 *
 * @param keys     n keys; may be NULL only if n is 0
 * @param key      what they are; must not be NULL, have hash and equal or neither
 * @param order    out: n items, group by group; may be NULL only if n is 0
 * @param offsets  out: group g is order[offsets[g]] to order[offsets[g + 1] - 1]. Room for n + 1, of
 *                 which those behind the number of groups may be used for a while, too: memory that is
 *                 never touched need not exist. Must not be NULL
 *
 * @return how many groups
 *
 * Errors    none: without memory the caller groups alone, without any in n times groups steps. A key
 *           with a size of 0 or with one function only, or more items than an array can have: a debug
 *           build of the library stops with a sentence, a release build finds no groups.
 * Threads   any thread, from inside other parallel calls too. hash and equal run on any, at the same
 *           time.
 * Order     groups by their first items; items of a group ascending. What the caller wrote is seen by
 *           the functions.
 * Blocking  returns when all is grouped. A hash that is the same for different keys costs a call of
 *           equal for each pair of them in the worst case, and one key in most items leaves most of
 *           the work to one worker.
 * Cost      temporary memory: 8 bytes an item if keys are numbers of 1, 2 or 4 bytes without functions and
 *           there are fewer than 2^32, otherwise 16; 9 / 64 of a byte an item beside it, and 40 to
 *           160 bytes a group. bench: algo/group_by_1e3, algo/group_by_1e6
 * Source    semisort: Gu, Shun, Sun, Blelloch, SPAA 2015
 * Since     0.1
 */
PAR_API size_t
par_group_by_key(const void *keys, size_t n, const par_key_t *key, size_t *order, size_t *offsets);

/** The same by keys that are computed, numbers of up to 64 bits.
 *
 * @param key  is called for disjoint blocks of items, at most 1024 at a time, twice for each item, more
 *             often without memory; must not be NULL
 * @param ctx  passed through; may be NULL
 *
 * Otherwise as par_group_by_key
 * Since     0.1
 */
PAR_API size_t
par_group_by_number(size_t n, par_key_fn *key, size_t *order, size_t *offsets, void *ctx);

/** Copies those items that differ from all items before them.
 *
 * @param out   room for n items, shares no byte with in; may be NULL only if n is 0
 * @param in    n items; may be NULL only if n is 0
 * @param key   what makes two of them equal; must not be NULL
 *
 * @return how many were copied
 *
 * Errors, Threads, Order, Blocking as par_group_by_key, but that a frequent item needs no more time
 *           than others
 * Cost      as par_group_by_key; far less memory if a sample of 2048 items has half as many different
 *           ones; bench: algo/distinct_1e3, algo/distinct_1e6
 * Since     0.1
 */
PAR_API size_t par_distinct_by_key(void *out, const void *in, size_t n, const par_key_t *key);

/** Reduces the values of items with equal keys: out_values[g] is the combination of values[i] over
 * all items i with the key out_keys[g].
 *
 * @param out_keys    room for n keys, shares no byte with the others; may be NULL only if n is 0
 * @param out_values  room for n values, likewise
 * @param keys        n keys; may be NULL only if n is 0
 * @param values      n values; may be NULL only if n is 0
 * @param key         what the keys are; must not be NULL
 * @param value_size  of a value, in bytes; not 0
 * @param absorb      combines values into their groups, each of which starts as a copy of its first
 *                    value. values is the array given here, or one of combinations of others, aligned
 *                    to 64 bytes. Must not be NULL
 * @param ctx         passed to absorb; may be NULL
 *
 * @return how many different keys there are
 *
 * Errors, Threads, Blocking as par_distinct_by_key
 * Order     groups by their first items; the values of a group are combined in the order of items
 * Cost      as par_distinct_by_key, and 1 to 4 values a group. Values of up to 48 bytes lie with their items,
 *           in 16, 32 or 64 bytes of temporary memory an item; bench: algo/reduce_by_key_1e3,
 *           algo/reduce_by_key_1e6
 * Algebra   (+) must be associative; it need not be commutative. Where it is only nearly associative
 *           (floating point) the bits are the same on every run, unless memory is missing: then the values
 *           of a group are combined from left to right.
 * Since     0.1
 */
PAR_API size_t par_reduce_by_key(void *out_keys,
                                 void *out_values,
                                 const void *keys,
                                 const void *values,
                                 size_t n,
                                 const par_key_t *key,
                                 size_t value_size,
                                 par_absorb_items_fn *absorb,
                                 void *ctx);

PAR_END_DECLS

/* The instances for integers. */
#define PAR_X(name, type)                                                                          \
    PAR_INLINE size_t par_group_by_##name(const type *keys, size_t n, size_t *order,               \
                                          size_t *offsets)                                         \
    {                                                                                              \
        const par_key_t par_bytes = {sizeof(type), NULL, NULL, NULL};                              \
        return par_group_by_key(keys, n, &par_bytes, order, offsets);                              \
    }                                                                                              \
    PAR_INLINE size_t par_remove_duplicates_##name(type *out, const type *in, size_t n)            \
    {                                                                                              \
        const par_key_t par_bytes = {sizeof(type), NULL, NULL, NULL};                              \
        return par_distinct_by_key(out, in, n, &par_bytes);                                        \
    }
PAR_KEY_MAP(PAR_X)
#undef PAR_X

#ifdef __cplusplus

#    define PAR_X(name, type)                                                                      \
        inline size_t par_group_by(const type *keys, size_t n, size_t *order, size_t *offsets)     \
        {                                                                                          \
            return par_group_by_##name(keys, n, order, offsets);                                   \
        }                                                                                          \
        inline size_t par_remove_duplicates(type *out, const type *in, size_t n)                   \
        {                                                                                          \
            return par_remove_duplicates_##name(out, in, n);                                       \
        }
PAR_KEY_MAP(PAR_X)
#    undef PAR_X

#else

/** Groups by integers: par_group_by_key for keys of any integer type. */
#    define par_group_by(keys, n, order, offsets)                                                  \
        PAR_KEY_OF(group_by, keys)((keys), (n), (order), (offsets))
/** Copies the first of equal integers: par_distinct_by_key for any integer type. */
#    define par_remove_duplicates(out, in, n) PAR_KEY_OF(remove_duplicates, in)((out), (in), (n))

#endif

/** Defines a grouping: a static function `size_t name(size_t n, size_t *order, size_t *offsets,
 * ctx_type ctx)`, which does what par_group_by_number does. The body, which follows in braces, returns
 * the key of item i, an integer; it is inlined.
 *
 * @param name          of the function; name_item and name_block are defined besides
 * @param ctx_type,ctx  passed by value, as in PAR_DEFINE_FOR
 * @param i             the name of the index
 * Since 0.1
 */
#define PAR_DEFINE_GROUP_BY(name, ctx_type, ctx, i)                                                \
    PAR_INLINE uint64_t name##_item(ctx_type ctx, size_t i);                                       \
    static inline void name##_block(uint64_t *par_key, size_t par_begin, size_t par_end,           \
                                    void *par_ctx)                                                 \
    {                                                                                              \
        ctx_type const par_copy_of_ctx = *(ctx_type *)par_ctx;                                     \
        for (size_t par_i = par_begin; par_i < par_end; ++par_i)                                   \
            par_key[par_i - par_begin] = name##_item(par_copy_of_ctx, par_i);                      \
    }                                                                                              \
    __attribute__((unused)) static inline size_t name(size_t par_n, size_t *par_order,             \
                                                      size_t *par_offsets, ctx_type par_ctx)       \
    {                                                                                              \
        return par_group_by_number(par_n, name##_block, par_order, par_offsets, (void *)&par_ctx); \
    }                                                                                              \
    PAR_INLINE uint64_t name##_item(ctx_type ctx, size_t i)

/** Defines a reduction by key: a static function `size_t name(key_type *out_keys, value_type
 * *out_values, const key_type *keys, const value_type *values, size_t n)`, which does what
 * par_reduce_by_key does for keys that are equal if their bytes are. The body, which follows in braces,
 * returns the combination of the values a and b: associative, not necessarily commutative. It is
 * inlined.
 *
 * @param name        of the function; name_op, name_absorb and name_by are defined besides. The last
 *                    takes a `const par_key_t *` as sixth argument, for keys with a hash.
 * @param key_type,value_type  any types that can be copied
 * @param a,b         the names of the left and the right value
 * Since 0.1
 */
#define PAR_DEFINE_REDUCE_BY_KEY(name, key_type, value_type, a, b)                                 \
    PAR_INLINE value_type name##_op(value_type a, value_type b);                                   \
    static inline void name##_absorb(void *par_acc, size_t const *par_group,                       \
                                     void const *par_values, size_t const *par_item, size_t par_n, \
                                     void *par_ctx)                                                \
    {                                                                                              \
        (void)par_ctx;                                                                             \
        for (size_t par_k = 0; par_k < par_n; ++par_k)                                             \
            ((value_type *)par_acc)[par_group[par_k]] =                                            \
                name##_op(((value_type *)par_acc)[par_group[par_k]],                               \
                          ((value_type const *)par_values)[par_item[par_k]]);                      \
    }                                                                                              \
    __attribute__((unused)) static inline size_t name##_by(                                        \
        key_type *par_out_keys, value_type *par_out_values, key_type const *par_keys,              \
        value_type const *par_values, size_t par_n, par_key_t const *par_key)                      \
    {                                                                                              \
        return par_reduce_by_key(par_out_keys, par_out_values, par_keys, par_values, par_n,        \
                                 par_key, sizeof(value_type), name##_absorb, NULL);                \
    }                                                                                              \
    __attribute__((unused)) static inline size_t name(                                             \
        key_type *par_out_keys, value_type *par_out_values, key_type const *par_keys,              \
        value_type const *par_values, size_t par_n)                                                \
    {                                                                                              \
        par_key_t const par_bytes = {sizeof(key_type), NULL, NULL, NULL};                          \
        return name##_by(par_out_keys, par_out_values, par_keys, par_values, par_n, &par_bytes);   \
    }                                                                                              \
    PAR_INLINE value_type name##_op(value_type a, value_type b)

#endif
