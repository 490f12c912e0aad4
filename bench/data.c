/* data.c - memory and data of the loops, made anew when the workload or the size changes. */
#include "data.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void *bench_alloc(size_t bytes)
{
    long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
    if (pages > 0 && page > 0 && bytes / (size_t)page > (size_t)pages / 8) return NULL;
    return malloc(bytes + 1);
}

void bench_free(void *p)
{
    free(p);
}

/* Which arrays a kernel reads and writes. */
enum {
    READS_X = 1,
    READS_Y = 2,
    READS_COST = 4,
    WRITES_Z = 8,
    WRITES_WORDS = 16,
    WRITES_SMALL = 32
};

static const int arrays[BENCH_LOOP_COUNT] = {
    [BENCH_LOOP_fill] = WRITES_WORDS,
    [BENCH_LOOP_map] = READS_X | WRITES_Z,
    [BENCH_LOOP_triad] = READS_X | READS_Y | WRITES_Z,
    [BENCH_LOOP_triangular] = WRITES_WORDS,
    [BENCH_LOOP_costs] = READS_COST | WRITES_WORDS,
    [BENCH_LOOP_mandelbrot] = WRITES_WORDS,
    [BENCH_LOOP_tiny] = WRITES_SMALL,
};

static struct {
    int kernel;
    bench_shape_t shape;
    double *x, *y, *z;
    uint32_t *cost, *small;
    uint64_t *words;
    bench_loop_t loop;
    uint64_t answer; /* a hash of the serial output */
} data;

static uint64_t hash_bytes(const void *bytes, size_t n)
{
    uint64_t h = n;
    const unsigned char *p = bytes;
    for (; n >= 8; n -= 8, p += 8) {
        uint64_t word;
        memcpy(&word, p, 8);
        h = (h ^ word) * 0x9e3779b97f4a7c15u;
        h ^= h >> 32;
    }
    for (; n > 0; n--, p++)
        h = (h ^ *p) * 0x9e3779b97f4a7c15u;
    return h;
}

static void *output(size_t *bytes)
{
    int used = arrays[data.kernel];
    size_t item = (used & WRITES_SMALL) ? sizeof *data.small : 8;
    *bytes = data.loop.n * item;
    if (used & WRITES_Z) return data.z;
    if (used & WRITES_WORDS) return data.words;
    if (used & WRITES_SMALL) return data.small;
    *bytes = 0;
    return NULL;
}

static uint64_t output_hash(void)
{
    size_t bytes;
    const void *out = output(&bytes);
    return hash_bytes(out, bytes);
}

static void spoil_output(void)
{
    size_t bytes;
    void *out = output(&bytes);
    if (out != NULL) memset(out, 0xa5, bytes);
}

static void forget(void)
{
    bench_free(data.x);
    bench_free(data.y);
    bench_free(data.z);
    bench_free(data.cost);
    bench_free(data.words);
    bench_free(data.small);
    memset(&data, 0, sizeof data);
}

static bool allocate(int used, size_t n)
{
    if (used & READS_X) data.x = bench_alloc(n * sizeof *data.x);
    if (used & READS_Y) data.y = bench_alloc(n * sizeof *data.y);
    if (used & READS_COST) data.cost = bench_alloc(n * sizeof *data.cost);
    if (used & WRITES_Z) data.z = bench_alloc(n * sizeof *data.z);
    if (used & WRITES_WORDS) data.words = bench_alloc(n * sizeof *data.words);
    if (used & WRITES_SMALL) data.small = bench_alloc(n * sizeof *data.small);
    return !((used & READS_X && !data.x) || (used & READS_Y && !data.y) ||
             (used & READS_COST && !data.cost) || (used & WRITES_Z && !data.z) ||
             (used & WRITES_WORDS && !data.words) || (used & WRITES_SMALL && !data.small));
}

static uint32_t cost_at(bench_shape_t shape, size_t i, size_t n)
{
    if (shape == BENCH_SHAPE_SPIKE) {
        size_t first = n / 100 * 70, length = n / 100;
        return i >= first && i < first + length ? 10000 : 100;
    }
    /* Pareto with exponent 1: the inverse of a uniform number, cut at 20000. */
    double u = (double)(bench_work(3, i) >> 11) * 0x1p-53;
    double steps = u > 0.0005 ? 10.0 / u : 20000.0;
    return (uint32_t)steps;
}

static void fill_inputs(bench_shape_t shape, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (data.x) data.x[i] = (double)(i % 1000);
        if (data.y) data.y[i] = (double)(i % 777);
        if (data.cost) data.cost[i] = cost_at(shape, i, n);
    }
}

bool bench_loop_prepare(int kernel, bench_shape_t shape, size_t n)
{
    if (data.loop.n != n || data.kernel != kernel || data.shape != shape) {
        forget();
        if (!allocate(arrays[kernel], n)) {
            forget();
            return false;
        }
        fill_inputs(shape, n);
        data.kernel = kernel;
        data.shape = shape;
        data.loop = (bench_loop_t){n, data.x, data.y, data.cost, data.z, data.words, data.small};
        bench_serial.loops[kernel](&data.loop);
        data.answer = output_hash();
    }
    spoil_output();
    return true;
}

const bench_loop_t *bench_loop_data(void)
{
    return &data.loop;
}

bool bench_loop_is_right(void)
{
    return output_hash() == data.answer;
}
