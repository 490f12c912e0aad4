/* version.h - which par this is, at build time and at run time. */
#ifndef PAR_VERSION_H
#define PAR_VERSION_H

#include <par/api.h>

#define PAR_VERSION_MAJOR  0
#define PAR_VERSION_MINOR  1
#define PAR_VERSION_PATCH  0
#define PAR_VERSION_STRING "0.1.0"
#define PAR_VERSION_NUMBER (PAR_VERSION_MAJOR * 10000 + PAR_VERSION_MINOR * 100 + PAR_VERSION_PATCH)

PAR_BEGIN_DECLS

/** The version of the library that runs, as PAR_VERSION_NUMBER counts: 10000 major + 100 minor +
 * patch. Differs from PAR_VERSION_NUMBER when the program was compiled against another release.
 *
 * Errors    none
 * Threads   any
 * Cost      O(1)
 * Since     0.1
 */
PAR_API int par_version(void);

/** The same as text, for example "0.1.0". The string lives as long as the process.
 *
 * Errors    none
 * Threads   any
 * Since     0.1
 */
PAR_API const char *par_version_string(void);

PAR_END_DECLS

#endif
