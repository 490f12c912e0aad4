/* fuzz_filter.c - filters of any bytes: the first two choose the size of an element and what is kept, the
 * rest are the elements. All forms must agree with the plain loop, and write nothing else. */
#include "fuzz.h"

#include <string.h>

#include <par/filter.h>

typedef struct rule_t {
    unsigned char low, high;
} rule_t;

static int is_kept(const void *item, void *ctx)
{
    const rule_t *rule = ctx;
    unsigned char first = *(const unsigned char *)item;
    return first >= rule->low && first <= rule->high;
}

static size_t plainly(unsigned char *yes,
                      unsigned char *no,
                      const unsigned char *in,
                      size_t n,
                      size_t size,
                      rule_t *rule,
                      unsigned char *flags)
{
    size_t kept = 0, left = 0;
    for (size_t i = 0; i < n; i++) {
        flags[i] = (unsigned char)is_kept(in + i * size, rule);
        memcpy(flags[i] ? yes + kept * size : no + left * size, in + i * size, size);
        kept += flags[i];
        left += !flags[i];
    }
    return kept;
}

/* Arrays as large as what belongs in them, so that a sanitizer sees more. */
static unsigned char *bytes_new(size_t n)
{
    unsigned char *bytes = malloc(n > 0 ? n : 1);
    if (bytes == NULL) exit(2);
    return bytes;
}

static void check(unsigned char *in, size_t n, size_t size, rule_t rule)
{
    unsigned char *yes = bytes_new(n * size), *no = bytes_new(n * size), *flags = bytes_new(n);
    size_t kept = plainly(yes, no, in, n, size, &rule, flags);
    unsigned char *out = bytes_new(kept * size), *all = bytes_new(n * size);
    size_t *place = (size_t *)(void *)bytes_new(kept * sizeof *place);
    MUST(par_filter(out, in, n, size, is_kept, &rule) == kept && !memcmp(out, yes, kept * size));
    MUST(par_pack(out, in, n, size, flags) == kept && !memcmp(out, yes, kept * size));
    MUST(par_pack_index(place, flags, n) == kept);
    for (size_t k = 0; k < kept; k++)
        MUST(!memcmp(in + place[k] * size, yes + k * size, size));
    MUST(par_partition(all, NULL, in, n, size, is_kept, &rule) == kept);
    MUST(!memcmp(all, yes, kept * size) && !memcmp(all + kept * size, no, (n - kept) * size));
    if (size == 1) {
        size_t within = par_filter_between_uchar(out, in, n, rule.low, rule.high);
        MUST(within == kept && !memcmp(out, yes, kept));
    }
    MUST(par_filter(in, in, n, size, is_kept, &rule) == kept && !memcmp(in, yes, kept * size));
    free(yes);
    free(no);
    free(flags);
    free(out);
    free(all);
    free(place);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 3) return 0;
    size_t width = data[0] % 24 + 1, n = (size - 3) / width;
    unsigned char *in = bytes_new(n * width);
    memcpy(in, data + 3, n * width);
    check(in, n, width, (rule_t){data[1], data[2]});
    free(in);
    return 0;
}
