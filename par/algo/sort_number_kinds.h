/* sort_number_kinds.h - the number types by their kind, as PAR_KEY_KIND tells it, and the sorts that
 * need no path. */
#ifndef PAR_SORT_NUMBER_KINDS_H
#define PAR_SORT_NUMBER_KINDS_H

#include <par/sort_number.h>

#include "sort_number_paths.h"

static inline size_t par__kind_size(unsigned kind)
{
    return kind & 15;
}

static inline bool par__kind_is_valid(unsigned kind)
{
    size_t size = kind & 15;
    if (size != 1 && size != 2 && size != 4 && size != 8) return false;
    unsigned class = kind & ~15u;
    return class == 0 || class == 16 || (class == 48 && size >= 4);
}

/* The order of keys of 4 or 8 bytes. */
static inline par__sort_order_t par__kind_order(unsigned kind)
{
    bool is_wide = (kind & 15) == 8;
    int64_t top = is_wide ? INT64_MIN : INT32_MIN, rest = is_wide ? INT64_MAX : INT32_MAX;
    if ((kind & 32) != 0) return (par__sort_order_t){rest, 0};
    if ((kind & 16) != 0) return (par__sort_order_t){0, 0};
    return (par__sort_order_t){0, top};
}

/* Sorts n keys of 1 or 2 bytes. flip: the top bit if the type is signed, else 0. */
void par__sort_8(uint8_t *v, size_t n, uint8_t flip);
typedef uint16_t par__key16_t __attribute__((may_alias));
void par__sort_16(par__key16_t *v, size_t n, uint16_t flip);

#endif
