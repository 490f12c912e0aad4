/* keep.h - which items are kept, and where each goes: what all filters are made of. */
#ifndef PAR_KEEP_H
#define PAR_KEEP_H

#include <stdbool.h>
#include <stddef.h>

#include <par/filter.h>

/* Items that are tested at a time; flags and bits of them lie on the stack. */
enum { PAR__KEEP_BLOCK = 4096 };

typedef struct par__keep_t {
    size_t n;
    size_t item_bytes;   /* read and written for an item, roughly */
    par_flags_fn *flags; /* NULL: the flags are given */
    void *flags_ctx;
    const unsigned char *given;
    par_kept_fn *kept;
    void *kept_ctx;
    bool wants_all;   /* kept is called for blocks of which nothing is kept, too */
    bool is_in_place; /* kept overwrites the items themselves */
} par__keep_t;

/* Returns how many are kept. */
size_t par__keep_run(const par__keep_t *keep);

#endif
