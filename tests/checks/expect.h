// expect.h - for the programs in C++: says which expectation does not hold, and counts them.
#ifndef PAR_CHECKS_EXPECT_H
#define PAR_CHECKS_EXPECT_H

#include <cstdio>

static int n_wrong;

static inline void expect_at(bool holds, int line, const char *text)
{
    if (holds) return;
    std::fprintf(stderr, "line %d: expected: %s\n", line, text);
    ++n_wrong;
}

#define EXPECT(cond) expect_at((cond), __LINE__, #cond)

#endif
