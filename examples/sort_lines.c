/* sort_lines [FILE] - prints the lines of a file (default: standard input) in the order of their
 * bytes, as `LC_ALL=C sort` does. Equal lines keep their order. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <par/par.h>

/* The whole file, or NULL with errno set. */
static char *file_read(FILE *file, size_t *n_bytes)
{
    size_t room = 1 << 16, used = 0;
    char *bytes = malloc(room);
    while (bytes != NULL) {
        used += fread(bytes + used, 1, room - used, file);
        if (used < room) break;
        char *larger = realloc(bytes, room *= 2);
        if (larger == NULL) free(bytes);
        bytes = larger;
    }
    *n_bytes = used;
    if (bytes == NULL || !ferror(file)) return bytes;
    free(bytes);
    return NULL;
}

/* The lines without their newlines; NULL without memory. */
static par_slice_t *lines_split(const char *bytes, size_t n_bytes, size_t *n)
{
    const char *end = bytes + n_bytes;
    size_t n_lines = n_bytes > 0 && end[-1] != '\n';
    for (const char *at = bytes; at < end && (at = memchr(at, '\n', (size_t)(end - at))); at++)
        n_lines++;

    par_slice_t *lines = calloc(n_lines + 1, sizeof *lines);
    *n = 0;
    for (const char *at = bytes; lines != NULL && at < end;) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        if (stop == NULL) stop = end;
        lines[(*n)++] = (par_slice_t){at, (size_t)(stop - at)};
        at = stop + 1;
    }
    return lines;
}

static int fail(const char *what)
{
    fprintf(stderr, "sort_lines: %s: %s\n", what, strerror(errno));
    return 1;
}

int main(int argc, char **argv)
{
    if (argc > 2) {
        fprintf(stderr, "usage: sort_lines [FILE]   (one file at most, %d were given)\n", argc - 1);
        return 1;
    }
    FILE *file = argc == 2 ? fopen(argv[1], "rb") : stdin;
    if (file == NULL) return fail(argv[1]);
    size_t n_bytes, n;
    char *bytes = file_read(file, &n_bytes);
    if (bytes == NULL) return fail(argc == 2 ? argv[1] : "standard input");
    par_slice_t *lines = lines_split(bytes, n_bytes, &n);
    if (lines == NULL) return fail("memory for the lines");

    par_sort_slices(lines, n);

    for (size_t i = 0; i < n; i++) {
        fwrite(lines[i].at, 1, lines[i].n, stdout);
        putchar('\n');
    }
    free(lines);
    free(bytes);
    if (fclose(file) != 0 || fflush(stdout) != 0 || ferror(stdout)) return fail("output");
    return 0;
}
