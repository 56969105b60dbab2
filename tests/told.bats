#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
# told.bats - what is told of runs, how, and where; the exit status.
#
# In: VIGIL_BIN, the command; BUILD_DIR, whose tests/hostile/ has the programs.

load asked

setup()
{
    P="$BUILD_DIR/tests/hostile"
    cd "$BATS_TEST_TMPDIR"
}

@test "all as expected is exit 0, and the totals come last" {
    run vigil run "$P/plain:clean" "$P/plain:deadlock" "$P/plain:leak" \
        "$P/plain:panic"
    last "4 scenarios: 4 as expected, 0 not (*)"
    [ "$status" -eq 0 ]
    has 'plain:deadlock'
}

@test "not as expected is exit 1, in either direction" {
    run vigil run "$P/plain:wrong_clean"
    [ "$status" -eq 1 ]
    has 'expected clean, got deadlock'
    last "1 scenario: 0 as expected, 1 not (*)"
    run vigil run "$P/plain:wrong_deadlock"
    [ "$status" -eq 1 ]
    has 'expected deadlock, got clean'
    run vigil run "$P/plain:wrong_count"
    [ "$status" -eq 1 ]
    has 'expected leak(2), got leak(1)'
    run vigil run "$P/plain:wrong_text"
    [ "$status" -eq 1 ]
    has 'expected panic("send on"), got panic: close of closed channel'
}

@test "a failure shows output, report, and a command that reproduces it" {
    run vigil run "$P/plain:wrong_clean" --seed 42 --procs 2
    [ "$status" -eq 1 ]
    has '      before the end'
    has 'all goroutines are asleep - deadlock!'
    has "run $P/plain:wrong_clean --seed 42 --procs 2"
    command=$(sed -n 's/^ *reproduce: //p' <<<"$output")
    run bash -c "$command"
    [ "$status" -eq 1 ]
    has 'expected clean, got deadlock'
}

@test "an exploration that comes to no end decides nothing" {
    run vigil run "$P/plain:undecided"
    [ "$status" -eq 0 ]
    has 'undecided (needs exploration)'
    last "1 scenario: 0 as expected, 0 not, 1 undecided (need exploration) (*)"
    run vigil run "$P/plain:undecided" --strict
    [ "$status" -eq 1 ]
}

@test "repeat says how many were as expected" {
    run vigil run "$P/plain:sometimes" --repeat 40 --seed 1
    [ "$status" -eq 1 ]
    [[ "$output" =~ FAIL\ \ ([0-9]+)\ of\ 40 ]]
    [ "${BASH_REMATCH[1]}" -gt 0 ]
    [ "${BASH_REMATCH[1]}" -lt 40 ]
    last "1 scenario, 40 runs: 0 as expected, 1 not (*)"
}

@test "the seed of a repetition that failed fails again" {
    run vigil run "$P/plain:sometimes" --repeat 40 --seed 1
    command=$(sed -n 's/^ *reproduce: //p' <<<"$output")
    for _ in 1 2 3; do
        run bash -c "$command"
        [ "$status" -eq 1 ]
        has 'the coin fell'
    done
}

@test "quiet prints only what is not as expected, and the totals" {
    run vigil run "$P/plain:clean" --quiet
    [ "$status" -eq 0 ]
    [ "${#lines[@]}" -eq 1 ]
    last "1 scenario: 1 as expected, 0 not (*)"
    run vigil run "$P/plain" --filter '*clean' --quiet
    [ "$status" -eq 1 ]
    has 'plain:wrong_clean'
    [[ "$output" != *'plain:clean'* ]]
}

@test "verbose shows output and report of what is fine, too" {
    run vigil run "$P/plain:clean" --verbose
    [ "$status" -eq 0 ]
    has 'said on standard output'
    has 'said on standard error'
    run vigil run "$P/plain:deadlock" --verbose
    has 'all goroutines are asleep - deadlock!'
}

@test "color is off in a log, and on when asked for" {
    run vigil run "$P/plain:clean"
    [[ "$output" != *$'\033'* ]]
    run vigil run "$P/plain:clean" --color always
    [[ "$output" == *$'\033[32mok'* ]]
}

@test "JSON is one object a run, and a summary" {
    vigil run "$P/plain:clean" "$P/plain:deadlock" "$P/plain:leak" \
        "$P/plain:panic" --format json >out
    [ "$(wc -l <out)" -eq 5 ]
    [ "$(grep -c '^{"schema":"vigil-report/1",.*}$' out)" -eq 4 ]
    tail -1 out | grep -q '^{"schema":"vigil-summary/1","scenarios":4,"as_expected":4,"not_expected":0,'
    for field in scenario path verdict expected as_expected seed procs \
        clock_ns wall_ns findings detector replay output; do
        [ "$(grep -c "\"$field\":" out)" -ge 4 ]
    done
    grep '"scenario":"leak"' out | grep '"verdict":"leak"' |
        grep '"expected_count":1' | grep -q '"goroutines":\[{"id":'
    grep '"scenario":"clean"' out |
        grep -q '"output":"said on standard output\\nsaid on standard error\\n"'
}

@test "output goes to a file, and its totals to standard error" {
    run --separate-stderr vigil run "$P/plain:clean" --output result
    [ "$status" -eq 0 ]
    [ -z "$output" ]
    [[ "$stderr" == "1 scenario: 1 as expected, 0 not"* ]]
    tail -1 result | grep -q '^1 scenario: 1 as expected'
}

@test "an output that cannot be written is exit 3" {
    run vigil run "$P/plain:clean" --output /dev/full --quiet
    one_line 3 "cannot write /dev/full: No space left on device"
    run vigil run "$P/plain:clean" --output /nowhere/at/all
    one_line 3 "cannot write /nowhere/at/all: No such file or directory"
    run timeout -k 5 900 bash -c '"$0" run "$1" >/dev/full' "$VIGIL_BIN" "$P/plain:clean"
    one_line 3 "cannot write standard output: No space left on device"
    run timeout -k 5 900 bash -c '"$0" list "$1" >&-' "$VIGIL_BIN" "$P/plain"
    one_line 3 "cannot write standard output: Bad file descriptor"
}

@test "nor can help or the version be lost in silence" {
    for word in --help --version; do
        run timeout -k 5 900 bash -c '"$0" "$1" >/dev/full' "$VIGIL_BIN" $word
        one_line 3 "cannot write standard output: No space left on device"
        run timeout -k 5 900 bash -c '"$0" "$1" >&-' "$VIGIL_BIN" $word
        one_line 3 "cannot write standard output: Bad file descriptor"
    done
}
