/* disk_usage [DIRECTORY] - adds up the sizes of the files below a directory (default: "."), every
 * subdirectory a task of its own.
 *
 * Tasks of a scope may borrow the stack of the function that opened it: a directory lies on the
 * stack of the task that reads it, its children point to it and add to it, and it cannot go away
 * before they are done, because leaving the PAR_SCOPE block waits for them. No reference counts,
 * no allocation for the tree, no list of what is still open. */
#define _POSIX_C_SOURCE 200809L
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <par/par.h>

enum { MAX_NAME = 256, MAX_PATH = 4096 };

typedef struct total_t {
    _Atomic uint64_t bytes, files, directories, errors;
} total_t;

typedef struct directory_t {
    const struct directory_t *parent; /* on the stack of an ancestor; NULL at the top */
    const char *name;
    total_t total; /* of everything below that is done */
} directory_t;

/* What a task gets: a copy, since the reader's dirent changes under it. */
typedef struct child_t {
    directory_t *parent;
    char name[MAX_NAME];
} child_t;

/* Where a path is put together for one system call or message. Not on the stack, which nests as
 * deep as the directories do. */
static _Thread_local char path_text[MAX_PATH];

/* Appends the path of the directory to text; the length that it has (snprintf's way). */
static size_t path_print(char *text, size_t size, const directory_t *directory)
{
    size_t used = 0;
    if (directory->parent != NULL) used = path_print(text, size, directory->parent);
    if (used >= size) return used;
    int more = snprintf(text + used, size - used, used > 0 ? "/%s" : "%s", directory->name);
    return used + (size_t)more;
}

static void error_add(directory_t *directory, const char *name)
{
    int error = errno;
    path_print(path_text, sizeof path_text, directory);
    fprintf(stderr, "disk_usage: %s%s%s: %s\n", path_text, *name != '\0' ? "/" : "", name,
            strerror(error));
    directory->total.errors++;
}

static void directory_read(directory_t *directory);

static void child_read(void *ctx)
{
    child_t *child = ctx;
    directory_t directory = {child->parent, child->name, {0}};
    directory_read(&directory);

    total_t *up = &child->parent->total;
    up->bytes += directory.total.bytes;
    up->files += directory.total.files;
    up->directories += directory.total.directories;
    up->errors += directory.total.errors;
}

static void entry_read(directory_t *directory, par_scope_t *scope, DIR *stream, const char *name)
{
    struct stat status;
    if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0) return;
    if (fstatat(dirfd(stream), name, &status, AT_SYMLINK_NOFOLLOW) != 0) {
        error_add(directory, name);
    } else if (S_ISREG(status.st_mode)) {
        directory->total.bytes += (uint64_t)status.st_size;
        directory->total.files++;
    } else if (S_ISDIR(status.st_mode)) {
        child_t child = {.parent = directory};
        snprintf(child.name, sizeof child.name, "%s", name);
        par_spawn_copy(scope, child_read, &child, sizeof child);
    }
}

static DIR *directory_open(const directory_t *directory)
{
    if (path_print(path_text, sizeof path_text, directory) < sizeof path_text)
        return opendir(path_text);
    errno = ENAMETOOLONG;
    return NULL;
}

/* NULL with errno 0 at the end, NULL with another errno after an error. */
static const struct dirent *entry_next(DIR *stream)
{
    errno = 0;
    return readdir(stream);
}

static void directory_read(directory_t *directory)
{
    DIR *stream = directory_open(directory);
    if (stream == NULL) {
        error_add(directory, "");
        return;
    }
    directory->total.directories++;
    PAR_SCOPE (scope) {
        const struct dirent *entry;
        while ((entry = entry_next(stream)) != NULL)
            entry_read(directory, &scope, stream, entry->d_name);
        if (errno != 0) error_add(directory, "");
        closedir(stream); /* before the wait: as many are open as are being read, not as are deep */
    }
}

int main(int argc, char **argv)
{
    if (argc > 2) {
        fprintf(stderr, "usage: disk_usage [DIRECTORY]   (%d arguments were given)\n", argc - 1);
        return 1;
    }
    directory_t top = {NULL, argc == 2 ? argv[1] : ".", {0}};
    directory_read(&top);
    printf("%llu bytes in %llu files and %llu directories\n", (unsigned long long)top.total.bytes,
           (unsigned long long)top.total.files, (unsigned long long)top.total.directories);
    return top.total.errors == 0 ? 0 : 1;
}
