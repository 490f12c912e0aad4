/* numbers.c - sums, products, extremes, fills and copies of every number type: no array, no items, more
 * items than any array has. */
#define _GNU_SOURCE
#include "inputs.h"

#include <limits.h>

#include <par/number.h>

/* Hidden from the compiler, which would warn. */
static void *volatile nothing;

#define LEAST_float     (-__builtin_inf())
#define LEAST_double    (-__builtin_inf())
#define GREATEST_float  __builtin_inf()
#define GREATEST_double __builtin_inf()
#define LEAST_char      CHAR_MIN
#define GREATEST_char   CHAR_MAX
#define LEAST_schar     SCHAR_MIN
#define GREATEST_schar  SCHAR_MAX
#define LEAST_uchar     0
#define GREATEST_uchar  UCHAR_MAX
#define LEAST_short     SHRT_MIN
#define GREATEST_short  SHRT_MAX
#define LEAST_ushort    0
#define GREATEST_ushort USHRT_MAX
#define LEAST_int       INT_MIN
#define GREATEST_int    INT_MAX
#define LEAST_uint      0
#define GREATEST_uint   UINT_MAX
#define LEAST_long      LONG_MIN
#define GREATEST_long   LONG_MAX
#define LEAST_ulong     0
#define GREATEST_ulong  ULONG_MAX
#define LEAST_llong     LLONG_MIN
#define GREATEST_llong  LLONG_MAX
#define LEAST_ullong    0
#define GREATEST_ullong ULLONG_MAX

/* size items of an array that is there (other is 1, and 3 for the right one alone), or is not. Answers
 * 1 when the result is the one for no items and nothing was written. */
#define DEFINE_RUNS(name, type, sum_type)                                                          \
    static const type *name##_array(const input_t *input, size_t bit)                              \
    {                                                                                              \
        static const type array[4] = {1, 2, 3, 4};                                                 \
        return input->other & bit ? array : nothing;                                               \
    }                                                                                              \
    static int name##_sum(const input_t *input)                                                    \
    {                                                                                              \
        return par_sum_##name(name##_array(input, 1), input->size) == 0;                           \
    }                                                                                              \
    static int name##_dot(const input_t *input)                                                    \
    {                                                                                              \
        return par_dot_##name(name##_array(input, 1), name##_array(input, 2), input->size) == 0;   \
    }                                                                                              \
    static int name##_min(const input_t *input)                                                    \
    {                                                                                              \
        return par_min_##name(name##_array(input, 1), input->size) == (type)GREATEST_##name;       \
    }                                                                                              \
    static int name##_max(const input_t *input)                                                    \
    {                                                                                              \
        return par_max_##name(name##_array(input, 1), input->size) == (type)LEAST_##name;          \
    }                                                                                              \
    static int name##_fill(const input_t *input)                                                   \
    {                                                                                              \
        type array[4] = {1, 2, 3, 4};                                                              \
        par_fill_##name(input->other & 1 ? array : nothing, input->size, 7);                       \
        return array[0] == 1 && array[3] == 4;                                                     \
    }                                                                                              \
    static int name##_copy(const input_t *input)                                                   \
    {                                                                                              \
        type array[4] = {5, 6, 7, 8};                                                              \
        par_copy_##name(input->other & 1 ? array : nothing, name##_array(input, 2), input->size);  \
        return array[0] == 5 && array[3] == 8;                                                     \
    }
PAR_NUMBER_MAP(DEFINE_RUNS)

#define IN_NUMBER(name, verb, sentence) STOP("/number.c", "par_" #verb "_" #name, sentence)
#define X_NULL                          "x is NULL; pass the array, or n = 0"
#define AN_ARRAY_NULL                   "an array is NULL; pass it, or n = 0"
#define TOO_LARGE                       "n is too large; no array has so many items"

#define NO_ARRAY(type_name, verb, there, with_sentence)                                            \
    {.name = "par_" #verb "_" #type_name " of NULL, arrays " #there,                               \
     .run = type_name##_##verb,                                                                    \
     .size = 3,                                                                                    \
     .other = (there),                                                                             \
     .is_undefined = true,                                                                         \
     IN_NUMBER(type_name, verb, with_sentence)},
#define NO_ITEMS(type_name, verb)                                                                  \
    {.name = "par_" #verb "_" #type_name " of no items", .run = type_name##_##verb, .answer = 1},
#define ITEMS(type_name, verb, n)                                                                  \
    {.name = "par_" #verb "_" #type_name " of " #n " items",                                       \
     .run = type_name##_##verb,                                                                    \
     .size = (n),                                                                                  \
     .other = 3,                                                                                   \
     .answer = 1,                                                                                  \
     IN_NUMBER(type_name, verb, TOO_LARGE)},

#define EACH_VERB(X, name)                                                                         \
    X(name, sum) X(name, dot) X(name, min) X(name, max) X(name, fill) X(name, copy)
#define ALL_ITEMS(name, verb) ITEMS(name, verb, SIZE_MAX)

#define CASES_OF(name, type, sum_type)                                                             \
    NO_ARRAY(name, sum, 0, X_NULL)                                                                 \
    NO_ARRAY(name, dot, 0, AN_ARRAY_NULL)                                                          \
    NO_ARRAY(name, dot, 1, AN_ARRAY_NULL)                                                          \
    NO_ARRAY(name, dot, 2, AN_ARRAY_NULL)                                                          \
    NO_ARRAY(name, min, 0, X_NULL)                                                                 \
    NO_ARRAY(name, max, 0, X_NULL)                                                                 \
    NO_ARRAY(name, fill, 0, X_NULL)                                                                \
    NO_ARRAY(name, copy, 0, AN_ARRAY_NULL)                                                         \
    NO_ARRAY(name, copy, 1, AN_ARRAY_NULL)                                                         \
    NO_ARRAY(name, copy, 2, AN_ARRAY_NULL)                                                         \
    EACH_VERB(NO_ITEMS, name)                                                                      \
    EACH_VERB(ALL_ITEMS, name)                                                                     \
    ITEMS(name, sum, PTRDIFF_MAX / sizeof(type) + 1)                                               \
    ITEMS(name, copy, (size_t)-1 / 2 + 1)

static const input_t cases[] = {PAR_NUMBER_MAP(CASES_OF)};

inputs_t inputs_numbers(void)
{
    return TABLE("numbers", cases);
}
