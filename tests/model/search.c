/* search.c - one execution after the other: depth first through all choices that the bounds allow.
 *
 * The path is the list of choices of one execution. The next one repeats it up to the last choice
 * that has an alternative left, and takes that. Choice 0 is always the dull one: go on with the same
 * thread, read the last store, nothing fails. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"

enum { MAX_PATH = 2048, OUTCOMES = 64, MESSAGE_BYTES = 512 };

run_t run;
features_t features;

static struct {
    uint8_t taken;
    uint8_t of;
} path[MAX_PATH];
static unsigned path_used;   /* choices of this execution so far */
static unsigned path_length; /* choices that are prescribed */
static bool is_exhaustive;   /* every state is looked at, known or not */

static jmp_buf back; /* for a failure in the set-up or the check */
static bool has_failed;
static bool is_known; /* ended at a state where the search has been before */
static char message[MESSAGE_BYTES];
static uint64_t outcomes;
static uint64_t n_ends; /* of executions that differ in more than the order of independent steps */

/* ---- features ---- */

static const char *const feature_names[] = {
#define X(name) #name,
    FEATURE_MAP(X)
#undef X
        NULL};

const char *model_feature(unsigned index)
{
    return feature_names[index];
}

bool model_disable(const char *feature)
{
    memset(&features, 0, sizeof features);
#define X(name)                                                                                    \
    if (strcmp(feature, #name) == 0) return features.no_##name = true;
    FEATURE_MAP(X)
#undef X
    return feature[0] == '\0';
}

/* ---- tests ---- */

/* Back to the search: this execution is over. */
__attribute__((noreturn)) static void leave(void)
{
    unsigned from = run.self;
    run.self = 0;
    model__co_switch(from, 0);
    abort(); /* it is never resumed */
}

void model_fail(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    has_failed = true;
    if (run.self == 0) longjmp(back, 1);
    leave();
}

void model__trace(const char *format, ...)
{
    if (!run.is_traced) return;
    va_list args;
    va_start(args, format);
    printf("    %3u  T%u %*s", run.steps, run.self, (int)(run.self * 2), "");
    vprintf(format, args);
    printf("\n");
    va_end(args);
}

void model_outcome(unsigned outcome)
{
    if (outcome >= OUTCOMES) model_fail("outcome %u is too large", outcome);
    outcomes |= (uint64_t)1 << outcome;
}

unsigned model_self(void)
{
    return run.self;
}

void model_thread_local(void **word)
{
    run.local_word = word;
}

/* ---- choices and threads ---- */

unsigned model__choose(unsigned n)
{
    if (n < 2) return 0;
    if (path_used == MAX_PATH) model_fail("more than %d choices in one execution", MAX_PATH);
    unsigned i = path_used++;
    if (i >= path_length) path[i].taken = 0;
    path[i].of = (uint8_t)n;
    if (path[i].taken >= n) model_fail("the path does not belong to this program");
    return path[i].taken;
}

/* All that can follow has been looked at if this state is known. States of the prescribed part of the
 * path are, of course. */
static void leave_if_known(unsigned where)
{
    if (path_used < path_length || is_exhaustive || model__state_is_new(where)) return;
    is_known = true;
    leave();
}

static void switch_to(unsigned to)
{
    unsigned from = run.self;
    if (to == from) return;
    if (run.local_word != NULL) {
        run.threads[from].local = *run.local_word;
        *run.local_word = run.threads[to].local;
    }
    run.self = to;
    run.threads[to].state = READY;
    model__co_switch(from, to);
}

static bool can_run(const thread_t *t)
{
    return t->state == READY || (t->state == YIELDED && run.writes > t->yielded_at);
}

static unsigned others(unsigned list[ALL_THREADS])
{
    unsigned n = 0;
    for (unsigned i = 1; i <= run.n_threads; i++)
        if (i != run.self && can_run(&run.threads[i])) list[n++] = i;
    return n;
}

void model__point(void)
{
    if (++run.steps > MAX_STEPS) model_fail("no end after %d steps", MAX_STEPS);
    unsigned list[ALL_THREADS];
    leave_if_known(0);
    if (features.no_preemption || run.used.preemptions >= run.test->bounds.preemptions) return;
    unsigned taken = model__choose(1 + others(list));
    if (taken == 0) return;
    others(list);
    run.used.preemptions++;
    switch_to(list[taken - 1]);
}

/* All that could go on are spinning: each may look once more, at the last stores, before we call it
 * a deadlock. */
static unsigned last_chance(void)
{
    for (unsigned i = 1; i <= run.n_threads; i++) {
        thread_t *t = &run.threads[i];
        if (t->state == YIELDED && t->chance_at != run.writes + 1) {
            t->chance_at = run.writes + 1;
            return i;
        }
    }
    return 0;
}

static bool all_done(void)
{
    for (unsigned i = 1; i <= run.n_threads; i++)
        if (run.threads[i].state != DONE) return false;
    return true;
}

__attribute__((noreturn)) static void deadlock(void)
{
    static const char *const words[] = {"ready", "spinning", "asleep", "at a mutex", "done"};
    char text[160] = "";
    for (unsigned i = 1; i <= run.n_threads; i++) {
        size_t n = strlen(text);
        snprintf(text + n, sizeof text - n, " T%u %s", i, words[run.threads[i].state]);
    }
    model_fail("deadlock:%s", text);
}

void model__reschedule(void)
{
    unsigned list[ALL_THREADS];
    unsigned n = 0;
    unsigned self = run.self;
    leave_if_known(1);
    if (can_run(&run.threads[self])) list[n++] = self;
    n += others(list + n);
    if (n != 0) {
        switch_to(list[model__choose(n)]);
        return;
    }
    if (all_done() || features.no_deadlock) leave();
    unsigned chosen = last_chance();
    if (chosen == 0) deadlock();
    run.threads[chosen].state = READY;
    switch_to(chosen);
}

void model_yield(void)
{
    if (run.self == 0) return;
    if (++run.steps > MAX_STEPS) model_fail("no end after %d steps", MAX_STEPS);
    thread_t *t = &run.threads[run.self];
    t->state = YIELDED;
    t->yielded_at = run.writes;
    model__reschedule();
}

static void thread_main(void)
{
    model__note(run.self);
    run.test->threads[run.self - 1]();
    run.threads[run.self].state = DONE;
    run.writes++; /* its end is news for those who spin */
    model__reschedule();
}

/* ---- executions ---- */

static void run_reset(const model_test_t *test, bool is_traced)
{
    memset(&run, 0, sizeof run);
    run.test = test;
    run.is_traced = is_traced;
    path_used = 0;
    has_failed = false;
    is_known = false;
    while (run.n_threads < MODEL_THREADS && test->threads[run.n_threads] != NULL)
        run.n_threads++;
    for (unsigned i = 1; i <= run.n_threads; i++) {
        run.threads[i].now.clock[i] = 1;
        model__co_start(i, thread_main);
    }
    model__memory_reset();
    model__plain_reset();
    model__system_reset();
}

static void threads_run(void)
{
    unsigned list[ALL_THREADS];
    unsigned first = list[model__choose(others(list))];
    void *before = run.local_word != NULL ? *run.local_word : NULL;
    if (run.local_word != NULL) *run.local_word = run.threads[first].local;
    run.self = first;
    model__co_switch(0, first);
    run.self = 0;
    if (run.local_word != NULL) *run.local_word = before;
}

static void execute(const model_test_t *test, bool is_traced)
{
    run_reset(test, is_traced);
    if (setjmp(back) != 0) return;
    if (test->setup != NULL) test->setup();
    threads_run();
    if (has_failed || is_known) return;
    n_ends += model__end_is_new();
    if (test->check != NULL) test->check();
}

static bool path_next(void)
{
    while (path_used > 0 && path[path_used - 1].taken + 1 >= path[path_used - 1].of)
        path_used--;
    path_length = path_used;
    if (path_used == 0) return false;
    path[path_used - 1].taken++;
    return true;
}

static void path_print(void)
{
    unsigned n = path_used;
    while (n > 0 && path[n - 1].taken == 0)
        n--;
    printf("PAR_MODEL_PATH=");
    for (unsigned i = 0; i < n; i++)
        printf("%02x", path[i].taken);
    printf("%s\n", n == 0 ? "00" : "");
}

static void path_read(const char *hex)
{
    unsigned byte;
    path_length = 0;
    while (path_length < MAX_PATH && sscanf(hex, "%2x", &byte) == 1) {
        path[path_length++].taken = (uint8_t)byte;
        hex += hex[1] == '\0' ? 1 : 2;
        if (*hex == '\0') break;
    }
}

/* ---- reports ---- */

static bool is_quiet;

void model_quiet(bool quiet)
{
    is_quiet = quiet;
}

static bool report_failure(const model_test_t *test, uint64_t n)
{
    if (is_quiet) return test->expect != NULL && strstr(message, test->expect) != NULL;
    if (test->expect != NULL && strstr(message, test->expect) != NULL) {
        printf("ok    %-34s found after %llu executions: %s\n", test->name, (unsigned long long)n,
               message);
        return true;
    }
    printf("FAIL  %-34s execution %llu: %s\n", test->name, (unsigned long long)n, message);
    path_print();
    if (getenv("PAR_MODEL_NO_TRACE") != NULL) return false;
    path_length = path_used;
    is_exhaustive = true;
    execute(test, true);
    printf("    %s\n", message);
    return false;
}

static uint64_t outcomes_allowed(const model_test_t *test)
{
    uint64_t set = 0;
    for (const uint8_t *o = test->allowed; *o != MODEL_END; o++)
        set |= (uint64_t)1 << *o;
    return set;
}

/* Where a search that was cut stands among all paths, if all branches were equally large. */
static double path_percent(void)
{
    double done = 0;
    double part = 100;
    for (unsigned i = 0; i < path_length; i++) {
        part /= path[i].of;
        done += part * path[i].taken;
    }
    return done;
}

static bool report_end(const model_test_t *test, uint64_t n, bool is_complete)
{
    const model_bounds_t *b = &test->bounds;
    bool ok = test->expect == NULL;
    char what[160] = "";
    if (!is_complete) snprintf(what, sizeof what, ", about %.2g %% of it", path_percent());
    if (!ok) snprintf(what, sizeof what, ", NOT FOUND: %s", test->expect);
    if (test->allowed != NULL && outcomes != outcomes_allowed(test)) {
        ok = false;
        snprintf(what, sizeof what, ", outcomes %#llx instead of %#llx",
                 (unsigned long long)outcomes, (unsigned long long)outcomes_allowed(test));
    }
    if (is_quiet) return ok;
    printf("%s  %-34s preempt %u stale %u late %u spurious %u no_memory %u: %s, %llu executions to "
           "%llu ends%s\n",
           ok ? "ok  " : "FAIL", test->name, b->preemptions, b->stale, b->late, b->spurious,
           b->no_memory, is_complete ? "COMPLETE" : "CUT", (unsigned long long)n,
           (unsigned long long)n_ends, what);
    return ok;
}

static uint64_t number_from(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    return text == NULL ? otherwise : strtoull(text, NULL, 10);
}

bool model_run(const model_test_t *shipped)
{
    model_test_t copy = *shipped;
    const model_test_t *test = &copy;
    const char *hex = getenv("PAR_MODEL_PATH");
    uint64_t most = number_from("PAR_MODEL_EXECUTIONS", UINT64_MAX);
    if (copy.allowed == NULL) {
        copy.bounds.preemptions += (unsigned)number_from("PAR_MODEL_MORE", 0);
        copy.bounds.stale += (unsigned)number_from("PAR_MODEL_MORE", 0);
        unsigned least = (unsigned)number_from("PAR_MODEL_PREEMPTIONS", 0);
        if (copy.bounds.preemptions < least) copy.bounds.preemptions = least;
    }
    outcomes = 0;
    path_length = 0;
    n_ends = 0;
    is_exhaustive = number_from("PAR_MODEL_STATES", 1) == 0;
    model__states_reset();
    if (hex != NULL) {
        is_exhaustive = true;
        path_read(hex);
        execute(test, true);
        printf("    %s\n", has_failed ? message : "no failure on this path");
        return !has_failed;
    }
    for (uint64_t n = 1;; n++) {
        execute(test, false);
        if (has_failed) return report_failure(test, n);
        if (!path_next()) return report_end(test, n, true);
        if (n == most) return report_end(test, n, false);
    }
}
