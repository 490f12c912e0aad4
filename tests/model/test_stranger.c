/* test_stranger.c - a wait runs no stranger (F4, W2): thread 1 waits for what thread 2 has taken, and when
 * that is done, thread 2 opens other work, which thread 1 must not take. */
#include "join_world.h"

static unsigned stranger_ran_on;

static void be_stranger(void *ctx)
{
    (void)ctx;
    stranger_ran_on = model_self();
}

/* A fork that the pool's thread opens after what thread 1 waits for is done. */
static void open_stranger(par__worker_t *self)
{
    par_join(add_left, NULL, be_stranger, NULL);
    MODEL_CHECK(stranger_ran_on == 2);
    MODEL_CHECK(self->forks.view.head == self->forks.base);
}

/* The slot 0 of worker 1 is stolen, worker 2 is its thief. */
static void begin_stolen(void)
{
    begin(2);
    stranger_ran_on = 0;
    par__forks_t *forks = &fixture_worker(1)->forks;
    par_slot_t *slot = forks->view.head++;
    slot->fn = fork_right_deep;
    slot->u.ctx = NULL;
    par__forks_publish_all(forks);
    par__forks_steal(forks, par__forks_look(forks), &slot);
}

static void wait_for_stolen(void)
{
    par__worker_t *self = fixture_enter();
    par_slot_t *slot = self->forks.base;
    MODEL_CHECK(par__wait_slot(self, slot));
    MODEL_CHECK(right == 1 && deep == 1);
    par__forks_forget(&self->forks, slot);
}

static void run_stolen(void)
{
    par__worker_t *self = fixture_enter();
    self->forks.has_thieves = true;
    par__worker_run_slot(self, fixture_worker(1), fixture_worker(1)->forks.base);
    open_stranger(self);
}

/* The stranger lies on the thief's stack below what it has stolen, as it stole while it waited itself. */
static void run_stolen_slot(void *ctx)
{
    par__worker_run_slot(ctx, fixture_worker(1), fixture_worker(1)->forks.base);
}

static void run_stolen_above(void)
{
    par__worker_t *self = fixture_enter();
    self->forks.has_thieves = true;
    par_join(run_stolen_slot, self, be_stranger, NULL);
    MODEL_CHECK(stranger_ran_on == 2);
    MODEL_CHECK(self->forks.view.head == self->forks.base);
}

/* The same with a job of a scope. */
static par_scope_t *scope;
static par__job_t *given;

static void begin_given(void)
{
    begin(2);
    stranger_ran_on = 0;
    scope = storage[0];
    *par__scope_of(scope) = (par__scope_t){.owner = fixture_worker(1), .local = 1};
    given = par__job_new(&fixture_worker(2)->cache, scope, fork_right_deep, 0);
    model_name(&fixture_worker(2)->tag, "tag2");
    model_name(&par__scope_of(scope)->state, "state");
}

/* The same between two jobs of the scope, of which the first has forked nothing. */
static par__job_t *given_later;

static void begin_given_twice(void)
{
    begin_given();
    par__scope_of(scope)->local = 2;
    given->fn = add_right;
    given_later = par__job_new(&fixture_worker(2)->cache, scope, add_deep, 0);
}

static void wait_for_given(void)
{
    par__worker_t *self = fixture_enter();
    par__scope_t *s = par__scope_of(scope);
    s->is_waiting = true;
    int64_t open = s->local * PAR__SCOPE_JOB + PAR__SCOPE_WAITING;
    if (add_seq_cst(&s->state, open) + open != PAR__SCOPE_WAITING) par__wait_scope(self, scope);
    MODEL_CHECK(right == 1 && deep == 1);
}

static void run_given(void)
{
    par__worker_t *self = fixture_enter();
    par__worker_run_job(self, given);
    par__scope_settle(self); /* as find does */
    open_stranger(self);
}

static void run_given_twice(void)
{
    par__worker_t *self = fixture_enter();
    par__worker_run_job(self, given);
    par__scope_settle(self);
    open_stranger(self);
    par__worker_run_job(self, given_later);
    par__scope_settle(self);
}

#define TEST(name, begin, wait, run)                                                               \
    {                                                                                              \
        name, begin, {wait, run}, NULL, BOUND(3, 1, 0, 0, 0), 0, 0                                 \
    }

const model_test_t tests_stranger[] = {
    TEST("join_stranger", begin_stolen, wait_for_stolen, run_stolen),
    TEST("join_stranger_below", begin_stolen, wait_for_stolen, run_stolen_above),
    TEST("join_scope_stranger", begin_given, wait_for_given, run_given),
    TEST("join_scope_stranger_between", begin_given_twice, wait_for_given, run_given_twice),
    {0},
};
