/* scale.h - how much work a test does, and the guard that ends one that hangs.
 *
 * The full amount is for plain builds on two cores. Sanitizers make everything 5 to 30 times
 * slower, so they get a part of it. PAR_TEST_SCALE multiplies the amount (0.1 = a quick look, 10 =
 * a night). PAR_TEST_FILTER names the tests of a program that are run, with * and ?. */
#ifndef PAR_TEST_SCALE_H
#define PAR_TEST_SCALE_H

#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#if defined(__SANITIZE_THREAD__)
#    define TEST_TSAN 1
#elif defined(__has_feature)
#    if __has_feature(thread_sanitizer)
#        define TEST_TSAN 1
#    endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#    define TEST_ASAN 1
#elif defined(__has_feature)
#    if __has_feature(address_sanitizer)
#        define TEST_ASAN 1
#    endif
#endif
#ifndef TEST_TSAN
#    define TEST_TSAN 0
#endif
#ifndef TEST_ASAN
#    define TEST_ASAN 0
#endif

static inline double scale_given(void)
{
    const char *text = getenv("PAR_TEST_SCALE");
    return text ? strtod(text, NULL) : 1.0;
}

/* n repetitions of a plain build, as many as suit this one: at least 1. */
static inline size_t scaled(size_t n)
{
    double amount = (double)n * scale_given() / (TEST_TSAN ? 20 : TEST_ASAN ? 4 : 1);
    return amount < 1 ? 1 : (size_t)amount;
}

static inline void watchdog_bark(int number)
{
    static const char text[] = "watchdog: the test did not end in its time\n";
    (void)number;
    if (write(STDERR_FILENO, text, sizeof(text) - 1) < 0) _exit(97);
    abort();
}

/* Aborts the process unless it is called again within so many seconds, times a scale above 1 up
 * to 10; 0 switches it off. */
static inline void watchdog(unsigned seconds)
{
    signal(SIGALRM, watchdog_bark);
    double scale = scale_given();
    alarm(scale > 1 ? (unsigned)(seconds * (scale < 10 ? scale : 10)) : seconds);
}

#endif
