/* lanes_common.h - what all number types share: vectors, counting, finding. Included by
 * lanes_float.h and lanes_integer.h, for NAME, TYPE and MASK, the signed integer as wide.
 * IS_SAME(a, b) is a == b, or two NaNs; EQUALS_ITSELF(a) is false for NaNs. */

typedef TYPE vec_t __attribute__((vector_size(VEC_BYTES)));
typedef TYPE mem_t __attribute__((vector_size(VEC_BYTES), aligned(sizeof(TYPE)), may_alias));
typedef MASK mask_t __attribute__((vector_size(VEC_BYTES)));

TARGET static inline vec_t FN(load)(const TYPE *x)
{
    return *(const mem_t *)(const void *)x;
}

/* A counter as wide as an element counts this often without overflow: it goes down. */
#define ROUNDS ((size_t)(sizeof(TYPE) == 1 ? 128 : 32768))

TARGET static size_t FN(count_block)(const TYPE *x, size_t rows, TYPE value)
{
    enum { N = 4 };
    mask_t counter[N] = {{0}};
    vec_t wanted;
    for (size_t l = 0; l < WIDTH; l++)
        wanted[l] = value;
    for (size_t row = 0; row < rows; row++)
        UNROLL for (size_t k = 0; k < N; k++) counter[k] +=
            (mask_t)(FN(load)(x + (row * N + k) * WIDTH) == wanted);
    int64_t total = 0;
    for (size_t k = 0; k < N; k++)
        for (size_t l = 0; l < WIDTH; l++)
            total += counter[k][l];
    return (size_t)-total;
}

TARGET static size_t FN(count)(const TYPE *x, size_t n, TYPE value)
{
    size_t total = 0, i = 0, row = 4 * WIDTH;
    while (n - i >= row) {
        size_t rows = (n - i) / row < ROUNDS ? (n - i) / row : ROUNDS;
        total += FN(count_block)(x + i, rows, value);
        i += rows * row;
    }
    for (; i < n; i++)
        total += x[i] == value;
    return total;
}
#undef ROUNDS

/* Pieces of a KiB are counted, one is searched. */
TARGET static size_t FN(find)(const TYPE *x, size_t n, TYPE value)
{
    enum { PIECE = 1024 / sizeof(TYPE) };
    size_t i = 0;
    while (EQUALS_ITSELF(value) && n - i > PIECE && FN(count)(x + i, PIECE, value) == 0)
        i += PIECE;
    while (i < n && !IS_SAME(x[i], value))
        i++;
    return i;
}
