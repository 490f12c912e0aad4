/* move.h - elements to other places: reverse, rotate, transpose, gather, scatter.
 *
 *     par_reverse(x, n, sizeof *x);
 *     par_transpose(out, in, rows, cols, sizeof *in);
 *
 * Elements are bytes of any size; sizes of 1, 2, 4, 8 and 16 bytes have code of their own. Fills and
 * copies: par/number.h. */
#ifndef PAR_MOVE_H
#define PAR_MOVE_H

#include <par/api.h>

PAR_BEGIN_DECLS

/** Reverses the order of n elements, in place.
 *
 * @param base  the first element; may be NULL only if n is 0
 * @param n     how many elements
 * @param size  of one element, in bytes
 *
 * Errors    none. An array that cannot exist (n * size is above PTRDIFF_MAX): a debug build of
 *           the library stops with a sentence, a release build does nothing. So for a NULL that must not
 *           be.
 * Threads   any thread, from inside other parallel calls too
 * Order     what was written is seen after the return
 * Blocking  returns when all elements are in their places
 * Cost      the memory's speed; no memory; bench: algo/reverse
 * Since     0.1
 */
PAR_API void par_reverse(void *base, size_t n, size_t size);

/** Moves every element `first` places towards the beginning, those that fall out to the end: base[first]
 * becomes base[0]. In place.
 *
 * @param first  at most n; a larger one counts as first % n, and a debug build stops with a sentence
 *
 * Errors, Threads, Order, Blocking as par_reverse
 * Cost      a pass over the memory; two where elements move by less than 256 KiB to either side; no
 *           memory; bench: algo/rotate
 * Since     0.1
 */
PAR_API void par_rotate(void *base, size_t n, size_t size, size_t first);

/** The rows of a matrix become columns: out[c * rows + r] = in[r * cols + c].
 *
 * @param out,in     rows * cols elements each, which share no byte; or the same array, if rows equals
 *                   cols: then it is done in place. May be NULL only if there are no elements.
 * @param rows,cols  of in
 * @param size       of one element, in bytes
 *
 * Errors    none. A matrix that cannot exist (rows * cols * size is above PTRDIFF_MAX), or one in place
 *           that is not square: a debug build of the library stops with a sentence, a release build does
 *           nothing.
 * Threads, Order, Blocking as par_reverse
 * Cost      the memory's speed, in tiles that fit in the first cache; no memory; bench: algo/transpose
 * Since     0.1
 */
PAR_API void par_transpose(void *out, const void *in, size_t rows, size_t cols, size_t size);

/** out[i] = in[index[i]] for every i < n.
 *
 * @param out      n elements; shares no byte with in and index
 * @param in       n_in elements; may be NULL only if n is 0
 * @param n_in     how many there are to gather from; not 0 if n is not
 * @param index    n indices below n_in, in any order, repeated or not. Others are never used: a debug
 *                 build of the library stops with a sentence, a release build leaves out[i] as it is.
 * @param n        how many to gather
 * @param size     of one element, in bytes
 *
 * Errors, Threads, Order, Blocking as par_reverse; so for an n_in of 0
 * Cost      a cache miss an element where in is large and the indices are far apart; no memory;
 *           bench: algo/gather
 * Since     0.1
 */
PAR_API void
par_gather(void *out, const void *in, size_t n_in, const size_t *index, size_t n, size_t size);

/** out[index[i]] = in[i] for every i < n.
 *
 * @param out      n_out elements; shares no byte with in and index; may be NULL only if n is 0
 * @param n_out    how many places there are; not 0 if n is not
 * @param index    n indices below n_out, none of them twice: of two elements for one place either may
 *                 be there afterwards, or parts of both. Indices that are too large are never used: a
 *                 debug build stops with a sentence, a release build leaves such an element out.
 *
 * Otherwise as par_gather
 * Since     0.1
 */
PAR_API void
par_scatter(void *out, size_t n_out, const void *in, const size_t *index, size_t n, size_t size);

PAR_END_DECLS

#endif
