/* sort_kernel.h - the inner loops of the sorts, to be inlined with a size and a comparison.
 *
 * PAR_DEFINE_SORT (par/sort.h) makes one kernel of a type and a comparison: a table of functions into
 * which both are compiled. The library divides the work and calls them with thousands of elements at
 * a time. Nothing here is called by users directly.
 *
 * Each function takes `less` on trust for the order only: with any answers, even random ones, it reads
 * and writes inside its arrays, ends, and leaves the elements it was given, each once.
 *
 * No branch depends on a comparison of elements: which of two elements comes first is as good as
 * random, and a branch on it is predicted wrongly every other time. par/algo/merge_sort.md tells what
 * was measured. */
#ifndef PAR_SORT_KERNEL_H
#define PAR_SORT_KERNEL_H

#include <par/api.h>

#include <string.h>

PAR_BEGIN_DECLS

/* Not 0 if *a must stand before *b: a strict weak order. */
typedef int par_less_fn(const void *a, const void *b, void *ctx);

/* Elements that par_sort_kernel_t.spread takes at once. Frozen, as it is compiled into programs. */
#define PAR_SPREAD_ITEMS 16384

/* A block of elements that is spread over buckets. Splitter i is a lower border of bucket i + 1. Frozen. */
typedef struct par_spread_t {
    const char *from; /* the block, at most PAR_SPREAD_ITEMS elements, */
    char *to;         /* and where it goes, ordered by buckets */
    size_t n;         /* elements */
    const char *tree; /* 2^levels elements: splitters as a search tree, the root at index 1 */
    /* The 2^levels - 1 splitters in order, if what equals one has a bucket of its own (before that of
     * what is greater): 2^(levels + 1) - 1 buckets; or NULL. */
    const char *sorted;
    unsigned levels;  /* at most 8, with sorted 7 */
    uint32_t *starts; /* out: where each bucket begins in `to`, in elements, and the end */
} par_spread_t;

/* Frozen: fields will not be added. A kernel that can do more will be a struct of its own. */
typedef struct par_sort_kernel_t {
    size_t size; /* of an element, in bytes */
    par_less_fn *less;

    /* How many elements at the front of v are in order; with is_down, strictly in falling order.
     * n >= 1. */
    size_t (*run)(const char *v, size_t n, int is_down, void *ctx);

    /* Sorts v[0..n), stable. room has n elements too. */
    void (*sort)(char *v, size_t n, char *room, void *ctx);

    /* Merges two runs; out shares no byte with them. What is equal is taken from a first. */
    void (*merge)(char *out, const char *a, size_t n_a, const char *b, size_t n_b, void *ctx);

    void (*spread)(const par_spread_t *s, void *ctx);

    /* Brings what is less than the pivot to the front of v and returns how many these are; with
     * is_upper, what the pivot is not less than. hold is room for one element. */
    size_t (*partition)(char *v, size_t n, const char *pivot, char *hold, int is_upper, void *ctx);

    /* out[i]: how many of the n_v sorted elements are less than keys[i]; with is_upper, how many keys[i]
     * is not less than. */
    void (*bounds)(size_t *out,
                   const char *keys,
                   size_t n,
                   const char *v,
                   size_t n_v,
                   int is_upper,
                   void *ctx);
} par_sort_kernel_t;

PAR_END_DECLS

/* b if t is 1, a if it is 0, by arithmetic: compilers make branches of what says "if", and clang of a
 * mask too, if it sees where t comes from. */
PAR_INLINE const char *par_kernel_pick(size_t t, const char *a, const char *b)
{
#ifdef __clang__
    __asm__("" : "+r"(t));
#endif
    return (const char *)((uintptr_t)a ^ (((uintptr_t)a ^ (uintptr_t)b) & (0 - (uintptr_t)t)));
}

/* One element from the fronts of two runs. */
#define PAR_KERNEL_FRONT(out, a, b)                                                                \
    do {                                                                                           \
        size_t par_t = less((b), (a), ctx) != 0;                                                   \
        memcpy((out), par_kernel_pick(par_t, (a), (b)), size);                                     \
        (out) += size;                                                                             \
        (a) += size & (par_t - 1);                                                                 \
        (b) += size & (0 - par_t);                                                                 \
    } while (0)

/* One from their ends. */
#define PAR_KERNEL_BACK(end, a_end, b_end)                                                         \
    do {                                                                                           \
        size_t par_t = less((b_end)-size, (a_end)-size, ctx) != 0;                                 \
        (end) -= size;                                                                             \
        memcpy((end), par_kernel_pick(par_t, (b_end)-size, (a_end)-size), size);                   \
        (a_end) -= size & (0 - par_t);                                                             \
        (b_end) -= size & (par_t - 1);                                                             \
    } while (0)

PAR_INLINE void par_kernel_merge(char *out,
                                 const char *a,
                                 size_t n_a,
                                 const char *b,
                                 size_t n_b,
                                 size_t size,
                                 par_less_fn *less,
                                 void *ctx)
{
    const char *a_end = a + n_a * size, *b_end = b + n_b * size;
    char *end = out + (n_a + n_b) * size;
    /* As many elements as the shorter run has can be taken without looking for the end of either: half
     * of them from the front and half from the back, two chains of loads that do not wait for each
     * other. */
    for (size_t least = n_a < n_b ? n_a : n_b; least >= 8;) {
        for (size_t i = 0; i < least / 2; i++) {
            PAR_KERNEL_FRONT(out, a, b);
            PAR_KERNEL_BACK(end, a_end, b_end);
        }
        n_a = (size_t)(a_end - a) / size;
        n_b = (size_t)(b_end - b) / size;
        least = n_a < n_b ? n_a : n_b;
    }
    while (a < a_end && b < b_end)
        PAR_KERNEL_FRONT(out, a, b);
    memcpy(out, a, (size_t)(a_end - a));
    memcpy(out + (a_end - a), b, (size_t)(b_end - b));
}

/* Merges two runs of n elements, n from the front and n from the back. 0 if these did not meet, as
 * `less` contradicts itself: then out is to be written again. */
PAR_INLINE int par_kernel_merge_even(
    char *out, const char *a, const char *b, size_t n, size_t size, par_less_fn *less, void *ctx)
{
    const char *a_end = a + n * size, *b_end = b + n * size;
    char *end = out + 2 * n * size;
    for (size_t i = 0; i < n; i++) {
        PAR_KERNEL_FRONT(out, a, b);
        PAR_KERNEL_BACK(end, a_end, b_end);
    }
    return a == a_end && b == b_end;
}

/* Four elements; a permutation whatever the comparisons say. */
PAR_INLINE void
par_kernel_sort_4(char *out, const char *v, size_t size, par_less_fn *less, void *ctx)
{
    size_t t = less(v + size, v, ctx) != 0;
    size_t u = less(v + 3 * size, v + 2 * size, ctx) != 0;
    const char *a = v + t * size, *b = v + (t ^ 1) * size;
    const char *c = v + (2 + u) * size, *d = v + (3 - u) * size;
    size_t low = less(c, a, ctx) != 0, high = less(d, b, ctx) != 0;
    const char *min = par_kernel_pick(low, a, c), *max = par_kernel_pick(high, d, b);
    const char *left = par_kernel_pick(low, par_kernel_pick(high, b, c), a);
    const char *right = par_kernel_pick(high, par_kernel_pick(low, c, b), d);
    size_t swapped = less(right, left, ctx) != 0;
    memcpy(out, min, size);
    memcpy(out + size, par_kernel_pick(swapped, left, right), size);
    memcpy(out + 2 * size, par_kernel_pick(swapped, right, left), size);
    memcpy(out + 3 * size, max, size);
}

/* At most three elements. */
PAR_INLINE void
par_kernel_sort_3(char *out, const char *v, size_t n, size_t size, par_less_fn *less, void *ctx)
{
    const char *order[3] = {v, v + size, v + 2 * size};
    for (size_t i = 1; i < n; i++) {
        const char *item = order[i];
        size_t k = i;
        for (; k > 0 && less(item, order[k - 1], ctx); k--)
            order[k] = order[k - 1];
        order[k] = item;
    }
    for (size_t i = 0; i < n; i++)
        memcpy(out + i * size, order[i], size);
}

/* Sorts every four elements of v, in v or to room. */
PAR_INLINE void par_kernel_sort_fours(
    char *v, size_t n, char *room, int to_room, size_t size, par_less_fn *less, void *ctx)
{
    size_t i = 0;
    for (; i + 4 <= n; i += 4) {
        par_kernel_sort_4(room + i * size, v + i * size, size, less, ctx);
        if (!to_room) memcpy(v + i * size, room + i * size, 4 * size);
    }
    par_kernel_sort_3(room + i * size, v + i * size, n - i, size, less, ctx);
    if (!to_room) memcpy(v + i * size, room + i * size, (n - i) * size);
}

/* Merges neighbouring runs of `width` elements, the last of which may be shorter. */
PAR_INLINE void
par_kernel_merge_pass(char *out,
                      const char *in,
                      size_t n,
                      size_t width,
                      size_t size,
                      par_less_fn *less,
                      void (*merge)(char *, const char *, size_t, const char *, size_t, void *),
                      void *ctx)
{
    size_t i = 0;
    for (; n - i >= 2 * width; i += 2 * width) {
        const char *a = in + i * size, *b = a + width * size;
        if (!par_kernel_merge_even(out + i * size, a, b, width, size, less, ctx))
            merge(out + i * size, a, width, b, width, ctx);
    }
    if (n - i > width)
        merge(out + i * size, in + i * size, width, in + (i + width) * size, n - i - width, ctx);
    else
        memcpy(out + i * size, in + i * size, (n - i) * size);
}

PAR_INLINE size_t
par_kernel_run(const char *v, size_t n, int is_down, size_t size, par_less_fn *less, void *ctx)
{
    size_t i = 1;
    if (is_down) {
        while (i < n && less(v + i * size, v + (i - 1) * size, ctx))
            i++;
        return i;
    }
    for (; i + 32 <= n; i += 32) { /* without a way out in between it can be vectorised */
        size_t breaks = 0;
        for (size_t k = i; k < i + 32; k++)
            breaks += less(v + k * size, v + (k - 1) * size, ctx) != 0;
        if (breaks != 0) break;
    }
    while (i < n && !less(v + i * size, v + (i - 1) * size, ctx))
        i++;
    return i;
}

/* A run through the whole of v is not sorted again: returns 1. */
PAR_INLINE int par_kernel_sort_run(char *v,
                                   size_t n,
                                   char *room,
                                   size_t size,
                                   size_t (*run)(const char *, size_t, int, void *),
                                   void *ctx)
{
    if (n < 2) return 1;
    size_t up = run(v, n, 0, ctx);
    if (up == n) return 1;
    if (up > 1 || run(v, n, 1, ctx) < n) return 0;
    for (size_t i = 0; i < n; i++)
        memcpy(room + i * size, v + (n - 1 - i) * size, size);
    memcpy(v, room, n * size);
    return 1;
}

PAR_INLINE void
par_kernel_sort(char *v,
                size_t n,
                char *room,
                size_t size,
                par_less_fn *less,
                void (*merge)(char *, const char *, size_t, const char *, size_t, void *),
                size_t (*run)(const char *, size_t, int, void *),
                void *ctx)
{
    if (par_kernel_sort_run(v, n, room, size, run, ctx)) return;
    int is_odd = 0; /* passes: begin where the last one ends in v */
    for (size_t width = 4; width < n; width *= 2)
        is_odd ^= 1;
    par_kernel_sort_fours(v, n, room, is_odd, size, less, ctx);
    char *in = is_odd ? room : v, *out = is_odd ? v : room;
    for (size_t width = 4; width < n; width *= 2) {
        /* Constants for the short runs, which have most of the overhead. */
        if (width == 4)
            par_kernel_merge_pass(out, in, n, 4, size, less, merge, ctx);
        else if (width == 8)
            par_kernel_merge_pass(out, in, n, 8, size, less, merge, ctx);
        else
            par_kernel_merge_pass(out, in, n, width, size, less, merge, ctx);
        char *other = in;
        in = out;
        out = other;
    }
}

/* A step of element k from a node of the tree to one of its children. */
#define PAR_KERNEL_STEP(at, k)                                                                     \
    (at) = 2 * (at) + (less(item + (k)*size, s->tree + (at)*size, ctx) == 0)

/* The leaf that an element belongs to gives its bucket. */
PAR_INLINE void par_kernel_bucket(const par_spread_t *s,
                                  size_t leaf,
                                  const char *item,
                                  unsigned char *bucket,
                                  uint32_t *counts,
                                  int has_equals,
                                  size_t size,
                                  par_less_fn *less,
                                  void *ctx)
{
    size_t b = leaf - ((size_t)1 << s->levels);
    if (has_equals) {
        size_t is_first = b == 0;
        const char *lower = s->sorted + (b - 1 + is_first) * size;
        size_t is_equal = less(lower, item, ctx) == 0;
        b = 2 * b - (is_equal & (is_first ^ 1));
    }
    *bucket = (unsigned char)b;
    counts[b]++;
}

/* The bucket of each element of the block, and how many each has: counts is zeroed. Eight walks down the
 * tree at once, as each step waits for its load. They are written out, because not every compiler
 * keeps an array of eight in registers. */
PAR_INLINE void par_kernel_classify(const par_spread_t *s,
                                    unsigned char *bucket,
                                    uint32_t *counts,
                                    int has_equals,
                                    size_t size,
                                    par_less_fn *less,
                                    void *ctx)
{
    const char *item = s->from;
    unsigned char *const end = bucket + s->n;
    for (; end - bucket >= 8; bucket += 8, item += 8 * size) {
        size_t a = 1, b = 1, c = 1, d = 1, e = 1, f = 1, g = 1, h = 1;
        for (unsigned level = s->levels; level > 0; level--) {
            PAR_KERNEL_STEP(a, 0);
            PAR_KERNEL_STEP(b, 1);
            PAR_KERNEL_STEP(c, 2);
            PAR_KERNEL_STEP(d, 3);
            PAR_KERNEL_STEP(e, 4);
            PAR_KERNEL_STEP(f, 5);
            PAR_KERNEL_STEP(g, 6);
            PAR_KERNEL_STEP(h, 7);
        }
        size_t const leaves[8] = {a, b, c, d, e, f, g, h};
        for (size_t k = 0; k < 8; k++)
            par_kernel_bucket(s, leaves[k], item + k * size, bucket + k, counts, has_equals, size,
                              less, ctx);
    }
    for (; bucket < end; bucket++, item += size) {
        size_t at = 1;
        for (unsigned level = s->levels; level > 0; level--)
            PAR_KERNEL_STEP(at, 0);
        par_kernel_bucket(s, at, item, bucket, counts, has_equals, size, less, ctx);
    }
}

PAR_INLINE void
par_kernel_spread(const par_spread_t *given, size_t size, par_less_fn *less, void *ctx)
{
    par_spread_t const block = *given, *const s = &block; /* no store changes it */
    unsigned char bucket[PAR_SPREAD_ITEMS];
    uint32_t next[256] = {0};
    size_t n_buckets = (size_t)1 << s->levels;
    if (s->sorted != NULL) {
        n_buckets = 2 * n_buckets - 1;
        par_kernel_classify(s, bucket, next, 1, size, less, ctx);
    } else {
        par_kernel_classify(s, bucket, next, 0, size, less, ctx);
    }
    uint32_t start = 0;
    for (size_t b = 0; b < n_buckets; b++) {
        uint32_t count = next[b];
        s->starts[b] = next[b] = start;
        start += count;
    }
    s->starts[n_buckets] = start;
    const char *item = s->from;
    char *const to = s->to;
    for (size_t i = 0; i < s->n; i++, item += size)
        memcpy(to + next[bucket[i]]++ * size, item, size);
}

#define PAR_KERNEL_IS_FRONT(item, pivot)                                                           \
    (is_upper ? less((pivot), (item), ctx) == 0 : less((item), (pivot), ctx) != 0)

/* Elements go round in a cycle through a hole: gap is where an element is missing (it is in hold),
 * [v, left) belongs to the front, [left, gap) does not and is not empty: nothing is copied onto itself. */
PAR_INLINE size_t par_kernel_partition(char *v,
                                       size_t n,
                                       const char *pivot,
                                       char *hold,
                                       int is_upper,
                                       size_t size,
                                       par_less_fn *less,
                                       void *ctx)
{
    size_t n_front = 0;
    while (n_front < n && PAR_KERNEL_IS_FRONT(v + n_front * size, pivot))
        n_front++;
    if (n - n_front < 2) return n_front;
    char *left = v + n_front * size, *gap = left + size, *const end = v + n * size;
    memcpy(hold, gap, size);
    for (char *item = gap + size; item < end; item += size) {
        size_t t = PAR_KERNEL_IS_FRONT(item, pivot);
        memcpy(gap, left, size);
        memcpy(left, item, size);
        gap = item;
        left += size & (0 - t);
    }
    size_t t = PAR_KERNEL_IS_FRONT(hold, pivot);
    memcpy(gap, left, size);
    memcpy(left, hold, size);
    return (size_t)(left - v) / size + t;
}

/* The same halvings for eight keys at once, as each waits for its loads. */
PAR_INLINE void par_kernel_bounds(size_t *out,
                                  const char *keys,
                                  size_t n,
                                  const char *v,
                                  size_t n_v,
                                  int is_upper,
                                  size_t size,
                                  par_less_fn *less,
                                  void *ctx)
{
    for (; n > 0; n -= n < 8 ? n : 8, keys += 8 * size, out += 8) {
        size_t const n_now = n < 8 ? n : 8;
        const char *first[8] = {v, v, v, v, v, v, v, v};
        size_t rest = n_v;
        for (; rest > 1; rest -= rest / 2) {
            size_t const half = rest / 2 * size;
            for (size_t k = 0; k < n_now; k++) {
                const char *key = keys + k * size, *last = first[k] + half - size;
                size_t t = PAR_KERNEL_IS_FRONT(last, key);
                first[k] += half & (0 - t);
            }
        }
        for (size_t k = 0; k < n_now; k++) {
            const char *key = keys + k * size;
            size_t at = (size_t)(first[k] - v) / size;
            if (rest > 0) at += PAR_KERNEL_IS_FRONT(first[k], key);
            out[k] = at;
        }
    }
}

#undef PAR_KERNEL_IS_FRONT
#undef PAR_KERNEL_STEP
#undef PAR_KERNEL_FRONT
#undef PAR_KERNEL_BACK

/* What every definer of par/sort.h and par/order.h makes of a comparison name_less: the constant
 * name_kernel. The context is copied to where the compiler sees that nobody else writes to it. */
#define PAR_DEFINE_SORT_KERNEL(name, type, ctx_type)                                               \
    static inline size_t name##_kernel_run(const char *par_v, size_t par_n, int par_is_down,       \
                                           void *par_ctx)                                          \
    {                                                                                              \
        ctx_type par_copy = *(ctx_type *)par_ctx;                                                  \
        return par_kernel_run(par_v, par_n, par_is_down, sizeof(type), name##_less,                \
                              (void *)&par_copy);                                                  \
    }                                                                                              \
    static inline void name##_kernel_merge(char *par_out, const char *par_a, size_t par_n_a,       \
                                           const char *par_b, size_t par_n_b, void *par_ctx)       \
    {                                                                                              \
        ctx_type par_copy = *(ctx_type *)par_ctx;                                                  \
        par_kernel_merge(par_out, par_a, par_n_a, par_b, par_n_b, sizeof(type), name##_less,       \
                         (void *)&par_copy);                                                       \
    }                                                                                              \
    static inline void name##_kernel_sort(char *par_v, size_t par_n, char *par_room,               \
                                          void *par_ctx)                                           \
    {                                                                                              \
        ctx_type par_copy = *(ctx_type *)par_ctx;                                                  \
        par_kernel_sort(par_v, par_n, par_room, sizeof(type), name##_less, name##_kernel_merge,    \
                        name##_kernel_run, (void *)&par_copy);                                     \
    }                                                                                              \
    static inline void name##_kernel_spread(const par_spread_t *par_s, void *par_ctx)              \
    {                                                                                              \
        ctx_type par_copy = *(ctx_type *)par_ctx;                                                  \
        par_kernel_spread(par_s, sizeof(type), name##_less, (void *)&par_copy);                    \
    }                                                                                              \
    static inline size_t name##_kernel_partition(char *par_v, size_t par_n, const char *par_pivot, \
                                                 char *par_hold, int par_is_upper, void *par_ctx)  \
    {                                                                                              \
        ctx_type par_copy = *(ctx_type *)par_ctx;                                                  \
        type par_pivot_copy = *(type const *)(const void *)par_pivot;                              \
        type par_hold_copy; /* not behind a comma: of `char *` that would be a char */             \
        (void)par_hold;                                                                            \
        return par_kernel_partition(par_v, par_n, (const char *)&par_pivot_copy,                   \
                                    (char *)&par_hold_copy, par_is_upper, sizeof(type),            \
                                    name##_less, (void *)&par_copy);                               \
    }                                                                                              \
    static inline void name##_kernel_bounds(size_t *par_out, const char *par_keys, size_t par_n,   \
                                            const char *par_v, size_t par_n_v, int par_is_upper,   \
                                            void *par_ctx)                                         \
    {                                                                                              \
        ctx_type par_copy = *(ctx_type *)par_ctx;                                                  \
        par_kernel_bounds(par_out, par_keys, par_n, par_v, par_n_v, par_is_upper, sizeof(type),    \
                          name##_less, (void *)&par_copy);                                         \
    }                                                                                              \
    __attribute__((unused)) static const par_sort_kernel_t name##_kernel = {                       \
        sizeof(type),        name##_less,          name##_kernel_run,       name##_kernel_sort,    \
        name##_kernel_merge, name##_kernel_spread, name##_kernel_partition, name##_kernel_bounds}

#endif
