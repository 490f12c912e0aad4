/* thread_count.h - how many threads this process has. */
#ifndef PAR_TEST_THREAD_COUNT_H
#define PAR_TEST_THREAD_COUNT_H

#include <dirent.h>
#include <stdbool.h>
#include <time.h>

static inline unsigned threads_alive(void)
{
    unsigned n = 0;
    DIR *tasks = opendir("/proc/self/task");
    for (struct dirent *entry; tasks != NULL && (entry = readdir(tasks)) != NULL;)
        n += entry->d_name[0] != '.';
    if (tasks != NULL) closedir(tasks);
    return n;
}

/* Whether no more than n are left. One that was joined may stay in the kernel's list for a moment. */
static inline bool threads_settle_at(unsigned n)
{
    for (int tries = 0; tries < 5000 && threads_alive() > n; tries++)
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    return threads_alive() <= n;
}

#endif
