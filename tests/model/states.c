/* states.c - where the search has been before: an execution that comes to such a state ends there.
 *
 * The state is what led to it, without the order of steps that do not depend on each other: a thread
 * is the chain of what it has read, chosen and done; a store is its writer's chain at that moment; a
 * location is the chain of its stores. Threads are deterministic and races are failures, so equal
 * chains mean equal memory, equal views and equal stacks. What only the search knows belongs to it
 * too: whose turn it is, who spins, and how much of each bound is used up. Only 59 bits of it are
 * kept, so that two states are taken for one has a probability below states * states / 2^60. */
#include <stdlib.h>

#include "engine.h"

enum { FIRST_BITS = 16, LAST_BITS = 25, COSTS = 32 };

/* Open addressing; 0 = free. The last digit is 1 + the fewest preemptions that led to the state: whoever
 * comes with as many or more can do nothing new. */
static uint64_t *table;
static unsigned bits;
static size_t n_known;

uint64_t model__mix(uint64_t a, uint64_t b)
{
    uint64_t x = (a ^ (b + 0x9e3779b97f4a7c15u)) * 0xbf58476d1ce4e5b9u;
    x ^= x >> 29;
    x = (x + b) * 0x94d049bb133111ebu;
    return x ^ x >> 32;
}

void model__note(uint64_t what)
{
    thread_t *t = &run.threads[run.self];
    t->history = model__mix(t->history, what);
}

/* ---- the set of states ---- */

void model__states_reset(void)
{
    free(table);
    bits = FIRST_BITS;
    n_known = 0;
    table = calloc((size_t)1 << bits, sizeof table[0]);
    if (table == NULL) abort();
}

static uint64_t *table_place(uint64_t state)
{
    size_t i = (size_t)(state >> (64 - bits));
    while (table[i] != 0 && table[i] / COSTS != state / COSTS)
        i = (i + 1) & (((size_t)1 << bits) - 1);
    return &table[i];
}

static void table_grow(void)
{
    uint64_t *old = table;
    size_t n = (size_t)1 << bits;
    table = calloc(n * 2, sizeof table[0]);
    if (table == NULL) abort();
    bits++;
    for (size_t i = 0; i < n; i++)
        if (old[i] != 0) *table_place(old[i]) = old[i];
    free(old);
}

/* Adds it; false if it was there at the same cost or at less. A table that is full takes no more, and
 * only what is in it is known then. */
static bool table_add(uint64_t state, unsigned cost)
{
    state = state / COSTS * COSTS | (cost + 1); /* so that it is never 0 */
    uint64_t *place = table_place(state);
    if (*place != 0) {
        if (*place <= state) return false;
        *place = state;
        return true;
    }
    if (n_known >= ((size_t)1 << bits) / 4 * 3) {
        if (bits == LAST_BITS) return true;
        table_grow();
        place = table_place(state);
    }
    *place = state;
    n_known++;
    return true;
}

/* ---- this state ---- */

static uint64_t history_all(void)
{
    uint64_t state = model__memory_history();
    for (unsigned i = 1; i <= run.n_threads; i++)
        state = model__mix(state, run.threads[i].history);
    return state;
}

static uint64_t turn(const thread_t *t)
{
    unsigned has_news = t->state == YIELDED && run.writes > t->yielded_at;
    unsigned is_last_chance = t->chance_at == run.writes + 1;
    return (uint64_t)t->state << 2 | has_news << 1 | is_last_chance;
}

bool model__state_is_new(unsigned where)
{
    const model_bounds_t *used = &run.used;
    uint64_t turns = where;
    for (unsigned i = 1; i <= run.n_threads; i++)
        turns = turns << 5 | turn(&run.threads[i]);
    uint64_t bounds = run.self;
    bounds = bounds << 8 | used->stale;
    bounds = bounds << 8 | used->late;
    bounds = bounds << 8 | used->spurious;
    bounds = bounds << 8 | used->no_memory;
    if (used->preemptions > COSTS - 2) return true;
    return table_add(model__mix(model__mix(history_all(), turns), bounds), used->preemptions);
}

bool model__end_is_new(void)
{
    return table_add(model__mix(history_all(), UINT64_MAX), 0);
}
