/* core.c - joins, scopes, statuses and the topology: NULL, the wrong thread, the wrong time. */
#define _GNU_SOURCE
#include "inputs.h"

#include <limits.h>
#include <pthread.h>
#include <string.h>

#include <par/par.h>

/* Hidden from the compiler, which would warn. */
static void *volatile nothing;
static par_task_fn *volatile no_task;

static void rest(void *ctx)
{
    (void)ctx;
}

static void count(void *ctx)
{
    ++*(int *)ctx;
}

/* Runs fn(ctx) on another thread and waits for it. */
static void elsewhere(void *(*fn)(void *), void *ctx)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, fn, ctx) == 0) pthread_join(thread, NULL);
}

/* ---- join ---- */

static int join_null_a(const input_t *input)
{
    (void)input;
    par_join(no_task, NULL, rest, NULL);
    return 0;
}

static int join_null_b(const input_t *input)
{
    (void)input;
    par_join(rest, NULL, no_task, NULL);
    return 0;
}

static int join_call_null_a(const input_t *input)
{
    (void)input;
    par_join_call(no_task, NULL, rest, NULL);
    return 0;
}

static int join_call_null_b(const input_t *input)
{
    (void)input;
    par_join_call(rest, NULL, no_task, NULL);
    return 0;
}

static int join_null_ctx(const input_t *input)
{
    (void)input;
    par_join(rest, NULL, rest, NULL);
    return 1;
}

/* ---- scope ---- */

static int scope_begin_null(const input_t *input)
{
    (void)input;
    par_scope_begin(nothing);
    return 0;
}

static int scope_end_null(const input_t *input)
{
    (void)input;
    par_scope_end(nothing);
    return 0;
}

static int scope_end_unbegun(const input_t *input)
{
    par_scope_t scope;
    memset(&scope, (int)input->size, sizeof scope);
    par_scope_end(&scope);
    return 1;
}

static int scope_leave_unbegun(const input_t *input)
{
    par_scope_t scope;
    memset(&scope, (int)input->size, sizeof scope);
    par_scope_leave(&scope);
    return 1;
}

static int scope_end_twice(const input_t *input)
{
    par_scope_t scope;
    int n = 0;
    par_scope_begin(&scope);
    par_spawn(&scope, count, &n);
    par_scope_end(&scope);
    if (input->size == 1) par_scope_leave(&scope);
    if (input->size == 2) par_scope_end(&scope);
    return n;
}

static void *scope_end_here(void *scope)
{
    par_scope_end(scope);
    return NULL;
}

static int scope_end_elsewhere(const input_t *input)
{
    (void)input;
    par_scope_t scope;
    par_scope_begin(&scope);
    elsewhere(scope_end_here, &scope);
    return 0;
}

static int spawn_null_scope(const input_t *input)
{
    (void)input;
    par_spawn(nothing, rest, NULL);
    return 0;
}

static int spawn_null_fn(const input_t *input)
{
    (void)input;
    PAR_SCOPE (s)
        par_spawn(&s, no_task, NULL);
    return 0;
}

static int spawn_late(const input_t *input)
{
    par_scope_t scope;
    par_scope_begin(&scope);
    par_scope_end(&scope);
    if (input->size == 0)
        par_spawn(&scope, rest, NULL);
    else
        par_spawn_copy(&scope, rest, input, input->size);
    return 0;
}

static int spawn_copy_null_scope(const input_t *input)
{
    par_spawn_copy(nothing, rest, input, 1);
    return 0;
}

static int spawn_copy_null_fn(const input_t *input)
{
    PAR_SCOPE (s)
        par_spawn_copy(&s, no_task, input, 1);
    return 0;
}

static int spawn_copy_null_arg(const input_t *input)
{
    PAR_SCOPE (s)
        par_spawn_copy(&s, rest, nothing, input->size);
    return 0;
}

static void *seen;

static void see(void *ctx)
{
    seen = ctx;
}

/* No memory for so many bytes: the task runs here, with the argument that was given. */
static int spawn_copy_large(const input_t *input)
{
    char arg[16] = {0};
    PAR_SCOPE (s)
        par_spawn_copy(&s, see, arg, input->size);
    return seen == arg;
}

static int spawn_copy_no_bytes(const input_t *input)
{
    seen = &seen;
    PAR_SCOPE (s)
        par_spawn_copy(&s, see, input, 0);
    return seen == NULL;
}

/* ---- statuses ---- */

static int status_is_unknown(const input_t *input)
{
    int number = (int)(int64_t)input->number;
    return strcmp(par_strerror((par_status_t)number), "unknown status") == 0 &&
           strcmp(par_strstatus((par_status_t)number), input->text) == 0;
}

#define NO_STATUS(n)                                                                               \
    {                                                                                              \
        .name = "par_strerror(" #n ")", .run = status_is_unknown,                                  \
        .number = (uint64_t)(int64_t)(n), .text = "PAR_?", .answer = 1                             \
    }

/* ---- topology ---- */

static int topology_null(const input_t *input)
{
    (void)input;
    return par_topology_query(nothing);
}

/* Fills as much as struct_size says and not a byte more. */
static int topology_cut(const input_t *input)
{
    union {
        par_topology_info_t info;
        unsigned char bytes[sizeof(par_topology_info_t) + 16];
    } u;
    memset(&u, 0x5a, sizeof u);
    u.info.struct_size = input->size;
    int status = par_topology_query(&u.info);
    size_t from = input->size < sizeof u.info ? input->size : sizeof u.info;
    if (from < sizeof(size_t)) from = sizeof(size_t);
    if (u.info.struct_size != input->size) return 1;
    for (size_t i = from; i < sizeof u; i++)
        if (u.bytes[i] != 0x5a) return 2;
    return status;
}

#define CUT(bytes, expected)                                                                       \
    {                                                                                              \
        .name = "par_topology_query: struct_size " #bytes, .run = topology_cut, .size = (bytes),   \
        .answer = (expected)                                                                       \
    }

/* ---- the table ---- */

#define UNDEFINED(what, function, in_file, name_of, says)                                          \
    {                                                                                              \
        .name = what, .run = (function), .is_undefined = true, STOP(in_file, name_of, says)        \
    }
#define FINE(what, function, bytes)                                                                \
    {                                                                                              \
        .name = what, .run = (function), .size = (bytes), .answer = 1                              \
    }

#define JOIN_NULL      "a function is NULL; pass a function for each half or branch of a join"
#define JOIN_CALL_NULL "a function is NULL; pass two functions to par_join_call"
#define SCOPE_NULL     "scope is NULL; pass a scope that was begun"
#define FN_NULL        "the function is NULL; pass the task to run"
#define SPAWN_CLOSED   "the scope is not open; spawn between its begin and its end"
#define END_CLOSED     "the scope is not open; end it once, after par_scope_begin"

static const input_t cases[] = {
    UNDEFINED("par_join(NULL, b)", join_null_a, "/join.c", "par_join", JOIN_NULL),
    UNDEFINED("par_join(a, NULL)", join_null_b, "/join.c", "par_join", JOIN_NULL),
    UNDEFINED(
        "par_join_call(NULL, b)", join_call_null_a, "/join.c", "par_join_call", JOIN_CALL_NULL),
    UNDEFINED(
        "par_join_call(a, NULL)", join_call_null_b, "/join.c", "par_join_call", JOIN_CALL_NULL),
    FINE("par_join without arguments", join_null_ctx, 0),

    UNDEFINED("par_scope_begin(NULL)",
              scope_begin_null,
              "/scope.c",
              "par_scope_begin",
              "scope is NULL; pass the address of a par_scope_t on your stack"),
    UNDEFINED("par_scope_end(NULL)", scope_end_null, "/scope.c", "par_scope_end", SCOPE_NULL),
    {.name = "par_scope_end of zeros",
     .run = scope_end_unbegun,
     .answer = 1,
     STOP("/scope.c", "par_scope_end", END_CLOSED)},
    {.name = "par_scope_end of garbage",
     .run = scope_end_unbegun,
     .size = 0xa5,
     .answer = 1,
     STOP("/scope.c", "par_scope_end", END_CLOSED)},
    FINE("par_scope_leave of zeros", scope_leave_unbegun, 0),
    FINE("par_scope_leave of garbage", scope_leave_unbegun, 0xa5),
    FINE("par_scope_leave after the end", scope_end_twice, 1),
    {.name = "par_scope_end twice",
     .run = scope_end_twice,
     .size = 2,
     .answer = 1,
     STOP("/scope.c", "par_scope_end", END_CLOSED)},
    UNDEFINED("par_scope_end on another thread",
              scope_end_elsewhere,
              "/scope.c",
              "par_scope_end",
              "the scope was opened by another thread; end it where it was begun"),
    UNDEFINED("par_spawn(NULL scope)", spawn_null_scope, "/scope.c", "par_spawn", SCOPE_NULL),
    UNDEFINED("par_spawn(NULL task)", spawn_null_fn, "/scope.c", "par_spawn", FN_NULL),
    UNDEFINED("par_spawn after the end", spawn_late, "/scope.c", "par_spawn", SPAWN_CLOSED),
    {.name = "par_spawn_copy after the end",
     .run = spawn_late,
     .size = 8,
     .is_undefined = true,
     STOP("/scope.c", "par_spawn_copy", SPAWN_CLOSED)},
    UNDEFINED("par_spawn_copy(NULL scope)",
              spawn_copy_null_scope,
              "/scope.c",
              "par_spawn_copy",
              SCOPE_NULL),
    UNDEFINED(
        "par_spawn_copy(NULL task)", spawn_copy_null_fn, "/scope.c", "par_spawn_copy", FN_NULL),
    {.name = "par_spawn_copy(NULL, 1 byte)",
     .run = spawn_copy_null_arg,
     .size = 1,
     .is_undefined = true,
     STOP("/scope.c", "par_spawn_copy", "the argument is NULL but its size is not 0")},
    {.name = "par_spawn_copy(NULL, SIZE_MAX bytes)",
     .run = spawn_copy_null_arg,
     .size = SIZE_MAX,
     .is_undefined = true,
     STOP("/scope.c", "par_spawn_copy", "the argument is NULL but its size is not 0")},
    FINE("par_spawn_copy of SIZE_MAX bytes", spawn_copy_large, SIZE_MAX),
    FINE("par_spawn_copy of SIZE_MAX - 15 bytes", spawn_copy_large, SIZE_MAX - 15),
    FINE("par_spawn_copy of SIZE_MAX - 64 bytes", spawn_copy_large, SIZE_MAX - 64),
    FINE("par_spawn_copy of SIZE_MAX / 2 bytes", spawn_copy_large, SIZE_MAX / 2),
    FINE("par_spawn_copy of SIZE_MAX / 2 + 1 bytes", spawn_copy_large, SIZE_MAX / 2 + 1),
    FINE("par_spawn_copy of no bytes", spawn_copy_no_bytes, 0),

    NO_STATUS(1),
    NO_STATUS(2),
    NO_STATUS(127),
    NO_STATUS(INT_MAX),
    NO_STATUS(-1000),
    NO_STATUS(INT_MIN),

    {.name = "par_topology_query(NULL)", .run = topology_null, .answer = PAR_EINVAL},
    CUT(0, PAR_EINVAL),
    CUT(1, PAR_OK),
    CUT(sizeof(size_t) - 1, PAR_OK),
    CUT(sizeof(size_t), PAR_OK),
    CUT(sizeof(size_t) + 1, PAR_OK),
    CUT(sizeof(size_t) + 4, PAR_OK),
    CUT(sizeof(par_topology_info_t) - 1, PAR_OK),
    CUT(sizeof(par_topology_info_t) + 1, PAR_OK),
    CUT(SIZE_MAX, PAR_OK),
};

inputs_t inputs_core(void)
{
    return TABLE("core", cases);
}
