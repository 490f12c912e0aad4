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
    READS_MATRIX = 8,
    READS_GRID = 16, /* x, and z has as many rows */
    WRITES_Z = 32,
    WRITES_WORDS = 64,
    WRITES_SMALL = 128,
    WRITES_BLOCKS = 256 /* z has BENCH_RANDOM_BLOCK an iteration */
};

static const int arrays[BENCH_LOOP_COUNT] = {
    [BENCH_LOOP_fill] = WRITES_WORDS,
    [BENCH_LOOP_map] = READS_X | WRITES_Z,
    [BENCH_LOOP_triad] = READS_X | READS_Y | WRITES_Z,
    [BENCH_LOOP_triangular] = WRITES_WORDS,
    [BENCH_LOOP_costs] = READS_COST | WRITES_WORDS,
    [BENCH_LOOP_mandelbrot] = WRITES_WORDS,
    [BENCH_LOOP_tiny] = WRITES_SMALL,
    [BENCH_LOOP_spmv] = READS_X | READS_MATRIX | WRITES_Z,
    [BENCH_LOOP_stencil] = READS_X | READS_GRID | WRITES_Z,
    [BENCH_LOOP_random] = WRITES_Z | WRITES_BLOCKS,
};

static struct {
    int kernel;
    bench_shape_t shape;
    double *x, *y, *z, *value;
    uint32_t *cost, *small, *row, *column;
    uint64_t *words;
    bench_loop_t loop;
    uint64_t answer; /* a hash of the serial output */
} data;

static size_t length_x(int used, size_t n)
{
    return used & READS_GRID ? (n + 2) * (BENCH_STENCIL_WIDTH + 2) : n;
}

static size_t length_z(int used, size_t n)
{
    if (used & READS_GRID) return n * BENCH_STENCIL_WIDTH;
    return used & WRITES_BLOCKS ? n * BENCH_RANDOM_BLOCK : n;
}

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
    *bytes = length_z(used, data.loop.n) * item;
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
    bench_free(data.row);
    bench_free(data.column);
    bench_free(data.value);
    bench_free(data.words);
    bench_free(data.small);
    memset(&data, 0, sizeof data);
}

static bool allocate(int used, size_t n)
{
    size_t nx = length_x(used, n), nz = length_z(used, n);
    if (used & READS_X) data.x = bench_alloc(nx * sizeof *data.x);
    if (used & READS_Y) data.y = bench_alloc(n * sizeof *data.y);
    if (used & READS_COST) data.cost = bench_alloc(n * sizeof *data.cost);
    if (used & READS_MATRIX) data.row = bench_alloc((n + 1) * sizeof *data.row);
    if (used & WRITES_Z) data.z = bench_alloc(nz * sizeof *data.z);
    if (used & WRITES_WORDS) data.words = bench_alloc(n * sizeof *data.words);
    if (used & WRITES_SMALL) data.small = bench_alloc(n * sizeof *data.small);
    return !((used & READS_X && !data.x) || (used & READS_Y && !data.y) ||
             (used & READS_COST && !data.cost) || (used & READS_MATRIX && !data.row) ||
             (used & WRITES_Z && !data.z) || (used & WRITES_WORDS && !data.words) ||
             (used & WRITES_SMALL && !data.small));
}

/* The entries of the i-th longest row: a power law with exponent 1 and three hubs that are full. */
static uint32_t entries_at(size_t i, size_t n)
{
    size_t entries = 3 * n / (i + 1) + 1;
    return (uint32_t)(entries < n ? entries : n);
}

static void shuffle(uint32_t *v, size_t n)
{
    for (size_t i = n; i > 1; i--) {
        size_t j = bench_work(4, i) % i;
        uint32_t t = v[i - 1];
        v[i - 1] = v[j];
        v[j] = t;
    }
}

/* Lengths of rows become offsets, columns are anywhere. false: no memory. */
static bool matrix_make(bench_shape_t shape, size_t n)
{
    for (size_t i = 0; i < n; i++)
        data.row[i] = entries_at(i, n);
    if (shape == BENCH_SHAPE_HUBS_SHUFFLED) shuffle(data.row, n);
    uint32_t offset = 0;
    for (size_t i = 0; i <= n; i++) {
        uint32_t length = i < n ? data.row[i] : 0;
        data.row[i] = offset;
        offset += length;
    }
    data.column = bench_alloc(offset * sizeof *data.column);
    data.value = bench_alloc(offset * sizeof *data.value);
    if (data.column == NULL || data.value == NULL) return false;
    for (uint32_t k = 0; k < offset; k++) {
        data.column[k] = (uint32_t)(bench_work(2, k) % n);
        data.value[k] = (double)(k % 100);
    }
    return true;
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

static bool fill_inputs(int used, bench_shape_t shape, size_t n)
{
    if (used & READS_X)
        for (size_t i = 0; i < length_x(used, n); i++)
            data.x[i] = (double)(i % 1000);
    for (size_t i = 0; i < n; i++) {
        if (used & READS_Y) data.y[i] = (double)(i % 777);
        if (used & READS_COST) data.cost[i] = cost_at(shape, i, n);
    }
    return !(used & READS_MATRIX) || matrix_make(shape, n);
}

static bool make(int kernel, bench_shape_t shape, size_t n)
{
    forget();
    if (!allocate(arrays[kernel], n) || !fill_inputs(arrays[kernel], shape, n)) {
        forget();
        return false;
    }
    data.kernel = kernel;
    data.shape = shape;
    data.loop = (bench_loop_t){.n = n,
                               .x = data.x,
                               .y = data.y,
                               .cost = data.cost,
                               .row = data.row,
                               .column = data.column,
                               .value = data.value,
                               .z = data.z,
                               .words = data.words,
                               .small = data.small};
    bench_serial.loops[kernel](&data.loop);
    data.answer = output_hash();
    return true;
}

bool bench_loop_prepare(int kernel, bench_shape_t shape, size_t n)
{
    bool is_there = data.loop.n == n && data.kernel == kernel && data.shape == shape;
    if (!is_there && !make(kernel, shape, n)) return false;
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
