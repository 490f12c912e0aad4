/* keys.h - what items are grouped by: a word for each, whose bits are spread evenly.
 *
 * Equal keys have equal words. If the word is the key, only spread by a function that can be undone,
 * the reverse holds too (is_exact), and keys need not be looked at again. */
#ifndef PAR_KEYS_H
#define PAR_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <par/group.h>

typedef struct par__keys_t {
    const char *base; /* an array of keys; NULL: number tells */
    par_key_t key;
    par_key_fn *number;
    void *number_ctx;
    bool is_exact;
    unsigned word_bits; /* 32 or 64: the upper ones of a word are 0 */

    /* Instead of all items only some: their words, and which they are. NULL: all. */
    const uint64_t *words;
    const size_t *items;
} par__keys_t;

/* False if there are no such keys. A debug build stops then, and names function. */
bool par__keys_are_valid(const char *function, const par_key_t *key, size_t n);

par__keys_t par__keys_of_array(const void *base, const par_key_t *key);
par__keys_t par__keys_of_number(par_key_fn *number, void *ctx);

/* The words of the items begin to end - 1, at most 1024. */
void par__keys_words(const par__keys_t *keys, uint64_t *word, size_t begin, size_t end);

/* Where the key of an item is; base must not be NULL. */
const char *par__keys_at(const par__keys_t *keys, size_t i);

/* Whether two items have the same key, if it is known whether their words are the same: they are. */
bool par__keys_same(const par__keys_t *keys, size_t i, size_t j);

/* Whether two keys are equal, and nothing is known. base must not be NULL. */
bool par__keys_equal(const par__keys_t *keys, const void *a, const void *b);

#endif
