/* clock.c - the monotonic clock, for programs and for the data-parallel layer. */
#include <par/cancel.h>

#include "os.h"

int64_t par_clock_ns(void)
{
    int64_t now = par__os_now_ns();
    return now != 0 ? now : 1; /* a deadline of 0 means none */
}
