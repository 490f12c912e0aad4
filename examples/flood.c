/* flood [MAP] - pours water into a map (default: standard input): how many blanks can be reached from
 * the first one, going up, down, left and right?
 *
 * A cell that gets wet makes its dry neighbours work of their own, so the loop's work grows while it is
 * done: PAR_DEFINE_FOR_WORK ends when nothing is left. Whoever marks a cell first adds it, so each is
 * added once; no queue, no counter of open cells, no lock. */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <par/par.h>

enum { WALL = 1, WET = 2 }; /* bits; a wall gets wet too, but lets nothing through */

typedef struct map_t {
    size_t rows, cols;
    _Atomic unsigned char *is_closed; /* WALL, WET or both, with a wall around all; 0: dry */
} map_t;

PAR_DEFINE_FOR_WORK(flood, size_t, cell, const map_t *, map, work)
{
    const size_t neighbours[] = {cell - map->cols, cell - 1, cell + 1, cell + map->cols};
    for (int i = 0; i < 4; i++)
        if (!atomic_fetch_or_explicit(&map->is_closed[neighbours[i]], WET, memory_order_relaxed))
            flood_add(work, neighbours[i]);
}

PAR_DEFINE_REDUCE(count_wet, size_t, 0, a, b, a + b, const map_t *, map, i)
{
    return map->is_closed[i] == WET;
}

static void die(const char *what, const char *name)
{
    fprintf(stderr, "flood: %s", what);
    perror(name);
    exit(1);
}

/* All of a file, with a zero behind. */
static char *read_all(FILE *file, const char *name, size_t *n)
{
    size_t room = 1 << 16;
    char *text = malloc(room);
    *n = 0;
    while (text != NULL) {
        *n += fread(text + *n, 1, room - *n - 1, file);
        if (ferror(file)) die("", name);
        if (feof(file)) break;
        if (*n + 1 == room) text = realloc(text, room *= 2);
    }
    if (text == NULL) die("no room for ", name);
    text[*n] = '\0';
    return text;
}

/* What is beyond the end of a line is a wall, like everything that is no blank. */
static map_t map_make(const char *text, size_t n)
{
    map_t map = {2, 0, NULL};
    for (size_t i = 0, length = 0; i < n; i++) {
        length = text[i] == '\n' ? 0 : length + 1;
        if (length > map.cols) map.cols = length;
        map.rows += text[i] == '\n' || i + 1 == n;
    }
    map.cols += 2;
    map.is_closed = malloc(map.rows * map.cols);
    if (map.is_closed == NULL) die("", "the map");
    for (size_t i = 0; i < map.rows * map.cols; i++)
        map.is_closed[i] = WALL;
    for (size_t i = 0, row = 1, col = 1; i < n; i++, col++) {
        if (text[i] == ' ') map.is_closed[row * map.cols + col] = 0;
        if (text[i] == '\n') {
            row++;
            col = 0;
        }
    }
    return map;
}

int main(int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : "standard input";
    if (argc > 2) {
        fprintf(stderr, "usage: flood [MAP]   (%d arguments were given)\n", argc - 1);
        return 1;
    }
    FILE *file = argc > 1 ? fopen(name, "r") : stdin;
    if (file == NULL) die("", name);
    size_t n;
    char *text = read_all(file, name, &n);
    map_t map = map_make(text, n);
    const size_t cells = map.rows * map.cols;

    size_t first = 0;
    while (first < cells && map.is_closed[first])
        first++;
    if (first < cells) {
        map.is_closed[first] = WET;
        flood(&first, 1, &map);
    }
    const map_t *wet = &map;
    printf("%zu cells are wet\n", count_wet(0, cells, wet));
    free(map.is_closed);
    free(text);
    return 0;
}
