/* fuzz_topology.c - machines: descriptions by hwloc into the table of PUs, or tables as no hwloc would make
 * them, and on to plans. What begins with "<" is XML, with "#" a table, anything else a synthetic
 * description.
 *
 * XML is only replayed, not made up: hwloc 2.9 itself reads from address 0 when it is cut in the wrong
 * place, and nothing of par is in there. Nor are descriptions with memory, "[numa]", made up that hwloc
 * refuses: it leaks them. */
#define _GNU_SOURCE
#include "fuzz.h"

#include <ctype.h>
#include <hwloc.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "placement.h"

enum { MAX_PUS = 64 }; /* the checks below cost its cube */

static void plan_check(const par__machine_t *machine, const par__request_t *request)
{
    par__plan_t plan;
    bool was_seen[MAX_PUS + 8];
    if (par__plan_on(&plan, machine, request) != PAR_OK) return;
    MUST(plan.n_workers >= 1);
    MUST(memchr(plan.why, '\0', sizeof plan.why) != NULL && plan.why[0] != '\0');
    MUST(plan.bind != PAR_BIND_DEFAULT && plan.places != PAR_PLACES_DEFAULT);
    for (unsigned w = 0; w < plan.n_workers; w++) {
        if (plan.pu[w] >= 0) {
            int row = par__topology_find(machine, plan.pu[w]);
            MUST(row >= 0 && machine->pus[row].usable);
            for (unsigned v = 0; v < w; v++)
                MUST(plan.pu[v] != plan.pu[w]);
        }
        memset(was_seen, 0, sizeof was_seen);
        for (unsigned i = 0; i + 1 < plan.n_workers; i++) {
            unsigned victim = plan.victims[(size_t)w * (plan.n_workers - 1) + i];
            MUST(victim < plan.n_workers && victim != w && !was_seen[victim]);
            was_seen[victim] = true;
        }
    }
    par__plan_free(&plan);
}

static void machine_check(const par__machine_t *machine)
{
    unsigned n_usable = 0;
    MUST(machine->n_pus > 0 && machine->pus != NULL);
    MUST(machine->n_kinds >= 1 && machine->n_kinds <= PAR__MAX_KINDS);
    for (unsigned i = 0; i < machine->n_pus; i++) {
        const par__pu_t *pu = &machine->pus[i];
        n_usable += pu->usable;
        MUST(pu->at[PAR__LEVEL_CORE] >= 0);
        MUST(par__pu_distance(pu, pu) < PAR__N_LEVELS);
        MUST(pu->kind >= 0 && pu->kind < (int)machine->n_kinds);
    }
    MUST(n_usable == machine->n_usable);
}

static void machine_use(const par__machine_t *machine)
{
    machine_check(machine);
    if (machine->n_pus > MAX_PUS) return;
    for (unsigned bind = PAR_BIND_DEFAULT; bind <= PAR_BIND_SPREAD; bind++)
        for (unsigned places = PAR_PLACES_CORES; places <= PAR_PLACES_THREADS; places++) {
            par__request_t request = par__request_none;
            request.bind = (par_bind_t)bind;
            request.places = (par_places_t)places;
            request.caller_pu = machine->pus[machine->n_pus / 2].os;
            plan_check(machine, &request);
            request.threads = 3;
            plan_check(machine, &request);
        }
}

/* hwloc builds what it is told: refuse machines that would take the fuzzer's time. */
static bool is_small(const char *text)
{
    double product = 1;
    while (*text != '\0') {
        if (!isdigit((unsigned char)*text)) {
            text++;
            continue;
        }
        double n = strtod(text, (char **)(uintptr_t)&text);
        if (n > 1) product *= n;
    }
    return product <= MAX_PUS;
}

#ifdef PAR_FUZZ
void __lsan_disable(void);
void __lsan_enable(void);

/* Does hwloc lose memory about it? */
static bool is_leaked(const char *text)
{
    hwloc_topology_t topology;
    if (strchr(text, '[') == NULL || hwloc_topology_init(&topology) != 0) return false;
    __lsan_disable();
    bool is_refused = hwloc_topology_set_synthetic(topology, text) != 0;
    hwloc_topology_destroy(topology);
    __lsan_enable();
    return is_refused;
}
#else
static bool is_leaked(const char *text)
{
    (void)text;
    return false;
}
#endif

/* Four bytes a PU: at which levels a new domain begins, which levels it lacks, usable and kind, and what
 * is left out in the system's numbers. */
static par_status_t table_make(par__machine_t *machine, const uint8_t *bytes, size_t size)
{
    size_t n = size / 4 < MAX_PUS ? size / 4 : MAX_PUS;
    int last[PAR__N_LEVELS] = {0}, os = -1;
    if (n == 0) return PAR_ETOPOLOGY;
    *machine = (par__machine_t){.n_kinds = 4, .n_memory_nodes = 1, .is_this_system = true};
    machine->pus = calloc(n, sizeof *machine->pus);
    if (machine->pus == NULL) return PAR_ENOMEM;
    for (; machine->n_pus < n; bytes += 4) {
        par__pu_t *pu = &machine->pus[machine->n_pus];
        for (int level = 0; level < PAR__N_LEVELS; level++) {
            bool is_first = machine->n_pus == 0;
            if (!is_first && (bytes[0] >> level & 1)) last[level]++;
            bool is_there = level == PAR__LEVEL_CORE || !(bytes[1] >> level & 1);
            pu->at[level] = is_there ? last[level] : -1;
        }
        pu->usable = bytes[2] & 1;
        pu->kind = bytes[2] >> 1 & 3;
        os += 1 + bytes[3] % 3;
        pu->os = os;
        machine->n_pus++;
    }
    par__topology_recount(machine);
    return PAR_OK;
}

static par_status_t load(par__machine_t *machine, const char *text, size_t size)
{
    char path[64];
    if (*text == '#') return table_make(machine, (const uint8_t *)text + 1, size - 1);
    if (*text != '<')
        return is_small(text) && !is_leaked(text)
                   ? par__topology_load(machine, (par__source_t){text, NULL})
                   : PAR_ETOPOLOGY;
#ifdef PAR_FUZZ
    return PAR_ETOPOLOGY;
#else
    int file = memfd_create("machine", MFD_CLOEXEC);
    if (file < 0 || write(file, text, size) != (ssize_t)size) return PAR_ENOMEM;
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    par_status_t status = par__topology_load(machine, (par__source_t){NULL, path});
    close(file);
    return status;
#endif
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    par__machine_t machine = {.pus = NULL};
    char *text = malloc(size + 1);
    if (text == NULL) return 0;
    if (size > 0) memcpy(text, data, size);
    text[size] = '\0';
    if (load(&machine, text, size) == PAR_OK) {
        machine_use(&machine);
        par__topology_free(&machine);
    }
    MUST(machine.pus == NULL);
    free(text);
    return 0;
}
