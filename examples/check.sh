#!/bin/sh
# check.sh EXAMPLE PROGRAM SOURCE_DIRECTORY - runs an example and compares its answers with those of
# POSIX tools, on ordinary and on hostile input, with 1, 2, 3 and 8 workers (or as many as there are
# cores, if that is less).
set -u
example=$1
program=$2
source=$3
LC_ALL=C
export LC_ALL
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM

die()
{
    printf 'check %s: %s\n' "$example" "$*" >&2
    exit 1
}

# same FILE FILE WHAT
same()
{
    cmp "$1" "$2" >&2 && return
    diff "$1" "$2" | head -n 20 >&2
    die "$3: the answers differ (expected first)"
}

# refuse WORD ARGUMENT... - exit status 1 and a message that names WORD
refuse()
{
    word=$1
    shift
    "$program" "$@" </dev/null >"$tmp/out" 2>"$tmp/err"
    status=$?
    [ $status -eq 1 ] || die "exit status $status instead of 1 for: $*"
    grep -q -e "$word" "$tmp/err" || die "no word of \"$word\" in: $(cat "$tmp/err")"
}

# with N COMMAND... - with at most N workers
with()
{
    PAR_NUM_THREADS=$1
    export PAR_NUM_THREADS
    shift
    "$@"
}

# answers_for FILE - of $tmp/FILE the program says what is in $tmp/expected, with any number of workers
answers_for()
{
    for n in 1 2 3 8; do
        with $n "$program" "$tmp/$1" >"$tmp/out" || die "exit status $? with $n workers, $1"
        same "$tmp/expected" "$tmp/out" "$n workers, $1"
    done
}

# answers_from_input FILE - so it does when it reads standard input
answers_from_input()
{
    "$program" <"$tmp/$1" >"$tmp/out" || die "exit status $? for standard input, $1"
    same "$tmp/expected" "$tmp/out" "standard input, $1"
}

make_input()
{
    cat "$source"/README.md "$source"/LICENSE "$source"/include/par/*.h "$program" >"$tmp/big" \
        || die "the input could not be made"
    : >"$tmp/empty"
    printf 'one Two two tHree\nTHREE three' >"$tmp/unfinished"
    printf '\n\n\n' >"$tmp/blank"
    printf 'na\303\257ve\000na\303\257ve \377\376 \303\204 b\nb\na\n' >"$tmp/bytes"
}

wordcount_expected()
{
    for file in "$@"; do
        cat "$file"
        echo
    done | tr 'A-Z' 'a-z' | tr -cs 'a-z\200-\377' '\n' | sed '/^$/d' | sort | uniq -c \
        | sort -k1,1nr -k2,2 >"$tmp/counts"
    awk '{n += $1} END {printf "%d words, %d distinct\n", n, NR}' "$tmp/counts"
    head -n 20 "$tmp/counts" | awk '{print $1, $2}'
}

# The numbers, without the times.
wordcount_given()
{
    sed -n '1s/distinct,.*/distinct/p' "$1"
    sed -n '/  word$/,/^$/p' "$1" | sed '1d;/^$/d' | awk '{print $1, $2}'
}

wordcount_check()
{
    wordcount_expected "$@" >"$tmp/expected"
    for n in 1 8; do
        with $n "$program" "$@" >"$tmp/out" || die "exit status $? with $n workers for: $*"
        wordcount_given "$tmp/out" >"$tmp/given"
        same "$tmp/expected" "$tmp/given" "$n workers, $*"
        [ "$(grep -c 'the same$' "$tmp/out")" -ge 2 ] || die "par and pthread are not both there"
        grep -q -e '^openmp .*the same$' -e '^openmp .*not built' "$tmp/out" || die "no openmp line"
    done
}

check_wordcount()
{
    wordcount_check "$tmp/big"
    wordcount_check "$tmp/empty"
    wordcount_check "$tmp/unfinished" "$tmp/unfinished"
    wordcount_check "$tmp/bytes" "$tmp/empty" "$tmp/blank" "$tmp/big" "$tmp/unfinished"
    wordcount_expected "$tmp/big" >"$tmp/expected"
    for argument in '' -; do
        "$program" $argument <"$tmp/big" >"$tmp/out" || die "standard input: exit status $?"
        wordcount_given "$tmp/out" >"$tmp/given"
        same "$tmp/expected" "$tmp/given" "standard input"
    done
    refuse "$tmp/missing: No such file" "$tmp/missing" "$tmp/big"
    refuse "$tmp: Is a directory" "$tmp"
}

check_sort_lines()
{
    for file in big empty unfinished blank bytes; do
        sort "$tmp/$file" >"$tmp/expected"
        answers_for $file
        answers_from_input $file
    done
    refuse "$tmp/missing: No such file" "$tmp/missing"
    refuse usage a b
}

check_mandelbrot()
{
    for n in 1 2 3 8; do
        with $n "$program" "$tmp/$n.png" 120 80 >"$tmp/out" || die "exit status $?"
        same "$tmp/1.png" "$tmp/$n.png" "$n workers"
    done
    # signature, header chunk with its checksum, ..., end chunk with its checksum
    { head -c 33 "$tmp/1.png"; tail -c 12 "$tmp/1.png"; } | od -An -v -tx1 | tr -d ' \n' >"$tmp/given"
    printf '89504e470d0a1a0a0000000d49484452000000780000005008020000005df926de' >"$tmp/expected"
    printf '0000000049454e44ae426082' >>"$tmp/expected"
    same "$tmp/expected" "$tmp/given" "PNG header"
    # 33 in front, 14 for the zlib header, 12 + 5 + 1 + 3 * 120 a row, 16 for Adler-32, 12 behind
    size=$(wc -c <"$tmp/1.png")
    [ "$size" -eq $((33 + 14 + 80 * 378 + 16 + 12)) ] || die "the file has $size bytes"
    refuse WIDTH "$tmp/x.png" 0 80
    refuse HEIGHT "$tmp/x.png" 120 eighty
    refuse usage "$tmp/x.png" 120
    refuse "No such file" "$tmp/missing/x.png" 1 1
}

# The pixels of a coral of 60 x 45 cells after 40 steps, by hand: each byte of a row on a line.
coral_expected()
{
    awk 'function diff(x, r, c) {return x[r-1, c] + x[r, c-1] + x[r, c+1] + x[r+1, c] - 4 * x[r, c]}
        BEGIN {
            W = 60; H = 45
            for (r = 0; r <= H + 1; r++) for (c = 0; c <= W + 1; c++) {f[r, c] = 1; v[r, c] = 0}
            for (k = 1; k <= int(W * H / 2500) + 1; k++) {
                x = k * 0.7548776662466927; y = k * 0.5698402909980532
                r0 = 1 + int((y - int(y)) * H); c0 = 1 + int((x - int(x)) * W)
                for (r = r0; r < r0 + 5 && r <= H; r++) for (c = c0; c < c0 + 5 && c <= W; c++) v[r, c] = 0.5
            }
            for (k = 0; k < 40; k++) {
                for (r = 1; r <= H; r++) for (c = 1; c <= W; c++) {
                    eaten = f[r, c] * v[r, c] * v[r, c]
                    g[r, c] = f[r, c] + 0.16 * diff(f, r, c) - eaten + 0.0545 * (1 - f[r, c])
                    w[r, c] = v[r, c] + 0.08 * diff(v, r, c) + eaten - (0.0545 + 0.062) * v[r, c]
                }
                for (r = 1; r <= H; r++) for (c = 1; c <= W; c++) {f[r, c] = g[r, c]; v[r, c] = w[r, c]}
            }
            split("6 22 48 238 92 80 255 244 226", colour)
            for (r = 1; r <= H; r++) for (c = 1; c <= W; c++) for (k = 1; k <= 3; k++) {
                at = v[r, c] * 5 < 2 ? v[r, c] * 5 : 2
                below = at < 1 ? 0 : 1
                from = colour[3 * below + k]; to = colour[3 * below + 3 + k]
                print int(from + (at - below) * (to - from))
            }
        }'
}

# The same from a PNG file as examples/png.c writes them: a chunk of 5 + 1 + 3 * 60 bytes a row, in its own
# 12, behind 33 + 14 bytes.
coral_given()
{
    od -An -v -tu1 "$1" | tr -s ' ' '\n' | sed '/^$/d' \
        | awk 'NR > 47 && NR <= 47 + 45 * 198 {at = (NR - 48) % 198; if (at >= 14 && at < 194) print}'
}

check_coral()
{
    for n in 1 2 3 8; do
        with $n "$program" "$tmp/$n.png" 60 45 40 >"$tmp/out" || die "exit status $?"
        same "$tmp/1.png" "$tmp/$n.png" "$n workers"
    done
    coral_expected >"$tmp/expected"
    coral_given "$tmp/1.png" >"$tmp/given"
    # in single precision a byte may be rounded to its neighbour
    paste "$tmp/expected" "$tmp/given" | awk '
        {d = $1 - $2; if (d < -1 || d > 1 || NF != 2) bad++; if ($1 > 100) bright++}
        END {exit NR == 3 * 60 * 45 && bright > 100 && bad == 0 ? 0 : 1}' || die "the pixels differ"
    with 8 "$program" "$tmp/one.png" 1 1 3 >"$tmp/out" || die "exit status $?"
    refuse WIDTH "$tmp/x.png" 0 80 1
    refuse HEIGHT "$tmp/x.png" 120 eighty 1
    refuse STEPS "$tmp/x.png" 120 80 0
    refuse usage "$tmp/x.png" 120
    refuse "No such file" "$tmp/missing/x.png" 1 1 1
}

check_disk_usage()
{
    mkdir -p "$tmp/tree/a/b/c/d" "$tmp/tree/.hidden" "$tmp/tree/with space/x"
    cp -R "$source/include" "$source/examples" "$tmp/tree/a/b"
    cp "$tmp/big" "$tmp/tree/.hidden/x"
    ln -s / "$tmp/tree/a/link"
    for directory in tree tree/a/b/c/d tree/.hidden; do
        bytes=$(find "$tmp/$directory" -type f -exec cat {} + | wc -c)
        files=$(find "$tmp/$directory" -type f | wc -l)
        directories=$(find "$tmp/$directory" -type d | wc -l)
        echo $bytes bytes in $files files and $directories directories >"$tmp/expected"
        answers_for $directory
    done
    refuse "$tmp/missing: No such file" "$tmp/missing"
    refuse usage a b
}

# The same flood by hand, for the map on standard input.
flood_expected()
{
    awk '
        {rows = NR; for (c = 1; c <= length($0); c++) if (substr($0, c, 1) == " ") {
            dry[NR, c] = 1
            if (!found) {todo[n++] = NR SUBSEP c; delete dry[NR, c]; found = 1}
        }}
        END {
            while (n > 0) {
                split(todo[--n], at, SUBSEP)
                wet++
                for (k = 0; k < 4; k++) {
                    next_to = (at[1] + (k == 0) - (k == 1)) SUBSEP (at[2] + (k == 2) - (k == 3))
                    if (next_to in dry) {delete dry[next_to]; todo[n++] = next_to}
                }
            }
            print wet + 0, "cells are wet"
        }'
}

check_flood()
{
    printf '  #  \n# ## \n  #\n     ' >"$tmp/map"
    awk 'BEGIN {srand(1); for (r = 0; r < 300; r++) {
        for (c = 0; c < 200; c++) printf "%s", rand() < 0.35 ? "#" : " "
        print ""}}' >"$tmp/cave"
    awk 'BEGIN {for (r = 0; r < 100; r++) printf "%500s\n", ""}' >"$tmp/sea"
    for file in map cave sea empty blank unfinished; do
        flood_expected <"$tmp/$file" >"$tmp/expected"
        answers_for $file
        answers_from_input $file
    done
    refuse "$tmp/missing: No such file" "$tmp/missing"
    refuse "$tmp: Is a directory" "$tmp"
    refuse usage a b
}

check_run_commands()
{
    # The first command waits for the second: they must run at the same time.
    mkfifo "$tmp/fifo" || die "mkfifo"
    "$program" "read word <$tmp/fifo; echo got \$word" "echo hello >$tmp/fifo" 'exit 3' \
        'kill -9 $$' >"$tmp/out"
    status=$?
    [ $status -eq 1 ] || die "exit status $status instead of 1"
    grep -v '^== .*fifo' "$tmp/out" >"$tmp/given"
    printf '%s\n' 'got hello' '== exit 3' '== ended with 3' '== kill -9 $$' \
        '== ended with 137' >"$tmp/expected"
    same "$tmp/expected" "$tmp/given" "four commands"
    "$program" "cat $tmp/big" >"$tmp/out" || die "exit status $?"
    { printf '== cat %s\n' "$tmp/big" && cat "$tmp/big"; } >"$tmp/expected"
    same "$tmp/expected" "$tmp/out" "long output"
    set -- true true true true true true true true true true true true true true true true
    "$program" "$@" >"$tmp/out" || die "exit status $? of 16 commands"
    refuse usage
}

check_summary()
{
    with 1 "$program" 1000000 >"$tmp/want" || die "a million numbers are refused"
    awk '{ v[NR] = $NF }
         END { exit !(v[1] == 1000000 && v[2] > 0.499 && v[2] < 0.501 && v[3] > 0.2882 &&
                      v[3] < 0.2892 && v[4] >= 1e9 && v[5] < 1e9 + 1 && NR == 5) }' "$tmp/want" ||
        die "not the summary of numbers spread evenly: $(cat "$tmp/want")"
    for workers in 2 3 8; do
        with $workers "$program" 1000000 >"$tmp/out" || die "failed with $workers workers"
        same "$tmp/want" "$tmp/out" "$workers workers"
    done
    [ "$("$program" 0)" = 'numbers      0' ] || die "no numbers have more of a summary than 0"
    refuse usage
    refuse '"many"' many
    refuse '"-3"' -3
    refuse '"99999999999999999999"' 99999999999999999999
}

check_pool_options()
{
    for n in 1 2 3 8; do
        "$program" $n >"$tmp/out" || die "exit status $? with $n workers"
        grep -q "^78498 primes below 1000000 by $n workers of our pool" "$tmp/out" \
            || die "not 78498 primes by $n workers: $(cat "$tmp/out")"
        grep -q "^hooks: $((n - 1)) threads started, $((n - 1)) ended" "$tmp/out" \
            || die "not $((n - 1)) threads: $(cat "$tmp/out")"
    done
    refuse '"many"' many
    refuse '"99999"' 99999
}

check_monte_carlo()
{
    for points in 1 1000 2000000; do
        with 1 "$program" $points 7 >"$tmp/expected" || die "exit status $?"
        for n in 2 3 8; do
            with $n "$program" $points 7 >"$tmp/out" || die "exit status $?"
            same "$tmp/expected" "$tmp/out" "$n workers, $points points"
        done
    done
    # The seed is fixed, so this holds always or never.
    grep -q '^pi = 3\.14[0-9]*, give or take 0\.00116' "$tmp/out" || die "not pi: $(cat "$tmp/out")"
    "$program" 1000 8 >"$tmp/out" || die "exit status $?"
    cmp -s "$tmp/out" "$tmp/expected" && die "the seed does not matter"
    refuse '"many"' many
    refuse '"0"' 0
    refuse usage 1 2 3
}

check_search()
{
    for word in par '* ' PAR_ENOMEM 'no such words' e; do
        for file in big empty unfinished blank; do
            grep -a -n -F -m 1 -e "$word" "$tmp/$file" >"$tmp/expected"
            expected=$?
            for n in 1 2 3 8; do
                with $n "$program" "$word" "$tmp/$file" >"$tmp/out"
                [ $? -eq $expected ] || die "exit status not $expected: $word in $file"
                same "$tmp/expected" "$tmp/out" "$n workers, $word in $file"
            done
        done
    done
    printf 'one\ntwo\n' | "$program" tw >"$tmp/out" || die "standard input: exit status $?"
    [ "$(cat "$tmp/out")" = 2:two ] || die "standard input: $(cat "$tmp/out")"
    "$program" 'no such words' "$tmp/big" 0 2>"$tmp/err"
    [ $? -eq 2 ] || die "the deadline has no effect"
    grep -q 'deadline passed' "$tmp/err" || die "no word of the deadline in: $(cat "$tmp/err")"
    refuse "$tmp/missing: No such file" x "$tmp/missing"
    refuse "$tmp: Is a directory" x "$tmp"
    refuse '"soon"' x "$tmp/big" soon
    refuse usage
}

check_checksum()
{
    cat "$tmp/big" "$tmp/big" "$tmp/big" >"$tmp/long"
    for file in long big empty unfinished; do
        rm -f "$tmp"/part.*
        split -a 3 -b 65536 "$tmp/$file" "$tmp/part."
        for part in "$tmp"/part.*; do
            [ -e "$part" ] && cksum <"$part"
        done >"$tmp/expected"
        answers_for $file
        answers_from_input $file
    done
    refuse "$tmp/missing: No such file" "$tmp/missing"
    refuse "$tmp: Is a directory" "$tmp"
    refuse usage a b
}

check_lambdas()
{
    for size in 0 1 2 100000; do
        for n in 1 2 3 8; do
            with $n "$program" $size >"$tmp/out" || die "exit status $? for $size"
            [ $n -eq 1 ] && cp "$tmp/out" "$tmp/expected"
            same "$tmp/expected" "$tmp/out" "bits of the sum, $n workers, $size numbers"
        done
    done
    refuse usage -1
    refuse usage 5x
}

check_readme()
{
    for n in 1 2 3 8; do
        with $n "$program" >"$tmp/out" || die "exit status $?"
        same "$README_OUTPUT" "$tmp/out" "$n workers"
    done
}

# Every link of README.md into the tree leads to a file.
check_readme_links()
{
    grep -o '](\([^)]*\))' "$source/README.md" | sed 's/^](//;s/)$//;/^https*:/d' >"$tmp/links"
    [ "$(wc -l <"$tmp/links")" -ge 10 ] || die "found only $(cat "$tmp/links")"
    sed -n 's/^##* //p' "$source/README.md" | tr 'A-Z ' 'a-z-' | sed 's/[^a-z0-9-]//g; s/^/#/' >"$tmp/headings"
    while IFS= read -r link; do
        [ -e "$source/$link" ] || grep -qxF -e "$link" "$tmp/headings" || die "README.md links to $link, which is not there"
    done <"$tmp/links"
}

make_input
"check_${example%_[0-9]}"
