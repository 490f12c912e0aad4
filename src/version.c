/* version.c - the version of the library that runs. */
#include <par/version.h>

int par_version(void)
{
    return PAR_VERSION_NUMBER;
}

const char *par_version_string(void)
{
    return PAR_VERSION_STRING;
}
