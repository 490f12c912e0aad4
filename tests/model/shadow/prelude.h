/* prelude.h - included before every source of the core (-include): replaces what the model stands
 * for, by macros, so that the sources themselves stay as they are. */
#ifndef MODEL_PRELUDE_H
#define MODEL_PRELUDE_H

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "atomic.h"

/* The fast path of par_join, and the layer, use the compiler's builtins. */
#define __atomic_load_n(p, order)     MODEL_LOAD(p, order)
#define __atomic_store_n(p, v, order) MODEL_STORE(p, v, order)
#define __atomic_compare_exchange_n(p, expected, v, is_weak, success, failure)                     \
    model_cas((p), sizeof *(p), (expected), (uint64_t)(v), success, failure)
#define __atomic_test_and_set(p, order) (MODEL_RMW(p, MODEL_SWAP, 1, order) != 0)
#define __atomic_clear(p, order)        MODEL_STORE(p, 0, order)

#include "platform.h"
#define par__cpu_relax() model_yield()

#define malloc(bytes)               model_malloc(bytes)
#define calloc(n, bytes)            model_calloc(n, bytes)
#define aligned_alloc(align, bytes) model_aligned_alloc(align, bytes)
#define free(p)                     model_free(p)

#define pthread_mutex_init(m, attr) model_mutex_init(m)
#define pthread_mutex_destroy(m)    ((void)(m))
#define pthread_mutex_lock(m)       model_mutex_lock(m)
#define pthread_mutex_unlock(m)     model_mutex_unlock(m)

/* Rings of 2, 4 and 8 entries instead of 64 to 8192, chains of one job and a pile of two: wrap-around,
 * growth, refusal and a full pile come within the reach of an exhaustive search. */
#define PAR__JOB_CHAIN MODEL_SHIPPED_JOB_CHAIN
#define PAR__JOB_PILE  MODEL_SHIPPED_JOB_PILE
#define PAR__DEQUE_MIN MODEL_SHIPPED_DEQUE_MIN
#define PAR__DEQUE_MAX MODEL_SHIPPED_DEQUE_MAX
#include "deque.h"
#undef PAR__JOB_CHAIN
#undef PAR__JOB_PILE
#define PAR__JOB_CHAIN 1
#define PAR__JOB_PILE  2
#undef PAR__DEQUE_MIN
#undef PAR__DEQUE_MAX
#define PAR__DEQUE_MIN 2
#define PAR__DEQUE_MAX 8

/* Statistics carry no order and nothing depends on them; as choices they would drown the rest. */
#include "worker.h"
#undef par__worker_count
#define par__worker_count(worker, field) ((void)(worker))

#endif
