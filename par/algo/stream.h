/* stream.h - writing results that are too large for the caches past them.
 *
 * A plain store reads its cache line from memory first. Results that nobody finds in a cache afterwards
 * are made in a small buffer and moved from there with stores that do not: a third of the traffic of a
 * scan. A filter loses by it: its pieces seldom begin or end with a line. */
#ifndef PAR_STREAM_H
#define PAR_STREAM_H

#include <stdbool.h>
#include <stddef.h>

/* Of the buffer: a part of the first cache. */
enum { PAR__STREAM_BYTES = 2 * 1024 };

/* Whether a result of so many bytes is worth it: machines with larger caches lose little. */
static inline bool par__stream_pays(size_t bytes)
{
    return bytes >= (size_t)32 * 1024 * 1024;
}

/* Copies; the arrays share no byte. What was written is seen by other threads after
 * par__stream_end and the usual release. */
void par__stream_copy(void *to, const void *from, size_t bytes);
void par__stream_end(void);

/* Fetches what will be read next into the second cache. NULL: nothing. */
static inline void par__stream_fetch(const void *next, size_t bytes)
{
    for (size_t i = 0; next != NULL && i < bytes; i += 64)
        __builtin_prefetch((const char *)next + i, 0, 2);
}

#endif
