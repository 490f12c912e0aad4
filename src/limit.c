/* limit.c - the CPU quota of the process's control groups.
 *
 *   /proc/self/cgroup      ID:CONTROLLERS:PATH   which group: ID 0 is version 2, the controller
 *                                                "cpu" names the one of version 1 that counts
 *   /proc/self/mountinfo   where the groups are files, and which group each mount begins at
 *   MOUNT/PATH, its parent, ... MOUNT            cpu.max (version 2), cpu.cfs_quota_us and
 *                                                cpu.cfs_period_us (version 1)
 *
 * A group may never use more than any of its ancestors, so the smallest quota counts. Ancestors
 * outside of the process's cgroup namespace cannot be seen. */
#include "limit.h"

#include "env.h"

#include <stdio.h>
#include <string.h>

#define LINE_BYTES        4096
#define PATH_BYTES        1024
#define DEFAULT_PERIOD_US 100000

typedef enum version_t { CGROUP_V1 = 1, CGROUP_V2 = 2 } version_t;

typedef struct mount_t {
    version_t version;
    char base[PATH_BYTES];  /* the group that the mount shows as its top */
    char point[PATH_BYTES]; /* where */
} mount_t;

typedef struct search_t {
    const char *root;
    par__quota_t *quota;
    char mountinfo[PATH_BYTES];
} search_t;

unsigned par__limit_quota_workers(const par__quota_t *quota)
{
    if (quota->milli == 0) return 0;
    uint64_t n = quota->milli / 1000 + (quota->milli % 1000 >= 500);
    if (n > INT32_MAX) n = INT32_MAX;
    return n > 0 ? (unsigned)n : 1;
}

/* ---- text ---- */

/* Reads the next line without its end. A line that does not fit is skipped: what is looked for is
 * far shorter, and a half line could be misread. */
static bool line_next(FILE *file, char *line)
{
    while (fgets(line, LINE_BYTES, file) != NULL) {
        size_t n = strlen(line);
        if (n > 0 && line[n - 1] == '\n') {
            line[n - 1] = '\0';
            return true;
        }
        if (feof(file)) return true;
        int c;
        while ((c = getc(file)) != EOF && c != '\n')
            continue;
    }
    return false;
}

/* Cuts the next field off *rest; NULL at the end. */
static char *field_next(char **rest, char separator)
{
    char *field = *rest;
    if (field == NULL) return NULL;
    char *end = strchr(field, separator);
    *rest = end ? end + 1 : NULL;
    if (end != NULL) *end = '\0';
    return field;
}

static bool list_has(char *list, const char *word)
{
    for (char *item; (item = field_next(&list, ',')) != NULL;)
        if (strcmp(item, word) == 0) return true;
    return false;
}

/* The kernel writes blanks and backslashes in mount points as three octal digits. */
static void octal_decode(char *text)
{
    char *to = text;
    while (*text != '\0') {
        if (text[0] == '\\' && text[1] >= '0' && text[1] <= '3' && text[2] >= '0' &&
            text[2] <= '7' && text[3] >= '0' && text[3] <= '7') {
            *to++ = (char)((text[1] - '0') * 64 + (text[2] - '0') * 8 + (text[3] - '0'));
            text += 4;
        } else {
            *to++ = *text++;
        }
    }
    *to = '\0';
}

static bool path_join(char *out, const char *a, const char *b, const char *c)
{
    int n = snprintf(out, PATH_BYTES, "%s%s%s", a, b, c);
    return n >= 0 && n < PATH_BYTES;
}

/* ---- one group ---- */

static bool file_read(char *line, const char *path)
{
    FILE *file = fopen(path, "r");
    if (file == NULL) return false;
    bool got = line_next(file, line);
    if (!got) line[0] = '\0';
    fclose(file);
    return true;
}

/* A group's quota in thousandths of a CPU: 0 without one, -1 if the text is none that the kernel
 * writes. */
static int64_t milli_parse(char *quota, const char *period)
{
    uint64_t quota_us = 0, period_us = DEFAULT_PERIOD_US;
    if (strcmp(quota, "max") == 0 || strcmp(quota, "-1") == 0) return 0;
    if (!par__env_number_parse(quota, 1, INT64_MAX / 1000, &quota_us)) return -1;
    if (period != NULL && !par__env_number_parse(period, 1, INT64_MAX / 1000, &period_us))
        return -1;
    uint64_t milli = quota_us * 1000 / period_us;
    return milli > 0 ? (int64_t)milli : 1;
}

static void quota_note(par__quota_t *quota, int64_t milli, const char *path)
{
    if (milli < 0 && quota->unreadable[0] == '\0')
        snprintf(quota->unreadable, sizeof quota->unreadable, "%s", path);
    if (milli <= 0 || (quota->milli != 0 && quota->milli <= (uint64_t)milli)) return;
    quota->milli = (uint64_t)milli;
    snprintf(quota->where, sizeof quota->where, "%s", path);
}

static void group_read(search_t *search, version_t version, const char *group)
{
    char path[PATH_BYTES], line[LINE_BYTES], period[LINE_BYTES];
    bool is_v2 = version == CGROUP_V2;
    if (!path_join(path, search->root, group, is_v2 ? "/cpu.max" : "/cpu.cfs_quota_us")) return;
    if (!file_read(line, path)) return;
    char *rest = line;
    char *quota = is_v2 ? field_next(&rest, ' ') : line;
    const char *period_text = rest;
    if (!is_v2) {
        char other[PATH_BYTES];
        bool has_period =
            path_join(other, search->root, group, "/cpu.cfs_period_us") && file_read(period, other);
        period_text = has_period ? period : NULL;
    }
    quota_note(search->quota, milli_parse(quota, period_text), path + strlen(search->root));
}

/* ---- the way up ---- */

static void groups_climb(search_t *search, const mount_t *mount, const char *below)
{
    char group[PATH_BYTES];
    size_t top = strlen(mount->point);
    if (!path_join(group, mount->point, below, "")) return;
    for (;;) {
        group_read(search, mount->version, group);
        char *slash = strrchr(group + top, '/');
        if (slash == NULL) return;
        *slash = '\0';
    }
}

/* The part of a group's path below the top of the mount, NULL if the mount does not contain it. */
static const char *path_below(const char *path, const char *base)
{
    size_t n = strcmp(base, "/") == 0 ? 0 : strlen(base);
    if (strncmp(path, base, n) != 0 || strstr(path, "/..") != NULL) return NULL;
    path += n;
    if (strcmp(path, "/") == 0) return "";
    return *path == '/' || *path == '\0' ? path : NULL;
}

/* ID PARENT DEVICE BASE POINT OPTIONS TAGS... - TYPE SOURCE SUPER_OPTIONS; only control groups that
 * can hold a CPU quota are understood. */
static bool mount_parse(mount_t *mount, char *line)
{
    char *tail = strstr(line, " - ");
    if (tail == NULL) return false;
    *tail = '\0';
    tail += 3;
    char *type = field_next(&tail, ' ');
    field_next(&tail, ' ');
    if (strcmp(type, "cgroup2") == 0)
        mount->version = CGROUP_V2;
    else if (strcmp(type, "cgroup") == 0 && tail != NULL && list_has(tail, "cpu"))
        mount->version = CGROUP_V1;
    else
        return false;

    for (int skip = 0; skip < 3; skip++)
        field_next(&line, ' ');
    char *base = field_next(&line, ' ');
    char *point = field_next(&line, ' ');
    if (point == NULL) return false;
    octal_decode(base);
    octal_decode(point);
    if (strcmp(point, "/") == 0) point = base + strlen(base); /* paths are appended to it */
    return path_join(mount->base, base, "", "") && path_join(mount->point, point, "", "");
}

/* Climbs in every mount that contains the group. A path that leaves the namespace is in none: then
 * the tops of the mounts, which are ancestors, are all that can be read. */
static void group_search(search_t *search, version_t version, const char *path)
{
    char line[LINE_BYTES];
    mount_t mount;
    bool was_found = false;
    FILE *file = fopen(search->mountinfo, "r");
    if (file == NULL) return;
    while (line_next(file, line)) {
        if (!mount_parse(&mount, line) || mount.version != version) continue;
        const char *below = path_below(path, mount.base);
        if (below == NULL) continue;
        was_found = true;
        groups_climb(search, &mount, below);
    }
    rewind(file);
    while (!was_found && line_next(file, line))
        if (mount_parse(&mount, line) && mount.version == version) groups_climb(search, &mount, "");
    fclose(file);
}

void par__limit_quota(par__quota_t *out, const char *root)
{
    char path[PATH_BYTES], line[LINE_BYTES];
    search_t search = {.root = root, .quota = out};
    *out = (par__quota_t){.milli = 0};
    if (!path_join(search.mountinfo, root, "/proc/self/mountinfo", "") ||
        !path_join(path, root, "/proc/self/cgroup", ""))
        return;
    FILE *file = fopen(path, "r");
    if (file == NULL) return;
    while (line_next(file, line)) {
        char *rest = line;
        const char *id = field_next(&rest, ':');
        char *controllers = field_next(&rest, ':');
        if (controllers == NULL || rest == NULL) continue;
        if (strcmp(id, "0") == 0 && *controllers == '\0')
            group_search(&search, CGROUP_V2, rest);
        else if (list_has(controllers, "cpu"))
            group_search(&search, CGROUP_V1, rest);
    }
    fclose(file);
}
