/* room.h - memory for elements of any type, which ask for at most 64 bytes of alignment: more than
 * malloc gives. */
#ifndef PAR_ROOM_H
#define PAR_ROOM_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

enum { PAR__ROOM_ALIGN = 64 };

/* For free(); NULL without memory, and for more bytes than an array can have. */
static inline void *par__room(size_t bytes)
{
    if (bytes > PTRDIFF_MAX) return NULL;
    return aligned_alloc(PAR__ROOM_ALIGN,
                         (bytes + PAR__ROOM_ALIGN - 1) & ~(size_t)(PAR__ROOM_ALIGN - 1));
}

/* In the frame of who says it, for where there is none. */
#define PAR__ROOM_ON_STACK(bytes) __builtin_alloca_with_align((bytes), PAR__ROOM_ALIGN * 8)

#endif
