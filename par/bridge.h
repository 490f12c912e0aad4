/* bridge.h - the one recursive divide that every operation of this layer is a call of.
 *
 * An operation is a number of units and a way to run some of them. The bridge halves the units,
 * offers the right half with par_join and goes on with the left one, until what is left takes about
 * as long as the pace says; that runs in one go. A loop's unit is a grain of items. A reduction's
 * unit is a leaf; its accumulators are combined along the tree of halves, which is the same tree
 * however much of it runs in one go. */
#ifndef PAR_BRIDGE_H
#define PAR_BRIDGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <par/options.h>
#include <par/reduce.h>

#include "split.h"

typedef struct par__op_t par__op_t;

/* Runs the units first <= u < last. With accumulators it is called for single units only. */
typedef void par__run_fn(const par__op_t *op, void *acc, size_t first, size_t last);

/* Where first <= u < last is halved, last - first >= 2: first < result < last. */
typedef size_t par__mid_fn(const par__op_t *op, size_t first, size_t last);

/* All C: set before the call and not changed by it. */
struct par__op_t {
    par__run_fn *run;
    par__mid_fn *mid; /* NULL = par__split_mid */
    size_t n_units;
    uintptr_t key;    /* the user's body: what the history knows it by */
    double unit_ns;   /* what a unit costs; 0 = unknown */
    size_t batch;     /* units to run in one go; 0 = as the pace says */
    par_pool_t *pool; /* NULL = the current one */
    /* After the call SIZE_MAX unless units were left out, so that its time tells nothing about the next
     * one; NULL = none ever are. */
    const size_t *left_out;

    par_combine_fn *combine; /* NULL = no accumulators, and the rest does not count */
    void *combine_ctx;
    const void
        *identity; /* acc_size bytes, up to 256 with room for 256: where accumulators start */
    size_t acc_size;
};

/* Calls call(ctx), which is to run the units of op, in op's pool. No units are nothing to call for, and one is
 * run here, into acc. */
void par__op_call(const par__op_t *op, void *acc, par_task_fn *call, void *ctx);

/* Runs all units. acc holds the identity at the call, the result afterwards; NULL for a loop. */
void par__bridge_run(const par__op_t *op, void *acc);

/* Runs the units first <= u < last of a loop, dividing by measured cost, from inside the run function
 * of another operation. pace is this worker's own. */
void par__bridge_divide(const par__op_t *op, par__pace_t *pace, size_t first, size_t last);

/* Its address tells threads apart. */
extern __thread char par__here __attribute__((tls_model("initial-exec")));

/* The user's options with the defaults filled in, whatever their version; NULL is all defaults. The
 * second for calls that heed options.cancel. */
par_options_t par__options_read(const par_options_t *given);
par_options_t par__options_read_stoppable(const par_options_t *given);

#endif
