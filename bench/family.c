/* family.c - which cases a family's workload becomes. */
#include "family.h"

void bench_add_for_all(bench_case_t c, bench_offer_fn *is_offered)
{
    for (size_t r = 0; bench_runtimes[r] != NULL; r++) {
        c.runtime = bench_runtimes[r];
        c.threads = bench_threads_of(c.runtime);
        if (is_offered(c.runtime, c.spec)) bench_add(&c);
    }
}

void bench_add_and_with_one_thread(bench_case_t c, bench_run_fn *run_with_one_thread)
{
    bench_add(&c);
    if (c.runtime->with_one_thread == NULL || c.threads == 1) return;
    c.threads = 1;
    c.run = run_with_one_thread;
    c.quick = c.quick && c.runtime->is_par;
    bench_add(&c);
}
