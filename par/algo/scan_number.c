/* scan_number.c - running sums and extremes of the C number types: reads a chunk twice, the second time
 * from its cache, and writes each result once (chain.h).
 *
 * Sums of integers and extremes have one result whatever the order: a chunk has one total. Sums of
 * floating-point numbers follow the order that par/scan.h promises, which needs the total of every block.
 * There the chain of additions within a block is what takes time, so four or eight blocks are in hand at
 * a time. */
#include <par/scan.h>

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <par/pool.h>

#include "chain.h"
#include "lanes.h"
#include "misuse.h"
#include "scan_lanes.h"
#include "stream.h"

/* Less than this is not worth sharing. */
#define SHARE_US 20

/* The items of a block of floating-point sums. Not a power of two: the blocks that are in hand at a time
 * would lie in the same sets of the first cache. */
enum { BLOCK = 480, IN_HAND = 4, FOLD_IN_HAND = 8 };

/* How one type is scanned by one operation. A total is a number of the type. */
typedef struct kernel_t {
    size_t size;
    size_t block;   /* items that have a total; 0 = a whole chunk */
    double item_ns; /* roughly, of one worker whose data is in its caches */
    /* left := left (+) right */
    void (*join)(void *left, const void *right);
    /* The total of n items, or of each of their blocks. */
    void (*fold)(void *totals, const void *x, size_t n);
    /* Writes the results of n items. *before stands before them: becomes what stands before the next.
     * totals: what fold gave, or NULL. is_large: past the caches, if out is not x; then
     * next is what this worker reads after x, as many items, or NULL. */
    void (*emit)(void *out,
                 const void *x,
                 size_t n,
                 void *before,
                 const void *totals,
                 bool is_exclusive,
                 bool is_large,
                 const void *next);
} kernel_t;

/* ---- the chain ---- */

typedef struct scan_t {
    par__chain_t chain; /* first: it hands itself back. All else is C during the run */
    const kernel_t *kernel;
    char *out;
    const char *in;
    size_t n, chunk;
    bool is_exclusive, is_large;
    size_t chunk_totals;  /* totals of a chunk */
    char *totals;         /* by fold */
    char *before;         /* of each chunk, and of one behind the last: by carry or direct */
    unsigned char *after; /* 1: direct knew what stands behind the chunk */
} scan_t;

static size_t chunk_items(const scan_t *s, size_t k)
{
    return s->n - k * s->chunk < s->chunk ? s->n - k * s->chunk : s->chunk;
}

static char *chunk_total(const scan_t *s, size_t k)
{
    return s->totals + k * s->chunk_totals * s->kernel->size;
}

static void chunk_fold(par__chain_t *chain, size_t k)
{
    const scan_t *s = (const scan_t *)chain;
    s->kernel->fold(chunk_total(s, k), s->in + k * s->chunk * s->kernel->size, chunk_items(s, k));
}

static void chunk_carry(par__chain_t *chain, size_t k)
{
    const scan_t *s = (const scan_t *)chain;
    size_t size = s->kernel->size, n_totals = 1;
    if (s->after[k]) return;
    if (s->kernel->block > 0) n_totals = par__chain_count(chunk_items(s, k), s->kernel->block);
    char *next = s->before + (k + 1) * size;
    memcpy(next, s->before + k * size, size);
    for (size_t i = 0; i < n_totals; i++)
        s->kernel->join(next, chunk_total(s, k) + i * size);
}

static void
chunk_write(const scan_t *s, size_t k, void *before, const void *totals, const void *next)
{
    size_t at = k * s->chunk * s->kernel->size;
    s->kernel->emit(s->out + at, s->in + at, chunk_items(s, k), before, totals, s->is_exclusive,
                    s->is_large, next);
    if (s->is_large) par__stream_end();
}

/* The last chunk is shorter than what is emitted: left to its own reads. */
static void chunk_emit(par__chain_t *chain, size_t k, size_t next)
{
    const scan_t *s = (const scan_t *)chain;
    const char *from = NULL;
    _Alignas(uint64_t) char before[sizeof(uint64_t)];
    if (next + 1 < chain->n_chunks) from = s->in + next * s->chunk * s->kernel->size;
    memcpy(before, s->before + k * s->kernel->size, s->kernel->size);
    chunk_write(s, k, before, chunk_total(s, k), from);
}

static void chunk_direct(par__chain_t *chain, size_t k)
{
    const scan_t *s = (const scan_t *)chain;
    char *next = s->before + (k + 1) * s->kernel->size;
    memcpy(next, next - s->kernel->size, s->kernel->size);
    chunk_write(s, k, next, NULL, NULL);
    s->after[k] = 1;
}

/* false: no memory, nothing was done. */
static bool scan_try_shared(scan_t *s, void *acc)
{
    size_t size = s->kernel->size, n_chunks = par__chain_count(s->n, s->chunk);
    s->chunk_totals = s->kernel->block > 0 ? par__chain_count(s->chunk, s->kernel->block) : 1;
    size_t totals = n_chunks * s->chunk_totals;
    char *memory = malloc((totals + n_chunks + 1) * size + 2 * n_chunks);
    if (memory == NULL) return false;
    s->totals = memory;
    s->before = memory + totals * size;
    s->after = (unsigned char *)s->before + (n_chunks + 1) * size;
    s->chain.state = s->after + n_chunks;
    memset(s->after, 0, 2 * n_chunks);
    memcpy(s->before, acc, size);
    s->chain.n_chunks = n_chunks;
    s->chain.fold = chunk_fold;
    s->chain.carry = chunk_carry;
    s->chain.emit = chunk_emit;
    s->chain.direct = chunk_direct;
    par__chain_run(&s->chain);
    memcpy(acc, s->before + n_chunks * size, size);
    free(memory);
    return true;
}

/* *acc: in: what stands before all; out: that and all. */
static void
scan_run(const kernel_t *kernel, void *out, const void *in, size_t n, bool is_exclusive, void *acc)
{
    scan_t s = {.kernel = kernel, .out = out, .in = in, .n = n, .is_exclusive = is_exclusive};
    s.is_large = par__stream_pays(n * kernel->size) && out != in;
    if ((double)n * kernel->item_ns > SHARE_US * 1000.0 && par_num_workers() > 1) {
        s.chunk = par__chain_chunk(n, kernel->size, kernel->block > 0 ? kernel->block : 64);
        if (scan_try_shared(&s, acc)) return;
    }
    kernel->emit(out, in, n, acc, NULL, is_exclusive, s.is_large, NULL);
    if (s.is_large) par__stream_end();
}

/* ---- operations with one result whatever the order ---- */

/* LARGE writes past the caches, as STEP does otherwise: scans and returns what stands behind. */
#define DEFINE_EXACT(name, type, verb, ns, FOLD, JOIN, LARGE)                                      \
    static void name##_##verb##_join(void *left, const void *right)                                \
    {                                                                                              \
        *(type *)left = JOIN(type, *(type *)left, *(const type *)right);                           \
    }                                                                                              \
                                                                                                   \
    static void name##_##verb##_fold(void *totals, const void *x, size_t n)                        \
    {                                                                                              \
        *(type *)totals = FOLD(name, type, (const type *)x, n);                                    \
    }                                                                                              \
                                                                                                   \
    LARGE(name, type, verb)                                                                        \
                                                                                                   \
    static void name##_##verb##_emit(void *out, const void *x, size_t n, void *before,             \
                                     const void *totals, bool is_exclusive, bool is_large,         \
                                     const void *next)                                             \
    {                                                                                              \
        (void)totals;                                                                              \
        type value = *(type *)before;                                                              \
        if (is_large)                                                                              \
            value = name##_##verb##_large(out, x, n, value, is_exclusive, next);                   \
        else                                                                                       \
            value = name##_##verb##_step(out, x, n, value, is_exclusive);                          \
        *(type *)before = value;                                                                   \
    }                                                                                              \
    DEFINE_CALLS(name, type, verb, 0, ns)

#define LARGE_ITEMS(n, i, type)                                                                    \
    ((n) - (i) < PAR__STREAM_BYTES / sizeof(type) ? (n) - (i) : PAR__STREAM_BYTES / sizeof(type))

/* Through a buffer. */
#define LARGE_PLAIN(name, type, verb)                                                              \
    static type name##_##verb##_large(type *out, const type *x, size_t n, type before,             \
                                      bool is_exclusive, const type *next)                         \
    {                                                                                              \
        _Alignas(64) type piece[PAR__STREAM_BYTES / sizeof(type)];                                 \
        for (size_t i = 0; i < n; i += LARGE_ITEMS(n, i, type)) {                                  \
            size_t items = LARGE_ITEMS(n, i, type);                                                \
            if (next != NULL) par__stream_fetch(next + i, items * sizeof(type));                   \
            before = name##_##verb##_step(piece, x + i, items, before, is_exclusive);              \
            par__stream_copy(out + i, piece, items * sizeof(type));                                \
        }                                                                                          \
        return before;                                                                             \
    }

/* Whole lines from vectors. */
#define LARGE_LANES(name, type, verb)                                                              \
    static type name##_##verb##_large(type *out, const type *x, size_t n, type before,             \
                                      bool is_exclusive, const type *next)                         \
    {                                                                                              \
        size_t i = (size_t)(-(uintptr_t)out % 64) / sizeof(type);                                  \
        if (i > n) i = n;                                                                          \
        before = name##_##verb##_step(out, x, i, before, is_exclusive);                            \
        for (size_t items; n - i >= 64; i += items) {                                              \
            items = LARGE_ITEMS(n, i, type) / 64 * 64;                                             \
            if (next != NULL) par__stream_fetch(next + i, items * sizeof(type));                   \
            before = name##_##verb##_stream(out + i, x + i, items, before, is_exclusive);          \
        }                                                                                          \
        return name##_##verb##_step(out + i, x + i, n - i, before, is_exclusive);                  \
    }

/* The exported functions and their kernel. verb_start changes no bit of what follows it, verb_none is the
 * result of nothing: they differ in the sign of a zero. */
#define DEFINE_CALLS(name, type, verb, block, ns)                                                  \
    static const kernel_t name##_##verb = {sizeof(type),                                           \
                                           block,                                                  \
                                           ns,                                                     \
                                           name##_##verb##_join,                                   \
                                           name##_##verb##_fold,                                   \
                                           name##_##verb##_emit};                                  \
                                                                                                   \
    type par_scan_##verb##_##name(type *out, const type *in, size_t n)                             \
    {                                                                                              \
        PAR__MISUSE((out != NULL && in != NULL) || n == 0, "an array is NULL; pass it, or n = 0"); \
        PAR__LIMIT_ITEMS(n, type);                                                                 \
        type acc = name##_##verb##_start;                                                          \
        if (n > 0) scan_run(&name##_##verb, out, in, n, false, &acc);                              \
        return n > 0 ? acc : name##_##verb##_none;                                                 \
    }                                                                                              \
                                                                                                   \
    type par_scan_##verb##_exclusive_##name(type *out, const type *in, size_t n)                   \
    {                                                                                              \
        PAR__MISUSE((out != NULL && in != NULL) || n == 0, "an array is NULL; pass it, or n = 0"); \
        PAR__LIMIT_ITEMS(n, type);                                                                 \
        type acc = name##_##verb##_start;                                                          \
        if (n == 0) return name##_##verb##_none;                                                   \
        scan_run(&name##_##verb, out, in, n, true, &acc);                                          \
        out[0] = name##_##verb##_none;                                                             \
        return acc;                                                                                \
    }

/* Integers are added unsigned, which wraps around. */
#define SUM_JOIN(type, a, b)       ((type)((uint64_t)(a) + (uint64_t)(b)))
#define SUM_FOLD(name, type, x, n) ((type)(uint64_t)par__lanes()->sum_##name(x, n))

#define STEP_PLAIN(name, type)                                                                     \
    static type name##_sum_step(type *out, const type *x, size_t n, type before,                   \
                                bool is_exclusive)                                                 \
    {                                                                                              \
        for (size_t i = 0; i < n; i++) {                                                           \
            type sum = SUM_JOIN(type, before, x[i]);                                               \
            out[i] = is_exclusive ? before : sum;                                                  \
            before = sum;                                                                          \
        }                                                                                          \
        return before;                                                                             \
    }

#define BY_LANES(name, type, verb, lanes_verb)                                                     \
    static type name##_sum_##verb(type *out, const type *x, size_t n, type before,                 \
                                  bool is_exclusive)                                               \
    {                                                                                              \
        const par__scan_lanes_t *lanes = par__scan_lanes();                                        \
        if (sizeof(type) == 4)                                                                     \
            return (type)lanes->lanes_verb##_32((par__scan_u32_t *)(void *)out,                    \
                                                (const par__scan_u32_t *)(const void *)x, n,       \
                                                (uint32_t)before, is_exclusive);                   \
        return (type)lanes->lanes_verb##_64((par__scan_u64_t *)(void *)out,                        \
                                            (const par__scan_u64_t *)(const void *)x, n,           \
                                            (uint64_t)before, is_exclusive);                       \
    }
#define STEP_LANES(name, type)                                                                     \
    BY_LANES(name, type, step, sum)                                                                \
    BY_LANES(name, type, stream, stream)

/* The first of equal ones, or the first NaN, stays: so any order has the same bits. */
#define MIN_JOIN(type, a, b) ((b) < (a) || (b) != (b) ? ((a) != (a) ? (a) : (b)) : (a))
#define MAX_JOIN(type, a, b) ((b) > (a) || (b) != (b) ? ((a) != (a) ? (a) : (b)) : (a))

#define STEP_EXTREME(name, type, verb, JOIN)                                                       \
    static type name##_##verb##_step(type *out, const type *x, size_t n, type before,              \
                                     bool is_exclusive)                                            \
    {                                                                                              \
        for (size_t i = 0; i < n; i++) {                                                           \
            type next = JOIN(type, before, x[i]);                                                  \
            out[i] = is_exclusive ? before : next;                                                 \
            before = next;                                                                         \
        }                                                                                          \
        return before;                                                                             \
    }                                                                                              \
                                                                                                   \
    static type name##_##verb##_all(const type *x, size_t n)                                       \
    {                                                                                              \
        type result = x[0];                                                                        \
        for (size_t i = 1; i < n; i++)                                                             \
            result = JOIN(type, result, x[i]);                                                     \
        return result;                                                                             \
    }

#define MIN_FOLD(name, type, x, n) name##_min_all(x, n)
#define MAX_FOLD(name, type, x, n) name##_max_all(x, n)

#define DEFINE_EXTREMES(name, type, least, greatest)                                               \
    static const type name##_min_start = greatest, name##_min_none = greatest;                     \
    static const type name##_max_start = least, name##_max_none = least;                           \
    STEP_EXTREME(name, type, min, MIN_JOIN)                                                        \
    STEP_EXTREME(name, type, max, MAX_JOIN)                                                        \
    DEFINE_EXACT(name, type, min, 0.8, MIN_FOLD, MIN_JOIN, LARGE_PLAIN)                            \
    DEFINE_EXACT(name, type, max, 0.8, MAX_FOLD, MAX_JOIN, LARGE_PLAIN)

#define DEFINE_INTEGER(name, type, STEP, LARGE, least, greatest)                                   \
    static const type name##_sum_start = 0, name##_sum_none = 0;                                   \
    STEP(name, type)                                                                               \
    DEFINE_EXACT(name, type, sum, 0.3, SUM_FOLD, SUM_JOIN, LARGE)                                  \
    DEFINE_EXTREMES(name, type, least, greatest)

DEFINE_INTEGER(char, char, STEP_PLAIN, LARGE_PLAIN, CHAR_MIN, CHAR_MAX)
DEFINE_INTEGER(schar, signed char, STEP_PLAIN, LARGE_PLAIN, SCHAR_MIN, SCHAR_MAX)
DEFINE_INTEGER(uchar, unsigned char, STEP_PLAIN, LARGE_PLAIN, 0, UCHAR_MAX)
DEFINE_INTEGER(short, short, STEP_PLAIN, LARGE_PLAIN, SHRT_MIN, SHRT_MAX)
DEFINE_INTEGER(ushort, unsigned short, STEP_PLAIN, LARGE_PLAIN, 0, USHRT_MAX)
DEFINE_INTEGER(int, int, STEP_LANES, LARGE_LANES, INT_MIN, INT_MAX)
DEFINE_INTEGER(uint, unsigned int, STEP_LANES, LARGE_LANES, 0, UINT_MAX)
DEFINE_INTEGER(long, long, STEP_LANES, LARGE_LANES, LONG_MIN, LONG_MAX)
DEFINE_INTEGER(ulong, unsigned long, STEP_LANES, LARGE_LANES, 0, ULONG_MAX)
DEFINE_INTEGER(llong, long long, STEP_LANES, LARGE_LANES, LLONG_MIN, LLONG_MAX)
DEFINE_INTEGER(ullong, unsigned long long, STEP_LANES, LARGE_LANES, 0, ULLONG_MAX)

/* ---- sums of floating-point numbers ---- */

/* -0 in front of a number is that number, 0 in front of -0 is not. */
#define DEFINE_FLOAT(name, type)                                                                   \
    static const type name##_sum_start = (type)-0.0, name##_sum_none = 0;                          \
                                                                                                   \
    static void name##_sum_join(void *left, const void *right)                                     \
    {                                                                                              \
        *(type *)left += *(const type *)right;                                                     \
    }                                                                                              \
                                                                                                   \
    static type name##_block_fold(const type *x, size_t n)                                         \
    {                                                                                              \
        type sum = x[0];                                                                           \
        for (size_t i = 1; i < n; i++)                                                             \
            sum += x[i];                                                                           \
        return sum;                                                                                \
    }                                                                                              \
                                                                                                   \
    static void name##_sum_fold(void *totals, const void *from, size_t n)                          \
    {                                                                                              \
        const type *x = from;                                                                      \
        type *total = totals;                                                                      \
        for (; n >= FOLD_IN_HAND * BLOCK; n -= FOLD_IN_HAND * BLOCK) {                             \
            type sum[FOLD_IN_HAND];                                                                \
            for (size_t b = 0; b < FOLD_IN_HAND; b++)                                              \
                sum[b] = x[b * BLOCK];                                                             \
            for (size_t i = 1; i < BLOCK; i++)                                                     \
                for (size_t b = 0; b < FOLD_IN_HAND; b++)                                          \
                    sum[b] += x[b * BLOCK + i];                                                    \
            memcpy(total, sum, sizeof sum);                                                        \
            total += FOLD_IN_HAND;                                                                 \
            x += FOLD_IN_HAND * BLOCK;                                                             \
        }                                                                                          \
        for (; n > 0; n -= n < BLOCK ? n : BLOCK, x += BLOCK)                                      \
            *total++ = name##_block_fold(x, n < BLOCK ? n : BLOCK);                                \
    }                                                                                              \
                                                                                                   \
    static void name##_block_emit(type *out, const type *x, size_t n, type before,                 \
                                  bool is_exclusive)                                               \
    {                                                                                              \
        type sum = x[0];                                                                           \
        out[0] = is_exclusive ? before : before + sum;                                             \
        for (size_t i = 1; i < n; i++) {                                                           \
            type next = sum + x[i];                                                                \
            out[i] = before + (is_exclusive ? sum : next);                                         \
            sum = next;                                                                            \
        }                                                                                          \
    }                                                                                              \
                                                                                                   \
    /* IN_HAND whole blocks. */                                                                    \
    static inline __attribute__((always_inline)) void name##_blocks_emit(                          \
        type *out, const type *x, const type *before, bool is_exclusive)                           \
    {                                                                                              \
        type sum[IN_HAND], front[IN_HAND];                                                         \
        for (size_t b = 0; b < IN_HAND; b++) {                                                     \
            front[b] = before[b];                                                                  \
            sum[b] = x[b * BLOCK];                                                                 \
        }                                                                                          \
        for (size_t b = 0; b < IN_HAND; b++)                                                       \
            out[b * BLOCK] = is_exclusive ? front[b] : front[b] + sum[b];                          \
        for (size_t i = 1; i < BLOCK; i++) {                                                       \
            for (size_t b = 0; b < IN_HAND; b++) {                                                 \
                type next = sum[b] + x[b * BLOCK + i];                                             \
                out[b * BLOCK + i] = front[b] + (is_exclusive ? sum[b] : next);                    \
                sum[b] = next;                                                                     \
            }                                                                                      \
        }                                                                                          \
    }                                                                                              \
                                                                                                   \
    /* Up to IN_HAND blocks; sums: their totals. */                                                \
    static type name##_some_emit(type *out, const type *x, size_t n, type before,                  \
                                 const type *sums, bool is_exclusive)                              \
    {                                                                                              \
        type front[IN_HAND + 1] = {before};                                                        \
        size_t blocks = par__chain_count(n, BLOCK);                                                \
        for (size_t b = 0; b < blocks; b++)                                                        \
            front[b + 1] = front[b] + sums[b];                                                     \
        if (n == IN_HAND * BLOCK && is_exclusive)                                                  \
            name##_blocks_emit(out, x, front, true);                                               \
        else if (n == IN_HAND * BLOCK)                                                             \
            name##_blocks_emit(out, x, front, false);                                              \
        else                                                                                       \
            for (size_t b = 0; b < blocks; b++)                                                    \
                name##_block_emit(out + b * BLOCK, x + b * BLOCK,                                  \
                                  b + 1 < blocks ? BLOCK : n - b * BLOCK, front[b], is_exclusive); \
        return front[blocks];                                                                      \
    }                                                                                              \
                                                                                                   \
    static void name##_sum_emit(void *to, const void *from, size_t n, void *before,                \
                                const void *totals, bool is_exclusive, bool is_large,              \
                                const void *next)                                                  \
    {                                                                                              \
        _Alignas(64) type piece[IN_HAND * BLOCK];                                                  \
        type value = *(type *)before, sums[IN_HAND];                                               \
        for (size_t i = 0; i < n; i += IN_HAND * BLOCK) {                                          \
            const type *x = (const type *)from + i, *known = (const type *)totals;                 \
            type *out = (type *)to + i;                                                            \
            size_t items = n - i < IN_HAND * BLOCK ? n - i : IN_HAND * BLOCK;                      \
            if (known == NULL) name##_sum_fold(sums, x, items);                                    \
            if (is_large && next != NULL)                                                          \
                par__stream_fetch((const type *)next + i, items * sizeof(type));                   \
            value = name##_some_emit(is_large ? piece : out, x, items, value,                      \
                                     known != NULL ? known + i / BLOCK : sums, is_exclusive);      \
            if (is_large) par__stream_copy(out, piece, items * sizeof(type));                      \
        }                                                                                          \
        *(type *)before = value;                                                                   \
    }                                                                                              \
    DEFINE_CALLS(name, type, sum, BLOCK, 0.7)                                                      \
    DEFINE_EXTREMES(name, type, (type)-__builtin_inf(), (type)__builtin_inf())

DEFINE_FLOAT(float, float)
DEFINE_FLOAT(double, double)
