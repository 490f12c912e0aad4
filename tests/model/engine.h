/* engine.h - what the parts of the model checker share: the run, its threads, their views. */
#ifndef MODEL_ENGINE_H
#define MODEL_ENGINE_H

#include "model.h"

enum { MAX_LOCS = 160, ALL_THREADS = MODEL_THREADS + 1, MAX_STEPS = 4000 };

/* What a thread, or a store, has seen: a clock a thread (for plain data), a store a location. */
typedef struct view_t {
    uint32_t clock[ALL_THREADS];
    uint16_t at[MAX_LOCS];
} view_t;

typedef enum state_t { READY, YIELDED, ON_FUTEX, ON_MUTEX, DONE } state_t;

typedef struct thread_t {
    state_t state;
    const void *blocked_on;
    uint32_t yielded_at; /* run.writes then */
    uint32_t chance_at;  /* run.writes + 1 when it went on although nobody had written */
    void *local;         /* its value of the thread-local word */
    uint64_t history;    /* what it has read, chosen and done (states.c) */
    view_t now;          /* what it must not read behind of */
    view_t acquired;     /* what an acquire fence would add */
    view_t released;     /* what the last release fence saw */
} thread_t;

typedef struct run_t {
    const model_test_t *test;
    thread_t threads[ALL_THREADS];
    unsigned n_threads; /* the last index in use */
    unsigned self;      /* 0 = set-up or check */
    uint32_t writes;
    uint32_t steps;
    model_bounds_t used;
    bool is_traced;
    void **local_word; /* switched with the threads, so each has its own */
} run_t;

extern run_t run;

/* Parts of the model that can be switched off (model_disable). */
#define FEATURE_MAP(X)                                                                             \
    X(stale)      /* loads may read old stores */                                                  \
    X(coherence)  /* a thread never goes back in a location's order */                             \
    X(acquire)    /* acquire loads take the view of the store */                                   \
    X(release)    /* release stores carry the view of the thread */                                \
    X(sc)         /* seq_cst accesses agree on one order */                                        \
    X(sequence)   /* read-modify-writes continue a release sequence */                             \
    X(cxx20)      /* and the thread's own later stores do not, as they did in C11 */               \
    X(atomicity)  /* nothing comes between the halves of a read-modify-write */                    \
    X(late)       /* a location's order may differ from the order of execution */                  \
    X(fence)      /* acquire and release fences */                                                 \
    X(sc_fence)   /* seq_cst fences */                                                             \
    X(race)       /* races on plain data are failures */                                           \
    X(poison)     /* touching freed memory is a failure */                                         \
    X(deadlock)   /* all threads blocked is a failure */                                           \
    X(spurious)   /* a futex wait may return for no reason */                                      \
    X(victim)     /* a futex wake takes any of the waiters */                                      \
    X(no_memory)  /* allocations may fail */                                                       \
    X(preemption) /* a thread may be interrupted anywhere */

typedef struct features_t {
#define X(name) bool no_##name;
    FEATURE_MAP(X)
#undef X
} features_t;
extern features_t features;

/* search.c */
unsigned model__choose(unsigned n);
void model__point(void);      /* another thread may go on here */
void model__reschedule(void); /* this thread cannot go on, or lets others */
__attribute__((format(printf, 1, 2))) void model__trace(const char *format, ...);

/* memory.c */
void model__memory_reset(void);
void model__view_join(view_t *into, const view_t *from);
void model__location_forget(unsigned location);
const char *model__location_name(const void *p);

/* The stores of all locations, and how far seq_cst has come. */
uint64_t model__memory_history(void);

/* states.c */
uint64_t model__mix(uint64_t a, uint64_t b);
void model__note(uint64_t what); /* this thread has done a step with this outcome */
void model__states_reset(void);
bool model__state_is_new(unsigned where); /* where: 0 before an operation, 1 when it cannot go on */
bool model__end_is_new(void);

/* plain.c */
void model__plain_reset(void);
void model__atomic_access(const void *p, size_t size);
void model__atomic_store(const void *p); /* after model__atomic_access */
uint16_t *model__cell_location(const void *p, size_t size);

/* system.c */
void model__system_reset(void);

/* coroutine.c */
void model__co_start(unsigned index, void (*fn)(void));
void model__co_switch(unsigned from, unsigned to); /* 0 is the search itself */

#endif
