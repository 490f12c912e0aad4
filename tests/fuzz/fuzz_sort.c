/* fuzz_sort.c - the comparison sorts and the verbs of order, with elements of any size and a comparison that
 * the input decides on: a key, or answers as they come. The first bytes choose size and way. */
#include "fuzz.h"

#include <stdbool.h>
#include <string.h>

#include <par/par.h>

enum { MAX_SIZE = 40 };

typedef struct order_t {
    size_t key_bytes;
    bool is_random;
    const uint8_t *answers;
    size_t n_answers, next; /* atomic: called by several workers */
} order_t;

static int compare(const void *a, const void *b, void *ctx)
{
    order_t *order = ctx;
    if (!order->is_random) return memcmp(a, b, order->key_bytes);
    size_t next = __atomic_fetch_add(&order->next, 1, __ATOMIC_RELAXED);
    return order->answers[next % order->n_answers] % 3 - 1;
}

static uint64_t element_hash(const uint8_t *element, size_t size)
{
    uint64_t hash = 1469598103934665603u;
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ element[i]) * 1099511628211u;
    return hash * hash;
}

static uint64_t array_hash(const uint8_t *v, size_t n, size_t size)
{
    uint64_t sum = n;
    for (size_t i = 0; i < n; i++)
        sum += element_hash(v + i * size, size);
    return sum;
}

static void must_be_ordered(const uint8_t *v, size_t n, size_t size, const order_t *order)
{
    if (order->is_random) return;
    for (size_t i = 1; i < n; i++)
        MUST(memcmp(v + (i - 1) * size, v + i * size, order->key_bytes) <= 0);
}

/* Nothing of the first k comes behind anything of the rest. */
static void must_be_divided(const uint8_t *v, size_t n, size_t k, size_t size, const order_t *order)
{
    if (order->is_random || k == 0) return;
    const uint8_t *last = v;
    for (size_t i = 1; i < k; i++)
        if (memcmp(last, v + i * size, order->key_bytes) < 0) last = v + i * size;
    for (size_t i = k; i < n; i++)
        MUST(memcmp(last, v + i * size, order->key_bytes) <= 0);
}

/* Stable: each one stands behind those that are equal and were before it. */
static void
must_be_stable(const uint8_t *in, const uint8_t *v, size_t n, size_t size, order_t *order)
{
    bool *is_used = calloc(n + 1, sizeof *is_used);
    if (is_used == NULL || order->is_random || n > 300) {
        free(is_used);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        size_t k = 0;
        while (k < n && (is_used[k] || memcmp(in + k * size, v + i * size, order->key_bytes) != 0))
            k++;
        MUST(k < n && memcmp(in + k * size, v + i * size, size) == 0);
        is_used[k] = true;
    }
    free(is_used);
}

static void use(uint8_t *v, const uint8_t *in, size_t n, size_t size, unsigned way, order_t *order)
{
    size_t k = n > 0 ? order->answers[0] % n : 0;
    switch (way) {
    case 0:
        par_sort_r(v, n, size, compare, order);
        must_be_ordered(v, n, size, order);
        must_be_stable(in, v, n, size, order);
        break;
    case 1:
        par_sort_r_unstable(v, n, size, compare, order);
        must_be_ordered(v, n, size, order);
        break;
    case 2:
        if (n == 0) break;
        par_nth_r(v, n, size, k, compare, order);
        must_be_divided(v, n, k, size, order);
        must_be_divided(v, n, k + 1, size, order);
        break;
    case 3:
        par_sort_first_r(v, n, size, k, compare, order);
        must_be_ordered(v, k, size, order);
        must_be_divided(v, n, k, size, order);
        break;
    default: {
        size_t half = n / 2;
        uint8_t *out = malloc(n * size + 1);
        if (out == NULL) return;
        par_sort_r(v, half, size, compare, order);
        par_sort_r(v + half * size, n - half, size, compare, order);
        par_merge_r(out, v, half, v + half * size, n - half, size, compare, order);
        must_be_ordered(out, n, size, order);
        memcpy(v, out, n * size);
        free(out);
    }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n_bytes)
{
    if (n_bytes < 4) return 0;
    size_t size = 1 + data[0] % MAX_SIZE, n = n_bytes / size, repeat = 1 + data[2] % 8;
    order_t order = {1 + data[1] % size, data[1] >= 192, data, n_bytes, 0};
    uint8_t *in = malloc(n * repeat * size + 1), *v = malloc(n * repeat * size + 1);
    if (in != NULL && v != NULL) {
        for (size_t i = 0; i < repeat; i++)
            memcpy(in + i * n * size, data, n * size);
        n *= repeat;
        memcpy(v, in, n * size);
        use(v, in, n, size, data[3] % 5, &order);
        MUST(array_hash(v, n, size) == array_hash(in, n, size));
    }
    free(in);
    free(v);
    return 0;
}
