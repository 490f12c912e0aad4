/* bridge.c - the recursive divide; bridge.h has the picture, split.md the reasons. */
#include "bridge.h"

#include <string.h>

#include <par/join.h>

#include "clock.h"
#include "history.h"
#include "split.h"

/* Temporaries up to this size lie in the frame of the node that needs them. So does the identity, in
 * the caller's. */
enum { TEMP_BYTES = 256, TEMP_ALIGN = 64 };

/* One half of a node. */
typedef struct half_t {
    const par__op_t *op;
    par__pace_t *pace; /* of the worker that made the node, used only by that worker */
    const void *maker; /* its thread */
    void *acc;
    size_t first, last;
    size_t batch; /* of the pace when the node was made */
} half_t;

__thread char par__here __attribute__((tls_model("initial-exec")));

static void divide(const par__op_t *op, par__pace_t *pace, void *acc, size_t first, size_t last);

static void left_run(void *ctx)
{
    half_t *half = ctx;
    divide(half->op, half->pace, half->acc, half->first, half->last);
}

/* The right half may have been taken over by another worker, which gets a pace of its own: the
 * maker's changes meanwhile. */
static void right_run(void *ctx)
{
    half_t *half = ctx;
    if (half->maker == &par__here) {
        left_run(ctx);
        return;
    }
    par__pace_t own = par__pace_inherit(half->batch, half->op->batch > 0);
    divide(half->op, &own, half->acc, half->first, half->last);
    par__spare_end(&own.spare);
}

/* Both halves of [first, last), left into acc, right into temp. */
static void
halves_run(const par__op_t *op, par__pace_t *pace, void *acc, void *temp, size_t first, size_t last)
{
    size_t mid = op->mid == NULL ? par__split_mid(first, last) : op->mid(op, first, last);
    if (pace->is_trial) {
        divide(op, pace, acc, first, mid);
        divide(op, pace, temp, mid, last);
        return;
    }
    half_t left = {op, pace, &par__here, acc, first, mid, pace->batch};
    half_t right = {op, pace, &par__here, temp, mid, last, pace->batch};
    par_join(left_run, &left, right_run, &right);
}

static void node_with_temp(
    const par__op_t *op, par__pace_t *pace, void *acc, void *temp, size_t first, size_t last)
{
    memcpy(temp, op->identity, op->acc_size);
    halves_run(op, pace, acc, temp, first, last);
    op->combine(acc, temp, op->combine_ctx);
}

static __attribute__((noinline)) void
node_small(const par__op_t *op, par__pace_t *pace, void *acc, size_t first, size_t last)
{
    char temp[TEMP_BYTES] __attribute__((aligned(TEMP_ALIGN)));
    node_with_temp(op, pace, acc, temp, first, last);
}

/* The tree below so many units is at most so deep: so many temporaries are in use at a time. */
static size_t depth_of(size_t n_units)
{
    return 64 - (size_t)__builtin_clzll((unsigned long long)n_units);
}

/* Without memory the temporary comes from the stack: a reduction cannot fail. */
static __attribute__((noinline)) void
node_on_stack(const par__op_t *op, par__pace_t *pace, void *acc, size_t first, size_t last)
{
    void *temp = __builtin_alloca_with_align(op->acc_size, TEMP_ALIGN * 8);
    node_with_temp(op, pace, acc, temp, first, last);
}

static void node_large(const par__op_t *op, par__pace_t *pace, void *acc, size_t first, size_t last)
{
    void *temp = par__spare_take(&pace->spare, op->acc_size, depth_of(last - first));
    if (temp == NULL) {
        node_on_stack(op, pace, acc, first, last);
        return;
    }
    node_with_temp(op, pace, acc, temp, first, last);
    par__spare_give(&pace->spare, temp);
}

static void node(const par__op_t *op, par__pace_t *pace, void *acc, size_t first, size_t last)
{
    if (op->combine == NULL)
        halves_run(op, pace, NULL, NULL, first, last);
    else if (op->acc_size <= TEMP_BYTES)
        node_small(op, pace, acc, first, last);
    else
        node_large(op, pace, acc, first, last);
}

/* Most accumulators are a number or two, for which a call of memcpy takes longer than the copy. Both
 * have room for a multiple of 64 bytes. */
static inline void copy_small(void *to, const void *from, size_t bytes)
{
    if (bytes <= 16)
        memcpy(to, from, 16);
    else if (bytes <= 64)
        memcpy(to, from, 64);
    else
        memcpy(to, from, bytes);
}

/* The tree of a reduction with small accumulators in one go: between two leaves that take some ns
 * each there is time for little else. */
static void walk_small(const par__op_t *op, void *acc, size_t first, size_t last)
{
    if (last - first == 1) {
        op->run(op, acc, first, last);
        return;
    }
    char temp[TEMP_BYTES] __attribute__((aligned(TEMP_ALIGN)));
    size_t mid = par__split_mid(first, last);
    copy_small(temp, op->identity, op->acc_size);
    walk_small(op, acc, first, mid);
    walk_small(op, temp, mid, last);
    op->combine(acc, temp, op->combine_ctx);
}

/* The same with large ones. The left half needs no temporary of this node: one that was just used is
 * still in the cache for the right one. */
static void
walk_large(const par__op_t *op, par__spare_t *spare, void *acc, size_t first, size_t last);

static void
walk_right(const par__op_t *op, par__spare_t *spare, void *acc, void *temp, size_t mid, size_t last)
{
    memcpy(temp, op->identity, op->acc_size);
    walk_large(op, spare, temp, mid, last);
    op->combine(acc, temp, op->combine_ctx);
}

static __attribute__((noinline)) void
walk_on_stack(const par__op_t *op, par__spare_t *spare, void *acc, size_t mid, size_t last)
{
    void *temp = __builtin_alloca_with_align(op->acc_size, TEMP_ALIGN * 8);
    walk_right(op, spare, acc, temp, mid, last);
}

static void
walk_large(const par__op_t *op, par__spare_t *spare, void *acc, size_t first, size_t last)
{
    if (last - first == 1) {
        op->run(op, acc, first, last);
        return;
    }
    size_t mid = par__split_mid(first, last);
    walk_large(op, spare, acc, first, mid);
    void *temp = par__spare_take(spare, op->acc_size, depth_of(last - first));
    if (temp == NULL) {
        walk_on_stack(op, spare, acc, mid, last);
        return;
    }
    walk_right(op, spare, acc, temp, mid, last);
    par__spare_give(spare, temp);
}

/* Runs units in one go; a reduction still walks its tree. */
static void in_one_go(const par__op_t *op, par__pace_t *pace, void *acc, size_t first, size_t last)
{
    if (op->combine == NULL || last - first == 1)
        op->run(op, acc, first, last);
    else if (op->acc_size <= TEMP_BYTES)
        walk_small(op, acc, first, last);
    else
        walk_large(op, &pace->spare, acc, first, last);
}

static void measured(const par__op_t *op, par__pace_t *pace, void *acc, size_t first, size_t last)
{
    uint64_t start = par__clock_now();
    in_one_go(op, pace, acc, first, last);
    par__pace_learn(pace, last - first, par__clock_since(start));
}

static void divide(const par__op_t *op, par__pace_t *pace, void *acc, size_t first, size_t last)
{
    if (last - first <= pace->batch)
        measured(op, pace, acc, first, last);
    else
        node(op, pace, acc, first, last);
}

/* A loop that is expected to be tiny runs from left to right, which needs fewer looks at the clock
 * than the tree. Returns how far it came before it proved not to be tiny. */
static size_t trial_run(const par__op_t *op, par__pace_t *pace, uint64_t start)
{
    size_t first = 0;
    while (pace->is_trial && first < op->n_units) {
        size_t rest = op->n_units - first;
        size_t last = first + (rest < pace->batch ? rest : pace->batch);
        if (last < op->n_units && last - first >= 8) last &= ~(size_t)7;
        op->run(op, NULL, first, last);
        uint64_t end = par__clock_now();
        par__pace_learn(pace, last - first, end > start ? end - start : 0);
        start = end;
        first = last;
    }
    return first;
}

/* The cost is unknown: ask the history, run, and tell it. */
static void run_unknown(const par__op_t *op, par__pace_t *pace, void *acc)
{
    bool is_trial = par__history_is_tiny(op->key, op->n_units);
    size_t at_risk = op->n_units / PAR__TRIAL_PART;
    pace->batch = is_trial && at_risk > 1 ? at_risk : 1;
    pace->is_trial = is_trial;
    uint64_t start = par__clock_now();
    size_t first = is_trial && op->combine == NULL ? trial_run(op, pace, start) : 0;
    if (first < op->n_units) divide(op, pace, acc, first, op->n_units);
    if (op->left_out == NULL || *op->left_out == SIZE_MAX)
        par__history_learn(op->key, op->n_units, is_trial, pace, par__clock_since(start));
}

/* The cost was given: nothing to find out first. */
static void run_known(const par__op_t *op, par__pace_t *pace, void *acc)
{
    if (op->unit_ns * (double)op->n_units < PAR__KNOWN_TINY_US * 1000.0) {
        in_one_go(op, pace, acc, 0, op->n_units);
        return;
    }
    double fitting = PAR__BATCH_MIN_US * 1000.0 / op->unit_ns;
    pace->batch = fitting > 1 ? (size_t)fitting : 1;
    divide(op, pace, acc, 0, op->n_units);
}

typedef struct call_t {
    const par__op_t *op;
    void *acc;
} call_t;

static void call_run(void *ctx)
{
    const par__op_t *op = ((call_t *)ctx)->op;
    void *acc = ((call_t *)ctx)->acc;
    par__pace_t pace = {.batch = op->batch, .is_fixed = op->batch > 0};
    if (op->batch > 0)
        divide(op, &pace, acc, 0, op->n_units);
    else if (op->unit_ns > 0)
        run_known(op, &pace, acc);
    else
        run_unknown(op, &pace, acc);
    par__spare_end(&pace.spare);
}

void par__bridge_divide(const par__op_t *op, par__pace_t *pace, size_t first, size_t last)
{
    if (first < last) divide(op, pace, NULL, first, last);
}

void par__op_call(const par__op_t *op, void *acc, par_task_fn *call, void *ctx)
{
    if (op->n_units == 0) return;
    if (op->pool != NULL)
        par_pool_run(op->pool, call, ctx);
    else if (op->n_units == 1)
        op->run(op, acc, 0, 1);
    else
        call(ctx);
}

void par__bridge_run(const par__op_t *op, void *acc)
{
    call_t call = {op, acc};
    par__op_call(op, acc, call_run, &call);
}
