/* spare.c - temporaries in chunks, kept on a list. */
#include "spare.h"

#include <stdint.h>
#include <stdlib.h>

enum { ALIGN = 64, CHUNK_BYTES = 32 * 1024 };

static size_t round_up(size_t bytes)
{
    return (bytes + ALIGN - 1) & ~(size_t)(ALIGN - 1);
}

/* The first word of a chunk or of an unused temporary. */
static void **link_of(void *p)
{
    return p;
}

static void chunk_add(par__spare_t *spare, size_t bytes, size_t n_soon)
{
    size_t fitting = CHUNK_BYTES / bytes;
    size_t n = n_soon < fitting ? n_soon : fitting;
    if (n == 0) n = 1;
    void *chunk = malloc(n * bytes + 2 * ALIGN);
    if (chunk == NULL) return;
    *link_of(chunk) = spare->chunks;
    spare->chunks = chunk;
    char *temp = (char *)chunk + sizeof(void *);
    temp += round_up((uintptr_t)temp) - (uintptr_t)temp;
    for (; n > 0; n--, temp += bytes)
        par__spare_give(spare, temp);
}

void *par__spare_take(par__spare_t *spare, size_t bytes, size_t n_soon)
{
    if (spare->unused == NULL) chunk_add(spare, round_up(bytes), n_soon);
    void *temp = spare->unused;
    if (temp != NULL) spare->unused = *link_of(temp);
    return temp;
}

void par__spare_give(par__spare_t *spare, void *temp)
{
    *link_of(temp) = spare->unused;
    spare->unused = temp;
}

void par__spare_free(par__spare_t *spare)
{
    while (spare->chunks != NULL) {
        void *chunk = spare->chunks;
        spare->chunks = *link_of(chunk);
        free(chunk);
    }
    spare->unused = NULL;
}
