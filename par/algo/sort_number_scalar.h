/* sort_number_scalar.h - the kernels of quick sort for one width of keys, in plain C. Included by
 * sort_number_portable.c, which defines KEY, KEY_BITS and FN(name). */

/* Insertion is best up to here. */
enum { FN(LEAF) = 32 };

static inline KEY FN(map)(KEY x, const par__sort_order_t *order)
{
    return (KEY)(x ^ (x < 0 ? (KEY)order->negative : 0) ^ (KEY)order->all);
}

static void FN(leaf)(KEY *x, size_t n, bool is_raw, const par__sort_order_t *order)
{
    KEY sorted[FN(LEAF)];
    for (size_t i = 0; i < n; i++) {
        KEY key = is_raw ? FN(map)(x[i], order) : x[i];
        size_t j = i;
        for (; j > 0 && sorted[j - 1] > key; j--)
            sorted[j] = sorted[j - 1];
        sorted[j] = key;
    }
    for (size_t i = 0; i < n; i++)
        x[i] = FN(map)(sorted[i], order);
}

static inline KEY FN(middle_of)(KEY a, KEY b, KEY c)
{
    KEY low = a < b ? a : b, high = a < b ? b : a;
    return c < low ? low : c > high ? high : c;
}

/* The median of medians of 3, as many as pay. Where they lie is not known before. */
static KEY FN(median)(const KEY *x, size_t n, bool is_raw, const par__sort_order_t *order)
{
    KEY key[9];
    size_t step = n / 9;
    for (size_t i = 0; i < 9; i++) {
        KEY k = x[i * step + (n * 0x9e3779b9u >> (i + 3)) % step];
        key[i] = is_raw ? FN(map)(k, order) : k;
    }
    return FN(middle_of)(FN(middle_of)(key[0], key[3], key[6]),
                         FN(middle_of)(key[1], key[4], key[7]),
                         FN(middle_of)(key[2], key[5], key[8]));
}

/* How many keys went to the front, and the extremes of all. */
typedef struct FN(cut_t) {
    size_t n_small;
    KEY least, greatest;
} FN(cut_t);

static inline FN(cut_t)
    FN(partition_of)(KEY *x, size_t n, KEY pivot, bool is_raw, const par__sort_order_t *order)
{
    FN(cut_t) c = {0, KEY_MAX, KEY_MIN};
    for (size_t i = 0; i < n; i++) {
        KEY key = is_raw ? FN(map)(x[i], order) : x[i];
        c.least = key < c.least ? key : c.least;
        c.greatest = key > c.greatest ? key : c.greatest;
        x[i] = x[c.n_small];
        x[c.n_small] = key;
        c.n_small += key <= pivot; /* no branch, which would be mispredicted */
    }
    return c;
}

/* Moves the keys that are not above the pivot to the front. */
static FN(cut_t)
    FN(partition)(KEY *x, size_t n, KEY pivot, bool is_raw, const par__sort_order_t *order)
{
    return is_raw ? FN(partition_of)(x, n, pivot, true, order)
                  : FN(partition_of)(x, n, pivot, false, order);
}
