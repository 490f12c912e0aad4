// macros_search.cc - searches, comparisons, tables, texts and pipelines, as a C++11 program uses them.
#include <cstring>
#include <vector>

#include <par/par.h>

#include "expect.h"

struct offer_t {
    double price;
    int shop;
};

PAR_DEFINE_FIND(is_free, const offer_t *, offer, i)
{
    return offer[i].price <= 0;
}

PAR_DEFINE_EQUAL(offers, offer_t, offer_t, a, b)
{
    return a.price == b.price && a.shop == b.shop;
}

PAR_DEFINE_MIN_BY_KEY(cheapest, double, const offer_t *, offer, i)
{
    return offer[i].price;
}

PAR_DEFINE_MAX_BY_KEY(last_shop, int, const offer_t *, offer, i)
{
    return offer[i].shop;
}

PAR_DEFINE_BEST(best, offer_t, a, b)
{
    return a->price < b->price || (a->price == b->price && a->shop < b->shop);
}

PAR_DEFINE_TABULATE(make_offers, offer_t, double, price, i)
{
    return {price + static_cast<double>(i % 7), static_cast<int>(i)};
}

PAR_DEFINE_FOR_LINES(add_lengths, size_t *, count, line)
{
    if (line.n > 0) __atomic_fetch_add(count, line.n, __ATOMIC_RELAXED);
}

static void searches()
{
    std::vector<offer_t> x(5000);
    const size_t n = x.size();
    const offer_t *const at = x.data();
    make_offers(x.data(), n, 1.0);
    EXPECT(is_free_find_first(0, n, at) == n && is_free_find_last(0, n, at) == n);
    EXPECT(is_free_find_any(0, n, at) == n && !is_free_any(0, n, at) && is_free_none(0, n, at));
    EXPECT(!is_free_all(0, n, at) && is_free_count_if(0, n, at) == 0);
    EXPECT(offers_equal(at, at, n) && offers_mismatch(at, at, n) == n);
    EXPECT(cheapest(0, n, at) == 0 && last_shop(0, n, at) == n - 1 && best(at, n) == 0);
    x[100].price = x[200].price = 0;
    EXPECT(is_free_find_first(0, n, at) == 100 && is_free_find_last(0, n, at) == 200);
    EXPECT(is_free_any(0, n, at) && !is_free_none(0, n, at) && is_free_count_if(0, n, at) == 2);
    EXPECT(cheapest(0, n, at) == 100 && best(at, n) == 100);
    EXPECT(offers_mismatch(at, at + 100, n - 100) == 0);
}

static void numbers()
{
    std::vector<int> x(1000), y(1000);
    std::vector<double> z(1000);
    const std::vector<double> same(1000, 2.0);
    par_iota(x.data(), x.size(), 5);
    par_iota(y.data(), y.size(), 5);
    par_iota(z.data(), z.size(), 0.5);
    par_reverse(x.data(), x.size(), sizeof x[0]);
    EXPECT(par_find(x.data(), x.size(), 5) == 999 && par_mismatch(x.data(), y.data(), 1000) == 0);
    EXPECT(!par_equal(x.data(), y.data(), 1000) && par_equal(same.data(), same.data(), 1000));
    par_shuffle(z.data(), z.size(), sizeof z[0], par_random_seed(1));
    EXPECT(par_find(z.data(), z.size(), 999.5) < 1000 && par_sum(z.data(), z.size()) == 500000);
}

static int stage_count(void *item, void *ctx)
{
    (void)item;
    return --*static_cast<int *>(ctx) >= 0 ? 0 : PAR_PIPELINE_END;
}

static void streams()
{
    const char text[] = "one\ntwo\r\n\nthree";
    const par_byteset_t e = par_byteset_of("e");
    size_t count = 0, n_done = 0;
    par_slice_t line[4];
    int left = 10, items[3];
    const par_stage_t stages[] = {{stage_count, &left, PAR_STAGE_SERIAL}};
    add_lengths(text, sizeof text - 1, &count);
    EXPECT(count == 11);
    EXPECT(par_lines(text, sizeof text - 1, line, 4) == 4 && line[1].n == 3);
    EXPECT(par_tokens(text, sizeof text - 1, &e, nullptr, 0) == 2);
    EXPECT(par_pipeline(items, 3, sizeof items[0], stages, 1, &n_done, nullptr) == 0);
    EXPECT(n_done == 10);
}

int main()
{
    searches();
    numbers();
    streams();
    return n_wrong == 0 ? 0 : 1;
}
