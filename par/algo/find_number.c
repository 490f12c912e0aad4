/* find_number.c - par_find for the C number types: blocks of find.c, searched by lanes.h. */
#include <par/find.h>

#include "lanes.h"
#include "misuse.h"

/* It is searched in the time in which the others wake up. */
enum { SMALL_BYTES = 64 * 1024 };

/* Blocks are whole pages: the vectors of two workers share no cache line. */
enum { PAGE_BYTES = 4096 };

/* What a byte costs, in ns, read from the caches: small arrays should stay on one core. */
static const double byte_read_ns = 0.0125;

#define DEFINE_FIND(name, type, sum_type)                                                          \
    typedef struct name##_wanted_t {                                                               \
        const par__lanes_t *lanes;                                                                 \
        const type *x;                                                                             \
        type value;                                                                                \
    } name##_wanted_t;                                                                             \
                                                                                                   \
    static size_t name##_search(size_t begin, size_t end, void *ctx)                               \
    {                                                                                              \
        const name##_wanted_t *w = ctx;                                                            \
        return begin + w->lanes->find_##name(w->x + begin, end - begin, w->value);                 \
    }                                                                                              \
                                                                                                   \
    size_t par_find_##name(const type *x, size_t n, type value)                                    \
    {                                                                                              \
        PAR__MISUSE(x != NULL || n == 0, "x is NULL; pass the array, or n = 0");                   \
        PAR__LIMIT_ITEMS(n, type);                                                                 \
        const type same = value;                                                                   \
        if (n == 0 || same != value) return n; /* a NaN, which lanes.h would find */               \
        const par__lanes_t *lanes = par__lanes();                                                  \
        if (n <= SMALL_BYTES / sizeof(type)) return lanes->find_##name(x, n, value);               \
        name##_wanted_t wanted = {lanes, x, value};                                                \
        par_options_t options = PAR_OPTIONS_INIT;                                                  \
        options.grain = PAGE_BYTES / sizeof(type);                                                 \
        options.item_ns = byte_read_ns * sizeof(type);                                             \
        return par_find_first_range(0, n, name##_search, &wanted, &options);                       \
    }

PAR_NUMBER_MAP(DEFINE_FIND)
