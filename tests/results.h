/* results.h - figures for the table of what is tested (tests/README.md).
 *
 * PAR_RESULTS names a directory; a program writes its line "name<TAB>figure<TAB>target" to a file there
 * that bears its name. Without PAR_RESULTS nothing is written. */
#ifndef PAR_TEST_RESULTS_H
#define PAR_TEST_RESULTS_H

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

/* Needs _GNU_SOURCE in the file that includes it. */
static inline void result_write(const char *name, unsigned long figure, const char *target)
{
    char path[4096];
    const char *directory = getenv("PAR_RESULTS");
    if (directory == NULL) return;
    snprintf(path, sizeof path, "%s/%s.tsv", directory, program_invocation_short_name);
    FILE *file = fopen(path, "w");
    if (file == NULL) {
        perror(path);
        return;
    }
    fprintf(file, "%s\t%lu\t%s\n", name, figure, target);
    fclose(file);
}

#endif
