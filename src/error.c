/* error.c - names and messages of the statuses, from the one list in error.h. */
#include <par/error.h>

const char *par_strerror(par_status_t status)
{
    switch (status) {
    case PAR_OK:
        return "success";
#define PAR_X(name, value, text)                                                                   \
    case name:                                                                                     \
        return text;
        PAR_ERROR_MAP(PAR_X)
#undef PAR_X
    }
    return "unknown status";
}

const char *par_strstatus(par_status_t status)
{
    switch (status) {
    case PAR_OK:
        return "PAR_OK";
#define PAR_X(name, value, text)                                                                   \
    case name:                                                                                     \
        return #name;
        PAR_ERROR_MAP(PAR_X)
#undef PAR_X
    }
    return "PAR_?";
}
