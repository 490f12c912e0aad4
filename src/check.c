/* check.c - what a failed check does. */
#include "check.h"

#if PAR_CHECKS >= 1
#    include <stdio.h>
#    include <stdlib.h>

void par__check_failed(const char *file, int line, const char *function, const char *message)
{
    fprintf(stderr, "par: %s:%d: %s: %s\n", file, line, function, message);
    abort();
}
#else
typedef int par__check_is_off_t; /* a translation unit needs a declaration */
#endif
