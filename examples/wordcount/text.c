/* text.c - brings the files into memory and cuts them into parts at the ends of words. */
#define _POSIX_C_SOURCE 200809L
#include "wordcount.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* Pipes and terminals cannot be mapped: read until the end. */
static int bytes_read(int fd, file_t *file)
{
    size_t room = 1 << 16, used = 0;
    unsigned char *bytes = malloc(room);
    while (bytes != NULL) {
        ssize_t got = read(fd, bytes + used, room - used);
        if (got == 0) {
            *file = (file_t){{bytes, bytes + used}, false};
            return 0;
        }
        if (got < 0 && errno != EINTR) break;
        if (got > 0) used += (size_t)got;
        if (used == room) {
            unsigned char *larger = realloc(bytes, room *= 2);
            if (larger == NULL) break;
            bytes = larger;
        }
    }
    free(bytes);
    return -1;
}

static int bytes_get(int fd, file_t *file)
{
    struct stat status;
    if (fstat(fd, &status) != 0) return -1;
    /* Files of /proc say that they are empty and are not. */
    if (!S_ISREG(status.st_mode) || status.st_size == 0) return bytes_read(fd, file);

    size_t size = (size_t)status.st_size;
    void *bytes = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (bytes == MAP_FAILED) return bytes_read(fd, file);
    *file = (file_t){{bytes, (unsigned char *)bytes + size}, true};
    return 0;
}

int text_add_file(text_t *text, const char *name)
{
    bool is_stdin = strcmp(name, "-") == 0;
    int fd = is_stdin ? STDIN_FILENO : open(name, O_RDONLY | O_CLOEXEC);
    file_t file;
    file_t *files = NULL;
    int status = fd < 0 ? -1 : bytes_get(fd, &file);
    if (status == 0) {
        files = realloc(text->files, (text->n_files + 1) * sizeof *files);
        if (files == NULL) status = -1;
    }
    if (status == 0) {
        text->files = files;
        text->files[text->n_files++] = file;
        text->n_bytes += (size_t)(file.bytes.end - file.bytes.begin);
    } else {
        fprintf(stderr, "wordcount: %s: %s\n", is_stdin ? "standard input" : name, strerror(errno));
    }
    if (fd >= 0 && !is_stdin) close(fd);
    return status;
}

/* A part ends at the first separator after PART_BYTES. */
static const unsigned char *part_end(const unsigned char *begin, const unsigned char *end)
{
    if (end - begin <= PART_BYTES) return end;
    begin += PART_BYTES;
    while (begin < end && letter_fold(*begin) != 0)
        begin++;
    return begin;
}

void text_split(text_t *text)
{
    text->parts = alloc_zeroed(text->n_bytes / PART_BYTES + text->n_files + 1, sizeof(span_t));
    for (size_t i = 0; i < text->n_files; i++) {
        span_t rest = text->files[i].bytes;
        while (rest.begin < rest.end) {
            span_t part = {rest.begin, part_end(rest.begin, rest.end)};
            text->parts[text->n_parts++] = part;
            rest.begin = part.end;
        }
    }
}

static void file_free(file_t *file)
{
    union {
        const unsigned char *read_only;
        void *owned;
    } bytes = {file->bytes.begin};
    if (file->is_mapped)
        munmap(bytes.owned, (size_t)(file->bytes.end - file->bytes.begin));
    else
        free(bytes.owned);
}

void text_free(text_t *text)
{
    for (size_t i = 0; i < text->n_files; i++)
        file_free(&text->files[i]);
    free(text->files);
    free(text->parts);
}
