/* machines.h - described machines for the tests of topology and placement. */
#ifndef PAR_TESTS_MACHINES_H
#define PAR_TESTS_MACHINES_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>

#include <cmocka.h>

#include "topology.h"

/* What a user has set must not decide what the tests see. */
static inline void environment_clear(void)
{
    static const char *const names[] = {"HWLOC_SYNTHETIC", "HWLOC_XMLFILE", "PAR_NUM_THREADS",
                                        "PAR_BIND", "PAR_PLACES"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        unsetenv(names[i]);
}

/* Loads a description, or the file tests/topologies/NAME if the name ends in ".xml". */
static inline par_status_t machine_try(par__machine_t *machine, const char *what)
{
    char path[1024];
    size_t n = strlen(what);
    if (n < 4 || strcmp(what + n - 4, ".xml") != 0)
        return par__topology_load(machine, (par__source_t){what, NULL});
    const char *slash = strrchr(__FILE__, '/');
    int folder = slash ? (int)(slash - __FILE__) : 0;
    int length = snprintf(path, sizeof path, "%.*s%stopologies/%s", folder, __FILE__,
                          slash ? "/" : "", what);
    assert_in_range(length, 1, sizeof path - 1);
    return par__topology_load(machine, (par__source_t){NULL, path});
}

static inline void machine_load(par__machine_t *machine, const char *what)
{
    par_status_t status = machine_try(machine, what);
    if (status != PAR_OK) print_error("%s: %s\n", what, par_strerror(status));
    assert_int_equal(status, PAR_OK);
}

/* The PUs of the system that are usable, in machine order, as "0 4 1". */
static inline void usable_write(char *out, size_t bytes, const par__machine_t *machine)
{
    size_t used = 0;
    out[0] = '\0';
    for (unsigned i = 0; i < machine->n_pus; i++)
        if (machine->pus[i].usable)
            used += (size_t)snprintf(out + used, bytes - used, "%s%d", used ? " " : "",
                                     machine->pus[i].os);
}

#endif
