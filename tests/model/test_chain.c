/* test_chain.c - par/algo/chain.c, a chain of chunks that are folded, carried and emitted by several
 * workers: C1 to C4 there. Thread 1 runs the chain, the others help. What the chunks write is plain,
 * so a missing order is a race. */
#include "bridge.h"
#include "chain.h"
#include "fixture.h"

enum { MOST_CHUNKS = 4 };

static par__chain_t chain;
static unsigned char states[MOST_CHUNKS];
static uint32_t input[MOST_CHUNKS], folds[MOST_CHUNKS], sum;
static uint32_t output[MOST_CHUNKS], n_emitted[MOST_CHUNKS];
static size_t n_carried;

/* ---- in place of bridge.c: all threads take their share of the units of one operation ---- */

enum { NO_MORE = 100 };

static unsigned n_threads;
static const par__op_t *operation;
static _Atomic(uint32_t) n_begun, n_ended;

unsigned par_num_workers(void)
{
    return n_threads;
}

static void share_run(void)
{
    for (size_t unit = model_self() - 1; unit < operation->n_units; unit += n_threads)
        operation->run(operation, NULL, unit, unit + 1);
}

void par__bridge_run(const par__op_t *op, void *acc)
{
    uint32_t n = load_relaxed(&n_begun) + 1;
    (void)acc;
    operation = op;
    store_release(&n_begun, n);
    share_run();
    while (load_acquire(&n_ended) != n * (n_threads - 1))
        model_yield();
}

static void help(void)
{
    uint32_t seen = 0, n;
    for (;;) {
        while ((n = load_acquire(&n_begun)) == seen)
            model_yield();
        if (n == NO_MORE) return;
        seen = n;
        share_run();
        add_acq_rel(&n_ended, 1U);
    }
}

/* ---- sums of all before: chunk k holds 10^k ---- */

static void fold(par__chain_t *c, size_t k)
{
    (void)c;
    folds[k] = input[k];
}

static void carry(par__chain_t *c, size_t k)
{
    (void)c;
    MODEL_CHECK(n_carried == k);
    n_carried = k + 1;
    uint32_t fold = folds[k];
    folds[k] = sum;
    sum += fold;
}

static void emit(par__chain_t *c, size_t k, size_t next)
{
    (void)c, (void)next;
    output[k] = folds[k] + input[k];
    n_emitted[k]++;
}

static void direct(par__chain_t *c, size_t k)
{
    fold(c, k);
    output[k] = sum + input[k];
    n_emitted[k]++;
}

/* The same in place, one to the left, as a filter does that has lost a chunk: what chunk k writes lies
 * where the input of the one before was. */
static void write_left(size_t k, uint32_t result)
{
    n_emitted[k]++;
    if (k > 0)
        input[k - 1] = result;
    else
        output[0] = result;
}

static void emit_left(par__chain_t *c, size_t k, size_t next)
{
    (void)c, (void)next;
    write_left(k, folds[k] + input[k]);
}

static void direct_left(par__chain_t *c, size_t k)
{
    fold(c, k);
    write_left(k, sum + input[k]);
}

static void overwrites_left(const par__chain_t *c, size_t k, size_t *first, size_t *last)
{
    (void)c;
    *first = k > 0 ? k - 1 : 0;
    *last = k;
}

static void begin(unsigned threads, size_t n_chunks)
{
    n_threads = threads;
    n_carried = 0;
    sum = 0;
    store_relaxed(&n_begun, 0U);
    store_relaxed(&n_ended, 0U);
    for (size_t k = 0; k < MOST_CHUNKS; k++) {
        input[k] = k == 0 ? 1 : 10 * input[k - 1];
        folds[k] = output[k] = n_emitted[k] = 0;
        states[k] = 0;
    }
    chain = (par__chain_t){
        .n_chunks = n_chunks, .fold = fold, .carry = carry, .emit = emit, .state = states};
    model_name(&chain.carried, "carried");
    model_name(&chain.emitted, "emitted");
    model_name(&chain.is_carrying, "is_carrying");
    model_name(&chain.next, "next");
    static const char *const names[] = {"state0", "state1", "state2", "state3"};
    for (unsigned k = 0; k < MOST_CHUNKS; k++)
        model_name(&states[k], names[k]);
}

static void begin_2(void)
{
    begin(2, 2);
}

static void begin_3(void)
{
    begin(2, 3);
}

static void begin_direct(void)
{
    begin(2, 3);
    chain.direct = direct;
}

static void begin_left(void)
{
    begin(2, 3);
    chain.emit = emit_left;
    chain.overwrites = overwrites_left;
}

static void begin_left_direct(void)
{
    begin_left();
    chain.direct = direct_left;
}

static void begin_3_threads(void)
{
    begin(3, 3);
    chain.direct = direct;
}

static void begin_left_3_threads(void)
{
    begin_left_direct();
    n_threads = 3;
}

/* Thread 1: the results are there when the call returns. */
static void run(void)
{
    par__chain_run(&chain);
    for (size_t k = 0; k < chain.n_chunks; k++) {
        static const uint32_t sums[] = {1, 11, 111, 1111};
        uint32_t result = chain.overwrites != NULL && k > 0 ? input[k - 1] : output[k];
        MODEL_CHECK(n_emitted[k] == 1);
        MODEL_CHECK(result == sums[k]);
    }
    store_release(&n_begun, (uint32_t)NO_MORE);
}

#define TEST(name, begin, third, ...)                                                              \
    {                                                                                              \
        name, begin, {run, help, third}, NULL, BOUND(__VA_ARGS__), 0, 0                            \
    }

const model_test_t tests_chain[] = {
    TEST("chain_2_chunks", begin_2, NULL, 4, 1, 0, 0, 0),
    TEST("chain_3_chunks", begin_3, NULL, 3, 1, 0, 0, 0),
    TEST("chain_direct", begin_direct, NULL, 3, 1, 0, 0, 0),
    TEST("chain_in_place", begin_left, NULL, 3, 1, 0, 0, 0),
    TEST("chain_in_place_direct", begin_left_direct, NULL, 3, 1, 0, 0, 0),
    TEST("chain_3_threads", begin_3_threads, help, 2, 0, 0, 0, 0),
    TEST("chain_in_place_3_threads", begin_left_3_threads, help, 2, 0, 0, 0, 0),
    {0},
};
