/* compare.h - which of two elements comes first: what sorts and searches for extremes call. */
#ifndef PAR_COMPARE_H
#define PAR_COMPARE_H

#include <par/api.h>

PAR_BEGIN_DECLS

/* Less than 0: *a is before *b. 0: neither is. Greater than 0: *b is before *a. */
typedef int par_compare_fn(const void *a, const void *b, void *ctx);

PAR_END_DECLS

#endif
