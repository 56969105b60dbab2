#!/usr/bin/env bats
# soak.bats - a short soak has nothing to tell, and finds each planted fault.

bats_require_minimum_version 1.5.0

soak()
{
    TMPDIR=$BATS_TEST_TMPDIR "$BATS_TEST_DIRNAME/../scripts/soak" \
        -b "$BUILD_DIR" -t 4 -r 3000 "$@"
}

@test "soak: work without a fault: nothing is told" {
    run -0 soak
    [[ "${lines[-1]}" = "nothing was told, lost or kept" ]]
    [ -z "$(ls -A "$BATS_TEST_TMPDIR")" ]
}

@test "soak: a goroutine that nobody can wake is told by a look" {
    run -1 soak -f leak
    [[ "$output" =~ "LEAK, proven: 1 goroutine waits" ]]
    grep -q "LEAK, proven: 1 goroutine waits" "${output##*all that was told: }"
}

@test "soak: who is not woken is told with all who wait" {
    run -1 soak -f stall
    [[ "$output" =~ "a lost wake-up" ]]
    [[ "$output" =~ "SIGQUIT" ]]
}

@test "soak: a wrong result is told" {
    run -1 soak -f sum
    [[ "$output" =~ "1 wrong" ]]
}

@test "soak: memory that is kept is told" {
    run -1 soak -f grow -t 6
    [[ "$output" =~ "memory grew" ]]
}

@test "soak: wrong options say what would be right" {
    run -2 soak -t 0
    [[ "$output" = "soak: -t 0: a number, from 1" ]]
    run -2 soak -f fire
    [[ "$output" = "soak: -f fire: leak, stall, sum or grow" ]]
    run -2 "$BATS_TEST_DIRNAME/../scripts/soak" -b /nowhere
    [[ "$output" = "soak: no /nowhere/soak: run make soak" ]]
}
