/* module.c - what test_dlopen loads: parallel work of a plug-in. */
#include <par/join.h>
#include <par/pool.h>
#include <par/scope.h>

__attribute__((visibility("default"))) unsigned long module_work(unsigned n);

typedef struct sum_t {
    unsigned long begin, end, sum;
} sum_t;

static void sum_task(void *ctx)
{
    sum_t *s = ctx;
    if (s->end - s->begin < 4) {
        for (s->sum = 0; s->begin < s->end; s->begin++)
            s->sum += s->begin;
        return;
    }
    unsigned long middle = s->begin + (s->end - s->begin) / 2;
    sum_t a = {s->begin, middle, 0}, b = {middle, s->end, 0};
    par_join(sum_task, &a, sum_task, &b);
    s->sum = a.sum + b.sum;
}

/* Sums 0 .. n - 1 in each of four tasks. */
unsigned long module_work(unsigned n)
{
    sum_t sums[4];
    PAR_SCOPE (s) {
        for (int i = 0; i < 4; i++) {
            sums[i] = (sum_t){0, n, 0};
            par_spawn(&s, sum_task, &sums[i]);
        }
    }
    return sums[0].sum + sums[1].sum + sums[2].sum + sums[3].sum;
}
