/* main.c - runs the tables of bad inputs; inputs.h says what a case is. */
#define _GNU_SOURCE
#include "inputs.h"

#include <sys/resource.h>

#include "check.h"
#include "child.h"
#include "results.h"
#include "scale.h"

/* The cases ask for more memory than there is; the children have threads. */
__attribute__((visibility("default"))) const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "allocator_may_return_null=1";
}

__attribute__((visibility("default"))) const char *__tsan_default_options(void);
const char *__tsan_default_options(void)
{
    return "die_after_fork=0:allocator_may_return_null=1";
}

/* The least number of cases that the project promises (tests/README.md). */
enum { PROMISED = 300, CASE_SECONDS = 30 };

static int child_run(void *arg)
{
    const input_t *input = arg;
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    int answer = input->run(input);
    if (answer == input->answer) return 0;
    printf("answer %d instead of %d\n", answer, input->answer);
    return 1;
}

/* Is text "par: PATH/FILE:LINE: FUNCTION: SENTENCE\n"? */
static bool is_told(const input_t *input, const char *text)
{
    char file[512], rest[1024];
    unsigned line = 0;
    int n = 0;
    if (sscanf(text, "par: %511[^:]:%u: %n", file, &line, &n) != 2 || line == 0 || n == 0)
        return false;
    size_t bytes = strlen(file), tail = strlen(input->file);
    if (bytes < tail || strcmp(file + bytes - tail, input->file) != 0) return false;
    snprintf(rest, sizeof rest, "%s: %s\n", input->function, input->sentence);
    bytes = strlen(rest);
    if (strncmp(text + n, rest, bytes) != 0) return false;
    text += (size_t)n + bytes;
    /* An emulator has something to say about the signal, too. */
    return *text == '\0' ||
           (getenv("PAR_TEST_LAUNCHER") != NULL && strncmp(text, "qemu: ", 6) == 0);
}

static bool has_stopped(const input_t *input, const child_t *child)
{
    return !child->timed_out && WIFSIGNALED(child->status) && WTERMSIG(child->status) == SIGABRT &&
           is_told(input, child->text);
}

/* A sanitizer says that an allocation is too large, beside what the library says. */
static bool has_answered(const input_t *input, const child_t *child)
{
    bool is_noisy = (TEST_ASAN || TEST_TSAN) && strncmp(child->text, "==", 2) == 0;
    return !child->timed_out && WIFEXITED(child->status) && WEXITSTATUS(child->status) == 0 &&
           (is_noisy || strcmp(child->text, input->prints ? input->prints : "") == 0);
}

static bool case_passes(const input_t *input)
{
    child_t child;
    bool must_stop = input->function != NULL && PAR_CHECKS >= 1;
    if (child_fork(&child, child_run, (void *)(uintptr_t)input) != 0) return false;
    child_wait(&child, CASE_SECONDS);
    if (must_stop ? has_stopped(input, &child) : has_answered(input, &child)) return true;
    printf("FAILED: %s: %s, wait status 0x%x; it printed:\n%s\n", input->name,
           child.timed_out ? "hung" : "ended", (unsigned)child.status, child.text);
    if (must_stop)
        printf("expected: a stop in %s, %s: %s\n", input->file, input->function, input->sentence);
    else
        printf("expected: answer %d, printed: %s\n", input->answer, input->prints);
    return false;
}

int main(void)
{
#define INPUTS_X(name) inputs_##name(),
    const inputs_t tables[] = {INPUTS_TABLES(INPUTS_X)};
#undef INPUTS_X
    unsigned n_all = 0, n_failed = 0;
    setvbuf(stdout, NULL, _IOLBF, 0);
    for (size_t t = 0; t < sizeof tables / sizeof tables[0]; t++) {
        unsigned n = 0;
        for (size_t i = 0; i < tables[t].n; i++) {
            const input_t *input = &tables[t].cases[i];
            if (PAR_CHECKS == 0 && input->is_undefined) continue;
            n++;
            n_failed += !case_passes(input);
        }
        printf("%-12s %4u cases\n", tables[t].name, n);
        n_all += n;
    }
    printf("%u bad inputs, %u failed\n", n_all, n_failed);
    result_write("bad inputs", n_all - n_failed, ">= 300");
    if (n_all < PROMISED) printf("FAILED: at least %d cases are promised\n", PROMISED);
    return n_failed != 0 || n_all < PROMISED;
}
