/* neighbour.h - another process that keeps one core busy, as a program beside this one would. */
#ifndef BENCH_NEIGHBOUR_H
#define BENCH_NEIGHBOUR_H

/* One at a time; bound to no core. Ends the program with a sentence when the system refuses it. */
void bench_neighbour_start(void);
void bench_neighbour_stop(void);

#endif
