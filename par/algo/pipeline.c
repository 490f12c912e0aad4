/* pipeline.c - tokens through stages, without a worker that waits.
 *
 * Item k carries the tokens k, k + n, k + 2n, ... of n items. A token whose stage may run is *carried*
 * by a task: through its stages, then back to the first one as its next token, until it finds a serial
 * stage at which it is not its turn. There it is left, and the task ends. Who runs the serial stage for
 * the token before it hands it the turn, and finds it there: it becomes a task again.
 *
 * Token and turn meet in a *gate*, one for each item and serial stage. Either comes by an exchange; who
 * comes second finds the other's mark, and carries on:
 *
 *   token arrives:  gate := HERE, was TURN  -> the stage runs        was EMPTY -> left there
 *   turn arrives:   gate := TURN, was HERE  -> the token goes on     was EMPTY -> left there
 *
 * What goes through the stages together is a *train*: one token, or up to options->grain with numbers in
 * a row, which the first stage made one after the other because their items lay there. A stage runs for
 * all tokens of a train before the next stage does; the turn comes to the first of them, and goes on
 * to the number behind the last. Back at the first stage each item is by itself again.
 *
 * A gate is EMPTY again before the turn is handed on. Its item's next token, number k + n, cannot come
 * before: n + 1 tokens, k to k + n, would be under way, as none of them passes the stage before k.
 *
 * Orders
 *  G1 token   what the stages before wrote  -> exchange (release) -> who hands the turn (acquire)
 *  G2 turn    what the stage wrote for the token before -> exchange (release) -> the token (acquire)
 *
 * The turn of the first stage is not handed on after the end, or a failure: then the tokens under way
 * come to their ends, and the tasks run out. A token above a failure is dropped where the next stage
 * would run, with its turn: who would wait for it is above the failure, too.
 *
 * Rejected: a lock around all stages' queues (each step takes it twice, 0.2 us with two workers);
 * a queue of free items (an item out of turn lies in it no shorter than at the first gate). */
#include <par/pipeline.h>

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <par/scope.h>

#include "bridge.h"
#include "failure.h"
#include "misuse.h"

enum { EMPTY, HERE, TURN };

enum { MAX_ITEMS = 1024, LINE = 64, FRAME_BYTES = 4096 };

/* The numbers of tokens, and those of the tokens behind them, are size_t, and MAX_ITEMS need not divide
 * what they wrap around at: there are no more than this, 2^32 - 1025 where size_t has 32 bits. The tests set
 * a limit that they can reach. */
#if !defined(PAR__PIPELINE_TOKENS)
#    define PAR__PIPELINE_TOKENS (SIZE_MAX - MAX_ITEMS)
#endif

typedef struct flow_t {
    const par_stage_t *stages; /* C */
    size_t n_stages;           /* C */
    char *items;               /* C */
    size_t n_items, item_size; /* C */
    char *carriages;           /* C: n_items of them, each on cache lines of its own */
    size_t stride;             /* C: bytes between two */
    size_t longest;            /* C: tokens of a train at most */
    size_t n_tokens;           /* written by who runs the first stage, read after the scope */
    par_scope_t *scope;        /* C */
    par__failure_t failure;
} flow_t;

/* An item and where it is; the first of a train stands for the others. Belongs to the task that carries it;
 * left at a gate, to nobody. */
typedef struct __attribute__((may_alias)) carriage_t {
    flow_t *flow;  /* C */
    size_t number; /* of the token that it carries, or will carry */
    size_t stage;  /* that runs next */
    size_t length; /* tokens of the train that it is the first of; unused in the others */
    int gate[];    /* A (G1, G2): for each stage; of parallel ones unused */
} carriage_t;

static carriage_t *carriage_of(const flow_t *flow, size_t number)
{
    return (carriage_t *)(void *)(flow->carriages + number % flow->n_items * flow->stride);
}

static bool is_serial(const flow_t *flow, size_t stage)
{
    return stage == 0 || flow->stages[stage].mode == PAR_STAGE_SERIAL;
}

/* May its next stage run? If not, the carriage belongs to somebody else when this returns. */
static bool gate_arrive(carriage_t *c)
{
    if (!is_serial(c->flow, c->stage)) return true;
    return __atomic_exchange_n(&c->gate[c->stage], HERE, __ATOMIC_ACQ_REL) == TURN; /* G1, G2 */
}

/* The turn for a serial stage goes to token `number`. Returns it if it was waiting. */
static carriage_t *turn_hand_on(flow_t *flow, size_t stage, size_t number)
{
    carriage_t *next = carriage_of(flow, number);
    int was = __atomic_exchange_n(&next->gate[stage], TURN, __ATOMIC_ACQ_REL); /* G1, G2 */
    return was == HERE ? next : NULL;
}

/* Before the turn is handed on; seen with it, G2. */
static void gate_empty(carriage_t *c, size_t stage)
{
    __atomic_store_n(&c->gate[stage], EMPTY, __ATOMIC_RELAXED);
}

/* Runs one stage for token `number`; false: the token goes no further. */
static bool stage_run(flow_t *flow, size_t stage, size_t number)
{
    const par_stage_t *s = &flow->stages[stage];
    void *item = flow->items + number % flow->n_items * flow->item_size;
    if (stage == 0 ? par__failure_stops(&flow->failure, number)
                   : par__failure_is_below(&flow->failure, number))
        return false;
    bool has_number = number < PAR__PIPELINE_TOKENS;
    int code = has_number ? s->run(item, s->ctx) : PAR_EOVERFLOW;
    if (code == 0) return true;
    if (stage == 0 && code == PAR_PIPELINE_END)
        flow->n_tokens = number;
    else
        par__failure_note(&flow->failure, number, code);
    return false;
}

static void carry(void *ctx);

/* The first stage for a train that begins with c, which has the turn. Sets its length; *ready becomes who
 * has the turn next, if he waits. */
static void train_make(carriage_t *c, carriage_t **ready)
{
    flow_t *flow = c->flow;
    carriage_t *next = c;
    c->length = 0;
    while (next != NULL && c->length < flow->longest) {
        if (!stage_run(flow, 0, c->number + c->length)) {
            next = NULL;
            break;
        }
        c->length++;
        gate_empty(next, 0);
        next = turn_hand_on(flow, 0, c->number + c->length);
    }
    *ready = next;
}

/* Another stage for a train; what fails makes it shorter, and keeps the turn. */
static void train_run(carriage_t *c, carriage_t **ready)
{
    flow_t *flow = c->flow;
    size_t n = 0;
    while (n < c->length && stage_run(flow, c->stage, c->number + n))
        n++;
    bool is_whole = n == c->length;
    c->length = n;
    *ready = NULL;
    if (!is_whole || !is_serial(flow, c->stage)) return;
    gate_empty(c, c->stage);
    *ready = turn_hand_on(flow, c->stage, c->number + n);
}

/* The items of a train that has passed all stages go back. Returns the one whose turn it is, if any. */
static carriage_t *train_return(carriage_t *first)
{
    flow_t *flow = first->flow;
    carriage_t *mine = NULL;
    size_t number = first->number, length = first->length;
    for (size_t i = 0; i < length; i++) {
        carriage_t *c = carriage_of(flow, number + i);
        c->stage = 0;
        c->number = number + i + flow->n_items;
        if (gate_arrive(c)) mine = c;
    }
    return mine;
}

/* Runs the next stage of the train of c. Returns what this task goes on with, NULL if with nothing. */
static carriage_t *step(carriage_t *c)
{
    flow_t *flow = c->flow;
    carriage_t *ready;
    if (c->stage == 0)
        train_make(c, &ready);
    else
        train_run(c, &ready);
    if (c->length == 0) return NULL; /* ready is, too: nothing has been handed on */
    if (++c->stage == flow->n_stages)
        c = train_return(c);
    else if (!gate_arrive(c))
        c = NULL;
    if (c == NULL) return ready;
    if (ready != NULL) par_spawn(flow->scope, carry, ready);
    return c;
}

static void carry(void *ctx)
{
    carriage_t *c = ctx;
    while (c != NULL)
        c = step(c);
}

/* All items wait at the first stage; it is the turn of token 0. */
static void carriages_begin(flow_t *flow)
{
    memset(flow->carriages, 0, flow->n_items * flow->stride);
    for (size_t i = 0; i < flow->n_items; i++) {
        carriage_t *c = carriage_of(flow, i);
        c->flow = flow;
        c->number = i;
        c->gate[0] = HERE;
    }
    for (size_t stage = 1; stage < flow->n_stages; stage++)
        carriage_of(flow, 0)->gate[stage] = TURN;
}

static void flow_run(flow_t *flow)
{
    par_scope_t scope;
    carriages_begin(flow);
    par_scope_begin(&scope);
    flow->scope = &scope;
    carry(carriage_of(flow, 0));
    par_scope_end(&scope);
}

/* One token after the other, in the first item. */
static void flow_run_alone(flow_t *flow)
{
    flow->n_items = 1;
    for (size_t number = 0;; number++)
        for (size_t stage = 0; stage < flow->n_stages; stage++)
            if (!stage_run(flow, stage, number)) return;
}

static void flow_begin(void *ctx)
{
    flow_t *flow = ctx;
    char frame[FRAME_BYTES] __attribute__((aligned(LINE)));
    size_t bytes = sizeof(carriage_t) + flow->n_stages * sizeof(int);
    flow->stride = (bytes + LINE - 1) / LINE * LINE;
    bytes = flow->n_items * flow->stride;
    bool is_alone = flow->n_items == 1 || par_num_workers() == 1;
    flow->carriages = bytes <= sizeof frame || is_alone ? frame : aligned_alloc(LINE, bytes);
    if (is_alone || flow->carriages == NULL)
        flow_run_alone(flow);
    else
        flow_run(flow);
    if (flow->carriages != frame) free(flow->carriages);
}

/* What is wrong with the arguments; NULL: nothing. */
static const char *
mistake_find(const void *items, size_t n_items, size_t size, const par_stage_t *stages, size_t n)
{
    if (items == NULL || n_items == 0) return "there are no items; pass one at least";
    if (!par__array_exists(n_items, size))
        return "n_items * item_size is above PTRDIFF_MAX; no array has so many items";
    if (stages == NULL || n == 0)
        return "there is no stage; pass at least the one that makes the tokens";
    if (n > SIZE_MAX / LINE / MAX_ITEMS) return "n_stages is too large; no array has so many items";
    for (size_t i = 0; i < n; i++) {
        if (stages[i].run == NULL) return "a stage's run is NULL; pass the function of each stage";
        if (stages[i].mode != PAR_STAGE_SERIAL && stages[i].mode != PAR_STAGE_PARALLEL)
            return "a stage's mode is unknown; accepted: PAR_STAGE_SERIAL, PAR_STAGE_PARALLEL";
    }
    return NULL;
}

int par_pipeline(void *items,
                 size_t n_items,
                 size_t item_size,
                 const par_stage_t *stages,
                 size_t n_stages,
                 size_t *n_done,
                 const par_options_t *given)
{
    const char *mistake = mistake_find(items, n_items, item_size, stages, n_stages);
    PAR__MISUSE(mistake == NULL, mistake);
    if (n_done != NULL) *n_done = 0;
    if (mistake != NULL) return PAR_EINVAL;
    par_options_t options = par__options_read_stoppable(given);
    flow_t flow = {.stages = stages,
                   .n_stages = n_stages,
                   .items = items,
                   .n_items = n_items < MAX_ITEMS ? n_items : MAX_ITEMS,
                   .item_size = item_size,
                   .longest = options.grain > 0 ? options.grain : 1,
                   .failure = PAR__FAILURE_INIT(options.cancel)};
    if (options.pool != NULL)
        par_pool_run(options.pool, flow_begin, &flow);
    else
        flow_begin(&flow);
    return par__failure_result(&flow.failure, flow.n_tokens, n_done);
}
