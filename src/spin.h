/* spin.h - waiting awake, for a while.
 *
 * Short pauses first, because most waits are shorter than a microsecond; then longer ones and a
 * yield now and then, because whoever we wait for may need this core. In a crowded pool (more
 * workers than PUs) every step yields: there spinning only keeps others from working. */
#ifndef PAR_SPIN_H
#define PAR_SPIN_H

#include "os.h"
#include "platform.h"

typedef struct par__spin_t {
    int64_t deadline_ns;
    uint32_t step;
    bool is_crowded;
} par__spin_t;

enum { PAR__SPIN_SHORT = 64, PAR__SPIN_CLOCK = 16 };

static inline par__spin_t par__spin_start(int64_t spin_ns, bool is_crowded)
{
    int64_t now_ns = spin_ns == 0 ? 0 : par__os_now_ns();
    int64_t deadline_ns = spin_ns > INT64_MAX - now_ns ? INT64_MAX : now_ns + spin_ns;
    return (par__spin_t){deadline_ns, 0, is_crowded};
}

/* Pauses; false once the time is over. */
static inline bool par__spin_step(par__spin_t *spin)
{
    if (spin->deadline_ns == 0) return false;
    uint32_t step = spin->step++;
    uint32_t pauses = step < PAR__SPIN_SHORT ? 2 : 16;
    for (uint32_t i = 0; i < pauses; i++)
        par__cpu_relax();
    if (spin->is_crowded || step % PAR__SPIN_SHORT == PAR__SPIN_SHORT - 1) par__os_yield();
    return step % PAR__SPIN_CLOCK != 0 || step == 0 || par__os_now_ns() < spin->deadline_ns;
}

#endif
