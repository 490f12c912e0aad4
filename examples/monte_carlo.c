/* monte_carlo [N [SEED]] - estimates pi from N random points (default: 50 million, seed 1), and shows
 * how far the points of each ring around the corner lie from their expected number.
 *
 * The i-th point is a function of seed and i (par_random_pair), and the counts are whole numbers in
 * worker-local state: the output is the same on any number of workers. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <par/par.h>

enum { N_RINGS = 8 };

#define QUARTER_PI 0.78539816339744831

/* Points by their distance from the corner: ring k holds k / N_RINGS <= distance < (k + 1) / N_RINGS. */
typedef struct counts_t {
    uint64_t ring[N_RINGS];
} counts_t;

static void counts_add(counts_t *left, const counts_t *right)
{
    for (int k = 0; k < N_RINGS; k++)
        left->ring[k] += right->ring[k];
}

PAR_DEFINE_FOR_LOCAL(count_points, counts_t, counts, counts_add, par_random_t, random, i)
{
    par_random_pair_t point = par_random_pair(random, i);
    double distance = sqrt(point.x * point.x + point.y * point.y);
    if (distance < 1) counts->ring[(int)(distance * N_RINGS)]++;
}

/* A number from the command line; exits with a message if it is none. */
static uint64_t number_parse(const char *name, const char *text, uint64_t least)
{
    char *end;
    unsigned long long number = strtoull(text, &end, 10);
    if (*text >= '0' && *text <= '9' && *end == '\0' && number >= least && number < UINT64_MAX)
        return number;
    fprintf(stderr, "monte_carlo: %s is \"%s\": it must be a whole number from %llu\n", name, text,
            (unsigned long long)least);
    exit(1);
}

int main(int argc, char **argv)
{
    if (argc > 3) {
        fputs("usage: monte_carlo [N [SEED]]\n", stderr);
        return 1;
    }
    uint64_t n = argc > 1 ? number_parse("N", argv[1], 1) : 50000000;
    uint64_t seed = argc > 2 ? number_parse("SEED", argv[2], 0) : 1;
    counts_t counts = {{0}};
    count_points(0, n, &counts, par_random_seed(seed));

    uint64_t inside = 0;
    for (int k = 0; k < N_RINGS; k++) {
        double share = QUARTER_PI * (2 * k + 1) / (N_RINGS * N_RINGS);
        double expected = share * (double)n, sigma = sqrt(expected * (1 - share));
        printf("ring %d: %llu points, %+.2f standard deviations\n", k,
               (unsigned long long)counts.ring[k], ((double)counts.ring[k] - expected) / sigma);
        inside += counts.ring[k];
    }
    double error = 4 * sqrt(QUARTER_PI * (1 - QUARTER_PI) / (double)n);
    printf("pi = %.6f, give or take %.6f\n", 4 * (double)inside / (double)n, error);
    return 0;
}
