/* reduction.h - par_reduce for wrappers of this layer, whose fold is the same function for all callers. */
#ifndef PAR_REDUCTION_H
#define PAR_REDUCTION_H

#include <par/reduce.h>

#include <stdint.h>

#include "misuse.h"

/* What every call with accumulators needs. */
#define PAR__CHECK_FOLD(acc, fold, combine)                                                        \
    PAR__MISUSE(acc != NULL, "acc is NULL; pass the accumulator, holding the identity");           \
    PAR__MISUSE(fold != NULL, "fold is NULL; pass the function that folds a block of items");      \
    PAR__MISUSE(combine != NULL, "combine is NULL; pass the function that joins two accumulators")

/* What a wrapper knows beside the call. */
typedef struct par__reduction_t {
    uintptr_t key;          /* the user's own function, by which the history knows the reduction */
    const size_t *left_out; /* as in par__op_t */
} par__reduction_t;

/* par_reduce with the arguments checked. */
void par__reduction_run(size_t begin,
                        size_t end,
                        void *acc,
                        size_t acc_size,
                        par_fold_fn *fold,
                        par_combine_fn *combine,
                        void *ctx,
                        const par__reduction_t *reduction,
                        const par_options_t *options);

#endif
