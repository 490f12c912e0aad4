/* sort_number.c - sorts of numbers, of pairs and by a key: no array, no items, more items than any array
 * has, keys of no type. */
#define _GNU_SOURCE
#include "inputs.h"

#include <par/sort_number.h>

/* Hidden from the compiler, which would warn. */
static void *volatile nothing;

/* Answers 1 when nothing was sorted. other: 1 the keys are there, 2 the payload is. */
#define DEFINE_RUNS(type_name, type, sum_type)                                                     \
    static int type_name##_sort(const input_t *input)                                              \
    {                                                                                              \
        type v[4] = {4, 3, 2, 1};                                                                  \
        par_sort_##type_name(input->other & 1 ? v : nothing, input->size);                         \
        return v[0] == 4 && v[3] == 1;                                                             \
    }                                                                                              \
    static int type_name##_pairs(const input_t *input)                                             \
    {                                                                                              \
        type v[4] = {4, 3, 2, 1};                                                                  \
        int payload[4] = {5, 6, 7, 8};                                                             \
        par_sort_pairs_##type_name(input->other & 1 ? v : nothing,                                 \
                                   input->other & 2 ? payload : nothing, (size_t)input->number,    \
                                   input->size);                                                   \
        return v[0] == 4 && v[3] == 1 && payload[0] == 5 && payload[3] == 8;                       \
    }
PAR_NUMBER_MAP(DEFINE_RUNS)

static void keys_copy(void *keys, const void *items, size_t n, void *ctx)
{
    (void)ctx;
    for (size_t i = 0; i < n; i++)
        ((int *)keys)[i] = ((const int *)items)[i];
}

/* number: the kind. other: 1 the array is there, 2 the function is. more: the size is 0. */
static int by_key(const input_t *input)
{
    int v[4] = {4, 3, 2, 1};
    par_sort_by_key(input->other & 1 ? v : nothing, input->size, input->more ? 0 : sizeof *v,
                    (unsigned)input->number, input->other & 2 ? keys_copy : NULL, NULL);
    return v[0] == 4 && v[3] == 1;
}

#define IN_NUMBER(verb, name, sentence) STOP("/sort_number.c", "par_" #verb "_" #name, sentence)
#define IN_PAIRS(verb, name, sentence)                                                             \
    STOP("/sort_number_pairs.c", "par_" #verb "_" #name, sentence)
#define TOO_LARGE "n is too large; no array has so many items"

#define CASES_OF(type_name, type, sum_type)                                                        \
    {.name = "par_sort_" #type_name " of NULL",                                                    \
     .run = type_name##_sort,                                                                      \
     .size = 3,                                                                                    \
     .answer = 1,                                                                                  \
     IN_NUMBER(sort, type_name, "v is NULL; pass the array, or n = 0")},                           \
        {.name = "par_sort_" #type_name " of no items", .run = type_name##_sort, .answer = 1},     \
        {.name = "par_sort_" #type_name " of too many items",                                      \
         .run = type_name##_sort,                                                                  \
         .size = PTRDIFF_MAX / sizeof(type) + 1,                                                   \
         .other = 1,                                                                               \
         .answer = 1,                                                                              \
         IN_NUMBER(sort, type_name, TOO_LARGE)},                                                   \
        {.name = "par_sort_pairs_" #type_name " without keys",                                     \
         .run = type_name##_pairs,                                                                 \
         .size = 3,                                                                                \
         .number = 4,                                                                              \
         .other = 2,                                                                               \
         .answer = 1,                                                                              \
         IN_PAIRS(sort_pairs, type_name, "keys is NULL; pass the array, or n = 0")},               \
        {.name = "par_sort_pairs_" #type_name " without a payload",                                \
         .run = type_name##_pairs,                                                                 \
         .size = 3,                                                                                \
         .number = 4,                                                                              \
         .other = 1,                                                                               \
         .answer = 1,                                                                              \
         IN_PAIRS(sort_pairs, type_name, "payload is NULL; pass the array, or n = 0")},            \
        {.name = "par_sort_pairs_" #type_name " of no items",                                      \
         .run = type_name##_pairs,                                                                 \
         .number = 4,                                                                              \
         .answer = 1},                                                                             \
        {.name = "par_sort_pairs_" #type_name " of too many items",                                \
         .run = type_name##_pairs,                                                                 \
         .size = SIZE_MAX,                                                                         \
         .number = 4,                                                                              \
         .other = 3,                                                                               \
         .answer = 1,                                                                              \
         IN_PAIRS(sort_pairs, type_name, TOO_LARGE)},                                              \
        {.name = "par_sort_pairs_" #type_name " with too large payloads",                          \
         .run = type_name##_pairs,                                                                 \
         .size = 4,                                                                                \
         .number = SIZE_MAX / 4,                                                                   \
         .other = 3,                                                                               \
         .answer = 1,                                                                              \
         IN_PAIRS(sort_pairs, type_name, TOO_LARGE)},

#define NO_KIND(of_kind)                                                                           \
    {.name = "par_sort_by_key of kind " #of_kind,                                                  \
     .run = by_key,                                                                                \
     .size = 4,                                                                                    \
     .number = (of_kind),                                                                          \
     .other = 3,                                                                                   \
     .answer = 1,                                                                                  \
     IN_PAIRS(sort_by, key, "kind is none; pass PAR_KEY_KIND of the keys' type")},

enum { INT_KIND = PAR_KEY_KIND(int) };

static const input_t cases[] = {
    PAR_NUMBER_MAP(CASES_OF) NO_KIND(0) NO_KIND(3) NO_KIND(16) NO_KIND(36) NO_KIND(49)
        NO_KIND(64 + 4)
            NO_KIND(4096 + 8){.name = "par_sort_by_key of NULL",
                              .run = by_key,
                              .size = 4,
                              .number = INT_KIND,
                              .other = 2,
                              .answer = 1,
                              IN_PAIRS(sort_by, key, "base is NULL; pass the array, or n = 0")},
    {.name = "par_sort_by_key of no items",
     .run = by_key,
     .number = INT_KIND,
     .other = 2,
     .answer = 1},
    {.name = "par_sort_by_key without keys",
     .run = by_key,
     .size = 4,
     .number = INT_KIND,
     .other = 1,
     .answer = 1,
     IN_PAIRS(sort_by, key, "keys is NULL; pass the function that tells the keys")},
    {.name = "par_sort_by_key of items of 0 bytes",
     .run = by_key,
     .size = 4,
     .number = INT_KIND,
     .other = 3,
     .more = "0",
     .answer = 1,
     IN_PAIRS(sort_by, key, "size is 0; pass sizeof of an element")},
    {.name = "par_sort_by_key of too many items",
     .run = by_key,
     .size = SIZE_MAX,
     .number = INT_KIND,
     .other = 3,
     .answer = 1,
     IN_PAIRS(sort_by, key, TOO_LARGE)},
};

inputs_t inputs_sort_number(void)
{
    return TABLE("sort_number", cases);
}
