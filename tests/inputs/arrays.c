/* arrays.c - loops, maps and reductions: NULL, ranges at the end of size_t, arrays that cannot exist,
 * options without sense. */
#define _GNU_SOURCE
#include "inputs.h"

#include <float.h>
#include <limits.h>
#include <math.h>

#include <par/par.h>

/* Hidden from the compiler, which would warn. */
static void *volatile nothing;
static par_index_fn *volatile no_index;
static par_range_fn *volatile no_range;
static par_each_fn *volatile no_each;
static par_map_fn *volatile no_map;
static par_fold_fn *volatile no_fold;
static par_combine_fn *volatile no_combine;
static char array[64];

/* What the bodies saw: how many indices, and those outside of the range. */
static size_t n_seen, n_outside, least, beyond;

static void index_see(size_t i, void *ctx)
{
    (void)ctx;
    __atomic_add_fetch(&n_seen, 1, __ATOMIC_RELAXED);
    if (i < least || i >= beyond) __atomic_add_fetch(&n_outside, 1, __ATOMIC_RELAXED);
}

static void range_see(size_t begin, size_t end, void *ctx)
{
    (void)ctx;
    __atomic_add_fetch(&n_seen, end - begin, __ATOMIC_RELAXED);
    if (begin < least || end > beyond || begin >= end)
        __atomic_add_fetch(&n_outside, 1, __ATOMIC_RELAXED);
}

static void item_see(void *item, void *ctx)
{
    (void)item, (void)ctx;
    __atomic_add_fetch(&n_seen, 1, __ATOMIC_RELAXED);
}

static void map_see(void *out, const void *in, void *ctx)
{
    (void)out, (void)in;
    item_see(out, ctx);
}

static void fold_see(void *acc, size_t begin, size_t end, void *ctx)
{
    (void)acc;
    range_see(begin, end, ctx);
}

static void fold_add(void *acc, size_t begin, size_t end, void *ctx)
{
    (void)ctx;
    *(size_t *)acc += end - begin;
}

static void combine_add(void *left, const void *right, void *ctx)
{
    (void)ctx;
    *(size_t *)left += *(const size_t *)right;
}

static void combine_nothing(void *left, const void *right, void *ctx)
{
    (void)left, (void)right, (void)ctx;
}

/* ---- NULL ---- */

static int for_null(const input_t *input)
{
    par_for(0, input->size, no_index, NULL);
    return 0;
}

static int for_range_null(const input_t *input)
{
    par_for_range(0, input->size, no_range, NULL, NULL);
    return 0;
}

static int for_each_null(const input_t *input)
{
    par_for_each(input->other & 1 ? nothing : array, input->size, 1,
                 input->other & 2 ? no_each : item_see, NULL);
    return n_seen == 0;
}

static int map_null(const input_t *input)
{
    par_map(input->other & 1 ? nothing : array, 1, input->other & 2 ? nothing : array, 1,
            input->size, input->other & 4 ? no_map : map_see, NULL);
    return n_seen == 0;
}

static int reduce_null(const input_t *input)
{
    par_reduce(0, input->size, input->other & 1 ? nothing : array, 1,
               input->other & 2 ? no_fold : fold_see,
               input->other & 4 ? no_combine : combine_nothing, NULL, NULL);
    return 0;
}

/* ---- ranges; size and other are the ends ---- */

static bool is_covered(const input_t *input)
{
    size_t n = input->size < input->other ? input->other - input->size : 0;
    return n_seen == n && n_outside == 0;
}

static int for_covers(const input_t *input)
{
    least = input->size;
    beyond = input->other;
    par_for(input->size, input->other, index_see, NULL);
    return is_covered(input);
}

static int for_range_covers(const input_t *input)
{
    least = input->size;
    beyond = input->other;
    par_for_range(input->size, input->other, range_see, NULL, input->data);
    return is_covered(input);
}

static int reduce_covers(const input_t *input)
{
    size_t sum = 0;
    par_reduce(input->size, input->other, &sum, sizeof sum, fold_add, combine_add, NULL,
               input->data);
    return sum == (input->size < input->other ? input->other - input->size : 0);
}

/* ---- sizes ---- */

/* size items of other bytes. */
static int each_sized(const input_t *input)
{
    par_for_each(array, input->size, input->other, item_see, NULL);
    return (int)n_seen;
}

static int map_sized_out(const input_t *input)
{
    par_map(array, input->other, array, 1, input->size, map_see, NULL);
    return (int)n_seen;
}

static int map_sized_in(const input_t *input)
{
    par_map(array, 1, array, input->other, input->size, map_see, NULL);
    return (int)n_seen;
}

/* Nothing is folded when there is no such accumulator. */
static int reduce_sized(const input_t *input)
{
    least = 0;
    beyond = 3;
    par_reduce(0, 3, array, input->size, fold_see, combine_nothing, NULL, NULL);
    return (int)n_seen;
}

/* ---- the table ---- */

#define UNDEFINED(what, function, n, bits, in_file, name_of, says)                                 \
    {                                                                                              \
        .name = what, .run = (function), .size = (n), .other = (bits), .is_undefined = true,       \
        STOP(in_file, name_of, says)                                                               \
    }
#define RANGE(function, begin, end)                                                                \
    {                                                                                              \
        .name = #function " " #begin " to " #end, .run = function, .size = (begin),                \
        .other = (end), .answer = 1                                                                \
    }
#define RANGES(begin, end)                                                                         \
    RANGE(for_covers, begin, end), RANGE(for_range_covers, begin, end),                            \
        RANGE(reduce_covers, begin, end)
#define GIVEN(function, what, begin, end, ...)                                                     \
    {                                                                                              \
        .name = #function " with " what, .run = function, .size = (begin), .other = (end),         \
        .answer = 1, .data = &(const par_options_t)                                                \
        {                                                                                          \
            __VA_ARGS__                                                                            \
        }                                                                                          \
    }
#define ACCEPTED(what, begin, end, ...)                                                            \
    GIVEN(for_range_covers, what, begin, end, __VA_ARGS__),                                        \
        GIVEN(reduce_covers, what, begin, end, __VA_ARGS__)
/* A release build takes it for the default. */
#define DENIED_BY(function, what, says, ...)                                                       \
    {                                                                                              \
        .name = #function " with " what, .run = function, .other = 100, .answer = 1,               \
        .data = &(const par_options_t){__VA_ARGS__}, STOP("/options.c", "par_options_t", says)     \
    }
#define DENIED(what, says, ...)                                                                    \
    DENIED_BY(for_range_covers, what, says, __VA_ARGS__),                                          \
        DENIED_BY(reduce_covers, what, says, __VA_ARGS__)
#define SIZED(function, n, bytes, expected)                                                        \
    {                                                                                              \
        .name = #function " " #n " x " #bytes, .run = function, .size = (n), .other = (bytes),     \
        .answer = (expected)                                                                       \
    }
#define NO_ARRAY(function, n, bytes, in_file, name_of)                                             \
    {                                                                                              \
        .name = #function " " #n " x " #bytes, .run = function, .size = (n), .other = (bytes),     \
        STOP(in_file, name_of, "n * size is above PTRDIFF_MAX; no array is that large")            \
    }
#define NO_ARRAYS(n, bytes)                                                                        \
    NO_ARRAY(each_sized, n, bytes, "/for.c", "par_for_each"),                                      \
        NO_ARRAY(map_sized_out, n, bytes, "/map.c", "par_map"),                                    \
        NO_ARRAY(map_sized_in, n, bytes, "/map.c", "par_map")
#define ACC(bytes)                                                                                 \
    {                                                                                              \
        .name = "par_reduce with an accumulator of " #bytes, .run = reduce_sized, .size = (bytes), \
        STOP("/reduce.c", "par_reduce", "acc_size is too large; no object has so many bytes")      \
    }

#define WHOLE     .struct_size = sizeof(par_options_t)
#define TOO_SMALL "options->struct_size is too small; start from par_options_t o = PAR_OPTIONS_INIT"
#define SCHEDULE  "options->schedule is unknown; use PAR_SCHEDULE_AUTO, _STATIC or _AFFINITY"
#define ITEM_NS   "options->item_ns must be at least 0; 0 means unknown"
#define F_NULL    "f is NULL; pass the function to run for each element"
#define AN_ARRAY  "an array is NULL; pass it, or n = 0"
#define MANY      (SIZE_MAX / 2 + 1)

static const input_t cases[] = {
    UNDEFINED("par_for(NULL)",
              for_null,
              3,
              0,
              "/for.c",
              "par_for",
              "body is NULL; pass the function to run for each index"),
    UNDEFINED("par_for(NULL), nothing to do",
              for_null,
              0,
              0,
              "/for.c",
              "par_for",
              "body is NULL; pass the function to run for each index"),
    UNDEFINED("par_for_range(NULL)",
              for_range_null,
              3,
              0,
              "/for.c",
              "par_for_range",
              "body is NULL; pass the function to run for each block"),
    UNDEFINED("par_for_range(NULL), nothing to do",
              for_range_null,
              0,
              0,
              "/for.c",
              "par_for_range",
              "body is NULL; pass the function to run for each block"),
    UNDEFINED("par_for_each: f NULL", for_each_null, 3, 2, "/for.c", "par_for_each", F_NULL),
    UNDEFINED("par_for_each: base NULL",
              for_each_null,
              3,
              1,
              "/for.c",
              "par_for_each",
              "base is NULL; pass the array, or n = 0"),
    {.name = "par_for_each: no items", .run = for_each_null, .other = 1, .answer = 1},
    UNDEFINED("par_map: f NULL", map_null, 3, 4, "/map.c", "par_map", F_NULL),
    UNDEFINED("par_map: out NULL", map_null, 3, 1, "/map.c", "par_map", AN_ARRAY),
    UNDEFINED("par_map: in NULL", map_null, 3, 2, "/map.c", "par_map", AN_ARRAY),
    UNDEFINED("par_map: both NULL", map_null, 3, 3, "/map.c", "par_map", AN_ARRAY),
    {.name = "par_map: no items", .run = map_null, .other = 3, .answer = 1},
    UNDEFINED("par_reduce: acc NULL",
              reduce_null,
              3,
              1,
              "/reduce.c",
              "par_reduce",
              "acc is NULL; pass the accumulator, holding the identity"),
    UNDEFINED("par_reduce: fold NULL",
              reduce_null,
              3,
              2,
              "/reduce.c",
              "par_reduce",
              "fold is NULL; pass the function that folds a block of items"),
    UNDEFINED("par_reduce: combine NULL",
              reduce_null,
              3,
              4,
              "/reduce.c",
              "par_reduce",
              "combine is NULL; pass the function that joins two accumulators"),
    UNDEFINED("par_reduce: all NULL, nothing to do",
              reduce_null,
              0,
              7,
              "/reduce.c",
              "par_reduce",
              "acc is NULL; pass the accumulator, holding the identity"),

    RANGES(0, 0),
    RANGES(5, 5),
    RANGES(7, 3),
    RANGES(1, 0),
    RANGES(SIZE_MAX, 0),
    RANGES(SIZE_MAX, SIZE_MAX),
    RANGES(SIZE_MAX, SIZE_MAX - 1),
    RANGES(SIZE_MAX - 1, SIZE_MAX),
    RANGES(SIZE_MAX - 77, SIZE_MAX),
    RANGE(for_range_covers, 0, SIZE_MAX),
    RANGE(for_range_covers, 1, SIZE_MAX),
    RANGE(for_range_covers, MANY - 5, MANY + 5),
    RANGE(reduce_covers, 0, SIZE_MAX),
    RANGE(reduce_covers, 3, SIZE_MAX),

    ACCEPTED("grain 1", 0, 100, WHOLE, .grain = 1),
    ACCEPTED("grain SIZE_MAX", 0, 100, WHOLE, .grain = SIZE_MAX),
    ACCEPTED("grain SIZE_MAX, at the end", SIZE_MAX - 100, SIZE_MAX, WHOLE, .grain = SIZE_MAX),
    ACCEPTED("grain SIZE_MAX, for all", 0, SIZE_MAX, WHOLE, .grain = SIZE_MAX),
    ACCEPTED("grain of half, for all", 0, SIZE_MAX, WHOLE, .grain = MANY),
    ACCEPTED("grain of a third, for all", 0, SIZE_MAX, WHOLE, .grain = SIZE_MAX / 3),
    ACCEPTED("static, grain SIZE_MAX",
             0,
             100,
             WHOLE,
             .grain = SIZE_MAX,
             .schedule = PAR_SCHEDULE_STATIC),
    ACCEPTED("static, nothing", 5, 5, WHOLE, .schedule = PAR_SCHEDULE_STATIC),
    ACCEPTED("static, at the end", SIZE_MAX - 77, SIZE_MAX, WHOLE, .schedule = PAR_SCHEDULE_STATIC),
    GIVEN(for_range_covers, "static, for all", 0, SIZE_MAX, WHOLE, .schedule = PAR_SCHEDULE_STATIC),
    ACCEPTED("endless items", 0, 100, WHOLE, .item_ns = HUGE_VAL),
    ACCEPTED("items of DBL_MAX", 0, 100, WHOLE, .item_ns = DBL_MAX),
    ACCEPTED("items of DBL_MIN", 0, 100, WHOLE, .item_ns = DBL_MIN),
    ACCEPTED("items of -0", 0, 100, WHOLE, .item_ns = -0.0),
    GIVEN(for_range_covers, "cheap items, for all", 0, SIZE_MAX, WHOLE, .item_ns = 1e-15),
    ACCEPTED("struct_size one more", 0, 100, .struct_size = sizeof(par_options_t) + 1),
    ACCEPTED("struct_size SIZE_MAX", 0, 100, .struct_size = SIZE_MAX),
    DENIED("struct_size 0", TOO_SMALL, 0),
    DENIED("struct_size 1", TOO_SMALL, .struct_size = 1),
    DENIED("struct_size of a size_t", TOO_SMALL, .struct_size = sizeof(size_t)),
    DENIED("schedule 99", SCHEDULE, WHOLE, .schedule = (par_schedule_t)99),
    DENIED("schedule -1", SCHEDULE, WHOLE, .schedule = (par_schedule_t)-1),
    DENIED("schedule INT_MAX", SCHEDULE, WHOLE, .schedule = (par_schedule_t)INT_MAX),
    DENIED("item_ns -1", ITEM_NS, WHOLE, .item_ns = -1),
    DENIED("item_ns -DBL_MIN", ITEM_NS, WHOLE, .item_ns = -DBL_MIN),
    DENIED("item_ns -HUGE_VAL", ITEM_NS, WHOLE, .item_ns = -HUGE_VAL),
    DENIED("item_ns NaN", ITEM_NS, WHOLE, .item_ns = NAN),

    SIZED(each_sized, 0, SIZE_MAX, 0),
    SIZED(each_sized, 3, 0, 3),
    SIZED(map_sized_out, 0, SIZE_MAX, 0),
    SIZED(map_sized_out, 3, 0, 3),
    SIZED(map_sized_in, 0, SIZE_MAX, 0),
    SIZED(map_sized_in, 3, 0, 3),
    NO_ARRAYS(SIZE_MAX, 2),
    NO_ARRAYS(2, SIZE_MAX),
    NO_ARRAYS(SIZE_MAX, SIZE_MAX),
    NO_ARRAYS(MANY, 1),
    NO_ARRAYS(MANY, 2),
    NO_ARRAYS(SIZE_MAX / 3 + 1, 3),
    {.name = "par_reduce with an accumulator of no bytes", .run = reduce_sized, .answer = 3},
    ACC(SIZE_MAX),
    ACC(SIZE_MAX - 62),
    ACC(MANY),
};

inputs_t inputs_arrays(void)
{
    return TABLE("arrays", cases);
}
