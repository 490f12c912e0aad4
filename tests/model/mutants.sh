#!/bin/sh
# mutants.sh [NAME-PATTERN]: breaks a copy of the core in one place after the other (mutants.txt) and
# runs the tests that must notice. Answers 0 if every mutant dies but those that are explained.
# CC: the compiler; PAR_MODEL_JOBS: how many at a time (default 2); PAR_MODEL_SECONDS: the time that
# one group of tests may take (default 300).
set -u
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
CC=${CC:-cc}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
core="forks deque injector sleep parker job worker wait scope join pool"
tests="test_litmus test_forks test_deque test_park test_sleep test_queue test_join fixture"

# compile DIRECTORY SOURCES FILES...: the objects go to the directory
compile() {
    out=$1 src=$2
    shift 2
    for f in "$@"; do
        "$CC" -std=c11 -O1 -w -DPAR_CHECKS=1 -fsanitize=thread -I"$here/shadow" -I"$here" -I"$src" \
            -I"$root/include" -include "$here/shadow/prelude.h" -c "$f" \
            -o "$out/$(basename "$f" .c).o" || return 1
    done
}

mkdir "$work/base"
for f in search memory plain coroutine main; do
    "$CC" -std=c11 -O2 -I"$here" -c "$here/$f.c" -o "$work/base/$f.o" || exit 2
done
"$CC" -std=c11 -O2 -I"$here/shadow" -I"$here" -I"$root/src" -I"$root/include" \
    -include "$here/shadow/atomic.h" -c "$here/system.c" -o "$work/base/system.o" || exit 2
for f in $core; do compile "$work/base" "$root/src" "$root/src/$f.c" || exit 2; done
for f in $tests; do compile "$work/base" "$root/src" "$here/$f.c" || exit 2; done

# mutant NUMBER NAME FILE SED GROUPS REASON
mutant() {
    dir=$work/$1
    mkdir "$dir" "$dir/src"
    cp "$root"/src/*.[hc] "$dir/src"
    cp "$work"/base/*.o "$dir"
    sed "$4" "$root/src/$3" >"$dir/src/$3"
    if cmp -s "$root/src/$3" "$dir/src/$3"; then
        echo "STALE     $2: the rule does not fit $3 any more"
        return
    fi
    case $3 in
    *.c) compile "$dir" "$dir/src" "$dir/src/$3" 2>"$dir/errors" ;;
    *) { for f in $core; do compile "$dir" "$dir/src" "$dir/src/$f.c" || break; done &&
        for f in $tests; do compile "$dir" "$dir/src" "$here/$f.c" || break; done; } 2>"$dir/errors" ;;
    esac
    if [ -s "$dir/errors" ] || ! "$CC" "$dir"/*.o -o "$dir/model"; then
        echo "BROKEN    $2: does not compile: $(head -1 "$dir/errors")"
        return
    fi
    for group in $5; do
        PAR_MODEL_NO_TRACE=1 timeout "${PAR_MODEL_SECONDS:-300}" "$dir/model" "${group}_" \
            >>"$dir/log" 2>&1 || {
            [ $? -ne 124 ] || { echo "TIMEOUT   $2: ${group} does not end"; rm -rf "$dir"; return; }
            by=$(grep -m1 '^FAIL' "$dir/log" | sed 's/^FAIL *//; s/  */ /g' | cut -c1-90)
            echo "killed    $2: ${by:-crash}"
            rm -rf "$dir"
            return
        }
    done
    rm -rf "$dir"
    if [ -n "$6" ]; then echo "explained $2: $6"; else echo "SURVIVED  $2"; fi
}

grep -v '^ *#' "$here/mutants.txt" | grep -e "${1:-.}" >"$work/rules"
n=0
: >"$work/report"
while IFS= read -r line; do
    n=$((n + 1))
    # Fields are separated by " | "; a sed script has none.
    field() { printf '%s\n' "$line" | awk -F' [|] ' -v i="$1" '{ print $i }'; }
    mutant "$n" "$(field 1)" "$(field 2)" "$(field 3)" "$(field 4)" "$(field 5)" | tee -a "$work/report" &
    [ $((n % ${PAR_MODEL_JOBS:-2})) -ne 0 ] || wait
done <"$work/rules"
wait
killed=$(grep -c '^killed' "$work/report")
explained=$(grep -c '^explained' "$work/report")
echo "$n mutants: $killed killed, $explained explained, $((n - killed - explained)) to look at"
[ "$n" -gt 0 ] && [ "$n" -eq $((killed + explained)) ]
