/* clock.h - a clock that costs a few ns to read, for decisions whose thresholds may be off by a
 * factor of two. Never for anything that a result depends on.
 *
 * The counters of the cores may differ by a little and a thread may move between two readings, so
 * a difference is only believed when it is positive (par__clock_since). */
#ifndef PAR_CLOCK_H
#define PAR_CLOCK_H

#include <stdint.h>

#if !defined(__x86_64__) && !defined(__i386__) && !defined(__aarch64__)
#    include <time.h>
#endif

/* Ticks; what a microsecond is: par__clock_us. */
static inline uint64_t par__clock_now(void)
{
#if defined(__x86_64__) || defined(__i386__)
    return __builtin_ia32_rdtsc();
#elif defined(__aarch64__)
    uint64_t ticks;
    __asm__ __volatile__("mrs %0, cntvct_el0" : "=r"(ticks));
    return ticks;
#else
    struct timespec now;
    timespec_get(&now, TIME_UTC);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
#endif
}

/* The ticks of a microsecond. x86 does not tell cheaply: its counters run at 1.5 to 4 GHz. */
static inline uint64_t par__clock_us(void)
{
#if defined(__x86_64__) || defined(__i386__)
    return 2500;
#elif defined(__aarch64__)
    uint64_t hertz;
    __asm__("mrs %0, cntfrq_el0" : "=r"(hertz));
    return hertz >= 1000000 ? hertz / 1000000 : 1;
#else
    return 1000;
#endif
}

/* The ticks since an earlier reading; 0 when the clock went back. */
static inline uint64_t par__clock_since(uint64_t start)
{
    uint64_t now = par__clock_now();
    return now > start ? now - start : 0;
}

#endif
