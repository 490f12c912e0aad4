/* failure.c - noting a failure. */
#include "failure.h"

void par__failure_note(par__failure_t *failure, size_t i, int code)
{
    par__lock_take(&failure->lock);
    if (i < failure->lowest) {
        failure->code = code;
        __atomic_store_n(&failure->lowest, i, __ATOMIC_RELAXED);
    }
    par__lock_drop(&failure->lock);
}
