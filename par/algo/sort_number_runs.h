/* sort_number_runs.h - arrays that are sorted already, or backwards: for one width of keys, included
 * before sort_number_quick.h. The test costs nothing where the first keys are neither. */

/* Keys between two looks whether somebody has found that it is no run. */
enum { FN(RUN_BLOCK) = 1024 };
/* So many keys are looked at first. */
enum { FN(RUN_START) = 64 };

typedef struct FN(run_t) {
    KEY *x;
    size_t n;
    const par__sort_order_t *order;
    bool is_broken; /* any thread sets it, relaxed: it only saves work until the end of the loop */
} FN(run_t);

TARGET static inline KEY FN(mapped)(KEY x, par__sort_order_t order)
{
    return (KEY)(x ^ (KEY)((x >> (KEY_BITS - 1)) & (KEY)order.negative) ^ (KEY)order.all);
}

/* No key above its successor, for n keys and the one behind them. */
TARGET static bool FN(ascends)(const KEY *x, size_t n, const par__sort_order_t *order)
{
    const par__sort_order_t o = *order;
    KEY is_broken = 0;
    for (size_t i = 0; i < n; i++)
        is_broken |= FN(mapped)(x[i], o) > FN(mapped)(x[i + 1], o);
    return !is_broken;
}

TARGET static bool FN(descends)(const KEY *x, size_t n, const par__sort_order_t *order)
{
    const par__sort_order_t o = *order;
    KEY is_broken = 0;
    for (size_t i = 0; i < n; i++)
        is_broken |= FN(mapped)(x[i], o) < FN(mapped)(x[i + 1], o);
    return !is_broken;
}

#define RUN_SCAN(verb)                                                                             \
    static void FN(verb##_scan)(size_t begin, size_t end, void *ctx)                               \
    {                                                                                              \
        FN(run_t) *r = ctx;                                                                        \
        while (begin < end && !__atomic_load_n(&r->is_broken, __ATOMIC_RELAXED)) {                 \
            size_t n = end - begin < FN(RUN_BLOCK) ? end - begin : (size_t)FN(RUN_BLOCK);          \
            if (!FN(verb)(r->x + begin, n, r->order))                                              \
                __atomic_store_n(&r->is_broken, true, __ATOMIC_RELAXED);                           \
            begin += n;                                                                            \
        }                                                                                          \
    }
RUN_SCAN(ascends)
RUN_SCAN(descends)
#undef RUN_SCAN

TARGET static void FN(reverse_block)(size_t begin, size_t end, void *ctx)
{
    const FN(run_t) *r = ctx;
    KEY *front = r->x, *back = r->x + (r->n - 1);
    for (size_t i = begin; i < end; i++) {
        KEY key = front[i];
        front[i] = *(back - i);
        *(back - i) = key;
    }
}

static void FN(run_each)(const FN(run_t) * r, size_t n, par_range_fn *body, double ns)
{
    par_options_t options = PAR_OPTIONS_INIT;
    options.item_ns = ns;
    options.grain = 4 * FN(RUN_BLOCK);
    if (n <= options.grain)
        body(0, n, (void *)(uintptr_t)r);
    else
        par_for_range(0, n, body, (void *)(uintptr_t)r, &options);
}

/* Sorts x if it is a run, upwards or downwards; n > RUN_START. */
static bool FN(sort_run)(KEY *x, size_t n, const par__sort_order_t *order)
{
    FN(run_t) r = {x, n, order, false};
    if (FN(ascends)(x, FN(RUN_START), order)) {
        FN(run_each)(&r, n - 1, FN(ascends_scan), 0.3);
        if (!r.is_broken) return true;
        r.is_broken = false;
    }
    if (!FN(descends)(x, FN(RUN_START), order)) return false;
    FN(run_each)(&r, n - 1, FN(descends_scan), 0.3);
    if (r.is_broken) return false;
    FN(run_each)(&r, n / 2, FN(reverse_block), 0.6);
    return true;
}
