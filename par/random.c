/* random.c - normally distributed numbers, with the same bits everywhere: this layer is compiled
 * without fused multiply-add, and nothing but + - * / and sqrt is used. */
#include <par/random.h>

#include <math.h>

/* log(m * 2^e) = e log 2 + 2 artanh((m - 1) / (m + 1)), with m between sqrt(1/2) and sqrt(2): the
 * first term left out of the series is below 2^-58 of the sum. x is normal and above 0. */
static double log_of(double x)
{
    int exponent;
    double m = frexp(x, &exponent);
    if (m < 0.70710678118654752) {
        m *= 2;
        exponent--;
    }
    double s = (m - 1) / (m + 1), t = s * s, sum = 1.0 / 21;
    for (int k = 19; k > 0; k -= 2)
        sum = sum * t + 1.0 / k;
    return exponent * 0.69314718055994531 + 2 * s * sum;
}

/* cos(2 pi turn), 0 <= turn < 1: the nearest quarter turn, and a series for the rest, which is at
 * most an eighth of a turn. */
static double cos_of(double turn)
{
    int quarter = (int)(4 * turn + 0.5);
    double a = (4 * turn - quarter) * 1.57079632679489662;
    double t = a * a, cosine = 1, sine = 1;
    for (int k = 16; k > 0; k -= 2) {
        cosine = 1 - cosine * t / (k * (k - 1));
        sine = 1 - sine * t / (k * (k + 1));
    }
    double value = (quarter & 1) != 0 ? sine * a : cosine;
    return ((quarter + 1) & 2) != 0 ? -value : value;
}

double par_random_normal(par_random_t random, uint64_t i)
{
    par_random_pair_t pair = par_random_pair(random, i);
    double above_zero = pair.x + 1.0 / 9007199254740992.0; /* at most 1 */
    return sqrt(-2 * log_of(above_zero)) * cos_of(pair.y);
}
