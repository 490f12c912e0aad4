/* environment.c - every variable with values that nobody can read, and the sentence for each. */
#define _GNU_SOURCE
#include "inputs.h"

#include <stdlib.h>
#include <string.h>

#include "env.h"

/* text is the variable, more its value. It is read twice: the sentence must come once. */
static int read_twice(const input_t *input)
{
    par__env_t env;
    clearenv();
    setenv(input->text, input->more, 1);
    par__env_read(&env);
    par__env_read(&env);
    return env.num_threads == 0 && env.bind == PAR_BIND_DEFAULT &&
           env.places == PAR_PLACES_DEFAULT && env.spin_ns == -1 && !env.stats;
}

#define SAID(variable, shown, accepted, otherwise)                                                 \
    "par: " variable "=\"" shown "\" is not understood; accepted: " accepted "; " otherwise "\n"

#define BAD(variable, accepted, otherwise, value, shown)                                           \
    {.name = variable "=" shown,                                                                   \
     .run = read_twice,                                                                            \
     .answer = 1,                                                                                  \
     .text = variable,                                                                             \
     .more = value,                                                                                \
     .prints = SAID(variable, shown, accepted, otherwise)},

#define TEN(x) x x x x x x x x x x

/* X(the three of the variable, value, as it is shown) */
#define GARBAGE_MAP(X, v, a, o)                                                                    \
    X(v, a, o, " ", " ")                                                                           \
    X(v, a, o, "\t\n\r", "???")                                                                    \
    X(v, a, o, "-1", "-1")                                                                         \
    X(v, a, o, "+1", "+1")                                                                         \
    X(v, a, o, "-0", "-0")                                                                         \
    X(v, a, o, "1.5", "1.5")                                                                       \
    X(v, a, o, "1e0", "1e0")                                                                       \
    X(v, a, o, "0x1", "0x1")                                                                       \
    X(v, a, o, "1 1", "1 1")                                                                       \
    X(v, a, o, "1,", "1,")                                                                         \
    X(v, a, o, "'1'", "'1'")                                                                       \
    X(v, a, o, "1_0", "1_0")                                                                       \
    X(v, a, o, "one", "one")                                                                       \
    X(v, a, o, "true", "true")                                                                     \
    X(v, a, o, "nan", "nan")                                                                       \
    X(v, a, o, "inf", "inf")                                                                       \
    X(v, a, o, "cores,", "cores,")                                                                 \
    X(v, a, o, "cores threads", "cores threads")                                                   \
    X(v, a, o, "default", "default")                                                               \
    X(v, a, o, "4294967297", "4294967297")                                                         \
    X(v, a, o, "9223372036854775808", "9223372036854775808")                                       \
    X(v, a, o, "18446744073709551616", "18446744073709551616")                                     \
    X(v, a, o, "99999999999999999999999999", "99999999999999999999999999")                         \
    X(v, a, o, "%s%n%p", "%s%n%p")                                                                 \
    X(v, a, o, "$(true)", "$(true)")                                                               \
    X(v, a, o, "\033[2J", "?[2J")                                                                  \
    X(v, a, o, "\x7f\x01", "??")                                                                   \
    X(v, a, o, "\xd9\xa1", "??")                                                                   \
    X(v, a, o, "\xff\xfe\x80", "???")                                                              \
    X(v, a, o, TEN("x") TEN("y") TEN("z") TEN("x") TEN("y") TEN("z") TEN("-"),                     \
      TEN("x") TEN("y") TEN("z") TEN("x") TEN("y") TEN("z") "...")

#define NUM_THREADS                                                                                \
    "PAR_NUM_THREADS", "a whole number from 1 to 1024", "using one worker for each usable place"
#define BIND   "PAR_BIND", "none, cores, close, spread", "using cores, or none if places stay free"
#define PLACES "PAR_PLACES", "cores, threads", "using cores"
#define SPIN_US                                                                                    \
    "PAR_SPIN_US", "a whole number of microseconds from 0 to 1000000000",                          \
        "choosing the time automatically"
#define STATS             "PAR_STATS", "0, 1", "printing no statistics"
#define EACH(map, x, ...) map(x, __VA_ARGS__)
#define ALSO(x, ...)      x(__VA_ARGS__)

static const input_t cases[] = {
    /* clang-format off */
    EACH(GARBAGE_MAP, BAD, NUM_THREADS)
    EACH(GARBAGE_MAP, BAD, BIND)
    EACH(GARBAGE_MAP, BAD, PLACES)
    EACH(GARBAGE_MAP, BAD, SPIN_US)
    EACH(GARBAGE_MAP, BAD, STATS)
    ALSO(BAD, NUM_THREADS, "0", "0")
    ALSO(BAD, NUM_THREADS, "1025", "1025")
    ALSO(BAD, NUM_THREADS, "00000001025", "00000001025")
    ALSO(BAD, BIND, "0", "0")
    ALSO(BAD, BIND, "core", "core")
    ALSO(BAD, BIND, "coresx", "coresx")
    ALSO(BAD, BIND, "threads", "threads")
    ALSO(BAD, PLACES, "none", "none")
    ALSO(BAD, PLACES, "sockets", "sockets")
    ALSO(BAD, PLACES, "thread", "thread")
    ALSO(BAD, SPIN_US, "1000000001", "1000000001")
    ALSO(BAD, SPIN_US, "10us", "10us")
    ALSO(BAD, STATS, "2", "2")
    ALSO(BAD, STATS, "yes", "yes")
    ALSO(BAD, STATS, "on", "on")
    /* clang-format on */
};

inputs_t inputs_environment(void)
{
    return TABLE("environment", cases);
}
