#!/usr/bin/env bats
# bench.bats - the benchmarks' judges: medians, targets, comparisons.

bats_require_minimum_version 1.5.0

setup()
{
    ROOT="$BATS_TEST_DIRNAME/.."
    BUILD="$BATS_TEST_TMPDIR/build"
    mkdir -p "$BUILD/bench" "$BATS_TEST_TMPDIR/bin"
    # Work that takes what it is told; no go: its column is empty. Pairs come
    # from a file of their own, as does the line of the cache.
    cat >"$BUILD/bench/work" <<'END'
#!/bin/sh
case $1 in
-p) echo "$*" >>"$PAIRS.asked"; exec cat "$PAIRS" ;;
line)
    echo 65
    exit
    ;;
esac
n=$(($(cat "$COUNT" 2>/dev/null || echo 0) + 1))
echo $n >"$COUNT"
sed -n "${n}p" "$VALUES"
END
    chmod +x "$BUILD/bench/work"
    export COUNT="$BATS_TEST_TMPDIR/count" VALUES="$BATS_TEST_TMPDIR/values"
    export PAIRS="$BATS_TEST_TMPDIR/pairs"
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

# In each round one run with one worker, then with two.
@test "bench: the median counts, and meets its target or does not" {
    printf '%s\n' 1 30 2 40 12 50 >"$VALUES"
    run -0 bench -r 3 -p 0 spawn
    [[ "${lines[1]}" == "a line of the cache there and back: 65.0 ns"* ]]
    [[ "${lines[3]}" =~ 1\ +2\.0\ +1\.0-12\.0\ .*25\.0\ +ok\  ]]
    [[ "${lines[4]}" =~ 2\ +40\.0\ +30\.0-50\.0\ .*45\.0\ +ok\  ]]
    [ "${lines[-1]}" = "2 targets, 0 missed" ]
    printf '%s\n' 26 46 >"$VALUES"
    rm "$COUNT"
    run -0 bench -r 1 -p 0 spawn
    [ "${lines[-1]}" = "2 targets, 2 missed" ]
}

# with OUT_OF_100...: pairs whose ratio is so much.
with()
{
    printf 'pair %s 100\n' "$@"
    printf '%s\n' "still 0.5" "monitor 1.2" "copies 0.25" "tick 0.9"
}

looks()
{
    rm -f "$COUNT"
    printf '%s\n' 10 30 >"$VALUES"
    run -0 bench -r 1 -p 10 -o "$BATS_TEST_TMPDIR/a" spawn
}

@test "bench: looks cost what most pairs say, if these agree" {
    with 101 102 101 102 101 102 101 102 101 200 >"$PAIRS"
    looks
    [[ "${lines[3]}" =~ \+1\.5\ \(\+1\.0\.\.\+2\.0\)\ +ok\ +1\.6\  ]]
    [[ "$output" == *"looks, at most 3 %: 2 ok, 0 open, 0 missed; counted: 2 ok, 0 missed"* ]]
    with 105 104 105 104 105 104 105 104 105 20 >"$PAIRS"
    looks
    [[ "${lines[3]}" =~ \+4\.5\ \(\+4\.0\.\.\+5\.0\)\ +misses\  ]]
    with 101 102 101 102 101 105 105 105 105 105 >"$PAIRS"
    looks
    [[ "${lines[3]}" =~ \+3\.5\ \(\+1\.0\.\.\+5\.0\)\ +open\  ]]
    run -0 jq -c '[.looks, .looks_low, .looks_high, .still, .monitor, .copies, .tick]' "$BATS_TEST_TMPDIR/a"
    [ "${lines[0]}" = "[3.5,1,5,0.5,1.2,0.25,0.9]" ]
}

# Where a look is rare a stretch is long, and at least three are compared.
@test "bench: a stretch is as long as looks are apart" {
    with 100 >"$PAIRS"
    printf '%s\n' 10 30 10 30 >"$VALUES"
    bench -r 1 -p 80 spawn parked_1e5
    run -0 cat "$PAIRS.asked"
    [ "${lines[0]}" = "-p 80 -s 100 spawn" ]
    [ "${lines[2]}" = "-p 4 -s 2000 parked 100000" ]
    printf '%s\n' 10 30 >"$VALUES"
    rm "$COUNT" "$PAIRS.asked"
    bench -r 1 -p 40 parked_1e5
    run -0 cat "$PAIRS.asked"
    [ "${lines[0]}" = "-p 3 -s 2000 parked 100000" ]
}

@test "bench: a row that is none, and a build that is none, are named" {
    run -2 bench sawn
    [[ "$output" == *"no row sawn"*"spawn"* ]]
    run -2 "$ROOT/scripts/bench" -b "$BATS_TEST_TMPDIR/nowhere"
    [[ "$output" == *"nowhere/bench/work"* ]]
    run -2 bench -r 0
    [[ "$output" == *"-r 0"* ]]
    run -2 bench -p some
    [[ "$output" == *"-p some"* ]]
}

@test "bench-compare: the ratio of two, row by row" {
    printf '%s\n' 10 30 >"$VALUES"
    bench -r 1 -p 0 -o "$BATS_TEST_TMPDIR/a" spawn
    printf '%s\n' 5 30 >"$VALUES"
    rm "$COUNT"
    bench -r 1 -p 0 -o "$BATS_TEST_TMPDIR/b" spawn
    run -0 "$ROOT/scripts/bench-compare" "$BATS_TEST_TMPDIR/a" "$BATS_TEST_TMPDIR/b"
    [[ "${lines[1]}" =~ ^spawn\ +1\ +10\.00\ +5\.00\ +0\.50\ *$ ]]
    [[ "${lines[2]}" =~ ^spawn\ +2\ +30\.00\ +30\.00\ +1\.00\ +same$ ]]
    run -2 "$ROOT/scripts/bench-compare" "$BATS_TEST_TMPDIR/a" "$VALUES.none"
    [[ "$output" == *"values.none"* ]]
}

# With a runtime that notes nothing in the folder beside: after each run with
# looks one without, two that note nothing, and one more. A spawn and join are
# three operations.
@test "bench: what records take is told, where there is a build without" {
    mkdir -p "$BATS_TEST_TMPDIR/bare/bench"
    cp "$BUILD/bench/work" "$BATS_TEST_TMPDIR/bare/bench"
    printf '%s\n' 10 9 6 6 12 30 9 10.5 10.5 9 >"$VALUES"
    run -0 bench -r 1 -p 0 -o "$BATS_TEST_TMPDIR/a" spawn
    [[ "${lines[3]}" =~ \ \+1\.5\ \(\+1\.0\.\.\+2\.0\)\ +open$ ]]
    [[ "${lines[4]}" =~ \ -0\.5\ \(-0\.5\.\.-0\.5\)\ +ok$ ]]
    [[ "$output" == *"records, at most 1.2 ns: 1 ok, 1 open, 0 missed"* ]]
    run -0 jq -c '[.records, .records_low, .records_high]' "$BATS_TEST_TMPDIR/a"
    [ "$output" = $'[1.5,1,2]\n[-0.5,-0.5,-0.5]' ]
}
