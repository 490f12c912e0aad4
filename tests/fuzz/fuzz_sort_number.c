/* fuzz_sort_number.c - sorts of numbers: the first byte chooses type, path and what is sorted, the second how
 * often the rest is repeated. */
#include "fuzz.h"

#include <stdbool.h>
#include <string.h>

#include <par/sort_number.h>

#include "../../par/algo/sort_number_kinds.h"

static const unsigned kinds[] = {
#define X(name, type, sum_type) PAR_KEY_KIND(type),
    PAR_NUMBER_MAP(X)
#undef X
};

static uint64_t bits_at(const uint8_t *v, size_t size)
{
    uint64_t wide = 0;
    uint32_t half;
    uint16_t quarter;
    if (size == 8) {
        memcpy(&wide, v, 8);
        return wide;
    }
    if (size == 4) {
        memcpy(&half, v, 4);
        return half;
    }
    if (size == 2) {
        memcpy(&quarter, v, 2);
        return quarter;
    }
    return *v;
}

/* As an unsigned number in the order of the type. */
static uint64_t rank_at(const uint8_t *v, unsigned kind)
{
    size_t size = kind & 15;
    uint64_t bits = bits_at(v, size), top = (uint64_t)1 << (8 * size - 1);
    if ((kind & 32) != 0 && (bits & top) != 0) return top - 1 - (bits & (top - 1));
    return (kind & 16) != 0 ? bits ^ top : bits;
}

static void sort(void *v, size_t n, unsigned type, unsigned path)
{
    const par__sort_path_t *paths[PAR__SORT_PATHS + 1], *p;
    unsigned kind = kinds[type], n_paths = 0;
    par__sort_order_t order = par__kind_order(kind);
    par__sort_path_list(paths);
    while (paths[n_paths] != NULL)
        n_paths++;
    p = paths[path / 2 % n_paths];
    if (n > 0 && (kind & 15) == 4)
        (path % 2 ? p->sort_32 : p->sort_badly_32)(v, n, &order);
    else if (n > 0 && (kind & 15) == 8)
        (path % 2 ? p->sort_64 : p->sort_badly_64)(v, n, &order);
    else if ((kind & 15) == 2)
        par_sort_ushort(v, (kind & 16) == 0 ? n : 0);
    else if ((kind & 16) == 0)
        par_sort_uchar(v, n);
}

/* The sum of what mixes the bits of each number: the same numbers are there. */
static uint64_t mixed_sum(const uint8_t *v, size_t n, size_t size)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < n; i++) {
        uint64_t x = bits_at(v + i * size, size) * 0x9e3779b97f4a7c15u;
        sum += (x ^ x >> 29) * 0xbf58476d1ce4e5b9u;
    }
    return sum;
}

static void keys_copy(void *keys, const void *items, size_t n, void *ctx)
{
    memcpy(keys, items, n * *(const size_t *)ctx);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2) return 0;
    unsigned type = data[0] % (sizeof kinds / sizeof *kinds), path = data[0] / 16,
             times = data[1] % 64 + 1;
    size_t bytes = kinds[type] & 15, part = (size - 2) / bytes * bytes, n = part / bytes * times;
    uint8_t *v = malloc(n * bytes + 1), *by_key = malloc(n * bytes + 1);
    MUST(v != NULL && by_key != NULL);
    for (unsigned i = 0; i < times; i++)
        memcpy(v + i * part, data + 2, part);
    memcpy(by_key, v, n * bytes);
    uint64_t sum = mixed_sum(v, n, bytes);
    par_sort_by_key(by_key, n, bytes, kinds[type], keys_copy, &bytes);
    MUST(mixed_sum(by_key, n, bytes) == sum);
    for (size_t i = 1; i < n; i++)
        MUST(rank_at(by_key + (i - 1) * bytes, kinds[type]) <=
             rank_at(by_key + i * bytes, kinds[type]));
    bool is_served = bytes >= 4 || (kinds[type] & 16) == 0;
    sort(v, n, type, path);
    MUST(!is_served || memcmp(v, by_key, n * bytes) == 0);
    free(v);
    free(by_key);
    return 0;
}
