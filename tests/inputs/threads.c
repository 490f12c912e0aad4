/* threads.c - scopes of threads: NULL, the wrong thread, the wrong time, options without sense. */
#define _GNU_SOURCE
#include "inputs.h"

#include <limits.h>
#include <pthread.h>
#include <string.h>

#include <par/thread.h>

/* Hidden from the compiler, which would warn. */
static void *volatile nothing;
static par_thread_fn *volatile no_body;

static int succeed(void *ctx)
{
    (void)ctx;
    return 0;
}

/* Runs fn(ctx) on another thread and waits for it. */
static void elsewhere(void *(*fn)(void *), void *ctx)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, fn, ctx) == 0) pthread_join(thread, NULL);
}

static int thread_begin_null(const input_t *input)
{
    (void)input;
    return par_thread_scope_begin(nothing);
}

static int thread_end_null(const input_t *input)
{
    (void)input;
    return par_thread_scope_end(nothing, NULL);
}

static int thread_end_unbegun(const input_t *input)
{
    par_thread_scope_t scope;
    int failure = 5;
    memset(&scope, (int)input->size, sizeof scope);
    int status = par_thread_scope_end(&scope, &failure);
    return failure == 5 ? status : 1;
}

static int thread_leave_unbegun(const input_t *input)
{
    par_thread_scope_t scope;
    memset(&scope, (int)input->size, sizeof scope);
    par_thread_scope_leave(&scope);
    return 1;
}

static int thread_end_twice(const input_t *input)
{
    (void)input;
    par_thread_scope_t scope;
    if (par_thread_scope_begin(&scope) != PAR_OK) return 1;
    if (par_thread_scope_end(&scope, NULL) != PAR_OK) return 1;
    return par_thread_scope_end(&scope, NULL);
}

typedef struct foreign_t {
    par_thread_scope_t scope;
    par_thread_t *thread;
    int status;
} foreign_t;

static void *thread_end_here(void *ctx)
{
    foreign_t *foreign = ctx;
    foreign->status = par_thread_scope_end(&foreign->scope, NULL);
    return NULL;
}

static void *thread_spawn_here(void *ctx)
{
    foreign_t *foreign = ctx;
    foreign->status = par_thread_spawn(&foreign->scope, NULL, succeed, NULL, NULL);
    return NULL;
}

static void *thread_join_here(void *ctx)
{
    foreign_t *foreign = ctx;
    foreign->status = par_thread_join(foreign->thread, NULL);
    return NULL;
}

static int on_another_thread(void *(*fn)(void *))
{
    foreign_t foreign = {.status = 1};
    if (par_thread_scope_begin(&foreign.scope) != PAR_OK) return 1;
    if (par_thread_spawn(&foreign.scope, &foreign.thread, succeed, NULL, NULL) != PAR_OK) return 1;
    elsewhere(fn, &foreign);
    return par_thread_scope_end(&foreign.scope, NULL) == PAR_OK ? foreign.status : 1;
}

static int thread_end_elsewhere(const input_t *input)
{
    (void)input;
    return on_another_thread(thread_end_here);
}

static int thread_spawn_elsewhere(const input_t *input)
{
    (void)input;
    return on_another_thread(thread_spawn_here);
}

static int thread_join_elsewhere(const input_t *input)
{
    (void)input;
    return on_another_thread(thread_join_here);
}

static int thread_join_null(const input_t *input)
{
    (void)input;
    int result = 5;
    int status = par_thread_join(nothing, &result);
    return result == 5 ? status : 1;
}

static int thread_join_twice(const input_t *input)
{
    int status = 1, result = 5;
    PAR_THREAD_SCOPE (s) {
        par_thread_t *thread = NULL;
        if (par_thread_spawn(&s, &thread, succeed, NULL, NULL) != PAR_OK) continue;
        if (par_thread_join(thread, NULL) != PAR_OK) continue;
        if (input->size == 1) par_thread_scope_end(&s, NULL);
        status = par_thread_join(thread, &result);
    }
    return result == 5 ? status : 1;
}

/* After every refusal out is NULL and the scope can be used as before. */
static int spawn_status(par_thread_scope_t *scope, par_thread_fn *fn, const par_thread_options_t *o)
{
    par_thread_t *thread = nothing;
    memset(&thread, 0x5a, sizeof thread);
    int status = par_thread_spawn(scope, &thread, fn, NULL, o);
    if ((status != PAR_OK) != (thread == NULL)) return 1;
    return status;
}

static int thread_spawn_null_scope(const input_t *input)
{
    (void)input;
    return spawn_status(nothing, succeed, NULL);
}

static int thread_spawn_unbegun(const input_t *input)
{
    par_thread_scope_t scope;
    memset(&scope, (int)input->size, sizeof scope);
    return spawn_status(&scope, succeed, NULL);
}

static int thread_spawn_late(const input_t *input)
{
    (void)input;
    par_thread_scope_t scope;
    if (par_thread_scope_begin(&scope) || par_thread_scope_end(&scope, NULL)) return 1;
    return spawn_status(&scope, succeed, NULL);
}

static int thread_spawn_null_fn(const input_t *input)
{
    int status = 1;
    PAR_THREAD_SCOPE (s)
        status = spawn_status(&s, no_body, input->data);
    return status;
}

static int thread_spawn_with(const input_t *input)
{
    int status = 1;
    PAR_THREAD_SCOPE (s) {
        status = spawn_status(&s, succeed, input->data);
        if (par_thread_spawn(&s, NULL, succeed, NULL, NULL) != PAR_OK) status = 1;
    }
    return status;
}

static const unsigned no_such_cpus[] = {UINT_MAX, 65535, 65536, INT_MAX};

#define THREAD(what, expected, ...)                                                                \
    {                                                                                              \
        .name = "par_thread_spawn: " what, .run = thread_spawn_with, .answer = (expected),         \
        .data = &(const par_thread_options_t)                                                      \
        {                                                                                          \
            __VA_ARGS__                                                                            \
        }                                                                                          \
    }
#define WHOLE .struct_size = sizeof(par_thread_options_t)

/* ---- the table ---- */

#define REFUSED(what, function, bytes, name_of, says)                                              \
    {                                                                                              \
        .name = what, .run = (function), .size = (bytes), .answer = PAR_EINVAL,                    \
        STOP("/thread.c", name_of, says)                                                           \
    }
#define FINE(what, function, bytes)                                                                \
    {                                                                                              \
        .name = what, .run = (function), .size = (bytes), .answer = 1                              \
    }

#define OPEN_NULL  "scope is NULL: pass the address of an open par_thread_scope_t"
#define END_ONCE   "the scope is not open: end a scope once, after par_thread_scope_begin"
#define SPAWN_OPEN "the scope is not open: spawn between par_thread_scope_begin and _end"

static const input_t cases[] = {
    REFUSED("par_thread_scope_begin(NULL)",
            thread_begin_null,
            0,
            "par_thread_scope_begin",
            "scope is NULL: pass the address of a par_thread_scope_t"),
    REFUSED("par_thread_scope_end(NULL)", thread_end_null, 0, "par_thread_scope_end", OPEN_NULL),
    REFUSED(
        "par_thread_scope_end of zeros", thread_end_unbegun, 0, "par_thread_scope_end", END_ONCE),
    REFUSED("par_thread_scope_end of garbage",
            thread_end_unbegun,
            0xa5,
            "par_thread_scope_end",
            END_ONCE),
    REFUSED("par_thread_scope_end twice", thread_end_twice, 0, "par_thread_scope_end", END_ONCE),
    FINE("par_thread_scope_leave of zeros", thread_leave_unbegun, 0),
    FINE("par_thread_scope_leave of garbage", thread_leave_unbegun, 0xa5),
    REFUSED("par_thread_scope_end on another thread",
            thread_end_elsewhere,
            0,
            "par_thread_scope_end",
            "another thread opened this scope: end it in the thread that began it"),
    REFUSED("par_thread_spawn on another thread",
            thread_spawn_elsewhere,
            0,
            "par_thread_spawn",
            "another thread opened this scope: open one of your own"),
    REFUSED("par_thread_join on another thread",
            thread_join_elsewhere,
            0,
            "par_thread_join",
            "another thread opened the scope of this thread: join where it was spawned"),
    REFUSED("par_thread_join(NULL)",
            thread_join_null,
            0,
            "par_thread_join",
            "thread is NULL: pass what par_thread_spawn stored in out"),
    REFUSED("par_thread_join twice",
            thread_join_twice,
            0,
            "par_thread_join",
            "the thread is joined already: join each thread once"),
    REFUSED("par_thread_join after the end",
            thread_join_twice,
            1,
            "par_thread_join",
            "the scope of this thread has ended, and joined it: join before the end"),
    REFUSED("par_thread_spawn(NULL)", thread_spawn_null_scope, 0, "par_thread_spawn", OPEN_NULL),
    REFUSED("par_thread_spawn into zeros", thread_spawn_unbegun, 0, "par_thread_spawn", SPAWN_OPEN),
    REFUSED("par_thread_spawn into garbage",
            thread_spawn_unbegun,
            0xa5,
            "par_thread_spawn",
            SPAWN_OPEN),
    REFUSED("par_thread_spawn after the end", thread_spawn_late, 0, "par_thread_spawn", SPAWN_OPEN),
    REFUSED("par_thread_spawn(NULL body)",
            thread_spawn_null_fn,
            0,
            "par_thread_spawn",
            "fn is NULL: pass the function that the thread is to run"),
    THREAD("all zero", PAR_EINVAL, 0),
    THREAD("struct_size 1", PAR_EINVAL, .struct_size = 1),
    THREAD("struct_size one short", PAR_EINVAL, .struct_size = sizeof(par_thread_options_t) - 1),
    THREAD("struct_size one more", PAR_OK, .struct_size = sizeof(par_thread_options_t) + 1),
    THREAD("struct_size SIZE_MAX", PAR_OK, .struct_size = SIZE_MAX),
    THREAD("cpus NULL, one of them", PAR_EINVAL, WHOLE, .n_cpus = 1),
    THREAD("cpus NULL, SIZE_MAX of them", PAR_EINVAL, WHOLE, .n_cpus = SIZE_MAX),
    THREAD("cpus NULL, none, strict", PAR_OK, WHOLE, .bind_strict = 1),
    THREAD("CPUs that do not exist", PAR_OK, WHOLE, .cpus = no_such_cpus, .n_cpus = 4),
    THREAD("CPUs that do not exist, strict",
           PAR_EBIND,
           WHOLE,
           .cpus = no_such_cpus,
           .n_cpus = 4,
           .bind_strict = 1),
    THREAD("CPU UINT_MAX, strict",
           PAR_EBIND,
           WHOLE,
           .cpus = no_such_cpus,
           .n_cpus = 1,
           .bind_strict = -1),
    THREAD("a stack of 1 byte", PAR_OK, WHOLE, .stack_bytes = 1),
    THREAD("a stack of SIZE_MAX", PAR_EINVAL, WHOLE, .stack_bytes = SIZE_MAX),
    THREAD("a stack of seven eighths", PAR_EAGAIN, WHOLE, .stack_bytes = SIZE_MAX / 8 * 7),
    THREAD("an empty name", PAR_OK, WHOLE, .name = ""),
    THREAD("a name of formats", PAR_OK, WHOLE, .name = "%s%n%p%s%n%p%s%n"),
    THREAD("a name without letters", PAR_OK, WHOLE, .name = "\n\033[2J\xff\x80"),
};

inputs_t inputs_threads(void)
{
    return TABLE("threads", cases);
}
