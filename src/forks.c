/* forks.c - the slow paths of the fork deque; forks.h has the picture and the orders. */
#include "forks.h"

#include "check.h"
#include "latch.h"
#include "os.h"

/* Each fork that waits needs a frame of the program's stack, and few frames are smaller than a
 * slot; so this covers a thread stack of 4 MiB to the end. Beyond it forks run in place. */
enum { MAX_SLOTS = sizeof(void *) >= 8 ? 1 << 16 : 1 << 13, MIN_SLOTS = 1 << 8 };

#define FIELD    ((uint64_t)0xfffff)
#define SPLIT_AT 20
#define EPOCH_AT 40

static uint32_t word_top(uint64_t word)
{
    return (uint32_t)(word & FIELD);
}

static uint32_t word_split(uint64_t word)
{
    return (uint32_t)(word >> SPLIT_AT & FIELD);
}

static uint64_t word_with(uint64_t word, uint32_t top, uint32_t split)
{
    return word >> EPOCH_AT << EPOCH_AT | (uint64_t)split << SPLIT_AT | top;
}

/* More, please: the next push or take of the owner is slow. */
static void ask(par__forks_t *forks)
{
    view_store_relaxed(&forks->view.limit, (uintptr_t)0); /* order: F3 */
    view_store_relaxed(&forks->view.floor, UINTPTR_MAX);  /* order: F3 */
}

/* Pushes and takes above split are fast again; while the stack is full, takes are not. */
static void unask(par__forks_t *forks, uint32_t split)
{
    par_slot_t *floor = forks->base + split;
    bool is_full = par__forks_is_full(forks);
    view_store_relaxed(&forks->view.limit, (uintptr_t)forks->view.end); /* order: F3 */
    view_store_relaxed(&forks->view.floor,
                       is_full ? UINTPTR_MAX : (uintptr_t)floor); /* order: F3 */
}

/* The base of a stack that could not be mapped: full from the start, never touched. */
static par_slot_t no_slots[1];

void par__forks_init(par__forks_t *forks)
{
    size_t slots = MAX_SLOTS;
    do {
        forks->map_bytes = slots * sizeof(par_slot_t);
        forks->base = par__os_map(forks->map_bytes);
        slots /= 4;
    } while (forks->base == NULL && slots >= MIN_SLOTS);
    if (forks->base == NULL) {
        forks->base = no_slots;
        forks->map_bytes = 0;
    }
    forks->view.end = forks->base + forks->map_bytes / sizeof(par_slot_t);
    forks->view.head = forks->base;
    forks->split = 0;
    forks->has_published = false;
    forks->has_thieves = true;
    store_relaxed(&forks->word, 0); /* order: F0 */
    ask(forks);
}

void par__forks_destroy(par__forks_t *forks)
{
    if (forks->map_bytes != 0) par__os_unmap(forks->base, forks->map_bytes);
    forks->map_bytes = 0;
}

void par__forks_rest(par__forks_t *forks)
{
    PAR__ASSERT(forks->view.head == forks->base && forks->split == 0);
    ask(forks);
}

void par__forks_run_alone(par__forks_t *forks)
{
    unask(forks, forks->split == 0 ? 1 : forks->split);
}

void par__forks_overflow(par__forks_t *forks)
{
    PAR__ASSERT(par__forks_is_full(forks));
    view_store_relaxed(&forks->view.floor, UINTPTR_MAX); /* order: F3, as a request of our own */
}

static bool publish_until(par__forks_t *forks, uint32_t split)
{
    uint64_t more = split - forks->split;
    if (more == 0) return false;
    forks->split = split;
    forks->has_published = true;
    unask(forks, split);
    add_seq_cst(&forks->word, more << SPLIT_AT); /* order: F1, F5 */
    return true;
}

bool par__forks_publish_half(par__forks_t *forks)
{
    uint32_t depth = par__forks_depth(forks);
    return publish_until(forks, forks->split + (depth - forks->split + 1) / 2);
}

bool par__forks_publish_all(par__forks_t *forks)
{
    return publish_until(forks, par__forks_depth(forks));
}

uint32_t par__forks_n_public(par__forks_t *forks)
{
    uint64_t word = load_relaxed(&forks->word); /* order: none, a snapshot */
    return word_split(word) - word_top(word);
}

void par__forks_stay_asked(par__forks_t *forks)
{
    ask(forks);
}

bool par__forks_take(par__forks_t *forks, par_slot_t *slot)
{
    uint32_t index = (uint32_t)(slot - forks->base);
    forks->view.head = slot;
    if (index >= forks->split) { /* private: a thief has asked; give it some of the rest */
        par__forks_publish_half(forks);
        return true;
    }
    uint64_t word = load_acquire(&forks->word); /* order: F2 */
    for (;;) {
        uint32_t top = word_top(word);
        if (top > index) {
            forks->view.head = slot + 1;
            ask(forks); /* a failed swap below may have overwritten the thief's request */
            return false;
        }
        /* Half of the public slots below stay public, so that thieves do not run dry. */
        uint32_t split = top + (index - top + 1) / 2;
        if (split == top)
            ask(forks);
        else
            unask(forks, split);
        if (cas_acq_rel(&forks->word, &word, word_with(word, top, split))) { /* order: F2, F3 */
            forks->split = split;
            return true;
        }
    }
}

void par__forks_forget(par__forks_t *forks, par_slot_t *slot)
{
    uint32_t index = (uint32_t)(slot - forks->base);
    par__latch_reset(slot);
    forks->view.head = slot;
    forks->split = index;
    uint64_t word = load_relaxed(&forks->word); /* order: F0, all public slots are stolen */
    PAR__ASSERT(word_top(word) == index + 1 && word_split(word) == index + 1);
    store_release(&forks->word, word_with(word, index, index)); /* order: F0, F4 keeps the epoch */
    ask(forks);
}

bool par__forks_offers(uint64_t word, uint32_t min_index)
{
    return word_top(word) < word_split(word) && word_top(word) >= min_index;
}

par__steal_t par__forks_steal(par__forks_t *victim, uint64_t word, par_slot_t **out)
{
    uint32_t top = word_top(word);
    uint32_t split = word_split(word);
    if (!cas_acq_rel(&victim->word, &word, word + 1)) return PAR__STEAL_RETRY; /* order: F1, F2 */
    if (top + 1 == split) ask(victim);
    *out = victim->base + top;
    return PAR__STEAL_OK;
}

bool par__forks_has_public(par__forks_t *forks)
{
    uint64_t word = load_seq_cst(&forks->word); /* order: F5 */
    return word_top(word) < word_split(word);
}

void par__forks_end_stolen(par__forks_t *forks)
{
    add_acq_rel(&forks->word, (uint64_t)1 << EPOCH_AT); /* order: F4 */
}

void par__forks_lose_thieves(par__forks_t *forks)
{
    uint32_t top = word_top(load_relaxed(&forks->word)); /* order: none, one thread */
    for (uint32_t i = 0; i < top; i++)
        par__latch_lose(forks->base + i);
}
