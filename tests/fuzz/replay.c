/* replay.c - runs a fuzz target on files, where there is no libFuzzer: replay PATH..., a path being a
 * file or a directory of files. */
#define _GNU_SOURCE
#define _FILE_OFFSET_BITS 64 /* else 32-bit programs cannot look at files with large numbers */
#include "fuzz.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>

enum { MAX_BYTES = 1 << 20 };

static unsigned n_inputs;

static void file_replay(const char *path)
{
    FILE *file = fopen(path, "rb");
    uint8_t *bytes = malloc(MAX_BYTES);
    if (file == NULL || bytes == NULL) {
        perror(path);
        exit(2);
    }
    size_t n = fread(bytes, 1, MAX_BYTES, file);
    fclose(file);
    /* Exactly as large as the input, so that a sanitizer sees a read behind its end. */
    uint8_t *exact = malloc(n > 0 ? n : 1);
    if (exact == NULL) exit(2);
    memcpy(exact, bytes, n);
    LLVMFuzzerTestOneInput(exact, n);
    free(exact);
    free(bytes);
    n_inputs++;
}

static void path_replay(const char *path)
{
    struct stat status;
    struct dirent **entries;
    if (stat(path, &status) == 0 && !S_ISDIR(status.st_mode)) {
        file_replay(path);
        return;
    }
    int n = scandir(path, &entries, NULL, alphasort);
    if (n < 0) {
        perror(path);
        exit(2);
    }
    for (int i = 0; i < n; i++) {
        char below[4096];
        int length = snprintf(below, sizeof below, "%s/%s", path, entries[i]->d_name);
        if (entries[i]->d_name[0] != '.' && length > 0 && (size_t)length < sizeof below)
            file_replay(below);
        free(entries[i]);
    }
    free(entries);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        path_replay(argv[i]);
    printf("%u inputs\n", n_inputs);
    return n_inputs == 0;
}
