/* test_park.c - one waits, another one wakes: latch.h L1 to L3, parker.h P1. */
#include "fixture.h"

static par__parker_t *parker;
static par_slot_t *slot;
static uint32_t result;
static _Atomic(uint32_t) first, second;

static void begin(void)
{
    parker = model_aligned_alloc(128, sizeof *parker);
    store_relaxed(&parker->word, 0U);
    slot = model_aligned_alloc(64, sizeof *slot);
    slot->state = 0;
    result = 0;
    first = second = 0;
    model_name(&parker->word, "parker");
    model_name(&slot->state, "latch");
    model_name(&first, "first");
    model_name(&second, "second");
}

/* As wait.c waits for a slot. */
static void wait_latch(void)
{
    while (!par__latch_is_done(slot))
        if (par__latch_sleep(slot, true)) par__parker_park(parker);
    MODEL_CHECK(result == 1);
    par__latch_reset(slot);
    slot->fn = NULL; /* the slot is ours again */
    MODEL_CHECK(load_relaxed(&slot->state) == 0);
}

static void wait_latch_twice(void)
{
    wait_latch();
    result = 0;
    store_release(&first, 1);
    while (!par__latch_is_done(slot))
        if (par__latch_sleep(slot, true)) par__parker_park(parker);
    MODEL_CHECK(result == 2);
}

static void set_latch(void)
{
    uint32_t base = slot->fn == NULL ? 7 : 8; /* the thief reads the slot before it is done */
    par__latch_take(slot, 3, base);
    result = 1;
    if (par__latch_set(slot)) par__parker_unpark(parker);
}

static void set_latch_twice(void)
{
    set_latch();
    while (load_acquire(&first) == 0)
        model_yield();
    par__latch_take(slot, 3, 7);
    result = 2;
    if (par__latch_set(slot)) par__parker_unpark(parker);
}

/* Whoever sees the mark sees all of it. */
static void look_for_thief(void)
{
    uint32_t thief, base;
    if (!par__latch_thief(slot, &thief, &base)) return;
    MODEL_CHECK(thief == 3 && base == 7);
}

static void wait_latch_knowing(void)
{
    look_for_thief();
    wait_latch();
}

static void unpark_for_nothing(void)
{
    par__parker_unpark(parker);
}

/* Relaxed on purpose: only what comes with the tokens may make both visible. */
static void wait_both(void)
{
    while (load_relaxed(&first) == 0 || load_relaxed(&second) == 0)
        par__parker_park(parker);
}

static void give_first(void)
{
    store_relaxed(&first, 1);
    par__parker_unpark(parker);
}

static void give_second(void)
{
    store_relaxed(&second, 1);
    par__parker_unpark(parker);
}

static void give_both(void)
{
    give_first();
    give_second();
}

/* A token carries plain data too. */
static void wait_plain(void)
{
    par__parker_park(parker);
    MODEL_CHECK(result == 1);
}

static void give_plain(void)
{
    result = 1;
    par__parker_unpark(parker);
}

static void token_is_gone(void)
{
    MODEL_CHECK(parker->word == 0);
}

static void nobody_parked(void)
{
    MODEL_CHECK(parker->word != 1);
}

const model_test_t tests_park[] = {
    {"park_latch", begin, {wait_latch, set_latch}, nobody_parked, BOUND(6, 4, 1, 2, 0), 0, 0},
    {"park_latch_stray_token",
     begin,
     {wait_latch, set_latch, unpark_for_nothing},
     nobody_parked,
     BOUND(4, 2, 0, 1, 0),
     0,
     0},
    {"park_latch_twice",
     begin,
     {wait_latch_twice, set_latch_twice},
     nobody_parked,
     BOUND(4, 2, 0, 1, 0),
     0,
     0},
    {"park_latch_thief",
     begin,
     {wait_latch_knowing, set_latch},
     nobody_parked,
     BOUND(5, 3, 0, 1, 0),
     0,
     0},
    {"park_two_tokens",
     begin,
     {wait_both, give_first, give_second},
     nobody_parked,
     BOUND(4, 2, 0, 1, 0),
     0,
     0},
    {"park_two_tokens_of_one",
     begin,
     {wait_both, give_both},
     nobody_parked,
     BOUND(6, 3, 0, 2, 0),
     0,
     0},
    {"park_plain", begin, {wait_plain, give_plain}, token_is_gone, BOUND(6, 3, 0, 2, 0), 0, 0},
    {0},
};
