/* fuzz_limit.c - the files of control groups: /proc/self/cgroup, /proc/self/mountinfo and one cpu.max,
 * separated by lines "--". */
#define _GNU_SOURCE
#include "fuzz.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "limit.h"

static char root[64];

static void root_remove(void)
{
    static const char *const names[] = {"/proc/self/cgroup",
                                        "/proc/self/mountinfo",
                                        "/cg/g/cpu.max",
                                        "/cg/g/cpu.cfs_quota_us",
                                        "/proc/self",
                                        "/proc",
                                        "/cg/g",
                                        "/cg",
                                        ""};
    char path[128];
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        snprintf(path, sizeof path, "%s%s", root, names[i]);
        if (remove(path) != 0) perror(path);
    }
}

static void root_make(void)
{
    static const char *const names[] = {"/proc", "/proc/self", "/cg", "/cg/g"};
    char path[128];
    if (root[0] != '\0') return;
    strcpy(root,
           access("/dev/shm", W_OK) == 0 ? "/dev/shm/par-fuzz-XXXXXX" : "/tmp/par-fuzz-XXXXXX");
    MUST(mkdtemp(root) != NULL);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        snprintf(path, sizeof path, "%s%s", root, names[i]);
        MUST(mkdir(path, 0700) == 0);
    }
    atexit(root_remove);
}

static void file_put(const char *name, const void *bytes, size_t n)
{
    char path[128];
    snprintf(path, sizeof path, "%s%s", root, name);
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    MUST(file >= 0 && write(file, bytes, n) == (ssize_t)n);
    close(file);
}

/* Cuts off what stands before the next separator. */
static size_t part_next(const uint8_t **data, size_t *size)
{
    const uint8_t *end = memmem(*data, *size, "--\n", 3);
    size_t n = end != NULL ? (size_t)(end - *data) : *size;
    size_t used = end != NULL ? n + 3 : n;
    *data += used;
    *size -= used;
    return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = {"/proc/self/cgroup", "/proc/self/mountinfo"};
    par__quota_t quota;
    root_make();
    for (size_t i = 0; i < 2; i++) {
        const uint8_t *part = data;
        size_t n = part_next(&data, &size);
        file_put(names[i], part, n);
    }
    file_put("/cg/g/cpu.max", data, size);
    file_put("/cg/g/cpu.cfs_quota_us", data, size);
    par__limit_quota(&quota, root);
    MUST(memchr(quota.where, '\0', sizeof quota.where) != NULL);
    MUST(memchr(quota.unreadable, '\0', sizeof quota.unreadable) != NULL);
    MUST((quota.milli == 0) == (quota.where[0] == '\0'));
    unsigned workers = par__limit_quota_workers(&quota);
    MUST((workers == 0) == (quota.milli == 0));
    return 0;
}
