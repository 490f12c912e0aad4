/* atomic.h - the model's twin of src/atomic.h: the same names and the same guard, so that the file
 * of the core is skipped. Every operation is a call into the model (memory.c). */
#ifndef PAR_ATOMIC_H
#define PAR_ATOMIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model.h"

/* An atomic field is a plain one here: the model keeps what each thread may see of it elsewhere. */
#define _Atomic(T) T

#define MODEL_LOAD(p, o)      ((__typeof__(*(p)))model_load((p), sizeof *(p), o))
#define MODEL_STORE(p, v, o)  model_store((p), sizeof *(p), (uint64_t)(v), o)
#define MODEL_RMW(p, k, v, o) ((__typeof__(*(p)))model_rmw((p), sizeof *(p), k, (uint64_t)(v), o))

#define load_relaxed(p) MODEL_LOAD(p, MODEL_RELAXED)
#define load_acquire(p) MODEL_LOAD(p, MODEL_ACQUIRE)
#define load_seq_cst(p) MODEL_LOAD(p, MODEL_SEQ_CST)

#define store_relaxed(p, v) MODEL_STORE(p, v, MODEL_RELAXED)
#define store_release(p, v) MODEL_STORE(p, v, MODEL_RELEASE)
#define store_seq_cst(p, v) MODEL_STORE(p, v, MODEL_SEQ_CST)

#define add_relaxed(p, v) MODEL_RMW(p, MODEL_ADD, v, MODEL_RELAXED)
#define add_acq_rel(p, v) MODEL_RMW(p, MODEL_ADD, v, MODEL_ACQ_REL)
#define add_seq_cst(p, v) MODEL_RMW(p, MODEL_ADD, v, MODEL_SEQ_CST)
#define or_seq_cst(p, v)  MODEL_RMW(p, MODEL_OR, v, MODEL_SEQ_CST)
#define and_seq_cst(p, v) MODEL_RMW(p, MODEL_AND, v, MODEL_SEQ_CST)

#define swap_acq_rel(p, v) MODEL_RMW(p, MODEL_SWAP, v, MODEL_ACQ_REL)
#define swap_seq_cst(p, v) MODEL_RMW(p, MODEL_SWAP, v, MODEL_SEQ_CST)

#define cas_acq_rel(p, expected, v)                                                                \
    model_cas((p), sizeof *(p), (expected), (uint64_t)(v), MODEL_ACQ_REL, MODEL_ACQUIRE)
#define cas_seq_cst(p, expected, v)                                                                \
    model_cas((p), sizeof *(p), (expected), (uint64_t)(v), MODEL_SEQ_CST, MODEL_SEQ_CST)

#define view_load_relaxed(p)     load_relaxed(p)
#define view_load_acquire(p)     load_acquire(p)
#define view_store_relaxed(p, v) store_relaxed(p, v)
#define view_or_acq_rel(p, v)    MODEL_RMW(p, MODEL_OR, v, MODEL_ACQ_REL)
#define view_swap_acq_rel(p, v)  MODEL_RMW(p, MODEL_SWAP, v, MODEL_ACQ_REL)

/* Not in the core today: what the litmus tests, and mutants that weaken an order, need besides. */
#define add_release(p, v)       MODEL_RMW(p, MODEL_ADD, v, MODEL_RELEASE)
#define add_acquire(p, v)       MODEL_RMW(p, MODEL_ADD, v, MODEL_ACQUIRE)
#define or_relaxed(p, v)        MODEL_RMW(p, MODEL_OR, v, MODEL_RELAXED)
#define or_acq_rel(p, v)        MODEL_RMW(p, MODEL_OR, v, MODEL_ACQ_REL)
#define and_relaxed(p, v)       MODEL_RMW(p, MODEL_AND, v, MODEL_RELAXED)
#define and_acq_rel(p, v)       MODEL_RMW(p, MODEL_AND, v, MODEL_ACQ_REL)
#define swap_relaxed(p, v)      MODEL_RMW(p, MODEL_SWAP, v, MODEL_RELAXED)
#define swap_acquire(p, v)      MODEL_RMW(p, MODEL_SWAP, v, MODEL_ACQUIRE)
#define swap_release(p, v)      MODEL_RMW(p, MODEL_SWAP, v, MODEL_RELEASE)
#define view_or_relaxed(p, v)   MODEL_RMW(p, MODEL_OR, v, MODEL_RELAXED)
#define view_or_acquire(p, v)   MODEL_RMW(p, MODEL_OR, v, MODEL_ACQUIRE)
#define view_swap_relaxed(p, v) MODEL_RMW(p, MODEL_SWAP, v, MODEL_RELAXED)
#define view_swap_acquire(p, v) MODEL_RMW(p, MODEL_SWAP, v, MODEL_ACQUIRE)
#define view_swap_release(p, v) MODEL_RMW(p, MODEL_SWAP, v, MODEL_RELEASE)
#define MODEL_CAS(p, e, v, o)   model_cas((p), sizeof *(p), (e), (uint64_t)(v), o, MODEL_RELAXED)
#define cas_relaxed(p, e, v)    MODEL_CAS(p, e, v, MODEL_RELAXED)
#define cas_release(p, e, v)    MODEL_CAS(p, e, v, MODEL_RELEASE)
#define cas_acquire(p, e, v)                                                                       \
    model_cas((p), sizeof *(p), (e), (uint64_t)(v), MODEL_ACQUIRE, MODEL_ACQUIRE)
#define fence_acquire() model_fence(MODEL_ACQUIRE)
#define fence_release() model_fence(MODEL_RELEASE)
#define fence_seq_cst() model_fence(MODEL_SEQ_CST)

#endif
