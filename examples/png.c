/* png.c - the smallest honest PNG writer: one IDAT chunk a row, each a stored (uncompressed)
 * deflate block. Format: RFC 2083 (PNG), RFC 1950 (zlib: header, Adler-32), RFC 1951 (deflate). */
#include "png.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint32_t crc_of(const unsigned char *bytes, size_t n)
{
    uint32_t crc = UINT32_MAX;
    for (size_t i = 0; i < n; i++) {
        crc ^= bytes[i];
        for (int k = 0; k < 8; k++)
            crc = crc >> 1 ^ (crc & 1 ? UINT32_C(0xEDB88320) : 0);
    }
    return ~crc;
}

static uint32_t adler_add(uint32_t adler, const unsigned char *bytes, size_t n)
{
    uint32_t a = adler & 0xFFFF, b = adler >> 16;
    for (size_t i = 0; i < n; i++) {
        a = (a + bytes[i]) % 65521;
        b = (b + a) % 65521;
    }
    return b << 16 | a;
}

static void put_u32(unsigned char *at, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        at[i] = (unsigned char)(value >> (24 - 8 * i));
}

/* chunk: 4 bytes for the length, 4 of type, n_data of data, 4 for the checksum. */
static void chunk_write(FILE *file, unsigned char *chunk, const char *type, size_t n_data)
{
    put_u32(chunk, (uint32_t)n_data);
    memcpy(chunk + 4, type, 4);
    put_u32(chunk + 8 + n_data, crc_of(chunk + 4, 4 + n_data));
    fwrite(chunk, 1, 12 + n_data, file);
}

static void header_write(FILE *file, unsigned width, unsigned height)
{
    static const unsigned char signature[8] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    unsigned char chunk[12 + 13] = {0};
    fwrite(signature, 1, sizeof signature, file);
    put_u32(chunk + 8, width);
    put_u32(chunk + 12, height);
    chunk[16] = 8; /* bits a channel */
    chunk[17] = 2; /* RGB */
    chunk_write(file, chunk, "IHDR", 13);
}

/* One row as blocks of at most 65535 bytes, the most that a stored block can hold. row has the
 * filter byte 0 in front. */
static void
row_write(FILE *file, unsigned char *chunk, const unsigned char *row, size_t n, int is_last)
{
    while (n > 0) {
        size_t part = n < 65535 ? n : 65535;
        unsigned char *data = chunk + 8;
        data[0] = is_last && part == n;
        data[1] = (unsigned char)part;
        data[2] = (unsigned char)(part >> 8);
        data[3] = (unsigned char)~data[1];
        data[4] = (unsigned char)~data[2];
        memcpy(data + 5, row, part);
        chunk_write(file, chunk, "IDAT", 5 + part);
        row += part;
        n -= part;
    }
}

static void picture_write(FILE *file,
                          const unsigned char *rgb,
                          unsigned width,
                          unsigned height,
                          unsigned char *chunk,
                          unsigned char *row)
{
    size_t n = 1 + (size_t)3 * width;
    uint32_t adler = 1;
    header_write(file, width, height);
    memcpy(chunk + 8, "\x78\x01", 2); /* zlib: deflate, 32 KB window, no dictionary */
    chunk_write(file, chunk, "IDAT", 2);
    for (unsigned i = 0; i < height; i++) {
        row[0] = 0; /* filter: none */
        memcpy(row + 1, rgb + i * (n - 1), n - 1);
        adler = adler_add(adler, row, n);
        row_write(file, chunk, row, n, i + 1 == height);
    }
    put_u32(chunk + 8, adler);
    chunk_write(file, chunk, "IDAT", 4);
    chunk_write(file, chunk, "IEND", 0);
}

int png_write(const char *name, const unsigned char *rgb, unsigned width, unsigned height)
{
    int status = -1;
    unsigned char *chunk = malloc(12 + 5 + 65535), *row = malloc(1 + (size_t)3 * width);
    FILE *file = chunk != NULL && row != NULL ? fopen(name, "wb") : NULL;
    if (file != NULL) {
        picture_write(file, rgb, width, height, chunk, row);
        status = ferror(file) ? -1 : 0;
        if (fclose(file) != 0) status = -1;
    }
    free(row);
    free(chunk);
    return status;
}
