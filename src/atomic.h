/* atomic.h - the only file that names stdatomic. The order is in the operation's name, so that
 * the set of orders in use can be counted and no default slips in.
 *
 * Exactly the operations in use are here. There is no fence: ThreadSanitizer cannot see one, and
 * every order that the core needs is carried by an access (src/deque.md, src/sleep.md).
 *
 * Each use names the ordering argument that it is part of: the letter and number of the list in
 * the head of its file (F forks.h, D deque.h, L latch.h, P parker.h, S sleep.h, I injector.h,
 * C scope.c, T thread.c, W worker.h, G pool.h). */
#ifndef PAR_ATOMIC_H
#define PAR_ATOMIC_H

#include <stdatomic.h>

#define load_relaxed(p) atomic_load_explicit((p), memory_order_relaxed)
#define load_acquire(p) atomic_load_explicit((p), memory_order_acquire)
#define load_seq_cst(p) atomic_load_explicit((p), memory_order_seq_cst)

#define store_relaxed(p, v) atomic_store_explicit((p), (v), memory_order_relaxed)
#define store_release(p, v) atomic_store_explicit((p), (v), memory_order_release)
#define store_seq_cst(p, v) atomic_store_explicit((p), (v), memory_order_seq_cst)

#define add_acq_rel(p, v) atomic_fetch_add_explicit((p), (v), memory_order_acq_rel)
#define add_seq_cst(p, v) atomic_fetch_add_explicit((p), (v), memory_order_seq_cst)
#define or_seq_cst(p, v)  atomic_fetch_or_explicit((p), (v), memory_order_seq_cst)
#define and_seq_cst(p, v) atomic_fetch_and_explicit((p), (v), memory_order_seq_cst)

#define swap_acq_rel(p, v) atomic_exchange_explicit((p), (v), memory_order_acq_rel)
#define swap_seq_cst(p, v) atomic_exchange_explicit((p), (v), memory_order_seq_cst)

/* Compare and swap, strong: true on success, else *expected is what was seen. */
#define cas_acq_rel(p, expected, v)                                                                \
    atomic_compare_exchange_strong_explicit((p), (expected), (v), memory_order_acq_rel,            \
                                            memory_order_acquire)
#define cas_seq_cst(p, expected, v)                                                                \
    atomic_compare_exchange_strong_explicit((p), (expected), (v), memory_order_seq_cst,            \
                                            memory_order_seq_cst)

/* The fields that public headers share with C++ (limit, floor, state) are plain integers there;
 * both sides use the compiler's builtins on them. */
#define view_load_relaxed(p)     __atomic_load_n((p), __ATOMIC_RELAXED)
#define view_load_acquire(p)     __atomic_load_n((p), __ATOMIC_ACQUIRE)
#define view_store_relaxed(p, v) __atomic_store_n((p), (v), __ATOMIC_RELAXED)
#define view_or_acq_rel(p, v)    __atomic_fetch_or((p), (v), __ATOMIC_ACQ_REL)
#define view_swap_acq_rel(p, v)  __atomic_exchange_n((p), (v), __ATOMIC_ACQ_REL)

#endif
