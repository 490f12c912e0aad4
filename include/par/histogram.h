/* histogram.h - how often each bucket occurs, and reductions into buckets.
 *
 *     size_t counts[256];
 *     par_histogram(bytes, n, counts, 256);            // keys: an array of any integer type
 *
 * The bucket of an item may be computed instead:
 *
 *     PAR_DEFINE_HISTOGRAM(count_ages, const person_t *, people, i)
 *     {
 *         return people[i].age / 10;
 *     }
 *     count_ages(0, n, counts, 13, people);
 *
 * and anything else may be reduced a bucket:
 *
 *     PAR_DEFINE_COLLECT_REDUCE(best_scores, int, 0, a, b, a > b ? a : b, const game_t *, games, i, player)
 *     {
 *         *player = games[i].player;
 *         return games[i].score;
 *     }
 *     best_scores(0, n, best, n_players, games);
 *
 * Buckets are 0 to n_buckets - 1. An item whose bucket is none of them, be it greater or negative,
 * is left out, and the functions return how many were: 0 says that nothing is missing.
 *
 * Results are the same bits on every run and for any number of workers. Where keys are not small
 * numbers: par/group.h. */
#ifndef PAR_HISTOGRAM_H
#define PAR_HISTOGRAM_H

#include <par/api.h>

/* X(name, type): the integer types of par/number.h. */
#define PAR_KEY_MAP(X)                                                                             \
    X(char, char)                                                                                  \
    X(schar, signed char)                                                                          \
    X(uchar, unsigned char)                                                                        \
    X(short, short)                                                                                \
    X(ushort, unsigned short)                                                                      \
    X(int, int)                                                                                    \
    X(uint, unsigned int)                                                                          \
    X(long, long)                                                                                  \
    X(ulong, unsigned long)                                                                        \
    X(llong, long long)                                                                            \
    X(ullong, unsigned long long)

PAR_BEGIN_DECLS

/* Writes the bucket of each item begin <= i < end to bucket[i - begin]. */
typedef void par_bucket_fn(size_t *bucket, size_t begin, size_t end, void *ctx);
/* The same, and the value of each item to value[i - begin]. */
typedef void par_bucket_value_fn(size_t *bucket, void *value, size_t begin, size_t end, void *ctx);
/* acc[bucket[k]] := acc[bucket[k]] (+) value[k] for k = 0, ..., n - 1, in this order. */
typedef void par_absorb_fn(void *acc, const size_t *bucket, const void *value, size_t n, void *ctx);

/** Counts keys: counts[b] is how many of keys[0] to keys[n - 1] equal b, for each b < n_buckets.
 *
 * @param keys       n integers; may be NULL only if n is 0
 * @param counts     out: n_buckets counts; may be NULL only if n_buckets is 0
 * @param n_buckets  how many
 *
 * @return how many keys are negative or not below n_buckets; they are counted nowhere else
 *
 * Errors    none: without memory for the tables of the workers these share counts, which is slower.
 *           More elements than an array can have: a debug build of the library stops with a
 *           sentence, a release build takes the length of that array for 0.
 * Threads   any thread, from inside other parallel calls too
 * Order     what the caller wrote is seen; counts are seen after the return
 * Blocking  returns when all keys are counted
 * Cost      up to 1e6 buckets 1 to 2 ns a key and worker, up to 1000 less. Memory for each
 *           worker that takes part: up to 1024 buckets 16 bytes for each up to the next power of two,
 *           4 a bucket up to 2^18, 1 above; none if there are 8 times as many buckets as keys.
 *           bench: algo/histogram_256, algo/histogram_1e6
 * Since     0.1
 */
#define PAR_X(name, type)                                                                          \
    PAR_API size_t par_histogram_##name(const type *keys, size_t n, size_t *counts,                \
                                        size_t n_buckets);
PAR_KEY_MAP(PAR_X)
#undef PAR_X

/** Counts the buckets of the items begin <= i < end.
 *
 * @param begin,end  the items; begin >= end: there are none
 * @param bucket     is called for disjoint blocks of items, at most 1024 at a time, possibly at the same
 *                   time; must not be NULL
 * @param counts     out: n_buckets counts; may be NULL only if n_buckets is 0
 * @param n_buckets  how many
 * @param ctx        passed through; may be NULL
 *
 * @return how many items have a bucket that is not below n_buckets
 *
 * Errors, Threads, Order, Blocking, Cost as par_histogram, and one indirect call for 1024 items
 * Since     0.1
 */
PAR_API size_t par_histogram_range(
    size_t begin, size_t end, size_t *counts, size_t n_buckets, par_bucket_fn *bucket, void *ctx);

/** Adds up weights: sums[b] is the sum of weights[i] over all i with keys[i] == b, 0.0 if there is
 * none, for each b < n_buckets.
 *
 * @param keys       n integers; may be NULL only if n is 0
 * @param weights    n numbers; may be NULL only if n is 0
 * @param sums       out: n_buckets sums; may be NULL only if n_buckets is 0
 *
 * @return how many keys are negative or not below n_buckets; their weights are left out
 *
 * Errors, Threads, Order, Blocking as par_collect_reduce
 * Cost      as par_collect_reduce with values of 8 bytes
 * Algebra   the additions of a bucket are done in an order that n and n_buckets alone decide: the
 *           same bits on every run that finds the memory it needs
 * Since     0.1
 */
#define PAR_X(name, type)                                                                          \
    PAR_API size_t par_histogram_weighted_##name(const type *keys, const double *weights,          \
                                                 size_t n, double *sums, size_t n_buckets);
PAR_KEY_MAP(PAR_X)
#undef PAR_X

/** Reduces the values of each bucket: acc[b] := acc[b] (+) the values of all items of bucket b.
 *
 * @param begin,end  the items; begin >= end: there are none
 * @param acc        in: n_buckets times the identity; out: the results. Temporaries are copies, aligned
 *                   to 64 bytes; may be NULL only if n_buckets is 0
 * @param acc_size   of a value and of a result, in bytes; not 0
 * @param n_buckets  how many
 * @param items      gives bucket and value of the items of a block, at most 1024 at a time; is called
 *                   once or twice for each item, three times at most without memory; must not be NULL
 * @param absorb     reduces values into their buckets, all of which are below n_buckets; it gets the
 *                   results of others as values too, so it is (+) and nothing else; must not be NULL
 * @param ctx        passed to both; may be NULL
 *
 * @return how many items have a bucket that is not below n_buckets; their values are left out
 *
 * Errors    none: without memory the caller does all items itself, in their order. An acc that
 *           cannot exist (n_buckets * acc_size is above PTRDIFF_MAX), or an acc_size of 0: a debug
 *           build of the library stops with a sentence, a release build does nothing and returns 0.
 * Threads   any thread, from inside other parallel calls too
 * Order     values of a bucket are combined in the order of their items. What the caller wrote is
 *           seen by both functions; what they wrote is seen after the return.
 * Blocking  returns when all items are done
 * Cost      tables of up to 32 KiB: one pass, log2(n) tables a worker as temporaries. Larger ones: the
 *           items are written to n * (acc_size + 4) bytes of temporary memory (8 in place of 4 from
 *           2^32 buckets on; up to 64 bytes an item are rounded up to 8, 16, 32 or 64), sorted by the upper
 *           bits of the bucket; few items go straight into acc.
 *           Not benchmarked yet.
 * Algebra   (+) must be associative with the given identity; it need not be commutative. Where it is
 *           only nearly associative (floating point) the bits are the same on every run that finds the
 *           memory it needs.
 * Source    histogram and collect_reduce of PBBS: Shun et al., SPAA 2012
 * Since     0.1
 */
PAR_API size_t par_collect_reduce(size_t begin,
                                  size_t end,
                                  void *acc,
                                  size_t acc_size,
                                  size_t n_buckets,
                                  par_bucket_value_fn *items,
                                  par_absorb_fn *absorb,
                                  void *ctx);

PAR_END_DECLS

#ifdef __cplusplus

#    define PAR_X(name, type)                                                                      \
        inline size_t par_histogram(const type *keys, size_t n, size_t *counts, size_t n_buckets)  \
        {                                                                                          \
            return par_histogram_##name(keys, n, counts, n_buckets);                               \
        }                                                                                          \
        inline size_t par_histogram_weighted(const type *keys, const double *weights, size_t n,    \
                                             double *sums, size_t n_buckets)                       \
        {                                                                                          \
            return par_histogram_weighted_##name(keys, weights, n, sums, n_buckets);               \
        }
PAR_KEY_MAP(PAR_X)
#    undef PAR_X

#else

/* The instance of a verb for the integers that x points to. */
#    define PAR_KEY_OF(verb, x)                                                                    \
        _Generic(*(x), char                                                                        \
                 : par_##verb##_char, signed char                                                  \
                 : par_##verb##_schar, unsigned char                                               \
                 : par_##verb##_uchar, short                                                       \
                 : par_##verb##_short, unsigned short                                              \
                 : par_##verb##_ushort, int                                                        \
                 : par_##verb##_int, unsigned int                                                  \
                 : par_##verb##_uint, long                                                         \
                 : par_##verb##_long, unsigned long                                                \
                 : par_##verb##_ulong, long long                                                   \
                 : par_##verb##_llong, unsigned long long                                          \
                 : par_##verb##_ullong)

#    define par_histogram(keys, n, counts, n_buckets)                                              \
        PAR_KEY_OF(histogram, keys)((keys), (n), (counts), (n_buckets))
#    define par_histogram_weighted(keys, weights, n, sums, n_buckets)                              \
        PAR_KEY_OF(histogram_weighted, keys)((keys), (weights), (n), (sums), (n_buckets))

#endif

/** Defines a histogram: a static function `size_t name(size_t begin, size_t end, size_t *counts,
 * size_t n_buckets, ctx_type ctx)`, which does what par_histogram_range does. The body, which follows
 * in braces, returns the bucket of item i as a size_t; it is inlined.
 *
 * @param name          of the function; name_item and name_block are defined besides
 * @param ctx_type,ctx  passed by value, as in PAR_DEFINE_FOR
 * @param i             the name of the index
 * Since 0.1
 */
#define PAR_DEFINE_HISTOGRAM(name, ctx_type, ctx, i)                                               \
    PAR_INLINE size_t name##_item(ctx_type ctx, size_t i);                                         \
    static inline void name##_block(size_t *par_bucket, size_t par_begin, size_t par_end,          \
                                    void *par_ctx)                                                 \
    {                                                                                              \
        ctx_type const par_copy_of_ctx = *(ctx_type *)par_ctx;                                     \
        for (size_t par_i = par_begin; par_i < par_end; ++par_i)                                   \
            par_bucket[par_i - par_begin] = name##_item(par_copy_of_ctx, par_i);                   \
    }                                                                                              \
    __attribute__((unused)) static inline size_t name(size_t par_begin, size_t par_end,            \
                                                      size_t *par_counts, size_t par_n_buckets,    \
                                                      ctx_type par_ctx)                            \
    {                                                                                              \
        return par_histogram_range(par_begin, par_end, par_counts, par_n_buckets, name##_block,    \
                                   (void *)&par_ctx);                                              \
    }                                                                                              \
    PAR_INLINE size_t name##_item(ctx_type ctx, size_t i)

/** Defines a reduction into buckets: a static function `size_t name(size_t begin, size_t end,
 * type *results, size_t n_buckets, ctx_type ctx)`. The body, which follows in braces, stores the bucket
 * of item i in *bucket and returns its value. results[b] becomes the combination of the values of
 * bucket b, or the identity; returned is how many buckets were not below n_buckets.
 *
 * @param name         of the function; name_item, name_op, name_block and name_absorb are defined
 *                     besides
 * @param type         of the value, any type that can be copied
 * @param identity     an expression of this type; the result of an empty bucket. Commas only inside
 *                     parentheses, so for {0, 1} name a constant.
 * @param a,b,a_op_b   the names of the left and the right value, and the expression that combines
 *                     them: associative, not necessarily commutative
 * @param ctx_type,ctx passed by value, as in PAR_DEFINE_FOR
 * @param i,bucket     the names of the index and of the `size_t *`
 * Since 0.1
 */
#define PAR_DEFINE_COLLECT_REDUCE(name, type, identity, a, b, a_op_b, ctx_type, ctx, i, bucket)    \
    PAR_INLINE type name##_item(ctx_type ctx, size_t i, size_t *bucket);                           \
    PAR_INLINE type name##_op(type a, type b)                                                      \
    {                                                                                              \
        return a_op_b;                                                                             \
    }                                                                                              \
    static inline void name##_block(size_t *par_bucket, void *par_value, size_t par_begin,         \
                                    size_t par_end, void *par_ctx)                                 \
    {                                                                                              \
        ctx_type const par_copy_of_ctx = *(ctx_type *)par_ctx;                                     \
        for (size_t par_i = par_begin; par_i < par_end; ++par_i)                                   \
            ((type *)par_value)[par_i - par_begin] =                                               \
                name##_item(par_copy_of_ctx, par_i, &par_bucket[par_i - par_begin]);               \
    }                                                                                              \
    static inline void name##_absorb(void *par_acc, size_t const *par_bucket,                      \
                                     void const *par_value, size_t par_n, void *par_ctx)           \
    {                                                                                              \
        (void)par_ctx;                                                                             \
        for (size_t par_k = 0; par_k < par_n; ++par_k)                                             \
            ((type *)par_acc)[par_bucket[par_k]] =                                                 \
                name##_op(((type *)par_acc)[par_bucket[par_k]], ((type const *)par_value)[par_k]); \
    }                                                                                              \
    __attribute__((unused)) static inline size_t name(size_t par_begin, size_t par_end,            \
                                                      type *par_results, size_t par_n_buckets,     \
                                                      ctx_type par_ctx)                            \
    {                                                                                              \
        for (size_t par_b = 0; par_b < par_n_buckets; ++par_b)                                     \
            par_results[par_b] = identity;                                                         \
        return par_collect_reduce(par_begin, par_end, par_results, sizeof(type), par_n_buckets,    \
                                  name##_block, name##_absorb, (void *)&par_ctx);                  \
    }                                                                                              \
    PAR_INLINE type name##_item(ctx_type ctx, size_t i, size_t *bucket)

#endif
