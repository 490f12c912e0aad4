/* forks.h - the deque of forks: what par_join pushes and takes, and thieves steal.
 *
 * A stack of slots. The owner works at the upper end; slots below `split` are public, and thieves
 * take the lowest public one by compare-and-swap, as in a Chase-Lev deque. Slots above are private:
 * the owner pushes and takes them without a fence, a locked instruction or a call (par/join.h).
 *
 *     base          top            split          head             end
 *      | stolen ...  | public ...   | private ...  | free ...       |
 *
 * The border moves only in the slow paths here, which the owner enters
 *   - at a push when nothing public is left (limit is 0): it makes the older half public;
 *   - at a take when a thief has asked (floor is the highest address): the same;
 *   - at a take of a public slot: it takes half of the public ones back, or finds its slot stolen.
 * Whoever empties the public part, thief or owner, makes limit 0 and floor the highest address:
 * that is the request for more. So: public part empty => the next push or take is slow.
 *
 * A slot keeps its place until it is joined, because joins nest: its index is the depth. So top,
 * unlike Chase and Lev's, goes back when a stolen slot is joined, and one word holds top, split and
 * an epoch, so that a thief's compare-and-swap sees all of them at once:
 *
 *   word: bits 0-19 top, 20-39 split, 40-63 epoch       invariant: top <= split <= head - base
 *
 * A thief whose compare-and-swap succeeds owns slot top, whatever happened since it read the word:
 * the same bits again mean that slot top is public now, and the slot is read only afterwards. The
 * epoch counts the stolen tasks that the owner of this stack has finished; it makes "slot top
 * belongs to a task of mine that you run" checkable (F4).
 *
 * Fields: C const after init, O owner only, A atomic.
 *
 * Orders
 *  F0 owner    Only the owner writes split and, while the public part is empty, the word; it needs
 *              no order to read them back.
 *  F1 publish  owner: slot and everything before, then add split (release)  ->  thief: cas top
 *              (acquire). Other thieves' swaps in between continue the release sequence.
 *  F2 claim    owner's cas split downwards against thief's cas top: one word, one winner.
 *  F3 request  thief: cas top that empties the public part, then limit, floor := ask (relaxed).
 *              owner: limit, floor := border (relaxed), then add split or swap it downwards
 *              (release). The thief's write is later in the order of each word because it acquired
 *              the add: the owner cannot overwrite a request for what it has published. A request
 *              that comes late is one slow path too many. A push that read limit just before the
 *              request stays private until the owner's next push or take: that costs time, never
 *              correctness.
 *  F4 epoch    thief: read word (acquire), read that task X is not done (L1, W2), cas word. The
 *              owner of this stack finishes a task that it stole by add epoch (release), then says
 *              that it is done. If the cas succeeds, X was running when the word was read and is
 *              running still: a slot above X's base is a fork of X.
 *  F5 idle     owner: add split (seq_cst), read idle counts (seq_cst); sleeper: change counts
 *              (seq_cst), read word (seq_cst): src/sleep.md. */
#ifndef PAR_FORKS_H
#define PAR_FORKS_H

#include <stdbool.h>

#include <par/join.h>

#include "atomic.h"
#include "platform.h"

typedef struct par__forks_t {
    par_worker_t view; /* head, stolen O; limit, floor A (F3); end C. par_worker_self points here */
    PAR__ALIGNED(64) par_slot_t *base; /* C */
    size_t map_bytes;                  /* C: what base maps */
    uint32_t split;                    /* O: the word's split */
    bool has_published;                /* O: since par__forks_watch */
    bool has_thieves;                  /* O: false = nobody can steal: never ask, never publish */
    PAR__ALIGNED(PAR__CACHELINE) _Atomic(uint64_t) word; /* A (F1, F2, F4, F5) */
} par__forks_t;

typedef enum par__steal_t { PAR__STEAL_EMPTY, PAR__STEAL_RETRY, PAR__STEAL_OK } par__steal_t;

/* Maps the slots; on failure the stack has room for nothing and every fork runs in place. */
void par__forks_init(par__forks_t *forks);
void par__forks_destroy(par__forks_t *forks);

/* At rest: the next push is slow, so that the worker can look at what changed meanwhile. */
PAR__NEAR void par__forks_rest(par__forks_t *forks);

/* Nobody can steal: everything private, no slow path until the stack is full, or empty again. */
void par__forks_run_alone(par__forks_t *forks);

/* A typed task is forked above the end, where no slot is: it runs in place, and its sync must be
 * slow, to find that out by the address. So floor is the highest address from here on and until a slot
 * below the end is taken: while the stack is full (head stays at the end for as long as such a fork
 * is open, as forks nest) nothing lowers it. */
void par__forks_overflow(par__forks_t *forks);

/* Everything that is private becomes public, or the older half of it. False: nothing was private.
 * True: the caller tells those who may sleep (F5). */
bool par__forks_publish_all(par__forks_t *forks);
PAR__NEAR bool par__forks_publish_half(par__forks_t *forks);

/* Slots that are public now, a snapshot. */
PAR__NEAR uint32_t par__forks_n_public(par__forks_t *forks);

/* The owner wants its next push or take to be slow. */
PAR__NEAR void par__forks_stay_asked(par__forks_t *forks);

/* The owner wants slot back, the uppermost of its stack. True: it is private now, head is at it.
 * False: a thief has it; head is above it, so that the owner can work while it waits; call
 * par__forks_forget when the thief is done. */
PAR__NEAR bool par__forks_take(par__forks_t *forks, par_slot_t *slot);
void par__forks_forget(par__forks_t *forks, par_slot_t *slot);

/* For thieves, in three steps, so that conditions can be read in between: look at the word; is there
 * a public slot at or above min_index in it; take the lowest public slot if the word is still the
 * same. RETRY: it was not. */
static inline uint64_t par__forks_look(par__forks_t *victim)
{
    return load_seq_cst(&victim->word); /* order: F1, F4, W1 */
}
bool par__forks_offers(uint64_t word, uint32_t min_index);
par__steal_t par__forks_steal(par__forks_t *victim, uint64_t word, par_slot_t **out);

/* Is anything public? For the last look before sleeping. */
bool par__forks_has_public(par__forks_t *forks);

/* The owner has finished a task that it stole (F4); before the latch of that task is set. */
void par__forks_end_stolen(par__forks_t *forks);

/* Notes from here on whether anything becomes public; returns what was noted before. */
static inline bool par__forks_watch(par__forks_t *forks, bool has_published)
{
    bool before = forks->has_published;
    forks->has_published = has_published;
    return before;
}

/* In the child of a fork, where no other thread runs: stolen slots of this stack are lost. */
void par__forks_lose_thieves(par__forks_t *forks);

static inline uint32_t par__forks_depth(const par__forks_t *forks)
{
    return (uint32_t)(forks->view.head - forks->base);
}

static inline bool par__forks_is_full(const par__forks_t *forks)
{
    return forks->view.head == forks->view.end;
}

#endif
