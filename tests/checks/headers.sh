#!/bin/sh
# headers.sh INCLUDE_DIR CC [CXX] - compiles each public header alone, included twice, in every
# language standard that the compilers know, with warnings as errors.
set -u
include=$1 cc=$2 cxx=${3:-}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
warnings="-Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wundef -Werror"
n=0 failed=0

# compiles COMPILER LANGUAGE STANDARD FILE [OPTION...]
compiles() {
    compiler=$1 language=$2 standard=$3 file=$4
    shift 4
    "$compiler" -x "$language" "-std=$standard" -fsyntax-only "$@" "$file"
}

check() {
    compiler=$1 language=$2 standard=$3
    echo 'extern int nothing;' >"$work/empty"
    compiles "$compiler" "$language" "$standard" "$work/empty" 2>/dev/null || return
    for header in "$include"/par/*.h; do
        name=par/${header##*/}
        printf '#include <%s>\n#include <%s>\nextern int nothing;\n' "$name" "$name" >"$work/unit"
        n=$((n + 1))
        # shellcheck disable=SC2086 # a list of options
        if ! compiles "$compiler" "$language" "$standard" "$work/unit" -I"$include" $warnings; then
            echo "<$name> alone does not compile as $standard with $compiler"
            failed=$((failed + 1))
        fi
    done
}

for standard in c11 c17 c2x; do
    check "$cc" c "$standard"
done
if [ -n "$cxx" ]; then
    for standard in c++11 c++14 c++17 c++20 c++2b; do
        check "$cxx" c++ "$standard"
    done
fi
echo "$n compilations, $failed failed"
[ "$n" -gt 0 ] && [ "$failed" -eq 0 ]
