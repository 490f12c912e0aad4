/* test_version.c - the version and the names of statuses: of the library that runs, and of the headers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include <par/error.h>
#include <par/version.h>

static void versions_agree(void **state)
{
    char text[32];
    (void)state;
    assert_int_equal(par_version(), PAR_VERSION_NUMBER);
    assert_string_equal(par_version_string(), PAR_VERSION_STRING);
    snprintf(text, sizeof text, "%d.%d.%d", par_version() / 10000, par_version() / 100 % 100,
             par_version() % 100);
    assert_string_equal(text, par_version_string());
}

static void statuses_have_names_and_sentences(void **state)
{
    (void)state;
    assert_int_equal(PAR_OK, 0);
    assert_string_equal(par_strerror(PAR_OK), "success");
    assert_string_equal(par_strstatus(PAR_OK), "PAR_OK");
#define PAR_X(name, value, text)                                                                   \
    assert_true((name) < 0 && (name) == (value));                                                  \
    assert_string_equal(par_strerror(name), text);                                                 \
    assert_string_equal(par_strstatus(name), #name);
    PAR_ERROR_MAP(PAR_X)
#undef PAR_X
    assert_string_equal(par_strerror((par_status_t)1), "unknown status");
    assert_string_equal(par_strstatus((par_status_t)1), "PAR_?");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(versions_agree),
        cmocka_unit_test(statuses_have_names_and_sentences),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
