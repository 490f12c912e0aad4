/* forkjoin.h - the workloads of the forkjoin family, apart from how they are measured. */
#ifndef BENCH_FORKJOIN_H
#define BENCH_FORKJOIN_H

#include "data.h"

typedef struct forkjoin_work_t {
    const char *name;

    /* Makes the data and the right answer; tells how many forks one run makes, or 0 when the work
     * between forks is not negligible. false: no memory. */
    bool (*make)(size_t size, uint64_t *forks);
    void (*ask)(const bench_runtime_t *runtime, size_t size);
    bool (*is_offered)(const bench_runtime_t *runtime);
    void (*spoil)(void);
    bool (*is_right)(void);
} forkjoin_work_t;

/* forkjoin_numbers.c: the answer is a number. The size of an unbalanced tree is its number of nodes
 * and must be one of those below. */
extern const forkjoin_work_t forkjoin_fib, forkjoin_tree, forkjoin_queens, forkjoin_uts_geometric,
    forkjoin_uts_binomial, forkjoin_integrate, forkjoin_branches, forkjoin_branches_halved;

enum {
    FORKJOIN_GEOMETRIC_SMALL = 157291,
    FORKJOIN_GEOMETRIC = 5915970,
    FORKJOIN_BINOMIAL_SMALL = 341193,
    FORKJOIN_BINOMIAL = 16029265
};

/* forkjoin_arrays.c: the answer is in memory. */
extern const forkjoin_work_t forkjoin_mergesort, forkjoin_quicksort, forkjoin_strassen,
    forkjoin_pair, forkjoin_pair_inside, forkjoin_pair_cold, forkjoin_meeting_cold;

#endif
