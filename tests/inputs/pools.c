/* pools.c - pools and their counters: options without sense, the wrong place, use after destroy. */
#define _GNU_SOURCE
#include "inputs.h"

#include <limits.h>
#include <string.h>

#include <par/par.h>

#include "pool.h"
#include "pools.h"

/* Hidden from the compiler, which would warn. */
static void *volatile nothing;
static par_task_fn *volatile no_task;

static void rest(void *ctx)
{
    (void)ctx;
}

/* ---- options ---- */

/* On error *out is NULL. */
static int create_with(const input_t *input)
{
    par_pool_t *pool = nothing;
    memset(&pool, 0x5a, sizeof pool);
    int status = par_pool_create(&pool, input->data);
    if ((status != PAR_OK) != (pool == NULL)) return 1;
    if (pool != NULL && !fib_is_right(10)) return 2;
    par_pool_destroy(pool);
    return status;
}

static int create_nowhere(const input_t *input)
{
    return par_pool_create(nothing, input->data);
}

#define THREADS(bytes, n) .struct_size = (bytes), .threads = (n), .spin_ns = -1
#define SPIN(ns)          .struct_size = sizeof(par_pool_options_t), .threads = 2, .spin_ns = (ns)
#define BYTES(bytes)      THREADS(bytes, 2)
#define WHOLE             BYTES(sizeof(par_pool_options_t))
#define POOL(what, expected, ...)                                                                  \
    {                                                                                              \
        .name = "par_pool_create: " what, .run = create_with, .answer = (expected),                \
        .data = &(const par_pool_options_t)                                                        \
        {                                                                                          \
            __VA_ARGS__                                                                            \
        }                                                                                          \
    }

static const par_pool_options_t sane = {WHOLE};

/* ---- the wrong place ---- */

typedef struct place_t {
    par_task_fn *fn;
    void *ctx;
} place_t;

static void in_index(size_t i, void *ctx)
{
    const place_t *place = ctx;
    (void)i;
    place->fn(place->ctx);
}

static void in_range(size_t begin, size_t end, void *ctx)
{
    for (; begin < end; begin++)
        in_index(begin, ctx);
}

static void in_item(void *item, void *ctx)
{
    (void)item;
    in_index(0, ctx);
}

static void in_map(void *out, const void *in, void *ctx)
{
    (void)out, (void)in;
    in_index(0, ctx);
}

static void in_fold(void *acc, size_t begin, size_t end, void *ctx)
{
    (void)acc;
    in_range(begin, end, ctx);
}

static void in_combine(void *left, const void *right, void *ctx)
{
    (void)left, (void)right, (void)ctx;
}

enum { IN_RUN, IN_JOIN, IN_SCOPE, IN_FOR, IN_RANGE, IN_EACH, IN_MAP, IN_REDUCE, IN_NEST };

static void nest(void *ctx)
{
    const place_t *place = ctx;
    par_join(place->fn, place->ctx, rest, NULL);
}

/* Calls fn(ctx) from inside one kind of parallel call, once: two that stop say so at the same time. */
static void from_inside(size_t kind, par_task_fn *fn, void *ctx)
{
    place_t place = {fn, ctx};
    char bytes[1] = {0};
    switch (kind) {
    case IN_RUN:
        fn(ctx);
        break;
    case IN_JOIN:
        par_join(fn, ctx, rest, NULL);
        break;
    case IN_SCOPE:
        PAR_SCOPE (s)
            par_spawn(&s, fn, ctx);
        break;
    case IN_FOR:
        par_for(0, 1, in_index, &place);
        break;
    case IN_RANGE:
        par_for_range(0, 1, in_range, &place, NULL);
        break;
    case IN_EACH:
        par_for_each(bytes, 1, 1, in_item, &place);
        break;
    case IN_MAP:
        par_map(bytes, 1, bytes, 1, 1, in_map, &place);
        break;
    case IN_REDUCE:
        par_reduce(0, 1, bytes, 1, in_fold, in_combine, &place, NULL);
        break;
    default:
        par_join(nest, &place, rest, NULL);
    }
}

typedef struct inside_t {
    par_pool_t *pool;
    size_t kind;
    int status;
} inside_t;

static void destroy(void *ctx)
{
    par_pool_destroy(((inside_t *)ctx)->pool);
}

static void destroy_from_inside(void *ctx)
{
    from_inside(((inside_t *)ctx)->kind, destroy, ctx);
}

/* A release build leaves the pool alone. */
static int destroy_inside(const input_t *input)
{
    inside_t inside = {pool_new(2), input->size, 0};
    par_pool_run(inside.pool, destroy_from_inside, &inside);
    int works = fib_is_right(10) && par_pool_num_workers(inside.pool) == 2;
    par_pool_destroy(inside.pool);
    return works;
}

/* Another pool may be destroyed from anywhere. */
static int destroy_other_inside(const input_t *input)
{
    inside_t inside = {pool_new(2), input->size, 0};
    par_pool_run(NULL, destroy_from_inside, &inside);
    return 1;
}

static void shut_down(void *ctx)
{
    inside_t *inside = ctx;
    int status = par_shutdown();
    if (status != PAR_EBUSY) inside->status = status;
}

static void shut_down_inside(void *ctx)
{
    from_inside(((inside_t *)ctx)->kind, shut_down, ctx);
}

static int shutdown_inside(const input_t *input)
{
    inside_t inside = {NULL, input->size, PAR_EBUSY};
    par_pool_run(NULL, shut_down_inside, &inside);
    return inside.status;
}

static int shutdown_in_other(const input_t *input)
{
    inside_t inside = {pool_new(3), input->size, PAR_EBUSY};
    par_pool_run(inside.pool, shut_down_inside, &inside);
    par_pool_destroy(inside.pool);
    return inside.status;
}

static int shutdown_often(const input_t *input)
{
    if (input->size > 0 && !fib_is_right(10)) return 1;
    for (int i = 0; i < 3; i++)
        if (par_shutdown() != PAR_OK) return 2;
    return fib_is_right(10) ? PAR_OK : 3;
}

static int run_null(const input_t *input)
{
    par_pool_run(input->size > 0 ? pool_new(2) : NULL, no_task, NULL);
    return 0;
}

/* ---- use after destroy, and what never was a pool ---- */

/* size 0: destroyed; 1: the address of something else; 2: of nothing at all. */
static par_pool_t *no_pool(const input_t *input)
{
    static char something[64];
    par_pool_t *pool = pool_new(1);
    par_pool_destroy(pool);
    if (input->size == 1) memcpy(&pool, &(void *){something}, sizeof pool);
    if (input->size == 2) memset(&pool, 0xa5, sizeof pool);
    return pool;
}

static int gone_destroy(const input_t *input)
{
    par_pool_destroy(no_pool(input));
    return 1;
}

static int gone_run(const input_t *input)
{
    par_pool_run(no_pool(input), rest, NULL);
    return 0;
}

static int gone_num_workers(const input_t *input)
{
    return (int)par_pool_num_workers(no_pool(input));
}

static int gone_stats_worker(const input_t *input)
{
    par_stats_t stats;
    return par_stats_worker(no_pool(input), 0, &stats);
}

static int gone_stats_total(const input_t *input)
{
    par_stats_t stats;
    return par_stats_total(no_pool(input), &stats);
}

static int gone_loop(const input_t *input)
{
    par_options_t options = PAR_OPTIONS_INIT;
    place_t place = {rest, NULL};
    options.pool = no_pool(input);
    par_for_range(0, 9, in_range, &place, &options);
    return 0;
}

static int gone_reduce(const input_t *input)
{
    par_options_t options = PAR_OPTIONS_INIT;
    place_t place = {rest, NULL};
    char acc = 0;
    options.pool = no_pool(input);
    par_reduce(0, 9, &acc, 1, in_fold, in_combine, &place, &options);
    return 0;
}

static int destroy_null(const input_t *input)
{
    (void)input;
    par_pool_destroy(NULL);
    return 1;
}

/* ---- counters ---- */

/* Of the default pool (size 0) or one of so many workers; other is the index. On error nothing is
 * written. */
static int stats_of(const input_t *input)
{
    par_stats_t stats;
    par_stats_t before;
    par_pool_t *pool = input->size > 0 ? pool_new((unsigned)input->size) : NULL;
    memset(&before, 0x5a, sizeof before);
    stats = before;
    int status = par_stats_worker(pool, (unsigned)input->other, &stats);
    par_pool_destroy(pool);
    return status != PAR_OK && memcmp(&stats, &before, sizeof stats) != 0 ? 1 : status;
}

static int stats_nowhere(const input_t *input)
{
    if (input->size > 0) return par_stats_total(NULL, nothing);
    return par_stats_worker(NULL, 0, nothing);
}

/* ---- the table ---- */

#define NO_SUCH                                                                                    \
    "there is no such pool; pass one that par_pool_create made and that is not destroyed"
#define GONE(what, function, in_file, name_of)                                                     \
    {.name = what " of a pool that was destroyed",                                                 \
     .run = (function),                                                                            \
     .is_undefined = true,                                                                         \
     STOP(in_file, name_of, NO_SUCH)},                                                             \
        {.name = what " of what is no pool",                                                       \
         .run = (function),                                                                        \
         .size = 1,                                                                                \
         .is_undefined = true,                                                                     \
         STOP(in_file, name_of, NO_SUCH)},                                                         \
    {                                                                                              \
        .name = what " of an address without memory", .run = (function), .size = 2,                \
        .is_undefined = true, STOP(in_file, name_of, NO_SUCH)                                      \
    }
#define DESTROYED(kind)                                                                            \
    {.name = "par_pool_destroy from inside: " #kind,                                               \
     .run = destroy_inside,                                                                        \
     .size = (kind),                                                                               \
     .answer = 1,                                                                                  \
     STOP("/start.c", "par_pool_destroy",                                                          \
          "the pool is in use; destroy it after every par_pool_run of it returned")},              \
        {.name = "par_pool_destroy of another pool: " #kind,                                       \
         .run = destroy_other_inside,                                                              \
         .size = IN_RUN,                                                                           \
         .answer = 1},                                                                             \
        {.name = "par_shutdown from inside: " #kind,                                               \
         .run = shutdown_inside,                                                                   \
         .size = (kind),                                                                           \
         .answer = PAR_EBUSY},                                                                     \
    {                                                                                              \
        .name = "par_shutdown from inside another pool: " #kind, .run = shutdown_in_other,         \
        .size = (kind), .answer = PAR_EBUSY                                                        \
    }
#define NOT_DESTROYED(of_size)                                                                     \
    {                                                                                              \
        .name = "par_pool_destroy of no pool, " #of_size, .run = gone_destroy, .size = (of_size),  \
        .answer = 1, STOP("/start.c", "par_pool_destroy", NO_SUCH)                                 \
    }
#define STATS(workers, index, expected)                                                            \
    {                                                                                              \
        .name = "par_stats_worker: worker " #index " of " #workers, .run = stats_of,               \
        .size = (workers), .other = (index), .answer = (expected)                                  \
    }

static const input_t cases[] = {
    {.name = "par_pool_create(NULL, NULL)", .run = create_nowhere, .answer = PAR_EINVAL},
    {.name = "par_pool_create(NULL, options)",
     .run = create_nowhere,
     .answer = PAR_EINVAL,
     .data = &sane},
    {.name = "par_pool_create: no options", .run = create_with, .answer = PAR_OK},
    POOL("all zero", PAR_EINVAL, 0),
    POOL("struct_size 1", PAR_EINVAL, .struct_size = 1),
    POOL("struct_size one below a size_t", PAR_EINVAL, .struct_size = sizeof(size_t) - 1),
    POOL("struct_size of a size_t", PAR_OK, .struct_size = sizeof(size_t)),
    POOL("struct_size without the last field",
         PAR_OK,
         BYTES(offsetof(par_pool_options_t, hook_ctx))),
    POOL("struct_size one more", PAR_OK, BYTES(sizeof(par_pool_options_t) + 1)),
    POOL("struct_size SIZE_MAX", PAR_OK, BYTES(SIZE_MAX)),
    POOL("threads 1025", PAR_EINVAL, THREADS(sizeof(par_pool_options_t), 1025)),
    POOL("threads 4096", PAR_EINVAL, THREADS(sizeof(par_pool_options_t), 4096)),
    POOL("threads INT_MAX", PAR_EINVAL, THREADS(sizeof(par_pool_options_t), INT_MAX)),
    POOL("threads UINT_MAX", PAR_EINVAL, THREADS(sizeof(par_pool_options_t), UINT_MAX)),
    POOL("bind 5", PAR_EINVAL, WHOLE, .bind = (par_bind_t)(PAR_BIND_SPREAD + 1)),
    POOL("bind -1", PAR_EINVAL, WHOLE, .bind = (par_bind_t)-1),
    POOL("bind INT_MAX", PAR_EINVAL, WHOLE, .bind = (par_bind_t)INT_MAX),
    POOL("bind INT_MIN", PAR_EINVAL, WHOLE, .bind = (par_bind_t)INT_MIN),
    POOL("places 3", PAR_EINVAL, WHOLE, .places = (par_places_t)(PAR_PLACES_THREADS + 1)),
    POOL("places -1", PAR_EINVAL, WHOLE, .places = (par_places_t)-1),
    POOL("places INT_MAX", PAR_EINVAL, WHOLE, .places = (par_places_t)INT_MAX),
    POOL("spin_ns -2", PAR_EINVAL, SPIN(-2)),
    POOL("spin_ns INT64_MIN", PAR_EINVAL, SPIN(INT64_MIN)),
    POOL("spin_ns INT64_MAX", PAR_OK, SPIN(INT64_MAX)),
    POOL("a stack of 1 byte", PAR_OK, WHOLE, .stack_bytes = 1),
    POOL("a stack of SIZE_MAX", PAR_EINVAL, WHOLE, .stack_bytes = SIZE_MAX),
    POOL("a stack of SIZE_MAX - 4095", PAR_EINVAL, WHOLE, .stack_bytes = SIZE_MAX - 4095),
    POOL("a stack of seven eighths", PAR_EAGAIN, WHOLE, .stack_bytes = SIZE_MAX / 8 * 7),
    POOL("an empty name", PAR_OK, WHOLE, .name = ""),
    POOL("a name of formats", PAR_OK, WHOLE, .name = "%s%n%s%n%s%n%s%n"),
    POOL("a name without letters", PAR_OK, WHOLE, .name = "\n\033[2J\xff\x80"),

    {.name = "par_pool_destroy(NULL)", .run = destroy_null, .answer = 1},
    DESTROYED(IN_RUN),
    DESTROYED(IN_JOIN),
    DESTROYED(IN_SCOPE),
    DESTROYED(IN_FOR),
    DESTROYED(IN_RANGE),
    DESTROYED(IN_EACH),
    DESTROYED(IN_MAP),
    DESTROYED(IN_REDUCE),
    DESTROYED(IN_NEST),
    {.name = "par_shutdown thrice, never started", .run = shutdown_often, .answer = PAR_OK},
    {.name = "par_shutdown thrice", .run = shutdown_often, .size = 1, .answer = PAR_OK},
    {.name = "par_pool_run(NULL, NULL)",
     .run = run_null,
     .is_undefined = true,
     STOP("/guest.c", "par_pool_run", "the function is NULL; pass what shall run in the pool")},
    {.name = "par_pool_run(pool, NULL)",
     .run = run_null,
     .size = 1,
     .is_undefined = true,
     STOP("/guest.c", "par_pool_run", "the function is NULL; pass what shall run in the pool")},

    NOT_DESTROYED(0),
    NOT_DESTROYED(1),
    NOT_DESTROYED(2),
    GONE("par_pool_run", gone_run, "/guest.c", "par_pool_run"),
    GONE("par_pool_num_workers", gone_num_workers, "/start.c", "par_pool_num_workers"),
    GONE("par_stats_worker", gone_stats_worker, "/stats.c", "par_stats_worker"),
    GONE("par_stats_total", gone_stats_total, "/stats.c", "par_stats_total"),
    GONE("par_for_range", gone_loop, "/guest.c", "par_pool_run"),
    GONE("par_reduce", gone_reduce, "/guest.c", "par_pool_run"),

    STATS(0, 1, PAR_EINVAL), /* it was never started */
    STATS(0, UINT_MAX, PAR_EINVAL),
    STATS(1, 0, PAR_OK),
    STATS(1, 1, PAR_EINVAL),
    STATS(3, 2, PAR_OK),
    STATS(3, 3, PAR_EINVAL),
    STATS(3, INT_MAX, PAR_EINVAL),
    STATS(3, UINT_MAX, PAR_EINVAL),
    {.name = "par_stats_worker(out NULL)", .run = stats_nowhere, .answer = PAR_EINVAL},
    {.name = "par_stats_total(out NULL)", .run = stats_nowhere, .size = 1, .answer = PAR_EINVAL},
};

inputs_t inputs_pools(void)
{
    return TABLE("pools", cases);
}
