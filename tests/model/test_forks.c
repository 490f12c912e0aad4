/* test_forks.c - the fork deque: forks.h, F0 to F4. */
#include "fixture.h"

enum { STRANGER = 40, MANY = 48 };

static par__forks_t *forks;
static uint32_t ran[MANY];
static par_slot_t *stolen_slot; /* of a waiter whose task the owner of `forks` runs */

static void begin(void)
{
    forks = model_aligned_alloc(128, sizeof *forks);
    par__forks_init(forks);
    for (unsigned i = 0; i < MANY; i++)
        ran[i] = 0;
    model_name(&forks->word, "word");
    model_name(&forks->view.limit, "limit");
    model_name(&forks->view.floor, "floor");
    for (unsigned i = 0; i < 4; i++)
        model_name(&forks->base[i].state, "slot");
}

/* Plain: two who run the same task are a race, and so is a task whose arguments are not visible. */
static void run_task(uintptr_t what)
{
    ran[what]++;
}

static void ran_once(unsigned n)
{
    for (unsigned i = 1; i <= n; i++)
        if (ran[i] != 1) model_fail("task %u ran %u times", i, ran[i]);
}

static void thief_runs(par_slot_t *slot)
{
    par__latch_take(slot, model_self(), 0);
    run_task((uintptr_t)slot->u.ctx);
    par__latch_set(slot);
}

static bool thief_tries(void)
{
    par_slot_t *slot;
    uint64_t word = par__forks_look(forks);
    if (!par__forks_offers(word, 0)) return false;
    if (par__forks_steal(forks, word, &slot) != PAR__STEAL_OK) return false;
    thief_runs(slot);
    return true;
}

static void thief_once(void)
{
    thief_tries();
}

static void thief_twice(void)
{
    thief_tries();
    thief_tries();
}

static void owner_pops(uintptr_t what)
{
    if (fixture_pop(forks)) run_task(what);
    MODEL_CHECK(ran[what] == 1); /* the result is visible */
}

static void request_kept(void)
{
    uint64_t word = forks->word;
    bool is_empty = (word & 0xfffff) == (word >> 20 & 0xfffff);
    if (is_empty) {
        MODEL_CHECK(forks->view.limit == 0);
        MODEL_CHECK(forks->view.floor == UINTPTR_MAX);
    }
}

static void owner_two(void)
{
    fixture_push(forks, 1);
    fixture_push(forks, 2);
    owner_pops(2);
    owner_pops(1);
}

static void owner_three(void)
{
    fixture_push(forks, 1);
    fixture_push(forks, 2);
    fixture_push(forks, 3);
    owner_pops(3);
    owner_pops(2);
    owner_pops(1);
}

static void check_two(void)
{
    ran_once(2);
    request_kept();
}

static void check_three(void)
{
    ran_once(3);
    request_kept();
}

/* Three forks on a stack of two: the third runs in place, above the end, and so do the forks that it
 * makes. Whatever is published and stolen meanwhile, the next join stays slow until a slot is taken. */
static void begin_small(void)
{
    begin();
    forks->view.end = forks->base + 2;
}

static void overflow_stands(void)
{
    MODEL_CHECK(view_load_relaxed(&forks->view.floor) == UINTPTR_MAX);
    MODEL_CHECK(forks->view.head == forks->view.end);
}

static void owner_overflows(void)
{
    fixture_push(forks, 1);
    fixture_push(forks, 2);
    par__forks_overflow(forks);
    overflow_stands();
    par__forks_publish_half(forks);
    overflow_stands();
    run_task(3);
    par__forks_publish_all(forks);
    overflow_stands();
    owner_pops(2);
    owner_pops(1);
}

/* The highest slot is stolen, and joined, with an overflow before and after. */
static void owner_overflows_again(void)
{
    fixture_push(forks, 1);
    fixture_push(forks, 2);
    par__forks_overflow(forks);
    par__forks_publish_all(forks);
    overflow_stands();
    owner_pops(2);
    fixture_push(forks, 3);
    par__forks_overflow(forks);
    overflow_stands();
    par__forks_run_alone(forks);
    overflow_stands();
    owner_pops(3);
    owner_pops(1);
}

static void check_three_ran(void)
{
    ran_once(3);
}

/* The same slots again and again: a thief with an old word meets new tasks. */
static void owner_again(void)
{
    fixture_push(forks, 1);
    owner_pops(1);
    fixture_push(forks, 2);
    owner_pops(2);
    fixture_push(forks, 3);
    owner_pops(3);
}

static void owner_publishes_all(void)
{
    fixture_push(forks, 1);
    fixture_push(forks, 2);
    fixture_push(forks, 3);
    par__forks_publish_all(forks);
    owner_pops(3);
    owner_pops(2);
    owner_pops(1);
}

/* Pushes only: what the thieves took they asked for. */
static void owner_pushes(void)
{
    fixture_push(forks, 1);
    fixture_push(forks, 2);
    fixture_push(forks, 3);
}

static void owner_pushes_and_pops(void)
{
    fixture_push(forks, 1);
    fixture_push(forks, 2);
    owner_pops(2);
    fixture_push(forks, 3);
}

static void at_most_once(void)
{
    for (unsigned i = 1; i <= 3; i++)
        MODEL_CHECK(ran[i] <= 1);
    request_kept();
}

/* F4. The owner of `forks` runs a task of somebody who waits, ends it, and goes on with strangers. */
static void begin_waiter(void)
{
    begin();
    stolen_slot = model_aligned_alloc(64, sizeof *stolen_slot);
    stolen_slot->state = 0;
    model_name(&stolen_slot->state, "stolen_slot");
}

static void runner(void)
{
    fixture_push(forks, 1);
    par__forks_publish_all(forks);
    if (fixture_pop(forks)) run_task(1);
    par__forks_end_stolen(forks);
    par__latch_set(stolen_slot);
    fixture_push(forks, STRANGER);
    par__forks_publish_all(forks);
    fixture_pop(forks);
}

static void waiter(void)
{
    for (int i = 0; i < 2; i++) {
        par_slot_t *fork;
        uint64_t word = par__forks_look(forks);
        if (!par__forks_offers(word, 0) || par__latch_is_done(stolen_slot)) continue;
        if (par__forks_steal(forks, word, &fork) != PAR__STEAL_OK) continue;
        MODEL_CHECK((uintptr_t)fork->u.ctx != STRANGER);
        thief_runs(fork);
    }
}

static void check_waiter(void)
{
    ran_once(1);
}

/* Joining a stolen slot rewrites the word: the epoch must survive it. */
static void runner_forgets(void)
{
    fixture_push(forks, 1);
    par__forks_publish_all(forks);
    if (fixture_pop(forks)) run_task(1);
    par__forks_end_stolen(forks);
    par__latch_set(stolen_slot);
    fixture_push(forks, 2);
    fixture_pop(forks);
    fixture_push(forks, STRANGER);
    par__forks_publish_all(forks);
}

static void waiter_once(void)
{
    par_slot_t *fork;
    uint64_t word = par__forks_look(forks);
    if (!par__forks_offers(word, 0) || par__latch_is_done(stolen_slot)) return;
    if (par__forks_steal(forks, word, &fork) != PAR__STEAL_OK) return;
    MODEL_CHECK((uintptr_t)fork->u.ctx == 1);
    thief_runs(fork);
}

/* The guard of a part of the stack: nothing below min_index is offered. */
static void runner_deep(void)
{
    fixture_push(forks, STRANGER);
    fixture_push(forks, 1);
    par__forks_publish_all(forks);
    owner_pops(1);
    fixture_pop(forks);
}

static void waiter_deep(void)
{
    par_slot_t *fork;
    uint64_t word = par__forks_look(forks);
    if (!par__forks_offers(word, 1)) return;
    if (par__forks_steal(forks, word, &fork) != PAR__STEAL_OK) return;
    MODEL_CHECK((uintptr_t)fork->u.ctx != STRANGER);
    thief_runs(fork);
}

const model_test_t tests_forks[] = {
    {"forks_two_1_thief", begin, {owner_two, thief_twice}, check_two, BOUND(4, 2, 1, 0, 0), 0, 0},
    {"forks_two_2_thieves",
     begin,
     {owner_two, thief_once, thief_once},
     check_two,
     BOUND(5, 1, 1, 0, 0),
     0,
     0},
    {"forks_three_1_thief",
     begin,
     {owner_three, thief_twice},
     check_three,
     BOUND(4, 1, 1, 0, 0),
     0,
     0},
    {"forks_three_2_thieves",
     begin,
     {owner_three, thief_once, thief_once},
     check_three,
     BOUND(4, 1, 0, 0, 0),
     0,
     0},
    {"forks_again_1_thief",
     begin,
     {owner_again, thief_twice},
     check_three,
     BOUND(4, 1, 1, 0, 0),
     0,
     0},
    {"forks_again_2_thieves",
     begin,
     {owner_again, thief_once, thief_once},
     check_three,
     BOUND(5, 1, 0, 0, 0),
     0,
     0},
    {"forks_overflow_1_thief",
     begin_small,
     {owner_overflows, thief_twice},
     check_three,
     BOUND(4, 1, 1, 0, 0),
     0,
     0},
    {"forks_overflow_2_thieves",
     begin_small,
     {owner_overflows, thief_once, thief_once},
     check_three,
     BOUND(5, 1, 0, 0, 0),
     0,
     0},
    {"forks_overflow_again",
     begin_small,
     {owner_overflows_again, thief_twice},
     check_three_ran,
     BOUND(4, 1, 1, 0, 0),
     0,
     0},
    {"forks_publish_all",
     begin,
     {owner_publishes_all, thief_once, thief_once},
     check_three,
     BOUND(5, 1, 0, 0, 0),
     0,
     0},
    {"forks_request",
     begin,
     {owner_pushes, thief_once, thief_once},
     at_most_once,
     BOUND(4, 1, 1, 0, 0),
     0,
     0},
    {"forks_request_pop",
     begin,
     {owner_pushes_and_pops, thief_once, thief_once},
     at_most_once,
     BOUND(4, 1, 1, 0, 0),
     0,
     0},
    {"forks_epoch", begin_waiter, {runner, waiter}, check_waiter, BOUND(4, 2, 0, 0, 0), 0, 0},
    {"forks_epoch_2_waiters",
     begin_waiter,
     {runner, waiter, thief_once},
     NULL,
     BOUND(5, 1, 0, 0, 0),
     0,
     0},
    {"forks_epoch_forget",
     begin_waiter,
     {runner_forgets, waiter_once, thief_once},
     NULL,
     BOUND(4, 0, 0, 0, 0),
     0,
     0},
    {"forks_guard",
     begin,
     {runner_deep, waiter_deep, thief_once},
     NULL,
     BOUND(4, 1, 0, 0, 0),
     0,
     0},
    {0},
};
