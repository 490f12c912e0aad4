/* child.h - runs a part of a test in a process of its own, with its output caught and a time limit.
 *
 * PAR_TEST_LAUNCHER is the command, with its options, that runs a program of another processor; it is
 * put before a program that a test executes.
 *
 * Needs _GNU_SOURCE in the file that includes it. */
#ifndef PAR_TEST_CHILD_H
#define PAR_TEST_CHILD_H

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "coverage.h"

typedef struct child_t {
    pid_t pid;
    int fd;           /* read end of its stdout and stderr */
    int status;       /* as waitpid tells it */
    int timed_out;    /* it was killed */
    char text[16384]; /* what it printed, cut at the end */
} child_t;

typedef int child_fn(void *arg);

/* A child that hangs does not outlive a test that was killed by much. */
enum { CHILD_ALARM_S = 150 };

/* Forks, with both outputs of the child in a pipe. 0 in the child, in its parent the child's pid; -1: there
 * is none. */
static inline pid_t child_begin(child_t *child)
{
    int ends[2];
    memset(child, 0, sizeof(*child));
    if (pipe(ends) != 0) return -1;
    fflush(NULL);
    child->pid = fork();
    if (child->pid == 0) {
        signal(SIGALRM, SIG_DFL);
        alarm(CHILD_ALARM_S);
        dup2(ends[1], STDOUT_FILENO);
        dup2(ends[1], STDERR_FILENO);
        close(ends[0]);
    }
    close(ends[1]);
    if (child->pid != 0) child->fd = ends[0];
    return child->pid;
}

/* The child runs body(arg) and leaves by _exit with what it returns. 0 if there is one. */
static inline int child_fork(child_t *child, child_fn *body, void *arg)
{
    pid_t pid = child_begin(child);
    if (pid == 0) {
        coverage_begin();
        int code = body(arg);
        fflush(NULL);
        coverage_keep();
        _exit(code);
    }
    return pid > 0 ? 0 : -1;
}

/* Becomes this program again, with one argument; returns only on failure. An emulator's own program
 * is what /proc/self/exe names to the kernel, so with a launcher it is not used. */
static inline void child_become(const char *mode)
{
    if (getenv("PAR_TEST_LAUNCHER") == NULL)
        execl("/proc/self/exe", "test", mode, (char *)NULL);
    else
        execl("/bin/sh", "sh", "-c", "exec $PAR_TEST_LAUNCHER \"$0\" \"$1\"",
              program_invocation_name, mode, (char *)NULL);
}

/* The child executes this program again: argument 1 is mode; env is "NAME=value" strings that are added
 * to the environment, NULL at the end; "NAME" alone removes one. 0 if there is a child. */
static inline int child_exec(child_t *child, const char *mode, const char *const *env)
{
    pid_t pid = child_begin(child);
    if (pid == 0) {
        for (; env && *env; env++) {
            char *pair = strdup(*env);
            if (strchr(pair, '='))
                putenv(pair);
            else
                unsetenv(pair);
        }
        child_become(mode);
        _exit(98);
    }
    return pid > 0 ? 0 : -1;
}

static inline double child_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Waits for the end, at most so many seconds, then kills. What the child printed is in text. */
static inline void child_wait(child_t *child, unsigned seconds)
{
    double end = child_now() + seconds;
    size_t have = 0;
    int is_open = 1;
    for (;;) {
        char lost[512];
        struct pollfd p = {child->fd, POLLIN, 0};
        if (is_open && poll(&p, 1, 10) > 0) {
            size_t room = sizeof(child->text) - 1 - have;
            ssize_t n =
                read(child->fd, room ? child->text + have : lost, room ? room : sizeof(lost));
            if (n <= 0) is_open = 0;
            if (n > 0 && room) have += (size_t)n;
            continue;
        }
        if (waitpid(child->pid, &child->status, is_open ? WNOHANG : 0) == child->pid) break;
        if (!child->timed_out && child_now() > end) {
            child->timed_out = 1;
            kill(child->pid, SIGKILL);
        }
        if (!is_open) break;
    }
    close(child->fd);
}

/* 1 when it ended by itself with this exit code; else says on stderr what happened. */
static inline int child_exited(const child_t *child, int code)
{
    if (!child->timed_out && WIFEXITED(child->status) && WEXITSTATUS(child->status) == code)
        return 1;
    fprintf(stderr, "child %s: wait status 0x%x, expected exit code %d; it printed:\n%s\n",
            child->timed_out ? "hung" : "ended", (unsigned)child->status, code, child->text);
    return 0;
}

#endif
