/* atomic.h - src/atomic.h with a scheduling point before each operation: the points at which the model
 * checker switches threads. Included before everything else (-include), so the guard of the real one
 * keeps it out of the sources that ask for it again. */
#ifndef PAR_STRESS_ATOMIC_H
#define PAR_STRESS_ATOMIC_H

#include "../../src/atomic.h"

#include "shake.h"

#undef load_relaxed
#undef load_acquire
#undef load_seq_cst
#undef store_relaxed
#undef store_release
#undef store_seq_cst
#undef add_acq_rel
#undef add_seq_cst
#undef or_seq_cst
#undef and_seq_cst
#undef swap_acq_rel
#undef swap_seq_cst
#undef cas_acq_rel
#undef cas_seq_cst
#undef view_load_acquire
#undef view_or_acq_rel
#undef view_swap_acq_rel

#define load_relaxed(p)     (shake(), atomic_load_explicit((p), memory_order_relaxed))
#define load_acquire(p)     (shake(), atomic_load_explicit((p), memory_order_acquire))
#define load_seq_cst(p)     (shake(), atomic_load_explicit((p), memory_order_seq_cst))
#define store_relaxed(p, v) (shake(), atomic_store_explicit((p), (v), memory_order_relaxed))
#define store_release(p, v) (shake(), atomic_store_explicit((p), (v), memory_order_release))
#define store_seq_cst(p, v) (shake(), atomic_store_explicit((p), (v), memory_order_seq_cst))
#define add_acq_rel(p, v)   (shake(), atomic_fetch_add_explicit((p), (v), memory_order_acq_rel))
#define add_seq_cst(p, v)   (shake(), atomic_fetch_add_explicit((p), (v), memory_order_seq_cst))
#define or_seq_cst(p, v)    (shake(), atomic_fetch_or_explicit((p), (v), memory_order_seq_cst))
#define and_seq_cst(p, v)   (shake(), atomic_fetch_and_explicit((p), (v), memory_order_seq_cst))
#define swap_acq_rel(p, v)  (shake(), atomic_exchange_explicit((p), (v), memory_order_acq_rel))
#define swap_seq_cst(p, v)  (shake(), atomic_exchange_explicit((p), (v), memory_order_seq_cst))
#define cas_acq_rel(p, expected, v)                                                                \
    (shake(), atomic_compare_exchange_strong_explicit((p), (expected), (v), memory_order_acq_rel,  \
                                                      memory_order_acquire))
#define cas_seq_cst(p, expected, v)                                                                \
    (shake(), atomic_compare_exchange_strong_explicit((p), (expected), (v), memory_order_seq_cst,  \
                                                      memory_order_seq_cst))
#define view_load_acquire(p)    (shake(), __atomic_load_n((p), __ATOMIC_ACQUIRE))
#define view_or_acq_rel(p, v)   (shake(), __atomic_fetch_or((p), (v), __ATOMIC_ACQ_REL))
#define view_swap_acq_rel(p, v) (shake(), __atomic_exchange_n((p), (v), __ATOMIC_ACQ_REL))

#endif
