/* bench_google.cc - the only file that knows Google Benchmark: cases become benchmarks, names stay
 * as bench.h promises, and a wrong answer is an error of the whole program. */
#include "bench.h"
#include "runtime.h"

#include <benchmark/benchmark.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <regex.h>
#include <sched.h>
#include <string>
#include <sys/resource.h>
#include <thread>
#include <vector>

namespace
{

struct settings_t {
    bool quick = false;
    bool list = false;
    bool peak = false;
    std::string group; /* "family/workload/size", or empty for all */
    int repetition = 0;
    int threads = 0; /* 0: as many as par has workers */
    int repetitions = 1;
};

settings_t settings;
std::vector<bench_case_t> cases;
bool any_error = false;
int cores_at_start;

std::string case_name(const bench_case_t &c)
{
    return std::string(c.family) + "/" + c.workload + "/" + c.runtime->name + "/" +
           std::to_string(c.size) + "/" + std::to_string(c.threads);
}

std::string case_group(const bench_case_t &c)
{
    return std::string(c.family) + "/" + c.workload + "/" + std::to_string(c.size);
}

int cores_of_caller()
{
#ifdef __linux__
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0) return CPU_COUNT(&set);
#endif
    return 0;
}

/* Threads of the runtime that was measured before may still spin: libgomp's do for some
 * milliseconds. They would take a core from this one, which is not what it is measured for. Then
 * empty loops start this runtime's own threads and give the kernel time to spread them over the
 * cores: new threads often share one for the first 10 ms. */
void settle(const bench_case_t &c)
{
    static const bench_runtime_t *last = nullptr;
    if (last == c.runtime) return;
    if (last != nullptr) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    last = c.runtime;
    if (c.runtime->is_serial) return;
    bench_loop_t empty = {};
    empty.n = 1000;
    auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(20);
    while (std::chrono::steady_clock::now() < end)
        c.runtime->loops[BENCH_LOOP_nothing](&empty);
}

/* The largest part of memory this process has had at once, in KiB; 0 when the system does not say. */
double peak_kib()
{
    unsigned long kib = 0;
    char line[256];
    FILE *status = fopen("/proc/self/status", "r");
    while (status != nullptr && fgets(line, sizeof line, status) != nullptr)
        if (sscanf(line, "VmHWM: %lu", &kib) == 1) break;
    if (status != nullptr) fclose(status);
    return double(kib);
}

/* A runtime that binds the calling thread for good would bind the threads that the next one starts,
 * and win by it. */
bool is_caller_still_free()
{
    return cores_of_caller() >= cores_at_start;
}

void measure(benchmark::State &state, const bench_case_t &c)
{
    if (!c.prepare(&c)) {
        state.SkipWithError("this machine has not enough memory for this size");
        return;
    }
    settle(c);
    int64_t ns = 0;
    while (state.KeepRunningBatch(state.max_iterations))
        ns = c.run(&c, uint64_t(state.max_iterations));
    if (c.iterations != 0) state.SetIterationTime(double(ns) * 1e-9);
    if (!c.is_right(&c)) {
        state.SkipWithError("WRONG ANSWER: not what the serial code says");
        return;
    }
    if (!is_caller_still_free()) {
        state.SkipWithError("WRONG: the calling thread was left bound to fewer cores");
        return;
    }
    if (settings.peak) state.counters["peak_kib"] = peak_kib();
    if (c.forks != nullptr) state.counters["forks"] = double(c.forks(&c));
}

void add_to_google(const bench_case_t &c)
{
    auto *b = benchmark::RegisterBenchmark(case_name(c).c_str(), measure, c);
    b->MeasureProcessCPUTime();
    if (c.iterations != 0)
        b->UseManualTime()->Iterations(benchmark::IterationCount(c.iterations));
    else
        b->UseRealTime();
}

/* The field has another name from Google Benchmark 1.8 on. */
template <class Run> auto has_failed(const Run &run, int) -> decltype(bool(run.error_occurred))
{
    return run.error_occurred;
}

template <class Run> auto has_failed(const Run &run, long) -> decltype(bool(run.skipped))
{
    return bool(run.skipped);
}

/* Google Benchmark appends how it measured to each name; scripts compare by the bare name. */
void tidy(benchmark::BenchmarkReporter::Run &run)
{
    run.run_name.time_type.clear();
    run.run_name.iterations.clear();
    run.run_name.min_time.clear();
    run.run_name.repetitions.clear();
    run.run_name.threads.clear();
    run.repetition_index = settings.repetition;
    run.repetitions = settings.repetitions;
    auto forks = run.counters.find("forks");
    if (forks != run.counters.end() && forks->second.value > 0)
        run.counters["ns_per_fork"] = run.GetAdjustedRealTime() / forks->second.value;
    if (has_failed(run, 0)) any_error = true;
}

template <class Base> class named_reporter_t : public Base
{
  public:
    void ReportRuns(const std::vector<benchmark::BenchmarkReporter::Run> &runs) override
    {
        auto copy = runs;
        for (auto &run : copy)
            tidy(run);
        Base::ReportRuns(copy);
    }
};

/* A thread of some runtimes runs tasks of others on its stack while it waits; in deep trees the usual
 * 8 MiB of the main thread are too few. */
void deepen_stack()
{
    struct rlimit limit;
    const rlim_t enough = rlim_t(64) << 20;
    if (getrlimit(RLIMIT_STACK, &limit) != 0 || limit.rlim_cur >= enough) return;
    limit.rlim_cur = limit.rlim_max < enough ? limit.rlim_max : enough;
    setrlimit(RLIMIT_STACK, &limit);
}

const char usage[] =
    "usage: %s [--quick] [--list] [--peak] [--group=FAMILY/WORKLOAD/SIZE]\n"
    "          [--repetition=K --repetitions=N] [--threads=N]\n"
    "          [--benchmark_filter=REGEX] [--benchmark_min_time=SECONDS] [--benchmark_out=FILE]\n"
    "          [--benchmark_enable_random_interleaving=true] and Google Benchmark's other options\n"
    "scripts/bench runs all of it and prints the tables.\n";

bool option(const char *arg, const char *name, std::string *value)
{
    size_t length = strlen(name);
    if (strncmp(arg, name, length) != 0 || arg[length] != '=') return false;
    *value = arg + length + 1;
    return true;
}

[[noreturn]] void refuse(const char *program, const std::string &why)
{
    fprintf(stderr, "%s: %s\n", program, why.c_str());
    fprintf(stderr, usage, program);
    exit(2);
}

int whole_number(const char *program, const std::string &text, const char *what)
{
    char *end;
    long n = strtol(text.c_str(), &end, 10);
    if (text.empty() || *end != '\0' || n < 0 || n > 1000000)
        refuse(program, std::string(what) + " is '" + text + "', but must be a number from 0 up");
    return int(n);
}

void parse(int argc, char **argv)
{
    std::string value;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--quick") == 0)
            settings.quick = true;
        else if (strcmp(argv[i], "--list") == 0)
            settings.list = true;
        else if (strcmp(argv[i], "--peak") == 0)
            settings.peak = true;
        else if (option(argv[i], "--group", &value))
            settings.group = value;
        else if (option(argv[i], "--repetition", &value))
            settings.repetition = whole_number(argv[0], value, "--repetition");
        else if (option(argv[i], "--repetitions", &value))
            settings.repetitions = whole_number(argv[0], value, "--repetitions");
        else if (option(argv[i], "--threads", &value))
            settings.threads = whole_number(argv[0], value, "--threads");
        else
            refuse(argv[0], std::string("unknown option '") + argv[i] + "'");
    }
}

/* The filter sees the bare names, as the tables show them. */
class filter_t
{
  public:
    filter_t(const char *program, const std::string &pattern)
    {
        int error = regcomp(&regex_, pattern.c_str(), REG_EXTENDED | REG_NOSUB);
        if (error == 0) return;
        char text[200];
        regerror(error, &regex_, text, sizeof text);
        refuse(program, "'" + pattern + "' is not a regular expression: " + text);
    }
    ~filter_t()
    {
        regfree(&regex_);
    }
    filter_t(const filter_t &) = delete;
    filter_t &operator=(const filter_t &) = delete;
    bool matches(const std::string &name) const
    {
        return regexec(&regex_, name.c_str(), 0, nullptr, 0) == 0;
    }

  private:
    regex_t regex_;
};

bool is_default_pool(const bench_case_t &c)
{
    return c.runtime->is_par && c.runtime->crowd == 0;
}

std::vector<bench_case_t> selected(const filter_t &filter)
{
    std::vector<bench_case_t> chosen;
    for (const auto &c : cases)
        if ((c.quick || !settings.quick) && (settings.threads == 0 || !is_default_pool(c)) &&
            (settings.group.empty() || settings.group == case_group(c)) &&
            filter.matches(case_name(c)))
            chosen.push_back(c);
    return chosen;
}

} // namespace

extern "C" void bench_add(const bench_case_t *c)
{
    cases.push_back(*c);
}

int main(int argc, char **argv)
{
    bool to_file = false;
    for (int i = 1; i < argc; i++)
        if (strncmp(argv[i], "--benchmark_out=", 16) == 0) to_file = true;

    benchmark::Initialize(&argc, argv);
    parse(argc, argv);
    std::string pattern = benchmark::GetBenchmarkFilter();
    filter_t filter(argv[0], pattern.empty() ? "." : pattern);

    deepen_stack();
    if (settings.threads > 512) refuse(argv[0], "--threads must be 1 to 512");
    if (settings.threads != 0) bench_set_threads(unsigned(settings.threads));
    bench_add_launch();
    bench_add_forkjoin();
    bench_add_scope();
    bench_add_designs();
    bench_add_loop();
    bench_add_histogram();
    bench_add_random();
    bench_add_try();
    bench_add_reduce();
    bench_add_nested();
    bench_add_crowded();
#if !defined(BENCH_SHARED)
    bench_add_algos();
#endif
    auto chosen = selected(filter);
    if (settings.list) {
        for (const auto &c : chosen)
            puts(case_name(c).c_str());
        return 0;
    }
    if (chosen.empty()) refuse(argv[0], "no benchmark has a name that matches");
    for (const auto &c : chosen)
        add_to_google(c);

    cores_at_start = cores_of_caller();
    benchmark::AddCustomContext("threads", std::to_string(bench_threads()));
    named_reporter_t<benchmark::ConsoleReporter> console;
    named_reporter_t<benchmark::JSONReporter> json;
    benchmark::RunSpecifiedBenchmarks(&console, to_file ? &json : nullptr, ".");
    benchmark::Shutdown();
    return any_error ? 1 : 0;
}
