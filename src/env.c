/* env.c - environment variables, read forgivingly in form (blanks, capitals) and strictly in
 * meaning: what is not understood is reported and ignored, never guessed. */
#include "env.h"

#include "atomic.h"
#include "platform.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Independent of the locale, which may know more blanks and letters than these. */
static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool par__env_number_parse(const char *text, uint64_t min, uint64_t max, uint64_t *out)
{
    while (is_blank(*text))
        text++;
    if (*text < '0' || *text > '9') return false;
    uint64_t value = 0;
    for (; *text >= '0' && *text <= '9'; text++) {
        uint64_t digit = (uint64_t)(*text - '0');
        if (digit > max || value > (max - digit) / 10) return false;
        value = value * 10 + digit;
    }
    while (is_blank(*text))
        text++;
    if (*text != '\0' || value < min) return false;
    *out = value;
    return true;
}

static bool word_is(const char *text, const char *word)
{
    while (is_blank(*text))
        text++;
    for (; *word != '\0' && lower(*text) == *word; word++)
        text++;
    while (is_blank(*text))
        text++;
    return *word == '\0' && *text == '\0';
}

typedef struct word_t {
    const char *text;
    int value;
} word_t;

static const word_t bind_words[] = {{"none", PAR_BIND_NONE},
                                    {"cores", PAR_BIND_CORES},
                                    {"close", PAR_BIND_CLOSE},
                                    {"spread", PAR_BIND_SPREAD},
                                    {NULL, 0}};
static const word_t places_words[] = {
    {"cores", PAR_PLACES_CORES}, {"threads", PAR_PLACES_THREADS}, {NULL, 0}};

static const word_t *word_find(const word_t *words, const char *text)
{
    for (; words->text != NULL; words++)
        if (word_is(text, words->text)) return words;
    return NULL;
}

static const char *word_name(const word_t *words, int value)
{
    for (; words->text != NULL; words++)
        if (words->value == value) return words->text;
    return "default";
}

bool par__env_bind_parse(const char *text, par_bind_t *out)
{
    const word_t *word = word_find(bind_words, text);
    if (word != NULL) *out = (par_bind_t)word->value;
    return word != NULL;
}

bool par__env_places_parse(const char *text, par_places_t *out)
{
    const word_t *word = word_find(places_words, text);
    if (word != NULL) *out = (par_places_t)word->value;
    return word != NULL;
}

const char *par__env_bind_name(par_bind_t bind)
{
    return word_name(bind_words, (int)bind);
}

const char *par__env_places_name(par_places_t places)
{
    return word_name(places_words, (int)places);
}

static bool num_threads_read(par__env_t *env, const char *text)
{
    uint64_t n = 0;
    if (!par__env_number_parse(text, 1, PAR__MAX_THREADS, &n)) return false;
    env->num_threads = (unsigned)n;
    return true;
}

static bool bind_read(par__env_t *env, const char *text)
{
    return par__env_bind_parse(text, &env->bind);
}

static bool places_read(par__env_t *env, const char *text)
{
    return par__env_places_parse(text, &env->places);
}

static bool spin_read(par__env_t *env, const char *text)
{
    uint64_t us = 0;
    if (!par__env_number_parse(text, 0, PAR__ENV_MAX_SPIN_US, &us)) return false;
    env->spin_ns = (int64_t)us * 1000;
    return true;
}

static bool stats_read(par__env_t *env, const char *text)
{
    uint64_t on = 0;
    if (!par__env_number_parse(text, 0, 1, &on)) return false;
    env->stats = on != 0;
    return true;
}

#define TEXT_OF(x) #x
#define TEXT(x)    TEXT_OF(x)

static const struct {
    const char *name;
    bool (*read)(par__env_t *env, const char *text);
    const char *accepted;
    const char *otherwise;
} variables[PAR__ENV_N] = {
    {"PAR_NUM_THREADS", num_threads_read, "a whole number from 1 to " TEXT(PAR__MAX_THREADS),
     "using one worker for each usable place"},
    {"PAR_BIND", bind_read, PAR__ENV_BIND_WORDS, "using cores, or none if places stay free"},
    {"PAR_PLACES", places_read, PAR__ENV_PLACES_WORDS, "using cores"},
    {"PAR_SPIN_US", spin_read,
     "a whole number of microseconds from 0 to " TEXT(PAR__ENV_MAX_SPIN_US),
     "choosing the time automatically"},
    {"PAR_STATS", stats_read, "0, 1", "printing no statistics"},
};

/* Quotes a value for a message: cut, and without characters that would disturb a terminal. Whether
 * char has a sign, which machines differ in, must not matter. */
static void value_quote(char *out, size_t bytes, const char *text)
{
    size_t n = 0;
    for (; text[n] != '\0' && n + 1 < bytes; n++)
        out[n] = text[n] >= ' ' && text[n] <= '~' ? text[n] : '?';
    out[n] = '\0';
    if (text[n] != '\0') memcpy(out + n - 3, "...", 3);
}

void par__env_parse(par__env_t *out,
                    par__env_lookup_fn *lookup,
                    par__env_complain_fn *complain,
                    void *ctx)
{
    *out = (par__env_t){0, PAR_BIND_DEFAULT, PAR_PLACES_DEFAULT, -1, false};
    for (unsigned i = 0; i < PAR__ENV_N; i++) {
        const char *text = lookup(variables[i].name, ctx);
        if (text == NULL || *text == '\0' || variables[i].read(out, text)) continue;
        char value[64], sentence[256];
        value_quote(value, sizeof value, text);
        snprintf(sentence, sizeof sentence, "%s=\"%s\" is not understood; accepted: %s; %s",
                 variables[i].name, value, variables[i].accepted, variables[i].otherwise);
        complain(i, sentence, ctx);
    }
}

static const char *process_lookup(const char *name, void *ctx)
{
    (void)ctx;
    return getenv(name);
}

static void stderr_complain(unsigned index, const char *sentence, void *ctx)
{
    static _Atomic(unsigned) complained[PAR__ENV_N];
    (void)ctx;
    /* Only "who was first" matters; nothing else is handed over. order: E1 */
    if (swap_acq_rel(&complained[index], 1) == 0) fprintf(stderr, "par: %s\n", sentence);
}

void par__env_read(par__env_t *out)
{
    par__env_parse(out, process_lookup, stderr_complain, NULL);
}
