#!/bin/sh
# lint.sh SOURCE_DIR - rules of the source that no compiler knows. Each line it prints is a breach:
# what the rule is, then file:line.
set -u
cd "$1" || exit 1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# breach RULE - reads file:line:text; nothing to read is fine. It runs in a pipe, so it counts in
# files.
breach() {
    echo "$1" >>"$work/rules"
    cat >"$work/found"
    if [ -s "$work/found" ]; then
        echo "$1" >>"$work/broken"
        echo "$1:"
        sed 's/^/    /' "$work/found"
    fi
}

# sources DIR... - the C files in them that exist
sources() {
    find "$@" -name '*.[ch]' 2>/dev/null | sort
}

# look PATTERN FILE... - grep -nE with file names, comments' continuation lines left out
look() {
    pattern=$1
    shift
    [ $# -gt 0 ] && grep -nHE -- "$pattern" "$@" | grep -vE '^[^:]*:[0-9]*: *(\*|/\*|//)'
}

core=$(sources src) layer=$(sources par) public=$(sources include)
# File names here have no spaces.
# shellcheck disable=SC2086
{
    look '<stdatomic\.h>' $core $layer $public | grep -v '^src/atomic\.h:' |
        breach "only src/atomic.h includes <stdatomic.h>"

    look '_Atomic' $layer $public |
        breach "atomics stay in src/: no _Atomic in par/ and include/"

    look '\batomic_[a-z_]*\(|\bmemory_order_|__ATOMIC_|__atomic_|__sync_' $core |
        grep -v '^src/atomic\.h:' |
        breach "src/ uses the operations of src/atomic.h, whose names carry the order"

    # The citation stands on the line, or within two lines of it when the expression is long.
    for file in $core; do
        [ "$file" = src/atomic.h ] || awk '
            {line[NR] = $0}
            END {
                verbs = "(load|store|add|or|and|swap|cas)"
                orders = "(relaxed|acquire|release|acq_rel|seq_cst)"
                for (i = 1; i <= NR; i++) {
                    near = line[i - 2] line[i - 1] line[i] line[i + 1] line[i + 2]
                    if (line[i] ~ verbs "_" orders "\\(" && near !~ /order:/)
                        print FILENAME ":" i ":" line[i]
                }
            }' "$file"
    done | breach "an atomic operation cites its ordering argument: /* order: D1 */"

    look '\batomic_thread_fence|__atomic_thread_fence|__sync_synchronize' $core $layer $public |
        breach "no lone fence: ThreadSanitizer does not see it; put the order into an access"

    look '^#include' $layer | grep -vE '#include <(par/[a-z_]+\.h|[a-z]+\.h)>' |
        while IFS= read -r line; do
            header=$(printf '%s\n' "$line" | sed 's/.*"\(.*\)".*/\1/')
            [ -f "par/$header" ] || [ -f "par/algo/$header" ] || printf '%s\n' "$line"
        done |
        breach "par/ includes <par/...>, the C library and its own headers, nothing of src/"

    look '^#include "' $core |
        while IFS= read -r line; do
            header=$(printf '%s\n' "$line" | sed 's/.*"\(.*\)".*/\1/')
            [ -f "src/$header" ] || printf '%s\n' "$line"
        done |
        breach "src/ includes <par/...>, the system and its own headers, nothing of par/"

    look '^#include' $public | grep -vE '#include <(par/[a-z_]+|(c?(assert|float|limits|math|stdbool|stddef|stdint|stdio|stdlib|string))(\.h)?)' |
        breach "public headers include the C standard headers and each other only"

    look '_GNU_SOURCE' $core $layer $public | grep -vE '^src/[a-z_]*_linux\.c:' |
        breach "_GNU_SOURCE is for files that end in _linux.c"

    grep -nHE 'TODO|FIXME|XXX' $core $layer $public |
        breach "no notes to self in the source: an issue, or the work itself"

    for file in $public; do
        guard=PAR_$(basename "$file" .h | tr '[:lower:]' '[:upper:]')_H
        [ "$(grep -cE "^#(ifndef|define) $guard\$" "$file")" -eq 2 ] || echo "$file:1: $guard"
    done | breach "a public header is guarded by PAR_<FILE>_H"

    for file in $public; do
        grep -qx "#include <par/${file##*/}>" include/par/par.h || [ "$file" = include/par/par.h ] ||
            echo "include/par/par.h:1: ${file##*/}"
    done | breach "par.h includes every public header"

    for file in $core $layer $public; do
        awk '/^\{/ {start = NR}
             /^\}/ {if (start && NR - start > 81) print FILENAME ":" start ": " NR - start - 1 " lines"
                    start = 0}' "$file"
    done | breach "a function has at most 80 lines"

    wc -l $core $layer $public | awk '$2 != "total" && $1 >= 500 {print $2 ":" $1 ": lines"}' |
        breach "a file has less than 500 lines"
}
touch "$work/broken"
echo "$(wc -l <"$work/rules") rules, $(wc -l <"$work/broken") broken"
[ ! -s "$work/broken" ]
