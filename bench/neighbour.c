/* neighbour.c - the busy process. It ends when it is stopped, or by itself within a millisecond or so
 * when this program is gone, however that ended. */
#include "neighbour.h"

#include "kernels.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t neighbour;

/* A forked child of a program with threads: it calls nothing but what is safe there. */
static void be_busy(pid_t parent)
{
    enum { STEPS = 500000 };
    volatile uint64_t sink = 1;
    while (getppid() == parent)
        sink = bench_work(STEPS, sink);
    _exit(0);
}

void bench_neighbour_start(void)
{
    pid_t parent = getpid();
    neighbour = fork();
    if (neighbour == 0) be_busy(parent);
    if (neighbour > 0) return;
    fputs("bench: the system refused a process to be busy beside this one\n", stderr);
    exit(1);
}

void bench_neighbour_stop(void)
{
    if (neighbour <= 0) return;
    kill(neighbour, SIGKILL);
    while (waitpid(neighbour, NULL, 0) < 0 && errno == EINTR) {
    }
    neighbour = 0;
}
