/* summary.c - count, mean, standard deviation, least and greatest of numbers in one pass: a reduction
 * whose accumulator is a struct.
 *
 *     summary N        of N numbers made from their index: the same bits on any number of workers
 *
 * Means and squared deviations of two parts are put together as by Chan, Golub and LeVeque (1979),
 * which does not lose the digits that "mean of the squares minus square of the mean" does. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <par/par.h>

typedef struct summary_t {
    double n, mean, squares; /* squares: sum of (x - mean)^2 */
    double min, max;
} summary_t;

static const summary_t nothing = {0, 0, 0, HUGE_VAL, -HUGE_VAL};

static inline summary_t summary_of(double x)
{
    return (summary_t){1, x, 0, x, x};
}

static inline summary_t together(summary_t a, summary_t b)
{
    if (a.n == 0) return b;
    if (b.n == 0) return a;
    double n = a.n + b.n, apart = b.mean - a.mean;
    return (summary_t){
        .n = n,
        .mean = a.mean + apart * (b.n / n),
        .squares = a.squares + b.squares + apart * apart * (a.n * b.n / n),
        .min = b.min < a.min ? b.min : a.min,
        .max = b.max > a.max ? b.max : a.max,
    };
}

/* A number from 10^9 to 10^9 + 1 for each index. */
static inline double number(size_t i)
{
    uint64_t x = (uint64_t)i * 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 32)) * 0xd6e8feb86659fd93u;
    return 1e9 + (double)(x >> 11) * 0x1p-53;
}

PAR_DEFINE_REDUCE_COMMUTATIVE(summarise, summary_t, nothing, a, b, together(a, b), int, unused, i)
{
    (void)unused;
    return summary_of(number(i));
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fputs("usage: summary N\n", stderr);
        return 1;
    }
    char *end;
    errno = 0;
    unsigned long n = strtoul(argv[1], &end, 10);
    if (argv[1][0] < '0' || argv[1][0] > '9' || *end != '\0' || errno != 0) {
        fprintf(stderr, "summary: N is \"%s\": it must be a number of numbers, as 1000000\n",
                argv[1]);
        return 1;
    }
    summary_t s = summarise(0, n, 0);
    printf("numbers      %.0f\n", s.n);
    if (s.n > 0)
        printf("mean - 10^9  %.6f\ndeviation    %.6f\nleast        %.6f\ngreatest     %.6f\n",
               s.mean - 1e9, sqrt(s.squares / s.n), s.min, s.max);
    return 0;
}
