/* wait.c - waiting for a task of one's own, and what may be run meanwhile.
 *
 * Only descendants of what is waited for: forks of the very task that the thief runs (leapfrogging,
 * limited to that part of the thief's stack), or jobs of the very scope, and forks of these. So the
 * stack of a waiter holds nothing but its own call tree: it is bounded by the serial depth, and no
 * stranger's task runs under a lock that the waiter holds.
 * Source: Wagner and Calder, Leapfrogging, PPoPP 1993. */
#include "latch.h"
#include "pool.h"
#include "scope.h"
#include "seat.h"

/* Asks the runner to unpark us when it makes work public. One waiter a runner: a second one sleeps
 * until its task is done. */
static bool waiter_register(par__worker_t *runner, par__worker_t *self)
{
    uint32_t none = 0;
    return cas_seq_cst(&runner->waiter, &none, self->id + 1) ||
           none == self->id + 1; /* order: W1 */
}

static void waiter_unregister(par__worker_t *runner, par__worker_t *self)
{
    uint32_t me = self->id + 1;
    cas_seq_cst(&runner->waiter, &me, 0U); /* order: W1, another one's registration stays */
}

static void park(par__worker_t *worker)
{
    par__worker_count(worker, sleeps);
    par__parker_park(&worker->parker);
}

static void run_fork(par__worker_t *worker, par__worker_t *runner, par_slot_t *slot)
{
    par__worker_count(worker, steals);
    par__worker_count(worker, helped);
    par__worker_run_slot(worker, runner, slot);
}

/* ---- for a slot ---- */

static bool slot_is_over(const par_slot_t *slot)
{
    return par__latch_is_done(slot) || par__latch_is_lost(slot);
}

/* The thief of the slot once it has said who it is, with ourselves registered as its waiter. */
static par__worker_t *slot_thief(par__worker_t *worker, par_slot_t *slot, uint32_t *base)
{
    uint32_t id;
    if (!par__latch_thief(slot, &id, base)) return NULL;
    par__worker_t *thief = par__pool_worker(worker->pool, id);
    waiter_register(thief, worker);
    return thief;
}

/* Runs a fork of the task in `slot`, which the thief runs with its forks from base upwards. */
static bool
help_slot(par__worker_t *worker, par__worker_t *thief, uint32_t base, const par_slot_t *slot)
{
    par_slot_t *fork;
    par__steal_t result;
    par__worker_count(worker, tries);
    do {
        uint64_t word = par__forks_look(&thief->forks); /* order: F4, before the latch is read */
        if (!par__forks_offers(word, base) || par__latch_is_done(slot)) return false;
        result = par__forks_steal(&thief->forks, word, &fork);
    } while (result == PAR__STEAL_RETRY);
    run_fork(worker, thief, fork);
    return true;
}

/* A thief that was not on its core before is looked at without waiting as long again. */
static par__spin_t spin_again(par__worker_t *worker, par__loan_t *loan, par__worker_t *thief)
{
    if (loan->was_lent && par__seat_look(loan, thief))
        return par__spin_start(PAR__LOAN_LOOK_NS, false);
    return par__pool_spin(worker->pool);
}

bool par__wait_slot(par__worker_t *worker, par_slot_t *slot)
{
    par__worker_t *thief = NULL;
    par__loan_t loan = {0};
    uint32_t base = 0;
    par__spin_t spin = par__pool_spin(worker->pool);
    while (!slot_is_over(slot)) {
        if (thief == NULL) thief = slot_thief(worker, slot, &base);
        if (thief != NULL && help_slot(worker, thief, base, slot)) {
            par__seat_forget(&loan);
            spin = spin_again(worker, &loan, thief);
            continue;
        }
        if (par__spin_step(&spin)) continue;
        if (thief != NULL && par__seat_look(&loan, thief)) {
            spin = par__spin_start(PAR__LOAN_LOOK_NS, false);
            continue;
        }
        par__worker_give_up_jobs(worker);
        if (thief != NULL && waiter_register(thief, worker) &&
            par__forks_has_public(&thief->forks) && /* order: W1, the look after the registration */
            help_slot(worker, thief, base, slot))
            continue;
        if (!par__latch_sleep(slot, thief != NULL)) continue;
        par__seat_lend(&loan);
        park(worker);
        par__seat_return(&loan);
    }
    if (thief != NULL) waiter_unregister(thief, worker);
    return par__latch_is_done(slot);
}

/* ---- for a scope ---- */

/* Own jobs of the scope; one of an outer scope that was spawned above them goes to the injector. */
static bool help_own_jobs(par__worker_t *worker, par_scope_t *scope)
{
    par__job_t *job;
    while ((job = par__deque_take(&worker->jobs, par__scope_of(scope)->mark)) != NULL) {
        if (job->scope == scope) {
            par__worker_run_job(worker, job);
            return true;
        }
        par__worker_hand_over(worker, job);
    }
    par__scope_settle(worker);
    return false;
}

void par__wait_own_jobs(par__worker_t *worker, par_scope_t *scope)
{
    while (help_own_jobs(worker, scope)) {
    }
}

typedef struct help_t {
    par__worker_t *worker;
    par_scope_t *scope;
    par__worker_t *runner; /* somebody who runs a job of the scope */
} help_t;

/* A fork of a job of the scope that the runner is in. */
static bool help_tagged(help_t *help, par__worker_t *runner)
{
    par_slot_t *fork;
    par__steal_t result;
    do {
        uint64_t word = par__forks_look(&runner->forks); /* order: F4, W2, before the tag is read */
        if (load_acquire(&runner->tag) != help->scope) return false; /* order: W2 */
        help->runner = runner;
        uint32_t base = load_acquire(&runner->tag_base); /* order: W2 */
        if (!par__forks_offers(word, base)) return false;
        result = par__forks_steal(&runner->forks, word, &fork);
    } while (result == PAR__STEAL_RETRY);
    run_fork(help->worker, runner, fork);
    return true;
}

/* A job of the scope from another deque, or a fork of a job of the scope that runs elsewhere. */
static bool help_from(par__worker_t *victim, void *arg)
{
    help_t *help = arg;
    par__worker_t *worker = help->worker;
    par__job_t *job;
    par__steal_t result;
    do {
        result = par__deque_steal(&victim->jobs, help->scope, &job);
    } while (result == PAR__STEAL_RETRY);
    if (result == PAR__STEAL_OK) {
        par__worker_count(worker, steals);
        par__worker_count(worker, helped);
        par__worker_run_job(worker, job);
        return true;
    }
    return help_tagged(help, victim);
}

static bool help_scope(par__worker_t *worker, par_scope_t *scope, help_t *help)
{
    if (help_own_jobs(worker, scope)) return true;
    *help = (help_t){worker, scope, NULL};
    if (par__pool_any_worker(worker->pool, worker, help_from, help)) return true;
    par__job_t *job = par__injector_take(&worker->pool->injector, scope);
    if (job == NULL) return false;
    par__worker_count(worker, helped);
    par__worker_run_job(worker, job);
    return true;
}

void par__wait_scope(par__worker_t *worker, par_scope_t *scope)
{
    par__scope_t *s = par__scope_of(scope);
    help_t help;
    par__spin_t spin = par__pool_spin(worker->pool);
    while (!par__scope_is_done(s)) {
        if (help_scope(worker, scope, &help)) {
            spin = par__pool_spin(worker->pool);
            continue;
        }
        if (par__spin_step(&spin)) continue;
        /* Whatever this worker holds, others may need while it sleeps. */
        if (par__forks_publish_all(&worker->forks)) par__worker_published(worker);
        par__worker_give_up_jobs(worker);
        par__worker_t *runner = help.runner;
        if (runner != NULL) waiter_register(runner, worker);
        bool helped = help_scope(worker, scope, &help);      /* order: W1, I2, D4 */
        if (!helped && !par__scope_is_done(s)) park(worker); /* order: C3 */
        if (runner != NULL) waiter_unregister(runner, worker);
    }
}
