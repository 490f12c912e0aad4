#!/bin/sh
# symbols.sh check|update SHARED STATIC - compares what the shared library exports with
# symbols.txt, or writes that file anew; and demands that every global symbol of the static
# library begins with par_.
#
# A line that goes away breaks programs that are linked already: see CHANGELOG.md, section ABI.
set -u
export LC_ALL=C
verb=$1 shared=$2 static=$3
list=$(dirname "$0")/symbols.txt

exported() {
    nm -D --defined-only "$shared" | awk '{print $NF}' | sort -u
}

case $verb in
update)
    exported >"$list"
    ;;
check)
    status=0
    if ! exported | diff -u "$list" -; then
        echo "The exported symbols (+) are not those of tests/checks/symbols.txt (-). If that is"
        echo "meant, run: tests/checks/symbols.sh update BUILD/libpar.so BUILD/libpar.a"
        status=1
    fi
    if exported | grep -v '^par_'; then
        echo "The symbols above are exported and do not begin with par_."
        status=1
    fi
    # Aborts of a half-read archive must not look like an empty list.
    globals=$(nm -g --defined-only "$static") || exit 1
    if ! printf '%s\n' "$globals" | grep -q ' par_version$'; then
        echo "$static does not define par_version: not the library?"
        status=1
    fi
    if printf '%s\n' "$globals" | awk 'NF == 3 && $3 !~ /^par_/ {print $3; n++} END {exit !n}'; then
        echo "The symbols above are global in the static library and do not begin with par_."
        status=1
    fi
    exit $status
    ;;
*)
    echo "usage: symbols.sh check|update SHARED STATIC" >&2
    exit 2
    ;;
esac
