/* kernels.h - the questions: what one loop iteration does, and the data it does it to. Those of
 * reductions are in kernels_reduce.h, of recursion and tasks in kernels_forkjoin.h.
 *
 * The bodies are inline, in the common part of C and C++, so that every runtime's compiler sees
 * them inside its own loop, as it would see a user's code. rayon/ says the same in Rust. */
#ifndef BENCH_KERNELS_H
#define BENCH_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Monotonic, in ns (kernels.c). */
int64_t bench_now(void);

/* One loop's data. A kernel uses the fields that it needs. rayon/loops.rs mirrors the layout. */
typedef struct bench_loop_t {
    size_t n;             /* iterations; the rows of a picture, a grid, a matrix */
    const double *x;      /* n; of a grid n + 2 rows of BENCH_STENCIL_WIDTH + 2 */
    const double *y;      /* n */
    const uint32_t *cost; /* n, steps of bench_work */
    const uint32_t *row;  /* n + 1: row i of the matrix has the entries row[i] to row[i + 1] - 1 */
    const uint32_t *column; /* of each entry, below n */
    const double *value;    /* of each entry */
    double *z;              /* n, out; of a grid n rows of BENCH_STENCIL_WIDTH; of random numbers n
                               blocks of BENCH_RANDOM_BLOCK */
    uint64_t *words;        /* n, out */
    uint32_t *small;        /* n, out */
} bench_loop_t;

typedef void bench_loop_fn(const bench_loop_t *d);

/* Every loop kernel, in the order of bench_runtime_t.loops. */
#define BENCH_LOOP_KERNELS(X)                                                                      \
    X(nothing)                                                                                     \
    X(fill)                                                                                        \
    X(map) X(triad) X(triangular) X(costs) X(mandelbrot) X(tiny) X(spmv) X(stencil) X(random)

enum {
#define BENCH_X(name) BENCH_LOOP_##name,
    BENCH_LOOP_KERNELS(BENCH_X)
#undef BENCH_X
        BENCH_LOOP_COUNT
};

/* A chain of steps that no compiler shortens: the shift keeps it from folding two steps. */
static inline uint64_t bench_work(uint64_t steps, uint64_t seed)
{
    uint64_t x = seed;
    for (uint64_t k = 0; k < steps; k++)
        x = (x ^ (x >> 29)) * 6364136223846793005u + 1442695040888963407u;
    return x;
}

static inline void bench_nothing(const bench_loop_t *d, size_t i)
{
    (void)d;
    __asm__ volatile("" : : "r"(i)); /* the loop itself has to stay */
}

static inline void bench_fill(const bench_loop_t *d, size_t i)
{
    d->words[i] = i + 1;
}

static inline void bench_map(const bench_loop_t *d, size_t i)
{
    d->z[i] = 2.0 * d->x[i] + 1.0;
}

static inline void bench_triad(const bench_loop_t *d, size_t i)
{
    d->z[i] = d->x[i] + 3.0 * d->y[i];
}

static inline void bench_triangular(const bench_loop_t *d, size_t i)
{
    d->words[i] = bench_work(i, i);
}

static inline void bench_costs(const bench_loop_t *d, size_t i)
{
    d->words[i] = bench_work(d->cost[i], i);
}

enum { BENCH_MANDELBROT_WIDTH = 512, BENCH_MANDELBROT_LIMIT = 512 };

/* One row: the sum of its points' iteration counts. */
static inline void bench_mandelbrot(const bench_loop_t *d, size_t i)
{
    double ci = -1.25 + 2.5 * (double)i / (double)d->n;
    uint64_t sum = 0;
    for (int p = 0; p < BENCH_MANDELBROT_WIDTH; p++) {
        double cr = -2.0 + 2.5 * (double)p / (double)BENCH_MANDELBROT_WIDTH;
        double zr = 0.0, zi = 0.0;
        int k = 0;
        while (k < BENCH_MANDELBROT_LIMIT && zr * zr + zi * zi <= 4.0) {
            double t = zr * zr - zi * zi + cr;
            zi = 2.0 * zr * zi + ci;
            zr = t;
            k++;
        }
        sum += (uint64_t)k;
    }
    d->words[i] = sum;
}

static inline void bench_tiny(const bench_loop_t *d, size_t i)
{
    uint64_t x = (uint64_t)i * 0x9e3779b97f4a7c15u;
    d->small[i] = (uint32_t)((x ^ (x >> 31)) >> 16);
}

/* One row of a sparse matrix times a vector: the entries of a row are added from left to right, so
 * that every runtime has the serial bits. */
static inline void bench_spmv(const bench_loop_t *d, size_t i)
{
    double sum = 0.0;
    for (uint32_t k = d->row[i]; k < d->row[i + 1]; k++)
        sum += d->value[k] * d->x[d->column[k]];
    d->z[i] = sum;
}

enum { BENCH_STENCIL_WIDTH = 1024 };

/* One row of a grid: each point becomes the mean of its four neighbours. */
static inline void bench_stencil(const bench_loop_t *d, size_t i)
{
    const size_t line = BENCH_STENCIL_WIDTH + 2;
    const double *above = d->x + i * line, *here = above + line, *below = here + line;
    double *out = d->z + i * BENCH_STENCIL_WIDTH;
    for (size_t j = 0; j < BENCH_STENCIL_WIDTH; j++)
        out[j] = 0.25 * (above[j + 1] + below[j + 1] + here[j] + here[j + 2]);
}

enum { BENCH_RANDOM_BLOCK = 4096 };

/* A block of numbers, uniform in [0, 1), by a serial generator of its own: xoshiro256+ of Blackman and
 * Vigna, ACM Transactions on Mathematical Software 47, 2021. */
static inline void bench_random(const bench_loop_t *d, size_t i)
{
    uint64_t a = bench_work(4, 4 * i), b = bench_work(4, 4 * i + 1);
    uint64_t c = bench_work(4, 4 * i + 2), e = bench_work(4, 4 * i + 3);
    double *out = d->z + i * BENCH_RANDOM_BLOCK;
    for (size_t j = 0; j < BENCH_RANDOM_BLOCK; j++) {
        uint64_t shifted = b << 17;
        out[j] = (double)((a + e) >> 11) * (1.0 / 9007199254740992.0);
        c ^= a;
        e ^= b;
        b ^= c;
        a ^= e;
        c ^= shifted;
        e = e << 45 | e >> 19;
    }
}

/* The k-th of so many equal parts of a map: the inner loops of the nested family, and what each of
 * two callers has. */
static inline bench_loop_t bench_loop_part(const bench_loop_t *d, size_t parts, size_t k)
{
    bench_loop_t part = *d;
    part.n = d->n / parts;
    part.x = d->x + k * part.n;
    part.z = d->z + k * part.n;
    return part;
}

/* The counts of each byte, and of each number of 16 bits; they start from what counts holds. */
enum { BENCH_BINS = 256, BENCH_BINS_WIDE = 65536 };

static inline void bench_histogram_range(const uint8_t *x, size_t n, uint64_t *counts)
{
    for (size_t i = 0; i < n; i++)
        counts[x[i]]++;
}

static inline void bench_histogram_wide_range(const uint16_t *x, size_t n, uint64_t *counts)
{
    for (size_t i = 0; i < n; i++)
        counts[x[i]]++;
}

/* A map whose iterations can fail. rayon/attempt.rs mirrors the layout. */
typedef struct bench_try_t {
    size_t n;
    size_t block; /* a runtime asks whether to go on once in so many iterations; 0: as it likes */
    const double *x;
    double *z;
} bench_try_t;

/* For those that have to say something where block is 0. */
enum { BENCH_TRY_BLOCK = 4096 };

static inline bool bench_try_item(const bench_try_t *d, size_t i)
{
    if (d->x[i] < 0.0) return false;
    d->z[i] = 2.0 * d->x[i] + 1.0;
    return true;
}

/* Which iteration failed; end: none. */
static inline size_t bench_try_range(const bench_try_t *d, size_t begin, size_t end)
{
    while (begin < end && bench_try_item(d, begin))
        begin++;
    return begin;
}

#ifdef __cplusplus
}
#endif

#endif
