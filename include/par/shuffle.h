/* shuffle.h - random order: the same one for a seed, on any number of workers.
 *
 *     par_shuffle(x, n, sizeof *x, par_random_seed(42));
 *
 * Each of the n! orders is as likely as any other, as far as a generator with 2^64 seeds can tell. */
#ifndef PAR_SHUFFLE_H
#define PAR_SHUFFLE_H

#include <par/api.h>
#include <par/random.h>

PAR_BEGIN_DECLS

/** Brings n elements into a random order, in place. The order depends on the seed and on n alone: what
 * was x[order[i]] is x[i], where order is what par_permutation gives.
 *
 * @param base    the first element; may be NULL only if n is 0
 * @param n       how many elements
 * @param size    of one element, in bytes
 * @param random  the stream; all of its indices and streams are used
 *
 * Errors    none: without memory it is done in place, much more slowly, to the same result. An array
 *           that cannot exist (n * size is above PTRDIFF_MAX), or NULL: a debug build of the library
 *           stops with a sentence, a release build does nothing.
 * Threads   any thread, from inside other parallel calls too
 * Order     what was written is seen after the return
 * Blocking  returns when all elements are in their places
 * Cost      some 20 ns an element and core; from 32768 elements on a copy of the array and up to 2 MiB
 *           are allocated meanwhile; bench: algo/shuffle
 * Source    Rao, Sankhya A 23, 1961; Sandelius, J. Roy. Stat. Soc. B 24, 1962
 * Since     0.1
 */
PAR_API void par_shuffle(void *base, size_t n, size_t size, par_random_t random);

/** The numbers 0 to n - 1 in the same random order.
 *
 * @param out  n numbers; may be NULL only if n is 0
 *
 * Cost      without the copy; otherwise as par_shuffle
 * Since     0.1
 */
PAR_API void par_permutation(size_t *out, size_t n, par_random_t random);

PAR_END_DECLS

#endif
