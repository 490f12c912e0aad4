/* sort_string.h - sorting strings by their bytes.
 *
 *     par_sort_strings(names, n_names);        // char **, in the order of strcmp
 *     par_sort_slices(lines, n_lines);         // pointers and lengths, any bytes
 *
 * Bytes are compared as unsigned char, whatever the locale; a text comes before those that it begins.
 * Seven bytes at a time are kept beside each pointer, so that most comparisons touch no string, and bytes
 * that strings have in common are not compared again and again. */
#ifndef PAR_SORT_STRING_H
#define PAR_SORT_STRING_H

#include <par/api.h>
#include <par/slice.h>

PAR_BEGIN_DECLS

/** Sorts an array of pointers to strings that end with NUL, keeping the order of equal strings.
 *
 * @param v  n pointers, none of them NULL; may be NULL only if n is 0
 * @param n  how many
 *
 * Errors    none: without memory it takes longer and gives the same result. An array that cannot exist: a
 *           debug build of the library stops with a sentence, a release build does nothing.
 * Threads   any thread, from inside other parallel calls too
 * Order     what the caller wrote is seen; the sorted array is seen after the return
 * Blocking  returns when the array is sorted
 * Cost      memory of 48 bytes a string; bench: algo/sort_strings
 * Source    caching of characters: Sinha and Wirth, ACM J. Exp. Algorithmics 15, 2010
 * Since     0.1
 */
PAR_API void par_sort_strings(char **v, size_t n);

/** The same for slices of a text, which may hold any bytes; `at` may be NULL where n is 0. Otherwise as
 * par_sort_strings.
 * Since     0.1
 */
PAR_API void par_sort_slices(par_slice_t *v, size_t n);

PAR_END_DECLS

#endif
