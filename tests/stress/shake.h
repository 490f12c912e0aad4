/* shake.h - random pauses, yields and sleeps at the scheduling points of the core. */
#ifndef PAR_STRESS_SHAKE_H
#define PAR_STRESS_SHAKE_H

#include <stdint.h>

/* How often: at one point in rarity (a power of two); 0 = never. */
void shake_begin(uint64_t seed, uint32_t rarity);

extern _Thread_local uint64_t
    shake_state;            /* of a generator of random numbers, 0 = not yet seeded */
extern uint64_t shake_mask; /* written while no pool is in use */

void shake_now(void);

static inline void shake(void)
{
    uint64_t x = shake_state;
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    shake_state = x;
    if ((x & shake_mask) == 0) shake_now();
}

#endif
