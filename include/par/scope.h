/* scope.h - structured tasks: spawn any number, wait for all of them.
 *
 *     PAR_SCOPE (s) {
 *         par_spawn(&s, work, &x);
 *         par_spawn(&s, work, &y);
 *     }                              // both are done here, whatever way the block is left
 *
 * Tasks may borrow the stack of the function that opened the scope, may spawn into the same scope
 * and may open scopes of their own. What they borrow must live until the scope has ended: declare it
 * before the block, not in it, or hand over a copy with par_spawn_copy. */
#ifndef PAR_SCOPE_H
#define PAR_SCOPE_H

#include <par/api.h>

PAR_BEGIN_DECLS

/* A scope lives on its opener's stack. The fields belong to the library; the size is part of the
 * ABI. What the opener counts lies on another cache line than what the others count. */
typedef struct par_scope_t {
    uint64_t par_private[16];
} __attribute__((aligned(16))) par_scope_t;

/** Opens a scope.
 *
 * @param scope  storage for it, usually a local variable; must not be NULL and must not move
 *
 * Errors    none; a debug build stops with a sentence when scope is NULL
 * Threads   any; the thread that opens a scope is the one that ends it
 * Blocking  never
 * Cost      O(1), no allocation
 * Since     0.1
 */
PAR_API void par_scope_begin(par_scope_t *scope);

/** Starts fn(ctx) as a task of the scope, borrowing ctx: it must live until the scope has ended.
 *
 * @param scope  an open scope; any task of it may spawn into it, from any thread
 * @param fn     the task; must not be NULL
 * @param ctx    its argument, passed through; may be NULL
 *
 * Errors    none: when the queue of this worker is full or there is no memory, fn runs here
 * Threads   the opener, and every task that runs inside the scope
 * Order     what the spawner wrote before the call is seen by the task
 * Blocking  no, but it may run fn before it returns
 * Cost      O(1) amortised, one allocation where the worker has no finished job to use again
 * Since     0.1
 */
PAR_API void par_spawn(par_scope_t *scope, par_task_fn *fn, void *ctx);

/** par_spawn with a copy of the argument: fn gets a pointer to the copy, which is aligned for any
 * type and lives until fn returns.
 *
 * @param arg    what is copied; may be NULL only if bytes is 0, and then fn gets NULL
 * @param bytes  its size in bytes
 *
 * Errors    none: without memory fn runs here, with a copy on this thread's stack
 * Since     0.1
 */
PAR_API void par_spawn_copy(par_scope_t *scope, par_task_fn *fn, const void *arg, size_t bytes);

/** Waits until every task of the scope is done, running tasks of the scope meanwhile.
 *
 * @param scope  a scope that this thread opened and that has not ended
 *
 * Errors    none; a debug build stops with a sentence when the scope is not open or was opened by
 *           another thread; a release build does nothing when it is not open
 * Order     what all tasks of the scope wrote is seen after the return
 * Blocking  yes; only tasks of this scope, and what they forked, run meanwhile on this stack
 * Since     0.1
 */
PAR_API void par_scope_end(par_scope_t *scope);

/* For PAR_SCOPE: opens and returns its argument; ends the scope unless that was done by hand. */
PAR_API par_scope_t *par_scope_enter(par_scope_t *scope);
PAR_API void par_scope_leave(par_scope_t *scope);

/** The block form: declares the scope `name`, runs the block once, and ends the scope however the
 * block is left (its end, break, return, goto; not longjmp).
 * Since     0.1
 */
#define PAR_SCOPE(name)                                                                            \
    for (par_scope_t name __attribute__((cleanup(par_scope_leave))),                               \
         *par_once_##name = par_scope_enter(&name);                                                \
         par_once_##name != NULL; par_once_##name = NULL)

PAR_END_DECLS

#endif
