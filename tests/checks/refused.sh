#!/bin/sh
# refused.sh INCLUDE_DIR CC [CXX] - programs that must not compile, each beside its nearest relative that
# does.
set -u
include=$1 cc=$2 cxx=${3:-}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
n=0 failed=0

# compiles COMPILER LANGUAGE STANDARD STATEMENT
compiles() {
    printf '#include <stdbool.h>\n#include <par/par.h>\nvoid f(int *keys, void *bytes, const void *fixed, double *numbers);\n' >"$work/unit"
    printf 'void f(int *keys, void *bytes, const void *fixed, double *numbers)\n{\n' >>"$work/unit"
    printf '    (void)keys, (void)bytes, (void)fixed, (void)numbers;\n    %s\n}\n' "$4" >>"$work/unit"
    "$1" -x "$2" "-std=$3" -fsyntax-only -I"$include" "$work/unit" 2>"$work/said"
}

# pair COMPILER LANGUAGE STANDARD GOOD BAD
pair() {
    n=$((n + 1))
    if ! compiles "$1" "$2" "$3" "$4"; then
        echo "does not compile as $3 with $1: $4"
        cat "$work/said"
        failed=$((failed + 1))
    fi
    if compiles "$1" "$2" "$3" "$5"; then
        echo "compiles as $3 with $1, and must not: $5"
        failed=$((failed + 1))
    fi
}

all() {
    pair "$@" 'par_sort_pairs(keys, numbers, 1);' 'par_sort_pairs(keys, bytes, 1);'
    pair "$@" 'par_sort_pairs_int(keys, bytes, 8, 1);' 'par_sort_pairs(keys, fixed, 1);'
    # Functions cannot be defined in functions: the first brace ends the one around.
    for type in bool 'long double'; do
        pair "$@" '} PAR_DEFINE_SORT_BY_KEY(by, double, double, x) { return *x;' \
            "} PAR_DEFINE_SORT_BY_KEY(by, double, $type, x) { return *x;"
    done
}

all "$cc" c gnu11
[ -z "$cxx" ] || all "$cxx" c++ gnu++11
echo "$n pairs, $failed failed"
[ "$n" -gt 0 ] && [ "$failed" -eq 0 ]
