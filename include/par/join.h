/* join.h - fork-join: run two functions, possibly at the same time.
 *
 * The fast path is here, inlined into the caller, because a call into the library costs as much
 * as the whole fork. What it needs is the owner's end of the worker's fork stack; that view is
 * part of the ABI (PAR_JOIN_ABI). Everything that is not the fast path is a call into the library.
 * src/deque.md explains each instruction and what was measured and rejected. */
#ifndef PAR_JOIN_H
#define PAR_JOIN_H

#include <par/api.h>

/* Changes whenever the layout or the protocol below changes. */
#define PAR_JOIN_ABI 2

PAR_BEGIN_DECLS

typedef struct par_worker_t par_worker_t;
typedef struct par_slot_t par_slot_t;

/* One fork that waits to be joined: what to run and its arguments. A cache line, so that a thief
 * that runs one slot does not disturb the owner at the next. Slots are owned by the worker whose
 * fork stack holds them; users never name one. */
struct par_slot_t {
    par_task_fn *fn; /* a thief calls fn(u.ctx) */
    uint64_t state;  /* stolen, by whom, done: src/forks.h (0 while the owner has it) */
    union {
        void *ctx;        /* of a plain join */
        uint64_t args[6]; /* of a typed task, then its result; its fn finds them by `stolen` */
    } u;
} __attribute__((aligned(64)));

/* The public part of a worker. head and stolen are the owner's alone and lie on a line of their own;
 * limit and floor are read by the owner at each fork and written rarely: by the owner when the border
 * between private and public slots moves, by a thief that wants more work (it makes limit 0 and
 * floor the highest address, so that the owner's next fork or join takes the slow path). */
struct par_worker_t {
    par_slot_t *head __attribute__((aligned(64)));
    par_slot_t *stolen; /* the slot that this worker has stolen and calls just now */
    uintptr_t limit __attribute__((aligned(64))); /* push is fast while head < limit */
    uintptr_t floor;                              /* take is fast while slot >= floor */
    par_slot_t *end;                              /* of the slots: never changes */
} __attribute__((aligned(64)));

/* The worker that this thread is, or a stand-in whose limit is always 0. Never NULL. */
extern PAR_API __thread par_worker_t *par_worker_self __attribute__((tls_model("initial-exec")));

/* The slow halves of par_join; never called by users. */
PAR_API par_worker_t *par_push_slow(par_task_fn *a, par_task_fn *b, void *b_ctx);
PAR_API int par_take_slow(par_worker_t *worker, par_slot_t *slot); /* 1: the caller runs it */

/** Runs a(a_ctx) and b(b_ctx), possibly at the same time, and returns when both are done.
 *
 * The caller runs a itself; b is offered to the other workers of the pool and is run by the
 * caller if nobody took it. To have both halves inlined into a recursive function, write the
 * function `static inline` with ordinary arguments, and two-line tasks that unpack ctx and call it:
 * the compiler then inlines some levels of the recursion (gcc: a fork is a third cheaper).
 *
 * @param a,a_ctx  the first function and its argument; a must not be NULL, a_ctx may be
 * @param b,b_ctx  the second; may run on another thread, at the same time as a
 *
 * Errors    none: without memory or idle workers both run here, a then b
 * Threads   any thread; nests to any depth. Both functions may use the caller's stack.
 * Order     what the caller wrote is seen by both; what both wrote is seen after the return
 * Blocking  waits for b if it was taken, running only work that b itself forked meanwhile; so a
 *           lock held across the call is never asked for by a stranger's task on this stack
 * Cost      O(1), no allocation; bench: forkjoin/fib
 * Source    Blumofe and Leiserson, JACM 46(5), 1999; private and public parts of the deque after
 *           van Dijk and van de Pol, Lace, 2014
 * Since     0.1
 */
PAR_INLINE void par_join(par_task_fn *a, void *a_ctx, par_task_fn *b, void *b_ctx)
{
    par_worker_t *worker = par_worker_self;
    par_slot_t *slot = worker->head;
    if (PAR_UNLIKELY((uintptr_t)slot >= __atomic_load_n(&worker->limit, __ATOMIC_RELAXED))) {
        /* a_ctx stays out of it, so that what it points to may live in registers. */
        worker = par_push_slow(a, b, b_ctx);
        slot = worker->head - 1;
    } else {
        slot->fn = b;
        slot->u.ctx = b_ctx;
        worker->head = slot + 1;
    }
    a(a_ctx);
    if (PAR_LIKELY((uintptr_t)slot >= __atomic_load_n(&worker->floor, __ATOMIC_RELAXED))) {
        worker->head = slot; /* after the load, so that b, inlined, knows it */
        b(b_ctx);
    } else if (par_take_slow(worker, slot)) {
#ifdef __clang__
        __asm__("" : "+r"(b)); /* a call here: what clang inlines twice it inlines less deep */
#endif
        PAR__OWN_CALL b(b_ctx);
    }
}

/** par_join as an ordinary function, for callers from other languages and function pointers.
 * The same contract; one call and two indirect calls dearer.
 * Since     0.1
 */
PAR_API void par_join_call(par_task_fn *a, void *a_ctx, par_task_fn *b, void *b_ctx);

/* Is somebody idle who would take work that this thread forks now? The slow half. */
PAR_API int par_is_hungry_slow(par_worker_t *worker);

/** Tells whether another worker of the pool is idle and finds nothing to take from this one.
 *
 * Loops ask it between two blocks and fork half of the rest when it is true. A snapshot: it may be
 * outdated at once, which costs time, never correctness.
 *
 * @return 0: nobody would take it. 1: somebody searches, or waits for a part of this task, and a fork
 *         is taken at once, as a rule. 2: all that are idle sleep, and a fork pays the wake-up, some
 *         microseconds of the caller's time
 *
 * Errors    none
 * Threads   any; from a thread that is not inside a parallel call it starts the default pool
 * Blocking  never
 * Cost      one load and one branch while there are public forks; some ns otherwise
 * Since     0.1
 */
PAR_INLINE int par_is_hungry(void)
{
    par_worker_t *worker = par_worker_self;
    return PAR_UNLIKELY(__atomic_load_n(&worker->limit, __ATOMIC_RELAXED) == 0) &&
           par_is_hungry_slow(worker);
}

PAR_END_DECLS

#endif
