/* checksum [FILE] - for every 64 KiB of FILE (default: standard input) what `cksum` says of it: the
 * checksum and the number of bytes. Blocks are read and printed in order, and added up by all workers;
 * so many are in memory at the same time as there are items. */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <par/par.h>

enum { BLOCK_BYTES = 64 * 1024, N_BLOCKS = 32 };

typedef struct block_t {
    unsigned char bytes[BLOCK_BYTES];
    size_t n;
    uint32_t checksum;
} block_t;

static uint32_t table[256]; /* the remainders of x^32 times each byte */

static void table_fill(void)
{
    for (uint32_t byte = 0; byte < 256; byte++) {
        uint32_t rest = byte << 24;
        for (int bit = 0; bit < 8; bit++)
            rest = rest << 1 ^ (rest >> 31 ? 0x04c11db7u : 0);
        table[byte] = rest;
    }
}

static int block_read(void *item, void *ctx)
{
    block_t *block = item;
    FILE *file = ctx;
    block->n = fread(block->bytes, 1, BLOCK_BYTES, file);
    if (block->n > 0) return 0;
    return ferror(file) ? errno : PAR_PIPELINE_END;
}

/* The remainder of the bytes and of their number, as POSIX defines it. */
static int block_add_up(void *item, void *ctx)
{
    block_t *block = item;
    uint32_t rest = 0;
    (void)ctx;
    for (size_t i = 0; i < block->n; i++)
        rest = rest << 8 ^ table[rest >> 24 ^ block->bytes[i]];
    for (size_t n = block->n; n > 0; n >>= 8)
        rest = rest << 8 ^ table[rest >> 24 ^ (n & 255)];
    block->checksum = ~rest;
    return 0;
}

static int block_print(void *item, void *ctx)
{
    const block_t *block = item;
    FILE *out = ctx;
    return fprintf(out, "%lu %zu\n", (unsigned long)block->checksum, block->n) < 0 ? errno : 0;
}

int main(int argc, char **argv)
{
    if (argc > 2) {
        fputs("usage: checksum [FILE]   (- is standard input)\n", stderr);
        return 1;
    }
    const char *name = argc > 1 ? argv[1] : "-";
    FILE *file = strcmp(name, "-") == 0 ? stdin : fopen(name, "rb");
    block_t *blocks = malloc(N_BLOCKS * sizeof *blocks);
    int error = file == NULL || blocks == NULL ? errno : 0;
    if (error == 0) {
        const par_stage_t stages[] = {{block_read, file, PAR_STAGE_SERIAL},
                                      {block_add_up, NULL, PAR_STAGE_PARALLEL},
                                      {block_print, stdout, PAR_STAGE_SERIAL}};
        table_fill();
        error = par_pipeline(blocks, N_BLOCKS, sizeof *blocks, stages, 3, NULL, NULL);
    }
    if (error != 0) fprintf(stderr, "checksum: %s: %s\n", name, strerror(error));
    if (file != NULL && file != stdin) fclose(file);
    free(blocks);
    return error != 0;
}
