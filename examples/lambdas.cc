// lambdas [N] - par from C++11: fills, sorts and adds up N numbers with lambdas.
//
// The adaptor is the namespace below: it passes the address of the lambda as ctx and calls it from
// a function that the compiler makes for its type. The lambda is inlined there, and par_join into
// the caller; nothing is allocated and no std::function is involved. The functions are noexcept:
// an exception that leaves a task ends the program, as one that leaves a std::thread does.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <type_traits>
#include <vector>

#include <par/par.h>

namespace lambda
{

template <class F> void call(void *f) noexcept
{
    (*static_cast<F *>(f))();
}

template <class A, class B> void join(A a, B b)
{
    par_join(call<A>, &a, call<B>, &b);
}

template <class F> void range_call(std::size_t begin, std::size_t end, void *f) noexcept
{
    (*static_cast<F *>(f))(begin, end);
}

// body(begin, end) does the indices from begin to before end.
template <class F> void for_range(std::size_t begin, std::size_t end, F body)
{
    par_for_range(begin, end, range_call<F>, &body, nullptr);
}

template <class T, class Fold, class Combine> struct reducer {
    Fold fold;
    Combine combine;
    static void fold_call(void *acc, std::size_t begin, std::size_t end, void *self) noexcept
    {
        static_cast<reducer *>(self)->fold(*static_cast<T *>(acc), begin, end);
    }
    static void combine_call(void *left, const void *right, void *self) noexcept
    {
        static_cast<reducer *>(self)->combine(*static_cast<T *>(left),
                                              *static_cast<const T *>(right));
    }
};

// fold(acc, begin, end) adds a range to acc; combine(left, right) adds right to left.
template <class T, class Fold, class Combine>
T reduce(std::size_t begin, std::size_t end, T identity, Fold fold, Combine combine)
{
    static_assert(std::is_trivially_copyable<T>::value, "par copies accumulators as bytes");
    using reducer_t = reducer<T, Fold, Combine>;
    reducer_t self{fold, combine};
    par_reduce(begin, end, &identity, sizeof identity, reducer_t::fold_call,
               reducer_t::combine_call, &self, nullptr);
    return identity;
}

} // namespace lambda

static void quicksort(double *begin, double *end)
{
    if (end - begin <= 512) {
        std::sort(begin, end);
        return;
    }
    double a = *begin, b = begin[(end - begin) / 2], c = end[-1];
    double pivot = std::max(std::min(a, b), std::min(std::max(a, b), c));
    double *less = std::partition(begin, end, [=](double x) { return x < pivot; });
    double *more = std::partition(less, end, [=](double x) { return !(pivot < x); });
    lambda::join([=] { quicksort(begin, less); }, [=] { quicksort(more, end); });
}

// The i-th of a fixed series of random numbers from 0 to 1 (splitmix64).
static double random_at(std::uint64_t i)
{
    std::uint64_t z = (i + 1) * 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return static_cast<double>((z ^ z >> 31) >> 11) / 9007199254740992.0;
}

int main(int argc, char **argv)
{
    char *rest = nullptr;
    const std::size_t n = argc > 1 ? std::strtoul(argv[1], &rest, 10) : 1000000;
    if (argc > 2 || (rest != nullptr && (*rest != '\0' || argv[1][0] < '0' || argv[1][0] > '9'))) {
        std::fputs("usage: lambdas [N]   (N: how many numbers)\n", stderr);
        return 1;
    }
    std::vector<double> numbers(n);
    lambda::for_range(0, n, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; i++)
            numbers[i] = random_at(i);
    });
    std::vector<double> expected = numbers;

    quicksort(numbers.data(), numbers.data() + n);
    const double sum = lambda::reduce(
        0, n, 0.0,
        [&](double &acc, std::size_t begin, std::size_t end) {
            for (std::size_t i = begin; i < end; i++)
                acc += numbers[i];
        },
        [](double &left, double right) { left += right; });

    std::sort(expected.begin(), expected.end());
    const bool is_sorted = numbers == expected;
    std::printf("%zu numbers, %s, sum %a\n", n, is_sorted ? "sorted" : "NOT sorted", sum);
    return is_sorted ? 0 : 1;
}
