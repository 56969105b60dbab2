#!/usr/bin/env bats
# bench.bats - the benchmarks' judges: medians, targets, comparisons.

bats_require_minimum_version 1.5.0

setup()
{
    ROOT="$BATS_TEST_DIRNAME/.."
    BUILD="$BATS_TEST_TMPDIR/build"
    mkdir -p "$BUILD/bench" "$BATS_TEST_TMPDIR/bin"
    # Work that takes what it is told; no go: its column is empty.
    cat >"$BUILD/bench/work" <<'END'
#!/bin/sh
n=$(($(cat "$COUNT" 2>/dev/null || echo 0) + 1))
echo $n >"$COUNT"
sed -n "${n}p" "$VALUES"
END
    chmod +x "$BUILD/bench/work"
    export COUNT="$BATS_TEST_TMPDIR/count" VALUES="$BATS_TEST_TMPDIR/values"
    for tool in bash sh sed awk cat mktemp rm nproc head date timeout env jq \
        basename dirname cut; do
        ln -s "$(command -v $tool)" "$BATS_TEST_TMPDIR/bin/$tool"
    done
    WITHOUT_GO="$BATS_TEST_TMPDIR/bin"
}

bench()
{
    PATH="$WITHOUT_GO" "$ROOT/scripts/bench" -b "$BUILD" "$@"
}

# The order of runs: on and off with one worker, then both with two.
@test "bench: the median counts, and meets its target or does not" {
    printf '%s\n' 1 9 30 9 2 9 40 9 12 9 50 9 >"$VALUES"
    run -0 bench -r 3 -o "$BATS_TEST_TMPDIR/a" spawn
    [[ "${lines[2]}" =~ 1\ +2\.0\ +1\.0-12\.0\ +9\.0.*25\.0\ +ok$ ]]
    [[ "${lines[3]}" =~ 2\ +40\.0\ +30\.0-50\.0\ +9\.0.*45\.0\ +ok$ ]]
    [ "${lines[4]}" = "2 targets, 0 missed" ]
    echo 26 >"$VALUES"
    printf '%s\n' 9 46 9 >>"$VALUES"
    rm "$COUNT"
    run -0 bench -r 1 spawn
    [ "${lines[4]}" = "2 targets, 2 missed" ]
}

@test "bench: a row that is none, and a build that is none, are named" {
    run -2 bench sawn
    [[ "$output" == *"no row sawn"*"spawn"* ]]
    run -2 "$ROOT/scripts/bench" -b "$BATS_TEST_TMPDIR/nowhere"
    [[ "$output" == *"nowhere/bench/work"* ]]
    run -2 bench -r 0
    [[ "$output" == *"-r 0"* ]]
}

@test "bench-compare: the ratio of two, row by row" {
    printf '%s\n' 10 9 30 9 >"$VALUES"
    bench -r 1 -o "$BATS_TEST_TMPDIR/a" spawn
    printf '%s\n' 5 9 30 9 >"$VALUES"
    rm "$COUNT"
    bench -r 1 -o "$BATS_TEST_TMPDIR/b" spawn
    run -0 "$ROOT/scripts/bench-compare" "$BATS_TEST_TMPDIR/a" "$BATS_TEST_TMPDIR/b"
    [[ "${lines[1]}" =~ ^spawn\ +1\ +10\.00\ +5\.00\ +0\.50\ *$ ]]
    [[ "${lines[2]}" =~ ^spawn\ +2\ +30\.00\ +30\.00\ +1\.00\ +same$ ]]
    run -2 "$ROOT/scripts/bench-compare" "$BATS_TEST_TMPDIR/a" "$VALUES.none"
    [[ "$output" == *"values.none"* ]]
}

# With a runtime that notes nothing in the folder beside, a run more of each.
@test "bench: what records take is told, where there is a build without" {
    mkdir -p "$BATS_TEST_TMPDIR/bare/bench"
    cp "$BUILD/bench/work" "$BATS_TEST_TMPDIR/bare/bench"
    printf '%s\n' 10 9 7 30 9 10.5 >"$VALUES"
    run -0 bench -r 1 -o "$BATS_TEST_TMPDIR/a" spawn
    [[ "${lines[1]}" == *" looks records "* ]]
    [[ "${lines[2]}" =~ \ 9\.0\ .*\ \+2\.0\ .*ok$ ]]
    [[ "${lines[3]}" =~ \ 9\.0\ .*\ -1\.5\ .*ok$ ]]
    run -0 jq .records "$BATS_TEST_TMPDIR/a"
    [ "$output" = $'2\n-1.5' ]
}
