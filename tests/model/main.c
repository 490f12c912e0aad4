/* main.c - model [PREFIX...]: the tests whose names begin so, or all. model --features: each part of
 * the model switched off must make a litmus test fail. model --list: the names. */
#include <stdio.h>
#include <string.h>

#include "tests.h"

static const model_test_t *const lists[] = {
    tests_litmus,
#ifndef MODEL_LITMUS_ONLY
    tests_forks,  tests_deque, tests_park,     tests_sleep,
    tests_queue,  tests_join,  tests_stranger, tests_chain,
#endif
};
enum { N_LISTS = sizeof lists / sizeof lists[0] };

static bool is_wanted(const char *name, int n, char **prefixes)
{
    for (int i = 0; i < n; i++)
        if (strncmp(name, prefixes[i], strlen(prefixes[i])) == 0) return true;
    return n == 0;
}

static const char *first_failure(void)
{
    for (const model_test_t *t = tests_litmus; t->name != NULL; t++)
        if (!model_run(t)) return t->name;
    return NULL;
}

static int features_check(void)
{
    int bad = 0;
    model_quiet(true);
    for (unsigned i = 0; model_feature(i) != NULL; i++) {
        model_disable(model_feature(i));
        const char *name = first_failure();
        printf("%s  without %-12s %s\n", name != NULL ? "ok  " : "FAIL", model_feature(i),
               name != NULL ? name : "no litmus test notices");
        bad += name == NULL;
    }
    return bad != 0;
}

int main(int argc, char **argv)
{
    int ran = 0;
    int bad = 0;
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (argc == 2 && strcmp(argv[1], "--features") == 0) return features_check();
    bool only_names = argc == 2 && strcmp(argv[1], "--list") == 0;
    for (unsigned i = 0; i < N_LISTS; i++)
        for (const model_test_t *t = lists[i]; t->name != NULL; t++) {
            if (only_names) puts(t->name);
            if (only_names || !is_wanted(t->name, argc - 1, argv + 1)) continue;
            ran++;
            bad += !model_run(t);
        }
    if (only_names) return 0;
    printf("%d tests, %d failed\n", ran, bad);
    return bad != 0 || ran == 0;
}
