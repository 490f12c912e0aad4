/* filters.c - scans, filters, packs, partitions and flattening: NULL, no size, arrays that cannot exist. */
#define _GNU_SOURCE
#include "inputs.h"

#include <par/par.h>

/* Hidden from the compiler, which would warn. */
static void *volatile nothing;
static par_combine_fn *volatile no_combine;
static par_test_each_fn *volatile no_test;
static char array[64], other[64];

/* other: a bit for each argument that is NULL */
#define IS_NULL(bit) (input->other >> (bit)&1)

static void combine_bytes(void *left, const void *right, void *ctx)
{
    (void)ctx;
    *(char *)left = (char)(*(char *)left + *(const char *)right);
}

static int each_kept(const void *item, void *ctx)
{
    (void)item, (void)ctx;
    return 1;
}

/* size elements of two bytes; what acc holds is the answer. */
static int scan(const input_t *input)
{
    char acc[2] = {7, 0};
    par_scan(IS_NULL(0) ? nothing : array, IS_NULL(1) ? nothing : other, input->size,
             IS_NULL(4) ? 0 : 2, IS_NULL(2) ? nothing : acc,
             IS_NULL(3) ? no_combine : combine_bytes, NULL);
    return acc[0];
}

static int filter(const input_t *input)
{
    return (int)par_filter(array, IS_NULL(1) ? nothing : other, input->size, IS_NULL(4) ? 0 : 2,
                           IS_NULL(3) ? no_test : each_kept, NULL);
}

static int first_kept(const void *item, void *ctx)
{
    (void)ctx;
    return item == other;
}

static int partition(const input_t *input)
{
    return (int)par_partition(IS_NULL(2) ? nothing : array, IS_NULL(1) ? array : NULL,
                              IS_NULL(0) ? array : other, input->size, 2, first_kept, NULL);
}

static void flags_first(unsigned char *flags, size_t begin, size_t end, void *ctx)
{
    (void)ctx;
    for (size_t i = begin; i < end; i++)
        flags[i - begin] = i == 0;
}

static void nothing_kept(size_t place, const uint64_t *bits, size_t begin, size_t end, void *ctx)
{
    (void)place, (void)bits, (void)begin, (void)end, (void)ctx;
}

static int partition_by(const input_t *input)
{
    return (int)par_partition_by(array, IS_NULL(1) ? array : NULL, IS_NULL(0) ? array : other,
                                 input->size, 2, flags_first, NULL);
}

static int index_by(const input_t *input)
{
    return (int)par_filter_index_by((size_t *)nothing, input->size, flags_first, NULL);
}

static int blocks(const input_t *input)
{
    return (int)par_filter_blocks(input->size, flags_first, nothing_kept, NULL);
}

static int pack(const input_t *input)
{
    return (int)par_pack(array, other, input->size, 2, IS_NULL(0) ? nothing : other);
}

static int flatten(const input_t *input)
{
    const par_array_t slices[] = {{other, 1}, {other, input->size}};
    return (int)par_flatten(array, slices, 2, 1);
}

#define ROW(what, function, n, bits, expected)                                                     \
    .name = what, .run = (function), .size = (n), .other = (bits), .answer = (expected)
#define MANY     (SIZE_MAX / 2 + 1)
#define TWICE    "yes and no are the same array; pass no = NULL to have both in yes"
#define NO_ARRAY "n * size is above PTRDIFF_MAX; no array is that large"

static const input_t cases[] = {
    {ROW("par_scan: combine NULL", scan, 3, 8, 0), .is_undefined = true,
     STOP("/scan_elements.c",
          "par_scan",
          "combine is NULL; pass the function that joins two elements")},
    {ROW("par_scan: acc NULL", scan, 3, 4, 0), .is_undefined = true,
     STOP("/scan_elements.c", "par_scan", "acc is NULL; pass an element, holding the identity")},
    {ROW("par_scan: out NULL", scan, 3, 1, 0), .is_undefined = true,
     STOP("/scan_elements.c", "par_scan", "an array is NULL; pass it, or n = 0")},
    {ROW("par_scan: in NULL", scan, 3, 2, 0), .is_undefined = true,
     STOP("/scan_elements.c", "par_scan", "an array is NULL; pass it, or n = 0")},
    {ROW("par_scan: no elements", scan, 0, 3, 7)},
    {ROW("par_scan: size 0", scan, 3, 16, 7),
     STOP("/scan_elements.c", "par_scan", "size is 0; pass the bytes of an element")},
    {ROW("par_scan: too many", scan, MANY, 0, 7), STOP("/scan_elements.c", "par_scan", NO_ARRAY)},
    {ROW("par_scan: more bytes than an array has", scan, SIZE_MAX / 2, 0, 7),
     STOP("/scan_elements.c", "par_scan", NO_ARRAY)},
    {ROW("par_filter: test NULL", filter, 3, 8, 0), .is_undefined = true,
     STOP("/filter.c", "par_filter", "test is NULL; pass the function that tests an element")},
    {ROW("par_filter: in NULL", filter, 3, 2, 0), .is_undefined = true,
     STOP("/filter.c", "par_filter", "in is NULL; pass the array, or n = 0")},
    {ROW("par_filter: no elements", filter, 0, 2, 0)},
    {ROW("par_filter: size 0", filter, 3, 16, 0),
     STOP("/filter.c", "par_filter", "size is 0; pass the bytes of an element")},
    {ROW("par_filter: too many", filter, MANY, 0, 0), STOP("/filter.c", "par_filter", NO_ARRAY)},
    {ROW("par_partition: in place", partition, 3, 1, 0),
     STOP("/filter.c", "par_partition", "a result is in; partition into other arrays")},
    {ROW("par_partition: twice the same", partition, 3, 2, 1),
     STOP("/filter.c", "par_partition", TWICE)},
    {ROW("par_partition: twice the same, but one is empty", partition, 1, 2, 1)},
    {ROW("par_partition: no results", partition, 3, 4, 0),
     STOP("/filter.c",
          "par_partition",
          "yes and no are NULL; pass an array, with no = NULL for both")},
    {ROW("par_partition_by: in place", partition_by, 3, 1, 0),
     STOP("/filter.c", "par_partition_by", "a result is in; partition into other arrays")},
    {ROW("par_partition_by: twice the same", partition_by, 3, 2, 1),
     STOP("/filter.c", "par_partition_by", TWICE)},
    {ROW("par_filter_index_by: too many", index_by, MANY, 0, 0),
     STOP("/filter.c", "par_filter_index_by", "n is too large; no array has so many items")},
    {ROW("par_filter_blocks: too many", blocks, MANY, 0, 0),
     STOP("/filter.c", "par_filter_blocks", "n is too large; no array has so many items")},
    {ROW("par_partition: too many", partition, MANY, 0, 0),
     STOP("/filter.c", "par_partition", NO_ARRAY)},
    {ROW("par_pack: flags NULL", pack, 3, 1, 0), .is_undefined = true,
     STOP("/filter.c", "par_pack", "flags is NULL; pass a byte for each element, or n = 0")},
    {ROW("par_pack: too many", pack, MANY, 0, 0), STOP("/filter.c", "par_pack", NO_ARRAY)},
    {ROW("par_flatten: too many", flatten, SIZE_MAX, 0, 0),
     STOP("/flatten.c", "par_flatten", "the slices have more elements than an array can have")},
};

inputs_t inputs_filters(void)
{
    return TABLE("filters", cases);
}
