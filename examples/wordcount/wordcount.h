/* wordcount.h - what the four ways of counting share: the text, the table of words, and main.
 *
 * A word is a run of ASCII letters and of bytes from 0x80 (so that UTF-8 words stay whole); upper
 * and lower case are the same. Map-reduce without a bottleneck:
 *
 *   map     each worker counts the parts that it gets into a table of its own
 *   reduce  the tables are cut by hash into shards, so that all shards are merged at the same time
 *
 * Neither step takes a lock, there are only as many tables to merge as workers, and sums of counts
 * do not depend on who counted what: the answer is the same on any number of workers. */
#ifndef WORDCOUNT_H
#define WORDCOUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct span_t {
    const unsigned char *begin, *end;
} span_t;

typedef struct file_t {
    span_t bytes;
    bool is_mapped; /* else allocated */
} file_t;

typedef struct text_t {
    file_t *files;
    size_t n_files;
    span_t *parts; /* of about PART_BYTES; no word lies across two */
    size_t n_parts;
    size_t n_bytes;
} text_t;

/* Small enough to balance the load on many cores, large enough that handing one out costs
 * nothing: counting it takes about a third of a millisecond. */
enum { PART_BYTES = 64 * 1024 };

/* Many more than workers, so that the merge is balanced too. */
enum { N_SHARDS = 256 };

typedef struct entry_t {
    uint64_t hash;
    const unsigned char *word; /* in the text, as it was first written there */
    size_t length;             /* bytes */
    uint64_t count;            /* 0: the slot is free */
} entry_t;

typedef struct shard_t {
    entry_t *slots; /* open addressing, linear probing */
    size_t n_slots; /* 0 or a power of two, over n_used */
    size_t n_used;
} shard_t;

typedef struct table_t {
    shard_t shards[N_SHARDS]; /* a word is in the one that the top bits of its hash name */
} table_t;

/* text.c; 0 or -1 after a message on stderr */
int text_add_file(text_t *text, const char *name); /* "-" is standard input */
void text_split(text_t *text);
void text_free(text_t *text);

/* table.c; an all-zero table is empty */
unsigned letter_fold(unsigned char byte); /* the letter in lower case, 0 for what separates words */
void table_count(table_t *table, span_t part);
void table_merge_shard(table_t *into, table_t *from, size_t shard); /* empties that of from */
uint64_t table_sum(const table_t *table);
size_t table_distinct(const table_t *table);
size_t table_top(const table_t *table, size_t n, entry_t *top); /* by count, then by word */
bool table_equal(const table_t *a, const table_t *b);
void table_free(table_t *table);
void *alloc_zeroed(size_t n, size_t size); /* ends the program when there is no memory */

/* count_*.c: the same map and reduce by four runtimes. out starts empty. */
typedef void count_fn(const text_t *text, unsigned n_workers, table_t *out);
count_fn count_serial, count_par, count_pthread;
void count_pthread_stop(void); /* ends the threads that count_pthread keeps between its calls */
#ifdef _OPENMP
count_fn count_openmp;
#endif

#endif
