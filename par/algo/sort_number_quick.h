/* sort_number_quick.h - quick sort in place by forks, around the kernels of a path: the body of
 * sort_number_portable.c and sort_number_avx512.c, once for each width of keys. They define KEY,
 * KEY_BITS, KEY_MIN, KEY_MAX, FN(name), TARGET, and
 *
 *     FN(LEAF)                               what leaf sorts at once, and the least n of a partition
 *     FN(leaf)(x, n, is_raw, order)          sorts n <= LEAF keys and maps them back
 *     FN(median)(x, n, is_raw, order)        one of the keys, mapped, near the median
 *     FN(partition)(x, n, pivot, is_raw, order)  moves keys that are not above the pivot to the front
 *
 * No input makes it quadratic: a part that came from too many bad cuts is cut in the middle of the
 * range of its values from then on, which ends after as many cuts as a key has bits. The stack is
 * bounded, because only the smaller part is a recursion, as far as parts are not forks.
 *
 * A run of equal keys ends a part: the greatest key of a part that the pivot does not divide is split
 * off, and a part whose least and greatest key are the same is done. */

typedef struct FN(part_t) {
    KEY *x;
    size_t n;
    const par__sort_order_t *order;
    KEY least, greatest; /* no key is outside; meaningless while is_raw */
    unsigned cuts;       /* bad ones that are left */
    unsigned workers;    /* that may help */
    bool is_raw;         /* the keys are not mapped yet */
} FN(part_t);

/* From here on halves are offered to other workers: some 30 us of work. */
enum { FN(FORK) = 256 * 1024 / (KEY_BITS / 8) / 4 };
/* From here on a partition is worth several workers. */
enum { FN(SHARE) = 1 << 18 };

/* x are equal. */
static void FN(unmap)(KEY *x, size_t n, KEY value, const par__sort_order_t *order)
{
    KEY user = (KEY)(value ^ (value < 0 ? (KEY)order->negative : 0) ^ (KEY)order->all);
    if (user == value) return;
    for (size_t i = 0; i < n; i++)
        x[i] = user;
}

static KEY FN(middle)(KEY least, KEY greatest)
{
    return (KEY)((UKEY)least + ((UKEY)greatest - (UKEY)least) / 2);
}

/* ---- one partition by several workers ---- */

enum { FN(MOST_CHUNKS) = 64 };

typedef struct FN(chunk_t) {
    size_t begin, end;
    FN(cut_t) cut;
} FN(chunk_t);

/* A stretch of keys on the wrong side, and how many stand on this side before it. */
typedef struct FN(stretch_t) {
    size_t begin, end, before;
} FN(stretch_t);

typedef struct FN(shared_t) {
    const FN(part_t) * part;
    KEY pivot;
    FN(chunk_t) chunk[FN(MOST_CHUNKS)];
    FN(stretch_t) large[FN(MOST_CHUNKS)], small[FN(MOST_CHUNKS)];
} FN(shared_t);

static void FN(chunks_cut)(size_t begin, size_t end, void *ctx)
{
    FN(shared_t) *s = ctx;
    for (size_t k = begin; k < end; k++) {
        FN(chunk_t) *c = &s->chunk[k];
        c->cut = FN(partition)(s->part->x + c->begin, c->end - c->begin, s->pivot, s->part->is_raw,
                               s->part->order);
    }
}

/* The list is in the order of the array; its last entry has an end at least at i. */
static const FN(stretch_t) * FN(stretch_at)(const FN(stretch_t) * list, size_t i)
{
    while (i >= list->before + (list->end - list->begin))
        list++;
    return list;
}

static void FN(stretches_exchange)(size_t begin, size_t end, void *ctx)
{
    const FN(shared_t) *s = ctx;
    while (begin < end) {
        const FN(stretch_t) *l = FN(stretch_at)(s->large, begin),
                            *r = FN(stretch_at)(s->small, begin);
        KEY *a = s->part->x + l->begin + (begin - l->before);
        KEY *b = s->part->x + r->begin + (begin - r->before);
        size_t n = end - begin, in_l = l->before + (l->end - l->begin) - begin;
        size_t in_r = r->before + (r->end - r->begin) - begin;
        n = n < in_l ? n : in_l;
        n = n < in_r ? n : in_r;
        for (size_t i = 0; i < n; i++) {
            KEY key = a[i];
            a[i] = b[i];
            b[i] = key;
        }
        begin += n;
    }
}

/* Lists what stands on the wrong side of n_small; returns how many keys that are on either side. */
static size_t FN(stretches_find)(FN(shared_t) * s, size_t n_chunks, size_t n_small)
{
    size_t n_left = 0, n_right = 0;
    FN(stretch_t) *left = s->large, *right = s->small;
    for (size_t k = 0; k < n_chunks; k++) {
        const FN(chunk_t) *c = &s->chunk[k];
        size_t cut = c->begin + c->cut.n_small;
        size_t end = c->end < n_small ? c->end : n_small,
               begin = c->begin > n_small ? c->begin : n_small;
        *left = (FN(stretch_t)){cut, cut < end ? end : cut, n_left};
        n_left += left->end - left->begin;
        left += cut < end;
        *right = (FN(stretch_t)){begin, begin < cut ? cut : begin, n_right};
        n_right += right->end - right->begin;
        right += begin < cut;
    }
    return n_left;
}

static FN(cut_t) FN(partition_shared)(const FN(part_t) * part, KEY pivot)
{
    FN(shared_t) s;
    size_t n_chunks = part->workers < FN(MOST_CHUNKS) ? part->workers : FN(MOST_CHUNKS);
    size_t most = part->n / (FN(SHARE) / 4);
    if (n_chunks > most) n_chunks = most;
    s.part = part;
    s.pivot = pivot;
    for (size_t k = 0; k < n_chunks; k++) {
        s.chunk[k].begin = part->n / n_chunks * k;
        s.chunk[k].end = k + 1 < n_chunks ? part->n / n_chunks * (k + 1) : part->n;
    }
    par_options_t options = PAR_OPTIONS_INIT;
    options.grain = 1;
    options.max_grain = 1;
    options.item_ns = 1e5;
    par_for_range(0, n_chunks, FN(chunks_cut), &s, &options);
    FN(cut_t) all = s.chunk[0].cut;
    for (size_t k = 1; k < n_chunks; k++) {
        FN(cut_t) c = s.chunk[k].cut;
        all.n_small += c.n_small;
        all.least = c.least < all.least ? c.least : all.least;
        all.greatest = c.greatest > all.greatest ? c.greatest : all.greatest;
    }
    size_t n = FN(stretches_find)(&s, n_chunks, all.n_small);
    options = (par_options_t)PAR_OPTIONS_INIT;
    options.item_ns = 1;
    options.grain = 4096;
    par_for_range(0, n, FN(stretches_exchange), &s, &options);
    return all;
}

/* ---- the sort ---- */

static FN(cut_t) FN(cut_at)(const FN(part_t) * part, KEY pivot)
{
    if (part->workers > 1 && part->n >= FN(SHARE)) return FN(partition_shared)(part, pivot);
    return FN(partition)(part->x, part->n, pivot, part->is_raw, part->order);
}

static KEY FN(pivot)(const FN(part_t) * part)
{
    if (part->cuts == 0 && !part->is_raw) return FN(middle)(part->least, part->greatest);
    return FN(median)(part->x, part->n, part->is_raw, part->order);
}

/* Cuts part in two; false: it is sorted, because all keys are equal. rest may be empty. */
static bool FN(divide)(FN(part_t) * part, FN(part_t) * rest)
{
    size_t n = part->n;
    KEY pivot = FN(pivot)(part);
    FN(cut_t) c = FN(cut_at)(part, pivot);
    part->is_raw = false;
    if (c.least == c.greatest) {
        FN(unmap)(part->x, n, c.least, part->order);
        return false;
    }
    KEY least = c.least, greatest = c.greatest;
    if (c.n_small == n) { /* the pivot is the greatest key */
        pivot = greatest - 1;
        c = FN(cut_at)(part, pivot);
        FN(unmap)(part->x + c.n_small, n - c.n_small, greatest, part->order);
        greatest = pivot;
        n = c.n_small;
    }
    size_t larger = c.n_small > n - c.n_small ? c.n_small : n - c.n_small;
    if (part->cuts > 0 && larger > part->n - part->n / 8) part->cuts--;
    *rest = *part;
    rest->x = part->x + c.n_small;
    rest->n = n - c.n_small;
    rest->least = pivot < greatest ? pivot + 1 : greatest;
    rest->greatest = greatest;
    part->n = c.n_small;
    part->least = least;
    part->greatest = pivot;
    return true;
}

static void FN(quick_task)(void *ctx);

/* Both parts at the same time, each with its share of the workers. */
static void FN(fork)(FN(part_t) * part)
{
    FN(part_t) rest;
    if (!FN(divide)(part, &rest)) return;
    double share = (double)part->workers / (double)(part->n + rest.n);
    part->workers = (unsigned)(share * (double)part->n + 0.5);
    rest.workers = (unsigned)(share * (double)rest.n + 0.5);
    par_join(FN(quick_task), part, FN(quick_task), &rest);
}

static void FN(quick)(FN(part_t) * part)
{
    while (part->n > FN(LEAF)) {
        FN(part_t) rest;
        if (part->n >= FN(FORK)) {
            FN(fork)(part);
            return;
        }
        if (!FN(divide)(part, &rest)) return;
        if (rest.n < part->n) {
            FN(quick)(&rest);
        } else {
            FN(quick)(part);
            *part = rest;
        }
    }
    if (part->n > 0) FN(leaf)(part->x, part->n, part->is_raw, part->order);
}

static void FN(quick_task)(void *ctx)
{
    FN(quick)(ctx);
}

/* Sorts n >= 1 keys in place, with so many bad cuts before it chooses pivots by value. */
static void FN(sort_with)(KEY *x, size_t n, const par__sort_order_t *order, unsigned cuts)
{
    FN(part_t) part = {.x = x, .n = n, .order = order, .cuts = cuts, .workers = 1, .is_raw = true};
    if (n >= FN(SHARE)) part.workers = par_num_workers();
    FN(quick)(&part);
}

static void FN(sort_quick)(KEY *x, size_t n, const par__sort_order_t *order)
{
    unsigned cuts = 0;
    for (size_t left = n; left > 0; left /= 2)
        cuts++;
    FN(sort_with)(x, n, order, cuts);
}

static void FN(sort_badly)(KEY *x, size_t n, const par__sort_order_t *order)
{
    FN(sort_with)(x, n, order, 0);
}
