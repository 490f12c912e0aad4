/* map.c - a loop over two arrays. */
#include <par/map.h>

#include "loop.h"
#include "misuse.h"

typedef struct map_t {
    char *out;
    size_t out_size;
    const char *in;
    size_t in_size;
    par_map_fn *f;
    void *ctx;
} map_t;

static void map_range(size_t begin, size_t end, void *ctx)
{
    const map_t *map = ctx;
    char *out = map->out + begin * map->out_size;
    const char *in = map->in + begin * map->in_size;
    for (size_t i = begin; i < end; i++) {
        map->f(out, in, map->ctx);
        out += map->out_size;
        in += map->in_size;
    }
}

void par_map(
    void *out, size_t out_size, const void *in, size_t in_size, size_t n, par_map_fn *f, void *ctx)
{
    bool fits = par__array_exists(n, out_size) && par__array_exists(n, in_size);
    PAR__MISUSE(f != NULL, "f is NULL; pass the function to run for each element");
    PAR__MISUSE(n == 0 || (out != NULL && in != NULL), "an array is NULL; pass it, or n = 0");
    PAR__MISUSE(fits, "n * size is above PTRDIFF_MAX; no array is that large");
    if (n == 0 || !fits) return;
    map_t map = {out, out_size, in, in_size, f, ctx};
    par__loop_run(0, n, map_range, &map, (uintptr_t)f, NULL);
}
