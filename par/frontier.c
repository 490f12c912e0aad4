/* frontier.c - units in order, to whoever is idle; frontier.h has the picture.
 *
 * What is forked are tickets, one for each worker, all alike: whoever runs one takes blocks until
 * none is left. */
#include "frontier.h"

#include <stdint.h>

#include "clock.h"
#include "history.h"
#include "split.h"

typedef struct march_t {
    par__op_t tickets; /* first: the bridge hands it back */
    const par__op_t *op;
    size_t most; /* units a block */
    bool may_be_near;
    const void *maker; /* the caller's thread */
    par__pace_t pace;  /* of that thread */
    size_t batch;      /* of the caller, when the others come */
    size_t n_workers;
    size_t next __attribute__((aligned(128))); /* A: units below are given out */
} march_t;

/* Is everything given out that need be? */
static bool is_over(const march_t *march, size_t next)
{
    return next >= march->op->n_units ||
           __atomic_load_n(march->op->left_out, __ATOMIC_RELAXED) != SIZE_MAX; /* A: falls only */
}

/* How many units from next on make a block: a batch, or several in a row while much is left. Long blocks
 * end at multiples of 64, as in split.h. */
static size_t block_length(const march_t *march, const par__pace_t *pace, size_t next)
{
    size_t rest = march->op->n_units - next, units = pace->batch;
    if (!pace->is_trial) {
        size_t share = rest / (4 * march->n_workers), row = par__pace_row(pace);
        if (share < units) share = units;
        units = row < share ? row : share;
    }
    if (units > march->most) units = march->most;
    if (rest <= units) return rest;
    return units < 64 ? units : units - (next + units) % 64;
}

/* Takes the next block. Returns its length, 0 if there is none. */
static size_t block_take(march_t *march, const par__pace_t *pace, size_t *first)
{
    size_t next = __atomic_load_n(&march->next, __ATOMIC_RELAXED);
    while (!is_over(march, next)) {
        size_t length = block_length(march, pace, next);
        *first = next;
        if (__atomic_compare_exchange_n(&march->next, &next, next + length, 1, __ATOMIC_RELAXED,
                                        __ATOMIC_RELAXED))
            return length;
    }
    return 0;
}

/* Takes and runs blocks until all are taken, or until a trial is over. */
static void blocks_run(march_t *march, par__pace_t *pace)
{
    const bool is_trial = pace->is_trial;
    const par__op_t *op = march->op;
    uint64_t start = par__clock_now();
    size_t first, length;
    while (pace->is_trial == is_trial && (length = block_take(march, pace, &first)) > 0) {
        op->run(op, NULL, first, first + length);
        uint64_t end = par__clock_now();
        par__pace_learn(pace, length, end > start ? end - start : 0);
        start = end;
    }
}

static void ticket_run(const par__op_t *op, void *acc, size_t first, size_t last)
{
    march_t *march = (march_t *)(uintptr_t)op;
    (void)acc;
    (void)first;
    (void)last;
    if (march->maker == &par__here) {
        blocks_run(march, &march->pace);
        return;
    }
    par__pace_t own = par__pace_inherit(march->batch, false);
    blocks_run(march, &own);
}

static void share(march_t *march)
{
    march->batch = march->pace.batch;
    march->n_workers = par_num_workers();
    march->tickets = (par__op_t){.run = ticket_run, .n_units = march->n_workers, .batch = 1};
    par__bridge_run(&march->tickets, NULL);
}

/* With fewer units it may matter that one runs before the others are woken. */
enum { FEW = 64 };

/* The cost is unknown: ask the history, run, and tell it. */
static void run_unknown(march_t *march)
{
    const par__op_t *op = march->op;
    const bool is_many = march->may_be_near && op->n_units > FEW;
    const bool is_trial = is_many || par__history_is_tiny(op->key, op->n_units);
    uint64_t start = par__clock_now();
    march->pace.is_trial = is_trial;
    if (is_trial) blocks_run(march, &march->pace);
    if (!is_over(march, march->next)) share(march);
    if (!is_many && *op->left_out == SIZE_MAX)
        par__history_learn(op->key, op->n_units, is_trial, &march->pace, par__clock_since(start));
}

/* The cost was given: nothing to find out first. */
static void run_known(march_t *march)
{
    const double unit_ns = march->op->unit_ns, n = (double)march->op->n_units;
    const double fitting = PAR__BATCH_MIN_US * 1000.0 / unit_ns;
    const bool is_tiny = unit_ns * n < PAR__KNOWN_TINY_US * 1000.0;
    const bool is_wary = march->may_be_near && fitting > 1;
    if (fitting > 1 && !is_wary)
        march->pace.batch = fitting < n ? (size_t)fitting : march->op->n_units;
    march->pace.is_trial = is_tiny || is_wary;
    if (march->pace.is_trial) blocks_run(march, &march->pace);
    if (!is_over(march, march->next)) share(march);
}

static void march_run(void *ctx)
{
    march_t *march = ctx;
    march->maker = &par__here;
    march->pace = (par__pace_t){.batch = 1};
    march->next = 0;
    if (march->op->unit_ns > 0)
        run_known(march);
    else
        run_unknown(march);
}

void par__frontier_run(const par__op_t *op, size_t most, bool may_be_near)
{
    march_t march; /* only what is asked for is set: a search may end at once */
    march.op = op;
    march.most = most;
    march.may_be_near = may_be_near;
    par__op_call(op, NULL, march_run, &march);
}
