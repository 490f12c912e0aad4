/* coverage.h - keeps what a child process covered: it leaves by _exit or by abort, where the counters
 * of a build with --coverage (scripts/coverage) would be lost. Nothing in any other build. */
#ifndef PAR_TEST_COVERAGE_H
#define PAR_TEST_COVERAGE_H

#include <signal.h>
#include <stddef.h>

extern void __gcov_dump(void) __attribute__((weak));

/* Before _exit. */
static inline void coverage_keep(void)
{
    if (__gcov_dump != NULL) __gcov_dump();
}

static inline void coverage_aborts(int number)
{
    coverage_keep();
    signal(number, SIG_DFL);
    raise(number);
}

/* At the start of a child that may abort. */
static inline void coverage_begin(void)
{
    if (__gcov_dump != NULL) signal(SIGABRT, coverage_aborts);
}

#endif
