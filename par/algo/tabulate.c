/* tabulate.c - arrays whose elements are a function of their index. */
#include <par/tabulate.h>

#include <stdbool.h>

#include "loop.h"
#include "misuse.h"

/* Blocks end at pages of the array. */
enum { PAGE_BYTES = 4096 };

/* To write a byte, mostly to memory, in ns. */
static const double byte_write_ns = 0.04;

typedef struct table_t {
    char *out;
    size_t size;
    par_tabulate_fn *f;
    void *ctx;
} table_t;

static void table_range(size_t begin, size_t end, void *ctx)
{
    const table_t *t = ctx;
    for (size_t i = begin; i < end; i++)
        t->f(t->out + i * t->size, i, t->ctx);
}

void par_tabulate(void *out, size_t n, size_t size, par_tabulate_fn *f, void *ctx)
{
    bool exists = par__array_exists(n, size);
    PAR__MISUSE(f != NULL, "f is NULL; pass the function that writes an element");
    PAR__MISUSE(out != NULL || n == 0, "out is NULL; pass the array, or n = 0");
    PAR__MISUSE(exists, "n * size is above PTRDIFF_MAX; no array has so many items");
    table_t table = {out, size, f, ctx};
    if (exists) par__loop_run(0, n, table_range, &table, (uintptr_t)f, NULL);
}

#define DEFINE_IOTA(name, type, wide)                                                              \
    typedef struct name##_iota_t {                                                                 \
        type *x;                                                                                   \
        wide start;                                                                                \
    } name##_iota_t;                                                                               \
                                                                                                   \
    static void name##_range(size_t begin, size_t end, void *ctx)                                  \
    {                                                                                              \
        const name##_iota_t iota = *(name##_iota_t *)ctx;                                          \
        for (size_t i = begin; i < end; i++)                                                       \
            iota.x[i] = (type)(iota.start + (wide)i);                                              \
    }                                                                                              \
                                                                                                   \
    void par_iota_##name(type *x, size_t n, type start)                                            \
    {                                                                                              \
        PAR__MISUSE(x != NULL || n == 0, "x is NULL; pass the array, or n = 0");                   \
        PAR__LIMIT_ITEMS(n, type);                                                                 \
        name##_iota_t iota = {x, (wide)start};                                                     \
        par_options_t options = PAR_OPTIONS_INIT;                                                  \
        options.grain = PAGE_BYTES / sizeof(type);                                                 \
        options.item_ns = byte_write_ns * sizeof(type);                                            \
        par_for_range(0, n, name##_range, &iota, &options);                                        \
    }

/* Computed as wide as the elements, so that vectors hold many; unsigned, which wraps around. */
DEFINE_IOTA(char, char, unsigned char)
DEFINE_IOTA(schar, signed char, unsigned char)
DEFINE_IOTA(uchar, unsigned char, unsigned char)
DEFINE_IOTA(short, short, unsigned short)
DEFINE_IOTA(ushort, unsigned short, unsigned short)
DEFINE_IOTA(int, int, unsigned)
DEFINE_IOTA(uint, unsigned int, unsigned)
DEFINE_IOTA(long, long, unsigned long)
DEFINE_IOTA(ulong, unsigned long, unsigned long)
DEFINE_IOTA(llong, long long, unsigned long long)
DEFINE_IOTA(ullong, unsigned long long, unsigned long long)
DEFINE_IOTA(float, float, double)
DEFINE_IOTA(double, double, double)
