#!/bin/sh
# abi.sh check|update SHARED HEADERS - compares the types and functions of the shared library, as its debug
# information has them, with those of the last release in par.abi, or writes that file anew. Needs
# abidw and abidiff (libabigail); exit status 77 without them.
#
# What was added is no breach. What went away or changed breaks programs that are linked already: see
# CHANGELOG.md, section ABI. update is run when a version is released, or, before the first, when the
# interface changes on purpose.
set -u
export LC_ALL=C
verb=${1:-} shared=${2:-} headers=${3:-}
reference=$(dirname "$0")/par.abi

if ! command -v abidw >/dev/null || ! command -v abidiff >/dev/null; then
    echo "abidw and abidiff are missing; run scripts/setup --test"
    exit 77
fi

# abi_write FILE - only what the public headers tell; no paths and no lines, which change without need.
abi_write() {
    abidw --exported-interfaces-only --headers-dir "$headers" --drop-private-types --no-corpus-path --no-comp-dir-path \
        --no-show-locs --out-file "$1.raw" "$shared" &&
        sed "s#path='[^']*/\([a-z]*/[a-z_]*\.c\)'#path='\1'#" "$1.raw" >"$1"
    status=$?
    rm -f "$1.raw"
    return $status
}

case $verb in
update) abi_write "$reference" ;;
check)
    work=$(mktemp -d) || exit 1
    trap 'rm -rf "$work"' EXIT
    abi_write "$work/now.abi" || exit 1
    if ! grep -q "name='par_pool_create'" "$work/now.abi"; then
        echo "$shared has no debug information about par_pool_create: not the library?"
        exit 1
    fi
    abidiff --no-added-syms "$reference" "$work/now.abi"
    status=$?
    # Bit 0: an error; bit 1: wrong usage; bit 2: a change; bit 3: one that breaks.
    if [ $status -ne 0 ]; then
        echo "The binary interface is not that of tests/checks/par.abi. If that is meant, run:"
        echo "tests/checks/abi.sh update BUILD/libpar.so include, with a Debug build"
    fi
    exit $status
    ;;
*)
    echo "usage: abi.sh check|update SHARED HEADERS" >&2
    exit 2
    ;;
esac
