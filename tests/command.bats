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
