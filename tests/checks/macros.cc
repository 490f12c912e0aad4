// macros.cc - the definer macros and the overloads of the number verbs, as a C++11 program uses them.
#include <cmath>
#include <vector>

#include <par/par.h>

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

static bool scans_and_filters(const std::vector<double> &x)
{
    const size_t n = x.size();
    std::vector<double> out(n), rest(n);
    std::vector<size_t> place(n);
    std::vector<float> logs(n);
    return running_squares(out.data(), n, x.data()) >= 0 &&
           running_squares_exclusive(out.data(), n, x.data()) >= 0 &&
           par_scan_sum(out.data(), x.data(), n) <= par_scan_max(out.data(), x.data(), n) &&
           par_scan_min_exclusive(out.data(), x.data(), n) < 1 &&
           positive(out.data(), x.data(), n) + positive_index(place.data(), x.data(), n) > 0 &&
           above(out.data(), x.data(), n, 2) + above_index(place.data(), x.data(), n, 2) > 0 &&
           above_partition(out.data(), rest.data(), x.data(), n, 2) > 0 &&
           positive_partition(out.data(), rest.data(), x.data(), n) > 0 &&
           logs_of(logs.data(), x.data(), n) > par_filter_less(out.data(), x.data(), n, 0.0) &&
           par_filter_between(out.data(), x.data(), n, 0.0, 1.0) == 0 &&
           par_filter_greater(out.data(), x.data(), n, 0.0) +
                   par_filter_not_equal(out.data(), x.data(), n, 0.0) ==
               n;
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

static bool failing_forms(const std::vector<double> &x)
{
    par_cancel_t stop = PAR_CANCEL_INIT;
    par_options_t options = PAR_OPTIONS_INIT;
    size_t failed = 0;
    double logs = 0;
    counts_t counts = {0, 0};
    options.cancel = &stop;
    count_all(0, x.size(), &counts, par_random_stream(par_random_seed(1), 2));
    return all_positive(0, x.size(), x.data(), &failed) == 33 &&
           all_positive_in(0, x.size(), x.data(), &failed, &options) == 33 &&
           sum_of_logs(0, x.size(), &logs, x.data(), nullptr) == 33 &&
           par_cancel_status(&stop) == PAR_OK && counts.small + counts.large == x.size() &&
           par_random_below(par_random_seed(3), 4, 10) < 10 && par_random_normal({1}, 2) < 9;
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

static bool sorts()
{
    std::vector<double> keys(3, 1.0);
    std::vector<scale_t> records(3, scale_t{nullptr, 1.0});
    std::vector<size_t> sizes(3, 2);
    par_sort(keys.data(), keys.size());
    par_sort(sizes.data(), sizes.size());
    par_sort_pairs(keys.data(), records.data(), keys.size());
    par_nth(sizes.data(), sizes.size(), 0);
    par_sort_first(sizes.data(), sizes.size(), 1);
    par_merge(sizes.data(), sizes.data(), 0, sizes.data(), 0);
    bool is_sorted = par_is_sorted(keys.data(), keys.size()) &&
                     par_top(keys.data(), 0, keys.data(), 0) == 0 &&
                     par_unique(sizes.data(), 0) == 0;
    par_lower_bounds(sizes.data(), keys.data(), 0, keys.data(), keys.size());
    par_upper_bounds(sizes.data(), keys.data(), 0, keys.data(), keys.size());
    sort_by_factor(records.data(), records.size());
    sort_by_size(records.data(), records.size());
    return sizes[0] == 2 && is_sorted;
}

static void add_one(void *ctx)
{
    ++*static_cast<int *>(ctx);
}

static int add_ones()
{
    int a = 0, b = 0, c = 0;
    PAR_JOIN_N({add_one, &a}, {add_one, &b}, {add_one, &c});
    return a + b + c;
}

int main()
{
    std::vector<double> x(1000), y(1000);
    const std::vector<float> f(1000, 4.0f);
    const std::vector<size_t> sizes(3, 2);
    const double *cx = x.data();
    par_options_t options = PAR_OPTIONS_INIT;
    options.grain = 3;

    sqrt_all(x.data(), f.data(), x.size());
    times_all(y.data(), cx, x.size(), 3.0);
    scale_all(0, x.size(), scale_t{x.data(), 2.0});
    scale_all_in(0, x.size(), scale_t{x.data(), 0.5}, &options);
    transpose({0, 10, 0, 10}, scale_t{x.data(), 1.0});
    transpose_in(par_range_2d_t{0, 10, 0, 10}, scale_t{x.data(), 1.0}, &options);
    clear({0, 10, 0, 10, 0, 10}, y.data());
    clear_in({0, 10, 0, 10, 0, 10}, y.data(), &options);
    bump(9, -1, -2, x.data());
    bump_in(0, 9, 2, x.data(), &options);
    const unsigned first[] = {5, 3};
    count_down(first, 2, x.data());
    count_down_in(first, 2, x.data(), &options);
    par_fill(y.data(), y.size(), 0.5);
    par_copy(y.data(), cx, y.size());

    const double total = par_sum(cx, x.size()) + par_dot(x.data(), cx, x.size()) +
                         par_min(cx, x.size()) + par_max(x.data(), x.size());
    const uint64_t six = par_sum(sizes.data(), sizes.size());
    const double both = squares(0, x.size(), cx) + fast_squares_in(0, x.size(), cx, &options);
    double low = 0.0, high = 0.0;
    par_minmax(cx, x.size(), &low, &high);
    const bool agree = x[par_min_index(cx, x.size())] == low && par_max(cx, x.size()) == high &&
                       x[par_max_index(x.data(), x.size())] == high &&
                       par_count(y.data(), y.size(), 0.5) == y.size() &&
                       par_sum_exact(y.data(), y.size()) == 500.0 &&
                       par_sum_exact(f.data(), f.size()) == 4000.0f;
    return agree && total + both > 0 && six == 6 && failing_forms(y) && scans_and_filters(y) &&
                   sorts() && add_ones() == 3
               ? 0
               : 1;
}
