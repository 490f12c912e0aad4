# report.awk - tables from Google Benchmark's JSON, one result file after another.
#
# Reads name, real_time, cpu_time, ns_per_fork, peak_kib and errors of each run; every run of one name
# is a repetition, except one with peak_kib, which was made for that figure alone. A group is family/workload/size: all its runtimes answered the same question. Prints a
# table for each family, then where par loses. With -v merged=FILE also writes all runs as one JSON
# file of the same form. Exit status 1 when a run reported an error. Plain POSIX awk.

function value(line)   # of a line   "key": value,
{
    sub(/^[^:]*: */, "", line)
    sub(/,[ \r]*$/, "", line)
    gsub(/^"|"$/, "", line)
    return line
}

function remember(list, id, x)   # appends a number to the space-separated list of id
{
    list[id] = (id in list) ? list[id] " " x : x
}

function median(text,    v, n, i, j, x)
{
    n = split(text, v, " ")
    for (i = 2; i <= n; i++) {
        x = v[i] + 0
        for (j = i - 1; j > 0 && v[j] + 0 > x; j--)
            v[j + 1] = v[j]
        v[j + 1] = x
    }
    low = v[1] + 0      # two results beside the median
    high = v[n] + 0
    return n % 2 ? v[(n + 1) / 2] + 0 : (v[n / 2] + v[n / 2 + 1]) / 2
}

function is_par(runtime)    { return runtime ~ /^par(-|$)/ }
function is_judged(runtime) { return runtime == "par" || runtime == "par-task" }
function is_serial(runtime) { return runtime ~ /^(serial|simd|std|qsort)$/ }

# What no runtime can avoid: shown, but no rival.
function is_floor(runtime) { return runtime == "futex" }

function show_time(ns)
{
    if (ns < 1e3) return sprintf("%.1f ns", ns)
    if (ns < 1e6) return sprintf("%.2f us", ns / 1e3)
    if (ns < 1e9) return sprintf("%.2f ms", ns / 1e6)
    return sprintf("%.2f s", ns / 1e9)
}

function show_memory(kib)
{
    return kib < 10240 ? sprintf("%.1f MiB", kib / 1024) : sprintf("%.0f MiB", kib / 1024)
}

function show_fork(name)
{
    return name in forks ? sprintf("%.1f", median(forks[name])) : "-"
}

function show_ratio(r)
{
    return r == "" ? "-" : r >= 99.95 ? sprintf("%.0f", r) : sprintf("%.2f", r)
}

function end_of_run(    part, group)
{
    if (name == "") return
    split(name, part, "/")
    group = part[1] "/" part[2] "/" part[4]
    if (!(group in group_seen)) {
        group_seen[group] = 1
        groups[++n_groups] = group
        if (!(part[1] in family_seen)) {
            family_seen[part[1]] = 1
            families[++n_families] = part[1]
        }
    }
    if (!(name in runtime_of)) {
        runtime_of[name] = part[3]
        threads_of[name] = part[5]
        members[group] = (group in members) ? members[group] " " name : name
        if (part[5] == 1) alone[group, part[3]] = name
        if (!((group, part[3]) in widest) || part[5] + 0 > threads_of[widest[group, part[3]]] + 0)
            widest[group, part[3]] = name
    }
    if (error != "") {
        error_of[name] = error
    } else if (peak != "") {
        peaks[name] = peak
    } else {
        remember(times, name, real)
        remember(cpus, name, cpu)
        if (fork != "") remember(forks, name, fork)
    }
    name = ""
}

function copy(line)
{
    if (merged != "") print line > merged
}

FNR == 1 { in_runs = 0 }
!in_runs && /"benchmarks": *\[/ {
    in_runs = 1
    if (!files++) copy($0)
    next
}
!in_runs {
    if (!files) copy($0)
    if ($0 ~ /"threads": "/) workers = value($0)
    next
}
/^ *\{/ {
    if (runs++) copy(",")
    copy("    {")
    name = ""; error = ""; fork = ""; peak = ""
    next
}
/^ *\},?[ \r]*$/ && name != "" {
    if (merged != "") printf "    }" > merged
    end_of_run()
    next
}
/^  \]/ { in_runs = 0; skip = 1; next }
in_runs { copy($0) }
/^ *"name": /          { name = value($0) }
/^ *"real_time": /     { real = value($0) + 0 }
/^ *"cpu_time": /      { cpu = value($0) + 0 }
/^ *"ns_per_fork": /   { fork = value($0) + 0 }
/^ *"peak_kib": /      { peak = value($0) + 0 }
/^ *"error_message": / { error = value($0) }

# Sets serial_time and the best parallel rival of a group.
function compare_group(group,    n, i, name, of, runtime)
{
    serial_time = best_time = best_name = ""
    n = split(members[group], of, " ")
    for (i = 1; i <= n; i++) {
        name = of[i]
        if (!(name in times)) continue
        runtime = runtime_of[name]
        time[name] = median(times[name])
        spread[name] = time[name] > 0 ? (high - low) / time[name] * 100 : 0
        if (runtime == "serial") serial_time = time[name]
        if (is_par(runtime) || is_serial(runtime) || is_floor(runtime)) continue
        if (best_time == "" || time[name] < best_time) {
            best_time = time[name]
            best_name = runtime
        }
    }
}

# The members of a group with a result, fastest first, in sorted[1..]; returns how many.
function sort_group(group,    n, i, j, k, of)
{
    n = split(members[group], of, " ")
    k = 0
    for (i = 1; i <= n; i++) {
        if (!(of[i] in time)) continue
        for (j = k; j > 0 && time[sorted[j]] > time[of[i]]; j--)
            sorted[j + 1] = sorted[j]
        sorted[j + 1] = of[i]
        k++
    }
    return k
}

function judge(group, name,    ratio)
{
    if (!is_judged(runtime_of[name])) return
    if (best_time > 0 && threads_of[name] == workers) {
        ratio = time[name] / best_time
        if (ratio > 1.05)
            losses[++n_losses] = sprintf("  %-34s %-9s %6s x %s", group, runtime_of[name],
                                         show_ratio(ratio), best_name)
        else if (ratio < 1 / 1.05)
            wins++
        else
            draws++
    }
    if (serial_time > 0 && threads_of[name] == workers && time[name] > serial_time)
        slower[++n_slower] = sprintf("  %-34s %-9s %6s x serial", group, runtime_of[name],
                                     show_ratio(time[name] / serial_time))
}

# Time / serial time of a name; "" when either is missing.
function over_serial(name)
{
    return serial_time > 0 && name in time ? time[name] / serial_time : ""
}

function print_line(group, name, mark,    rival, cores)
{
    rival = best_time > 0 && threads_of[name] == workers ? time[name] / best_time : ""
    cores = "-"
    if (time[name] > 0) cores = sprintf("%.2f", median(cpus[name]) / time[name])
    printf "%-32s %s %-15s %3s %11s %5.0f%% %9s %9s %7s\n", group, mark, runtime_of[name],
        threads_of[name], show_time(time[name]), spread[name], show_ratio(over_serial(name)),
        show_ratio(rival), cores
}

# forkjoin: one line for a runtime with all its workers, its run with one worker in two columns.
function print_fork_line(group, name, mark, whole,    runtime, one, rival, all, fork)
{
    runtime = runtime_of[name]
    one = ((whole, runtime) in alone) ? alone[whole, runtime] : ""
    rival = best_time > 0 && threads_of[name] == workers ? time[name] / best_time : ""
    all = show_ratio(over_serial(name))
    fork = show_fork(name)
    if (is_serial(runtime) || (name == one && workers != 1)) all = fork = "-"
    printf "%-32s %s %-15s %3s %11s %5.0f%% %7s %7s %7s %8s %8s %11s %9s\n", group, mark, runtime,
        threads_of[name], show_time(time[name]), spread[name], show_ratio(over_serial(one)), all,
        show_ratio(rival), show_fork(one), fork, show_time(median(cpus[name])),
        (name in peaks) ? show_memory(peaks[name]) : "-"
}

function is_fork_family(family) { return family == "forkjoin" || family == "scope" }

function print_head(family)
{
    printf "\n%s, %s workers\n", family, workers
    if (is_fork_family(family))
        printf "%-32s   %-15s %3s %11s %6s %7s %7s %7s %8s %8s %11s %9s\n", "workload/size",
            "runtime", "thr", "median", "+-", "T1/Ts", "T" workers "/Ts", "/ rival", "ns/fork1",
            "ns/fork" workers, "CPU time", "peak"
    else
        printf "%-32s   %-15s %3s %11s %6s %9s %9s %7s\n", "workload/size", "runtime", "thr",
            "median", "+-", "/ serial", "/ rival", "cpu"
}

function print_group(group, family,    n, i, name, title, mark, failed)
{
    compare_group(group)
    n = sort_group(group)
    title = group
    for (i = 1; i <= n; i++) {
        name = sorted[i]
        mark = is_winner(i, n) ? "*" : " "
        judge(group, name)
        if (!is_fork_family(family)) {
            print_line(title, name, mark)
        } else {
            if (name != widest[group, runtime_of[name]] && widest[group, runtime_of[name]] in time)
                continue
            print_fork_line(title, name, mark, group)
        }
        title = ""
    }
    n = split(members[group], failed, " ")
    for (i = 1; i <= n; i++)
        if (failed[i] in error_of)
            printf "%-32s ! %-15s %3s %s\n", "", runtime_of[failed[i]], threads_of[failed[i]],
                error_of[failed[i]]
}

# The fastest of those that use all workers.
function is_winner(i, n,    j)
{
    if (threads_of[sorted[i]] != workers || is_serial(runtime_of[sorted[i]])) return 0
    for (j = 1; j < i; j++)
        if (threads_of[sorted[j]] == workers && !is_serial(runtime_of[sorted[j]])) return 0
    return 1
}

# Serial code that got less than a core was pushed aside by other programs.
function warn_if_busy(    name, shares, n)
{
    for (name in time)
        if (is_serial(runtime_of[name]) && time[name] > 0 && name !~ /-[0-9]+[mu]s/) {
            shares = shares " " median(cpus[name]) / time[name]
            n++
        }
    if (n > 0 && median(shares) < 0.95)
        printf "\nThe machine was busy: serial code got %.0f %% of a core. Ratios are not to be trusted.\n",
            100 * median(shares)
}

END {
    if (merged != "" && files) {
        print "\n  ]\n}" > merged
        close(merged)
    }
    for (f = 1; f <= n_families; f++) {
        print_head(families[f])
        for (g = 1; g <= n_groups; g++)
            if (index(groups[g], families[f] "/") == 1) print_group(groups[g], families[f])
    }
    if (wins + draws + n_losses > 0) {
        printf "\npar against the best parallel rival of each line: %d faster, %d within 5 %%, %d slower\n",
            wins, draws, n_losses
        for (i = 1; i <= n_losses; i++)
            print losses[i]
    }
    if (n_slower > 0) {
        print "\npar with all workers is slower than serial code here:"
        for (i = 1; i <= n_slower; i++)
            print slower[i]
    }
    warn_if_busy()
    failures = 0
    for (name in error_of)
        if (error_of[name] ~ /WRONG/) failures++
    if (failures > 0) printf "\n%d benchmarks went WRONG, see the lines with !\n", failures
    exit failures > 0
}
