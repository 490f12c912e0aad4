/* sort_lines [FILE] - prints the lines of a file (default: standard input) in the order of their
 * bytes, as `LC_ALL=C sort` does: a merge sort by divide and conquer, where par_join does both
 * halves of everything, of the sort and of each merge. Equal lines keep their order.
 *
 * The pattern: the recursive function has ordinary arguments; a struct holds them for a task, and
 * a two-line function unpacks it. Forking is so cheap that no depth limit is needed: recursion
 * stops where plain code is faster. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <par/par.h>

typedef struct line_t {
    const char *text; /* without its newline; may hold any bytes */
    size_t length;
} line_t;

enum { SMALL_SORT = 24, SMALL_MERGE = 256 }; /* lines */

static int line_compare(line_t a, line_t b)
{
    int order = memcmp(a.text, b.text, a.length < b.length ? a.length : b.length);
    return order != 0 ? order : (a.length > b.length) - (a.length < b.length);
}

static void insertion_sort(line_t *v, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        line_t line = v[i];
        size_t k = i;
        for (; k > 0 && line_compare(v[k - 1], line) > 0; k--)
            v[k] = v[k - 1];
        v[k] = line;
    }
}

/* How many lines of v stand before key: those that are less, and equal ones if is_after is set. */
static size_t lines_before(const line_t *v, size_t n, line_t key, int is_after)
{
    size_t begin = 0;
    while (n > 0) {
        size_t half = n / 2;
        if (line_compare(v[begin + half], key) < is_after) {
            begin += half + 1;
            n -= half + 1;
        } else {
            n = half;
        }
    }
    return begin;
}

typedef struct merge_t {
    const line_t *a, *b; /* where lines are equal, those of a come first */
    size_t n_a, n_b;
    line_t *out;
} merge_t;

static void merge_serial(merge_t m)
{
    while (m.n_a > 0 && m.n_b > 0) {
        if (line_compare(*m.b, *m.a) < 0) {
            *m.out++ = *m.b++;
            m.n_b--;
        } else {
            *m.out++ = *m.a++;
            m.n_a--;
        }
    }
    memcpy(m.out, m.n_a > 0 ? m.a : m.b, (m.n_a + m.n_b) * sizeof *m.out);
}

static void merge_task(void *ctx)
{
    merge_t m = *(merge_t *)ctx;
    if (m.n_a + m.n_b <= SMALL_MERGE) {
        merge_serial(m);
        return;
    }
    size_t i, k; /* cut the longer side in the middle, the other where that line belongs */
    if (m.n_a >= m.n_b) {
        i = m.n_a / 2;
        k = lines_before(m.b, m.n_b, m.a[i], 0);
    } else {
        k = m.n_b / 2;
        i = lines_before(m.a, m.n_a, m.b[k], 1);
    }
    merge_t low = {m.a, m.b, i, k, m.out};
    merge_t high = {m.a + i, m.b + k, m.n_a - i, m.n_b - k, m.out + i + k};
    par_join(merge_task, &low, merge_task, &high);
}

typedef struct sort_t {
    line_t *v, *other; /* sorts v[0..n) with room for n more at other; the result is in v, */
    size_t n;
    int is_to_other; /* or, if this is set, in other */
} sort_t;

static void sort_task(void *ctx);

static void lines_sort(line_t *v, line_t *other, size_t n, int is_to_other)
{
    if (n <= SMALL_SORT) {
        insertion_sort(v, n);
        if (is_to_other && n > 0) memcpy(other, v, n * sizeof *v);
        return;
    }
    size_t half = n / 2;
    sort_t low = {v, other, half, !is_to_other};
    sort_t high = {v + half, other + half, n - half, !is_to_other};
    par_join(sort_task, &low, sort_task, &high);

    const line_t *from = is_to_other ? v : other;
    merge_task(&(merge_t){from, from + half, half, n - half, is_to_other ? other : v});
}

static void sort_task(void *ctx)
{
    sort_t *s = ctx;
    lines_sort(s->v, s->other, s->n, s->is_to_other);
}

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

/* Room for n lines and for the second copy that the sort works with; NULL without memory. */
static line_t *lines_split(const char *bytes, size_t n_bytes, size_t *n)
{
    const char *end = bytes + n_bytes;
    size_t n_lines = n_bytes > 0 && end[-1] != '\n';
    for (const char *at = bytes; at < end && (at = memchr(at, '\n', (size_t)(end - at))); at++)
        n_lines++;

    line_t *lines = calloc(2 * n_lines + 1, sizeof *lines);
    *n = 0;
    for (const char *at = bytes; lines != NULL && at < end;) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        if (stop == NULL) stop = end;
        lines[(*n)++] = (line_t){at, (size_t)(stop - at)};
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
    line_t *lines = lines_split(bytes, n_bytes, &n);
    if (lines == NULL) return fail("memory for the lines");

    lines_sort(lines, lines + n, n, 0);

    for (size_t i = 0; i < n; i++) {
        fwrite(lines[i].text, 1, lines[i].length, stdout);
        putchar('\n');
    }
    free(lines);
    free(bytes);
    if (fclose(file) != 0 || fflush(stdout) != 0 || ferror(stdout)) return fail("output");
    return 0;
}
