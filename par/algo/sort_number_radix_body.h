/* sort_number_radix_body.h - the radix sort of sort_number_radix.h for one kind of key and payload.
 * The includer defines KEY (unsigned), KEY_BITS, FN(name), and PAY, the payload's type, if any. */

/* A part with its buffer beside it fits into the second cache. */
enum { FN(CACHED) = 512 * 1024 / (2 * ITEM_BYTES) };
/* Blocks of the array that count and move at the same time have so many keys at least. */
enum { FN(BLOCK) = 32 * 1024 };

/* Where keys are, and their payload. */
typedef struct FN(run_t) {
    KEY *key;
#ifdef PAY
    PAY *pay;
#endif
} FN(run_t);

typedef struct FN(radix_t) {
    FN(run_t) home;
    KEY negative, all, least; /* how keys are mapped, and mapped back */
} FN(radix_t);

static inline void FN(move)(FN(run_t) to, size_t at, FN(run_t) from, size_t i)
{
    to.key[at] = from.key[i];
#ifdef PAY
    to.pay[at] = from.pay[i];
#endif
}

static inline FN(run_t) FN(run_at)(FN(run_t) r, size_t i)
{
    r.key += i;
#ifdef PAY
    r.pay += i;
#endif
    return r;
}

static inline KEY FN(ordered)(const FN(radix_t) * r, KEY x)
{
    return (KEY)(x ^ ((KEY)(0 - (x >> (KEY_BITS - 1))) & r->negative) ^ r->all);
}

/* The top bit of x after `all` is the one before it if the top bit of `all` is not set. */
static inline KEY FN(restored)(const FN(radix_t) * r, KEY key)
{
    KEY x = (KEY)(key + r->least) ^ r->all;
    return x ^ ((KEY)(0 - (x >> (KEY_BITS - 1))) & r->negative);
}

/* ---- a part in the cache ---- */

/* One stable pass by the digit of `bits` at shift. */
static void FN(pass)(FN(run_t) from, FN(run_t) to, size_t n, unsigned shift, unsigned bits)
{
    uint32_t at[1 << RADIX_BITS];
    const KEY mask = ((KEY)1 << bits) - 1;
    memset(at, 0, sizeof(uint32_t) << bits);
    for (size_t i = 0; i < n; i++)
        at[from.key[i] >> shift & mask]++;
    uint32_t sum = 0;
    for (size_t d = 0; d <= mask; d++) {
        uint32_t count = at[d];
        at[d] = sum;
        sum += count;
    }
    for (size_t i = 0; i < n; i++)
        FN(move)(to, at[from.key[i] >> shift & mask]++, from, i);
}

/* Sorts from by insertion into to, which may be the same; false: it would take too long, from has
 * all keys still. */
static bool FN(insert)(FN(run_t) from, FN(run_t) to, size_t n)
{
    size_t moves = 8 * n + 64;
    for (size_t i = 0; i < n; i++) {
        KEY key = from.key[i];
#ifdef PAY
        PAY pay = from.pay[i];
#endif
        size_t j = i;
        for (; j > 0 && to.key[j - 1] > key; j--)
            FN(move)(to, j, to, j - 1);
        to.key[j] = key;
#ifdef PAY
        to.pay[j] = pay;
#endif
        if (i - j > moves) return false;
        moves -= i - j;
    }
    return true;
}

/* All digits from the lowest bit at shift up to `bits`; returns where the keys are then. */
static FN(run_t)
    FN(passes)(FN(run_t) from, FN(run_t) other, size_t n, unsigned shift, unsigned bits)
{
    unsigned n_passes = (bits - shift + RADIX_BITS - 1) / RADIX_BITS;
    for (; n_passes > 0; n_passes--) {
        unsigned digit = (bits - shift + n_passes - 1) / n_passes;
        FN(pass)(from, other, n, shift, digit);
        FN(run_t) old = from;
        from = other;
        other = old;
        shift += digit;
    }
    return from;
}

/* Sorts from, of keys below 2^bits, and moves them home, mapped back. other is what is not from of
 * home and its buffer. */
static void FN(sort_cached)(
    const FN(radix_t) * r, FN(run_t) from, FN(run_t) other, FN(run_t) home, size_t n, unsigned bits)
{
    unsigned tell = 3, shift = 0; /* bits that tell most keys apart */
    while ((size_t)1 << (tell - 3) < n)
        tell++;
    if (n <= 32)
        shift = bits;
    else if (tell < bits)
        shift = bits - tell;
    FN(run_t) now = FN(passes)(from, other, n, shift, bits);
    if (!FN(insert)(now, home, n)) {
        FN(run_t) then = now.key == from.key ? other : from;
        now = FN(passes)(now, then, n, 0, bits);
        for (size_t i = 0; now.key != home.key && i < n; i++)
            FN(move)(home, i, now, i);
    }
    for (size_t i = 0; i < n; i++)
        home.key[i] = FN(restored)(r, home.key[i]);
}

/* ---- a part that is larger ---- */

typedef struct FN(spread_t) {
    const FN(radix_t) * r;
    FN(run_t) from, to, home;
    size_t n, n_blocks;
    unsigned shift, bits;
    bool is_raw;
    size_t (*at)[256]; /* of block b and part d: how many; then where the next one goes */
    size_t begin[257]; /* of part d in to */
} FN(spread_t);

static inline KEY FN(spread_key)(const FN(spread_t) * s, size_t i, bool is_raw)
{
    KEY key = s->from.key[i];
    return is_raw ? (KEY)(FN(ordered)(s->r, key) - s->r->least) : key;
}

static inline void FN(count_in)(const FN(spread_t) * s, size_t b, bool is_raw)
{
    size_t begin = s->n / s->n_blocks * b;
    size_t end = b + 1 < s->n_blocks ? s->n / s->n_blocks * (b + 1) : s->n, *at = s->at[b];
    memset(at, 0, 256 * sizeof *at);
    for (size_t i = begin; i < end; i++)
        at[(uint8_t)(FN(spread_key)(s, i, is_raw) >> s->shift)]++;
}

static inline void FN(move_in)(const FN(spread_t) * s, size_t b, bool is_raw)
{
    size_t begin = s->n / s->n_blocks * b;
    size_t end = b + 1 < s->n_blocks ? s->n / s->n_blocks * (b + 1) : s->n, *at = s->at[b];
    for (size_t i = begin; i < end; i++) {
        KEY key = FN(spread_key)(s, i, is_raw);
        size_t to = at[(uint8_t)(key >> s->shift)]++;
        s->to.key[to] = key;
#ifdef PAY
        s->to.pay[to] = s->from.pay[i];
#endif
    }
}

static void FN(count_blocks)(size_t begin, size_t end, void *ctx)
{
    const FN(spread_t) *s = ctx;
    for (size_t b = begin; b < end; b++) {
        if (s->is_raw)
            FN(count_in)(s, b, true);
        else
            FN(count_in)(s, b, false);
    }
}

static void FN(move_blocks)(size_t begin, size_t end, void *ctx)
{
    const FN(spread_t) *s = ctx;
    for (size_t b = begin; b < end; b++) {
        if (s->is_raw)
            FN(move_in)(s, b, true);
        else
            FN(move_in)(s, b, false);
    }
}

static void FN(sort_part)(const FN(radix_t) * r,
                          FN(run_t) from,
                          FN(run_t) other,
                          FN(run_t) home,
                          size_t n,
                          unsigned bits);

static void FN(sort_parts)(size_t begin, size_t end, void *ctx)
{
    const FN(spread_t) *s = ctx;
    for (size_t d = begin; d < end; d++) {
        size_t at = s->begin[d], n = s->begin[d + 1] - at;
        if (n > 0) FN(sort_part)
        (s->r, FN(run_at)(s->to, at), FN(run_at)(s->from, at), FN(run_at)(s->home, at), n,
         s->shift);
    }
}

/* Counts become places: part after part, in each of them block after block. */
static void FN(place)(FN(spread_t) * s)
{
    size_t sum = 0;
    for (size_t d = 0; d < 256; d++) {
        s->begin[d] = sum;
        for (size_t b = 0; b < s->n_blocks; b++) {
            size_t count = s->at[b][d];
            s->at[b][d] = sum;
            sum += count;
        }
    }
    s->begin[256] = sum;
}

static void FN(each)(size_t n, size_t items, par_range_fn *body, FN(spread_t) * s)
{
    par_options_t options = PAR_OPTIONS_INIT;
    options.grain = 1;
    options.max_grain = 1;
    options.item_ns = 2.0 * (double)items;
    if (n > 1 && s->n_blocks > 1)
        par_for_range(0, n, body, s, &options);
    else
        body(0, n, s);
}

/* Spreads from over 256 parts of to by the top bits, and sorts these. */
static void FN(spread)(FN(spread_t) * s)
{
    size_t one[1][256], most = 4 * (size_t)par_num_workers();
    s->shift = s->bits > 8 ? s->bits - 8 : 0;
    s->n_blocks = s->n / FN(BLOCK) < most ? s->n / FN(BLOCK) : most;
    s->at = s->n_blocks > 1 ? malloc(s->n_blocks * sizeof *s->at) : NULL;
    if (s->at == NULL) s->n_blocks = 1;
    bool is_heap = s->at != NULL;
    if (!is_heap) s->at = one;
    FN(each)(s->n_blocks, s->n / s->n_blocks, FN(count_blocks), s);
    FN(place)(s);
    FN(each)(s->n_blocks, s->n / s->n_blocks, FN(move_blocks), s);
    if (is_heap) free(s->at);
    FN(each)(256, s->n / 256 * 2, FN(sort_parts), s);
}

static void FN(sort_part)(
    const FN(radix_t) * r, FN(run_t) from, FN(run_t) other, FN(run_t) home, size_t n, unsigned bits)
{
    if (n <= FN(CACHED) || bits == 0) {
        FN(sort_cached)(r, from, other, home, n, bits);
        return;
    }
    FN(spread_t) s = {.r = r, .from = from, .to = other, .home = home, .n = n, .bits = bits};
    FN(spread)(&s);
}

/* ---- all of it ---- */

typedef struct FN(extremes_t) {
    KEY least, greatest;
    bool is_sorted;
} FN(extremes_t);

static void FN(extremes_fold)(void *acc, size_t begin, size_t end, void *ctx)
{
    const FN(radix_t) r = *(const FN(radix_t) *)ctx;
    FN(extremes_t) e = *(FN(extremes_t) *)acc;
    KEY last = FN(ordered)(&r, r.home.key[begin > 0 ? begin - 1 : 0]);
    for (size_t i = begin; i < end; i++) {
        KEY key = FN(ordered)(&r, r.home.key[i]);
        e.least = key < e.least ? key : e.least;
        e.greatest = key > e.greatest ? key : e.greatest;
        e.is_sorted &= last <= key;
        last = key;
    }
    *(FN(extremes_t) *)acc = e;
}

static void FN(extremes_combine)(void *left, const void *right, void *ctx)
{
    (void)ctx;
    FN(extremes_t) *a = left;
    const FN(extremes_t) *b = right;
    a->least = b->least < a->least ? b->least : a->least;
    a->greatest = b->greatest > a->greatest ? b->greatest : a->greatest;
    a->is_sorted &= b->is_sorted;
}

/* Sorts home's n keys, with a buffer of as many. */
static void FN(sort_in)(FN(run_t) home, FN(run_t) buffer, size_t n, const par__sort_order_t *order)
{
    KEY top = (KEY)1 << (KEY_BITS - 1);
    FN(radix_t) r = {home, (KEY)order->negative, (KEY)order->all ^ top, 0};
    FN(extremes_t) e = {(KEY) ~(KEY)0, 0, true};
    par_options_t options = PAR_OPTIONS_INIT;
    options.grain = FN(BLOCK) / 2;
    options.item_ns = 0.5;
    if (n <= options.grain)
        FN(extremes_fold)(&e, 0, n, &r);
    else
        par_reduce(0, n, &e, sizeof e, FN(extremes_fold), FN(extremes_combine), &r, &options);
    if (e.is_sorted) return;
    r.least = e.least;
    unsigned bits = 0;
    while (bits < KEY_BITS && (KEY)(e.greatest - e.least) >> bits != 0)
        bits++;
    if (n > FN(CACHED)) {
        FN(spread_t)
        s = {.r = &r,
             .from = home,
             .to = buffer,
             .home = home,
             .n = n,
             .bits = bits,
             .is_raw = true};
        FN(spread)(&s);
        return;
    }
    for (size_t i = 0; i < n; i++)
        home.key[i] = (KEY)(FN(ordered)(&r, home.key[i]) - r.least);
    FN(sort_cached)(&r, home, buffer, home, n, bits);
}
