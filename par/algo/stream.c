/* stream.c - stores past the caches: whole lines from the first line's begin on. */
#include "stream.h"

#include <stdint.h>
#include <string.h>

#if defined(__x86_64__)
#    include <immintrin.h>

enum { LINE = 64 };

__attribute__((target("avx512f"))) static void lines_copy_512(char *to, const char *from, size_t n)
{
    for (size_t i = 0; i < n; i += LINE)
        _mm512_stream_si512((void *)(to + i), _mm512_loadu_si512((const void *)(from + i)));
}

static void lines_copy(char *to, const char *from, size_t n)
{
    for (size_t i = 0; i < n; i += 16)
        _mm_stream_si128((void *)(to + i), _mm_loadu_si128((const void *)(from + i)));
}

void par__stream_copy(void *to, const void *from, size_t bytes)
{
    char *out = to;
    const char *in = from;
    size_t head = (size_t)(-(uintptr_t)out % LINE);
    if (head > bytes) head = bytes;
    memcpy(out, in, head);
    size_t lines = (bytes - head) / LINE * LINE;
    if (__builtin_cpu_supports("avx512f"))
        lines_copy_512(out + head, in + head, lines);
    else
        lines_copy(out + head, in + head, lines);
    memcpy(out + head + lines, in + head + lines, bytes - head - lines);
}

void par__stream_end(void)
{
    _mm_sfence();
}
#else
void par__stream_copy(void *to, const void *from, size_t bytes)
{
    memcpy(to, from, bytes);
}

void par__stream_end(void)
{
}
#endif
