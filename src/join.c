/* join.c - the slow paths of par_join: nothing public is left, a thief has asked, the slot was
 * stolen, the stack is full, or this thread is no worker yet. */
#include <par/join_n.h>

#include "check.h"
#include "pool.h"

/* A worker whose one slot is always free and always private: the join that gets it runs in place. */
static __thread par_slot_t nowhere;
static __thread par_worker_t in_place;

static par_worker_t *push_nowhere(void)
{
    in_place.head = &nowhere + 1;
    return &in_place;
}

PAR__NEAR par_worker_t *par_push_slow(par_task_fn *a, par_task_fn *b, void *b_ctx)
{
    (void)a;
    PAR__MISUSE_OF("par_join", a != NULL && b != NULL,
                   "a function is NULL; pass a function for each half or branch of a join");
    par__worker_t *worker = par__worker_enter();
    if (worker == NULL) return push_nowhere();
    if (par__forks_is_full(&worker->forks)) {
        par__worker_count(worker, inlined);
        par__worker_offer(worker);
        return push_nowhere();
    }
    par_slot_t *slot = worker->forks.view.head++;
    slot->fn = b;
    slot->u.ctx = b_ctx;
    par__worker_offer(worker);
    return &worker->forks.view;
}

/* Alone, every slot is private; the lowest one comes here so that the worker is at rest afterwards, the
 * highest one after an overflow, so that the others are fast again. */
static int take_alone(par__worker_t *worker, par_slot_t *slot)
{
    worker->forks.view.head = slot;
    if (slot == worker->forks.base && worker->calls == 0)
        par__forks_rest(&worker->forks);
    else
        par__forks_run_alone(&worker->forks);
    return 1;
}

PAR__NEAR int par_take_slow(par_worker_t *view, par_slot_t *slot)
{
    par__worker_t *worker = (par__worker_t *)view;
    PAR__MISUSE_UNSYNCED(view->head == slot + 1 && slot >= worker->forks.base);
    uint32_t split = worker->forks.split;
    if (!worker->forks.has_thieves) return take_alone(worker, slot);
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

void par_join_n_call(const par_branch_t *branches, size_t n)
{
    PAR__MISUSE(branches != NULL || n == 0,
                "branches is NULL but n is not 0; pass an array of n branches");
    for (size_t i = 0; i < n; i++)
        PAR__MISUSE(branches[i].fn != NULL,
                    "the function of a branch is NULL; pass a function in each branch");
    par_join_n(branches, n);
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
