#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
# interrupt.bats - what is told of an exploration that is interrupted.
#
# In: VIGIL_BIN, the command; BUILD_DIR, whose tests/hostile/interrupted says by
# files how far it is. Nothing here ends by its time, but where that is said: an
# hour is more than the tests have.

load asked

setup()
{
    I="$BUILD_DIR/tests/hostile/interrupted"
    cd "$BATS_TEST_TMPDIR"
}

# What a test that failed has left.
teardown()
{
    [ -z "${pid:-}" ] || kill -KILL "$pid" 2>/dev/null || true
}

start()
{
    "$VIGIL_BIN" "$@" --timeout "${FOR:-1h}" >out 2>err &
    pid=$!
}

# start_search WORD...: an exploration without an end.
start_search()
{
    start explore "$@" --schedules 1000000000
}

# under_way FILE...: until the scenarios have made them.
under_way()
{
    for file; do
        until [ -e "$file" ]; do kill -0 "$pid"; done
    done
}

# died STATUS
died()
{
    status=0
    wait "$pid" || status=$?
    pid=
    cat out err
    [ "$status" -eq "$1" ]
}

child()
{
    local all
    all=$(cat "/proc/$pid/task/$pid/children")
    echo "${all%% *}"
}

@test "how far a search has come is told, whatever its strategy is" {
    for s in default random pct dpor; do
        rm -f many
        start_search "$I:many" --strategy $s
        under_way many
        kill -TERM "$pid"
        died 143
        grep -Eq 'ok  incomplete, [0-9]+ schedules?: (.*; )?it was interrupted' out
        grep -q 'interrupted: 1 of 1 runs done' out
    done
}

@test "so it is where each execution has a process, and in JSON" {
    start_search "$I:many" --isolate fork --format json
    under_way many
    kill -TERM "$pid"
    died 143
    jq -e '.interrupted and .executions > 0 and .complete == false and
        any(.conditions[]; test("incomplete: .*it was interrupted"))' \
        <<<"$(head -1 out)"
    jq -e '.interrupted and .runs == 1' <<<"$(tail -1 out)"
}

@test "one that came to its end says that it was not" {
    run vigil explore "$I:many" --schedules 3 --format json
    jq -e '.interrupted == false' <<<"$(head -1 <<<"$output")"
}

@test "a failure that was found by then has its report and its token" {
    start_search "$I:met" --all --strategy random --save met.sched
    under_way met
    kill -TERM "$pid"
    died 143
    grep -q 'found at schedule' out
    run vigil explore "$I:met" --schedules 100 --all --strategy random --format json
    jq -e '.interrupted == false' <<<"$(head -1 <<<"$output")"
    run vigil replay "$I" met.sched
    [ "$status" -eq 0 ]
    has 'panic: too late'
}

@test "one that there is no time to play again is told, and blames nobody" {
    start_search "$I:once"
    under_way again
    kill -TERM "$pid"
    died 143
    grep -q '  undecided  .*FAIL  found at schedule 1' out
    grep -q 'a schedule failed, and there was no time to do it again' out
    grep -q 'note: it was interrupted behind the search' out
    run ! grep -q 'deterministic' out
    grep -q 'interrupted: 1 of 1 runs done' out
}

@test "of many that fail those are told that there is no time for, too" {
    start_search "$I:ways" --all --strategy random
    under_way "way "{0..7}
    touch held
    kill -TERM "$pid"
    died 143
    grep -q '8 different failures in .*it was interrupted' out
    [ "$(grep -c ': panic: way . (as the search saw it), met ' out)" -eq 8 ]
    [ "$(grep -c ' no token: there was no time left' out)" -eq 8 ]
    grep -q '  8 of these could not be shown: there was no time left' out
    grep -q 'interrupted: 1 of 1 runs done' out
}

@test "nor is each of them shown for as long as it takes" {
    start explore "$I:ways" --all --strategy random --schedules 200 --verbose
    under_way shown
    kill -TERM "$pid"
    died 143
    grep -q '8 different failures in 200 schedules' out
    [ "$(grep -c '^ *gx1:ways:' out)" -eq 8 ]
    [ "$(grep -c ' not shown: there was no time left' out)" -ge 6 ]
    grep -q 'interrupted: 1 of 1 runs done' out
}

@test "one that takes all of its time leaves the others theirs" {
    run vigil explore "$I:one_blocks" --all --seed 1 --schedules 60 --timeout 20s --format json
    [ "$status" -eq 0 ]
    jq -e '.failures | length == 8 and
        all(.[]; .seen == "panic" and .found_at > 0 and .times > 0 and
            (.signature | test("^[0-9a-f]{16}$"))) and
        ([.[] | select(.token)] | length == 7 and all(.verdict == "panic")) and
        (.[-1] | .token == null and .verdict == null and .message == "way 0" and
            .not_shown == "there was no time left")' <<<"${lines[0]}"
}

@test "what is told by then is told, though the run that shows it hears nothing" {
    start explore "$I:last"
    under_way last
    kill -TERM "$pid"
    died 143
    grep -q '  undecided  .*FAIL  found at schedule 1' out
    grep -q 'a schedule failed, and there was no time to do it again' out
    grep -q 'gx1:last:' out
    grep -q 'interrupted: 1 of 1 runs done' out
}

# unheard_of ERROR: of calls that it does not know the container says so.
unheard_of()
{
    FILTERED=$1 "$BUILD_DIR/tests/hostile/filtered" explore goes_on \
        --schedules 1000000000 --timeout 1h >out 2>err &
    pid=$!
    under_way goes_on
    kill -TERM "$pid"
    died 143
    grep -Eq 'incomplete, [0-9]+ schedules?: (.*; )?it was interrupted' out
    rm goes_on
}

@test "it is heard where nothing tells that a process has ended" {
    unheard_of ENOSYS
    unheard_of EPERM
}

@test "a search that comes to no choice is ended, and decides nothing" {
    start_search "$I:blocked"
    under_way blocked
    kill -TERM "$pid"
    died 143
    grep -q 'undecided  incomplete, .*did not come to a choice for 1000 ms' out
    grep -q 'interrupted: 1 of 1 runs done' out
}

@test "an execution that is long is cut off" {
    start_search "$I:slow"
    under_way slow
    kill -TERM "$pid"
    died 143
    grep -q 'undecided  incomplete, 1 schedule: .*it was interrupted' out
    run ! grep -q 'did not come to a choice' out
}

@test "all that are under way are told, and no other begins" {
    start_search "$I:many" "$I:many_more" "$I:many_others" --jobs 2
    under_way many many_more
    kill -TERM "$pid"
    died 143
    grep -q 'many  .*it was interrupted' out
    grep -q 'many_more  .*it was interrupted' out
    grep -q 'interrupted: 2 of 3 runs done' out
    [ ! -e many_others ]
}

@test "run tells of those that it explores, and ends the others" {
    start run "$I:stays" "$I:blocked" --jobs 2
    under_way stays blocked
    kill -TERM "$pid"
    died 143
    grep -q 'blocked  .*undecided' out
    grep -q 'interrupted: 1 of 2 runs done' out
}

@test "what is over is told, also behind one that is not" {
    start run "$I:stays" "$I:ends" --jobs 2
    under_way stays ends
    until [ "$(wc -w <"/proc/$pid/task/$pid/children")" -eq 1 ]; do
        kill -0 "$pid"
    done
    kill -TERM "$pid"
    died 143
    grep -q 'ends  .*ok' out
    grep -q 'interrupted: 1 of 2 runs done' out
}

@test "a terminal says it to all of the group" {
    setsid env --default-signal=INT "$VIGIL_BIN" explore "$I:many" \
        --schedules 1000000000 --timeout 1h >out 2>err &
    pid=$!
    under_way many
    kill -INT -- "-$pid"
    died 130
    grep -q 'interrupted: 1 of 1 runs done' out
}

@test "a process and its group that are told at a time are told once" {
    start_search "$I:many"
    under_way many
    kill -STOP "$pid"
    kill -TERM "$pid"
    kill -HUP "$pid"
    kill -CONT "$pid"
    died 129
    grep -q 'interrupted: 1 of 1 runs done' out
}

@test "nor does the other end it before it has told anything" {
    start run "$I:stays"
    under_way stays
    kill -STOP "$pid"
    kill -TERM "$pid"
    kill -HUP "$pid"
    kill -CONT "$pid"
    died 129
    grep -q 'interrupted: 0 of 1 runs done' out
}

@test "a second interrupt ends all at once" {
    start_search "$I:many"
    under_way many
    child=$(child)
    kill -STOP "$child"
    while [ -e "/proc/$child" ] && kill -TERM "$pid" 2>/dev/null; do :; done
    died 143
    run ! grep -q 'did not end' out # the last may have come as it was printed
}

# The pipe by which it is said: O_WRONLY | O_NONBLOCK | O_CLOEXEC.
to_child='^flags:.*2004001$'

@test "whose time is up before it has told what it found has some more for that" {
    FOR=2s start explore "$I:met" --all --strategy random --verbose --save met.sched
    under_way met
    child=$(child)
    kill -STOP -- "-$child"
    while grep -q "$to_child" "/proc/$pid/fdinfo/"* 2>/dev/null; do
        kill -0 "$pid"
    done
    kill -CONT -- "-$child"
    died 0
    grep -q 'found at schedule' out
    run ! grep -q 'no verdict within' out
    run ! grep -q 'it was interrupted' out
    run ! grep -q 'did not come to a choice' out
    run vigil replay "$I" met.sched
    [ "$status" -eq 0 ]
    has 'panic: too late'
}

@test "who does not come to an end when asked to is ended, and that is told" {
    start_search "$I:many" --save many.sched
    under_way many
    kill -STOP "$(child)"
    kill -TERM "$pid"
    died 143
    grep -q 'many.sched is not written: interrupted' err
    grep -q 'interrupted: 0 of 1 runs done, 1 did not end within 5.00 s (' out
}
