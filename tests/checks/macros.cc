// macros.cc - the definer macros and the overloads of the number verbs, as a C++11 program uses them.
#include <cmath>
#include <vector>

#include <par/par.h>

#include "expect.h"

struct scale_t {
    double *x;
    double factor;
};

PAR_DEFINE_FOR(scale_all, scale_t, s, i)
{
    s.x[i] *= s.factor;
}

PAR_DEFINE_MAP(sqrt_all, double, float, x)
{
    return std::sqrt(static_cast<double>(x));
}

PAR_DEFINE_MAP_CTX(times_all, double, double, x, double, factor)
{
    return x * factor;
}

PAR_DEFINE_REDUCE(squares, double, 0.0, a, b, a + b, const double *, x, i)
{
    return x[i] * x[i];
}

PAR_DEFINE_REDUCE_COMMUTATIVE(fast_squares, double, 0.0, a, b, a + b, const double *, x, i)
{
    return x[i] * x[i];
}

PAR_DEFINE_TRY_FOR(all_positive, const double *, x, i)
{
    return x[i] > 0 ? 0 : 33;
}

PAR_DEFINE_TRY_REDUCE(sum_of_logs, double, 0.0, a, b, a + b, const double *, x, i, value)
{
    *value = std::log(x[i]);
    return x[i] > 0 ? 0 : 33;
}

PAR_DEFINE_SCAN(running_squares, double, 0.0, a, b, a + b, const double *, x, i)
{
    return x[i] * x[i];
}

PAR_DEFINE_FILTER(positive, double, x)
{
    return x > 0;
}

PAR_DEFINE_FILTER_CTX(above, double, x, double, bound)
{
    return x > bound;
}

PAR_DEFINE_FILTER_MAP(logs_of, float, double, x, result)
{
    *result = x > 0 ? static_cast<float>(std::log(x)) : 0;
    return x > 0;
}

// 0, 1, 2, 3, 0, 1, ...
static void scans_and_filters()
{
    const size_t n = 1000;
    std::vector<double> x(n), out(n), rest(n);
    std::vector<size_t> place(n);
    std::vector<float> logs(n);
    for (size_t i = 0; i < n; ++i)
        x[i] = static_cast<double>(i % 4);
    EXPECT(running_squares(out.data(), n, x.data()) == 250 * (1 + 4 + 9));
    EXPECT(running_squares_exclusive(out.data(), n, x.data()) == 250 * (1 + 4 + 9));
    EXPECT(par_scan_sum(out.data(), x.data(), n) == 1500 && out[3] == 6);
    EXPECT(par_scan_max(out.data(), x.data(), n) == 3 && out[1] == 1);
    EXPECT(par_scan_min_exclusive(out.data(), x.data(), n) == 0);
    EXPECT(positive(out.data(), x.data(), n) == 750 && out[3] == 1);
    EXPECT(positive_index(place.data(), x.data(), n) == 750 && place[3] == 5);
    EXPECT(above(out.data(), x.data(), n, 2) == 250 && out[249] == 3);
    EXPECT(above_index(place.data(), x.data(), n, 2) == 250 && place[249] == 999);
    EXPECT(above_partition(out.data(), rest.data(), x.data(), n, 2) == 250 && rest[3] == 0);
    EXPECT(positive_partition(out.data(), rest.data(), x.data(), n) == 750 && rest[249] == 0);
    EXPECT(logs_of(logs.data(), x.data(), n) == 750 && logs[0] == 0 && logs[2] > 1);
    EXPECT(par_filter_less(out.data(), x.data(), n, 1.0) == 250);
    EXPECT(par_filter_between(out.data(), x.data(), n, 0.0, 1.0) == 500);
    EXPECT(par_filter_greater(out.data(), x.data(), n, 0.0) == 750);
    EXPECT(par_filter_not_equal(out.data(), x.data(), n, 3.0) == 750);
}

struct counts_t {
    size_t small, large;
};

static inline void counts_add(counts_t *left, const counts_t *right)
{
    left->small += right->small;
    left->large += right->large;
}

PAR_DEFINE_FOR_LOCAL(count_all, counts_t, counts, counts_add, par_random_t, random, i)
{
    ++(par_random_double(random, i) < 0.5 ? counts->small : counts->large);
}

static void failing_forms()
{
    std::vector<double> x(1000, 0.5);
    par_cancel_t stop = PAR_CANCEL_INIT;
    par_options_t options = PAR_OPTIONS_INIT;
    size_t failed = 0;
    double logs = 0;
    counts_t counts = {0, 0};
    options.cancel = &stop;
    x[77] = 0;
    EXPECT(all_positive(0, x.size(), x.data(), &failed) == 33 && failed == 77);
    EXPECT(all_positive_in(80, x.size(), x.data(), &failed, &options) == 0);
    EXPECT(failed == x.size() && par_cancel_status(&stop) == PAR_OK);
    EXPECT(sum_of_logs(0, x.size(), &logs, x.data(), nullptr) == 33 && logs == 0);
    EXPECT(sum_of_logs(80, x.size(), &logs, x.data(), nullptr) == 0 && logs < -600);
    count_all(0, x.size(), &counts, par_random_stream(par_random_seed(1), 2));
    EXPECT(counts.small > 300 && counts.large > 300 && counts.small + counts.large == x.size());
    EXPECT(par_random_below(par_random_seed(3), 4, 10) < 10 && par_random_normal({1}, 2) < 9);
}

PAR_DEFINE_FOR_2D(transpose, scale_t, s, row, col)
{
    s.x[col * 10 + row] *= s.factor;
}

PAR_DEFINE_FOR_3D(clear, double *, x, plane, row, col)
{
    if (plane == row) return;
    x[(plane * 10 + row) * 10 + col] = 0;
}

PAR_DEFINE_FOR_STRIDED(bump, double *, x, i)
{
    x[i] += 1;
}

PAR_DEFINE_FOR_WORK(count_down, unsigned, item, double *, x, work)
{
    x[item] += 1;
    if (item > 0) count_down_add(work, item - 1);
}

PAR_DEFINE_SORT_BY_KEY(sort_by_factor, scale_t, double, s)
{
    return s->factor;
}

PAR_DEFINE_SORT_BY_KEY(sort_by_size, scale_t, unsigned char, s)
{
    return static_cast<unsigned char>(s->factor);
}

static void sorts()
{
    std::vector<double> keys = {3, 1, 2};
    std::vector<scale_t> records = {{nullptr, 3}, {nullptr, 1}, {nullptr, 2}};
    std::vector<size_t> sizes = {2, 1, 3};
    par_sort_pairs(keys.data(), records.data(), keys.size());
    EXPECT(keys[0] == 1 && records[0].factor == 1 && records[2].factor == 3);
    records[0].factor = 5;
    sort_by_factor(records.data(), records.size());
    EXPECT(records[0].factor == 2 && records[2].factor == 5);
    records[0].factor = 9;
    sort_by_size(records.data(), records.size());
    EXPECT(records[0].factor == 3 && records[2].factor == 9);
    keys[1] = 8;
    par_sort(keys.data(), keys.size());
    par_sort(sizes.data(), sizes.size());
    EXPECT(keys[2] == 8 && sizes[0] == 1 && sizes[2] == 3);
}

static void orders()
{
    std::vector<double> v = {3, 1, 2, 1}, merged(8), least(2);
    std::vector<size_t> where(4), above(4);
    par_nth(v.data(), v.size(), 3);
    EXPECT(v[3] == 3);
    EXPECT(par_top(least.data(), 2, v.data(), v.size()) == 2 && least[1] == 1);
    par_sort_first(v.data(), v.size(), 4);
    EXPECT(par_is_sorted(v.data(), v.size()));
    par_merge(merged.data(), v.data(), v.size(), v.data(), v.size());
    par_lower_bounds(where.data(), v.data(), v.size(), merged.data(), merged.size());
    par_upper_bounds(above.data(), v.data(), v.size(), merged.data(), merged.size());
    EXPECT(where[1] == 0 && where[3] == 6 && above[1] == 4 && above[3] == 8);
    EXPECT(par_unique(merged.data(), merged.size()) == 3 && merged[2] == 3);
}

static void add_one(void *ctx)
{
    ++*static_cast<int *>(ctx);
}

static void joins()
{
    int a = 0, b = 0, c = 0;
    PAR_JOIN_N({add_one, &a}, {add_one, &b}, {add_one, &c});
    EXPECT(a + b + c == 3);
}

static void loops()
{
    std::vector<double> x(1000), y(1000);
    const std::vector<float> f(1000, 4.0f);
    par_options_t options = PAR_OPTIONS_INIT;
    options.grain = 3;

    sqrt_all(x.data(), f.data(), x.size());
    EXPECT(x[0] == 2 && x[999] == 2);
    times_all(y.data(), x.data(), x.size(), 3.0);
    EXPECT(y[0] == 6 && y[999] == 6);
    scale_all(0, x.size(), scale_t{x.data(), 2.0});
    EXPECT(x[999] == 4);
    scale_all_in(0, x.size(), scale_t{x.data(), 0.5}, &options);
    transpose({0, 10, 0, 10}, scale_t{x.data(), 2.0});
    EXPECT(x[0] == 4 && x[99] == 4 && x[100] == 2);
    transpose_in(par_range_2d_t{0, 10, 0, 10}, scale_t{x.data(), 0.5}, &options);
    EXPECT(x[0] == 2 && x[99] == 2 && x[100] == 2);
    clear({0, 10, 0, 5, 0, 10}, y.data());
    clear_in({0, 10, 5, 10, 0, 10}, y.data(), &options);
    EXPECT(par_count(y.data(), y.size(), 0.0) == 900);
    bump(9, -1, -2, x.data());
    bump_in(0, 9, 2, x.data(), &options);
    EXPECT(x[0] == 3 && x[1] == 3 && x[9] == 3 && x[10] == 2);
    const unsigned first = 5;
    count_down(&first, 1, x.data());
    count_down_in(&first, 1, x.data(), &options);
    EXPECT(x[0] == 5 && x[5] == 5 && x[6] == 3);
}

static void numbers()
{
    std::vector<double> x(1000, 2.0), y(1000);
    const std::vector<float> f(1000, 4.0f);
    const std::vector<size_t> sizes(3, 2);
    const double *cx = x.data();
    par_options_t options = PAR_OPTIONS_INIT;
    double low = 0, high = 0;
    x[10] = 1;
    x[20] = 5;
    EXPECT(par_sum(cx, x.size()) == 2002 && par_sum(sizes.data(), sizes.size()) == 6);
    EXPECT(par_dot(x.data(), cx, x.size()) == 4 * 998 + 26);
    EXPECT(squares(0, x.size(), cx) == 4 * 998 + 26);
    EXPECT(fast_squares_in(0, x.size(), cx, &options) == 4 * 998 + 26);
    par_minmax(cx, x.size(), &low, &high);
    EXPECT(low == 1 && par_min(cx, x.size()) == 1 && par_min_index(cx, x.size()) == 10);
    EXPECT(high == 5 && par_max(x.data(), x.size()) == 5 && par_max_index(cx, x.size()) == 20);
    par_fill(y.data(), y.size(), 0.5);
    EXPECT(par_count(y.data(), y.size(), 0.5) == y.size());
    EXPECT(par_sum_exact(y.data(), y.size()) == 500 && par_sum_exact(f.data(), f.size()) == 4000);
    par_copy(y.data(), cx, y.size());
    EXPECT(x == y);
}

int main()
{
    loops();
    numbers();
    failing_forms();
    scans_and_filters();
    sorts();
    orders();
    joins();
    return n_wrong == 0 ? 0 : 1;
}
