#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
# foreign.bats - what is in no encoding, who holds scenarios and does not tell
# them, and a machine without /proc or /dev: nothing is passed over in silence.
#
# In: VIGIL_BIN, the command; BUILD_DIR, whose tests/hostile/ has the programs.

load asked

setup()
{
    P="$BUILD_DIR/tests/hostile"
    cd "$BATS_TEST_TMPDIR"
}

@test "a path that is not UTF-8 is a path" {
    mkdir $'M\xfcller'
    ln -s "$P/plain" $'M\xfcller/pl\xffin'
    for path in $'M\xfcller/pl\xffin:leak' $'M\xfcller'; do
        run vigil run "$path" --filter leak
        [ "$status" -eq 0 ]
        has '1 scenario: 1 as expected'
        run vigil list "$path" --filter leak --json
        [ "$(jq -r .path <<<"$output")" = 'M�ller/pl�in' ]
    done
    run vigil run $'M\xfcller/pl\xffin:wrong_clean' --json
    [ "$status" -eq 1 ]
    jq -e '.replay | contains("M�ller/pl�in:wrong_clean")' <<<"${lines[0]}"
    command=$(vigil run $'M\xfcller/pl\xffin:wrong_clean' |
        sed -n 's/^ *reproduce: //p')
    run bash -c "$command"
    [ "$status" -eq 1 ]
}

@test "a scenario whose words are not UTF-8 is one, and they are compared" {
    run vigil list "$P/foreign" --json
    [ "${#lines[@]}" -eq 3 ]
    jq -e '.about == "M�ller" and .about_hex == "4dfc6c6c6572"' \
        <<<"${lines[0]}"
    run vigil run "$P/foreign"
    [ "$status" -eq 1 ]
    has $'expected panic("\xfd"), got panic: p\xfc'
    has '3 scenarios: 2 as expected, 1 not'
    run "$P/foreign" run
    has '3 scenarios: 2 as expected, 1 not'
}

@test "and its exploration is told in full" {
    ln -s "$P/foreign" $'f\xff'
    run vigil explore $'./f\xff:abba' --seed 1 --json
    [ "$status" -eq 0 ]
    jq -e '.decisive.first.site.file == "M�ller.c" and .found_at > 0' \
        <<<"${lines[0]}"
    replay=$(vigil explore $'./f\xff:abba' --seed 1 --verbose |
        sed -n 's/^ *replay: //p' | head -n 1)
    [[ "$replay" == *$'f\xff'* ]]
    run bash -c "$replay"
    [ "$status" -eq 0 ]
    has 'DEADLOCK, proven'
}

@test "who holds scenarios and tells of none is wrong use" {
    SAYS='my main' run vigil run "$P/ownmain"
    one_line 2 'holds scenarios, and tells of none when asked for them'
    ln -s "$P/ownmain" "$P/plain" .
    SAYS='my main' run vigil run .
    one_line 2 'holds scenarios, and tells of none when asked for them'
}

@test "who tells of less than there is, or of what is not known, likewise" {
    line='{"schema":"vigil-list/1","scenario":"a","expected":"clean"'
    SAYS="x $line,\"scenarios\":1}" run vigil list "$P/ownmain"
    [ "$status" -eq 0 ]
    SAYS="$line,\"scenarios\":2}" run vigil list "$P/ownmain"
    one_line 2 'not all of what it tells of its scenarios can be read'
    SAYS="${line/clean/miracle},\"scenarios\":1}" run vigil list "$P/ownmain"
    one_line 2 'tells of scenarios that this version does not know'
}

@test "who ends without a word is told by how" {
    run vigil list "$P/ownmain"
    one_line 2 'fails when asked for its scenarios: killed by SIGKILL'
}

# without FOLDER COMMAND...: with nothing in that folder
without()
{
    local folder=$1
    shift
    run timeout 900 unshare -m sh -c \
        'mount -t tmpfs none "$0" && exec "$@"' "$folder" \
        env LD_LIBRARY_PATH="$BUILD_DIR" "$@"
    has '2 scenarios: 2 as expected, 0 not'
    [ "$status" -eq 0 ]
}

@test "without /dev or /proc scenarios run all the same" {
    unshare -m true || skip "not allowed to have other mounts"
    # a sanitizer can not do without /proc
    for folder in /dev $([ ! -e "$P/outer" ] || echo /proc); do
        without $folder "$VIGIL_BIN" run "$P/plain:leak" "$P/plain:clean"
        without $folder "$P/plain" run leak clean
    done
}

# Threads have other numbers there than /proc says, and so have processes.
@test "with the /proc of a namespace around ours nobody is a stranger" {
    unshare -pf true || skip "not allowed to have other processes"
    run unshare -pf timeout 900 "$VIGIL_BIN" run --procs 4 --format json \
        "$SCENARIO_DIR/deadlock/chan_full_self" "$SCENARIO_DIR/leak/early_return"
    [ "$status" -eq 0 ]
    jq -es '[.[] | select(.detector) | .detector.complete] == [true, true]' \
        <<<"$output"
}

@test "nor is a thread of the program's nobody there, for want of a descriptor" {
    unshare -pf true || skip "not allowed to have other processes"
    run unshare -pf timeout 900 "$VIGIL_BIN" run "$P/hostile:one_descriptor" \
        --format json
    [ "$(jq -r 'select(.verdict) | .verdict' <<<"$output")" = timeout ]
}

@test "nor are processes that are left behind lost there, or memory not counted" {
    unshare -pf true || skip "not allowed to have other processes"
    run unshare -pf timeout 900 "$VIGIL_BIN" run "$P/hostile:leave_a_daemon" \
        --format json
    has '"note":"1 process left behind, ended"'
    run unshare -pf timeout 900 "$VIGIL_BIN" run "$P/hostile:eat_memory" \
        --memory 200M
    has 'kept more than 200.0 MiB in memory'
}

@test "without /proc what is explored is as complete as with it" {
    unshare -m true || skip "not allowed to have other mounts"
    [ -e "$P/outer" ] || skip "a sanitizer can not do without /proc"
    run timeout 900 unshare -m sh -c 'mount -t tmpfs none /proc && exec "$@"' sh \
        env LD_LIBRARY_PATH="$BUILD_DIR" "$VIGIL_BIN" explore --format json \
        "$P/explored:ordered"
    jq -es '.[0].complete' <<<"$output"
    run timeout 900 unshare -m sh -c 'mount -t tmpfs none /proc && exec "$@"' sh \
        env LD_LIBRARY_PATH="$BUILD_DIR" "$P/filtered" explore alone
    has 'there is no /proc, so whether the program has threads is not known'
    run "$P/filtered" explore alone
    has 'complete'
    [[ "$output" != *incomplete* ]]
}
