#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
# command.bats - the command line of vigil: commands, options, exit statuses.
#
# In: VIGIL_BIN, the command; BUILD_DIR, whose tests/hostile/ has the programs.

load asked

setup()
{
    P="$BUILD_DIR/tests/hostile"
    cd "$BATS_TEST_TMPDIR"
}

# The scenario that a command runs, once it is past its exec.
child_of()
{
    local child
    child=$(cat "/proc/$1/task/$1/children" 2>/dev/null)
    grep -qs vigil-child "/proc/${child%% *}/cmdline" && echo "${child%% *}"
}

last()
{
    echo "$output"
    [[ "${lines[-1]}" == $1 ]]
}

@test "help names every command and option, exit 0" {
    run vigil --help
    [ "$status" -eq 0 ]
    for word in run list graph --filter --jobs --procs --timeout --repeat \
        --seed --strict --baseline --format --output --color --quiet --verbose --memory; do
        has "$word"
    done
}

@test "help of one command has what goes with that, and no more" {
    run -0 vigil explore --help
    has 'Usage: vigil explore [OPTION...] [PATH...]'
    has '--strategy=NAME'
    has 'write the schedule that fails there'
    for word in --procs --gdb --seeds --prefix; do
        [[ "$output" != *$word* ]]
    done
    run -0 vigil replay --help
    has 'Usage: vigil replay [OPTION...] [PATH] TOKEN|FILE.sched'
    has '--gdb'
    [[ "$output" != *--save* ]]
    run -0 vigil list --help
    has '--filter=GLOB'
    [[ "$output" != *--jobs* ]]
    run -0 "$P/plain" graph --help
    has 'Usage: plain graph [OPTION...] NAME'
    [[ "$output" != *--strategy* ]]
}

@test "version is one line, exit 0" {
    run vigil --version
    [ "$status" -eq 0 ]
    [[ "$output" =~ ^vigil\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
}

@test "no command, and an unknown one, are wrong use" {
    run vigil
    one_line 2 "a command is missing: run, list"
    run vigil walk
    one_line 2 "unknown command 'walk'"
}

@test "an unknown option is named, with what was meant" {
    run vigil run --jbos 3
    one_line 2 "unknown option '--jbos': did you mean --jobs?"
    run vigil run -x
    one_line 2 "unknown option '-x'"
}

@test "each wrong value says what would be right" {
    run vigil run --jobs 0
    one_line 2 "--jobs '0' is wrong: it takes a number from 1"
    run vigil run --procs many
    one_line 2 "--procs 'many' is wrong: it takes a number from 1"
    run vigil run --repeat -3
    one_line 2 "--repeat '-3' is wrong"
    run vigil run --timeout 5
    one_line 2 "as in 250ms, 5s or 2m"
    run vigil run --seed x
    one_line 2 "--seed 'x' is wrong: it takes a whole number"
    run vigil run --memory lots
    one_line 2 "as in 512M or 2G"
    run vigil run --format xml
    one_line 2 "--format 'xml' is wrong: it takes text or json"
    run vigil run --color blue
    one_line 2 "auto, always or never"
    run vigil run --filter
    one_line 2 "--filter wants a value"
    run vigil run --quiet --verbose
    one_line 2 "do not go together"
}

@test "whatever a word has in it, the complaint about it is one line" {
    run vigil run $'/no\n\twhere\e[31m'
    one_line 2 '/no\n\twhere\x1b[31m: No such file or directory'
    run vigil run --seed $'1\n2'
    one_line 2 "--seed '1\n2' is wrong: it takes a whole number"
    run vigil $'wa\nlk'
    one_line 2 "unknown command 'wa\nlk': run, list"
    run vigil run --filter "$(printf 'x%.0s' {1..9000})"
    one_line 2 "xxx..."
    run vigil run ""
    one_line 2 "no path, name or token is empty"
}

@test "what is not there, or no scenario program, is wrong use" {
    run vigil run /nowhere/at/all
    one_line 2 "/nowhere/at/all: No such file or directory"
    run vigil run "$P/plain:nobody"
    one_line 2 "has no scenario 'nobody'"
    run vigil run /bin/true
    one_line 2 "/bin/true: not a scenario program"
    run vigil run /etc/passwd
    one_line 2 "not a scenario program"
    mkdir empty
    run vigil list empty
    one_line 2 "no scenario programs in this folder"
    run vigil run "$P/plain" --filter 'zzz*'
    one_line 2 "no scenario matches --filter 'zzz*'"
}

@test "what is no scenario program in a folder is not run" {
    mkdir folder
    printf '#!/bin/sh\ntouch %s/proof\n' "$PWD" >folder/trap
    cp /bin/true folder/true
    chmod +x folder/trap
    ln -s "$P/noisy" folder/
    run vigil list folder
    [ "$status" -eq 0 ]
    has noisy
    [ ! -e proof ]
}

@test "list shows names, expectations and what they are about" {
    run vigil list "$P/plain"
    [ "$status" -eq 0 ]
    has 'plain:leak'
    has 'leak(1)'
    has 'panic("close of")'
    has 'closes twice'
    has '(explored)'
    run "$P/plain" list
    [ "$status" -eq 0 ]
    has 'closes twice'
}

@test "list as JSON is one line a scenario" {
    run vigil list "$P/plain" --format json
    [ "$status" -eq 0 ]
    [ "${#lines[@]}" -eq 10 ]
    for line in "${lines[@]}"; do
        [[ "$line" == '{"schema":"vigil-list/1","scenario":"'*'}' ]]
    done
    has '"scenario":"leak"'
    has '"expected":"leak","expected_count":1'
}

@test "a program whose constructors print is listed all the same" {
    run vigil list "$P/noisy"
    [ "$status" -eq 0 ]
    has 'its program prints before main'
}

@test "a program that dies before main is told" {
    run vigil run "$P/stillborn"
    one_line 2 "fails when asked for its scenarios: no memory"
    [[ "$output" == *"no memory" ]]
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
    run timeout -k 5 60 bash -c '"$0" run "$1" >/dev/full' "$VIGIL_BIN" "$P/plain:clean"
    one_line 3 "cannot write standard output: No space left on device"
    run timeout -k 5 60 bash -c '"$0" list "$1" >&-' "$VIGIL_BIN" "$P/plain"
    one_line 3 "cannot write standard output: Bad file descriptor"
}

@test "nor can help or the version be lost in silence" {
    for word in --help --version; do
        run timeout -k 5 60 bash -c '"$0" "$1" >/dev/full' "$VIGIL_BIN" $word
        one_line 3 "cannot write standard output: No space left on device"
        run timeout -k 5 60 bash -c '"$0" "$1" >&-' "$VIGIL_BIN" $word
        one_line 3 "cannot write standard output: Bad file descriptor"
    done
}

# Root reads everything, but for what it may do as root.
unprivileged()
{
    if [ "$(id -u)" -eq 0 ]; then
        setpriv --bounding-set=-dac_override,-dac_read_search "$@"
    else
        "$@"
    fi
}

@test "what cannot be read in a folder is told, not passed over" {
    mkdir -p folder/shut
    ln -s "$P/plain" folder/
    chmod 0 folder/shut
    run unprivileged timeout -k 5 60 "$VIGIL_BIN" run folder
    one_line 2 "folder/shut: Permission denied"
    run unprivileged timeout -k 5 60 "$VIGIL_BIN" list folder/shut
    one_line 2 "folder/shut: Permission denied"
    rmdir folder/shut
    cp "$P/plain" folder/unread
    chmod 111 folder/unread
    run unprivileged timeout -k 5 60 "$VIGIL_BIN" run folder
    one_line 2 "folder/unread: Permission denied"
    chmod 0 folder/unread
    run unprivileged timeout -k 5 60 "$VIGIL_BIN" run folder/unread
    one_line 2 "folder/unread: Permission denied"
    run unprivileged timeout -k 5 60 "$VIGIL_BIN" list folder
    [ "$status" -eq 0 ] # no program for anybody
}

@test "closed standard descriptors do not confuse the pipes" {
    run timeout -k 5 60 bash -c '"$0" run "$1" <&-' "$VIGIL_BIN" "$P/plain:clean"
    [ "$status" -eq 0 ]
    run timeout -k 5 60 bash -c '"$0" run "$1" <&- 2>&-' "$VIGIL_BIN" "$P/plain:wrong_clean"
    [ "$status" -eq 1 ]
    has 'before the end'
}

@test "too few descriptors is exit 3" {
    run timeout -k 5 60 bash -c 'ulimit -n 8; "$0" run "$1"' "$VIGIL_BIN" "$P/plain:clean"
    one_line 3 "Too many open files"
}

@test "a stack that is too small is exit 3" {
    local sizes='20 64'
    case "$(basename "$BUILD_DIR")" in
    tsan) sizes=64 ;; # it takes more itself, before main
    esac
    for size in $sizes; do
        run timeout -k 5 60 bash -c "ulimit -s $size; exec env -i "'"$0" run "$1"' "$VIGIL_BIN" "$P/plain:clean"
        one_line 3 "the stack is limited to less than 512 KiB (ulimit -s)"
    done
}

# $1: a limit of bash's, of as much as stands behind it
limited()
{
    run --separate-stderr timeout -k 5 60 bash -c 'ulimit "$0" "$1"; shift; exec "$@"' "$@"
}

@test "too little memory is exit 3 in one line, and never a verdict" {
    [ -e "$P/poor" ] || skip "a sanitizer needs more than that itself"
    local token=gx1:abba:30a1:@2=c
    for most in $(seq 300000 9000 480000); do
        for how in "run" "explore" "explore --isolate=fork" "replay"; do
            limited -v "$most" "$VIGIL_BIN" $how "$P/explored:abba" \
                $([ "$how" = replay ] && echo $token)
            echo "$how $most: $status $stderr $output"
            [ "$status" -eq 0 ] || [ "$status" -eq 3 ]
            if [ "$status" -eq 0 ]; then
                [[ "$output" == *'deadlock    deadlock '* ]]
            else
                [ "${#stderr_lines[@]}" -eq 1 ]
                [[ "$output" != *deadlock\ *crash* ]]
            fi
        done
    done
}

@test "many jobs on few descriptors wait for each other" {
    run timeout -k 5 60 bash -c 'ulimit -n 40; "$0" run "$1" --repeat 60 --jobs 30 -q' \
        "$VIGIL_BIN" "$P/plain:clean"
    last "1 scenario, 60 runs: 1 as expected, 0 not (*)"
    [ "$status" -eq 0 ]
}

@test "graph is DOT, or the report as JSON" {
    run vigil graph "$P/plain:deadlock"
    [ "$status" -eq 0 ]
    [[ "${lines[0]}" == "digraph"* ]]
    [[ "${lines[-1]}" == "}" ]]
    run vigil graph "$P/plain:deadlock" --json
    [ "$status" -eq 0 ]
    [ "${#lines[@]}" -eq 1 ]
    [[ "$output" == '{"schema":"vigil-report/1"'* ]]
    has '"verdict":"deadlock"'
}

@test "graph wants exactly one scenario" {
    run vigil graph "$P/plain"
    one_line 2 "graph draws one scenario, these are 10: give it as PATH:NAME"
}

@test "a scenario program is complete on its own" {
    run "$P/plain" run clean
    [ "$status" -eq 0 ]
    last "1 scenario: 1 as expected, 0 not (*)"
    run "$P/plain" run wrong_clean --seed 9
    [ "$status" -eq 1 ]
    has "reproduce: $P/plain run wrong_clean --seed 9 --procs 1"
    run "$P/plain" run nobody
    [ "$status" -eq 2 ]
    has "has no scenario 'nobody'"
    run "$P/plain" explore clean
    [ "$status" -eq 0 ]
    has "complete, "
    run "$P/plain" graph deadlock
    [ "$status" -eq 0 ]
    [[ "${lines[0]}" == "digraph"* ]]
}

@test "a source maps to the program that is built from it" {
    run vigil list tests/hostile/plain.c
    [ "$status" -eq 2 ] # not there from here
    cd "$BATS_TEST_DIRNAME/.."
    run vigil list tests/hostile/plain.c
    [ "$status" -eq 0 ]
    has 'plain:clean'
    run vigil list tests/hostile/plain.c:leak
    [ "$status" -eq 0 ]
    [[ "$output" != *'plain:clean'* ]]
}

@test "an interrupt ends the runs and tells what was done" {
    "$VIGIL_BIN" run "$P/hostile:hang" --timeout 60s >out 2>&1 &
    pid=$!
    until [ -n "$(child_of "$pid")" ]; do kill -0 "$pid"; done
    child=$(child_of "$pid")
    kill -TERM "$pid"
    status=0
    wait "$pid" || status=$?
    [ "$status" -eq 143 ]
    cat out
    grep -q 'interrupted: 0 of 1 runs done' out
    [ ! -e "/proc/$child" ]
}

# interrupted WORD...: that command, by SIGTERM when it has a child.
interrupted()
{
    "$VIGIL_BIN" "$@" >out 2>&1 &
    pid=$!
    until [ -n "$(child_of "$pid")" ]; do kill -0 "$pid"; done
    kill -TERM "$pid"
    status=0
    wait "$pid" || status=$?
    cat out
    [ "$status" -eq 143 ]
    grep -q ': interrupted' out
}

@test "a graph and a score that are interrupted die of the signal too" {
    interrupted graph "$P/hostile:hang" --timeout 60s
    interrupted score --seeds 10000 "$SCENARIO_DIR/kernels"
}

@test "a wrong setting in VIGIL is told once, before any run" {
    VIGIL=proks=3 run vigil run "$P/plain"
    echo "status $status: $output"
    [ "$status" -eq 2 ]
    [ "${#lines[@]}" -eq 1 ]
    [[ "${lines[0]}" == *"proks"* ]]
}

@test "under a filter that refuses newer calls by EPERM all is as usual" {
    run "$P/filtered" run
    last '5 scenarios: 5 as expected, 0 not*'
    [ "$status" -eq 0 ]
    run "$P/filtered" explore order
    last '1 scenario: 1 as expected, 0 not*'
    [ "$status" -eq 0 ]
}

@test "where no advice on memory is taken verdicts stay what they are" {
    run "$P/refuses" run
    last '2 scenarios: 2 as expected, 0 not*'
    [ "$status" -eq 0 ]
}

@test "what runs under one limit of addresses runs under every higher one" {
    local mib ran=
    for mib in $(seq 100 50 3000) 100000 170000; do
        run prlimit --as=$((mib << 20)) "$P/plain" run leak
        [ -z "$ran" ] || echo "$mib MiB: status $status: $output"
        [ -z "$ran" ] || [ "$status" -eq 0 ]
        [ "$status" -ne 0 ] || ran=yes
    done
    [ -n "$ran" ]
}

@test "who began vigil with SIGCHLD ignored gets the verdicts as well" {
    local one="$SCENARIO_DIR/deadlock/chan_full_self"
    run bash -c "trap '' CHLD; exec '$VIGIL_BIN' run '$one'"
    last '1 scenario: 1 as expected, 0 not*'
    [ "$status" -eq 0 ]
    run bash -c "trap '' CHLD; exec '$one' explore"
    last '1 scenario: 1 as expected, 0 not*'
    [ "$status" -eq 0 ]
}
