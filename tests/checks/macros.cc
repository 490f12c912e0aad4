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
    par_fill(y.data(), y.size(), 0.5);
    par_copy(y.data(), cx, y.size());

    const double total = par_sum(cx, x.size()) + par_dot(x.data(), cx, x.size()) +
                         par_min(cx, x.size()) + par_max(x.data(), x.size());
    const uint64_t six = par_sum(sizes.data(), sizes.size());
    const double both = squares(0, x.size(), cx) + fast_squares_in(0, x.size(), cx, &options);
    return total + both > 0 && six == 6 && add_ones() == 3 ? 0 : 1;
}
