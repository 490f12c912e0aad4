#!/bin/bash
# check.sh [full] [DIRECTORY] - checks sleep.pml with spin: the protocol holds, and with one step of it
# removed or misplaced it does not. A line a check: verdict, states, what. `full` adds what takes minutes
# and gigabytes: 4 workers that all get a job. Answers 0 if all is as it must be, 77 without spin.
# CC: the compiler.
set -u
here=$(cd "$(dirname "$0")" && pwd)
CC=${CC:-cc}
full=false
[ "${1:-}" != full ] || { full=true && shift; }
command -v spin >/dev/null || { echo "spin is not installed: scripts/setup --test" && exit 77; }
work=$(mktemp -d "${1:-${TMPDIR:-/tmp}}/spin.XXXXXX") || exit 2
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 2
n=0 bad=0 held=0 failed=0

# check holds|fails WHAT DEFINITIONS...
check() {
    local expected=$1 what=$2 liveness=-DSAFETY option='' level=-O2 verdict states
    shift 2
    [ "$expected" = holds ] || level=-O0 # a counterexample is near
    [ "$what" != liveness ] || { liveness=-DNP && option='-l -f'; }
    n=$((n + 1))
    if ! spin -a "$@" "$here/sleep.pml" >spin.log 2>&1 ||
        ! "$CC" $level "$liveness" -DHC4 -DNFAIR=4 -DMEMLIM=12000 -w -o pan pan.c >>spin.log 2>&1; then
        cat spin.log
        bad=$((bad + 1))
        return
    fi
    # shellcheck disable=SC2086 # a list of options
    ./pan $option -m1000000 -w23 >pan.log 2>&1
    states=$(sed -n 's/^ *\([0-9.e+]*\) states, stored.*/\1/p' pan.log)
    verdict='did not end'
    grep -q 'errors: 0$' pan.log && verdict=holds
    grep -qE 'errors: [1-9]' pan.log && verdict=fails
    grep -qE 'max search depth too small|out of memory|Search not completed' pan.log &&
        [ $verdict = holds ] && verdict='is too big'
    [ "$verdict" = holds ] && held=$((held + 1))
    [ "$verdict" = fails ] && failed=$((failed + 1))
    [ "$verdict" = "$expected" ] || { bad=$((bad + 1)) && verdict="$verdict, UNEXPECTED"; }
    printf '%-8s %12s states  %-10s %s\n' "$verdict" "$states" "$what" "$*"
}

check holds protocol -DN=3
check holds protocol -DN=3 -DJOBS=2 -DSUBMITS=2
check holds protocol -DN=3 -DJOBS=2 -DSTRAYS=1 -DAGAIN
check holds protocol -DN=2 -DSUBMITS=2 -DAGAIN
check holds protocol -DN=4 -DJOBS=1 -DAGAIN
check holds parker -DN=2 -DPARKER -DSTRAYS=2 -DAGAIN
check holds 'the end' -DN=2 -DAGAIN -DSTOP -DSTRAYS=1
check holds 'the end' -DN=2 -DAGAIN -DSTOP -DPARKER
check holds liveness -DN=2 -DAGAIN
if $full; then
    check holds protocol -DN=4
    check holds 'the end' -DN=3 -DAGAIN -DSTOP
    check holds parker -DN=3 -DPARKER -DSTRAYS=1
    check holds liveness -DN=3 -DAGAIN
fi

check fails 'one less' -DN=2 -DLESS_LOOK                            # the look after the announcement
check fails 'one less' -DN=2 -DLESS_LOOK_LAST                       # looks, then announces
check fails 'one less' -DN=2 -DLESS_ORDER                           # looks at counts, then submits
check fails 'one less' -DN=2 -DLESS_WAKING                          # a submitter wakes nobody
check fails 'one less' -DN=3 -DLESS_CHAIN                           # a finder wakes nobody
check fails 'one less' -DN=2 -DLESS_SLEEPING_COUNT                  # announced, not counted
check fails 'one less' -DN=2 -DLESS_SEARCHING_COUNT                 # sleeps, still counted as searching
check fails 'one less' -DN=2 -DLESS_FOUND_COUNT                     # works, still counted as searching
check fails 'one less' -DN=2 -DSUBMITS=2 -DLESS_PERMISSION          # a bit is cleared without
check fails 'one less' -DN=3 -DSUBMITS=3 -DLESS_PERMISSION_SWAP     # counts are read, then stored
check fails 'one less' -DN=2 -DLESS_CLEAR_FIRST                     # unparks, then clears the bit
check fails 'one less' -DN=2 -DLESS_CLEARING                        # cancels, leaves its bit
check fails 'one less' -DN=2 -DSUBMITS=2 -DLESS_GIVING_BACK         # cancels, keeps two permissions
check fails 'one less' -DN=2 -DSTRAYS=1 -DLESS_CHOSEN               # any token counts as a choice
check fails 'one less' -DN=2 -DPARKER -DLESS_FUTEX_WAKE             # a token that wakes nobody
check fails 'one less' -DN=2 -DPARKER -DLESS_ATOMIC_PARK            # looks for a token, then parks
check fails 'one less' -DN=2 -DPARKER -DLESS_ATOMIC_UNPARK          # looks who is parked, then leaves it
check fails 'one less' -DN=2 -DAGAIN -DSTOP -DLESS_LAST_UNPARK      # the end wakes nobody

echo "$n checks, $held hold, $failed fail as they must, $bad unexpected"
[ "$bad" -eq 0 ]
