#!/bin/bash
# mutants.sh - breaks a copy of the library in one place after the other (mutants.txt) and runs the tests
# that must notice.
#
#   mutants.sh [--rules FIRST-LAST] [--report FILE] [NAME-PATTERN]
#                 runs the rules with these numbers and names, and appends a verdict a rule to FILE;
#                 so all of them can be run in parts
#   mutants.sh --match           does every rule still fit its file? No compiler, a second
#   mutants.sh --score FILE      the table of a report: the last verdict of each rule counts
#   mutants.sh --list            the rules and their numbers
#
# Answers 0 if every mutant dies but those that are explained; a rule that does not fit its file any
# more, and in the table one without a verdict, is an error. CC: the compiler; PAR_MODEL_JOBS: how many
# at a time (default 2); PAR_MODEL_SECONDS: the CPU time that one group of tests may take (default 300).
set -u
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
CC=${CC:-cc}
SECONDS_EACH=${PAR_MODEL_SECONDS:-300}
action=run first=1 last=100000 report=
while [ $# -gt 0 ]; do
    case $1 in
    --rules) first=${2%-*} last=${2#*-} && shift ;;
    --report) report=$2 && shift ;;
    --score) action=score report=$2 && shift ;;
    --match) action=match ;;
    --list) action=list ;;
    -*) echo "mutants.sh: \"$1\" is no option; the head of the script has them" >&2 && exit 2 ;;
    *) break ;;
    esac
    shift
done
pattern=${1:-.}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The rules as lines "number<TAB>name<TAB>file<TAB>sed<TAB>groups<TAB>reason"; a file without a folder is one
# of src/.
awk -F' [|] ' -v OFS='\t' '!/^ *#/ && NF {
    print ++n, $1, ($2 ~ /\// ? $2 : "src/" $2), $3, $4, $5 }' "$here/mutants.txt" >"$work/all"
twice=$(cut -f2 "$work/all" | sort | uniq -d)
[ -z "$twice" ] || { echo "mutants.sh: two rules have the name: $twice" >&2 && exit 2; }

# mutate FILE SED OUT - false if nothing changed
mutate() {
    sed "$2" "$root/$1" >"$3" && ! cmp -s "$root/$1" "$3"
}

# ---- what needs no compiler ----

if [ "$action" = list ]; then
    awk -F'\t' '{ printf "%4d  %-18s %s\n", $1, $3, $2 }' "$work/all"
    exit 0
fi

if [ "$action" = match ]; then
    stale=0
    while IFS=$'\t' read -r _ name file script _; do
        mutate "$file" "$script" "$work/mutant" && continue
        echo "STALE     $name: the rule does not fit $file any more"
        stale=$((stale + 1))
    done <"$work/all"
    echo "$(wc -l <"$work/all") rules, $stale do not fit"
    exit $((stale != 0))
fi

# A historic bug has its citation in the name: a project, blank, and a number or a year.
if [ "$action" = score ]; then
    awk -F'\t' '
        FNR == NR { verdict[$2] = $1; next }
        {
            v = ($2 in verdict) ? verdict[$2] : "not run"
            historic = $2 ~ /\([A-Za-z-]+ [0-9]+[^)]*\)$/
            if (!($3 in n)) file[++n_files] = $3
            for (i = 0; i < 1 + historic; i++) {
                row = i == 0 ? $3 : "historic bugs"
                n[row]++; killed[row] += v == "killed"; explained[row] += v == "explained"
            }
            n["all"]++; killed["all"] += v == "killed"; explained["all"] += v == "explained"
            if (v != "killed" && v != "explained") rest = rest sprintf("%-9s %s\n", v, $2)
            if (v == "explained") why = why sprintf("%-44s %s\n", $2, $6)
        }
        function line(name) {
            printf "%-22s %7d %7d %10d %7d   %5.1f %%\n", name, n[name], killed[name], explained[name],
                n[name] - killed[name] - explained[name], 100 * killed[name] / n[name]
        }
        END {
            printf "%-22s %7s %7s %10s %7s   %s\n", "what", "mutants", "killed", "explained", "alive",
                "score"
            for (i = 1; i <= n_files; i++) line(file[i])
            line("historic bugs")
            line("all")
            if (why != "") printf "\nalive with a reason:\n%s", why
            if (rest != "") printf "\nto look at:\n%s", rest
            exit rest != ""
        }' "$report" "$work/all"
    exit
fi

# ---- compiling ----

core="forks deque injector sleep parker job worker wait scope join pool"
layer="algo/chain"
tests="test_litmus test_forks test_deque test_park test_sleep test_queue test_join test_stranger test_chain fixture"

# model_compile OUT TREE FILES... - with TREE's src and include
model_compile() {
    local out=$1 tree=$2 f
    shift 2
    for f in "$@"; do
        "$CC" -std=c11 -O1 -w -DPAR_CHECKS=1 -fsanitize=thread -I"$here/shadow" -I"$here" \
            -I"$tree/src" -I"$tree/par" -I"$tree/par/algo" -I"$tree/include" -include "$here/shadow/prelude.h" -c "$f" \
            -o "$out/$(basename "$f" .c).o" || return 1
    done
}

model_base() {
    local f out=$work/base
    mkdir "$out"
    for f in search states memory plain coroutine main; do
        "$CC" -std=c11 -O2 -I"$here" -c "$here/$f.c" -o "$out/$f.o" || return 1
    done
    "$CC" -std=c11 -O2 -I"$here/shadow" -I"$here" -I"$root/src" -I"$root/include" \
        -include "$here/shadow/atomic.h" -c "$here/system.c" -o "$out/system.o" || return 1
    for f in $core; do model_compile "$out" "$root" "$root/src/$f.c" || return 1; done
    for f in $layer; do model_compile "$out" "$root" "$root/par/$f.c" || return 1; done
    for f in $tests; do model_compile "$out" "$root" "$here/$f.c" || return 1; done
}

# model_build DIR FILE - DIR/model, from DIR/tree in which FILE is mutated
model_build() {
    local f
    cp "$work"/base/*.o "$1"
    case $2 in
    *.c) model_compile "$1" "$1/tree" "$1/tree/$2" ;;
    *) for f in $core; do model_compile "$1" "$1/tree" "$1/tree/src/$f.c" || return 1; done &&
        for f in $layer; do model_compile "$1" "$1/tree" "$1/tree/par/$f.c" || return 1; done &&
        for f in $tests; do model_compile "$1" "$1/tree" "$here/$f.c" || return 1; done ;;
    esac && "$CC" "$1"/*.o -o "$1/model"
}

# real_compile OUT TREE FILES... - for the tests that run the library itself
real_compile() {
    local out=$1 tree=$2 f
    shift 2
    for f in "$@"; do
        "$CC" -std=c11 -O2 -w -fPIC -ffp-contract=off -I"$tree/include" -I"$tree/src" \
            -I"$tree/par" -I"$root/tests" -c "$f" -o "$out/$(basename "$(dirname "$f")")_$(basename "$f" .c).o" || return 1
    done
}

# Of the algorithms those that tests of mutants need: all of them would take minutes.
algorithms="find find_number"

wraps=$(sed -n 's/.* X([A-Z_]*, \([a-z_]*\)).*/-Wl,--wrap=\1/p' "$root/tests/fault.h")

real_base() {
    local f
    mkdir "$work/real"
    real_compile "$work/real" "$root" "$root"/src/*.c "$root"/par/*.c "$root/tests/fault.c" || return 1
    for f in $algorithms; do real_compile "$work/real" "$root" "$root/par/algo/$f.c" || return 1; done
}

# real_build DIR FILE TEST - DIR/TEST, from DIR/tree in which FILE is mutated
real_build() {
    local f wrap='' fault=$work/real/tests_fault.o objects=$1/objects
    grep -q '^#include "fault.h"' "$root/tests/$3.c" && wrap=$wraps || fault=
    if [ ! -d "$objects" ]; then
        mkdir "$objects"
        cp "$work"/real/*.o "$objects" && rm "$objects/tests_fault.o"
        case $2 in
        *.c) real_compile "$objects" "$1/tree" "$1/tree/$2" ;;
        *) real_compile "$objects" "$1/tree" "$1"/tree/src/*.c "$1"/tree/par/*.c &&
            for f in $algorithms; do real_compile "$objects" "$1/tree" "$1/tree/par/algo/$f.c" || return 1; done ;;
        esac || return 1
    fi
    # shellcheck disable=SC2086 # lists of options
    "$CC" -std=c11 -O2 -w -I"$1/tree/include" -I"$1/tree/src" -I"$root/tests" "$root/tests/$3.c" $fault \
        "$objects"/*.o $wrap -o "$1/$3" -lcmocka -lhwloc -ldl -lm -lpthread
}

# ---- running ----

# verdict WORD NAME DETAIL
verdict() {
    printf '%-9s %s%s\n' "$1" "$2" "${3:+: $3}"
    printf '%s\t%s\t%s\n' "$1" "$2" "$3" >>"$work/report"
}

# try DIR FILE GROUP - 0: the group did not notice, 1: it did, 2: it does not compile, 124: no end
try() {
    local prefix=${3}_
    case $3 in *_*) prefix=$3 ;; esac
    case $3 in
    test_*)
        real_build "$1" "$2" "$3" 2>>"$1/errors" || return 2
        # A mutant that hangs is noticed: the tests as they are need a fraction of this time.
        PAR_TEST_SCALE=0.2 timeout -s KILL 40 "$1/$3" >"$1/log" 2>&1 || return 1
        ;;
    *)
        [ -x "$1/model" ] || model_build "$1" "$2" 2>>"$1/errors" || return 2
        (ulimit -t "$SECONDS_EACH" && PAR_MODEL_NO_TRACE=1 exec "$1/model" "$prefix") >"$1/log" 2>&1 &&
            return 0
        case $? in 137 | 152) return 124 ;; esac # SIGKILL, SIGXCPU
        return 1
        ;;
    esac
}

# mutant NUMBER NAME FILE SED GROUPS REASON
mutant() {
    local dir=$work/$1 group by
    mkdir -p "$dir/tree"
    cp -r "$root/src" "$root/par" "$root/include" "$dir/tree"
    if ! mutate "$3" "$4" "$dir/tree/$3"; then
        verdict STALE "$2" "the rule does not fit $3 any more"
        return
    fi
    for group in $5; do
        try "$dir" "$3" "$group"
        case $? in
        1)
            by=$(grep -m1 -E '^FAIL|FAILED  *\] [a-z]|watchdog|Assert' "$dir/log" |
                sed 's/^FAIL *//; s/.*FAILED *\] *//; s/  */ /g' | cut -c1-90)
            verdict killed "$2" "${by:-$group ends by a signal or not at all}"
            rm -rf "$dir"
            return
            ;;
        2)
            verdict BROKEN "$2" "does not compile: $(grep -m1 -E 'error|undefined' "$dir/errors")"
            return
            ;;
        124)
            verdict TIMEOUT "$2" "$group does not end"
            return
            ;;
        esac
    done
    rm -rf "$dir"
    if [ -n "$6" ]; then verdict explained "$2" "$6"; else verdict SURVIVED "$2" ''; fi
}

awk -F'\t' -v first="$first" -v last="$last" '$1 >= first && $1 <= last' "$work/all" >"$work/range"
cut -f2 "$work/range" | grep -n -e "$pattern" | cut -d: -f1 >"$work/lines"
awk 'FNR == NR { want[$1] = 1; next } FNR in want' "$work/lines" "$work/range" >"$work/rules"
groups=" $(cut -f5 "$work/rules" | tr '\n' ' ')"
case $groups in *" "[!t]*) model_base || exit 2 ;; esac
case $groups in *" test_"*) real_base || exit 2 ;; esac
: >"$work/report"
n=0
while IFS=$'\t' read -r number name file script groups reason; do
    n=$((n + 1))
    mutant "$number" "$name" "$file" "$script" "$groups" "$reason" &
    while [ "$(jobs -rp | wc -l)" -ge "${PAR_MODEL_JOBS:-2}" ]; do wait -n; done
done <"$work/rules"
wait
[ -z "$report" ] || cat "$work/report" >>"$report"
killed=$(grep -c '^killed' "$work/report")
explained=$(grep -c '^explained' "$work/report")
echo "$n mutants: $killed killed, $explained explained, $((n - killed - explained)) to look at"
[ "$n" -gt 0 ] && [ "$n" -eq $((killed + explained)) ]
