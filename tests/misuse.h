/* misuse.h - checks that a call that misuses the library stops a debug build with a sentence. */
#ifndef MISUSE_H
#define MISUSE_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "coverage.h"

typedef void misuse_fn(void *ctx);

/* True if this build stops at misuse; otherwise the call is refused or undefined. */
static inline bool misuse_is_checked(void)
{
    return PAR_CHECKS >= 1;
}

/* Runs fn(ctx) in a child process; returns true if it was aborted and said sentence on stderr.
 * What it said is left in said, which has room for bytes. ThreadSanitizer refuses new threads in the
 * child of a process with several: after parallel calls, par_shutdown first. */
static inline bool
misuse_stops(misuse_fn *fn, void *ctx, const char *sentence, char *said, size_t bytes)
{
    int ends[2];
    said[0] = '\0';
    if (pipe(ends) != 0) return false;
    pid_t child = fork();
    if (child == 0) {
        const struct rlimit no_core = {0, 0};
        setrlimit(RLIMIT_CORE, &no_core);
        dup2(ends[1], STDERR_FILENO);
        close(ends[0]);
        close(ends[1]);
        coverage_begin();
        fn(ctx);
        coverage_keep();
        _exit(0);
    }
    close(ends[1]);
    size_t n = 0;
    for (ssize_t got; n + 1 < bytes && (got = read(ends[0], said + n, bytes - 1 - n)) > 0;)
        n += (size_t)got;
    said[n] = '\0';
    close(ends[0]);
    int end = 0;
    return child > 0 && waitpid(child, &end, 0) == child && WIFSIGNALED(end) &&
           WTERMSIG(end) == SIGABRT && strstr(said, sentence) != NULL;
}

#endif
