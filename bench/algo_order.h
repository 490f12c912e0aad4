/* algo_order.h - what belongs to order, with records by their keys: merge, nth, unique, bounds. */
#ifndef BENCH_ALGO_ORDER_H
#define BENCH_ALGO_ORDER_H

#include <stddef.h>
#include <stdint.h>

#include "algo.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct bench_item_t {
    uint64_t key, value;
} bench_item_t;

typedef struct bench_order_t {
    size_t n;
    bench_item_t *in;  /* merge: two sorted halves; bounds: sorted; others: any order */
    bench_item_t *out; /* what is worked on in place, or written */
    size_t *places;    /* of the first n / 10 elements of `out`, bounds only */
    size_t n_left;     /* unique only */
} bench_order_t;

extern bench_order_t bench_order;

/* X(workload); gnu and pstl have some of them */
#define BENCH_ORDERS(X) X(merge) X(nth) X(unique) X(bounds)

#define BENCH_X(name)                                                                              \
    void bench_order_##name##_std(const bench_algo_t *a);                                          \
    void bench_order_##name##_gnu(const bench_algo_t *a);                                          \
    void bench_order_##name##_pstl(const bench_algo_t *a);
BENCH_ORDERS(BENCH_X)
#undef BENCH_X

#ifdef __cplusplus
}
#endif

#endif
