/* sort_number.c - numbers of every type, by the sort for their size. */
#include <par/sort_number.h>

#include "misuse.h"
#include "sort_number_kinds.h"

static void keys_sort(void *v, size_t n, unsigned kind)
{
    size_t size = par__kind_size(kind);
    if (n < 2) return;
    if (size == 1) {
        par__sort_8(v, n, (uint8_t)((kind & 16) != 0 ? 0x80 : 0));
        return;
    }
    if (size == 2) {
        par__sort_16(v, n, (uint16_t)((kind & 16) != 0 ? 0x8000 : 0));
        return;
    }
    const par__sort_path_t *path = par__sort_path();
    par__sort_order_t order = par__kind_order(kind);
    if (size == 4)
        path->sort_32(v, n, &order);
    else
        path->sort_64(v, n, &order);
}

#define DEFINE_SORT(name, type, sum_type)                                                          \
    void par_sort_##name(type *v, size_t n)                                                        \
    {                                                                                              \
        PAR__MISUSE(v != NULL || n == 0, "v is NULL; pass the array, or n = 0");                   \
        PAR__LIMIT_ITEMS(n, type);                                                                 \
        if (v == NULL) return;                                                                     \
        keys_sort(v, n, PAR_KEY_KIND(type));                                                       \
    }
PAR_NUMBER_MAP(DEFINE_SORT)
