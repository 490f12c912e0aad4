/* chain.h - two passes over an array whose second pass needs to know what stands before: scans and
 * filters.
 *
 * The array is cut into chunks that fit into the second cache. A worker folds a chunk (pass 1: how much
 * it holds), the folds are carried from left to right (what stands before each chunk), and the worker
 * emits the chunk (pass 2: writes its results), reading it from its cache.
 *
 *     carried   chunks below are carried: what stands before them, and before the next one, is known
 *     emitted   chunks below are emitted; others may be too
 *
 *     0 ...... emitted ...... carried ...... n_chunks
 *
 * Nobody waits for a stranger, who may have lost his core in the middle of a chunk. Who cannot emit a
 * chunk, because an earlier one is not folded yet, keeps it in mind, claims another one and looks again
 * after that. What is still left when all chunks are claimed is emitted after the join. Carrying is one
 * worker's at a time; who finds another one at it leaves it to him.
 *
 * A chunk whose turn it is when it is claimed needs no pass of its own: direct does all at once. So one
 * worker reads everything once, as a serial loop does, and of P workers one does most of the time.
 *
 * Rejected: a parallel loop a pass (the second pass reads everything from memory again); the same for
 * blocks of P chunks (two joins a block, and whoever is late delays all); waiting for the predecessor
 * as GPUs do (on a busy machine for a whole time slice); leaving more chunks in front to who works directly
 * (the others then keep more in mind than their caches hold). */
#ifndef PAR_CHAIN_H
#define PAR_CHAIN_H

#include <stdbool.h>
#include <stddef.h>

typedef struct par__chain_t par__chain_t;
typedef void par__chunk_fn(par__chain_t *chain, size_t k);
/* next: the chunk that this worker folds after it, n_chunks if there is none. Emitting leaves the ways
 * from memory idle, so it is the time to fetch that. */
typedef void par__emit_fn(par__chain_t *chain, size_t k, size_t next);

struct par__chain_t {
    /* C: set before the run */
    size_t n_chunks;
    par__chunk_fn
        *fold; /* on any worker, in any order; must not write what emit of another reads */
    par__chunk_fn
        *carry; /* k = 0, 1, ...: one after the other, each after fold or direct of chunk k */
    par__emit_fn *emit;    /* on any worker, after fold and carry of chunk k */
    par__chunk_fn *direct; /* fold and emit at once, after carry of all before; may be NULL */
    /* NULL, or for an emit that overwrites input: *first <= j < *last are chunks whose input emit of
     * chunk k writes to. Those before k must have been emitted, and for direct all before k. Asked when
     * emit could run otherwise. */
    void (*overwrites)(const par__chain_t *chain, size_t k, size_t *first, size_t *last);

    unsigned char *state; /* A: of each chunk; n_chunks zeros at the start */

    /* The run's own; zero at the start. */
    size_t next;      /* A: where to look for a chunk that nobody has; only a hint */
    size_t carried;   /* A, written by who carries */
    size_t emitted;   /* A: a lower bound */
    bool is_carrying; /* A */
};

/* Runs all chunks on the workers of the current pool and returns when they are emitted. */
void par__chain_run(par__chain_t *chain);

/* The chunk size in items for n items of so many bytes: what fits into the second cache, or less for
 * about four chunks a worker; a multiple of step. */
size_t par__chain_chunk(size_t n, size_t size, size_t step);

/* How many chunks of so many items n items are: 0 for none. */
static inline size_t par__chain_count(size_t n, size_t chunk)
{
    return n / chunk + (n % chunk != 0);
}

#endif
