/* family.h - how a family's workload becomes benchmarks, one for each runtime that has an answer. */
#ifndef BENCH_FAMILY_H
#define BENCH_FAMILY_H

#include "data.h"

typedef bool bench_offer_fn(const bench_runtime_t *runtime, const void *spec);

/* Adds the case for each runtime that offers its spec, which the case says along with all but the
 * runtime and its threads. */
void bench_add_for_all(bench_case_t c, bench_offer_fn *is_offered);

/* Adds the case, and, when its runtime can, once more with one thread by that run: in the short
 * selection for par alone. */
void bench_add_and_with_one_thread(bench_case_t c, bench_run_fn *run_with_one_thread);

#endif
