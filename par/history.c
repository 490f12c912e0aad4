/* history.c - a table of debts, one for each body and order of magnitude.
 *
 * A loop that is run as a trial puts its first unit at risk: the others wait for it. A loop that is
 * offered at once and turns out tiny wastes what the offer cost. A debt is the time that may still
 * be wasted in this way before a trial is run; it begins with a little, becomes the length of
 * the first unit whenever a loop was not tiny, and is paid by tiny loops that were offered. So what
 * the trials lose is at most what the offers cost, plus one first unit, plus the beginning.
 *
 * Two loops that share an entry only disturb each other's guess. An entry is one word, read and
 * written relaxed: a lost update is a lost observation. */
#include "history.h"

#include "clock.h"

enum { N_ENTRIES = 256, DEBT_BITS = 48 };

/* A new body may waste this much before it is tried alone: one wake-up or some warm offers. */
#define FIRST_DEBT_US 4
/* Longer than this in all is not tiny, whatever this worker spent in the body. */
#define WASTE_MAX_US 40

#define DEBT_MASK (((uint64_t)1 << DEBT_BITS) - 1)

/* High bits: a tag. Low bits: the debt in ticks. */
static uint64_t table[N_ENTRIES];

static uint64_t hash(uintptr_t key, size_t n_units)
{
    unsigned magnitude = 63u - (unsigned)__builtin_clzll((unsigned long long)n_units | 1u);
    return ((uint64_t)key + magnitude) * 0x9e3779b97f4a7c15u;
}

static uint64_t *entry_of(uint64_t h)
{
    return &table[h >> 40 & (N_ENTRIES - 1)];
}

static uint64_t tag_of(uint64_t h)
{
    return h & ~DEBT_MASK;
}

static uint64_t debt_of(uint64_t h)
{
    uint64_t entry = __atomic_load_n(entry_of(h), __ATOMIC_RELAXED);
    if ((entry & ~DEBT_MASK) != tag_of(h)) return FIRST_DEBT_US * par__clock_us();
    return entry & DEBT_MASK;
}

static void set_debt(uint64_t h, uint64_t debt)
{
    if (debt > DEBT_MASK) debt = DEBT_MASK;
    __atomic_store_n(entry_of(h), tag_of(h) | debt, __ATOMIC_RELAXED);
}

bool par__history_is_tiny(uintptr_t key, size_t n_units)
{
    return debt_of(hash(key, n_units)) == 0;
}

void par__history_learn(
    uintptr_t key, size_t n_units, bool was_trial, const par__pace_t *pace, uint64_t ticks)
{
    uint64_t us = par__clock_us();
    uint64_t h = hash(key, n_units);
    uint64_t debt = debt_of(h);
    if (pace->spent_ticks > PAR__TINY_US * us || ticks > WASTE_MAX_US * us) {
        uint64_t risk = pace->first_ticks;
        if (risk < FIRST_DEBT_US * us) risk = FIRST_DEBT_US * us;
        if (debt < risk) set_debt(h, risk);
    } else if (!was_trial && debt > 0) {
        uint64_t wasted = ticks > pace->spent_ticks ? ticks - pace->spent_ticks : 1;
        set_debt(h, debt > wasted ? debt - wasted : 0);
    }
}
