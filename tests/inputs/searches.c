/* searches.c - searches, comparisons, extremes, movers, texts and pipelines: NULL, arrays that cannot
 * exist, indices outside, callbacks that answer nonsense. */
#define _GNU_SOURCE
#include "inputs.h"

#include <string.h>

#include <par/par.h>

/* Hidden from the compiler, which would warn. */
static void *volatile nothing;
static par_test_index_fn *volatile no_test;
static par_test_each_fn *volatile no_each;
static par_find_range_fn *volatile no_find;
static par_compare_fn *volatile no_compare;
static par_same_fn *volatile no_same;
static par_text_fn *volatile no_text_body;
static par_tabulate_fn *volatile no_table;
static char array[64];

/* other: a bit for each argument that is NULL */
#define IS_NULL(bit) (input->other >> (bit)&1)

static int index_never(size_t i, void *ctx)
{
    (void)i, (void)ctx;
    return 0;
}

static int each_never(const void *item, void *ctx)
{
    (void)item, (void)ctx;
    return 0;
}

static int compare_equal(const void *a, const void *b, void *ctx)
{
    (void)a, (void)b, (void)ctx;
    return 0;
}

static int same_always(const void *a, const void *b, void *ctx)
{
    (void)a, (void)b, (void)ctx;
    return 1;
}

static size_t range_outside(size_t begin, size_t end, void *ctx)
{
    (void)end;
    return begin + *(size_t *)ctx;
}

static void text_nothing(const char *text, size_t n, void *ctx)
{
    (void)text, (void)n, (void)ctx;
}

static void table_nothing(void *item, size_t i, void *ctx)
{
    (void)item, (void)i, (void)ctx;
}

#define INDEX_RUN(verb)                                                                            \
    static int verb##_index(const input_t *input)                                                  \
    {                                                                                              \
        return (int)par_##verb(0, input->size, IS_NULL(0) ? no_test : index_never, NULL);          \
    }                                                                                              \
    static int verb##_each(const input_t *input)                                                   \
    {                                                                                              \
        size_t got = (size_t)par_##verb##_each(IS_NULL(1) ? nothing : array, input->size,          \
                                               (size_t)input->number,                              \
                                               IS_NULL(0) ? no_each : each_never, NULL);           \
        return got == input->size ? 2 : (int)got;                                                  \
    }
#define EACH_SEARCH(X) X(find_first) X(find_last) X(find_any) X(any) X(all) X(none) X(count_if)
EACH_SEARCH(INDEX_RUN)

static int range_null(const input_t *input)
{
    return (int)par_find_first_range(0, input->size, no_find, NULL, NULL);
}

static int range_lies(const input_t *input)
{
    size_t beyond = input->other;
    /* One block: two workers would both stop, each with its sentence. */
    return par_find_first_range(0, 1, range_outside, &beyond, NULL) == 1;
}

static int min_by(const input_t *input)
{
    return (int)par_min_by(IS_NULL(1) ? nothing : array, input->size, (size_t)input->number,
                           IS_NULL(0) ? no_compare : compare_equal, NULL);
}

static int max_by(const input_t *input)
{
    return (int)par_max_by(IS_NULL(1) ? nothing : array, input->size, (size_t)input->number,
                           IS_NULL(0) ? no_compare : compare_equal, NULL);
}

static int minmax_by(const input_t *input)
{
    size_t min = 5, max = 6;
    par_minmax_by(array, input->size, (size_t)input->number, compare_equal, NULL,
                  IS_NULL(2) ? nothing : &min, IS_NULL(3) ? nothing : &max);
    return (int)(min + max);
}

static int mismatch_by(const input_t *input)
{
    return par_mismatch_by(IS_NULL(1) ? nothing : array, (size_t)input->number,
                           IS_NULL(2) ? nothing : array, 1, input->size,
                           IS_NULL(0) ? no_same : same_always, NULL) == input->size;
}

static int mismatch_bytes(const input_t *input)
{
    return (int)par_mismatch_bytes(IS_NULL(0) ? nothing : array, IS_NULL(1) ? nothing : array,
                                   input->size);
}

static int mismatch_int(const input_t *input)
{
    int x[4] = {1, 2, 3, 4};
    return (int)par_mismatch(IS_NULL(0) ? (int *)nothing : x, IS_NULL(1) ? (int *)nothing : x,
                             input->size);
}

static int find_int(const input_t *input)
{
    int x[4] = {1, 2, 3, 4};
    return (int)par_find(IS_NULL(0) ? (int *)nothing : x, input->size, 4);
}

/* ---- movers: the array must stay as it is ---- */

static int is_untouched(void)
{
    for (size_t i = 0; i < sizeof array; i++)
        if (array[i] != (char)i) return 0;
    return 1;
}

static void array_fill(void)
{
    for (size_t i = 0; i < sizeof array; i++)
        array[i] = (char)i;
}

static int reverse(const input_t *input)
{
    array_fill();
    par_reverse(IS_NULL(0) ? nothing : array, input->size, (size_t)input->number);
    return is_untouched();
}

/* other: the first element. */
static int rotate(const input_t *input)
{
    array_fill();
    par_rotate(array, input->size, (size_t)input->number, input->other);
    return is_untouched() ? 1 : array[0];
}

static int transpose(const input_t *input)
{
    char out[64];
    array_fill();
    memcpy(out, array, sizeof out);
    par_transpose(IS_NULL(0)   ? nothing
                  : IS_NULL(2) ? array
                               : out,
                  IS_NULL(1) ? nothing : array, input->size, 3, (size_t)input->number);
    return is_untouched() && memcmp(out, array, sizeof out) == 0;
}

static int gather(const input_t *input)
{
    const size_t index[3] = {1, input->size, 2};
    char out[3] = {9, 9, 9};
    array_fill();
    par_gather(IS_NULL(0) ? nothing : out, IS_NULL(1) ? nothing : array, IS_NULL(3) ? 0 : 4,
               IS_NULL(2) ? nothing : index, 3, 1);
    return out[0] * 100 + out[1] * 10 + out[2];
}

static int scatter(const input_t *input)
{
    const size_t index[3] = {1, input->size, 2};
    char out[4] = {9, 9, 9, 9};
    array_fill();
    par_scatter(IS_NULL(0) ? nothing : out, IS_NULL(3) ? 0 : 4, IS_NULL(1) ? nothing : array,
                IS_NULL(2) ? nothing : index, 3, 1);
    return out[0] * 1000 + out[1] * 100 + out[2] * 10 + out[3];
}

static int shuffle(const input_t *input)
{
    array_fill();
    par_shuffle(IS_NULL(0) ? nothing : array, input->size, (size_t)input->number,
                par_random_seed(1));
    return is_untouched();
}

static int permutation(const input_t *input)
{
    par_permutation(nothing, input->size, par_random_seed(1));
    return 1;
}

static int iota(const input_t *input)
{
    int x[4] = {1, 2, 3, 4};
    par_iota(IS_NULL(0) ? (int *)nothing : x, input->size, 7);
    return x[0] == 1 && x[3] == 4;
}

static int tabulate(const input_t *input)
{
    par_tabulate(IS_NULL(1) ? nothing : array, input->size, (size_t)input->number,
                 IS_NULL(0) ? no_table : table_nothing, NULL);
    return 1;
}

/* ---- texts ---- */

static int lines(const input_t *input)
{
    return (int)par_lines(IS_NULL(0) ? nothing : array, input->size, nothing,
                          (size_t)input->number);
}

static int tokens(const input_t *input)
{
    return (int)par_tokens(IS_NULL(0) ? nothing : array, input->size, NULL, nothing,
                           (size_t)input->number);
}

static int lines_new(const input_t *input)
{
    par_slice_t *slices;
    size_t n;
    return par_lines_new(IS_NULL(0) ? nothing : array, input->size, IS_NULL(1) ? nothing : &slices,
                         IS_NULL(2) ? nothing : &n);
}

static int tokens_new(const input_t *input)
{
    par_slice_t *slices;
    size_t n;
    return par_tokens_new(IS_NULL(0) ? nothing : array, input->size, NULL,
                          IS_NULL(1) ? nothing : &slices, IS_NULL(2) ? nothing : &n);
}

static int for_text(const input_t *input)
{
    par_for_text(IS_NULL(0) ? nothing : array, input->size, NULL,
                 IS_NULL(1) ? no_text_body : text_nothing, NULL, NULL);
    return 1;
}

/* ---- pipelines ---- */

static int stage_end(void *item, void *ctx)
{
    (void)item, (void)ctx;
    return PAR_PIPELINE_END;
}

/* size: items, number: bytes of one, other: what is NULL, data: a mode. */
static int pipeline(const input_t *input)
{
    par_stage_t stages[2] = {{stage_end, NULL, PAR_STAGE_SERIAL},
                             {IS_NULL(2) ? NULL : stage_end, NULL, PAR_STAGE_PARALLEL}};
    if (input->data != NULL) stages[1].mode = *(const par_stage_mode_t *)input->data;
    size_t n_done = 9;
    int code = par_pipeline(IS_NULL(0) ? nothing : array, input->size, (size_t)input->number,
                            IS_NULL(1) ? nothing : stages,
                            IS_NULL(3)   ? 0
                            : IS_NULL(4) ? SIZE_MAX / 2
                                         : 2,
                            &n_done, NULL);
    return code == 0 ? (int)n_done : code;
}

static const par_stage_mode_t bad_mode = (par_stage_mode_t)2, worse_mode = (par_stage_mode_t)-1;

/* ---- the table ---- */

#define TEST_NULL   "test is NULL; pass the function that tells whether an item has the property"
#define BASE_NULL   "base is NULL; pass the array, or n = 0"
#define ARRAY_NULL  "an array is NULL; pass it, or n = 0"
#define NO_SUCH     "n * size is above PTRDIFF_MAX; no array has so many items"
#define TOO_LARGE   "n is too large; no array has so many items"
#define BOTH_NULL   "an array is NULL; pass both arrays, or n = 0"
#define INDEX_LARGE "an index is too large; pass indices below the number of elements"
#define TEXT_NULL   "text is NULL; pass the text, or n_bytes = 0"
#define OUT_NULL    "out is NULL; pass an array, or room = 0 to count only"
#define PLACE_NULL  "a place for a result is NULL; pass where it goes"

#define C(called, how, n, bytes, null, wanted)                                                     \
    .name = called, .run = how, .size = n, .number = bytes, .other = null, .answer = wanted

#define SEARCH(verb)                                                                               \
    {C("par_" #verb ": test NULL", verb##_index, 5, 1, 1, 0), .is_undefined = true,                \
     STOP("/find.c", "par_" #verb, TEST_NULL)},                                                    \
        {C("par_" #verb "_each: test NULL", verb##_each, 5, 1, 1, 0), .is_undefined = true,        \
         STOP("/find.c", "par_" #verb "_each", TEST_NULL)},                                        \
        {C("par_" #verb "_each: base NULL", verb##_each, 5, 1, 2, 0), .is_undefined = true,        \
         STOP("/find.c", "par_" #verb "_each", BASE_NULL)},

/* nobody has the property, so the answer is what an empty array gives */
#define SIZED(verb, wanted)                                                                        \
    {C("par_" #verb "_each: an array that cannot exist", verb##_each, SIZE_MAX / 2, 3, 0, wanted), \
     STOP("/find.c", "par_" #verb "_each", NO_SUCH)},

#define NEW(verb)                                                                                  \
    {C("par_" #verb "_new: text NULL", verb##_new, 5, 1, 1, PAR_EINVAL),                           \
     STOP("/text.c", "par_" #verb "_new", TEXT_NULL)},                                             \
        {C("par_" #verb "_new: array NULL", verb##_new, 5, 1, 2, PAR_EINVAL),                      \
         STOP("/text.c", "par_" #verb "_new", PLACE_NULL)},                                        \
        {C("par_" #verb "_new: n NULL", verb##_new, 5, 1, 4, PAR_EINVAL),                          \
         STOP("/text.c", "par_" #verb "_new", PLACE_NULL)},                                        \
        {C("par_" #verb "_new: too long", verb##_new, SIZE_MAX, 1, 0, PAR_EINVAL),                 \
         STOP("/text.c", "par_" #verb "_new", TOO_LARGE)},                                         \
        {C("par_" #verb ": text NULL", verb, 5, 0, 1, 0),                                          \
         STOP("/text.c", "par_" #verb, TEXT_NULL)},                                                \
        {C("par_" #verb ": out NULL", verb, 0, 1, 0, 0), STOP("/text.c", "par_" #verb, OUT_NULL)}, \
        {C("par_" #verb ": too long", verb, SIZE_MAX, 0, 0, 0),                                    \
         STOP("/text.c", "par_" #verb, TOO_LARGE)},

#define PIPELINE(called, n, bytes, null, sentence)                                                 \
    {                                                                                              \
        C("par_pipeline: " called, pipeline, n, bytes, null, PAR_EINVAL),                          \
            STOP("/pipeline.c", "par_pipeline", sentence)                                          \
    }

#define UNKNOWN "a stage's mode is unknown; accepted: PAR_STAGE_SERIAL, PAR_STAGE_PARALLEL"

static const input_t cases[] = {
    EACH_SEARCH(SEARCH) SIZED(find_first, 2) SIZED(find_last, 2) SIZED(find_any, 2) SIZED(any, 0)
        SIZED(all, 1) SIZED(none, 1) SIZED(count_if, 0) NEW(lines) NEW(tokens){
            C("par_find_first_range: find NULL", range_null, 5, 0, 0, 0), .is_undefined = true,
            STOP("/find.c",
                 "par_find_first_range",
                 "find is NULL; pass the function that searches a block")},
    {C("par_find_first_range: an answer behind the block", range_lies, 0, 0, 70, 1),
     STOP(
         "/find.c",
         "par_find_*_range",
         "find answered an index outside of its block; answer the end of the block when nothing is "
         "found in it")},
    {C("par_find_first_range: an answer before the block", range_lies, 0, 0, SIZE_MAX - 7, 1),
     STOP(
         "/find.c",
         "par_find_*_range",
         "find answered an index outside of its block; answer the end of the block when nothing is "
         "found in it")},
    {C("par_find_int: NULL", find_int, 3, 0, 1, 0), .is_undefined = true,
     STOP("/find_number.c", "par_find_int", "x is NULL; pass the array, or n = 0")},
    {C("par_find_int: too many", find_int, SIZE_MAX / 2, 0, 0, 0),
     STOP("/find_number.c", "par_find_int", TOO_LARGE)},
    {C("par_find_int: none", find_int, 0, 0, 1, 0)},
    {C("par_min_by: compare NULL", min_by, 3, 1, 1, 0), .is_undefined = true,
     STOP("/extreme.c",
          "par_min_by",
          "compare is NULL; pass the function that compares two elements")},
    {C("par_min_by: base NULL", min_by, 3, 1, 2, 0), STOP("/extreme.c", "par_min_by", BASE_NULL)},
    {C("par_min_by: cannot exist", min_by, SIZE_MAX, 2, 0, 0),
     STOP("/extreme.c", "par_min_by", NO_SUCH)},
    {C("par_max_by: cannot exist", max_by, SIZE_MAX, 2, 0, 0),
     STOP("/extreme.c", "par_max_by", NO_SUCH)},
    {C("par_minmax_by: cannot exist", minmax_by, SIZE_MAX, 2, 0, 0),
     STOP("/extreme.c", "par_minmax_by", NO_SUCH)},
    {C("par_minmax_by: min NULL", minmax_by, 3, 1, 4, 0), .is_undefined = true,
     STOP("/extreme.c", "par_minmax_by", "min or max is NULL; pass where the results go")},
    {C("par_minmax_by: max NULL", minmax_by, 3, 1, 8, 0), .is_undefined = true,
     STOP("/extreme.c", "par_minmax_by", "min or max is NULL; pass where the results go")},
    {C("par_minmax_by: none", minmax_by, 0, 1, 0, 0)},
    {C("par_mismatch_by: same NULL", mismatch_by, 3, 1, 1, 0), .is_undefined = true,
     STOP("/equal.c",
          "par_mismatch_by",
          "same is NULL; pass the function that compares two elements")},
    {C("par_mismatch_by: a NULL", mismatch_by, 3, 1, 2, 1),
     STOP("/equal.c", "par_mismatch_by", BOTH_NULL)},
    {C("par_mismatch_by: b NULL", mismatch_by, 3, 1, 4, 1),
     STOP("/equal.c", "par_mismatch_by", BOTH_NULL)},
    {C("par_mismatch_by: cannot exist", mismatch_by, SIZE_MAX / 2, 4, 0, 1),
     STOP("/equal.c",
          "par_mismatch_by",
          "n times the size is above PTRDIFF_MAX; no array has so many items")},
    {C("par_mismatch_bytes: a NULL", mismatch_bytes, 3, 0, 1, 0), .is_undefined = true,
     STOP("/equal.c", "par_mismatch_bytes", BOTH_NULL)},
    {C("par_mismatch_bytes: too many", mismatch_bytes, SIZE_MAX, 0, 0, 0),
     STOP("/equal.c", "par_mismatch_bytes", TOO_LARGE)},
    {C("par_mismatch_int: b NULL", mismatch_int, 3, 0, 2, 0), .is_undefined = true,
     STOP("/equal.c", "par_mismatch_int", BOTH_NULL)},
    {C("par_mismatch_int: too many", mismatch_int, SIZE_MAX / 4, 0, 0, 0),
     STOP("/equal.c", "par_mismatch_int", TOO_LARGE)},
    {C("par_reverse: NULL", reverse, 3, 1, 1, 1), STOP("/move.c", "par_reverse", ARRAY_NULL)},
    {C("par_reverse: NULL of none", reverse, 0, 1, 1, 1)},
    {C("par_reverse: size 0", reverse, SIZE_MAX, 0, 0, 1)},
    {C("par_reverse: cannot exist", reverse, SIZE_MAX / 2, 3, 0, 1),
     STOP("/move.c", "par_reverse", NO_SUCH)},
    {C("par_rotate: first too large", rotate, 64, 1, 67, 3),
     STOP("/move.c",
          "par_rotate",
          "first is larger than n; pass the index of the element that is to be the first one")},
    {C("par_rotate: first is n", rotate, 64, 1, 64, 1)},
    {C("par_rotate: cannot exist", rotate, SIZE_MAX / 2, 3, 2, 1),
     STOP("/move.c", "par_rotate", NO_SUCH)},
    {C("par_transpose: out NULL", transpose, 2, 1, 1, 1),
     STOP("/transpose.c", "par_transpose", ARRAY_NULL)},
    {C("par_transpose: in NULL", transpose, 2, 1, 2, 1),
     STOP("/transpose.c", "par_transpose", ARRAY_NULL)},
    {C("par_transpose: in place, not square", transpose, 2, 1, 4, 1),
     STOP("/transpose.c",
          "par_transpose",
          "a matrix that is not square cannot be transposed in place; pass another out")},
    {C("par_transpose: cannot exist", transpose, SIZE_MAX / 2, 1, 0, 1),
     STOP("/transpose.c",
          "par_transpose",
          "rows * cols is above PTRDIFF_MAX; no matrix has so many elements")},
    {C("par_transpose: elements too large", transpose, 1000, (uint64_t)(SIZE_MAX / 1000), 0, 1),
     STOP("/transpose.c", "par_transpose", NO_SUCH)},
    {C("par_gather: index too large", gather, 4, 1, 0, 192),
     STOP("/move.c", "items_gather", INDEX_LARGE)},
    {C("par_gather: index -1", gather, SIZE_MAX, 1, 0, 192),
     STOP("/move.c", "items_gather", INDEX_LARGE)},
    {C("par_gather: out NULL", gather, 3, 1, 1, 999), STOP("/move.c", "par_gather", ARRAY_NULL)},
    {C("par_gather: in NULL", gather, 3, 1, 2, 999), STOP("/move.c", "par_gather", ARRAY_NULL)},
    {C("par_gather: index NULL", gather, 3, 1, 4, 999), STOP("/move.c", "par_gather", ARRAY_NULL)},
    {C("par_gather: from nothing", gather, 3, 1, 8, 999),
     STOP("/move.c",
          "par_gather",
          "n_in is 0: no index is below it; pass what to gather from, or n = 0")},
    {C("par_scatter: to nothing", scatter, 3, 1, 8, 9999),
     STOP("/move.c",
          "par_scatter",
          "n_out is 0: no index is below it; pass room for elements, or n = 0")},
    {C("par_scatter: index too large", scatter, 4, 1, 0, 9029),
     STOP("/move.c", "items_scatter", INDEX_LARGE)},
    {C("par_scatter: index NULL", scatter, 3, 1, 4, 9999),
     STOP("/move.c", "par_scatter", ARRAY_NULL)},
    {C("par_shuffle: NULL", shuffle, 3, 1, 1, 1), STOP("/shuffle.c", "par_shuffle", ARRAY_NULL)},
    {C("par_shuffle: cannot exist", shuffle, SIZE_MAX / 2, 3, 0, 1),
     STOP("/shuffle.c", "par_shuffle", NO_SUCH)},
    {C("par_permutation: NULL", permutation, 3, 1, 1, 1),
     STOP("/shuffle.c", "par_permutation", ARRAY_NULL)},
    {C("par_permutation: none", permutation, 0, 1, 1, 1)},
    {C("par_iota_int: NULL", iota, 3, 0, 1, 0), .is_undefined = true,
     STOP("/tabulate.c", "par_iota_int", "x is NULL; pass the array, or n = 0")},
    {C("par_iota_int: too many", iota, SIZE_MAX / 2, 0, 0, 1),
     STOP("/tabulate.c", "par_iota_int", TOO_LARGE)},
    {C("par_tabulate: f NULL", tabulate, 3, 1, 1, 0), .is_undefined = true,
     STOP("/tabulate.c", "par_tabulate", "f is NULL; pass the function that writes an element")},
    {C("par_tabulate: out NULL", tabulate, 3, 1, 2, 0), .is_undefined = true,
     STOP("/tabulate.c", "par_tabulate", "out is NULL; pass the array, or n = 0")},
    {C("par_tabulate: cannot exist", tabulate, SIZE_MAX, 2, 0, 1),
     STOP("/tabulate.c", "par_tabulate", NO_SUCH)},
    {C("par_for_text: text NULL", for_text, 3, 0, 1, 1),
     STOP("/text.c", "par_for_text", TEXT_NULL)},
    {C("par_for_text: body NULL", for_text, 3, 0, 2, 0), .is_undefined = true,
     STOP("/text.c", "par_for_text", "body is NULL; pass the function to run for each block")},
    {C("par_for_text: too long", for_text, SIZE_MAX, 0, 0, 1),
     STOP("/text.c", "par_for_text", TOO_LARGE)},
    PIPELINE("items NULL", 3, 1, 1, "there are no items; pass one at least"),
    PIPELINE("no items", 0, 1, 0, "there are no items; pass one at least"),
    PIPELINE("items that cannot exist",
             SIZE_MAX,
             2,
             0,
             "n_items * item_size is above PTRDIFF_MAX; no array has so many items"),
    PIPELINE(
        "stages NULL", 3, 1, 2, "there is no stage; pass at least the one that makes the tokens"),
    PIPELINE(
        "no stages", 3, 1, 8, "there is no stage; pass at least the one that makes the tokens"),
    PIPELINE("more stages than there can be",
             3,
             1,
             16,
             "n_stages is too large; no array has so many items"),
    PIPELINE("run NULL", 3, 1, 4, "a stage's run is NULL; pass the function of each stage"),
    {C("par_pipeline: unknown mode", pipeline, 3, 1, 0, PAR_EINVAL), .data = &bad_mode,
     STOP("/pipeline.c", "par_pipeline", UNKNOWN)},
    {C("par_pipeline: mode -1", pipeline, 3, 1, 0, PAR_EINVAL), .data = &worse_mode,
     STOP("/pipeline.c", "par_pipeline", UNKNOWN)},
    {C("par_pipeline: the first stage ends", pipeline, 3, 1, 0, 0)},
};

inputs_t inputs_searches(void)
{
    return TABLE("searches", cases);
}
