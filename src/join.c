/* join.c - the slow paths of par_join: nothing public is left, a thief has asked, the slot was
 * stolen, the stack is full, or this thread is no worker yet. */
#include <par/join.h>

#include "check.h"
#include "pool.h"

void par_run_plain(par_worker_t *worker, par_slot_t *slot)
{
    (void)worker;
    slot->u.plain.fn(slot->u.plain.ctx);
}

static void
join_pushed(par__worker_t *worker, par_task_fn *a, void *a_ctx, par_task_fn *b, void *b_ctx)
{
    par_worker_t *view = &worker->forks.view;
    par_slot_t *slot = view->head;
    slot->run = par_run_plain;
    slot->u.plain.fn = b;
    slot->u.plain.ctx = b_ctx;
    view->head = slot + 1;
    par__worker_offer(worker);
    a(a_ctx);
    view->head = slot;
    if ((uintptr_t)slot >= view_load_relaxed(&view->floor) || /* order: F0 */
        par_take_slow(view, slot))
        b(b_ctx);
}

void par_join_slow(par_task_fn *a, void *a_ctx, par_task_fn *b, void *b_ctx)
{
    PAR__MISUSE(a != NULL && b != NULL, "a function is NULL; pass two functions to par_join");
    par__worker_t *worker = par__worker_enter();
    if (worker == NULL) {
        a(a_ctx);
        b(b_ctx);
        return;
    }
    worker->calls++;
    if (par__forks_is_full(&worker->forks)) {
        par__worker_count(worker, inlined);
        par__worker_offer(worker);
        a(a_ctx);
        b(b_ctx);
    } else {
        join_pushed(worker, a, a_ctx, b, b_ctx);
    }
    par__worker_leave(worker);
}

int par_take_slow(par_worker_t *view, par_slot_t *slot)
{
    par__worker_t *worker = (par__worker_t *)view;
    uint32_t split = worker->forks.split;
    if (par__forks_take(&worker->forks, slot)) {
        if (worker->forks.split > split) par__worker_published(worker); /* a thief had asked */
        return 1;
    }
    bool is_done = par__wait_slot(worker, slot);
    par__forks_forget(&worker->forks, slot);
    return !is_done;
}

void par_join_call(par_task_fn *a, void *a_ctx, par_task_fn *b, void *b_ctx)
{
    PAR__MISUSE(a != NULL && b != NULL, "a function is NULL; pass two functions to par_join_call");
    par_join(a, a_ctx, b, b_ctx);
}

int par_is_hungry_slow(par_worker_t *view)
{
    (void)view; /* perhaps the stand-in of a thread that is no worker yet */
    par__worker_t *worker = par__worker_enter();
    if (worker == NULL || !worker->forks.has_thieves) return 0;
    par__sleep_t *sleep = &worker->pool->sleep;
    uint32_t n_public = par__forks_n_public(&worker->forks);
    if (n_public == 0 && load_relaxed(&worker->waiter) != 0) return 1; /* order: none, a snapshot */
    if (par__sleep_n_idle(sleep) <= n_public) return 0;
    return par__sleep_n_searching(sleep) != 0 ? 1 : 2;
}
