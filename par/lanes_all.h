/* lanes_all.h - one path: the folds of every number type and the table of them. It is the body of a
 * file that is a path, which defines
 *
 *     PATH          its name
 *     TARGET        the attribute of functions that may use its instructions
 *     VEC_BYTES     how wide its vectors are
 *     MIN_OF(a, b)  of vectors of floating-point numbers, lane by lane: a < b ? a : b
 *     MAX_OF(a, b)  a > b ? a : b
 *     note_t        what is noted about lanes; 0 at first
 *     NOTE_NAN(note, a, b), NOTE_NONZERO(note, a)  notes that a lane of a or b has a NaN, that one
 *                                                  of a has not 0
 *     IS_NOTED(note)  whether there was any */
#include "lanes.h"

#include <float.h>

_Static_assert(FLT_EVAL_METHOD == 0, "float and double are computed in their own precision");

#define CAT_(a, b) a##b
#define CAT(a, b)  CAT_(a, b)
#define UNROLL     _Pragma("GCC unroll 16")

/* The names of the type in hand, for example double_sum. */
#define FN(verb) CAT(NAME, _##verb)
#define vec_t    FN(vec_t)
#define mem_t    FN(mem_t)
#define mask_t   FN(mask_t)

/* Of the type in hand: lanes, lanes of a vector, vectors. */
#define LANES (256 / sizeof(TYPE))
#define WIDTH (VEC_BYTES / sizeof(TYPE))
#define VECS  ((size_t)256 / VEC_BYTES)

#define NAME       double
#define TYPE       double
#define MASK       int64_t
#define VEC_SUFFIX pd
#include "lanes_float.h"

#define NAME       float
#define TYPE       float
#define MASK       int32_t
#define VEC_SUFFIX ps
#include "lanes_float.h"

#include "lanes_exact.h"

#define NAME char
#define TYPE char
#define MASK int8_t
#define SUM  int64_t
#include "lanes_integer.h"

#define NAME schar
#define TYPE signed char
#define MASK int8_t
#define SUM  int64_t
#include "lanes_integer.h"

#define NAME uchar
#define TYPE unsigned char
#define MASK int8_t
#define SUM  uint64_t
#include "lanes_integer.h"

#define NAME short
#define TYPE short
#define MASK short
#define SUM  int64_t
#include "lanes_integer.h"

#define NAME ushort
#define TYPE unsigned short
#define MASK short
#define SUM  uint64_t
#include "lanes_integer.h"

#define NAME int
#define TYPE int
#define MASK int
#define SUM  int64_t
#include "lanes_integer.h"

#define NAME uint
#define TYPE unsigned int
#define MASK int
#define SUM  uint64_t
#include "lanes_integer.h"

#define NAME long
#define TYPE long
#define MASK long
#define SUM  int64_t
#include "lanes_integer.h"

#define NAME ulong
#define TYPE unsigned long
#define MASK long
#define SUM  uint64_t
#include "lanes_integer.h"

#define NAME llong
#define TYPE long long
#define MASK long long
#define SUM  int64_t
#include "lanes_integer.h"

#define NAME ullong
#define TYPE unsigned long long
#define MASK long long
#define SUM  uint64_t
#include "lanes_integer.h"

#define STRING_(a) #a
#define STRING(a)  STRING_(a)

const par__lanes_t CAT(par__lanes_, PATH) = {.name = STRING(PATH),
                                             .expand_double = double_expand,
                                             .expand_float = float_expand,
#define X(name, type, sum_type)                                                                    \
    .sum_##name = name##_sum, .dot_##name = name##_dot, .count_##name = name##_count,              \
    .min_##name = name##_min, .max_##name = name##_max, .minmax_##name = name##_minmax,            \
    .find_##name = name##_find,
                                             PAR_NUMBER_MAP(X)
#undef X
};
