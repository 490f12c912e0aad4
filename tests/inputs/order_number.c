/* order_number.c - the verbs of order_number.h: no array, no room, more items than any array has, an element
 * that is not there. */
#define _GNU_SOURCE
#include "inputs.h"

#include <stdint.h>

#include <par/order_number.h>

/* Which verb, and what is NULL. */
enum { IS_SORTED, MERGE, NTH, SORT_FIRST, TOP, UNIQUE, LOWER, UPPER, NO_ARRAY = 16, NO_OUT = 32 };

/* 1: as if there were no items, and the array is as it was. */
#define RUN_OF(name, type, sum_type)                                                               \
    static int name##_run(const input_t *input)                                                    \
    {                                                                                              \
        type array[2] = {2, 1}, room[4] = {0}, *v = input->other & NO_ARRAY ? NULL : array,        \
             *out = input->other & NO_OUT ? NULL : room;                                           \
        size_t where[2] = {7, 7}, n = input->size, *places = input->other & NO_OUT ? NULL : where; \
        int is_nothing = 1;                                                                        \
        switch (input->other & 15) {                                                               \
        case IS_SORTED:                                                                            \
            is_nothing = par_is_sorted(v, n);                                                      \
            break;                                                                                 \
        case MERGE:                                                                                \
            par_merge(out, v, n, v, n);                                                            \
            break;                                                                                 \
        case NTH:                                                                                  \
            par_nth(v, n, (size_t)input->number);                                                  \
            break;                                                                                 \
        case SORT_FIRST:                                                                           \
            par_sort_first(v, n, 2);                                                               \
            break;                                                                                 \
        case TOP:                                                                                  \
            is_nothing = par_top(out, 2, v, n) == 0;                                               \
            break;                                                                                 \
        case UNIQUE:                                                                               \
            is_nothing = par_unique(v, n) == 0;                                                    \
            break;                                                                                 \
        case LOWER:                                                                                \
            par_lower_bounds(places, v, n, v, n);                                                  \
            break;                                                                                 \
        default:                                                                                   \
            par_upper_bounds(places, v, n, v, n);                                                  \
        }                                                                                          \
        return is_nothing && array[0] == 2 && array[1] == 1 && room[0] == 0 && where[0] == 7;      \
    }
PAR_NUMBER_MAP(RUN_OF)

#define CASE(verb, type_name, words, n, flags, sentence)                                           \
    {.name = "par_" #verb "_" #type_name words,                                                    \
     .run = type_name##_run,                                                                       \
     .size = (n),                                                                                  \
     .number = 2,                                                                                  \
     .other = (flags),                                                                             \
     .answer = 1,                                                                                  \
     STOP("/order_number.c", "par_" #verb "_" #type_name, sentence)},
#define NONE(verb, type_name, flags)                                                               \
    {.name = "par_" #verb "_" #type_name " of no items",                                           \
     .run = type_name##_run,                                                                       \
     .other = (flags) | NO_ARRAY,                                                                  \
     .answer = 1},

#define V_NULL    "v is NULL; pass the array, or n = 0"
#define TOO_LARGE "n is too large; no array has so many items"
#define NO_ROOM   "out is NULL; pass room for the result"

#define CASES_OF(name, type, sum_type)                                                             \
    NONE(is_sorted, name, IS_SORTED)                                                               \
    NONE(merge, name, MERGE | NO_OUT)                                                              \
    NONE(nth, name, NTH)                                                                           \
    NONE(sort_first, name, SORT_FIRST)                                                             \
    NONE(top, name, TOP)                                                                           \
    NONE(unique, name, UNIQUE)                                                                     \
    NONE(lower_bounds, name, LOWER | NO_OUT)                                                       \
    NONE(upper_bounds, name, UPPER | NO_OUT)                                                       \
    CASE(is_sorted, name, " of NULL", 2, IS_SORTED | NO_ARRAY, V_NULL)                             \
    CASE(nth, name, " of NULL", 3, NTH | NO_ARRAY, V_NULL)                                         \
    CASE(sort_first, name, " of NULL", 2, SORT_FIRST | NO_ARRAY, V_NULL)                           \
    CASE(top, name, " of NULL", 2, TOP | NO_ARRAY, V_NULL)                                         \
    CASE(unique, name, " of NULL", 2, UNIQUE | NO_ARRAY, V_NULL)                                   \
    CASE(merge, name, " of NULL", 2, MERGE | NO_ARRAY, "a is NULL; pass the array, or n_a = 0")    \
    CASE(lower_bounds, name, " of NULL", 2, LOWER | NO_ARRAY,                                      \
         "keys is NULL; pass the array, or n_keys = 0")                                            \
    CASE(upper_bounds, name, " of NULL", 2, UPPER | NO_ARRAY,                                      \
         "keys is NULL; pass the array, or n_keys = 0")                                            \
    CASE(merge, name, " without out", 2, MERGE | NO_OUT,                                           \
         "out is NULL; pass room for n_a + n_b elements")                                          \
    CASE(top, name, " without out", 2, TOP | NO_OUT, NO_ROOM)                                      \
    CASE(lower_bounds, name, " without out", 2, LOWER | NO_OUT, NO_ROOM)                           \
    CASE(upper_bounds, name, " without out", 2, UPPER | NO_OUT, NO_ROOM)                           \
    CASE(is_sorted, name, " of too many", SIZE_MAX, IS_SORTED, TOO_LARGE)                          \
    CASE(unique, name, " of too many", PTRDIFF_MAX / sizeof(type) + 1, UNIQUE, TOO_LARGE)          \
    CASE(top, name, " of too many", SIZE_MAX, TOP, TOO_LARGE)                                      \
    CASE(nth, name, ": k = n", 2, NTH, "k is not less than n; there is no such element")

static const input_t cases[] = {PAR_NUMBER_MAP(CASES_OF)};

inputs_t inputs_order_number(void)
{
    return TABLE("order_number", cases);
}
