/* order.c - comparison sorts and what belongs to order: NULL, elements of no bytes, arrays that cannot
 * exist. */
#define _GNU_SOURCE
#include "inputs.h"

#include <string.h>

#include <par/par.h>

/* Hidden from the compiler, which would warn. */
static void *volatile nothing;
static par_compare_fn *volatile no_compare;
static unsigned char array[8] = {8, 7, 6, 5, 4, 3, 2, 1};
static unsigned char out[8];
static size_t numbers[8];

static int compare(const void *a, const void *b, void *ctx)
{
    const unsigned char *x = a, *y = b;
    (void)ctx;
    return (*x > *y) - (*x < *y);
}

/* What a call can do wrong: input->other. */
enum { NO_ARRAY = 1, NO_COMPARE = 2, NO_OUT = 4, NO_KEYS = 8 };

static void *base_of(const input_t *input)
{
    return input->other & NO_ARRAY ? nothing : array;
}

static par_compare_fn *compare_of(const input_t *input)
{
    return input->other & NO_COMPARE ? no_compare : compare;
}

/* 1: nothing was moved. */
static int is_as_before(void)
{
    return memcmp(array, "\10\7\6\5\4\3\2\1", 8) == 0 && out[0] == 0 && numbers[0] == 0;
}

static int sort(const input_t *input)
{
    par_sort_r(base_of(input), input->size, input->number, compare_of(input), NULL);
    return is_as_before();
}

static int sort_unstable(const input_t *input)
{
    par_sort_r_unstable(base_of(input), input->size, input->number, compare_of(input), NULL);
    return is_as_before();
}

static int is_sorted(const input_t *input)
{
    return par_is_sorted_r(base_of(input), input->size, input->number, compare_of(input), NULL);
}

static int merge(const input_t *input)
{
    par_merge_r(input->other & NO_OUT ? nothing : out, base_of(input), input->size, array, 1,
                input->number, compare_of(input), NULL);
    return is_as_before();
}

static int nth(const input_t *input)
{
    par_nth_r(base_of(input), input->size, input->number, input->other >> 8, compare_of(input),
              NULL);
    return is_as_before();
}

static int sort_first(const input_t *input)
{
    par_sort_first_r(base_of(input), input->size, input->number, 1, compare_of(input), NULL);
    return is_as_before();
}

static int top(const input_t *input)
{
    size_t n = par_top_r(input->other & NO_OUT ? nothing : out, 1, base_of(input), input->size,
                         input->number, compare_of(input), NULL);
    return n == 0 && is_as_before();
}

static int unique(const input_t *input)
{
    size_t n = par_unique_r(base_of(input), input->size, input->number, compare_of(input), NULL);
    return n == 0 && is_as_before();
}

static int bounds(const input_t *input)
{
    par_lower_bounds_r(input->other & NO_OUT ? nothing : numbers,
                       input->other & NO_KEYS ? nothing : array, input->number > 0 ? 8 : 0,
                       base_of(input), input->size, input->number, compare_of(input), NULL);
    return is_as_before();
}

static int strings(const input_t *input)
{
    par_sort_strings(input->other & NO_ARRAY ? nothing : (void *)array, input->size);
    return is_as_before();
}

static int slices(const input_t *input)
{
    par_sort_slices(input->other & NO_ARRAY ? nothing : (void *)array, input->size);
    return is_as_before();
}

#define UNDEFINED(what, function, flags, in_file, name_of, says)                                   \
    {                                                                                              \
        .name = what, .run = (function), .size = 3, .number = 1, .other = (flags),                 \
        .is_undefined = true, STOP(in_file, name_of, says)                                         \
    }
#define DENIED(what, function, n, bytes, flags, in_file, name_of, says)                            \
    {                                                                                              \
        .name = what, .run = (function), .size = (n), .number = (bytes), .other = (flags),         \
        .answer = 1, STOP(in_file, name_of, says)                                                  \
    }
#define COMPARED "compare is NULL; pass the function that orders two elements"
#define BASED    "base is NULL; pass the array, or n = 0"
#define SIZED    "size is 0; pass the bytes of an element"
#define FITS     "n * size is above PTRDIFF_MAX; no array is that large"
#define MANY     (SIZE_MAX / 2 + 1)

/* Every verb with an array and a comparison. */
#define VERB(run, in_file, name_of)                                                                \
    UNDEFINED(name_of ": compare NULL", run, NO_COMPARE, in_file, name_of, COMPARED),              \
        UNDEFINED(name_of ": base NULL", run, NO_ARRAY, in_file, name_of, BASED),                  \
        DENIED(name_of " of no bytes", run, 3, 0, 0, in_file, name_of, SIZED),                     \
        DENIED(name_of " SIZE_MAX x 2", run, SIZE_MAX, 2, 0, in_file, name_of, FITS),              \
        DENIED(name_of " 2 x SIZE_MAX", run, 2, SIZE_MAX, 0, in_file, name_of, FITS),              \
        DENIED(name_of " half of SIZE_MAX x 1", run, MANY, 1, 0, in_file, name_of, FITS)

static const input_t cases[] = {
    VERB(sort, "/sort_r.c", "par_sort_r"),
    VERB(sort_unstable, "/sort_r.c", "par_sort_r_unstable"),
    VERB(is_sorted, "/order.c", "par_is_sorted_r"),
    VERB(nth, "/select.c", "par_nth_r"),
    VERB(sort_first, "/select.c", "par_sort_first_r"),
    VERB(top, "/select.c", "par_top_r"),
    VERB(bounds, "/order.c", "par_lower_bounds_r"),
    UNDEFINED(
        "par_unique_r: compare NULL", unique, NO_COMPARE, "/order.c", "par_unique_r", COMPARED),
    DENIED("par_unique_r of no bytes", unique, 3, 0, 0, "/order.c", "par_unique_with", SIZED),
    DENIED(
        "par_unique_r SIZE_MAX x 2", unique, SIZE_MAX, 2, 0, "/order.c", "par_unique_with", FITS),
    DENIED("par_nth_r: k = n",
           nth,
           3,
           1,
           3 << 8,
           "/select.c",
           "par_nth_r",
           "k is not less than n; there is no such element"),
    UNDEFINED("par_merge_r: compare NULL", merge, NO_COMPARE, "/order.c", "par_merge_r", COMPARED),
    UNDEFINED("par_merge_r: a NULL",
              merge,
              NO_ARRAY,
              "/order.c",
              "par_merge_r",
              "an array is NULL; pass it, or no elements"),
    UNDEFINED("par_merge_r: out NULL",
              merge,
              NO_OUT,
              "/order.c",
              "par_merge_r",
              "out is NULL; pass room for n_a + n_b elements"),
    DENIED("par_merge_r SIZE_MAX + 1",
           merge,
           SIZE_MAX,
           1,
           0,
           "/order.c",
           "par_merge_r",
           "(n_a + n_b) * size is above PTRDIFF_MAX; no array is that large"),
    UNDEFINED("par_top_r: out NULL",
              top,
              NO_OUT,
              "/select.c",
              "par_top_r",
              "out is NULL; pass room for k elements"),
    UNDEFINED("par_lower_bounds_r: keys NULL",
              bounds,
              NO_KEYS,
              "/order.c",
              "par_lower_bounds_r",
              "keys or out is NULL; pass the arrays, or n_keys = 0"),
    UNDEFINED("par_lower_bounds_r: out NULL",
              bounds,
              NO_OUT,
              "/order.c",
              "par_lower_bounds_r",
              "keys or out is NULL; pass the arrays, or n_keys = 0"),
    UNDEFINED("par_sort_strings(NULL)",
              strings,
              NO_ARRAY,
              "/sort_string.c",
              "par_sort_strings",
              "v is NULL; pass the array, or n = 0"),
    DENIED("par_sort_strings of SIZE_MAX",
           strings,
           SIZE_MAX,
           1,
           0,
           "/sort_string.c",
           "par_sort_strings",
           FITS),
    DENIED("par_sort_slices of SIZE_MAX / 8",
           slices,
           SIZE_MAX / 8,
           1,
           0,
           "/sort_string.c",
           "par_sort_slices",
           FITS),
};

inputs_t inputs_order(void)
{
    return TABLE("order", cases);
}
