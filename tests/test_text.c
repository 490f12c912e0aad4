/* test_text.c - lines, tokens and blocks of texts against plain loops, with line ends of all kinds, on
 * every size of pool; nothing is read behind the text. */
#define _GNU_SOURCE
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fault.h"
#include "on_pools.h"
#include "random_next.h"
#include "scale.h"

#include "../par/algo/marks.h"

enum { MOST = TEST_TSAN ? 300000 : 3000000 };

/* A text that ends where the readable memory ends. */
typedef struct page_t {
    char *map, *end;
    size_t n;
} page_t;

static page_t page_new(void)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE), n = (MOST / page + 1) * page;
    char *map = mmap(NULL, n + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(map != MAP_FAILED);
    assert_int_equal(mprotect(map + n, page, PROT_NONE), 0);
    return (page_t){map, map + n, n + page};
}

/* What a text is made of: the kinds of the table below, by turns of random length. */
static void text_make(char *text, size_t n, unsigned kind, uint64_t seed)
{
    static const char *const letters[] = {"ab\n",  "\n",     "a",          " \t\nword",
                                          "a\r\n", "\r\n\r", "a b\0\377\n"};
    static const size_t n_letters[] = {3, 1, 1, 7, 3, 3, 6};
    unsigned k = kind % 7;
    for (size_t i = 0; i < n; i++) {
        text[i] = letters[k][random_next(&seed) % n_letters[k]];
        if (kind >= 7 && random_next(&seed) % 50 != 0) text[i] = 'x'; /* long lines */
    }
}

enum { KINDS = 14 };

/* ---- the same by plain loops ---- */

static size_t lines_plain(const char *text, size_t n, par_slice_t *out)
{
    size_t count = 0, start = 0;
    for (size_t i = 0; i < n; i++) {
        if (text[i] != '\n') continue;
        size_t end = i > start && text[i - 1] == '\r' ? i - 1 : i;
        out[count++] = (par_slice_t){text + start, end - start};
        start = i + 1;
    }
    if (start < n) out[count++] = (par_slice_t){text + start, n - start};
    return count;
}

static size_t tokens_plain(const char *text, size_t n, const par_byteset_t *set, par_slice_t *out)
{
    size_t count = 0;
    for (size_t i = 0; i < n;) {
        size_t start = i;
        while (i < n && !par_byteset_has(set, text[i]))
            i++;
        if (i > start) out[count++] = (par_slice_t){text + start, i - start};
        if (i < n) i++;
    }
    return count;
}

static int slices_equal(const par_slice_t *a, const par_slice_t *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (a[i].at != b[i].at || a[i].n != b[i].n) return 0;
    return 1;
}

typedef struct scene_t {
    page_t page;
    par_slice_t *want, *got;
} scene_t;

static scene_t scene_new(void)
{
    return (scene_t){page_new(), malloc((MOST + 1) * sizeof(par_slice_t)),
                     malloc((MOST + 1) * sizeof(par_slice_t))};
}

static void scene_free(scene_t s)
{
    munmap(s.page.map, s.page.n);
    free(s.want);
    free(s.got);
}

/* No more than room is written. */
static void check_room(const scene_t *s, const char *text, size_t n, size_t count, size_t room)
{
    const par_slice_t mark = {text, SIZE_MAX};
    s->got[room] = mark;
    expect(par_lines(text, n, s->got, room) == count);
    size_t there = room < count ? room : count;
    expect(slices_equal(s->got, s->want, there) && s->got[room].n == SIZE_MAX);
}

static void check_one_text(const scene_t *s, const char *text, size_t n)
{
    static const char *const separators[] = {NULL, "\n", "ab", "x", ""};
    par_slice_t *array;
    size_t count = lines_plain(text, n, s->want), n_array = 99;
    expect(par_lines(text, n, NULL, 0) == count);
    expect(par_lines(text, n, s->got, MOST) == count && slices_equal(s->got, s->want, count));
    check_room(s, text, n, count, count);
    check_room(s, text, n, count, count / 2);
    check_room(s, text, n, count, count > 0);
    expect(par_lines_new(text, n, &array, &n_array) == PAR_OK);
    expect(n_array == count && slices_equal(array, s->want, count));
    free(array);
    for (size_t k = 0; k < 6; k++) {
        par_byteset_t set = par_byteset_of(" \t\n\v\f\r");
        if (k > 0 && k < 5) set = par_byteset_of(separators[k]);
        if (k == 5) set = par_byteset_not(par_byteset_of("bx\377"));
        const par_byteset_t *given = k > 0 ? &set : NULL;
        count = tokens_plain(text, n, &set, s->want);
        expect(par_tokens(text, n, given, NULL, 0) == count);
        expect(par_tokens(text, n, given, s->got, count) == count);
        expect(slices_equal(s->got, s->want, count));
        s->got[count / 2].n = SIZE_MAX; /* behind the room that it is told */
        expect(par_tokens(text, n, given, s->got, count / 2) == count);
        expect(slices_equal(s->got, s->want, count / 2) && s->got[count / 2].n == SIZE_MAX);
        expect(par_tokens_new(text, n, given, &array, &n_array) == PAR_OK);
        expect(n_array == count && slices_equal(array, s->want, count));
        free(array);
    }
}

static void check_texts(void *ctx)
{
    static const size_t sizes[] = {0,   1,    2,    3,    63,   64,    65,    127,
                                   129, 2047, 2048, 2049, 5000, 33000, 65536, 200001};
    scene_t s = scene_new();
    (void)ctx;
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++)
        for (unsigned kind = 0; kind < KINDS; kind++) {
            char *text = s.page.end - sizes[k];
            text_make(text, sizes[k], kind, k * KINDS + kind);
            check_one_text(&s, text, sizes[k]);
        }
    scene_free(s);
}

static void lines_and_tokens_are_those_of_a_loop(void **state)
{
    (void)state;
    on_pools(check_texts, NULL);
}

/* One line over all blocks, and one with an end in the middle; more blocks than the table has. */
static void check_long_lines(void *ctx)
{
    scene_t s = scene_new();
    char *text = s.page.end - MOST;
    (void)ctx;
    memset(text, 'x', MOST);
    check_one_text(&s, text, MOST);
    text[MOST / 2] = '\n';
    check_one_text(&s, text, MOST);
    text[MOST - 1] = '\n';
    check_one_text(&s, text, MOST);
    memset(text, ' ', MOST);
    check_one_text(&s, text, MOST);
    scene_free(s);
}

static void lines_may_be_as_long_as_the_text(void **state)
{
    (void)state;
    on_pools(check_long_lines, NULL);
}

static void more_bytes_than_small_blocks(void **state)
{
    (void)state;
    enum { N = TEST_TSAN ? 4000000 : 40000000 };
    char *text = malloc(N);
    for (size_t i = 0; i < N; i++)
        text[i] = i % 37 == 36 ? '\n' : i % 5 == 0 ? ' ' : 'x';
    size_t n_lines = 0, n_tokens = 0, want = 0;
    par_slice_t *line, *token;
    assert_int_equal(par_lines_new(text, N, &line, &n_lines), PAR_OK);
    assert_int_equal(par_tokens_new(text, N, NULL, &token, &n_tokens), PAR_OK);
    assert_true(n_lines == (N + 36) / 37);
    for (size_t i = 0; i < n_lines; i++) {
        size_t at = i * 37, n = N - at < 36 ? N - at : 36;
        if (line[i].at != text + at || line[i].n != n) fail();
    }
    for (size_t i = 0; i < N; i++) {
        if (text[i] != 'x' || (i > 0 && text[i - 1] == 'x')) continue;
        if (want >= n_tokens || token[want].at != text + i) fail();
        want++;
    }
    assert_true(want == n_tokens);
    free(line);
    free(token);
    free(text);
}

/* ---- blocks ---- */

typedef struct pass_t {
    const char *text;
    size_t n;
    const par_byteset_t *set;
    unsigned char *seen;
} pass_t;

static void block_see(const char *block, size_t n, void *ctx)
{
    const pass_t *pass = ctx;
    size_t begin = (size_t)(block - pass->text);
    expect(n > 0 && begin + n <= pass->n);
    expect(begin == 0 || par_byteset_has(pass->set, block[-1]));
    expect(begin + n == pass->n || par_byteset_has(pass->set, block[n - 1]));
    for (size_t i = 0; i < n; i++)
        pass->seen[begin + i]++;
}

static void check_blocks(void *ctx)
{
    static const size_t sizes[] = {0, 1, 100, 5000, 300000};
    page_t page = page_new();
    unsigned char *seen = malloc(300000);
    (void)ctx;
    for (size_t k = 0; k < 5; k++)
        for (unsigned kind = 0; kind < KINDS; kind++)
            for (size_t grain = 0; grain < 3; grain++) {
                size_t n = sizes[k];
                char *text = page.end - n;
                par_byteset_t white = par_byteset_of(" \t\n\v\f\r"), b = par_byteset_of("b\n");
                par_options_t options = PAR_OPTIONS_INIT;
                pass_t pass = {text, n, grain == 1 ? &b : &white, seen};
                options.grain = grain * grain;
                memset(seen, 0, n);
                text_make(text, n, kind, k + grain);
                par_for_text(text, n, grain == 1 ? &b : NULL, block_see, &pass, &options);
                for (size_t i = 0; i < n; i++)
                    expect(seen[i] == 1);
            }
    free(seen);
    munmap(page.map, page.n);
}

static void blocks_are_cut_behind_separators(void **state)
{
    (void)state;
    on_pools(check_blocks, NULL);
}

typedef struct total_t {
    size_t n_lines, n_bytes, n_returns;
} total_t;

PAR_DEFINE_FOR_LINES(add_up, total_t *, total, line)
{
    __atomic_add_fetch(&total->n_lines, 1, __ATOMIC_RELAXED);
    __atomic_add_fetch(&total->n_bytes, line.n, __ATOMIC_RELAXED);
    if (line.n > 0 && line.at[line.n - 1] == '\r')
        __atomic_add_fetch(&total->n_returns, 1, __ATOMIC_RELAXED);
}

static void check_line_loop(void *ctx)
{
    scene_t s = scene_new();
    (void)ctx;
    for (unsigned kind = 0; kind < KINDS; kind++)
        for (size_t n = 0; n < 100000; n = n * 11 + 1) {
            char *text = s.page.end - n;
            total_t want = {0}, got = {0};
            text_make(text, n, kind, n);
            want.n_lines = lines_plain(text, n, s.want);
            for (size_t i = 0; i < want.n_lines; i++) {
                want.n_bytes += s.want[i].n;
                want.n_returns += s.want[i].n > 0 && s.want[i].at[s.want[i].n - 1] == '\r';
            }
            add_up(text, n, &got);
            expect(memcmp(&want, &got, sizeof want) == 0);
        }
    scene_free(s);
}

static void the_line_loop_has_the_same_lines(void **state)
{
    (void)state;
    on_pools(check_line_loop, NULL);
}

/* ---- sets, paths, memory ---- */

static void every_path_marks_every_set(void **state)
{
    (void)state;
    const par__marks_t *paths[PAR__MARKS_PATHS + 1];
    uint64_t seed = 1;
    char *text = malloc(64 * 20 + 1);
    par__marks_list(paths);
    assert_non_null(paths[0]);
    assert_ptr_equal(paths[0], par__marks());
    for (unsigned round = 0; round < 300; round++) {
        par_byteset_t set;
        uint64_t mark[20];
        for (unsigned k = 0; k < 4; k++)
            set.bits[k] = random_next(&seed) << 32 ^ random_next(&seed);
        if (round == 0) set = par_byteset_of("");
        if (round == 1) set = par_byteset_not(par_byteset_of(""));
        for (size_t i = 0; i <= 64 * 20; i++)
            text[i] = (char)(random_next(&seed) >> 20);
        for (size_t p = 0; paths[p] != NULL; p++) {
            size_t n_edges = 0;
            paths[p]->fill(&set, text + 1, 20, mark);
            for (size_t i = 0; i < 64 * 20; i++) {
                bool is_in = par_byteset_has(&set, text[i + 1]);
                assert_true((mark[i / 64] >> i % 64 & 1) == is_in);
                n_edges += is_in && (i == 0 ? round % 2 == 0 : !par_byteset_has(&set, text[i]));
            }
            assert_true(paths[p]->count_edges(mark, 20, round % 2) == n_edges);
        }
    }
    free(text);
}

static void sets_have_their_bytes(void **state)
{
    (void)state;
    par_byteset_t set = par_byteset_of("a\377 ");
    for (int b = 0; b < 256; b++) {
        assert_int_equal(par_byteset_has(&set, (char)b), b == 'a' || b == 255 || b == ' ');
        par_byteset_t rest = par_byteset_not(set);
        assert_int_equal(par_byteset_has(&rest, (char)b), b != 'a' && b != 255 && b != ' ');
    }
}

static void without_memory_there_is_no_array(void **state)
{
    (void)state;
    par_slice_t none = {NULL, 0}, *lines = &none, *tokens = &none;
    size_t n_lines = 9, n_tokens = 9;
    fault_arm(FAULT_MALLOC, 1, UINT_MAX);
    par_status_t of_lines = par_lines_new("a\nb", 3, &lines, &n_lines);
    par_status_t of_tokens = par_tokens_new("a\nb", 3, NULL, &tokens, &n_tokens);
    fault_disarm();
    assert_true(of_lines == PAR_ENOMEM && lines == NULL && n_lines == 0);
    assert_true(of_tokens == PAR_ENOMEM && tokens == NULL && n_tokens == 0);
    assert_int_equal(par_lines_new(NULL, 0, &lines, &n_lines), PAR_OK);
    assert_true(lines != NULL && n_lines == 0);
    free(lines);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_and_tokens_are_those_of_a_loop),
        cmocka_unit_test(lines_may_be_as_long_as_the_text),
        cmocka_unit_test(more_bytes_than_small_blocks),
        cmocka_unit_test(blocks_are_cut_behind_separators),
        cmocka_unit_test(the_line_loop_has_the_same_lines),
        cmocka_unit_test(every_path_marks_every_set),
        cmocka_unit_test(sets_have_their_bytes),
        cmocka_unit_test(without_memory_there_is_no_array),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
