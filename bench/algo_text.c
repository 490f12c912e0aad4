/* algo_text.c - a text of 128 MiB in lines of 40 bytes on average, words of 5, cut into slices. */
#include "algo_text.h"

#include <stdlib.h>
#include <string.h>

#include <par/par.h>

enum { N = 1 << 27 };

bench_text_t bench_text;

_Static_assert(sizeof(bench_slice_t) == sizeof(par_slice_t), "the slices of par");

static char *text_make(void)
{
    char *text = malloc(N);
    par_random_t random = par_random_seed(5);
    for (size_t i = 0; text != NULL && i < N; i++) {
        uint64_t draw = par_random_u64(random, i / 4) >> i % 4 * 16;
        text[i] = (draw & 0xff) < 6         ? '\n'
                  : (draw >> 8 & 0xff) < 40 ? ' '
                                            : (char)('a' + draw % 26);
    }
    return text;
}

static bool data_make(void)
{
    bench_text_t *d = &bench_text;
    if (d->text == NULL) {
        d->n = N;
        d->text = text_make();
        d->room = d->text != NULL ? par_tokens(d->text, N, NULL, NULL, 0) : 0;
        d->slices = malloc(d->room * sizeof *d->slices);
        if (d->slices != NULL) memset(d->slices, 0, d->room * sizeof *d->slices);
    }
    return d->text != NULL && d->slices != NULL;
}

static bool prepare(const bench_algo_t *a)
{
    (void)a;
    bench_text.n_slices = 0;
    return data_make();
}

static uint64_t slices_hash(void)
{
    const bench_text_t *d = &bench_text;
    uint64_t hash = d->n_slices;
    for (size_t i = 0; i < d->n_slices; i++)
        hash = (hash ^ (size_t)(d->found[i].at - d->text) ^ (uint64_t)d->found[i].n << 40) *
               0x9E3779B97F4A7C15u;
    return hash;
}

static void found_in_slices(size_t n)
{
    bench_text.found = bench_text.slices;
    bench_text.n_slices = n;
}

static void lines_serial(const bench_algo_t *a)
{
    bench_text_t *d = &bench_text;
    size_t count = 0;
    (void)a;
    for (const char *at = d->text, *end = d->text + d->n; at < end; count++) {
        const char *next = memchr(at, '\n', (size_t)(end - at));
        if (next == NULL) next = end;
        d->slices[count] = (bench_slice_t){at, (size_t)(next - at)};
        at = next + 1;
    }
    found_in_slices(count);
}

static void tokens_serial(const bench_algo_t *a)
{
    bench_text_t *d = &bench_text;
    bool is_white[256] = {0};
    size_t count = 0, start = 0;
    (void)a;
    is_white[' '] = is_white['\n'] = is_white['\t'] = is_white['\v'] = is_white['\f'] =
        is_white['\r'] = true;
    for (size_t i = 0; i < d->n; i++) {
        if (!is_white[(unsigned char)d->text[i]]) continue;
        if (i > start) d->slices[count++] = (bench_slice_t){d->text + start, i - start};
        start = i + 1;
    }
    if (start < d->n) d->slices[count++] = (bench_slice_t){d->text + start, d->n - start};
    found_in_slices(count);
}

static bool hash_is(void (*serial)(const bench_algo_t *a), uint64_t *wanted)
{
    uint64_t hash = slices_hash();
    if (*wanted == 0) {
        serial(NULL);
        *wanted = slices_hash();
    }
    return hash == *wanted;
}

static bool lines_are_right(const bench_algo_t *a)
{
    static uint64_t wanted;
    (void)a;
    return hash_is(lines_serial, &wanted);
}

static bool tokens_are_right(const bench_algo_t *a)
{
    static uint64_t wanted;
    (void)a;
    return hash_is(tokens_serial, &wanted);
}

static void lines_par(const bench_algo_t *a)
{
    bench_text_t *d = &bench_text;
    (void)a;
    found_in_slices(par_lines(d->text, d->n, (par_slice_t *)d->slices, d->room));
}

static void tokens_par(const bench_algo_t *a)
{
    bench_text_t *d = &bench_text;
    (void)a;
    found_in_slices(par_tokens(d->text, d->n, NULL, (par_slice_t *)d->slices, d->room));
}

#if defined(BENCH_RAYON)
static void lines_rayon(const bench_algo_t *a)
{
    (void)a;
    bench_rayon_lines(&bench_text);
}

static void tokens_rayon(const bench_algo_t *a)
{
    (void)a;
    bench_rayon_tokens(&bench_text);
}
#endif

static const bench_answer_t lines_answers[] = {
    BENCH_PAR_ANSWER(lines_par) BENCH_SERIAL_ANSWER(lines_serial) BENCH_RAYON_ANSWER(lines_rayon)};
static const bench_answer_t tokens_answers[] = {BENCH_PAR_ANSWER(tokens_par) BENCH_SERIAL_ANSWER(
    tokens_serial) BENCH_RAYON_ANSWER(tokens_rayon)};

#define CASE(name, short)                                                                          \
    {                                                                                              \
        .workload = #name, .size = N, .quick = short, .prepare = prepare,                          \
        .is_right = name##_are_right, BENCH_ANSWERS(name##_answers)                                \
    }

static const bench_algo_t algos[] = {CASE(lines, true), CASE(tokens, false)};

BENCH_DEFINE_ALGO(text, algos)
