/* scope.c - spawn any number of tasks, wait for all of them; scope.h has the counting. */
#include "scope.h"

#include <string.h>

#include "check.h"
#include "pool.h"

enum { OPEN = 0x5c09e0e1, ENDED = 0x5c09edad };

enum {
    MAX_IN_PLACE = 16,     /* tasks run in place inside each other; after that the injector */
    MAX_STACK_COPY = 1024, /* bytes of an argument copied without memory from the heap */
    CREDIT = 64            /* jobs that a worker counts at once */
};

void par_scope_begin(par_scope_t *scope)
{
    PAR__MISUSE(scope != NULL, "scope is NULL; pass the address of a par_scope_t on your stack");
    par__scope_t *s = par__scope_of(scope);
    par__worker_t *worker = par__worker_enter();
    store_relaxed(&s->state, 0); /* order: none, not shared yet */
    s->owner = worker;
    s->local = 0;
    s->is_waiting = false;
    s->magic = OPEN;
    if (worker == NULL) return;
    s->mark = par__deque_bottom(&worker->jobs);
    worker->calls++;
}

/* Runs a task that found no place in a queue. */
static void run_here(par__worker_t *worker, par_task_fn *fn, void *ctx)
{
    par__worker_count(worker, inlined);
    worker->n_in_place++;
    fn(ctx);
    worker->n_in_place--;
}

/* Only a worker that runs a job of the scope comes to where credits are settled. */
static bool may_hold_credit(const par__worker_t *worker, const par_scope_t *scope)
{
    return worker->running != NULL && worker->running->scope == scope;
}

void par__scope_count_spawn(par_scope_t *scope, par__worker_t *worker)
{
    par__scope_t *s = par__scope_of(scope);
    if (!may_hold_credit(worker, scope)) {
        add_seq_cst(&s->state, (int64_t)PAR__SCOPE_JOB); /* order: C1 */
        return;
    }
    if (worker->credit == 0 || worker->credit_scope != scope) {
        par__scope_settle(worker);
        add_seq_cst(&s->state, (int64_t)CREDIT * PAR__SCOPE_JOB); /* order: C1, C4 */
        worker->credit_scope = scope;
        worker->credit = CREDIT;
    }
    worker->credit--;
}

static void hold_credit(par__worker_t *worker, par_scope_t *scope)
{
    if (worker->credit_scope != scope || worker->credit >= 2 * CREDIT) par__scope_settle(worker);
    worker->credit_scope = scope;
    worker->credit++;
}

/* The spawn that was counted last does not take place; by a task of the scope. */
static void uncount_spawn(par_scope_t *scope, par__worker_t *worker)
{
    if (may_hold_credit(worker, scope))
        hold_credit(worker, scope);
    else
        add_seq_cst(&par__scope_of(scope)->state, -(int64_t)PAR__SCOPE_JOB); /* order: C1 */
}

void par__scope_notify(par_scope_t *scope, par__worker_t *worker)
{
    par__scope_t *s = par__scope_of(scope);
    if (worker != s->owner &&
        (load_seq_cst(&s->state) & PAR__SCOPE_WAITING) != 0) /* order: C1, after the push */
        par__parker_unpark(&s->owner->parker);
}

/* True if the job lies where others, or the opener later, find it. */
static bool spawn_queued(par__scope_t *s, par__job_t *job, par__worker_t *worker)
{
    par__worker_t *owner = s->owner;
    par_scope_t *scope = job->scope;
    bool is_local = worker == owner && !s->is_waiting;
    if (is_local)
        s->local++;
    else
        par__scope_count_spawn(scope, worker);
    if (worker->pool != owner->pool) {
        par__worker_hand_over(worker, job);
    } else if (par__deque_push(&worker->jobs, job)) {
        par__worker_notify(worker);
        par__scope_notify(scope, worker);
    } else if (worker->n_in_place >= MAX_IN_PLACE) {
        par__worker_hand_over(worker, job);
    } else {
        if (is_local)
            s->local--;
        else
            uncount_spawn(scope, worker);
        return false;
    }
    par__worker_count(worker, spawned);
    return true;
}

void par_spawn(par_scope_t *scope, par_task_fn *fn, void *ctx)
{
    PAR__MISUSE(scope != NULL, "scope is NULL; pass a scope that was begun");
    PAR__MISUSE(fn != NULL, "the function is NULL; pass the task to run");
    par__scope_t *s = par__scope_of(scope);
    PAR__MISUSE(s->magic == OPEN, "the scope is not open; spawn between its begin and its end");
    par__worker_t *worker = s->owner == NULL ? NULL : par__worker_enter();
    if (worker == NULL) {
        fn(ctx);
        return;
    }
    par__job_t *job = par__job_new(&worker->cache, scope, fn, 0);
    if (job != NULL) {
        job->ctx = ctx;
        if (spawn_queued(s, job, worker)) return;
        par__job_free(&worker->cache, job);
    }
    run_here(worker, fn, ctx);
}

/* Without a job for it the task runs here. A small argument is copied all the same; for a large one
 * there is no memory, as the stack may be small, too. */
static void run_copy_here(par_task_fn *fn, const void *arg, size_t bytes)
{
    _Alignas(max_align_t) unsigned char copy[MAX_STACK_COPY];
    union {
        const void *lent;
        void *given;
    } argument = {arg};
    if (bytes == 0) {
        argument.lent = NULL;
    } else if (bytes <= sizeof copy) {
        memcpy(copy, arg, bytes);
        argument.given = copy;
    }
    fn(argument.given);
}

void par_spawn_copy(par_scope_t *scope, par_task_fn *fn, const void *arg, size_t bytes)
{
    PAR__MISUSE(scope != NULL, "scope is NULL; pass a scope that was begun");
    PAR__MISUSE(fn != NULL, "the function is NULL; pass the task to run");
    PAR__MISUSE(arg != NULL || bytes == 0, "the argument is NULL but its size is not 0");
    par__scope_t *s = par__scope_of(scope);
    PAR__MISUSE(s->magic == OPEN, "the scope is not open; spawn between its begin and its end");
    par__worker_t *worker = s->owner == NULL ? NULL : par__worker_enter();
    if (worker == NULL) {
        run_copy_here(fn, arg, bytes);
        return;
    }
    par__job_t *job = par__job_new(&worker->cache, scope, fn, bytes);
    if (job != NULL) {
        if (bytes == 0)
            job->ctx = NULL;
        else
            memcpy(job->copy, arg, bytes);
        if (spawn_queued(s, job, worker)) return;
        run_here(worker, fn, job->ctx);
        par__job_free(&worker->cache, job);
        return;
    }
    par__worker_count(worker, inlined);
    run_copy_here(fn, arg, bytes);
}

/* n jobs are done, or were none; the scope may be gone when this returns. */
static void count_down(par__scope_t *s, int64_t n)
{
    par__worker_t *owner = s->owner;
    int64_t left = add_seq_cst(&s->state, -n * PAR__SCOPE_JOB) - n * PAR__SCOPE_JOB; /* order: C2 */
    if (left == PAR__SCOPE_WAITING) par__parker_unpark(&owner->parker);              /* order: C3 */
}

void par__scope_settle(par__worker_t *worker)
{
    int64_t credit = worker->credit;
    worker->credit = 0;
    if (credit != 0) count_down(par__scope_of(worker->credit_scope), credit); /* C4 */
}

void par__scope_count_done(par_scope_t *scope, par__worker_t *worker)
{
    par__scope_t *s = par__scope_of(scope);
    if (s->owner == worker && !s->is_waiting)
        s->local--;
    else
        hold_credit(worker, scope);
}

void par_scope_end(par_scope_t *scope)
{
    PAR__MISUSE(scope != NULL, "scope is NULL; pass a scope that was begun");
    par__scope_t *s = par__scope_of(scope);
    PAR__MISUSE(s->magic == OPEN, "the scope is not open; end it once, after par_scope_begin");
    PAR__MISUSE(s->owner == NULL || s->owner == par__worker_current(),
                "the scope was opened by another thread; end it where it was begun");
    if (s->magic != OPEN) return;
    par__worker_t *worker = s->owner;
    if (worker != NULL) {
        par__wait_own_jobs(worker, scope); /* counted without atomics */
        s->is_waiting = true;
        int64_t open = s->local * PAR__SCOPE_JOB + PAR__SCOPE_WAITING;
        if (add_seq_cst(&s->state, open) + open != PAR__SCOPE_WAITING) /* order: C1, C2 */
            par__wait_scope(worker, scope);
        par__worker_leave(worker);
    }
    s->magic = ENDED;
}

par_scope_t *par_scope_enter(par_scope_t *scope)
{
    par_scope_begin(scope);
    return scope;
}

void par_scope_leave(par_scope_t *scope)
{
    if (par__scope_of(scope)->magic == OPEN) par_scope_end(scope);
}
