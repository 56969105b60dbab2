#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
# golden.bats - reports, word for word, as tests/golden/ keeps them.
#
# In: BUILD_DIR, with the libraries. A report that is meant to be another one:
# scripts/golden --regold, and read what has changed.

golden()
{
    run -0 "$BATS_TEST_DIRNAME/../scripts/golden" "$1"
}

@test "a ring: two locks, two orders" {
    golden ring
}

@test "a knot: everybody waits for somebody to begin" {
    golden knot
}

@test "an orphan: who had the other end let go of it" {
    golden orphan
}

@test "abandoned: its owner ended with the lock held" {
    golden abandoned
}

@test "left over: alive, it waits for a timer" {
    golden leftover
}

@test "left over behind a lock: who holds it, and who has only asked" {
    golden behind
}

@test "external: alive, it waits for the world outside" {
    golden external
}

@test "proven while the rest runs, with holders and who created whom" {
    golden running
}

@test "a global has the other end, which nobody alive can use" {
    golden global
}

@test "who would go on to what a global holds has not lost it" {
    golden by_global
}

@test "who may have it through another's stack is not denied" {
    golden borrowed
}

@test "whoever shares a struct on main's stack may count down" {
    golden shop
}

@test "a wait group's ledger, and a line of creators" {
    golden ledger
}

@test "an explored ring of locks" {
    golden abba
}

@test "an explored select" {
    golden select_race
}

@test "a report that differs is told, with the difference" {
    cp -r "$BATS_TEST_DIRNAME/../"{scripts,runtime,harness} "$BATS_TEST_TMPDIR"
    mkdir -p "$BATS_TEST_TMPDIR/tests"
    cp -r "$BATS_TEST_DIRNAME/golden" "$BATS_TEST_TMPDIR/tests"
    sed -i 's/held by/kept by/' "$BATS_TEST_TMPDIR/tests/golden/abandoned.txt"
    run -1 "$BATS_TEST_TMPDIR/scripts/golden" abandoned
    [[ "$output" == *"+"*"held by goroutine 2"* ]]
}

@test "each program has its reports, and its test here" {
    for source in "$BATS_TEST_DIRNAME"/golden/*.c; do
        name=$(basename "$source" .c)
        [ -s "${source%.c}.txt" ]
        [ -s "${source%.c}.json" ]
        grep -q "golden $name\$" "$BATS_TEST_DIRNAME/golden.bats"
    done
}

# Without its times: one of the clocks is real.
masked()
{
    sed 's/[0-9][0-9.]*\(s\|ms\|us\)\>/(time)/g' "$1"
}

# Programs and reports, but for the replay and the blocks behind it.
@test "the guide in the README quotes them to the letter" {
    readme=$(masked "$BATS_TEST_DIRNAME/../README.md")
    for name in ring knot orphan abandoned leftover external running; do
        echo "$name"
        source=$(<"$BATS_TEST_DIRNAME/golden/$name.c")
        report=$(masked "$BATS_TEST_DIRNAME/golden/$name.txt" |
            sed '/^replay:/,$d; s/^./    &/')
        [[ "$readme" == *"$report"* ]]
        [ "$name" = running ] || [[ "$readme" == *"$source"* ]]
    done
}

@test "and what was explored, with its token and its table" {
    readme=$(<"$BATS_TEST_DIRNAME/../README.md")
    for name in abba select_race; do
        echo "$name"
        source=$(<"$BATS_TEST_DIRNAME/golden/$name.c")
        report=$(sed '/^replay:/q; s/^./    &/' "$BATS_TEST_DIRNAME/golden/$name.txt" |
            sed 's/^replay:/    &/')
        table=$(sed -n '/^found at/,$p' "$BATS_TEST_DIRNAME/golden/$name.txt" |
            sed 's/^./    &/')
        [[ "$readme" == *"$source"* ]]
        [[ "$readme" == *"$report"* ]]
        [[ "$readme" == *"$table"* ]]
    done
}
