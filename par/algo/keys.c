/* keys.c - words of keys. */
#include "keys.h"

#include <string.h>

#include "misuse.h"

/* Multiplying carries low bits up, shifting brings high ones down; twice, and every bit of the word
 * depends on every bit of the key. Both can be undone: the factors are odd. */
static uint64_t spread32(uint32_t x)
{
    x ^= x >> 16;
    x *= 0x9e3779b1u;
    x ^= x >> 15;
    x *= 0x85ebca77u;
    return x ^ x >> 16;
}

static uint64_t spread64(uint64_t x)
{
    x ^= x >> 32;
    x *= 0x9e3779b97f4a7c15u;
    x ^= x >> 29;
    x *= 0xbf58476d1ce4e5b9u;
    return x ^ x >> 32;
}

static uint64_t hash_bytes(const char *key, size_t size)
{
    uint64_t hash = size, piece;
    for (; size >= sizeof piece; key += sizeof piece, size -= sizeof piece) {
        memcpy(&piece, key, sizeof piece);
        hash = spread64(hash ^ piece);
    }
    piece = 0;
    memcpy(&piece, key, size);
    return spread64(hash ^ piece);
}

bool par__keys_are_valid(const char *function, const par_key_t *key, size_t n)
{
    PAR__MISUSE_OF(function, key != NULL, "key is NULL; pass what makes two keys equal");
    PAR__MISUSE_OF(function, key->size > 0, "key->size is 0; pass the size of a key in bytes");
    PAR__MISUSE_OF(function, (key->hash == NULL) == (key->equal == NULL),
                   "key has one function only; pass hash and equal, or none to compare bytes");
    if (key->size == 0 || (key->hash == NULL) != (key->equal == NULL)) return false;
    PAR__MISUSE_OF(function, par__array_exists(n, key->size),
                   "n is too large; no array has so many items");
    return par__array_exists(n, key->size);
}

par__keys_t par__keys_of_array(const void *base, const par_key_t *key)
{
    bool is_number =
        key->hash == NULL && (key->size == 1 || key->size == 2 || key->size == 4 || key->size == 8);
    return (par__keys_t){
        .base = base,
        .key = *key,
        .is_exact = is_number,
        .word_bits = is_number && key->size <= 4 ? 32 : 64,
    };
}

par__keys_t par__keys_of_number(par_key_fn *number, void *ctx)
{
    return (par__keys_t){
        .number = number,
        .number_ctx = ctx,
        .is_exact = true,
        .word_bits = 64,
    };
}

#define SPREAD_ALL(type, spread)                                                                   \
    for (size_t i = begin; i < end; i++) {                                                         \
        type number;                                                                               \
        memcpy(&number, keys->base + i * sizeof number, sizeof number);                            \
        word[i - begin] = spread(number);                                                          \
    }

void par__keys_words(const par__keys_t *keys, uint64_t *word, size_t begin, size_t end)
{
    const par_key_t *key = &keys->key;
    if (keys->words != NULL) {
        memcpy(word, keys->words + begin, (end - begin) * sizeof *word);
    } else if (keys->base == NULL) {
        keys->number(word, begin, end, keys->number_ctx);
        for (size_t i = 0; i < end - begin; i++)
            word[i] = spread64(word[i]);
    } else if (key->hash != NULL) {
        for (size_t i = begin; i < end; i++)
            word[i - begin] = spread64(key->hash(keys->base + i * key->size, key->ctx));
    } else if (key->size == 1) {
        SPREAD_ALL(uint8_t, spread32)
    } else if (key->size == 2) {
        SPREAD_ALL(uint16_t, spread32)
    } else if (key->size == 4) {
        SPREAD_ALL(uint32_t, spread32)
    } else if (key->size == 8) {
        SPREAD_ALL(uint64_t, spread64)
    } else {
        for (size_t i = begin; i < end; i++)
            word[i - begin] = hash_bytes(keys->base + i * key->size, key->size);
    }
}

const char *par__keys_at(const par__keys_t *keys, size_t i)
{
    return keys->base + (keys->items != NULL ? keys->items[i] : i) * keys->key.size;
}

/* Whether two keys with equal hashes are equal. */
static bool are_equal(const par_key_t *key, const void *a, const void *b)
{
    if (key->hash != NULL) return key->equal(a, b, key->ctx) != 0;
    return memcmp(a, b, key->size) == 0;
}

bool par__keys_equal(const par__keys_t *keys, const void *a, const void *b)
{
    const par_key_t *key = &keys->key;
    if (key->hash != NULL && key->hash(a, key->ctx) != key->hash(b, key->ctx)) return false;
    return are_equal(key, a, b);
}

bool par__keys_same(const par__keys_t *keys, size_t i, size_t j)
{
    return keys->is_exact || are_equal(&keys->key, par__keys_at(keys, i), par__keys_at(keys, j));
}
