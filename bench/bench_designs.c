/* bench_designs.c - the designs family: what the owner's half of a fork costs in each design that was
 * considered for par_join (src/deque.md). One thread, nobody steals, fib without cut-off; each is
 * the bare fast path with its slow path reduced to a call that never happens. They stand in one file so
 * that one compiler run treats them alike. */
#include "data.h"

#define LOAD(word)         __atomic_load_n(&(word), __ATOMIC_RELAXED)
#define STORE(word, value) __atomic_store_n(&(word), (value), __ATOMIC_RELAXED)
#define RARELY(condition)  __builtin_expect(!!(condition), 0)
#define COMPILER_FENCE()   __asm__ __volatile__("" ::: "memory")
#define INLINE             static inline __attribute__((always_inline))
#define CAPACITY           256 /* a power of two, deeper than any fib here */

typedef void task_fn(void *ctx);

typedef struct slot_t {
    void (*run)(struct slot_t *slot);
    uint64_t state;
    task_fn *fn;
    void *ctx;
    uint64_t args[4];
} slot_t;

/* All that the designs keep in a worker; each uses its part. */
typedef struct worker_t {
    slot_t *head __attribute__((aligned(64)));
    slot_t *stolen;
    uintptr_t limit __attribute__((aligned(64)));
    uintptr_t floor;
    slot_t *base;
    int64_t bottom __attribute__((aligned(64)));
    int64_t top __attribute__((aligned(64)));
    struct record_t *records __attribute__((aligned(64)));
    int beat __attribute__((aligned(64)));
} worker_t;

/* A fork on the caller's own stack: for the circular deques and the linked list. */
typedef struct record_t {
    task_fn *fn;
    void *ctx;
    uint64_t state;
    struct record_t *older, *younger;
} record_t;

static slot_t slots[CAPACITY];
static record_t *ring[CAPACITY];
static worker_t the_worker;
static __thread worker_t *self __attribute__((tls_model("initial-exec"))) = &the_worker;

static __attribute__((noinline)) void slow(void)
{
    __asm__ __volatile__("");
}

static void run_plain(slot_t *slot)
{
    slot->fn(slot->ctx);
}

/* Private and public part, slots in an array; par_join. */
INLINE void fork_split_at(worker_t *w, task_fn *a, void *x, task_fn *b, void *y)
{
    slot_t *slot = w->head;
    if (RARELY((uintptr_t)slot >= LOAD(w->limit))) slow();
    slot->fn = b;
    slot->ctx = y;
    w->head = slot + 1;
    a(x);
    if (RARELY((uintptr_t)slot < LOAD(w->floor))) slow();
    w->head = slot;
    b(y);
}

INLINE void fork_split(task_fn *a, void *x, task_fn *b, void *y)
{
    fork_split_at(self, a, x, b, y);
}

INLINE void fork_split_no_tls(task_fn *a, void *x, task_fn *b, void *y)
{
    fork_split_at(&the_worker, a, x, b, y);
}

/* The same with the kind of the task in the slot. */
INLINE void fork_split_three_words(task_fn *a, void *x, task_fn *b, void *y)
{
    worker_t *w = self;
    slot_t *slot = w->head;
    if (RARELY((uintptr_t)slot >= LOAD(w->limit))) slow();
    slot->run = run_plain;
    slot->fn = b;
    slot->ctx = y;
    w->head = slot + 1;
    a(x);
    if (RARELY((uintptr_t)slot < LOAD(w->floor))) slow();
    w->head = slot;
    b(y);
}

/* The same in an array that may be moved when it grows: its address is read at each fork. */
INLINE void fork_split_growing(task_fn *a, void *x, task_fn *b, void *y)
{
    worker_t *w = self;
    int64_t index = w->bottom;
    if (RARELY(index >= (int64_t)LOAD(w->top) + CAPACITY)) slow();
    slot_t *slot = &((slot_t *)LOAD(w->base))[index];
    slot->fn = b;
    slot->ctx = y;
    w->bottom = index + 1;
    a(x);
    if (RARELY(index < LOAD(w->top))) slow();
    w->bottom = index;
    b(y);
}

/* The same with the record on the caller's stack and a circular array of pointers. */
INLINE void fork_split_pointers(task_fn *a, void *x, task_fn *b, void *y)
{
    worker_t *w = self;
    record_t record = {b, y, 0, NULL, NULL};
    int64_t index = w->bottom;
    if (RARELY((uint64_t)index >= LOAD(w->limit))) slow();
    ring[index & (CAPACITY - 1)] = &record;
    w->bottom = index + 1;
    a(x);
    if (RARELY(index < LOAD(w->top))) slow();
    w->bottom = index;
    b(y);
    __asm__ __volatile__("" ::"r"(&record) : "memory"); /* thieves may have written to it */
}

/* Chase and Lev's deque. FENCE is what take needs between its write of bottom and its read of top. */
#define CHASE_LEV(name, FENCE)                                                                     \
    INLINE void name(task_fn *a, void *x, task_fn *b, void *y)                                     \
    {                                                                                              \
        worker_t *w = self;                                                                        \
        record_t record = {b, y, 0, NULL, NULL};                                                   \
        int64_t bottom = LOAD(w->bottom);                                                          \
        if (RARELY(bottom - LOAD(w->top) >= CAPACITY)) slow();                                     \
        ring[bottom & (CAPACITY - 1)] = &record;                                                   \
        __atomic_store_n(&w->bottom, bottom + 1, __ATOMIC_RELEASE);                                \
        a(x);                                                                                      \
        bottom = LOAD(w->bottom) - 1;                                                              \
        FENCE;                                                                                     \
        int64_t top = LOAD(w->top);                                                                \
        if (RARELY(top >= bottom) && bottom != 0) slow();                                          \
        b(y);                                                                                      \
        __asm__ __volatile__("" ::"r"(&record) : "memory");                                        \
    }
CHASE_LEV(fork_chase_lev, __atomic_exchange_n(&w->bottom, bottom, __ATOMIC_SEQ_CST))
CHASE_LEV(fork_chase_lev_membarrier, STORE(w->bottom, bottom); COMPILER_FENCE())

/* Records on the stack in a list; a beat makes the oldest one public. */
INLINE void fork_heartbeat(task_fn *a, void *x, task_fn *b, void *y)
{
    worker_t *w = self;
    record_t record = {b, y, 0, w->records, NULL};
    record.older->younger = &record;
    w->records = &record;
    if (RARELY(LOAD(w->beat))) slow();
    a(x);
    w->records = record.older;
    record.older->younger = NULL;
    if (RARELY(record.state != 0)) slow();
    b(y);
}

/* A beat that is polled, and nothing published: the least that any heartbeat scheme costs. */
INLINE void fork_poll(task_fn *a, void *x, task_fn *b, void *y)
{
    if (RARELY(LOAD(the_worker.beat))) slow();
    a(x);
    b(y);
}

/* fib by a fork that takes functions and contexts. */
typedef struct fib_t {
    uint64_t n, result;
} fib_t;

#define FIB(fork)                                                                                  \
    static uint64_t fib_##fork(uint64_t n);                                                        \
    static void fib_##fork##_task(void *ctx)                                                       \
    {                                                                                              \
        fib_t *f = ctx;                                                                            \
        f->result = fib_##fork(f->n);                                                              \
    }                                                                                              \
    static uint64_t fib_##fork(uint64_t n)                                                         \
    {                                                                                              \
        if (n < 2) return n;                                                                       \
        fib_t a = {n - 1, 0}, b = {n - 2, 0};                                                      \
        fork(fib_##fork##_task, &a, fib_##fork##_task, &b);                                        \
        return a.result + b.result;                                                                \
    }

#define DESIGNS(X)                                                                                 \
    X(fork_poll, "poll-only")                                                                      \
    X(fork_split, "split")                                                                         \
    X(fork_split_no_tls, "split-no-tls")                                                           \
    X(fork_split_three_words, "split-three-words")                                                 \
    X(fork_split_growing, "split-growing")                                                         \
    X(fork_split_pointers, "split-pointers")                                                       \
    X(fork_chase_lev, "chase-lev")                                                                 \
    X(fork_chase_lev_membarrier, "chase-lev-membarrier")                                           \
    X(fork_heartbeat, "heartbeat")
#define DEFINE(fork, name) FIB(fork)
DESIGNS(DEFINE)
#undef DEFINE

/* Typed tasks: worker and head in registers, the argument in the slot. */
static uint64_t fib_typed(worker_t *w, slot_t *slot, uint64_t n);

static void fib_typed_run(void *unused)
{
    slot_t *slot = the_worker.stolen;
    (void)unused;
    slot->args[0] = fib_typed(&the_worker, the_worker.head, slot->args[0]);
}

static uint64_t fib_typed(worker_t *w, slot_t *slot, uint64_t n)
{
    if (n < 2) return n;
    if (RARELY((uintptr_t)slot >= LOAD(w->limit))) slow();
    slot->fn = fib_typed_run;
    slot->args[0] = n - 2;
    w->head = slot + 1;
    uint64_t x = fib_typed(w, slot + 1, n - 1);
    if (RARELY((uintptr_t)slot < LOAD(w->floor))) slow();
    w->head = slot;
    return x + fib_typed(w, slot, slot->args[0]);
}

static uint64_t fib_split_typed(uint64_t n)
{
    return fib_typed(self, self->head, n);
}

/* Kept from being inlined into itself: a fork cannot cost less than the call that it contains. */
static __attribute__((noinline)) uint64_t fib_call(uint64_t n)
{
    uint64_t x;
    if (n < 2) return n;
    x = fib_call(n - 1);
    COMPILER_FENCE();
    return x + fib_call(n - 2);
}

/* ---- registration ---- */

typedef struct design_t {
    const char *name;
    uint64_t (*fib)(uint64_t n);
} design_t;

#define ROW(fork, name) {name, fib_##fork},
static const design_t designs[] = {
    DESIGNS(ROW){"split-typed", fib_split_typed},
    {"call", fib_call},
};
#undef ROW

enum { N_DESIGNS = sizeof designs / sizeof designs[0] };

static uint64_t result, answer;
static record_t sentinel;

static bool prepare(const bench_case_t *c)
{
    answer = bench_serial.fib((unsigned)c->size);
    result = ~answer;
    the_worker = (worker_t){.head = slots,
                            .limit = (uintptr_t)(slots + CAPACITY),
                            .floor = (uintptr_t)slots,
                            .base = slots,
                            .records = &sentinel};
    return true;
}

static int64_t run(const bench_case_t *c, uint64_t iterations)
{
    const design_t *design = c->spec;
    while (iterations-- > 0)
        result = design == NULL ? bench_serial.fib((unsigned)c->size) : design->fib(c->size);
    return 0;
}

static bool is_right(const bench_case_t *c)
{
    (void)c;
    return result == answer;
}

static uint64_t forks(const bench_case_t *c)
{
    return bench_serial.fib((unsigned)c->size + 1) - 1;
}

void bench_add_designs(void)
{
    static bench_runtime_t names[N_DESIGNS];
    bench_case_t c = {.family = "designs",
                      .workload = "fib",
                      .runtime = &bench_serial,
                      .size = 36,
                      .threads = 1,
                      .prepare = prepare,
                      .run = run,
                      .is_right = is_right};
    bench_add(&c);
    c.forks = forks;
    for (size_t i = 0; i < N_DESIGNS; i++) {
        names[i] = (bench_runtime_t){.name = designs[i].name, .is_serial = true};
        c.runtime = &names[i];
        c.spec = &designs[i];
        bench_add(&c);
    }
}
