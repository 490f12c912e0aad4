/* lanes_portable.c - folds in vectors of 16 bytes, which every 64-bit machine has, in C alone. */
#define PATH      portable
#define TARGET    /* what the compiler was told to build for */
#define VEC_BYTES 16

#define MIN_OF(a, b)          FN(choose)((a) < (b), a, b)
#define MAX_OF(a, b)          FN(choose)((a) > (b), a, b)
#define note_t                mask_t
#define NOTE_NAN(note, a, b)  ((note) |= ((a) != (a)) | ((b) != (b)))
#define NOTE_NONZERO(note, a) ((note) |= (a) != (vec_t){0})
#define IS_NOTED(note)        FN(any)(note)
#include "lanes_all.h"
