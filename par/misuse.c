/* misuse.c - how a debug build stops. */
#include "misuse.h"

#if PAR_CHECKS >= 1
#    include <stdio.h>
#    include <stdlib.h>

void par__misuse_stop(const char *file, int line, const char *function, const char *sentence)
{
    fprintf(stderr, "par: %s:%d: %s: %s\n", file, line, function, sentence);
    abort();
}
#else
typedef int par__misuse_is_off_t; /* a translation unit needs a declaration */
#endif
