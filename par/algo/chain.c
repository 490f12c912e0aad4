/* chain.c - chunks in order without waiting.
 *
 * Orders, all of accesses to the chain:
 *   C1 folded   fold; state[k] := FOLDED (release)   carry: read state[k] (acquire) -> its fold
 *   C2 carried  carry(k); carried := k + 1 (release) emit: read carried (acquire) -> what carry wrote
 *   C3 emitted  emit; state[k] := EMITTED (release)  read state (acquire) -> input may be overwritten;
 *               emitted (release, acquire) hands that on
 *   C4 carrier  is_carrying is a lock that is tried, never waited for (acquire, release)
 * A chunk that is folded just after the carrier looked, and before it unlocked, may be overlooked. The
 * next fold carries it, or the caller after the join: that costs time, not correctness. */
#include "chain.h"

#include <stdint.h>

#include <par/pool.h>

#include "bridge.h"

/* Half of the second cache of common machines: the results need room too. */
enum { CHUNK_BYTES = 256 * 1024, CHUNK_MIN_BYTES = 16 * 1024 };

/* Chunks that a worker keeps in mind. More would have left its cache anyway. */
enum { MOST_PENDING = 8 };

enum { NEW, CLAIMED, FOLDED, EMITTED };

typedef struct pending_t {
    size_t chunk[MOST_PENDING];
    size_t n;
} pending_t;

static unsigned char state_of(const par__chain_t *chain, size_t k)
{
    return __atomic_load_n(&chain->state[k], __ATOMIC_ACQUIRE); /* C1, C3 */
}

static void state_set(par__chain_t *chain, size_t k, unsigned char state)
{
    __atomic_store_n(&chain->state[k], state, __ATOMIC_RELEASE); /* C1, C3 */
}

static void carry_on(par__chain_t *chain)
{
    if (__atomic_test_and_set(&chain->is_carrying, __ATOMIC_ACQUIRE)) return; /* C4 */
    size_t k = __atomic_load_n(&chain->carried, __ATOMIC_RELAXED);
    while (k < chain->n_chunks && state_of(chain, k) >= FOLDED)
        chain->carry(chain, k++);
    __atomic_store_n(&chain->carried, k, __ATOMIC_RELEASE); /* C2 */
    __atomic_clear(&chain->is_carrying, __ATOMIC_RELEASE);  /* C4 */
}

static bool is_carried(const par__chain_t *chain, size_t k)
{
    return __atomic_load_n(&chain->carried, __ATOMIC_ACQUIRE) > k; /* C2 */
}

/* Several may do so at a time: each writes a bound that holds. */
static size_t emitted_count(par__chain_t *chain)
{
    size_t k = __atomic_load_n(&chain->emitted, __ATOMIC_ACQUIRE); /* C3 */
    size_t old = k;
    while (k < chain->n_chunks && state_of(chain, k) == EMITTED)
        k++;
    if (k != old) __atomic_store_n(&chain->emitted, k, __ATOMIC_RELEASE); /* C3 */
    return k;
}

static bool may_emit(par__chain_t *chain, size_t k)
{
    if (!is_carried(chain, k)) return false;
    if (chain->overwrites == NULL) return true;
    size_t first, last;
    chain->overwrites(chain, k, &first, &last);
    if (emitted_count(chain) >= k) return true;
    for (; first < last && first < k; first++)
        if (state_of(chain, first) != EMITTED) return false;
    return true;
}

static bool claim_try(par__chain_t *chain, size_t k)
{
    unsigned char state = NEW;
    return __atomic_load_n(&chain->state[k], __ATOMIC_RELAXED) == NEW &&
           __atomic_compare_exchange_n(&chain->state[k], &state, CLAIMED, 0, __ATOMIC_RELAXED,
                                       __ATOMIC_RELAXED);
}

/* Claims the first chunk from k on that nobody has; n_chunks if there is none. */
static size_t claim_from(par__chain_t *chain, size_t k)
{
    while (k < chain->n_chunks && !claim_try(chain, k))
        k++;
    return k;
}

/* Claims a chunk, the one whose turn it is if possible. next is only where to look first. */
static size_t claim(par__chain_t *chain, bool *is_first)
{
    size_t first = __atomic_load_n(&chain->carried, __ATOMIC_ACQUIRE); /* C2 */
    *is_first = first < chain->n_chunks && claim_try(chain, first);
    if (*is_first) return first;
    size_t next = __atomic_load_n(&chain->next, __ATOMIC_RELAXED);
    size_t k = claim_from(chain, next > first ? next : first + 1);
    __atomic_store_n(&chain->next, k, __ATOMIC_RELAXED);
    return k < chain->n_chunks ? k : claim_from(chain, first);
}

static void pending_emit(par__chain_t *chain, pending_t *pending, size_t next)
{
    size_t left = 0;
    for (size_t i = 0; i < pending->n; i++) {
        size_t k = pending->chunk[i];
        if (may_emit(chain, k)) {
            chain->emit(chain, k, next);
            state_set(chain, k, EMITTED);
        } else {
            pending->chunk[left++] = k;
        }
    }
    pending->n = left;
}

static void pending_add(pending_t *pending, size_t k)
{
    if (pending->n == MOST_PENDING) {
        for (size_t i = 1; i < MOST_PENDING; i++)
            pending->chunk[i - 1] = pending->chunk[i];
        pending->n--;
    }
    pending->chunk[pending->n++] = k;
}

static void session_run(par__chain_t *chain)
{
    pending_t pending = {{0}, 0};
    bool is_first;
    size_t next = claim(chain, &is_first);
    while (next < chain->n_chunks) {
        size_t k = next;
        if (is_first && chain->direct != NULL &&
            (chain->overwrites == NULL || emitted_count(chain) == k)) {
            chain->direct(chain, k);
            state_set(chain, k, EMITTED);
        } else {
            chain->fold(chain, k);
            state_set(chain, k, FOLDED);
            pending_add(&pending, k);
        }
        carry_on(chain);
        next = claim(chain, &is_first);
        pending_emit(chain, &pending, next);
    }
}

typedef struct operation_t {
    par__op_t op; /* first: the bridge hands it back */
    par__chain_t *chain;
} operation_t;

static void sessions_run(const par__op_t *op, void *acc, size_t first, size_t last)
{
    (void)acc;
    for (; first < last; first++)
        session_run(((const operation_t *)op)->chain);
}

static void rest_run(const par__op_t *op, void *acc, size_t first, size_t last)
{
    par__chain_t *chain = ((const operation_t *)op)->chain;
    (void)acc;
    for (; first < last; first++)
        if (state_of(chain, first) != EMITTED) chain->emit(chain, first, chain->n_chunks);
}

static void operation_run(par__chain_t *chain, par__run_fn *run, size_t n_units)
{
    operation_t o = {.chain = chain};
    o.op.run = run;
    o.op.n_units = n_units;
    o.op.key = (uintptr_t)run;
    o.op.batch = 1;
    par__bridge_run(&o.op, NULL);
}

void par__chain_run(par__chain_t *chain)
{
    if (chain->n_chunks == 0) return;
    size_t workers = par_num_workers();
    operation_run(chain, sessions_run, workers < chain->n_chunks ? workers : chain->n_chunks);
    carry_on(chain);
    size_t left = chain->n_chunks - emitted_count(chain);
    if (left == 0) return;
    if (chain->overwrites == NULL)
        operation_run(chain, rest_run, chain->n_chunks);
    else /* from left to right, so that each overwrites what has been read */
        rest_run(&(operation_t){.chain = chain}.op, NULL, 0, chain->n_chunks);
}

size_t par__chain_chunk(size_t n, size_t size, size_t step)
{
    size_t most = CHUNK_BYTES / (size > 0 ? size : 1),
           least = CHUNK_MIN_BYTES / (size > 0 ? size : 1);
    size_t chunk = n / (4 * (size_t)par_num_workers());
    if (chunk > most) chunk = most;
    if (chunk < least) chunk = least;
    return chunk < step ? step : chunk - chunk % step;
}
