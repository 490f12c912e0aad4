/* inputs.h - the table of bad inputs: what is wrong, how to do it, what exactly must come of it.
 *
 * Each case runs in a process of its own, as it may stop it. A case that PAR_CHECKS stops must be
 * killed by SIGABRT and say "par: FILE:LINE: FUNCTION: SENTENCE", each part as the table has it, and
 * nothing else. Any other case must answer what the table has and print what the table has. */
#ifndef PAR_TEST_INPUTS_H
#define PAR_TEST_INPUTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct input_t input_t;

/* Does the wrong thing and answers what came of it, a status as a rule. */
typedef int input_fn(const input_t *input);

struct input_t {
    const char *name; /* what is wrong */
    input_fn *run;
    int answer;           /* in a build, or of a call, that does not stop */
    const char *function; /* that a debug build names when it stops; NULL: it does not stop */
    const char *sentence; /* and what it says */
    const char *file;     /* and where: the end of the path */
    bool is_undefined;    /* a build without checks has no answer: it is not run there */

    /* What run needs to know. */
    const void *data;
    const char *text, *more;
    size_t size, other;
    uint64_t number;
    const char *prints; /* all that is printed, where it does not stop; NULL: nothing */
};

/* A table and its length: one for each file. */
typedef struct inputs_t {
    const char *name;
    const input_t *cases;
    size_t n;
} inputs_t;

/* Every table: NAME.c defines inputs_NAME. */
#define INPUTS_TABLES(X)                                                                           \
    X(environment)                                                                                 \
    X(texts)                                                                                       \
    X(core)                                                                                        \
    X(threads)                                                                                     \
    X(pools)                                                                                       \
    X(arrays) X(filters) X(groups) X(numbers) X(order) X(order_number) X(searches) X(sort_number)

#define INPUTS_X(name) inputs_t inputs_##name(void);
INPUTS_TABLES(INPUTS_X)
#undef INPUTS_X

#define TABLE(name, cases)                                                                         \
    (inputs_t)                                                                                     \
    {                                                                                              \
        name, cases, sizeof(cases) / sizeof(cases)[0]                                              \
    }

/* The way a stopping case is written in a table. */
#define STOP(in_file, in_function, with_sentence)                                                  \
    .file = (in_file), .function = (in_function), .sentence = (with_sentence)

#endif
