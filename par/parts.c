/* parts.c - loops whose parts belong to workers, so that each finds its data in its own caches.
 *
 * What is offered are not parts but tickets: whoever runs one takes a part then, its own if that is
 * still there. The core decides who comes and when; the ticket only decides what he gets. A part is
 * taken by setting its bit, so each runs once whatever the owners' table says.
 *
 * Static: a ticket is good for one part. There are as many tickets as parts, so every ticket finds
 * one. Affinity: a ticket is good for all parts of that worker and then for any that nobody has
 * begun; each of them is divided by measured cost, so that its halves can be stolen when there is
 * nothing else left. */
#include <stdbool.h>

#include "clock.h"
#include "history.h"
#include "loop.h"

enum {
    MAX_PARTS = 1024,    /* static: the largest pool */
    MAX_OWNED = 512,     /* affinity: the owners that par_affinity_t has room for */
    OWNED_A_WORKER = 16, /* affinity: the last run is known to a 16th of a worker's share */
    WORD = 64
};

/* What par_affinity_t is. Only a hint: read and written relaxed, by several loops if need be. */
typedef struct __attribute__((may_alias)) memory_t {
    uint64_t shape; /* parts and workers that the owners are for; 0 = none yet */
    uint64_t unused;
    uint16_t owner[MAX_OWNED];
} memory_t;

_Static_assert(sizeof(memory_t) <= sizeof(par_affinity_t), "par_affinity_t is too small");

typedef struct parts_t {
    const par__op_t *loop;
    size_t n_parts, n_workers;
    size_t part, longer; /* units of a part; this many parts have one more */
    memory_t *memory;    /* affinity: whose parts were whose */
    const void *maker;   /* the thread that called */
    par__pace_t pace;    /* affinity: of that thread */
    uint64_t *taken;     /* a bit a part */
} parts_t;

typedef struct tickets_t {
    par__op_t op; /* first: the bridge hands it back */
    parts_t *parts;
} tickets_t;

static void tickets_run(parts_t *parts, par__run_fn *run, size_t n)
{
    tickets_t tickets = {.parts = parts};
    tickets.op.run = run;
    tickets.op.n_units = n;
    tickets.op.batch = 1;
    tickets.op.pool = parts->loop->pool;
    par__bridge_run(&tickets.op, NULL);
}

static size_t part_start(const parts_t *parts, size_t part)
{
    return part * parts->part + (part < parts->longer ? part : parts->longer);
}

/* Relaxed: the bit only decides who; fork and join carry the data. */
static bool part_take(parts_t *parts, size_t part)
{
    uint64_t *word = &parts->taken[part / WORD];
    uint64_t bit = (uint64_t)1 << part % WORD;
    if ((__atomic_load_n(word, __ATOMIC_RELAXED) & bit) != 0) return false;
    return (__atomic_fetch_or(word, bit, __ATOMIC_RELAXED) & bit) == 0;
}

static void parts_divide(parts_t *parts, size_t n_parts)
{
    parts->n_parts = n_parts;
    parts->part = parts->loop->n_units / n_parts;
    parts->longer = parts->loop->n_units % n_parts;
}

static size_t workers_of(const par__op_t *loop)
{
    return loop->pool != NULL ? par_pool_num_workers(loop->pool) : par_num_workers();
}

/* ---- static ---- */

/* Its own part, else the next one in turn whose worker has not come. */
static size_t static_choose(parts_t *parts)
{
    size_t own = par_worker_index();
    if (own >= parts->n_parts) own = parts->n_parts - 1;
    size_t part = own;
    while (!part_take(parts, part)) {
        part = part + 1 < parts->n_parts ? part + 1 : 0;
        if (part == own) break; /* cannot be: a ticket a part */
    }
    return part;
}

static void static_ticket(const par__op_t *op, void *acc, size_t first, size_t last)
{
    parts_t *parts = ((const tickets_t *)op)->parts;
    (void)acc;
    for (size_t ticket = first; ticket < last; ticket++) {
        size_t part = static_choose(parts);
        parts->loop->run(parts->loop, NULL, part_start(parts, part), part_start(parts, part + 1));
    }
}

void par__parts_static(const par__op_t *loop)
{
    uint64_t taken[MAX_PARTS / WORD];
    parts_t parts = {.loop = loop, .taken = taken};
    parts.n_workers = workers_of(loop);
    size_t n = loop->n_units < parts.n_workers ? loop->n_units : parts.n_workers;
    if (n > MAX_PARTS) n = MAX_PARTS;
    if (n == 0) return;
    parts_divide(&parts, n);
    for (size_t i = 0; i * WORD < n; i++)
        taken[i] = 0;
    tickets_run(&parts, static_ticket, n);
}

/* ---- affinity ---- */

static void part_run(parts_t *parts, par__pace_t *pace, size_t worker, size_t part)
{
    __atomic_store_n(&parts->memory->owner[part], (uint16_t)worker, __ATOMIC_RELAXED);
    par__bridge_divide(parts->loop, pace, part_start(parts, part), part_start(parts, part + 1));
}

static void run_own(parts_t *parts, par__pace_t *pace, size_t worker)
{
    for (size_t part = 0; part < parts->n_parts; part++) {
        size_t owner = __atomic_load_n(&parts->memory->owner[part], __ATOMIC_RELAXED);
        if (owner == worker && part_take(parts, part)) part_run(parts, pace, worker, part);
    }
}

/* Backwards, from where the parts of this worker began in the first run: the others run theirs
 * forwards. */
static void run_left(parts_t *parts, par__pace_t *pace, size_t worker)
{
    size_t part = worker % parts->n_workers * parts->n_parts / parts->n_workers;
    for (size_t i = 0; i < parts->n_parts; i++) {
        part = part > 0 ? part - 1 : parts->n_parts - 1;
        if (part_take(parts, part)) part_run(parts, pace, worker, part);
    }
}

static void affinity_ticket(const par__op_t *op, void *acc, size_t first, size_t last)
{
    parts_t *parts = ((const tickets_t *)op)->parts;
    par__pace_t own = {.batch = 1};
    par__pace_t *pace = parts->maker == &par__here ? &parts->pace : &own;
    size_t worker = par_worker_index();
    (void)acc, (void)first, (void)last; /* all tickets are alike, and one does all there is */
    run_own(parts, pace, worker);
    run_left(parts, pace, worker);
}

/* Another number of parts or workers than last time: equal shares again. */
static void memory_prepare(const parts_t *parts)
{
    uint64_t shape = (uint64_t)parts->n_parts << 32 | parts->n_workers;
    if (__atomic_load_n(&parts->memory->shape, __ATOMIC_RELAXED) == shape) return;
    for (size_t part = 0; part < parts->n_parts; part++) {
        size_t owner = part * parts->n_workers / parts->n_parts;
        __atomic_store_n(&parts->memory->owner[part], (uint16_t)owner, __ATOMIC_RELAXED);
    }
    __atomic_store_n(&parts->memory->shape, shape, __ATOMIC_RELAXED);
}

static size_t owned_parts(const par__op_t *loop, size_t n_workers)
{
    size_t n = n_workers < MAX_OWNED / OWNED_A_WORKER ? n_workers * OWNED_A_WORKER : MAX_OWNED;
    return loop->n_units < n ? loop->n_units : n;
}

static void affinity_run(const par__op_t *loop, memory_t *memory)
{
    uint64_t taken[MAX_OWNED / WORD] = {0};
    parts_t parts = {.loop = loop, .memory = memory, .taken = taken};
    parts.n_workers = workers_of(loop);
    parts_divide(&parts, owned_parts(loop, parts.n_workers));
    parts.maker = &par__here;
    parts.pace = (par__pace_t){.batch = 1};
    memory_prepare(&parts);
    uint64_t start = par__clock_now();
    tickets_run(&parts, affinity_ticket,
                parts.n_parts < parts.n_workers ? parts.n_parts : parts.n_workers);
    if (loop->left_out == NULL || *loop->left_out == SIZE_MAX)
        par__history_learn(loop->key, loop->n_units, false, &parts.pace, par__clock_since(start));
}

/* What is known to be tiny is the caller's anyway. */
static bool is_tiny(const par__op_t *loop)
{
    if (loop->unit_ns > 0)
        return loop->unit_ns * (double)loop->n_units < PAR__KNOWN_TINY_US * 1000.0;
    return par__history_is_tiny(loop->key, loop->n_units);
}

void par__parts_affinity(const par__op_t *loop, par_affinity_t *given)
{
    if (loop->n_units == 0) return;
    if (is_tiny(loop)) {
        par__bridge_run(loop, NULL);
    } else if (given != NULL) {
        affinity_run(loop, (memory_t *)given);
    } else {
        memory_t memory;
        memory.shape = 0;
        affinity_run(loop, &memory);
    }
}
