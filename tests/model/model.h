/* model.h - a stateless model checker for the core: README.md tells what it does.
 *
 * A test is a set-up, up to four threads, and a check. It is run again and again, each time with
 * other choices, until all that the bounds allow have been made. */
#ifndef MODEL_H
#define MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MODEL_THREADS = 4 };

/* As the compilers number them, so that __ATOMIC_RELAXED and its like can be passed on. */
enum {
    MODEL_RELAXED = 0,
    MODEL_ACQUIRE = 2,
    MODEL_RELEASE = 3,
    MODEL_ACQ_REL = 4,
    MODEL_SEQ_CST = 5
};

typedef enum model_rmw_t { MODEL_ADD, MODEL_OR, MODEL_AND, MODEL_SWAP } model_rmw_t;

/* How often in one execution each kind of surprise may happen. */
typedef struct model_bounds_t {
    unsigned preemptions; /* a thread that could go on is interrupted */
    unsigned stale;       /* a load reads another store than the last one */
    unsigned late;        /* a store takes a place before an earlier one in its location's order */
    unsigned spurious;    /* a futex wait returns for no reason */
    unsigned no_memory;   /* an allocation fails */
} model_bounds_t;

typedef struct model_test_t {
    const char *name;
    void (*setup)(void);
    void (*threads[MODEL_THREADS])(void);
    void (*check)(void); /* after all threads; NULL = none */
    model_bounds_t bounds;
    const char *expect; /* NULL, or words of the failure that must be found */
    const uint8_t
        *allowed; /* litmus: the outcomes, each of which must occur; ends with MODEL_END */
} model_test_t;

enum { MODEL_END = 255 };

/* ---- for tests ---- */

/* Runs one test; false if it did not do what it shall. */
bool model_run(const model_test_t *test);

/* No report, only the answer. */
void model_quiet(bool quiet);

/* Switches a part of the model off by name, to see that a litmus test notices. False: no such. */
bool model_disable(const char *feature);
const char *model_feature(unsigned index); /* NULL after the last */

/* Ends the execution as a failure. */
__attribute__((noreturn, format(printf, 1, 2))) void model_fail(const char *format, ...);
#define MODEL_CHECK(cond)                                                                          \
    ((cond) ? (void)0 : model_fail("%s:%d: %s does not hold", __FILE__, __LINE__, #cond))

/* The result of a litmus test, 0 to 63. */
void model_outcome(unsigned outcome);

/* 0 for the set-up and the check, 1 to 4 for the threads. */
unsigned model_self(void);

/* Gives a location a name for the trace. */
void model_name(const void *p, const char *name);

/* A word of the program that each thread has of its own (par_worker_self). */
void model_thread_local(void **word);

/* ---- what the core calls instead of the real thing ---- */

uint64_t model_load(const void *p, size_t size, int order);
void model_store(void *p, size_t size, uint64_t value, int order);
uint64_t model_rmw(void *p, size_t size, model_rmw_t kind, uint64_t value, int order);
bool model_cas(void *p, size_t size, void *expected, uint64_t value, int success, int failure);
void model_fence(int order);

/* A spinning thread: goes on after another one has written something. */
void model_yield(void);

void *model_malloc(size_t bytes);
void *model_calloc(size_t n, size_t bytes);
void *model_aligned_alloc(size_t align, size_t bytes);
void model_free(void *p);

void model_futex_wait(const uint32_t *word, uint32_t expected);
void model_futex_wake(const uint32_t *word);

int model_mutex_init(void *mutex);
int model_mutex_lock(void *mutex);
int model_mutex_unlock(void *mutex);

#endif
