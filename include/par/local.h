/* local.h - state of which each worker has its own: a histogram, a buffer, a counter.
 *
 *     typedef struct histogram_t { size_t count[256]; } histogram_t;
 *     static void histogram_add(histogram_t *left, const histogram_t *right)
 *     {
 *         for (int k = 0; k < 256; k++)
 *             left->count[k] += right->count[k];
 *     }
 *     PAR_DEFINE_FOR_LOCAL(count_bytes, histogram_t, h, histogram_add, const unsigned char *, text, i)
 *     {
 *         h->count[text[i]]++;
 *     }
 *     histogram_t h = {{0}};
 *     count_bytes(0, n, &h, text);
 *
 * Where the state outlives one loop, or tasks other than loops use it, par_local_run makes the slots
 * and any body asks for its own:
 *
 *     struct job { par_local_t *slots; const unsigned char *text; size_t n; };
 *     static void count_block(size_t begin, size_t end, void *ctx)
 *     {
 *         struct job *j = ctx;
 *         histogram_t *h = par_local_get(j->slots);
 *         for (size_t i = begin; i < end; i++)
 *             h->count[j->text[i]]++;
 *     }
 *     static void count_all(par_local_t *slots, void *ctx)
 *     {
 *         struct job *j = ctx;
 *         j->slots = slots;
 *         par_for_range(0, j->n, count_block, j, NULL);
 *     }
 *     static void combine(void *left, const void *right, void *ctx)
 *     {
 *         (void)ctx;
 *         histogram_add(left, right);
 *     }
 *     histogram_t total = {{0}};
 *     par_local_run(&total, sizeof total, NULL, combine, count_all, &job);
 *
 * Every slot starts as a copy of the result, which therefore has to hold the identity: a call does
 * not add to what an earlier one has found.
 *
 * Against par_reduce: as many accumulators as workers instead of one a leaf, which is what large ones
 * want; but which items meet in which accumulator depends on who ran what. The result is the same on
 * every run only if the operation is exact and commutative: integers, sets, minima. For sums of
 * floating-point numbers use par_reduce.
 *
 * A slot belongs to one worker for the length of one call, so it needs no lock and no atomics. Slots
 * lie on cache lines of their own. A worker that waits inside a nested parallel call runs parts of
 * that nested call and nothing else: if these use the same local, they get the slot that the outer
 * body has in hand, exactly as when a serial function calls another one. So leave the slot in order
 * before a nested call that may use it, and look again after it. */
#ifndef PAR_LOCAL_H
#define PAR_LOCAL_H

#include <par/api.h>
#include <par/options.h>
#include <par/reduce.h>

PAR_BEGIN_DECLS

/* The slots of one call of par_local_run. */
typedef struct par_local_t par_local_t;

/* Makes a slot ready for its worker; it is a copy of *acc already. */
typedef void par_local_init_fn(void *slot, void *ctx);
/* What runs while the slots are there. */
typedef void par_local_fn(par_local_t *local, void *ctx);

/** Folds [begin, end) into one accumulator a worker, and these into *acc.
 *
 * @param begin,end  the items; begin >= end leaves acc as it is
 * @param acc        in: the identity; out: the result. Workers start with a copy of it, aligned to
 *                   128 bytes; without memory that is *acc itself, aligned as it is; must not be
 *                   NULL
 * @param acc_size   of *acc, in bytes
 * @param fold       folds the items of a block into the worker's accumulator; must not be NULL
 * @param combine    *left := *left (+) *right; must not be NULL
 * @param ctx        passed to both; may be NULL
 * @param options    NULL means all defaults; blocks as in par_for_range
 *
 * Errors    none: without memory for the accumulators the caller works alone, in *acc itself. A
 *           debug build of the library stops with a sentence when acc, fold or combine is NULL.
 * Threads   any thread, from inside other parallel calls too
 * Order     the workers' accumulators are combined into *acc one after the other by the caller, in
 *           the order of par_worker_index. What the caller wrote is seen by all bodies; what they
 *           wrote is seen by combine and after the return.
 * Blocking  returns when all items are done
 * Cost      par_for_range, plus some ns a block, plus a copy and a combine for each worker that took
 *           part; allocates when the accumulators of all workers need more than 4 KiB together
 * Algebra   combine must be associative and commutative, with the given identity
 * Since     0.1
 */
PAR_API void par_for_local(size_t begin,
                           size_t end,
                           void *acc,
                           size_t acc_size,
                           par_fold_fn *fold,
                           par_combine_fn *combine,
                           void *ctx,
                           const par_options_t *options);

/** Runs fn(local, ctx) on this thread, as par_pool_run does, with a slot for each worker of the
 * current pool: any task of the parallel calls that fn makes gets its worker's with par_local_get.
 * When fn returns, the slots that were used are combined into *acc.
 *
 * @param acc      in: what slots start as; out: with all slots combined into it; must not be NULL
 * @param size     of *acc, in bytes
 * @param init     called once for each slot that is used, by its worker, before its first use; may
 *                 ask for that slot itself. NULL: the copy of *acc is all
 * @param combine  *left := *left (+) *right; frees what right owns, if anything; must not be NULL
 * @param fn       must not be NULL; no task of it may be left running when it returns
 * @param ctx      passed to all of them; may be NULL
 *
 * Errors    none: without memory for the slots fn runs as in par_run_alone, and *acc itself, after
 *           init, is the only slot. A debug build stops with a sentence when a pointer is NULL.
 * Threads   any thread, from inside other parallel calls too
 * Order     slots are combined by the caller in the order of par_worker_index, those of further
 *           threads (see par_local_get) behind them in the order in which they came
 * Blocking  returns when fn has returned
 * Cost      some 100 ns, 10 ns a worker, a copy and a combine for each slot in use; allocates when all
 *           slots need more than 4 KiB together
 * Since     0.1
 */
PAR_API void par_local_run(void *acc,
                           size_t size,
                           par_local_init_fn *init,
                           par_combine_fn *combine,
                           par_local_fn *fn,
                           void *ctx);

/** The slot of this worker, aligned to 128 bytes. The same for the whole of par_local_run; ask once a
 * block or task rather than once an index.
 *
 * @param local  what fn was given; must not be NULL
 *
 * @return never NULL for the workers of the pool that par_local_run was called in. Other threads may
 *         ask too: those of another pool that the tasks enter, and those that they start with
 *         par_thread_spawn. Their slots are made one by one, and NULL says that there was no memory.
 *         When there was none for the slots at all (see par_local_run), the caller of par_local_run
 *         gets acc, aligned as it is, and every other thread NULL.
 *
 * Errors    see above. A debug build of the library stops with a sentence when local is NULL, or when fn
 *           has returned.
 * Threads   those that run tasks of fn; not after fn has returned
 * Blocking  never, for the workers of the pool
 * Cost      some ns
 * Since     0.1
 */
PAR_API void *par_local_get(par_local_t *local);

PAR_END_DECLS

/** Defines a loop with worker-local state: a static function
 * `void name(size_t begin, size_t end, acc_type *result, ctx_type ctx)`. The body, which follows in
 * braces, does item i with the worker's own *acc. All of it is inlined.
 *
 * @param name      of the function; name_item, name_fold, name_combine and name_in are defined
 *                  besides. The last takes a `const par_options_t *` as fifth argument.
 * @param acc_type  any type that can be copied; *result holds the identity before the call
 * @param acc       the name that the body uses for the `acc_type *`
 * @param combine   a function or macro, called as combine(acc_type *left, const acc_type *right)
 * @param ctx_type,ctx  passed by value, as in PAR_DEFINE_FOR
 * @param i         the name of the index
 * Since 0.1
 */
#define PAR_DEFINE_FOR_LOCAL(name, acc_type, acc, combine, ctx_type, ctx, i)                       \
    PAR_INLINE void name##_item(acc_type *acc, ctx_type ctx, size_t i);                            \
    static inline void name##_fold(void *par_acc, size_t par_begin, size_t par_end, void *par_ctx) \
    {                                                                                              \
        ctx_type const par_copy_of_ctx = *(ctx_type *)par_ctx;                                     \
        for (size_t par_i = par_begin; par_i < par_end; ++par_i)                                   \
            name##_item((acc_type *)par_acc, par_copy_of_ctx, par_i);                              \
    }                                                                                              \
    static inline void name##_combine(void *par_left, const void *par_right, void *par_ctx)        \
    {                                                                                              \
        (void)par_ctx;                                                                             \
        combine((acc_type *)par_left, (acc_type const *)par_right);                                \
    }                                                                                              \
    __attribute__((unused)) static inline void name##_in(size_t par_begin, size_t par_end,         \
                                                         acc_type *par_result, ctx_type par_ctx,   \
                                                         const par_options_t *par_options)         \
    {                                                                                              \
        par_for_local(par_begin, par_end, par_result, sizeof *par_result, name##_fold,             \
                      name##_combine, (void *)&par_ctx, par_options);                              \
    }                                                                                              \
    __attribute__((unused)) static inline void name(size_t par_begin, size_t par_end,              \
                                                    acc_type *par_result, ctx_type par_ctx)        \
    {                                                                                              \
        name##_in(par_begin, par_end, par_result, par_ctx, NULL);                                  \
    }                                                                                              \
    PAR_INLINE void name##_item(acc_type *acc, ctx_type ctx, size_t i)

#endif
