/* algo_order.h - what belongs to order, with records by their keys: merge, nth, the first some, whether
 * it is sorted, unique, bounds. */
#ifndef BENCH_ALGO_ORDER_H
#define BENCH_ALGO_ORDER_H

#include <stddef.h>
#include <stdint.h>

#include "algo.h"
#include "algo_record.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { BENCH_ORDER_TOP = 1000 };

typedef struct bench_order_t {
    size_t n;
    bench_record_t *in; /* merge: two sorted halves; bounds, is_sorted: sorted; others: any order */
    bench_record_t *out; /* what is worked on in place, or written */
    size_t *places;      /* of the first n / 10 elements of `out`, bounds only */
    size_t n_left;       /* unique and is_sorted only */
} bench_order_t;

extern bench_order_t bench_order;

bench_answer_fn bench_order_merge_std, bench_order_merge_gnu, bench_order_merge_pstl,
    bench_order_nth_std, bench_order_nth_gnu, bench_order_nth_pstl, bench_order_unique_std,
    bench_order_unique_pstl, bench_order_bounds_std, bench_order_top_std, bench_order_top_pstl,
    bench_order_sort_first_std, bench_order_sort_first_gnu, bench_order_sort_first_pstl,
    bench_order_is_sorted_std, bench_order_is_sorted_pstl;

#ifdef __cplusplus
}
#endif

#endif
