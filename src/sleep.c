/* sleep.c - see sleep.h and sleep.md. */
#include "sleep.h"

#include "check.h"

#define SLEEPING  ((uint64_t)1)
#define SEARCHING ((uint64_t)1 << 32)

static uint32_t counts_sleeping(uint64_t counts)
{
    return (uint32_t)counts;
}

static uint32_t counts_searching(uint64_t counts)
{
    return (uint32_t)(counts >> 32);
}

enum { N_WORDS = PAR__MAX_THREADS / 64 };

void par__sleep_init(par__sleep_t *sleep)
{
    store_relaxed(&sleep->counts, 0); /* order: none, not shared */
    for (uint32_t i = 0; i < N_WORDS; i++)
        store_relaxed(&sleep->mask[i], 0);    /* order: none, not shared */
    store_relaxed(&sleep->max_searching, 1U); /* order: none, not shared */
    store_relaxed(&sleep->n_useful, 1U);      /* order: none, not shared */
}

void par__sleep_limit(par__sleep_t *sleep, uint32_t n_threads, uint32_t n_cores)
{
    uint32_t useful = n_threads < n_cores ? n_threads : n_cores;
    uint32_t max = useful < 2 ? 1 : (useful + 1) / 2;
    store_relaxed(&sleep->max_searching, max); /* order: none, a hint */
    store_relaxed(&sleep->n_useful, useful);   /* order: none, a hint */
}

bool par__sleep_search(par__sleep_t *sleep)
{
    uint64_t counts = load_relaxed(&sleep->counts);     /* order: S2, the swap decides */
    uint32_t max = load_relaxed(&sleep->max_searching); /* order: none, a hint */
    while (counts_searching(counts) < max) {
        if (cas_seq_cst(&sleep->counts, &counts, counts + SEARCHING)) return true; /* order: S2 */
    }
    return false;
}

void par__sleep_found(par__sleep_t *sleep)
{
    add_seq_cst(&sleep->counts, -SEARCHING); /* order: S2 */
}

void par__sleep_announce(par__sleep_t *sleep, uint32_t id, bool was_searching)
{
    or_seq_cst(&sleep->mask[id / 64], (uint64_t)1 << id % 64);                    /* order: S3 */
    add_seq_cst(&sleep->counts, was_searching ? SLEEPING - SEARCHING : SLEEPING); /* order: S1 */
}

/* Clears the bit of thread id; false if somebody else did. */
static bool mask_clear(par__sleep_t *sleep, uint32_t id)
{
    uint64_t bit = (uint64_t)1 << id % 64;
    return (and_seq_cst(&sleep->mask[id / 64], ~bit) & bit) != 0; /* order: S3 */
}

bool par__sleep_cancel(par__sleep_t *sleep, uint32_t id)
{
    uint64_t counts = load_seq_cst(&sleep->counts); /* order: S2 */
    do {
        if (counts_sleeping(counts) == 0) return false;
    } while (!cas_seq_cst(&sleep->counts, &counts, counts - SLEEPING + SEARCHING)); /* order: S2 */
    if (mask_clear(sleep, id)) return true;
    add_seq_cst(&sleep->counts, SLEEPING - SEARCHING); /* order: S2, gives the permission back */
    return false;
}

bool par__sleep_was_chosen(par__sleep_t *sleep, uint32_t id)
{
    return (load_seq_cst(&sleep->mask[id / 64]) >> id % 64 & 1) == 0; /* order: S3 */
}

/* The first bit set at or after `near`, cleared; there is one, as the caller holds a permission. */
static int mask_pick(par__sleep_t *sleep, uint32_t near)
{
    uint64_t ahead = ~(uint64_t)0 << near % 64;
    for (uint32_t step = 0;; step++) {
        uint32_t i = (near / 64 + step) % N_WORDS;
        uint64_t bits = load_seq_cst(&sleep->mask[i]); /* order: S3, the swap decides */
        if (step == 0) bits &= ahead;
        while (bits != 0) {
            uint32_t id = i * 64 + (uint32_t)__builtin_ctzll(bits);
            if (mask_clear(sleep, id)) return (int)id;
            bits &= bits - 1;
        }
        if (step != 0 && step % N_WORDS == 0) par__cpu_relax();
    }
}

int par__sleep_choose(par__sleep_t *sleep, uint32_t near)
{
    uint64_t counts = load_seq_cst(&sleep->counts); /* order: S1 */
    do {
        if (counts_searching(counts) != 0 || counts_sleeping(counts) == 0) return -1;
    } while (!cas_seq_cst(&sleep->counts, &counts, counts - SLEEPING + SEARCHING)); /* order: S2 */
    return mask_pick(sleep, near < PAR__MAX_THREADS ? near : 0);
}

uint32_t par__sleep_n_idle(par__sleep_t *sleep)
{
    uint64_t counts = load_relaxed(&sleep->counts);     /* order: none, a snapshot */
    uint32_t n_useful = load_relaxed(&sleep->n_useful); /* order: none, a hint */
    uint32_t n_idle = counts_searching(counts) + counts_sleeping(counts);
    return n_idle < n_useful ? n_idle : n_useful;
}

bool par__sleep_is_empty(par__sleep_t *sleep)
{
    return load_seq_cst(&sleep->counts) == 0; /* order: S2 */
}

uint32_t par__sleep_n_searching(par__sleep_t *sleep)
{
    return counts_searching(load_relaxed(&sleep->counts)); /* order: none, a snapshot */
}
