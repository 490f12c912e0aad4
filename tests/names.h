/* names.h - which threads of this process carry the names of a pool. */
#ifndef PAR_TEST_NAMES_H
#define PAR_TEST_NAMES_H

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* Threads named prefix-wNN in this process: a bit for each of the first 64 numbers */
static inline uint64_t named_threads(const char *prefix)
{
    uint64_t found = 0;
    DIR *dir = opendir("/proc/self/task");
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        char path[300], name[32] = "";
        unsigned number;
        snprintf(path, sizeof(path), "/proc/self/task/%s/comm", entry->d_name);
        FILE *file = fopen(path, "r");
        if (file && fgets(name, sizeof(name), file) && strncmp(name, prefix, strlen(prefix)) == 0 &&
            sscanf(name + strlen(prefix), "-w%u", &number) == 1 && number < 64)
            found |= (uint64_t)1 << number;
        if (file) fclose(file);
    }
    if (dir) closedir(dir);
    return found;
}

#endif
