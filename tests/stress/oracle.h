/* oracle.h - what shake.c tells the driver, and asks it. */
#ifndef PAR_STRESS_ORACLE_H
#define PAR_STRESS_ORACLE_H

#include <stdio.h>

typedef struct oracle_counts_t {
    unsigned long waits;  /* futex waits, all of them with a time limit */
    unsigned long limits; /* that reached it, and were looked at */
} oracle_counts_t;

oracle_counts_t oracle_counts(void);

/* The driver's: the command that repeats the round. */
void oracle_say_where(FILE *out);

#endif
