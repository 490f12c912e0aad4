/* png.h - writes 8-bit RGB pictures as PNG files, uncompressed, with no other library. */
#ifndef PNG_H
#define PNG_H

/* rgb: height rows of width * 3 bytes, top to bottom. Returns 0, or -1 with errno set. */
int png_write(const char *name, const unsigned char *rgb, unsigned width, unsigned height);

#endif
