/* par_scopes.c - par's answers to the scope family. */
#include "runtime.h"

#include <par/par.h>

static void mark_task(void *ctx)
{
    bench_mark(ctx);
}

void bench_par_flat(uint8_t *marks, size_t n)
{
    PAR_SCOPE (s)
        for (size_t i = 0; i < n; i++)
            par_spawn(&s, mark_task, &marks[i]);
}

typedef struct spread_t {
    par_scope_t *scope;
    uint8_t *marks;
    size_t n, i;
} spread_t;

static void spread_task(void *ctx)
{
    const spread_t *s = ctx;
    spread_t child = *s;
    for (child.i = 2 * s->i + 1; child.i <= 2 * s->i + 2 && child.i < s->n; child.i++)
        par_spawn_copy(s->scope, spread_task, &child, sizeof child);
    bench_mark(&s->marks[s->i]);
}

void bench_par_spread(uint8_t *marks, size_t n)
{
    PAR_SCOPE (s)
        spread_task(&(spread_t){&s, marks, n, 0});
}

void bench_par_items(uint8_t *marks, size_t n)
{
    for (size_t i = 0; i + BENCH_SCOPE_PER_ITEM <= n; i += BENCH_SCOPE_PER_ITEM)
        bench_par_flat(marks + i, BENCH_SCOPE_PER_ITEM);
}
