/* fuzz_group.c - group_by, distinct and reduce_by_key: bytes choose the size of a key, whether hash and
 * equality are honest, and are the keys themselves, repeated until there are enough to run in parallel. */
#include "../scale.h"
#include "fuzz.h"

#include <stdbool.h>
#include <string.h>

#include <par/par.h>

/* ctx: a byte of the input; its bits say what to lie about. */
enum { LIE_HASH = 1, LIE_EQUAL = 2, SAME_HASH = 4, OWN = 8 };

typedef struct lies_t {
    unsigned kinds;
    size_t size;
    uint64_t state; /* atomic */
} lies_t;

static uint64_t lie(lies_t *lies)
{
    uint64_t x = __atomic_add_fetch(&lies->state, 0x9e3779b97f4a7c15u, __ATOMIC_RELAXED);
    return x * (x >> 29 | 1);
}

static uint64_t hash(const void *key, void *ctx)
{
    lies_t *lies = ctx;
    const uint8_t *bytes = key;
    uint64_t sum = 0;
    if (lies->kinds & LIE_HASH) return lie(lies);
    if (lies->kinds & SAME_HASH) return 1;
    for (size_t i = 0; i < lies->size; i++)
        sum += bytes[i];
    return sum;
}

static int equal(const void *a, const void *b, void *ctx)
{
    lies_t *lies = ctx;
    if (lies->kinds & LIE_EQUAL) return lie(lies) >> 63 != 0;
    return memcmp(a, b, lies->size) == 0;
}

static void
absorb(void *acc, const size_t *group, const void *values, const size_t *item, size_t n, void *ctx)
{
    (void)ctx;
    for (size_t k = 0; k < n; k++)
        ((uint32_t *)acc)[group[k]] += ((const uint32_t *)values)[item[k]];
}

/* Honest keys: groups in the order of their first items, items ascending, equal inside, and different
 * from one group to the next. */
static void must_be_grouped(const uint8_t *keys,
                            size_t n,
                            size_t size,
                            const size_t *order,
                            const size_t *offsets,
                            size_t m)
{
    for (size_t g = 0; g < m; g++) {
        const uint8_t *first = keys + order[offsets[g]] * size;
        MUST(offsets[g] < offsets[g + 1]);
        MUST(g == 0 || order[offsets[g - 1]] < order[offsets[g]]);
        MUST(g == 0 || memcmp(first, keys + order[offsets[g - 1]] * size, size) != 0);
        for (size_t k = offsets[g] + 1; k < offsets[g + 1]; k++) {
            MUST(order[k - 1] < order[k]);
            MUST(memcmp(first, keys + order[k] * size, size) == 0);
        }
    }
    MUST(m == 0 ? n == 0 : offsets[m] == n);
}

static void check(const uint8_t *keys, size_t n, const par_key_t *key, const lies_t *lies)
{
    size_t *order = calloc(n + 1, sizeof *order), *offsets = malloc((n + 1) * sizeof *offsets);
    uint8_t *out = malloc(n * key->size + 1);
    uint32_t *values = malloc((n + 1) * sizeof *values), *sums = malloc((n + 1) * sizeof *sums);
    MUST(order != NULL && offsets != NULL && out != NULL && values != NULL && sums != NULL);
    bool is_honest = key->hash == NULL || (lies->kinds & (LIE_HASH | LIE_EQUAL)) == 0;
    for (size_t i = 0; i < n; i++)
        values[i] = 1;
    size_t m = par_group_by_key(keys, n, key, order, offsets);
    MUST(m <= n && offsets[0] == 0 && offsets[m] <= n);
    for (size_t k = 0; k < n; k++)
        MUST(order[k] < n);
    size_t m2 = par_distinct_by_key(out, keys, n, key);
    MUST(m2 <= n);
    size_t m3 = par_reduce_by_key(out, sums, keys, values, n, key, sizeof *sums, absorb, NULL);
    MUST(m3 <= n);
    if (is_honest) {
        must_be_grouped(keys, n, key->size, order, offsets, m);
        MUST(m == m2 && m == m3);
        for (size_t g = 0; g < m; g++) {
            MUST(sums[g] == offsets[g + 1] - offsets[g]);
            MUST(memcmp(out + g * key->size, keys + order[offsets[g]] * key->size, key->size) == 0);
        }
    }
    free(order);
    free(offsets);
    free(out);
    free(values);
    free(sums);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 3) return 0;
    lies_t lies = {.kinds = data[0], .size = data[1] % 12u + 1};
    par_key_t key = {.size = lies.size};
    if (lies.kinds & OWN) key = (par_key_t){lies.size, hash, equal, &lies};
    /* By lies two groups may have one place, which two workers write: a race of the liar's own. */
    if (TEST_TSAN && (lies.kinds & OWN) != 0) return 0;
    size_t repeat = data[2] < 128 ? 1 : data[2] - 120u;
    data += 3;
    size -= 3;
    /* Lies may make each item a group, and compare it with all of them. */
    if (repeat * size / lies.size > 6000) repeat = 6000 * lies.size / (size + 1) + 1;
    if (repeat * size / lies.size > 12000) return 0;
    uint8_t *keys = malloc(size * repeat + 1);
    MUST(keys != NULL);
    for (size_t r = 0; r < repeat; r++)
        memcpy(keys + r * size, data, size);
    check(keys, size * repeat / lies.size, &key, &lies);
    free(keys);
    return 0;
}
