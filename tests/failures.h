/* failures.h - counts what is wrong where no assertion may stand: cmocka's leave by longjmp, which must not
 * cross a parallel call and must not leave another thread. So bodies, tasks and what runs inside
 * par_pool_run use expect, and the test ends with no_failures. */
#ifndef PAR_TEST_FAILURES_H
#define PAR_TEST_FAILURES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static unsigned failures; /* A: since the last no_failures */

/* Says where the first ones are. */
static inline void failure_note(const char *file, int line, const char *text)
{
    enum { TOLD = 5 };
    if (__atomic_fetch_add(&failures, 1, __ATOMIC_RELAXED) < TOLD)
        fprintf(stderr, "%s:%d: expected: %s\n", file, line, text);
}

#define expect(cond) ((cond) ? (void)0 : failure_note(__FILE__, __LINE__, #cond))

static inline void no_failures(void)
{
    assert_int_equal(__atomic_exchange_n(&failures, 0, __ATOMIC_RELAXED), 0);
}

#endif
