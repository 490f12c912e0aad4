/* fuzz.h - a fuzz target: what it is given, and how it says that something is wrong.
 *
 * A target takes any bytes, calls the library with them and checks what must hold for all of them. It
 * must not leak, and must not remember what it was given before. */
#ifndef PAR_FUZZ_H
#define PAR_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Stops with the place of the first broken promise. */
#define MUST(cond)                                                                                 \
    do {                                                                                           \
        if (cond) break;                                                                           \
        fprintf(stderr, "%s:%d: %s does not hold\n", __FILE__, __LINE__, #cond);                   \
        abort();                                                                                   \
    } while (0)

#endif
