/* groups.c - histograms, reductions into buckets, groups: no array, no function, keys of no size, more
 * items than any array has. */
#define _GNU_SOURCE
#include "inputs.h"

#include <par/group.h>

/* Hidden from the compiler, which would warn. */
static void *volatile nothing;

static size_t counts[2] = {7, 7}, order[2], offsets[3];
static int keys[2] = {1, 1}, out[2];

static void bucket_of(size_t *bucket, size_t begin, size_t end, void *ctx)
{
    (void)ctx;
    for (size_t i = begin; i < end; i++)
        bucket[i - begin] = 0;
}

static void value_of(size_t *bucket, void *value, size_t begin, size_t end, void *ctx)
{
    bucket_of(bucket, begin, end, ctx);
    for (size_t i = begin; i < end; i++)
        ((size_t *)value)[i - begin] = 1;
}

static void add(void *acc, const size_t *bucket, const void *value, size_t n, void *ctx)
{
    (void)ctx;
    for (size_t k = 0; k < n; k++)
        ((size_t *)acc)[bucket[k]] += ((const size_t *)value)[k];
}

static void add_items(
    void *acc, const size_t *group, const void *values, const size_t *item, size_t n, void *ctx)
{
    (void)ctx;
    for (size_t k = 0; k < n; k++)
        ((int *)acc)[group[k]] += ((const int *)values)[item[k]];
}

static uint64_t hash(const void *key, void *ctx)
{
    (void)ctx;
    return *(const unsigned *)key;
}

static void key_of(uint64_t *key, size_t begin, size_t end, void *ctx)
{
    (void)ctx;
    for (size_t i = begin; i < end; i++)
        key[i - begin] = i;
}

/* Each answers what the function returned, and is given size items. */
static int run_histogram(const input_t *input)
{
    return (int)par_histogram_int(input->other & 1 ? keys : nothing, input->size,
                                  input->other & 2 ? counts : nothing, (size_t)input->number);
}

static int run_range(const input_t *input)
{
    return (int)par_histogram_range(0, 1, input->other & 2 ? counts : nothing,
                                    (size_t)input->number, input->other & 1 ? bucket_of : NULL,
                                    NULL);
}

static int run_collect(const input_t *input)
{
    return (int)par_collect_reduce(0, 1, input->other & 4 ? counts : nothing, input->size,
                                   (size_t)input->number, input->other & 1 ? value_of : NULL,
                                   input->other & 2 ? add : NULL, NULL);
}

static int run_group(const input_t *input)
{
    const par_key_t key = {input->number, input->other & 8 ? hash : NULL, NULL, NULL};
    return (int)par_group_by_key(
        input->other & 1 ? keys : nothing, input->size, input->other & 16 ? nothing : &key,
        input->other & 2 ? order : nothing, input->other & 4 ? offsets : nothing);
}

static int run_number(const input_t *input)
{
    return (int)par_group_by_number(input->size, input->other & 1 ? key_of : NULL,
                                    input->other & 2 ? order : nothing,
                                    input->other & 4 ? offsets : nothing, NULL);
}

static int run_distinct(const input_t *input)
{
    const par_key_t key = {input->number, NULL, NULL, NULL};
    return (int)par_distinct_by_key(input->other & 1 ? out : nothing,
                                    input->other & 2 ? keys : nothing, input->size, &key);
}

static int run_reduce(const input_t *input)
{
    const par_key_t key = {sizeof *keys, NULL, NULL, NULL};
    return (int)par_reduce_by_key(input->other & 1 ? out : nothing, out, keys, keys, input->size,
                                  &key, (size_t)input->number, input->other & 2 ? add_items : NULL,
                                  NULL);
}

#define H        "par/algo/histogram.c"
#define C        "par/algo/collect.c"
#define G        "par/algo/group.c"
#define R        "par/algo/group_reduce.c"
#define K        "par/algo/keys.c"
#define TOO_MANY "n is too large; no array has so many items"

static const input_t cases[] = {
    {.name = "histogram: no items, no buckets, no arrays", .run = run_histogram},
    {.name = "histogram: no keys array",
     .run = run_histogram,
     .size = 1,
     .other = 2,
     .number = 2,
     STOP(H, "par_histogram_int", "keys is NULL; pass the array, or n = 0"),
     .is_undefined = true},
    {.name = "histogram: no counts",
     .run = run_histogram,
     .size = 1,
     .other = 1,
     .number = 2,
     STOP(H, "par_histogram_int", "counts is NULL; pass n_buckets counts, or n_buckets = 0"),
     .is_undefined = true},
    {.name = "histogram: -1 keys",
     .run = run_histogram,
     .size = SIZE_MAX,
     .other = 3,
     .number = 2,
     STOP(H, "par_histogram_int", TOO_MANY)},
    {.name = "histogram: more counts than memory has",
     .run = run_histogram,
     .size = 0,
     .other = 3,
     .number = PTRDIFF_MAX,
     STOP(H, "par_histogram_int", "n_buckets is too large; no array has so many items")},
    {.name = "histogram range: no buckets", .run = run_range, .answer = 1, .other = 3},
    {.name = "histogram range: no function",
     .run = run_range,
     .other = 2,
     .number = 2,
     STOP(H, "par_histogram_range", "bucket is NULL; pass the function that tells the buckets"),
     .is_undefined = true},
    {.name = "collect: no buckets", .run = run_collect, .answer = 1, .size = 8, .other = 7},
    {.name = "collect: no acc",
     .run = run_collect,
     .size = 8,
     .other = 3,
     .number = 2,
     STOP(C, "par_collect_reduce", "acc is NULL; pass n_buckets times the identity"),
     .is_undefined = true},
    {.name = "collect: no items",
     .run = run_collect,
     .size = 8,
     .other = 6,
     .number = 2,
     STOP(
         C, "par_collect_reduce", "items is NULL; pass the function that tells buckets and values"),
     .is_undefined = true},
    {.name = "collect: no absorb",
     .run = run_collect,
     .size = 8,
     .other = 5,
     .number = 2,
     STOP(C, "par_collect_reduce", "absorb is NULL; pass the function that reduces values"),
     .is_undefined = true},
    {.name = "collect: values of no size",
     .run = run_collect,
     .size = 0,
     .other = 7,
     .number = 2,
     STOP(C, "par_collect_reduce", "acc_size is 0; pass the size of a value in bytes")},
    {.name = "collect: -1 buckets",
     .run = run_collect,
     .size = 8,
     .other = 7,
     .number = SIZE_MAX,
     STOP(C, "par_collect_reduce", "n_buckets is too large; no array has so many items")},
    {.name = "group: no items, no arrays", .run = run_group, .other = 4, .number = 4},
    {.name = "group: no offsets",
     .run = run_group,
     .size = 1,
     .other = 3,
     .number = 4,
     STOP(G, "par_group_by_key", "offsets is NULL; pass room for n + 1"),
     .is_undefined = true},
    {.name = "group: no order",
     .run = run_group,
     .size = 1,
     .other = 5,
     .number = 4,
     STOP(G, "par_group_by_key", "an array is NULL; pass it, or n = 0"),
     .is_undefined = true},
    {.name = "group: no key",
     .run = run_group,
     .size = 1,
     .other = 23,
     .number = 4,
     STOP(K, "par_group_by_key", "key is NULL; pass what makes two keys equal"),
     .is_undefined = true},
    {.name = "group: keys of no size",
     .run = run_group,
     .size = 1,
     .other = 7,
     STOP(K, "par_group_by_key", "key->size is 0; pass the size of a key in bytes")},
    {.name = "group: a hash alone",
     .run = run_group,
     .size = 1,
     .other = 15,
     .number = 4,
     STOP(K,
          "par_group_by_key",
          "key has one function only; pass hash and equal, or none to compare bytes")},
    {.name = "group: -1 items",
     .run = run_group,
     .size = SIZE_MAX,
     .other = 7,
     .number = 4,
     STOP(K, "par_group_by_key", TOO_MANY)},
    {.name = "group: more than any order has",
     .run = run_group,
     .size = PTRDIFF_MAX / 2,
     .other = 7,
     .number = 1,
     STOP(G, "par_group_by_key", TOO_MANY)},
    {.name = "group by number: no function",
     .run = run_number,
     .size = 2,
     .other = 6,
     STOP(G, "par_group_by_number", "key is NULL; pass the function that tells the keys"),
     .is_undefined = true},
    {.name = "group by number: -1 items",
     .run = run_number,
     .size = SIZE_MAX,
     .other = 7,
     STOP(G, "par_group_by_number", TOO_MANY)},
    {.name = "distinct: no out",
     .run = run_distinct,
     .size = 1,
     .other = 2,
     .number = 4,
     STOP(R, "par_distinct_by_key", "an array is NULL; pass it, or n = 0"),
     .is_undefined = true},
    {.name = "distinct: -1 items",
     .run = run_distinct,
     .size = SIZE_MAX,
     .other = 3,
     .number = 4,
     STOP(K, "par_distinct_by_key", TOO_MANY)},
    {.name = "reduce by key: no out",
     .run = run_reduce,
     .size = 1,
     .other = 2,
     .number = 4,
     STOP(R, "par_reduce_by_key", "an array is NULL; pass it, or n = 0"),
     .is_undefined = true},
    {.name = "reduce by key: no absorb",
     .run = run_reduce,
     .size = 1,
     .other = 1,
     .number = 4,
     STOP(R, "par_reduce_by_key", "absorb is NULL; pass the function that combines values"),
     .is_undefined = true},
    {.name = "reduce by key: values of no size",
     .run = run_reduce,
     .size = 1,
     .other = 3,
     STOP(R, "par_reduce_by_key", "value_size is 0; pass the size of a value in bytes")},
    {.name = "reduce by key: -1 items",
     .run = run_reduce,
     .size = SIZE_MAX,
     .other = 3,
     .number = 4,
     STOP(R, "par_reduce_by_key", TOO_MANY)},
};

inputs_t inputs_groups(void)
{
    return TABLE("groups", cases);
}
