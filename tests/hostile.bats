#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
# hostile.bats - scenarios that attack the harness: it says what happened, and
# goes on.
#
# In: VIGIL_BIN, the command; BUILD_DIR, whose tests/hostile/ has the programs.
# Every scenario here runs together with one that behaves, which must not
# notice.

load asked

# Under a name of this test's own: others may run the same program beside it.
setup()
{
    P="$BUILD_DIR/tests/hostile"
    H="$BATS_TEST_TMPDIR/hostile"
    ln -s "$P/hostile" "$H"
    cd "$BATS_TEST_TMPDIR"
}

# attack NAME [OPTION...]: runs it beside plain:clean; exit 1, one as expected.
attack()
{
    run timeout -k 5 900 "$VIGIL_BIN" run "$H:$1" "$P/plain:clean" \
        --jobs 1 "${@:2}"
    echo "$output"
    [ "$status" -eq 1 ]
    [[ "${lines[-1]}" == "2 scenarios: 1 as expected, 1 not ("* ]]
    [[ "$output" == *"run $H:$1 --seed"* ]]
}

says()
{
    [[ "$output" == *"$1"* ]]
}

# No process of a hostile program is left.
nobody_left()
{
    ! grep -ls "^$H" /proc/[0-9]*/cmdline
}

@test "a crash is told with its signal, and what was printed before" {
    attack segfault
    says 'expected clean, got crash'
    says 'SIGSEGV'
    says 'last words'
    attack abort_itself
    says 'SIGABRT'
}

@test "leaving before the verdict is a crash, whatever the status" {
    attack exit_early
    says 'ended with exit status 0 before its verdict'
    attack exit_seven
    says 'ended with exit status 7 before its verdict'
}

@test "a run out of time tells who waited long, and for whom" {
    attack keep_the_lock
    says 'got timeout'
    says 'SLOW: 1 goroutine waits long, and may still be woken'
    says 'held by goroutine 1 ('
    says 'Nobody is proven stuck.'
    run timeout -k 5 900 "$H" run keep_the_lock --format json
    jq -e '.verdict == "timeout" and .findings[0].verdict == "slow" and
        .findings[0].goroutines[0].certificate[0].goroutine == 1' \
        <<<"${lines[0]}"
}

@test "who quits is no clean run, though it has reported" {
    attack quit_itself
    says 'ended with exit status 2 after its verdict'
}

@test "what happens at exit counts too" {
    attack crash_at_exit
    says 'killed by SIGBUS (Bus error) after its verdict, which was clean'
    attack status_at_exit
    says 'ended with exit status 23 after its verdict, which was clean'
}

@test "a hang that ignores signals is ended after its time" {
    attack hang
    says 'expected clean, got timeout'
    says 'no verdict within 1.00 s: ended'
    says 'about to hang'
    nobody_left
}

@test "--timeout goes before the scenario's own" {
    run timeout -k 5 900 "$VIGIL_BIN" run "$H:hang" --timeout 50ms
    echo "$output"
    [ "$status" -eq 1 ]
    says 'no verdict within 50.0 ms: ended'
}

@test "processes that it started die with it, whatever they ignore" {
    attack fork_and_hang
    says 'got timeout'
    says 'left behind, ended'
    nobody_left
}

@test "a daemon that was left behind is ended, and told" {
    run timeout -k 5 900 "$VIGIL_BIN" run "$H:leave_a_daemon" \
        --format json
    echo "$output"
    [[ "${lines[0]}" == *'"note":"1 process left behind, ended"'* ]]
    nobody_left
}

@test "computing for ever is a time-out" {
    attack spin
    says 'got timeout'
}

@test "stopping itself is a time-out" {
    attack stop_itself
    says 'got timeout'
    nobody_left
}

@test "eating memory ends at the limit" {
    attack eat_memory --memory 200M
    says 'kept more than 200.0 MiB in memory (--memory): ended'
}

@test "eating descriptors hurts nobody else" {
    run timeout -k 5 900 "$VIGIL_BIN" run "$H:eat_descriptors" \
        "$P/plain:clean" --jobs 1
    echo "$output"
    [[ "$output" == *"plain:clean"*"ok"* ]]
    [[ "${lines[-1]}" == "2 scenarios: "* ]]
}

@test "who closes every descriptor does not touch the report, nor the poller" {
    [ -e "$P/closes" ] || skip "a sanitizer has these names"
    run timeout -k 5 900 "$VIGIL_BIN" run "$P/closes" --filter 'by_*'
    echo "$output"
    [ "$status" -eq 0 ]
    says '6 scenarios: 6 as expected'
    run timeout -k 5 900 "$VIGIL_BIN" explore "$P/closes" --filter 'by_*' \
        --schedules 100
    echo "$output"
    [ "$status" -eq 0 ]
    says '6 scenarios: 6 as expected'
}

@test "nor by what a look copies, or is drawn" {
    [ -e "$P/closes" ] || skip "a sanitizer has these names"
    run timeout -k 5 900 "$VIGIL_BIN" graph "$P/closes:by_closefrom"
    [ "$status" -eq 0 ]
    says 'digraph'
}

@test "who closes them behind the C library's back is told so" {
    [ -e "$P/closes" ] || skip "a sanitizer has these names"
    for how in in_the_end in_midst; do
        run timeout -k 5 900 "$VIGIL_BIN" run "$P/closes:behind_$how" \
            "$P/plain:clean" --jobs 1
        echo "$output"
        [ "$status" -eq 3 ]
        says "vigil itself failed: the scenario has closed descriptors of vigil's"
        [[ "$output" == *"plain:clean"*"ok"* ]]
    done
}

@test "closing standard descriptors does not touch the report" {
    run timeout -k 5 900 "$VIGIL_BIN" run "$H:close_stderr"
    echo "$output"
    [ "$status" -eq 0 ]
}

@test "megabytes of output are cut to head and tail" {
    attack print_megabytes
    says 'the head of it'
    says 'the tail of it'
    says 'bytes more, --verbose shows them'
    [ "${#output}" -lt 60000 ]
}

@test "megabytes of output are bounded in JSON, too" {
    run timeout -k 5 900 "$VIGIL_BIN" run "$H:print_megabytes" \
        --format json
    [ "${#lines[@]}" -eq 2 ]
    [ "${#lines[0]}" -lt 1000000 ]
    says 'the head of it'
    says 'bytes cut ...]'
    says 'the tail of it'
}

@test "binary output is shown harmlessly" {
    attack print_binary
    [[ "$output" != *$'\033'* ]]
    says '\x1b[31mred'
    run timeout -k 5 900 "$VIGIL_BIN" run "$H:print_binary" \
        --format json
    says '"output":"\u001B[31mred \uFFFD\uFFFD \b\u0007"'
}

@test "a full disk is the scenario's own trouble" {
    attack no_files
    says 'the disk is full'
    says 'SIGXFSZ'
}

@test "a smashed stack is a crash" {
    attack smash_the_stack
    says 'got crash'
}

@test "killing its own group hits nobody else" {
    attack kill_its_group
    says 'killed by SIGKILL'
}

@test "all of them at once, and again" {
    run timeout -k 5 900 "$VIGIL_BIN" run "$H" "$P/plain:clean" \
        --jobs 8 --repeat 2 --memory 200M --quiet
    echo "${lines[-1]}"
    [ "$status" -eq 1 ]
    [[ "${lines[-1]}" =~ ^([0-9]+)\ scenarios,\ ([0-9]+)\ runs: ]]
    [ "${BASH_REMATCH[2]}" -eq $((2 * BASH_REMATCH[1])) ]
    nobody_left
}

@test "without memory for a verdict there is none" {
    [ -e "$P/poor" ] || skip "a sanitizer needs more than that itself"
    run timeout -k 5 900 "$VIGIL_BIN" run "$P/poor"
    echo "$output"
    [ "$status" -eq 3 ]
    says 'no_memory  clean       undecided'
    says 'vigil itself failed: no memory for the report'
    says 'expected clean, got panic'
    says 'panic: the last word'
}

@test "a report that may not be so long is an error of writing, told" {
    run bash -c 'ulimit -f 1; "$0" run "$1" --verbose --output out' \
        "$VIGIL_BIN" "$P/plain"
    echo "$output"
    [ "$status" -eq 3 ]
    says 'cannot write out: File too large'
}
