/* thread.c - scoped threads of the operating system.
 *
 * A scope holds the records of its threads, in the order of spawning: the first few inside itself,
 * the others from malloc, all of them until it ends. So a handle stays valid after its join, and a
 * second join is seen, not undefined.
 *
 * The opener alone uses the scope, a thread writes only the result of its own record, and starting
 * and joining it order both. One thing more is shared, for a thread with CPUs of its own: it binds
 * itself, and its spawner waits for the answer, so that a refusal reaches the caller and the body
 * has not run.
 *
 * Orders
 *  T1 answer  thread: reads the options; answer := BOUND or REFUSED (release), wakes the spawner
 *             spawner: waits until answer is not 0 (acquire); returns. The options, and the answer
 *             itself on its stack, may go away then: the wake does not look at the word. */
#include <par/thread.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "os.h"

enum { N_RESIDENT = 7, NAME_BYTES = 16 };

/* The public storage is an array of numbers: the views of it may alias them. */
#define ALIASING __attribute__((may_alias))

struct ALIASING par_thread_t {
    par__os_thread_t os;
    par_thread_fn *fn;
    void *ctx;
    struct scope *scope;
    par_thread_t *next; /* in the order of spawning */
    int result;         /* the thread writes it; valid after the join */
    bool is_joined;
    char name[NAME_BYTES]; /* "" = the spawner's */
};

typedef struct ALIASING scope {
    uint64_t state;     /* SCOPE_OPEN, SCOPE_ENDED, or anything if it was never begun */
    const void *opener; /* &this_thread of the thread that began it */
    par_thread_t *first;
    par_thread_t **link; /* where the next record is hung */
    unsigned n_resident; /* records of resident in use */
    par_thread_t resident[N_RESIDENT];
} scope_t;

/* A spawner's question to a thread that is to run on CPUs of its own; on the spawner's stack. */
typedef struct binding_t {
    par_thread_t *thread;
    const par_thread_options_t *options;
    _Atomic(uint32_t) answer; /* A (T1): 0, then BOUND or REFUSED */
} binding_t;

enum { BOUND = 1, REFUSED = 2 };

_Static_assert(sizeof(scope_t) <= sizeof(par_thread_scope_t), "the public storage is too small");
_Static_assert(_Alignof(scope_t) <= _Alignof(par_thread_scope_t), "and aligned for it");

#define SCOPE_OPEN  UINT64_C(0x706172206f70656e) /* "par open": no stack holds it by chance */
#define SCOPE_ENDED UINT64_C(0x70617220656e6465)

/* Its address is another one in each thread that lives. */
static _Thread_local char this_thread;

/* Misuse stops a debug build; a release build refuses the call. */
#define REFUSE_UNLESS(cond, sentence)                                                              \
    do {                                                                                           \
        PAR__MISUSE(cond, sentence);                                                               \
        if (!(cond)) return PAR_EINVAL;                                                            \
    } while (0)

/* ---- records ---- */

static bool is_resident(const scope_t *scope, const par_thread_t *thread)
{
    uintptr_t offset = (uintptr_t)thread - (uintptr_t)scope->resident;
    return offset < sizeof scope->resident;
}

static par_thread_t *record_new(scope_t *scope)
{
    if (scope->n_resident < N_RESIDENT) return &scope->resident[scope->n_resident++];
    return malloc(sizeof(par_thread_t));
}

/* Gives back the newest record, whose thread did not start. */
static void record_undo(scope_t *scope, par_thread_t *thread)
{
    if (is_resident(scope, thread))
        scope->n_resident--;
    else
        free(thread);
}

static void *thread_main(void *arg)
{
    par_thread_t *thread = arg;
    if (thread->name[0] != '\0') par__os_name_self(thread->name);
    thread->result = thread->fn(thread->ctx);
    return NULL;
}

static void *thread_main_bound(void *arg)
{
    binding_t *binding = arg;
    par_thread_t *thread = binding->thread;
    const par_thread_options_t *options = binding->options;
    bool is_refused =
        par__os_bind_self_to(options->cpus, options->n_cpus) != PAR_OK && options->bind_strict;
    _Atomic(uint32_t) *answer = &binding->answer;
    store_release(answer, is_refused ? REFUSED : BOUND); /* order: T1 */
    par__os_wake(answer);
    return is_refused ? NULL : thread_main(thread);
}

static par_status_t record_start_bound(par_thread_t *thread, const par_thread_options_t *options)
{
    binding_t binding = {.thread = thread, .options = options};
    par_status_t status = par__os_thread_start_inheriting(&thread->os, thread_main_bound, &binding,
                                                          options->stack_bytes);
    if (status != PAR_OK) return status;
    uint32_t answer;
    while ((answer = load_acquire(&binding.answer)) == 0) /* order: T1 */
        par__os_wait(&binding.answer, 0);
    if (answer == BOUND) return PAR_OK;
    par__os_thread_join(&thread->os);
    return PAR_EBIND;
}

static par_status_t record_start(par_thread_t *thread, const par_thread_options_t *options)
{
    if (options->n_cpus != 0) return record_start_bound(thread, options);
    return par__os_thread_start_inheriting(&thread->os, thread_main, thread, options->stack_bytes);
}

static void record_join(par_thread_t *thread)
{
    par__os_thread_join(&thread->os);
    thread->is_joined = true;
}

/* ---- options ---- */

static bool options_are_valid(const par_thread_options_t *options)
{
    return options->struct_size >= sizeof *options &&
           (options->n_cpus == 0 || options->cpus != NULL);
}

static void name_copy(char to[NAME_BYTES], const char *name)
{
    size_t bytes = 0;
    while (name != NULL && bytes < NAME_BYTES - 1 && name[bytes] != '\0')
        bytes++;
    if (bytes > 0) memcpy(to, name, bytes);
    to[bytes] = '\0';
}

/* ---- the public verbs ---- */

par_status_t par_thread_scope_begin(par_thread_scope_t *public_scope)
{
    REFUSE_UNLESS(public_scope != NULL, "scope is NULL: pass the address of a par_thread_scope_t");
    scope_t *scope = (scope_t *)public_scope;
    scope->state = SCOPE_OPEN;
    scope->opener = &this_thread;
    scope->first = NULL;
    scope->link = &scope->first;
    scope->n_resident = 0;
    return PAR_OK;
}

par_status_t par_thread_spawn(par_thread_scope_t *public_scope,
                              par_thread_t **out,
                              par_thread_fn *fn,
                              void *ctx,
                              const par_thread_options_t *options)
{
    static const par_thread_options_t defaults = PAR_THREAD_OPTIONS_INIT;
    scope_t *scope = (scope_t *)public_scope;
    if (out != NULL) *out = NULL;
    REFUSE_UNLESS(scope != NULL, "scope is NULL: pass the address of an open par_thread_scope_t");
    REFUSE_UNLESS(scope->state == SCOPE_OPEN,
                  "the scope is not open: spawn between par_thread_scope_begin and _end");
    REFUSE_UNLESS(scope->opener == &this_thread,
                  "another thread opened this scope: open one of your own");
    REFUSE_UNLESS(fn != NULL, "fn is NULL: pass the function that the thread is to run");
    if (options == NULL) options = &defaults;
    if (!options_are_valid(options)) return PAR_EINVAL;

    par_thread_t *thread = record_new(scope);
    if (thread == NULL) return PAR_ENOMEM;
    *thread = (par_thread_t){.fn = fn, .ctx = ctx, .scope = scope};
    name_copy(thread->name, options->name);
    par_status_t status = record_start(thread, options);
    if (status != PAR_OK) {
        record_undo(scope, thread);
        return status;
    }
    *scope->link = thread;
    scope->link = &thread->next;
    if (out != NULL) *out = thread;
    return PAR_OK;
}

par_status_t par_thread_join(par_thread_t *thread, int *result)
{
    REFUSE_UNLESS(thread != NULL, "thread is NULL: pass what par_thread_spawn stored in out");
    REFUSE_UNLESS(thread->scope->state == SCOPE_OPEN,
                  "the scope of this thread has ended, and joined it: join before the end");
    REFUSE_UNLESS(thread->scope->opener == &this_thread,
                  "another thread opened the scope of this thread: join where it was spawned");
    REFUSE_UNLESS(!thread->is_joined, "the thread is joined already: join each thread once");
    record_join(thread);
    if (result != NULL) *result = thread->result;
    return PAR_OK;
}

/* Joins what is left and frees the records; the first failure among the former, else 0. */
static int scope_close(scope_t *scope)
{
    int failure = 0;
    for (par_thread_t *thread = scope->first, *next; thread != NULL; thread = next) {
        if (!thread->is_joined) {
            record_join(thread);
            failure = failure != 0 ? failure : thread->result;
        }
        next = thread->next;
        if (!is_resident(scope, thread)) free(thread);
    }
    scope->first = NULL;
    scope->state = SCOPE_ENDED;
    return failure;
}

par_status_t par_thread_scope_end(par_thread_scope_t *public_scope, int *failure)
{
    scope_t *scope = (scope_t *)public_scope;
    REFUSE_UNLESS(scope != NULL, "scope is NULL: pass the address of an open par_thread_scope_t");
    REFUSE_UNLESS(scope->state == SCOPE_OPEN,
                  "the scope is not open: end a scope once, after par_thread_scope_begin");
    REFUSE_UNLESS(scope->opener == &this_thread,
                  "another thread opened this scope: end it in the thread that began it");
    int first = scope_close(scope);
    if (failure != NULL) *failure = first;
    return PAR_OK;
}

/* ---- the block form ---- */

par_thread_scope_t *par_thread_scope_enter(par_thread_scope_t *scope)
{
    par_thread_scope_begin(scope);
    return scope;
}

void par_thread_scope_leave(par_thread_scope_t *scope)
{
    if (((scope_t *)scope)->state == SCOPE_OPEN) par_thread_scope_end(scope, NULL);
}
