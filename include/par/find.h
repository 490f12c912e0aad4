/* find.h - where is the first, the last, any item with a property; has one, have all of them it?
 *
 *     PAR_DEFINE_FIND(negative, const double *, x, i)
 *     {
 *         return x[i] < 0;
 *     }
 *     size_t at = negative_find_first(0, n, x);      // n if there is none
 *     if (negative_any(0, n, x)) ...
 *
 *     size_t where = par_find(v, n, 42);             // in an array of C numbers
 *
 * The indices are handed out in order, in blocks of microseconds, to whoever is idle: an early hit
 * ends the search at once, a late one has kept all workers busy, and nobody begins a block behind it.
 * The first and the last are the same on any number of workers.
 *
 * A search that can fail, or that has a deadline: par/try.h. */
#ifndef PAR_FIND_H
#define PAR_FIND_H

#include <par/api.h>
#include <par/number.h>
#include <par/options.h>
#include <par/reduce.h>

PAR_BEGIN_DECLS

/* Does item i have the property? Not 0: yes. It may be asked about items behind the first one that has
 * it, and about one item twice. */
typedef int par_test_index_fn(size_t i, void *ctx);
/* The same for an element of an array. */
typedef int par_test_each_fn(const void *item, void *ctx);
/* Of the items begin <= i < end, begin < end, the one to be found; end if there is none. */
typedef size_t par_find_range_fn(size_t begin, size_t end, void *ctx);

/** The lowest index begin <= i < end for which test(i, ctx) is not 0; end if there is none.
 *
 * @param begin,end  the indices; begin >= end has none: the result is end
 * @param test       must not be NULL
 * @param ctx        passed through; may be NULL
 *
 * Errors    none
 * Threads   any thread, from inside other parallel calls too
 * Order     none between indices. What the caller wrote is seen by test; what the calls of test wrote
 *           is seen after the return.
 * Blocking  returns when everything below the result has been tested
 * Cost      an indirect call an index. About 2 us run on the caller alone; then blocks of 2 us to an
 *           eighth of the time so far, 160 us at most, a worker: so much may have been tested behind the
 *           result; no memory; bench: algo/find_if_middle, algo/find_if_none
 * Since     0.1
 */
PAR_API size_t par_find_first(size_t begin, size_t end, par_test_index_fn *test, void *ctx);

/** The highest such index; end if there is none. Otherwise as par_find_first.
 * Since     0.1
 */
PAR_API size_t par_find_last(size_t begin, size_t end, par_test_index_fn *test, void *ctx);

/** Any such index, not the same one on every run; end if there is none. For dear tests: unlike
 * par_find_first it does not wait for what lies below. Otherwise as par_find_first.
 * Since     0.1
 */
PAR_API size_t par_find_any(size_t begin, size_t end, par_test_index_fn *test, void *ctx);

/** Is test(i, ctx) not 0 for some i, for every i, for no i? 0 or 1. Of no indices: 0, 1, 1. Otherwise as
 * par_find_any, but the result is the same on every run.
 * Since     0.1
 */
PAR_API int par_any(size_t begin, size_t end, par_test_index_fn *test, void *ctx);
PAR_API int par_all(size_t begin, size_t end, par_test_index_fn *test, void *ctx);
PAR_API int par_none(size_t begin, size_t end, par_test_index_fn *test, void *ctx);

/** For how many indices is test(i, ctx) not 0? All of them are tested, once. Otherwise as
 * par_find_first.
 * Since     0.1
 */
PAR_API size_t par_count_if(size_t begin, size_t end, par_test_index_fn *test, void *ctx);

/** The same with a function that searches a block by itself: one call a block.
 *
 * @param find     the lowest index of its block (of par_find_last_range: the highest, of
 *                 par_find_any_range: any) that has the property, or the end of the block if none has.
 *                 Must not be NULL. An answer outside of the block: a debug build of the library stops
 *                 with a sentence, a release build takes it for none.
 * @param options  NULL means all defaults. A block has at least options->grain items, the last one
 *                 excepted, at most options->max_grain if grain allows. item_ns: what testing an item
 *                 takes; from 2000 on the others are woken at once. The schedule does not count.
 *
 * Errors, Threads, Order, Blocking as par_find_first
 * Cost      a call a block, otherwise as par_find_first
 * Since     0.1
 */
PAR_API size_t par_find_first_range(
    size_t begin, size_t end, par_find_range_fn *find, void *ctx, const par_options_t *options);
PAR_API size_t par_find_last_range(
    size_t begin, size_t end, par_find_range_fn *find, void *ctx, const par_options_t *options);
PAR_API size_t par_find_any_range(
    size_t begin, size_t end, par_find_range_fn *find, void *ctx, const par_options_t *options);

/** The same for the n elements of an array; the result is an index, n if there is none.
 *
 * @param base  the first element; may be NULL only if n is 0
 * @param n     how many elements
 * @param size  of one element, in bytes
 * @param test  must not be NULL
 * @param ctx   passed through; may be NULL
 *
 * Errors    none. An array that cannot exist (n * size is above PTRDIFF_MAX): a debug build of
 *           the library stops with a sentence, a release build takes it for an empty one.
 * Threads, Order, Blocking, Cost as par_find_first
 * Since     0.1
 */
PAR_API size_t
par_find_first_each(const void *base, size_t n, size_t size, par_test_each_fn *test, void *ctx);
PAR_API size_t
par_find_last_each(const void *base, size_t n, size_t size, par_test_each_fn *test, void *ctx);
PAR_API size_t
par_find_any_each(const void *base, size_t n, size_t size, par_test_each_fn *test, void *ctx);
PAR_API int
par_any_each(const void *base, size_t n, size_t size, par_test_each_fn *test, void *ctx);
PAR_API int
par_all_each(const void *base, size_t n, size_t size, par_test_each_fn *test, void *ctx);
PAR_API int
par_none_each(const void *base, size_t n, size_t size, par_test_each_fn *test, void *ctx);
PAR_API size_t
par_count_if_each(const void *base, size_t n, size_t size, par_test_each_fn *test, void *ctx);

/** The index of the first element of x that equals value; n if there is none. Zeros of either sign
 * are equal, a NaN equals nothing: as par_count counts.
 *
 * @param x  n numbers; may be NULL only if n is 0
 *
 * Errors    none. More elements than an array can have: a debug build of the library stops with a
 *           sentence, a release build takes n for 0.
 * Threads   any thread, from inside other parallel calls too
 * Order     what the caller wrote is seen
 * Blocking  returns when everything before the result has been compared
 * Cost      the memory's speed; up to 64 KiB on the caller alone; bench:
 *           algo/find_middle, algo/find_none
 * Since     0.1
 */
#define PAR_X(name, type, sum_type)                                                                \
    PAR_API size_t par_find_##name(const type *x, size_t n, type value);
PAR_NUMBER_MAP(PAR_X)
#undef PAR_X

PAR_END_DECLS

#ifdef __cplusplus

#    define PAR_X(name, type, sum_type)                                                            \
        inline size_t par_find(const type *x, size_t n, type value)                                \
        {                                                                                          \
            return par_find_##name(x, n, value);                                                   \
        }
PAR_NUMBER_MAP(PAR_X)
#    undef PAR_X

#else

#    define par_find(x, n, value) PAR_NUMBER_OF(find, x)((x), (n), (value))

#endif

/* How many items a block search tests together, with no way out between them, so that the compiler
 * can vectorise; the last such piece is then searched one by one. */
#define PAR_FIND_PIECE 64

/* One of the three searches of PAR_DEFINE_FIND. */
#define PAR_DEFINE_FIND_VERB(name, verb, way, ctx_type)                                            \
    __attribute__((unused)) static inline size_t name##_##verb(size_t par_begin, size_t par_end,   \
                                                               ctx_type par_ctx)                   \
    {                                                                                              \
        return par_##verb##_range(par_begin, par_end, name##_##way, (void *)&par_ctx, NULL);       \
    }

/** Defines the searches for a property: the body, which follows in braces, tells whether item i has
 * it; it is inlined, and vectorised where the compiler can. Static functions of begin, end and ctx:
 *
 *     size_t name_find_first, name_find_last, name_find_any     // end if there is none
 *     int name_any, name_all, name_none
 *     size_t name_count_if
 *
 * @param name      of the functions; name_test, name_piece, name_ahead, name_back, name_failure, name_fold
 *                  and name_combine are defined besides
 * @param ctx_type  any type that can be copied
 * @param ctx,i     the names that the body uses for it and for the index. The body may run for
 *                  items behind the one that is found, and twice for an item.
 * Since 0.1
 */
#define PAR_DEFINE_FIND(name, ctx_type, ctx, i)                                                    \
    PAR_INLINE int name##_test(ctx_type ctx, size_t i);                                            \
    PAR_INLINE unsigned name##_piece(ctx_type par_ctx, size_t par_i)                               \
    {                                                                                              \
        unsigned par_found = 0;                                                                    \
        for (size_t par_k = 0; par_k < PAR_FIND_PIECE; ++par_k)                                    \
            par_found |= name##_test(par_ctx, par_i + par_k) ? 1u : 0u;                            \
        return par_found;                                                                          \
    }                                                                                              \
    __attribute__((unused)) static inline size_t name##_ahead(size_t par_i, size_t par_end,        \
                                                              void *par_ctx)                       \
    {                                                                                              \
        ctx_type const par_copy_of_ctx = *(ctx_type *)par_ctx;                                     \
        while (par_end - par_i >= PAR_FIND_PIECE && !name##_piece(par_copy_of_ctx, par_i))         \
            par_i += PAR_FIND_PIECE;                                                               \
        while (par_i < par_end && !name##_test(par_copy_of_ctx, par_i))                            \
            ++par_i;                                                                               \
        return par_i;                                                                              \
    }                                                                                              \
    __attribute__((unused)) static inline size_t name##_back(size_t par_begin, size_t par_end,     \
                                                             void *par_ctx)                        \
    {                                                                                              \
        ctx_type const par_copy_of_ctx = *(ctx_type *)par_ctx;                                     \
        size_t par_i = par_end;                                                                    \
        while (par_i - par_begin >= PAR_FIND_PIECE &&                                              \
               !name##_piece(par_copy_of_ctx, par_i - PAR_FIND_PIECE))                             \
            par_i -= PAR_FIND_PIECE;                                                               \
        while (par_i > par_begin)                                                                  \
            if (name##_test(par_copy_of_ctx, --par_i)) return par_i;                               \
        return par_end;                                                                            \
    }                                                                                              \
    __attribute__((unused)) static inline void name##_fold(void *par_acc, size_t par_begin,        \
                                                           size_t par_end, void *par_ctx)          \
    {                                                                                              \
        ctx_type const par_copy_of_ctx = *(ctx_type *)par_ctx;                                     \
        size_t par_count = 0;                                                                      \
        for (size_t par_i = par_begin; par_i < par_end; ++par_i)                                   \
            par_count += name##_test(par_copy_of_ctx, par_i) ? 1u : 0u;                            \
        *(size_t *)par_acc += par_count;                                                           \
    }                                                                                              \
    __attribute__((unused)) static inline void name##_combine(                                     \
        void *par_left, const void *par_right, void *par_ctx)                                      \
    {                                                                                              \
        (void)par_ctx;                                                                             \
        *(size_t *)par_left += *(size_t const *)par_right;                                         \
    }                                                                                              \
    PAR_DEFINE_FIND_VERB(name, find_first, ahead, ctx_type)                                        \
    PAR_DEFINE_FIND_VERB(name, find_last, back, ctx_type)                                          \
    PAR_DEFINE_FIND_VERB(name, find_any, ahead, ctx_type)                                          \
    __attribute__((unused)) static inline int name##_any(size_t par_begin, size_t par_end,         \
                                                         ctx_type par_ctx)                         \
    {                                                                                              \
        return par_begin < par_end && name##_find_any(par_begin, par_end, par_ctx) != par_end;     \
    }                                                                                              \
    __attribute__((unused)) static inline int name##_none(size_t par_begin, size_t par_end,        \
                                                          ctx_type par_ctx)                        \
    {                                                                                              \
        return !name##_any(par_begin, par_end, par_ctx);                                           \
    }                                                                                              \
    __attribute__((unused)) static inline size_t name##_failure(size_t par_i, size_t par_end,      \
                                                                void *par_ctx)                     \
    {                                                                                              \
        ctx_type const par_copy_of_ctx = *(ctx_type *)par_ctx;                                     \
        for (; par_end - par_i >= PAR_FIND_PIECE; par_i += PAR_FIND_PIECE) {                       \
            unsigned par_held = 1;                                                                 \
            for (size_t par_k = 0; par_k < PAR_FIND_PIECE; ++par_k)                                \
                par_held &= name##_test(par_copy_of_ctx, par_i + par_k) ? 1u : 0u;                 \
            if (!par_held) break;                                                                  \
        }                                                                                          \
        while (par_i < par_end && name##_test(par_copy_of_ctx, par_i))                             \
            ++par_i;                                                                               \
        return par_i;                                                                              \
    }                                                                                              \
    __attribute__((unused)) static inline int name##_all(size_t par_begin, size_t par_end,         \
                                                         ctx_type par_ctx)                         \
    {                                                                                              \
        return par_begin >= par_end || par_find_any_range(par_begin, par_end, name##_failure,      \
                                                          (void *)&par_ctx, NULL) == par_end;      \
    }                                                                                              \
    __attribute__((unused)) static inline size_t name##_count_if(size_t par_begin, size_t par_end, \
                                                                 ctx_type par_ctx)                 \
    {                                                                                              \
        size_t par_count = 0;                                                                      \
        par_reduce(par_begin, par_end, &par_count, sizeof par_count, name##_fold, name##_combine,  \
                   (void *)&par_ctx, NULL);                                                        \
        return par_count;                                                                          \
    }                                                                                              \
    PAR_INLINE int name##_test(ctx_type ctx, size_t i)

#endif
