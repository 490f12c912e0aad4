/* test_dlopen.c - the shared library, and a module that uses it, are loaded, used and unloaded again
 * and again. The threads of the pool must never run code that is gone. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "child.h"
#include "pools.h"
#include "scale.h"

typedef unsigned long work_fn(unsigned n);
typedef int shutdown_fn(void);

static int reset(void **state)
{
    (void)state;
    watchdog(100);
    return 0;
}

/* ISO C has no cast from void * to a function pointer. */
static void symbol(void *handle, const char *name, void *function, size_t bytes)
{
    void *address = dlsym(handle, name);
    if (!address) fail_msg("%s: %s", name, dlerror());
    memcpy(function, &address, bytes);
}

static void *load(const char *path)
{
    void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!handle) fail_msg("%s", dlerror());
    return handle;
}

static void use_module(void)
{
    work_fn *work;
    void *module = load(TEST_MODULE);
    symbol(module, "module_work", (void *)&work, sizeof(work));
    assert_int_equal(work(1000), 4 * 499500);
    assert_int_equal(dlclose(module), 0);
}

static void test_module_comes_and_goes(void **state)
{
    (void)state;
    for (size_t i = 0; i < scaled(200); i++) {
        use_module();
        if (i % 10 == 0) usleep(3000); /* the threads fall asleep meanwhile */
    }
}

static void test_library_comes_and_goes(void **state)
{
    (void)state;
    for (size_t i = 0; i < scaled(200); i++) {
        unsigned (*workers)(void);
        void *library = load(TEST_LIBRARY);
        symbol(library, "par_num_workers", (void *)&workers, sizeof(workers));
        assert_true(workers() >= 1);
        assert_int_equal(dlclose(library), 0);
    }
}

static void test_shutdown_in_between(void **state)
{
    (void)state;
    for (size_t i = 0; i < scaled(100); i++) {
        shutdown_fn *shutdown;
        void *library = load(TEST_LIBRARY);
        symbol(library, "par_shutdown", (void *)&shutdown, sizeof(shutdown));
        use_module();
        assert_int_equal(shutdown(), 0);
        assert_int_equal(dlclose(library), 0);
    }
}

/* Loaded and left by a thread that ends: what the library keeps for a thread goes with it. */
static void *thread_main(void *arg)
{
    (void)arg;
    use_module();
    return NULL;
}

static void test_from_threads_that_end(void **state)
{
    (void)state;
    for (size_t i = 0; i < scaled(100); i++) {
        pthread_t thread;
        assert_int_equal(pthread_create(&thread, NULL, thread_main, NULL), 0);
        pthread_join(thread, NULL);
    }
}

/* This program holds the library too: two copies in one process, each with its own pool, and calls of one
 * inside a call of the other. */

static void use_module_here(void *ctx)
{
    (void)ctx;
    use_module();
}

static void fib_here(void *ctx)
{
    if (!fib_is_right(12)) *(int *)ctx = 1;
}

static void test_two_copies(void **state)
{
    (void)state;
    void (*other)(void);
    int failed = 0;
    void *library = load(TEST_LIBRARY);
    symbol(library, "par_join_call", (void *)&other, sizeof(other));
    assert_true((void (*)(void))par_join_call != other);
    for (size_t i = 0; i < scaled(100); i++) {
        par_join(use_module_here, NULL, fib_here, &failed);
        if (i % 7 == 0) assert_int_equal(par_shutdown(), PAR_OK);
    }
    assert_int_equal(failed, 0);
    assert_int_equal(dlclose(library), 0);
}

/* A program that ends with the module unloaded and the threads alive */
static int leave(void)
{
    work_fn *work = NULL;
    void *module = dlopen(TEST_MODULE, RTLD_NOW);
    void *address = module ? dlsym(module, "module_work") : NULL;
    memcpy(&work, &address, sizeof(work));
    if (!work || work(100) != 4 * 4950) return 1;
    return dlclose(module) == 0 ? 0 : 2;
}

static void test_end_after_unloading(void **state)
{
    (void)state;
    for (size_t i = 0; i < scaled(100); i++) {
        child_t child;
        assert_int_equal(child_exec(&child, "leave", NULL), 0);
        child_wait(&child, 20);
        assert_true(child_exited(&child, 0));
    }
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "leave") == 0) return leave();
#define TEST(name) cmocka_unit_test_setup(name, reset)
    const struct CMUnitTest tests[] = {
        TEST(test_module_comes_and_goes), TEST(test_library_comes_and_goes),
        TEST(test_shutdown_in_between),   TEST(test_from_threads_that_end),
        TEST(test_end_after_unloading),   TEST(test_two_copies),
    };
    cmocka_set_test_filter(getenv("PAR_TEST_FILTER"));
    return cmocka_run_group_tests_name("dlopen", tests, NULL, NULL);
}
