/* sort_number_avx512.h - the kernels of quick sort for one width of keys, in vectors of 64 bytes.
 * Included by sort_number_avx512.c, which defines KEY, KEY_BITS, FN(name) and V(verb), the intrinsic
 * of that width.
 *
 * Leaf: up to 16 vectors are the rows of a matrix. A network sorts the columns, all lanes at once;
 * then neighbouring columns are merged bitonically, 2, 4, ... lanes to a sequence, so that lane l
 * row r holds the key of rank l * rows + r; log2(rows) interleavings turn that into memory order.
 *
 * Partition: both ends of the array are read into registers' worth of buffer; then the side with
 * less room is read, and each vector, with its small keys packed to the low and its large keys to the
 * high lanes, is stored whole at both ends: what the other end's part overwrites is room. */

enum { FN(LANES) = 512 / KEY_BITS, FN(ROWS) = 16, FN(LEAF) = FN(LANES) * FN(ROWS) };
#define LANES     ((size_t)FN(LANES))
#define ALL_LANES ((FN(lanes_t))((1u << FN(LANES)) - 1))

#if KEY_BITS == 64
typedef __mmask8 FN(lanes_t);
#    define IOTA            _mm512_set_epi64(7, 6, 5, 4, 3, 2, 1, 0)
#    define LANES_WITH(bit) ((FN(lanes_t))((bit) == 1 ? 0xaa : (bit) == 2 ? 0xcc : 0xf0))
#    define ONE(x)          _mm512_set1_epi64(x)
#else
typedef __mmask16 FN(lanes_t);
#    define IOTA _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)
#    define LANES_WITH(bit)                                                                        \
        ((FN(lanes_t))((bit) == 1 ? 0xaaaa : (bit) == 2 ? 0xcccc : (bit) == 4 ? 0xf0f0 : 0xff00))
#    define ONE(x) _mm512_set1_epi32(x)
#endif

TARGET static ALWAYS __m512i FN(load)(const KEY *v)
{
    return _mm512_loadu_si512(v);
}

TARGET static ALWAYS void FN(store)(KEY *v, __m512i x)
{
    _mm512_storeu_si512(v, x);
}

/* The first n lanes, n <= LANES. */
TARGET static ALWAYS FN(lanes_t) FN(first)(size_t n)
{
    return (FN(lanes_t))((1u << n) - 1);
}

typedef struct FN(masks_t) {
    __m512i negative, all;
} FN(masks_t);

TARGET static ALWAYS FN(masks_t) FN(masks)(const par__sort_order_t *order)
{
    return (FN(masks_t)){ONE((KEY)order->negative), ONE((KEY)order->all)};
}

TARGET static ALWAYS __m512i FN(map)(__m512i x, FN(masks_t) m)
{
    __m512i sign = V(srai)(x, KEY_BITS - 1);
    return _mm512_xor_si512(_mm512_xor_si512(x, _mm512_and_si512(sign, m.negative)), m.all);
}

/* ---- leaf ---- */

/* What lane l holds comes from lane l ^ by. */
TARGET static ALWAYS __m512i FN(swap)(__m512i x, int by)
{
    return V(permutexvar)(_mm512_xor_si512(IOTA, ONE(by)), x);
}

TARGET static ALWAYS void FN(exchange)(__m512i *a, __m512i *b)
{
    __m512i low = V(min)(*a, *b);
    *b = V(max)(*a, *b);
    *a = low;
}

TARGET static ALWAYS void FN(sort_columns)(__m512i *v, size_t rows)
{
#define X(i, j) FN(exchange)(&v[i], &v[j]);
    if (rows == 16) {
        NETWORK_16(X)
    } else if (rows == 8) {
        NETWORK_8(X)
    } else if (rows == 4) {
        NETWORK_4(X)
    } else if (rows == 2) {
        X(0, 1)
    }
#undef X
}

/* min in the lanes without the bit, max in those with it. */
TARGET static ALWAYS __m512i FN(exchange_lanes)(__m512i a, __m512i b, int bit)
{
    return V(mask_max)(V(min)(a, b), LANES_WITH(bit), a, b);
}

/* Merges sequences of `width` lanes by twos. */
TARGET static ALWAYS void FN(merge_columns)(__m512i *v, size_t rows, int width)
{
    UNROLL for (size_t i = 0; i < (rows + 1) / 2; i++)
    {
        __m512i a = v[i], b = v[rows - 1 - i];
        v[i] = FN(exchange_lanes)(a, FN(swap)(b, 2 * width - 1), width);
        if (rows > 1) v[rows - 1 - i] = FN(exchange_lanes)(b, FN(swap)(a, 2 * width - 1), width);
    }
    UNROLL for (int by = width / 2; by > 0; by /= 2) UNROLL for (size_t i = 0; i < rows; i++) v[i] =
        FN(exchange_lanes)(v[i], FN(swap)(v[i], by), by);
    UNROLL for (size_t by = rows / 2; by > 0; by /= 2)
        UNROLL for (size_t i = 0; i < rows; i++) if ((i & by) == 0) FN(exchange)(&v[i], &v[i + by]);
}

/* Rank lane * rows + row becomes rank row * LANES + lane: with the bits of row and lane written one
 * behind the other, each step rotates them by one. */
TARGET static ALWAYS void FN(interleave)(__m512i *v, size_t rows)
{
    __m512i half = V(srli)(IOTA, 1);
    __m512i other = _mm512_and_si512(V(slli)(IOTA, KEY_BITS == 64 ? 3 : 4), ONE(FN(LANES)));
    __m512i low = _mm512_or_si512(half, other);
    __m512i high = V(add)(low, ONE(FN(LANES) / 2));
    __m512i w[16];
    UNROLL for (size_t step = rows; step > 1; step /= 2)
    {
        UNROLL for (size_t i = 0; i < rows / 2; i++)
        {
            w[2 * i] = V(permutex2var)(v[i], low, v[i + rows / 2]);
            w[2 * i + 1] = V(permutex2var)(v[i], high, v[i + rows / 2]);
        }
        UNROLL for (size_t i = 0; i < rows; i++) v[i] = w[i];
    }
}

TARGET static ALWAYS void FN(sort_matrix)(__m512i *v, size_t rows)
{
    FN(sort_columns)(v, rows);
    FN(merge_columns)(v, rows, 1);
    FN(merge_columns)(v, rows, 2);
    FN(merge_columns)(v, rows, 4);
    if (FN(LANES) == 16) FN(merge_columns)(v, rows, 8);
    FN(interleave)(v, rows);
}

/* n <= rows * LANES keys, more than half of that if rows > 1. */
TARGET static ALWAYS void
FN(leaf_of)(KEY *x, size_t n, size_t rows, FN(masks_t) in, FN(masks_t) out)
{
    __m512i v[16], last = ONE(KEY_MAX);
    UNROLL for (size_t i = 0; i < rows; i++)
    {
        if (i < rows / 2 || (i + 1) * LANES <= n)
            v[i] = FN(map)(FN(load)(x + i * LANES), in);
        else if (i * LANES < n)
            v[i] =
                V(mask_mov)(last, FN(first)(n - i * LANES),
                            FN(map)(V(maskz_loadu)(FN(first)(n - i * LANES), x + i * LANES), in));
        else
            v[i] = last;
    }
    FN(sort_matrix)(v, rows);
    UNROLL for (size_t i = 0; i < rows; i++)
    {
        if (i < rows / 2 || (i + 1) * LANES <= n)
            FN(store)(x + i * LANES, FN(map)(v[i], out));
        else if (i * LANES < n)
            V(mask_storeu)(x + i * LANES, FN(first)(n - i * LANES), FN(map)(v[i], out));
    }
}

/* Sorts n <= LEAF keys and maps them back; is_raw: they are not mapped yet. */
TARGET static NOINLINE void FN(leaf)(KEY *x, size_t n, bool is_raw, const par__sort_order_t *order)
{
    FN(masks_t) out = FN(masks)(order), none = {{0}, {0}}, in = is_raw ? out : none;
    if (n > 8 * LANES)
        FN(leaf_of)(x, n, 16, in, out);
    else if (n > 4 * LANES)
        FN(leaf_of)(x, n, 8, in, out);
    else if (n > 2 * LANES)
        FN(leaf_of)(x, n, 4, in, out);
    else if (n > LANES)
        FN(leaf_of)(x, n, 2, in, out);
    else
        FN(leaf_of)(x, n, 1, in, out);
}

/* ---- pivot ---- */

/* The median of 4 or 8 vectors spread over n > LEAF keys. Where they lie is not known before. */
TARGET static ALWAYS KEY FN(median_of)(const KEY *x, size_t n, size_t rows, FN(masks_t) in)
{
    __m512i v[16];
    KEY sorted[512 / KEY_BITS];
    size_t step = (n - LANES) / rows;
    UNROLL for (size_t i = 0; i < rows; i++) v[i] =
        FN(map)(FN(load)(x + i * step + (n * 0x9e3779b9u >> (i + 3)) % step), in);
    FN(sort_columns)(v, rows);
    FN(merge_columns)(v, rows, 1);
    FN(merge_columns)(v, rows, 2);
    FN(merge_columns)(v, rows, 4);
    if (FN(LANES) == 16) FN(merge_columns)(v, rows, 8);
    FN(store)((KEY *)sorted, v[rows - 1]); /* lane l: rank (l + 1) * rows - 1 */
    return sorted[LANES / 2 - 1];
}

TARGET static NOINLINE KEY FN(median)(const KEY *x,
                                      size_t n,
                                      bool is_raw,
                                      const par__sort_order_t *order)
{
    FN(masks_t) none = {{0}, {0}}, in = is_raw ? FN(masks)(order) : none;
    if (n < 64 * LANES) return FN(median_of)(x, n, 4, in);
    return FN(median_of)(x, n, 16, in);
}

/* ---- partition ---- */

/* How many keys went to the front, and the extremes of all. */
typedef struct FN(cut_t) {
    size_t n_small;
    KEY least, greatest;
} FN(cut_t);

typedef struct FN(ends_t) {
    KEY *low, *high; /* where the next small key goes; behind where the next large one goes */
    __m512i pivot, least, greatest;
    FN(masks_t) in;
} FN(ends_t);

TARGET static ALWAYS void FN(put)(FN(ends_t) * e, __m512i x)
{
    FN(lanes_t) large = V_GREATER(x, e->pivot);
    size_t n_small = LANES - (size_t)__builtin_popcount(large);
    __m512i small = V(maskz_compress)((FN(lanes_t)) ~large, x);
    __m512i both = V(mask_expand)(small, (FN(lanes_t))((unsigned)ALL_LANES << n_small),
                                  V(maskz_compress)(large, x));
    FN(store)(e->low, both);
    FN(store)(e->high - LANES, both);
    e->low += n_small;
    e->high -= LANES - n_small;
}

TARGET static ALWAYS __m512i FN(take)(FN(ends_t) * e, const KEY *x, bool is_raw)
{
    __m512i v = FN(load)(x);
    if (is_raw) v = FN(map)(v, e->in);
    e->least = V(min)(e->least, v);
    e->greatest = V(max)(e->greatest, v);
    return v;
}

/* The n < LANES keys at x, which lie between the ends' rooms. */
TARGET static ALWAYS void FN(put_rest)(FN(ends_t) * e, const KEY *x, size_t n, bool is_raw)
{
    FN(lanes_t) there = FN(first)(n);
    __m512i v = V(maskz_loadu)(there, x);
    if (is_raw) v = FN(map)(v, e->in);
    e->least = V(mask_min)(e->least, there, e->least, v);
    e->greatest = V(mask_max)(e->greatest, there, e->greatest, v);
    FN(lanes_t) large = (FN(lanes_t))(V_GREATER(v, e->pivot) & there);
    size_t n_large = (size_t)__builtin_popcount(large), n_small = n - n_large;
    __m512i low = V(maskz_compress)((FN(lanes_t))(~large & there), v);
    V(mask_storeu)(e->low, FN(first)(n_small), low);
    V(mask_storeu)(e->high - n_large, FN(first)(n_large), V(maskz_compress)(large, v));
    e->low += n_small;
    e->high -= n_large;
}

TARGET static ALWAYS FN(cut_t)
    FN(partition_of)(KEY *x, size_t n, KEY pivot, bool is_raw, const par__sort_order_t *order)
{
    enum { U = 4 };
    __m512i kept[2 * U], v[U];
    FN(ends_t) e = {x, x + n, ONE(pivot), ONE(KEY_MAX), ONE(KEY_MIN), FN(masks)(order)};
    KEY *left = x + U * LANES, *right = x + n - U * LANES; /* not read yet: from left to right */
    UNROLL for (size_t i = 0; i < U; i++)
    {
        kept[i] = FN(take)(&e, x + i * LANES, is_raw);
        kept[U + i] = FN(take)(&e, right + i * LANES, is_raw);
    }
    while ((size_t)(right - left) >= U * LANES) {
        const KEY *from = left;
        if (left - e.low > e.high - right)
            from = right -= U * LANES;
        else
            left += U * LANES;
        UNROLL for (size_t i = 0; i < U; i++) v[i] = FN(take)(&e, from + i * LANES, is_raw);
        UNROLL for (size_t i = 0; i < U; i++) FN(put)(&e, v[i]);
    }
    while ((size_t)(right - left) >= LANES) {
        const KEY *from = left;
        if (left - e.low > e.high - right)
            from = right -= LANES;
        else
            left += LANES;
        FN(put)(&e, FN(take)(&e, from, is_raw));
    }
    FN(put_rest)(&e, left, (size_t)(right - left), is_raw);
    UNROLL for (size_t i = 0; i < 2 * U; i++) FN(put)(&e, kept[i]);
    return (FN(cut_t)){(size_t)(e.low - x), V(reduce_min)(e.least), V(reduce_max)(e.greatest)};
}

/* Moves the keys that are not above the pivot to the front. n > LEAF. */
TARGET static NOINLINE FN(cut_t)
    FN(partition)(KEY *x, size_t n, KEY pivot, bool is_raw, const par__sort_order_t *order)
{
    return is_raw ? FN(partition_of)(x, n, pivot, true, order)
                  : FN(partition_of)(x, n, pivot, false, order);
}

#undef LANES
#undef ALL_LANES
#undef IOTA
#undef LANES_WITH
#undef ONE
