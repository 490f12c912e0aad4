/* platform.h - what the core needs from the compiler and the machine, beyond include/par/api.h. */
#ifndef PAR_PLATFORM_H
#define PAR_PLATFORM_H

#include <par/api.h>

/* Two lines: the prefetcher of x86 and the caches of some ARM cores move pairs. */
#define PAR__CACHELINE 128

/* Workers of a pool at most: each has a bit in the sleepers' mask (sleep.h). */
#define PAR__MAX_THREADS 1024

#define PAR__ALIGNED(bytes) __attribute__((aligned(bytes)))

/* A function on the way from a fork to the system's wake-up. The linker puts them side by side: after a
 * pause each page and each line of code on that way is a miss (sleep.md). */
#define PAR__NEAR __attribute__((hot))

/* Tells the core that this is a spin loop. */
static inline void par__cpu_relax(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__) || defined(__arm__)
    __asm__ __volatile__("yield" ::: "memory");
#else
    __asm__ __volatile__("" ::: "memory");
#endif
}

#endif
