/* search WORD [FILE] [MILLISECONDS] - the first line of FILE (default: standard input) that holds WORD,
 * as `grep -n -F -m 1` prints it; gives up after so many milliseconds.
 *
 * The body of the loop returns 1 where it finds the word: what lies behind is then left out, what lies
 * before it is still looked at, so that the answer is the first place on any number of workers. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <par/par.h>

typedef struct text_t {
    char *bytes;
    size_t n;
    const char *word;
    size_t word_bytes; /* > 0 */
} text_t;

enum { FOUND = 1 };

/* Is there a word at place i? Most places are ruled out by their first byte. */
PAR_DEFINE_TRY_FOR(find_word, const text_t *, text, i)
{
    const char *at = text->bytes + i;
    return *at == *text->word && memcmp(at, text->word, text->word_bytes) == 0 ? FOUND : 0;
}

PAR_DEFINE_REDUCE(count_lines, size_t, 0, a, b, a + b, const char *, bytes, i)
{
    return bytes[i] == '\n';
}

/* Reads the whole file; false with errno set. */
static bool text_read(text_t *text, FILE *file)
{
    size_t room = 0, got = 0;
    do {
        text->n += got;
        if (text->n == room) {
            char *more = realloc(text->bytes, room = room * 2 + 65536);
            if (more == NULL) return false;
            text->bytes = more;
        }
        got = fread(text->bytes + text->n, 1, room - text->n, file);
    } while (got > 0);
    return !ferror(file);
}

static void line_print(const text_t *text, size_t at)
{
    size_t begin = at, end = at;
    while (begin > 0 && text->bytes[begin - 1] != '\n')
        begin--;
    while (end < text->n && text->bytes[end] != '\n')
        end++;
    printf("%zu:", count_lines(0, at, text->bytes) + 1);
    fwrite(text->bytes + begin, 1, end - begin, stdout);
    putchar('\n');
}

/* 0: found; 1: not there; 2: out of time. */
static int search(const text_t *text, int64_t milliseconds)
{
    par_cancel_t stop = PAR_CANCEL_INIT;
    par_options_t options = PAR_OPTIONS_INIT;
    size_t at, n = text->n < text->word_bytes ? 0 : text->n - text->word_bytes + 1;
    if (milliseconds >= 0) par_cancel_init(&stop, NULL, par_clock_ns() + milliseconds * 1000000);
    options.cancel = &stop;
    int result = find_word_in(0, n, text, &at, &options);
    if (result == FOUND) line_print(text, at);
    if (result >= 0) return result != FOUND;
    fprintf(stderr, "search: %s (looked at %zu of %zu bytes)\n", par_strerror((par_status_t)result),
            at, text->n);
    return 2;
}

int main(int argc, char **argv)
{
    if (argc < 2 || argc > 4 || argv[1][0] == '\0' || strchr(argv[1], '\n') != NULL) {
        fputs("usage: search WORD [FILE] [MILLISECONDS]   (- is standard input)\n", stderr);
        return 1;
    }
    const char *name = argc > 2 ? argv[2] : "-";
    char *rest = NULL;
    long long milliseconds = argc > 3 ? strtoll(argv[3], &rest, 10) : -1;
    if (argc > 3 &&
        (*rest != '\0' || argv[3][0] < '0' || argv[3][0] > '9' || milliseconds > 1000000000)) {
        fprintf(stderr, "search: MILLISECONDS is \"%s\": a number up to 1000000000 is accepted\n",
                argv[3]);
        return 1;
    }
    text_t text = {NULL, 0, argv[1], strlen(argv[1])};
    bool is_stdin = strcmp(name, "-") == 0;
    FILE *file = is_stdin ? stdin : fopen(name, "rb");
    bool is_read = file != NULL && text_read(&text, file);
    if (!is_read) fprintf(stderr, "search: %s: %s\n", name, strerror(errno));
    int status = is_read ? search(&text, milliseconds) : 1;
    if (file != NULL && !is_stdin) fclose(file);
    free(text.bytes);
    return status;
}
