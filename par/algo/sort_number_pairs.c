/* sort_number_pairs.c - what goes with a number is sorted by it: payloads of 4 and 8 bytes move with
 * their keys through the radix sort, others and the records of par_sort_by_key follow an index that
 * did. Without memory for that, rotations do it in place. */
#include <stdlib.h>
#include <string.h>

#include <par/for.h>

#include "misuse.h"
#include "sort_number_kinds.h"
#include "sort_number_radix.h"
#include "sort_number_rotate.h"

/* Elements a block, where the cost is not known: a few us. */
enum { GRAIN = 4096 };

/* What is sorted: records by the keys that a function tells, or payloads by keys that lie beside
 * them. */
typedef struct items_t {
    void *base; /* the records, or the payloads */
    size_t n, size;
    unsigned kind;
    void *pair_keys; /* NULL: records */
    par_keys_fn *keys;
    void *ctx;

    void *plain; /* keys of 4 or 8 bytes, as radix sort takes them */
    void *index; /* where each element comes from */
    bool is_wide, has_wide_index;
    char *moved;
} items_t;

static void loop(size_t n, par_range_fn *body, items_t *t, double ns)
{
    par_options_t options = PAR_OPTIONS_INIT;
    options.grain = GRAIN;
    options.item_ns = ns;
    if (n <= GRAIN)
        body(0, n, t);
    else
        par_for_range(0, n, body, t, &options);
}

/* ---- keys ---- */

/* The key of a type at p, as an unsigned number in the order of the type. */
static uint64_t key_at(const char *p, unsigned kind)
{
    uint8_t k1;
    uint16_t k2;
    uint32_t k4;
    uint64_t k8;
    bool is_signed = (kind & 16) != 0, is_real = (kind & 32) != 0;
    switch (par__kind_size(kind)) {
    case 1:
        memcpy(&k1, p, 1);
        return is_signed ? k1 ^ 0x80u : k1;
    case 2:
        memcpy(&k2, p, 2);
        return is_signed ? k2 ^ 0x8000u : k2;
    case 4:
        memcpy(&k4, p, 4);
        if (is_real && k4 >> 31 != 0) return (uint32_t)~k4;
        return is_signed ? k4 ^ (uint32_t)1 << 31 : k4;
    default:
        memcpy(&k8, p, 8);
        if (is_real && k8 >> 63 != 0) return ~k8;
        return is_signed ? k8 ^ (uint64_t)1 << 63 : k8;
    }
}

/* Some keys at a time go through the stack. */
enum { KEYS_AT_ONCE = 128 };

static void keys_plain(size_t begin, size_t end, void *ctx)
{
    const items_t *t = ctx;
    union {
        char bytes[KEYS_AT_ONCE * 8];
        uint64_t aligned;
    } some;
    size_t size = par__kind_size(t->kind);
    while (begin < end) {
        size_t n = end - begin < KEYS_AT_ONCE ? end - begin : KEYS_AT_ONCE;
        const char *from = some.bytes;
        if (t->pair_keys != NULL)
            from = (const char *)t->pair_keys + begin * size;
        else
            t->keys(some.bytes, (const char *)t->base + begin * t->size, n, t->ctx);
        for (size_t i = 0; i < n; i++) {
            uint64_t key = key_at(from + i * size, t->kind);
            if (t->is_wide)
                ((uint64_t *)t->plain)[begin + i] = key;
            else
                ((uint32_t *)t->plain)[begin + i] = (uint32_t)key;
        }
        begin += n;
    }
}

/* Writes plain keys of less than 4 bytes back to where they came from. */
static void keys_narrow(size_t begin, size_t end, void *ctx)
{
    const items_t *t = ctx;
    const uint32_t *plain = t->plain;
    bool is_signed = (t->kind & 16) != 0;
    for (size_t i = begin; i < end; i++) {
        if (par__kind_size(t->kind) == 1)
            ((uint8_t *)t->pair_keys)[i] = (uint8_t)(plain[i] ^ (is_signed ? 0x80 : 0));
        else
            ((par__key16_t *)t->pair_keys)[i] = (uint16_t)(plain[i] ^ (is_signed ? 0x8000 : 0));
    }
}

/* ---- by an index ---- */

static size_t index_at(const items_t *t, size_t i)
{
    return t->has_wide_index ? (size_t)((const uint64_t *)t->index)[i]
                             : ((const uint32_t *)t->index)[i];
}

static void index_fill(size_t begin, size_t end, void *ctx)
{
    const items_t *t = ctx;
    for (size_t i = begin; i < end; i++) {
        if (t->has_wide_index)
            ((uint64_t *)t->index)[i] = i;
        else
            ((uint32_t *)t->index)[i] = (uint32_t)i;
    }
}

static void items_gather(size_t begin, size_t end, void *ctx)
{
    const items_t *t = ctx;
    const char *base = t->base;
    size_t size = t->size;
    for (size_t i = begin; i < end; i++) {
        const char *from = base + index_at(t, i) * size;
        if (size == 8)
            memcpy(t->moved + i * 8, from, 8);
        else if (size == 16)
            memcpy(t->moved + i * 16, from, 16);
        else
            memcpy(t->moved + i * size, from, size);
    }
}

static void items_back(size_t begin, size_t end, void *ctx)
{
    const items_t *t = ctx;
    memcpy((char *)t->base + begin * t->size, t->moved + begin * t->size, (end - begin) * t->size);
}

/* keys of the array itself, or plain ones: stably, with a payload of 4 or 8 bytes. */
static bool radix(const items_t *t,
                  void *keys,
                  void *pay,
                  bool is_wide_pay,
                  const par__sort_order_t *order,
                  void *buffer)
{
    if (t->is_wide && is_wide_pay) return par__radix_64_64(keys, pay, t->n, order, buffer);
    if (t->is_wide) return par__radix_64_32(keys, pay, t->n, order, buffer);
    if (is_wide_pay) return par__radix_32_64(keys, pay, t->n, order, buffer);
    return par__radix_32_32(keys, pay, t->n, order, buffer);
}

/* The order of plain keys. */
static par__sort_order_t plain_order(const items_t *t)
{
    return par__kind_order(t->is_wide ? 8 : 4);
}

/* moved serves the radix sort as its buffer first: new memory is dear. */
static bool sort_by_index(items_t *t)
{
    t->has_wide_index = t->n > UINT32_MAX;
    size_t index_size = t->has_wide_index ? 8 : 4, key_size = t->is_wide ? 8 : 4;
    size_t moved_size = t->size > index_size + key_size ? t->size : index_size + key_size;
    if (t->n > PTRDIFF_MAX / moved_size) return false;
    t->index = malloc(t->n * index_size);
    t->plain = malloc(t->n * key_size);
    t->moved = malloc(t->n * moved_size);
    bool is_there = t->index != NULL && t->plain != NULL && t->moved != NULL;
    if (is_there) {
        par__sort_order_t order = plain_order(t);
        loop(t->n, keys_plain, t, 1.0);
        loop(t->n, index_fill, t, 0.2);
        radix(t, t->plain, t->index, t->has_wide_index, &order, t->moved);
        loop(t->n, items_gather, t, 3.0 + 0.05 * (double)t->size);
        loop(t->n, items_back, t, 0.05 * (double)t->size);
    }
    free(t->moved);
    free(t->plain);
    free(t->index);
    return is_there;
}

/* ---- pairs ---- */

static bool is_aligned(const void *p, size_t size)
{
    return (uintptr_t)p % size == 0;
}

/* Keys of 1 and 2 bytes move as keys of 4. */
static bool sort_small_keys(items_t *t)
{
    t->plain = malloc(t->n * 4);
    if (t->plain == NULL) return false;
    par__sort_order_t order = plain_order(t);
    loop(t->n, keys_plain, t, 1.0);
    bool is_done = radix(t, t->plain, t->base, t->size == 8, &order, NULL);
    if (is_done) loop(t->n, keys_narrow, t, 0.5);
    free(t->plain);
    return is_done;
}

/* The payloads first, by a copy of the keys, then the keys. */
static bool sort_wide_payloads(items_t *t, void (*sort_keys)(void *keys, size_t n))
{
    if (!sort_by_index(t)) return false;
    sort_keys(t->pair_keys, t->n);
    return true;
}

static bool sort_pairs_by_radix(items_t *t, void (*sort_keys)(void *keys, size_t n))
{
    bool fits = (t->size == 4 || t->size == 8) && is_aligned(t->base, t->size);
    if (!fits) return sort_wide_payloads(t, sort_keys);
    if (t->n > PTRDIFF_MAX / 16) return false;
    if (par__kind_size(t->kind) < 4) return sort_small_keys(t);
    par__sort_order_t order = par__kind_order(t->kind);
    return radix(t, t->pair_keys, t->base, t->size == 8, &order, NULL);
}

/* ---- without memory ---- */

static uint64_t item_key(const void *ctx, size_t i)
{
    const items_t *t = ctx;
    union {
        char bytes[8];
        uint64_t aligned;
    } one;
    size_t size = par__kind_size(t->kind);
    if (t->pair_keys != NULL) return key_at((const char *)t->pair_keys + i * size, t->kind);
    t->keys(one.bytes, (const char *)t->base + i * t->size, 1, t->ctx);
    return key_at(one.bytes, t->kind);
}

static void bytes_swap(char *a, char *b, size_t size)
{
    char kept[64];
    for (size_t n; size > 0; a += n, b += n, size -= n) {
        n = size < sizeof kept ? size : sizeof kept;
        memcpy(kept, a, n);
        memcpy(a, b, n);
        memcpy(b, kept, n);
    }
}

static void item_swap(const void *ctx, size_t i, size_t j)
{
    const items_t *t = ctx;
    size_t size = par__kind_size(t->kind);
    if (i == j) return;
    if (t->pair_keys != NULL)
        bytes_swap((char *)t->pair_keys + i * size, (char *)t->pair_keys + j * size, size);
    bytes_swap((char *)t->base + i * t->size, (char *)t->base + j * t->size, t->size);
}

static void sort_in_place(const items_t *t)
{
    const par__rotate_t r = {item_key, item_swap, t};
    par__rotate_sort(&r, 0, t->n);
}

/* ---- public ---- */

/* Few are sorted in place at once. */
enum { FEW = 16 };

#define DEFINE_PAIRS(name, type, sum_type)                                                         \
    static void keys_sort_##name(void *keys, size_t n)                                             \
    {                                                                                              \
        par_sort_##name(keys, n);                                                                  \
    }                                                                                              \
                                                                                                   \
    void par_sort_pairs_##name(type *keys, void *payload, size_t payload_size, size_t n)           \
    {                                                                                              \
        PAR__MISUSE(keys != NULL || n == 0, "keys is NULL; pass the array, or n = 0");             \
        PAR__MISUSE(payload != NULL || n == 0 || payload_size == 0,                                \
                    "payload is NULL; pass the array, or n = 0");                                  \
        PAR__LIMIT_ITEMS(n, type);                                                                 \
        bool fits = par__array_exists(n, payload_size);                                            \
        PAR__MISUSE(fits, "n is too large; no array has so many items");                           \
        if (n < 2 || !fits || keys == NULL || (payload == NULL && payload_size > 0)) return;       \
        if (payload_size == 0) {                                                                   \
            par_sort_##name(keys, n);                                                              \
            return;                                                                                \
        }                                                                                          \
        items_t t = {.base = payload, .n = n, .size = payload_size, .pair_keys = keys};            \
        t.kind = PAR_KEY_KIND(type);                                                               \
        t.is_wide = sizeof(type) == 8;                                                             \
        if (n <= FEW || !sort_pairs_by_radix(&t, keys_sort_##name)) sort_in_place(&t);             \
    }
PAR_NUMBER_MAP(DEFINE_PAIRS)

void par_sort_by_key(void *base, size_t n, size_t size, unsigned kind, par_keys_fn *keys, void *ctx)
{
    PAR__MISUSE(base != NULL || n == 0, "base is NULL; pass the array, or n = 0");
    PAR__MISUSE(size > 0, "size is 0; pass sizeof of an element");
    PAR__MISUSE(keys != NULL, "keys is NULL; pass the function that tells the keys");
    PAR__MISUSE(par__kind_is_valid(kind), "kind is none; pass PAR_KEY_KIND of the keys' type");
    if (size == 0 || keys == NULL || !par__kind_is_valid(kind)) return;
    bool fits = par__array_exists(n, size);
    PAR__MISUSE(fits, "n is too large; no array has so many items");
    if (!fits || n < 2 || base == NULL) return;
    items_t t = {.base = base, .n = n, .size = size, .kind = kind, .keys = keys, .ctx = ctx};
    t.is_wide = par__kind_size(kind) == 8;
    if (n <= FEW || !sort_by_index(&t)) sort_in_place(&t);
}
