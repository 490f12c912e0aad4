/* lanes_avx512.c - folds in vectors of 64 bytes. */
#if defined(__x86_64__)
#    include <immintrin.h>

#    define PATH      avx512
#    define TARGET    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl")))
#    define VEC_BYTES 64

#    define X86(verb)             CAT(_mm512_##verb##_, VEC_SUFFIX)
#    define MIN_OF(a, b)          X86(min)(a, b)
#    define MAX_OF(a, b)          X86(max)(a, b)
#    define note_t                unsigned
#    define NOTE_NAN(note, a, b)  ((note) |= CAT(X86(cmp), _mask)(a, b, _CMP_UNORD_Q))
#    define NOTE_NONZERO(note, a) ((note) |= CAT(X86(cmp), _mask)(a, (vec_t){0}, _CMP_NEQ_UQ))
#    define IS_NOTED(note)        ((note) != 0)
#    include "lanes_all.h"
#else
typedef int par__lanes_avx512_is_off_t; /* a translation unit needs a declaration */
#endif
