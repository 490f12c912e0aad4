/* join_n.h - fork-join of more than two branches.
 *
 *     PAR_JOIN_N({work, &x}, {work, &y}, {other_work, &z});        // all three are done here
 *
 * or, with the branches in an array, par_join_n(branches, n). Each branch beyond the first is one
 * fork of join.h, and costs what a fork costs. */
#ifndef PAR_JOIN_N_H
#define PAR_JOIN_N_H

#include <par/join.h>

PAR_BEGIN_DECLS

/* One branch: fn(ctx) is called. Frozen: fields will not be added. */
typedef struct par_branch_t {
    par_task_fn *fn; /* must not be NULL */
    void *ctx;       /* may be NULL */
} par_branch_t;

/** Runs n branches, possibly at the same time, and returns when all are done.
 *
 * The caller runs the first itself; the others are offered to the other workers of the pool, the
 * last one first, and the caller runs those that nobody took, in order. So on one worker they run
 * in the order of the array.
 *
 * @param branches  the branches, which must stay as they are until the return; NULL only if n is 0
 * @param n         how many; 0: nothing happens, 1: a plain call
 *
 * Errors    none: branches for which there is no room, memory or idle worker run here, in order. A
 *           debug build of the library stops with a sentence when it meets a function that is NULL.
 * Threads   any thread; nests to any depth. All branches may use the caller's stack.
 * Order     what the caller wrote is seen by all branches; what they wrote is seen after the return
 * Blocking  as par_join, for one branch after the other
 * Cost      O(n), no allocation, one fork of par_join for each branch beyond the first; bench:
 *           forkjoin/branches, beside branches-halved, the same by par_join in par_join
 * Source    as par_join
 * Since     0.1
 */
PAR_INLINE void par_join_n(const par_branch_t *branches, size_t n)
{
    par_worker_t *worker = par_worker_self;
    par_slot_t *slot = worker->head; /* the next free one */
    size_t k = n;                    /* branches k and above are forked */
    for (; k > 1; k--) {
        const par_branch_t *last = &branches[k - 1];
        if (PAR_UNLIKELY((uintptr_t)slot >= __atomic_load_n(&worker->limit, __ATOMIC_RELAXED))) {
            par_worker_t *entered = par_push_slow(branches[0].fn, last->fn, last->ctx);
            if (PAR_UNLIKELY(entered != par_worker_self)) break; /* no room */
            worker = entered;
            slot = worker->head;
        } else {
            slot->fn = last->fn;
            slot->u.ctx = last->ctx;
            worker->head = ++slot;
        }
    }
    for (size_t i = 0; i < k; i++)
        branches[i].fn(branches[i].ctx);
    for (; k < n; k++) {
        slot--;
        if (PAR_LIKELY((uintptr_t)slot >= __atomic_load_n(&worker->floor, __ATOMIC_RELAXED)))
            worker->head = slot;
        else if (!par_take_slow(worker, slot))
            continue; /* somebody else has run it */
        branches[k].fn(branches[k].ctx);
    }
}

/** par_join_n as an ordinary function, for callers from other languages and function pointers. The
 * same contract; a debug build checks every branch before it runs any.
 * Since     0.1
 */
PAR_API void par_join_n_call(const par_branch_t *branches, size_t n);

/** par_join_n with the branches written out: PAR_JOIN_N({fn, ctx}, {fn, ctx}, ...); at least one. A
 * statement; the branches are evaluated once each, before any of them runs, in an order that C leaves open.
 * Since     0.1
 */
#define PAR_JOIN_N(...)                                                                            \
    do {                                                                                           \
        const par_branch_t par_branches[] = {__VA_ARGS__};                                         \
        par_join_n(par_branches, sizeof par_branches / sizeof *par_branches);                      \
    } while (0)

PAR_END_DECLS

#endif
