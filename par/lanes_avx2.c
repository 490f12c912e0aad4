/* lanes_avx2.c - folds in vectors of 32 bytes. */
#if defined(__x86_64__)
#    include <immintrin.h>

#    define PATH      avx2
#    define TARGET    __attribute__((target("avx2")))
#    define VEC_BYTES 32

#    define X86(verb)             CAT(_mm256_##verb##_, VEC_SUFFIX)
#    define MIN_OF(a, b)          X86(min)(a, b)
#    define MAX_OF(a, b)          X86(max)(a, b)
#    define note_t                vec_t
#    define NOTE_NAN(note, a, b)  ((note) = X86(or)(note, X86(cmp)(a, b, _CMP_UNORD_Q)))
#    define NOTE_NONZERO(note, a) ((note) = X86(or)(note, X86(cmp)(a, (vec_t){0}, _CMP_NEQ_UQ)))
#    define IS_NOTED(note)        (X86(movemask)(note) != 0)
#    include "lanes_all.h"
#else
typedef int par__lanes_avx2_is_off_t; /* a translation unit needs a declaration */
#endif
