/* misuse.h - checks that calls that misuse the library stop a debug build, each with its sentence. */
#ifndef MISUSE_H
#define MISUSE_H

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include <par/pool.h>

#include "check.h"
#include "coverage.h"

typedef void misuse_fn(void *ctx);

typedef struct misuse_t {
    misuse_fn *call;
    const char *sentence; /* or a part of it */
} misuse_t;

/* True if this build stops at misuse; otherwise the call is refused or undefined. */
static inline bool misuse_is_checked(void)
{
    return PAR_CHECKS >= 1;
}

/* Makes the call in a child process; returns true if it was aborted and said the sentence on stderr.
 * What it said is left in said, which has room for bytes. */
static inline bool misuse_stops(const misuse_t *misuse, void *ctx, char *said, size_t bytes)
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
        misuse->call(ctx);
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
           WTERMSIG(end) == SIGABRT && strstr(said, misuse->sentence) != NULL;
}

/* A test: all n of them stop. The default pool is shut down first, as ThreadSanitizer refuses new
 * threads in the child of a process with several. */
static inline void misuses_stop(const misuse_t *misuses, size_t n, void *ctx)
{
    if (!misuse_is_checked()) skip();
    par_shutdown();
    for (size_t i = 0; i < n; i++) {
        char said[2000];
        if (!misuse_stops(&misuses[i], ctx, said, sizeof said))
            fail_msg("misuse %zu: no stop with \"%s\" but: %s", i, misuses[i].sentence, said);
    }
}

#endif
