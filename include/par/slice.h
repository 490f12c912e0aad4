/* slice.h - a piece of a text. */
#ifndef PAR_SLICE_H
#define PAR_SLICE_H

#include <par/api.h>

PAR_BEGIN_DECLS

/* n bytes of a text. Frozen: fields will not be added. */
typedef struct par_slice_t {
    const char *at;
    size_t n;
} par_slice_t;

PAR_END_DECLS

#endif
