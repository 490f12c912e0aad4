/* test_sort_by_key.c - sorts by a key that is made once for each element, with memory for the keys and
 * without. */
#include <limits.h>
#include <stdlib.h>

#include "fault.h"
#include "on_pools.h"

static unsigned n_keys_made;

typedef struct word_t {
    uint32_t number;
    char text[12];
} word_t;

PAR_DEFINE_SORT_BY_CACHED_KEY(words_sort, word_t, word, double, a, b, a < b)
{
    __atomic_fetch_add(&n_keys_made, 1, __ATOMIC_RELAXED);
    return 1.0 / (1 + word.number % 1000);
}

/* In order, equal keys in the order of the numbers, so each number below n once; with its text. */
static void words_check(const word_t *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        unsigned rest = v[i].number % 1000, before = i > 0 ? v[i - 1].number % 1000 : 0;
        expect(v[i].number < n);
        expect(i == 0 || before > rest || (before == rest && v[i - 1].number < v[i].number));
        expect((unsigned)v[i].text[3] == v[i].number % 100);
    }
}

static void check_by_key(void *ctx)
{
    (void)ctx;
    static const size_t sizes[] = {0, 1, 2, 10, 1000, 30000};
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
        for (unsigned fault = 0; fault < 5; fault++) {
            size_t n = sizes[s];
            word_t *v = malloc((n + 1) * sizeof *v);
            for (size_t i = 0; i < n; i++)
                v[i] = (word_t){(uint32_t)i, {0, 0, 0, (char)(i % 100)}};
            n_keys_made = 0;
            if (fault > 0) fault_arm(FAULT_MEMORY, fault, fault == 1 ? UINT_MAX : 1);
            words_sort(v, n);
            if (fault > 0) fault_disarm();
            expect(fault > 0 || n < 2 || n_keys_made == n);
            words_check(v, n);
            free(v);
        }
}

static void by_key(void **state)
{
    (void)state;
    on_pool_of(1, check_by_key, NULL);
    on_pool_of(3, check_by_key, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
