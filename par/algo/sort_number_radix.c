/* sort_number_radix.c - the kinds of keys and payloads. */
#include "sort_number_radix.h"

#include <stdlib.h>
#include <string.h>

#include <par/for.h>
#include <par/pool.h>
#include <par/reduce.h>

/* Of a digit at most: its counters fit into the first cache. */
#define RADIX_BITS 11

#define CAT_(a, b) a##b
#define CAT(a, b)  CAT_(a, b)

typedef uint32_t ukey32_t __attribute__((may_alias));
typedef uint64_t ukey64_t __attribute__((may_alias));

#define KEY        ukey32_t
#define KEY_BITS   32
#define ITEM_BYTES 4
#define FN(name)   CAT(name, _32)
#include "sort_number_radix_body.h"
#undef FN
#undef ITEM_BYTES

#define PAY        par__pay32_t
#define ITEM_BYTES 8
#define FN(name)   CAT(name, _32_32)
#include "sort_number_radix_body.h"
#undef FN
#undef ITEM_BYTES
#undef PAY

#define PAY        par__pay64_t
#define ITEM_BYTES 12
#define FN(name)   CAT(name, _32_64)
#include "sort_number_radix_body.h"
#undef FN
#undef ITEM_BYTES
#undef PAY
#undef KEY
#undef KEY_BITS

#define KEY        ukey64_t
#define KEY_BITS   64
#define ITEM_BYTES 8
#define FN(name)   CAT(name, _64)
#include "sort_number_radix_body.h"
#undef FN
#undef ITEM_BYTES

#define PAY        par__pay32_t
#define ITEM_BYTES 12
#define FN(name)   CAT(name, _64_32)
#include "sort_number_radix_body.h"
#undef FN
#undef ITEM_BYTES
#undef PAY

#define PAY        par__pay64_t
#define ITEM_BYTES 16
#define FN(name)   CAT(name, _64_64)
#include "sort_number_radix_body.h"

#define DEFINE_KEYS(bits)                                                                          \
    bool par__radix_##bits(par__key##bits##_t *key, size_t n, const par__sort_order_t *order)      \
    {                                                                                              \
        ukey##bits##_t *buffer = malloc(n * sizeof *buffer);                                       \
        if (buffer == NULL) return false;                                                          \
        sort_in_##bits((run_t_##bits){(ukey##bits##_t *)key}, (run_t_##bits){buffer}, n, order);   \
        free(buffer);                                                                              \
        return true;                                                                               \
    }
DEFINE_KEYS(32)
DEFINE_KEYS(64)

/* The wider ones first, so that all are aligned. */
#define DEFINE_PAIRS(bits, pay_bits)                                                               \
    bool par__radix_##bits##_##pay_bits(par__key##bits##_t *key, par__pay##pay_bits##_t *pay,      \
                                        size_t n, const par__sort_order_t *order, void *buffer)    \
    {                                                                                              \
        char *memory = buffer != NULL ? buffer : malloc(n * (((bits) + (pay_bits)) / 8));          \
        if (memory == NULL) return false;                                                          \
        char *keys = memory + ((bits) < (pay_bits) ? n * ((pay_bits) / 8) : 0);                    \
        char *pays = memory + ((bits) < (pay_bits) ? 0 : n * ((bits) / 8));                        \
        sort_in_##bits##_##pay_bits(                                                               \
            (run_t_##bits##_##pay_bits){(ukey##bits##_t *)key, pay},                               \
            (run_t_##bits##_##pay_bits){(ukey##bits##_t *)(void *)keys,                            \
                                        (par__pay##pay_bits##_t *)(void *)pays},                   \
            n, order);                                                                             \
        if (buffer == NULL) free(memory);                                                          \
        return true;                                                                               \
    }
PAR__RADIX_PAIRS(DEFINE_PAIRS)
