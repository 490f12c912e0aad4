/* coral [FILE [WIDTH HEIGHT STEPS]] - grows a coral and paints it into a PNG file (default: coral.png,
 * 480 x 320, 6000 steps).
 *
 * Gray and Scott's model: one substance is fed everywhere, another one eats it, grows where it meets
 * itself, and decays; both spread to their neighbours. Each step makes all cells anew from those of the
 * step before. PAR_DEFINE_FOR_2D divides the plate into tiles whose neighbouring rows are still in a
 * cache; its body is what a cell needs, and is vectorised. Cells do not depend on who made them. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <par/par.h>

#include "png.h"

enum { MAX_SIDE = 10000, MAX_STEPS = 1000000, CELLS_PER_SEED = 2500, SEED_SIDE = 5 };

/* How much spreads to each neighbour in a step, is fed, and decays beyond that. */
static const float SPREAD_FOOD = 0.16f, SPREAD_CORAL = 0.08f, FEED = 0.0545f, DECAY = 0.062f;

/* Cells in rows of `stride`, with a border around that is never written: food there, no coral. */
typedef struct plate_t {
    size_t rows, cols, stride;
    float *food, *coral, *next_food, *next_coral;
} plate_t;

typedef struct picture_t {
    plate_t plate;
    unsigned char *rgb; /* rows of cols * 3 bytes, top to bottom */
} picture_t;

static float from_neighbours(const float *x, size_t i, size_t stride)
{
    return x[i - stride] + x[i - 1] + x[i + 1] + x[i + stride] - 4 * x[i];
}

PAR_DEFINE_FOR_2D(step, plate_t, p, row, col)
{
    size_t i = row * p.stride + col;
    float food = p.food[i], coral = p.coral[i], eaten = food * coral * coral;
    p.next_food[i] =
        food + SPREAD_FOOD * from_neighbours(p.food, i, p.stride) - eaten + FEED * (1 - food);
    p.next_coral[i] = coral + SPREAD_CORAL * from_neighbours(p.coral, i, p.stride) + eaten -
                      (FEED + DECAY) * coral;
}

static void grow(plate_t *p, size_t steps)
{
    const par_range_2d_t inside = {1, p->rows + 1, 1, p->cols + 1};
    for (size_t k = 0; k < steps; k++) {
        step(inside, *p);
        plate_t old = *p;
        p->food = old.next_food;
        p->next_food = old.food;
        p->coral = old.next_coral;
        p->next_coral = old.coral;
    }
}

/* Squares, evenly scattered: the fractions of the multiples of two irrational numbers. */
static void plant(const plate_t *p)
{
    size_t n_seeds = p->rows * p->cols / CELLS_PER_SEED + 1;
    for (size_t k = 1; k <= n_seeds; k++) {
        double x = (double)k * 0.7548776662466927, y = (double)k * 0.5698402909980532;
        size_t first_row = 1 + (size_t)((y - (double)(size_t)y) * (double)p->rows);
        size_t first_col = 1 + (size_t)((x - (double)(size_t)x) * (double)p->cols);
        for (size_t row = first_row; row < first_row + SEED_SIDE && row <= p->rows; row++)
            for (size_t col = first_col; col < first_col + SEED_SIDE && col <= p->cols; col++)
                p->coral[row * p->stride + col] = 0.5f;
    }
}

/* From deep water over coral red to white. */
static void cell_paint(float coral, unsigned char rgb[3])
{
    static const float colour[3][3] = {{6, 22, 48}, {238, 92, 80}, {255, 244, 226}};
    float at = coral * 5 < 2 ? coral * 5 : 2;
    int below = at < 1 ? 0 : 1;
    for (int k = 0; k < 3; k++)
        rgb[k] = (unsigned char)(colour[below][k] +
                                 (at - (float)below) * (colour[below + 1][k] - colour[below][k]));
}

static void row_paint(size_t row, void *ctx)
{
    const picture_t *picture = ctx;
    const plate_t *p = &picture->plate;
    for (size_t col = 0; col < p->cols; col++)
        cell_paint(p->coral[(row + 1) * p->stride + col + 1],
                   picture->rgb + 3 * (row * p->cols + col));
}

static void die(const char *what)
{
    fprintf(stderr, "coral: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void *allocate(size_t bytes)
{
    void *memory = malloc(bytes);
    if (memory == NULL) die("no memory for the picture");
    return memory;
}

/* The number of that name from the command line. */
static size_t parse(const char *name, const char *text, unsigned long most)
{
    char *end;
    unsigned long number = strtoul(text, &end, 10);
    if (*text >= '0' && *text <= '9' && *end == '\0' && number >= 1 && number <= most)
        return number;
    fprintf(stderr, "coral: %s is \"%s\": it must be a number from 1 to %lu\n", name, text, most);
    exit(1);
}

int main(int argc, char **argv)
{
    if (argc != 1 && argc != 2 && argc != 5) {
        fputs("usage: coral [FILE [WIDTH HEIGHT STEPS]]\n", stderr);
        return 1;
    }
    const char *name = argc > 1 ? argv[1] : "coral.png";
    size_t width = argc == 5 ? parse("WIDTH", argv[2], MAX_SIDE) : 480;
    size_t height = argc == 5 ? parse("HEIGHT", argv[3], MAX_SIDE) : 320;
    size_t steps = argc == 5 ? parse("STEPS", argv[4], MAX_STEPS) : 6000;
    size_t n = (width + 2) * (height + 2);
    float *cells = allocate(4 * n * sizeof *cells);
    for (size_t i = 0; i < 4 * n; i++)
        cells[i] = i < 2 * n ? 1 : 0; /* food, new food, coral, new coral */
    plate_t plate = {height, width, width + 2, cells, cells + 2 * n, cells + n, cells + 3 * n};
    plant(&plate);
    grow(&plate, steps);
    picture_t picture = {plate, allocate(3 * width * height)};
    par_for(0, height, row_paint, &picture);
    if (png_write(name, picture.rgb, (unsigned)width, (unsigned)height) != 0) die(name);
    printf("%s: %zu x %zu, %zu steps by %u workers\n", name, width, height, steps,
           par_num_workers());
    free(picture.rgb);
    free(cells);
    return 0;
}
