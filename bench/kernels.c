/* kernels.c - the parts of an answer that are the same serial code for every runtime: sorting,
 * merging, partitioning, the additions of Strassen's algorithm, and the clock. */
#include "kernels_forkjoin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

int64_t bench_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

void bench_merge(const int32_t *a, size_t na, const int32_t *b, size_t nb, int32_t *out)
{
    size_t i = 0, j = 0, k = 0;
    while (i < na && j < nb) {
        int32_t x = a[i], y = b[j];
        size_t right = y < x;
        out[k++] = right ? y : x;
        i += 1 - right;
        j += right;
    }
    memcpy(out + k, a + i, (na - i) * sizeof *a);
    memcpy(out + k + (na - i), b + j, (nb - j) * sizeof *b);
}

enum { SMALL = 24 };

/* from and to may be the same. */
static void insertion_sort(const int32_t *from, int32_t *to, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        int32_t x = from[i];
        size_t j = i;
        for (; j > 0 && to[j - 1] > x; j--)
            to[j] = to[j - 1];
        to[j] = x;
    }
}

/* The halves are sorted into scratch, with to as their scratch, and merged into to. */
void bench_sort_serial(const int32_t *from, int32_t *to, int32_t *scratch, size_t n)
{
    if (n <= SMALL) {
        insertion_sort(from, to, n);
        return;
    }
    size_t half = n / 2;
    bench_sort_serial(from, scratch, to, half);
    bench_sort_serial(from + half, scratch + half, to + half, n - half);
    bench_merge(scratch, half, scratch + half, n - half, to);
}

size_t bench_partition(int32_t *x, size_t n)
{
    int32_t a = x[0], b = x[n / 2], c = x[n - 1];
    int32_t pivot = a < b ? (b < c ? b : a < c ? c : a) : (a < c ? a : b < c ? c : b);
    size_t i = 0, j = n;
    for (;;) {
        while (x[i] < pivot)
            i++;
        while (pivot < x[--j])
            ;
        if (i >= j) return i;
        int32_t t = x[i];
        x[i++] = x[j];
        x[j] = t;
    }
}

void bench_quicksort_serial(int32_t *x, size_t n)
{
    while (n > SMALL) {
        size_t k = bench_partition(x, n);
        bench_quicksort_serial(x, k);
        x += k;
        n -= k;
    }
    insertion_sort(x, x, n);
}

void bench_product_serial(const bench_product_t *p)
{
    for (size_t i = 0; i < p->n; i++) {
        double *restrict c = p->c + i * p->c_stride;
        memset(c, 0, p->n * sizeof *c);
        for (size_t k = 0; k < p->n; k++) {
            double a = p->a[i * p->a_stride + k];
            const double *b = p->b + k * p->b_stride;
            for (size_t j = 0; j < p->n; j++)
                c[j] += a * b[j];
        }
    }
}

/* The quarters of a matrix are numbered 0 1 / 2 3. A part multiplies a[left[0]] + sign * a[left[1]] by
 * the like of b; sign 0: no second one. */
typedef struct factor_t {
    int first, second, sign;
} factor_t;

static const struct {
    factor_t a, b;
} plan[BENCH_STRASSEN_PARTS] = {
    {{0, 3, 1}, {0, 3, 1}},  {{2, 3, 1}, {0, 0, 0}}, {{0, 0, 0}, {1, 3, -1}},
    {{3, 3, 0}, {2, 0, -1}}, {{0, 1, 1}, {3, 3, 0}}, {{2, 0, -1}, {0, 1, 1}},
    {{1, 3, -1}, {2, 3, 1}},
};

/* Each part has memory for three quarters: its product and its two factors. */
void bench_strassen_begin(const bench_product_t *p, bench_product_t *parts)
{
    size_t n = p->n / 2, quarter = n * n;
    double *memory = malloc(BENCH_STRASSEN_PARTS * 3 * quarter * sizeof *memory);
    if (memory == NULL) {
        fprintf(stderr, "bench: no memory for a Strassen product of %zu rows\n", p->n);
        exit(1);
    }
    for (int k = 0; k < BENCH_STRASSEN_PARTS; k++, memory += 3 * quarter)
        parts[k] = (bench_product_t){n, memory + quarter, memory + 2 * quarter, memory, n, n, n};
}

/* Returns the factor: a quarter of m as it is, or a sum of two in the memory given. */
static const double *factor_make(factor_t f, const double *m, size_t *stride, double *sum, size_t n)
{
    const double *x = m + (size_t)(f.first / 2) * n * *stride + (size_t)(f.first % 2) * n;
    const double *y = m + (size_t)(f.second / 2) * n * *stride + (size_t)(f.second % 2) * n;
    if (f.sign == 0) return x;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            sum[i * n + j] = x[i * *stride + j] + (double)f.sign * y[i * *stride + j];
    *stride = n;
    return sum;
}

void bench_strassen_part(const bench_product_t *p, bench_product_t *part, unsigned k)
{
    size_t n = part->n;
    double *sums = part->c + n * n;
    part->a_stride = p->a_stride;
    part->b_stride = p->b_stride;
    part->a = factor_make(plan[k].a, p->a, &part->a_stride, sums, n);
    part->b = factor_make(plan[k].b, p->b, &part->b_stride, sums + n * n, n);
}

void bench_strassen_end(const bench_product_t *p, bench_product_t *parts)
{
    size_t n = p->n / 2;
    for (size_t i = 0; i < n; i++) {
        double *upper = p->c + i * p->c_stride, *lower = upper + n * p->c_stride;
        for (size_t j = 0; j < n; j++) {
            size_t at = i * n + j;
            double m1 = parts[0].c[at], m2 = parts[1].c[at], m3 = parts[2].c[at];
            double m4 = parts[3].c[at], m5 = parts[4].c[at];
            upper[j] = m1 + m4 - m5 + parts[6].c[at];
            upper[n + j] = m3 + m5;
            lower[j] = m2 + m4;
            lower[n + j] = m1 - m2 + m3 + parts[5].c[at];
        }
    }
    free(parts[0].c);
}
