#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
# scarce.bats - where vigil is refused something: rights, descriptors, memory,
# calls of the kernel.
#
# In: VIGIL_BIN, the command; BUILD_DIR, whose tests/hostile/ has the programs.

load asked

setup()
{
    P="$BUILD_DIR/tests/hostile"
    cd "$BATS_TEST_TMPDIR"
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
    run unprivileged timeout -k 5 900 "$VIGIL_BIN" run folder
    one_line 2 "folder/shut: Permission denied"
    run unprivileged timeout -k 5 900 "$VIGIL_BIN" list folder/shut
    one_line 2 "folder/shut: Permission denied"
    rmdir folder/shut
    cp "$P/plain" folder/unread
    chmod 111 folder/unread
    run unprivileged timeout -k 5 900 "$VIGIL_BIN" run folder
    one_line 2 "folder/unread: Permission denied"
    chmod 0 folder/unread
    run unprivileged timeout -k 5 900 "$VIGIL_BIN" run folder/unread
    one_line 2 "folder/unread: Permission denied"
    run unprivileged timeout -k 5 900 "$VIGIL_BIN" list folder
    [ "$status" -eq 0 ] # no program for anybody
}

@test "closed standard descriptors do not confuse the pipes" {
    run timeout -k 5 900 bash -c '"$0" run "$1" <&-' "$VIGIL_BIN" "$P/plain:clean"
    [ "$status" -eq 0 ]
    run timeout -k 5 900 bash -c '"$0" run "$1" <&- 2>&-' "$VIGIL_BIN" "$P/plain:wrong_clean"
    [ "$status" -eq 1 ]
    has 'before the end'
}

@test "too few descriptors is exit 3" {
    run timeout -k 5 900 bash -c 'ulimit -n 8; "$0" run "$1"' "$VIGIL_BIN" "$P/plain:clean"
    one_line 3 "Too many open files"
}

@test "a stack that is too small is exit 3" {
    local sizes='20 64'
    case "$(basename "$BUILD_DIR")" in
    tsan) sizes=64 ;; # it takes more itself, before main
    esac
    for size in $sizes; do
        run timeout -k 5 900 bash -c "ulimit -s $size; exec env -i "'"$0" run "$1"' "$VIGIL_BIN" "$P/plain:clean"
        one_line 3 "the stack is limited to less than 512 KiB (ulimit -s)"
    done
}

# $1: a limit of bash's, of as much as stands behind it
limited()
{
    run --separate-stderr timeout -k 5 900 bash -c 'ulimit "$0" "$1"; shift; exec "$@"' "$@"
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
    run timeout -k 5 900 bash -c 'ulimit -n 40; "$0" run "$1" --repeat 60 --jobs 30 -q' \
        "$VIGIL_BIN" "$P/plain:clean"
    last "1 scenario, 60 runs: 1 as expected, 0 not (*)"
    [ "$status" -eq 0 ]
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
