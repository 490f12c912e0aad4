/* mandelbrot [FILE [WIDTH HEIGHT]] - paints the Mandelbrot set into a PNG file (default:
 * mandelbrot.png, 1200 x 800). Rows differ in cost by a factor of thousands; par_for balances them
 * without being told how. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <par/par.h>

#include "png.h"

enum { MAX_ITERATIONS = 1000, MAX_SIDE = 30000, N_SAMPLES = 3 }; /* 3 x 3 samples a pixel */

typedef struct picture_t {
    unsigned width, height;
    unsigned char *rgb; /* rows of width * 3 bytes, top to bottom */
} picture_t;

/* How fast z := z^2 + c escapes, made continuous; below 0: it does not. */
static double escape_time(double x0, double y0)
{
    double q = (x0 - 0.25) * (x0 - 0.25) + y0 * y0;
    if (q * (q + x0 - 0.25) <= 0.25 * y0 * y0) return -1; /* inside the heart */
    double x = 0, y = 0, xx = 0, yy = 0;
    for (int i = 0; i < MAX_ITERATIONS; i++) {
        y = 2 * x * y + y0;
        x = xx - yy + x0;
        xx = x * x;
        yy = y * y;
        if (xx + yy > 256) return i + 1 - log2(log2(xx + yy) / 2);
    }
    return -1;
}

/* Adds the colour of one sample: black inside, outside a cycle from deep blue over white and gold,
 * in linear light. */
static void colour_add(double escape, double rgb[3])
{
    static const double phase[3] = {0.28, 0.15, 0.02};
    if (escape < 0) return;
    double turn = 0.40 + 0.42 * log(1 + (escape > 0 ? escape : 0));
    for (int k = 0; k < 3; k++) {
        double wave = 0.5 + 0.5 * cos(6.283185307179586 * (turn - phase[k]));
        rgb[k] += wave * wave;
    }
}

static void pixel_paint(const picture_t *picture, unsigned column, size_t row)
{
    double rgb[3] = {0};
    double step = fmax(3.6 / picture->width, 2.4 / picture->height);
    for (int i = 0; i < N_SAMPLES * N_SAMPLES; i++) {
        double dx = (i % N_SAMPLES + 0.5) / N_SAMPLES,
               dy = ((double)(i / N_SAMPLES) + 0.5) / N_SAMPLES;
        double x = (column + dx - 0.5 * picture->width) * step - 0.7;
        double y = ((double)row + dy - 0.5 * picture->height) * step;
        colour_add(escape_time(x, y), rgb);
    }
    unsigned char *out = picture->rgb + 3 * (row * picture->width + column);
    for (int k = 0; k < 3; k++)
        out[k] = (unsigned char)(255 * pow(rgb[k] / (N_SAMPLES * N_SAMPLES), 1 / 2.2) + 0.5);
}

static void row_paint(size_t row, void *ctx)
{
    const picture_t *picture = ctx;
    for (unsigned column = 0; column < picture->width; column++)
        pixel_paint(picture, column, row);
}

/* A side of the picture from the command line; 0 after a message. */
static unsigned side_parse(const char *name, const char *text)
{
    char *end;
    unsigned long side = strtoul(text, &end, 10);
    if (*text >= '0' && *text <= '9' && *end == '\0' && side >= 1 && side <= MAX_SIDE)
        return (unsigned)side;
    fprintf(stderr, "mandelbrot: %s is \"%s\": it must be a number from 1 to %d\n", name, text,
            MAX_SIDE);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 3 || argc > 4) {
        fputs("usage: mandelbrot [FILE [WIDTH HEIGHT]]\n", stderr);
        return 1;
    }
    const char *name = argc > 1 ? argv[1] : "mandelbrot.png";
    picture_t picture = {1200, 800, NULL};
    if (argc == 4) picture.width = side_parse("WIDTH", argv[2]);
    if (argc == 4) picture.height = side_parse("HEIGHT", argv[3]);
    if (picture.width == 0 || picture.height == 0) return 1;
    picture.rgb = malloc((size_t)3 * picture.width * picture.height);

    int status = -1;
    if (picture.rgb != NULL) {
        par_for(0, picture.height, row_paint, &picture);
        status = png_write(name, picture.rgb, picture.width, picture.height);
    }
    free(picture.rgb);
    if (status != 0) {
        fprintf(stderr, "mandelbrot: %s: %s\n", name, strerror(errno));
        return 1;
    }
    printf("%s: %u x %u by %u workers\n", name, picture.width, picture.height, par_num_workers());
    return 0;
}
