/* items.h - elements of any size: copies and swaps that are single instructions for the common sizes.
 *
 * A kernel is an always-inline function whose last argument is the size. PAR__BY_SIZE calls it with
 * the size as a constant where that is 1, 2, 4, 8 or 16, so the compiler sees moves of registers. The
 * elements need no alignment. */
#ifndef PAR_ITEMS_H
#define PAR_ITEMS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <par/api.h>

#include "misuse.h"

#define PAR__BY_SIZE(kernel, size, ...)                                                            \
    switch (size) {                                                                                \
    case 1:                                                                                        \
        kernel(__VA_ARGS__, 1);                                                                    \
        break;                                                                                     \
    case 2:                                                                                        \
        kernel(__VA_ARGS__, 2);                                                                    \
        break;                                                                                     \
    case 4:                                                                                        \
        kernel(__VA_ARGS__, 4);                                                                    \
        break;                                                                                     \
    case 8:                                                                                        \
        kernel(__VA_ARGS__, 8);                                                                    \
        break;                                                                                     \
    case 16:                                                                                       \
        kernel(__VA_ARGS__, 16);                                                                   \
        break;                                                                                     \
    default:                                                                                       \
        kernel(__VA_ARGS__, size);                                                                 \
    }

/* What a byte costs that is read and written, mostly to memory, in ns. */
#define PAR__BYTE_MOVE_NS 0.08

/* May this call do anything? A debug build has stopped if it is wrong. */
#define PAR__ITEMS_CHECK(base, n, size)                                                            \
    do {                                                                                           \
        PAR__MISUSE((base) != NULL || (n) == 0, "an array is NULL; pass it, or n = 0");            \
        PAR__MISUSE(par__array_exists(n, size),                                                    \
                    "n * size is above PTRDIFF_MAX; no array has so many items");                  \
        if ((base) == NULL || (n) == 0 || (size) == 0 || !par__array_exists(n, size)) return;      \
    } while (0)

PAR_INLINE void par__items_swap(char *a, char *b, size_t size)
{
    char temp[64];
    for (; size > sizeof temp; size -= sizeof temp) {
        memcpy(temp, a, sizeof temp);
        memcpy(a, b, sizeof temp);
        memcpy(b, temp, sizeof temp);
        a += sizeof temp;
        b += sizeof temp;
    }
    memcpy(temp, a, size);
    memcpy(a, b, size);
    memcpy(b, temp, size);
}

#endif
