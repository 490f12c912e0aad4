/* fuzz_env.c - the environment: "NAME=VALUE" lines of any of the variables, and others. */
#include "fuzz.h"

#include <stdbool.h>
#include <string.h>

#include "env.h"
#include "platform.h"

typedef struct given_t {
    char *lines[PAR__ENV_N]; /* "NAME=VALUE" */
    unsigned n;
    unsigned n_complaints;
} given_t;

static const char *look_up(const char *name, void *ctx)
{
    const given_t *given = ctx;
    size_t n = strlen(name);
    for (unsigned i = 0; i < given->n; i++)
        if (strncmp(given->lines[i], name, n) == 0 && given->lines[i][n] == '=')
            return given->lines[i] + n + 1;
    return NULL;
}

static void complain(unsigned index, const char *sentence, void *ctx)
{
    MUST(index < PAR__ENV_N);
    MUST(strncmp(sentence, "PAR_", 4) == 0);
    MUST(strstr(sentence, "\" is not understood; accepted: ") != NULL);
    MUST(strlen(sentence) < 255); /* nothing was cut */
    for (const char *c = sentence; *c != '\0'; c++)
        MUST(*c >= ' ' && *c <= '~');
    ((given_t *)ctx)->n_complaints++;
}

static void env_check(const par__env_t *env)
{
    MUST(env->num_threads <= PAR__MAX_THREADS);
    MUST(env->bind >= PAR_BIND_DEFAULT && env->bind <= PAR_BIND_SPREAD);
    MUST(env->places >= PAR_PLACES_DEFAULT && env->places <= PAR_PLACES_THREADS);
    MUST(env->spin_ns >= -1 && env->spin_ns <= (int64_t)PAR__ENV_MAX_SPIN_US * 1000);
}

/* The digits that were read, written again, are read as the same number. */
static void number_check(const char *text)
{
    uint64_t n = 0, again = 0;
    char digits[32];
    if (!par__env_number_parse(text, 0, UINT64_MAX, &n)) return;
    snprintf(digits, sizeof digits, "%llu", (unsigned long long)n);
    MUST(par__env_number_parse(digits, n, n, &again) && again == n);
    MUST(strstr(text, n == 0 ? "0" : digits) != NULL);
    if (n > 0) MUST(!par__env_number_parse(text, 0, n - 1, &again));
    if (n < UINT64_MAX) MUST(!par__env_number_parse(text, n + 1, UINT64_MAX, &again));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    given_t given = {.n = 0};
    par__env_t env;
    char *text = malloc(size + 1);
    if (text == NULL) return 0;
    if (size > 0) memcpy(text, data, size);
    text[size] = '\0';
    for (char *line = strtok(text, "\n"); line != NULL && given.n < PAR__ENV_N;
         line = strtok(NULL, "\n"))
        given.lines[given.n++] = line;
    par__env_parse(&env, look_up, complain, &given);
    env_check(&env);
    MUST(given.n_complaints <= given.n);
    for (unsigned i = 0; i < given.n; i++)
        number_check(given.lines[i]);
    free(text);
    return 0;
}
