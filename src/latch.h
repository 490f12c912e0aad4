/* latch.h - the state word of a slot: was it stolen, by whom, is it done.
 *
 * The owner of the slot waits, one thief sets. The word is 0 while nobody stole the slot and goes
 * back to 0 before the slot is used again.
 *
 *   0 --thief--> STOLEN --thief--> DONE --owner--> 0
 *   the owner may add ASLEEP before DONE; set() then answers that the owner must be woken
 *
 *   in the child of a fork the thief may not exist any more: LOST, and the owner runs the task
 *
 *   bit 0 STOLEN, 1 DONE, 2 ASLEEP, 3 LOST; 8-27 where the stolen task's forks begin on the thief's stack;
 *   32-47 the thief's id
 *
 * A latch lies in the fork stack of its owner, which lives as long as the pool. Yet after set() the
 * thief must not touch the slot: the owner may be using it again.
 *
 * Orders
 *  L1 result  thief: writes of the task, then swap DONE (release)  ->  owner: load (acquire) sees
 *             DONE. Carries what the task wrote.
 *  L2 asleep  owner: or ASLEEP (rmw)  against  thief: swap DONE (rmw) on the same word: one is first.
 *             If the owner, it reads no DONE and may park, and the thief reads ASLEEP and unparks.
 *             If the thief, the owner reads DONE and does not park.
 *  L3 thief   thief: or STOLEN with its id (release)  ->  owner: load (acquire). The owner reads the
 *             thief's fork stack, whose address never changes; nothing else is carried.
 *             Against or ASLEEP: whoever is second sees the first. The thief wakes an owner that
 *             sleeps; an owner that reads STOLEN looks at the thief's forks before it sleeps. */
#ifndef PAR_LATCH_H
#define PAR_LATCH_H

#include <stdbool.h>

#include <par/join.h>

#include "atomic.h"

enum { PAR__LATCH_STOLEN = 1, PAR__LATCH_DONE = 2, PAR__LATCH_ASLEEP = 4, PAR__LATCH_LOST = 8 };

static inline bool par__latch_is_done(const par_slot_t *slot)
{
    return (view_load_acquire(&slot->state) & PAR__LATCH_DONE) != 0; /* order: L1 */
}

static inline bool par__latch_is_lost(const par_slot_t *slot)
{
    return (view_load_acquire(&slot->state) & PAR__LATCH_LOST) != 0; /* order: L1 */
}

/* The thief says who it is and where on its fork stack the task begins. Returns true if the owner
 * fell asleep before it could know: the caller wakes it, so that it can ask for the task's forks. */
static inline bool par__latch_take(par_slot_t *slot, uint32_t thief, uint32_t base)
{
    uint64_t mark = PAR__LATCH_STOLEN | (uint64_t)base << 8 | (uint64_t)thief << 32;
    return (view_or_acq_rel(&slot->state, mark) & PAR__LATCH_ASLEEP) != 0; /* order: L3 */
}

/* For the owner: true once the thief has said who it is. */
static inline bool par__latch_thief(const par_slot_t *slot, uint32_t *thief, uint32_t *base)
{
    uint64_t state = view_load_acquire(&slot->state); /* order: L3 */
    *thief = (uint32_t)(state >> 32) & 0xffffu;
    *base = (uint32_t)(state >> 8) & 0xfffffu;
    return (state & PAR__LATCH_STOLEN) != 0;
}

/* The owner announces that it goes to sleep. False: do not; the task is done, or a thief whom the owner
 * does not know has come (L3), who may have made forks public already and has told nobody. */
static inline bool par__latch_sleep(par_slot_t *slot, bool knows_thief)
{
    uint64_t old = view_or_acq_rel(&slot->state, (uint64_t)PAR__LATCH_ASLEEP); /* order: L2 */
    return (old & PAR__LATCH_DONE) == 0 && (knows_thief || (old & PAR__LATCH_STOLEN) == 0);
}

/* The task is done. Returns true if the owner sleeps and the caller must wake it. The slot belongs
 * to its owner again when this returns: do not touch it. */
static inline bool par__latch_set(par_slot_t *slot)
{
    uint64_t old = view_swap_acq_rel(&slot->state, (uint64_t)PAR__LATCH_DONE); /* order: L1, L2 */
    return (old & PAR__LATCH_ASLEEP) != 0;
}

/* The child of a fork has no thief for this slot; nobody else runs. */
static inline void par__latch_lose(par_slot_t *slot)
{
    if (!par__latch_is_done(slot))
        view_store_relaxed(&slot->state, (uint64_t)PAR__LATCH_LOST); /* order: none, one thread */
}

/* The owner takes the slot back, after is_done or is_lost. */
static inline void par__latch_reset(par_slot_t *slot)
{
    view_store_relaxed(&slot->state, (uint64_t)0); /* order: F1 publishes it with the next task */
}

#endif
