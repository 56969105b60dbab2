#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
# explore.bats - schedules: searched for a failure, which is told.
#
# In: VIGIL_BIN, the command; BUILD_DIR, whose tests/hostile/ has the programs.

load asked

setup()
{
    X="$BUILD_DIR/tests/hostile/explored"
    cd "$BATS_TEST_TMPDIR"
}

@test "run explores what is to be explored, by a small budget" {
    run vigil run "$X:abba"
    [ "$status" -eq 0 ]
    has 'found at schedule'
}

@test "every strategy but delay finds the deadlock of abba" {
    for s in default random pct pos surw dpor; do
        run vigil explore "$X:abba" --strategy $s --seed 3
        [ "$status" -eq 0 ]
        has 'deadlock  '
        has 'found at schedule'
    done
}

@test "delays find it within one delay" {
    run vigil explore "$X:abba" --strategy delay
    [ "$status" -eq 0 ]
    has 'found at schedule'
}

@test "what can not fail is complete, and says after how many" {
    run vigil explore "$X:ordered" --strategy dpor
    [ "$status" -eq 0 ]
    has 'complete, 2 executions'
}

@test "of a loop that waits and ends by itself all rounds are tried" {
    P="$BUILD_DIR/tests/hostile/patient"
    for strategy in default dpor; do
        for s in looks_10 looks_50 look_20; do
            run vigil explore "$P:$s" --strategy $strategy --seed 1
            has 'ok  complete, '
        done
        run vigil explore "$P:looks_1000" --strategy $strategy --seed 1 --schedules 1000
        has 'ok  incomplete, '
        has 'not every number of rounds is tried'
    done
}

@test "what there is no time for is incomplete" {
    run vigil explore "$X:too_many" --schedules 500
    [ "$status" -eq 0 ]
    has 'incomplete, 500 schedules'
}

@test "more goroutines than are told apart are a reason, not the clock" {
    for s in random dpor; do
        run vigil explore "$X:crowd" --schedules 1 --strategy $s
        has 'incomplete, '
        has 'of too many goroutines cut off: no more than 16384 are told apart'
        [[ "$output" != *"of the clock"* ]]
        [[ "$output" != *"of a loop"* ]]
    done
}

@test "what is incomplete says why, in the row and in JSON" {
    run vigil explore "$X:too_many" --schedules 20
    has 'incomplete, 20 schedules: 20 schedules were asked for'
    run vigil explore "$X:too_many" --strategy delay
    has 'schedules: delay does not try all'
    run vigil explore "$X:too_many" --strategy pct --schedules 1 --json
    head -1 <<<"$output" |
        jq -e 'any(.conditions[]; startswith("incomplete: pct does not"))'
    vigil explore "$X:abba" --json | head -1 |
        jq -e '.conditions[-1] == "incomplete: the search ends at the first failure"'
}

@test "a failure is told with its report, table, token and command" {
    run vigil explore "$X:abba" --seed 1 -v
    [ "$status" -eq 0 ]
    has 'DEADLOCK, proven: 2 goroutines wait in a ring'
    has 'that the default schedule does not take'
    [[ "$output" =~ \*\ +[12]\ +lock\ first\ explored.c ]]
    [[ "$output" =~ reproduce:.*\ replay\ .*\ gx1:abba:[0-9a-f]{4}:@ ]]
}

@test "the two steps that decide are told, and marked in the table" {
    run vigil explore "$X:abba" --seed 1 -v
    has 'decisive: c (goroutine 3): lock first explored.c:10'
    has 'before: b (goroutine 2): lock second explored.c:11'
    has 'the other way round it does not fail'
    [[ "$output" =~ '!*'\ +2\ +lock\ first ]]
    [[ "$output" =~ '! '\ +never\ +lock\ second ]]
}

@test "a number that is drawn has its row" {
    run vigil explore "$X:unlucky" --seed 1 -v
    has 'choice  a (goroutine 1)'
    [[ "$output" =~ '    *      0  number 13 of 20' ]]
}

@test "how often random schedules fail like this is told, and of how many" {
    run vigil explore "$X:abba" --seed 1 -v
    [[ "$output" =~ [0-9.]+\ %\ of\ random\ schedules\ fail\ like\ this ]]
    [[ "$output" =~ \([0-9]+\ of\ 1,000\) ]]
}

@test "a timer that was early says what stall it needs" {
    run vigil explore "$X:too_early" --seed 1 -v
    has 'timer of explored.c:'
    has 'could go on: needs a stall of 1.00 s or more'
    has 'none of 1,000 random schedules without early timers fails like this'
    vigil explore "$X:too_early" --seed 1 --format json | head -1 |
        jq -e '.stalls[0] | .stall_ns == 1000000000 and .goroutine == 1 and
               .held_up == 2 and .site.line > 0'
}

@test "the command that is told shows it again" {
    run vigil explore "$X:abba" --seed 1 -v
    command=$(sed -n 's/^ *reproduce: //p' <<<"$output")
    run bash -c "$command"
    [ "$status" -eq 0 ]
    has 'DEADLOCK, proven: 2 goroutines wait in a ring'
    has 'lock'
}

@test "time that is quiescent fires none" {
    run vigil explore "$X:too_early" --time quiescent
    [ "$status" -eq 1 ]
    has 'complete'
}

@test "with --fifo who waits first is served first" {
    run vigil explore "$X:overtaken" --seed 1 --schedules 2000 --time quiescent
    [ "$status" -eq 0 ]
    has 'found at schedule'
    run vigil explore "$X:overtaken" --seed 1 --schedules 2000 --time quiescent --fifo
    [ "$status" -eq 0 ]
    has 'incomplete, 2000 schedules'
    token=$(vigil explore "$X:unlucky" --seed 1 --fifo --format json | head -1 | jq -er .token)
    [[ "$token" =~ :u16, ]]
    run vigil replay "$X" "$token"
    [ "$status" -eq 0 ]
    run vigil explore "$X" --fifo --strategy dpor
    [ "$status" -eq 2 ]
    has '--fifo is not for dpor'
    run vigil replay "$X" "$token" --fifo
    [ "$status" -eq 2 ]
}

@test "a lock order is confirmed, refuted, or neither" {
    run vigil explore "$X:kept_apart" --seed 1
    [ "$status" -eq 1 ]
    has 'lock order refuted'
    has 'expected lock_order, got clean'
    run vigil explore "$X:kept_apart_by_time" --seed 1
    [ "$status" -eq 0 ]
    has 'found at schedule'
    run vigil explore "$X:kept_apart_by_time" --seed 1 --time quiescent
    [ "$status" -eq 1 ]
    has 'complete, '
    has 'lock order not confirmed'
}

@test "a lock order that a schedule closes is not refuted by another failure" {
    run vigil explore "$X:meet_or_panic" --strategy dpor --all -v
    has 'they did not meet'
    has 'all goroutines are asleep'
    [[ "$output" != *refuted* ]]
    [[ "$output" != *"not confirmed"* ]]
}

@test "what has one schedule is done twice before it is complete" {
    run vigil explore "$X:ordered" --strategy dpor
    has 'complete, '
    run vigil explore "$X:fickle_alone" --strategy dpor
    [ "$status" -eq 1 ]
    has 'not deterministic'
    [[ "$output" != *" complete, "* ]]
}

@test "a crash has its schedule" {
    run vigil explore "$X:crashes" --seed 1
    [ "$status" -eq 1 ]
    has 'killed by SIGABRT'
    command=$(sed -n 's/^ *reproduce: //p' <<<"$output")
    [[ "$command" =~ gx1:crashes:[0-9a-f]{4}:@0=c ]]
    has 'decisive: c (goroutine 3): update'
    has 'of random schedules fail like this'
    run bash -c "$command"
    [ "$status" -eq 1 ]
    has 'killed by SIGABRT'
}

@test "all failures that differ are told, each with its report and token" {
    run vigil explore "$X:ways" --seed 1 --all --schedules 3000 -v
    [ "$status" -eq 1 ] # the first is not the one that it expects
    has '3 different failures in '
    has 'panic: not set yet'
    has '---- failure 2 of 3'
    has 'DEADLOCK, proven: 2 goroutines wait in a ring'
    has '---- failure 3 of 3'
    has 'panic: too early'
    has 'needs a stall of 1.00 s or more'
    [ "$(grep -c '^ *decisive: ' <<<"$output")" -eq 3 ]
    [[ "$output" =~ '2: deadlock, met '[0-9]+' times, first at schedule ' ]]
}

@test "the list of failures has those first that need no early timer" {
    run -1 vigil explore "$X:ways" --seed 1 --all --schedules 3000 --json
    head -1 <<<"$output" | jq -e '[.failures[].early] == [0, 0, 1] and
        .verdict == .failures[0].verdict and .token == .failures[0].token and
        ([.failures[].times] | min) > 0 and .other_failures == 0 and
        ([.failures[].fingerprint] | unique | length) == 3'
    while read -r token verdict; do
        run vigil replay "$X" "$token" --json
        [ "$(head -1 <<<"$output" | jq -r .verdict)" = "$verdict" ]
    done < <(head -1 <<<"$output" | jq -r '.failures[] | "\(.token) \(.verdict)"')
}

@test "of one that fails in one way all are one" {
    run -0 vigil explore "$X:abba" --seed 1 --all --schedules 300 -v
    [[ "$output" =~ '1 failure in '[0-9]+' schedules' ]]
}

@test "what crashes does not end the search for others, but for a while" {
    run -1 vigil explore "$X:crashes" --seed 1 --all
    [[ "$output" =~ '1: crash, met '[0-9]+' times' ]]
    has 'the search was ended by a crash'
}

@test "apart, crashes end nothing, and what a process has is new" {
    run -1 vigil explore "$X:crashes" --seed 1 --all --isolate=fork --schedules 90
    [[ "$output" =~ '1 failure in 90 schedules' ]]
    run -1 vigil explore "$X:messy" --strategy random --schedules 50
    run -0 vigil explore "$X:messy" --strategy random --schedules 50 --isolate=fork
    has 'incomplete, 50 schedules'
    run -0 vigil explore "$X:messy" --strategy dpor --isolate=fork
    has 'complete, '
}

@test "who is met first in a search has the same number when it is shrunk" {
    vigil explore "$X:families" --all --seed 5 --json | head -1 |
        jq -e '(.why // "" | contains("deterministic") | not) and
               (.failures | length) == 4 and all(.failures[]; .token)'
}

@test "of a loop that went round many times a token keeps what it needs" {
    for seed in 1 2 3 4; do
        vigil explore "$BUILD_DIR/scenarios/kernels/cockroach_1462:cockroach_1462" \
            --strategy surw --seed $seed --json | head -1 |
            jq -e '.verdict == "deadlock" and (.token | length) <= 60'
    done
}

@test "apart, strategies do what they do in one process" {
    for s in random surw dpor delay; do
        for apart in '' --isolate=fork; do
            vigil explore "$X:families" --strategy $s --seed 5 --all $apart \
                --schedules 40 --json | head -1 |
                jq -c '[.executions, .points, .complete,
                        ([.failures[] | [.times, .found_at]] | sort)]' \
                    >"told$apart"
        done
        echo "$s"
        diff told told--isolate=fork
    done
}

@test "the JSON of an exploration has its fields" {
    run vigil explore "$X:abba" --seed 1 --format json
    [ "$status" -eq 0 ]
    head -1 <<<"$output" | jq -e '.scenario == "abba" and
        .verdict == "deadlock" and .seed == 1 and .found_at >= 1 and
        .complete == false and .executions == .schedules and .points > 0 and
        .seconds > 0 and .rate > 0 and (.token | startswith("gx1:abba:")) and
        (.fingerprint | length) == 16 and (.conditions | length) > 0 and
        (.strategy | length) > 0 and .times == null and
        .decisive.first.op == "lock" and .decisive.second.goroutine == 2 and
        .frequency.of > 0 and .frequency.share < 1 and .stalls == [] and
        .shrinking.executions > 1 and .shrinking.seconds > 0'
}

@test "a wrong strategy or time is named" {
    run vigil explore --strategy luck
    one_line 2 "--strategy 'luck' is wrong: it takes default, random, pct"
    run vigil explore --time later
    one_line 2 "--time 'later' is wrong: it takes quiescent or racy"
    run vigil explore --isolate=thread
    one_line 2 "--isolate 'thread' is wrong: it takes fork"
    run vigil explore --schedules 0
    one_line 2 "--schedules '0' is wrong"
}

@test "what is not deterministic is named at its first difference" {
    rounds="$BUILD_DIR/tests/hostile/rounds:asks_the_kernels_time"
    run vigil explore "$rounds" --seed 1 --schedules 500
    [ "$status" -eq 1 ]
    has 'not deterministic: step '
    has 'the same choices, taken again, came to another step'
    has 'the usual suspects: the time'
    run vigil explore "$rounds" --seed 1 --schedules 500 --format json
    head -1 <<<"$output" | jq -e '.as_expected == false and
        (.differs.step | type) == "number" and (.differs.was | length) > 0 and
        (.differs.before | length) <= 8 and .complete == false and
        (.why | test("^not deterministic"))'
}

@test "a loop without a choice is given up, and told with its place" {
    run vigil explore "$BUILD_DIR/tests/hostile/rounds:computes_for_ever" \
        --seed 1 --schedules 200 --timeout 10m -v
    [ "$status" -eq 0 ]
    has 'undecided'
    has 'was given up: for 1 s of processor time it came to no choice, in '
    has ' at rounds.c:'
    has 'incomplete'
    run vigil explore "$BUILD_DIR/tests/hostile/rounds:computes_for_ever" \
        --seed 1 --schedules 200 --timeout 10m --strict --format json
    [ "$status" -eq 1 ]
    head -1 <<<"$output" | jq -e '.as_expected == false and
        (.why | test("^undecided: an execution came to no choice"))'
}

@test "an execution without an end is told with its places" {
    run vigil explore "$BUILD_DIR/tests/hostile/rounds:asks_the_kernel" \
        --seed 1 --schedules 5 --timeout 10m --format json
    head -1 <<<"$output" | jq -e '.complete == false and
        any(.conditions[]; test("no quiescence in 100000 steps: yield at rounds.h:"))'
}

@test "where all were tried, early timers are tried on" {
    fixed=$SCENARIO_DIR/kernels/moby_33781:moby_33781_fixed
    run -0 vigil explore "$fixed" --schedules 700 --seed 1 --format json
    head -1 <<<"$output" | jq -e '.complete and .schedules == 700'
    run -0 vigil explore "$fixed" --schedules 700 --seed 1 --format json \
        --time quiescent
    head -1 <<<"$output" | jq -e '.complete and .schedules < 700'
}

@test "who starves is told by a warning, which fails nothing" {
    S="$BUILD_DIR/tests/hostile/starving"
    for s in by_trylock by_cas by_select; do
        run vigil explore "$S:$s" --strategy fair --schedules 2
        [ "$status" -eq 0 ]
        has '    warning: starvation: in schedule 1, all in turn, goroutine '
        run vigil explore "$S:$s" --strategy fair --schedules 2 --json
        head -1 <<<"$output" | jq -e '.verdict == "clean" and .as_expected and
            .starvation.times >= 1000 and .starvation.site.line > 0 and
            .starvation.by[0].site.line > 0 and
            .starvation.by[0].times >= 1000'
    done
}

@test "who only waits for long does not starve" {
    S="$BUILD_DIR/tests/hostile/starving"
    for s in soon_over nobody_else; do
        run vigil explore "$S:$s" --strategy fair --schedules 4 --json
        head -1 <<<"$output" | jq -e '.verdict == "clean" and
            .starvation == null and has("starvation")'
    done
}

@test "a daemon that waits for a descriptor is no failure" {
    local apart
    for apart in '' --isolate=fork; do
        vigil explore $apart --schedules 50 --seed 1 --format json \
            "$BUILD_DIR/tests/hostile/accepting" | head -1 | jq -e '
                .verdict == "clean" and .executions == 50 and
                (.complete | not) and
                any(.conditions[]; test("something came from outside"))'
    done
}

@test "a check is a step in a search and in a replay, with its place" {
    for seed in 1 4; do
        run vigil explore "$X:checks" --seed $seed -v
        [ "$status" -eq 0 ]
        has 'yield explored.c:'
        [[ "$output" != *'monitor.c'* ]]
        token=$(vigil explore "$X:checks" --seed $seed --json |
            head -1 | jq -er .token)
        run vigil replay "$X:checks" "$token"
        [ "$status" -eq 0 ]
    done
}

@test "an execution that comes to choices is not told to come to none" {
    for name in long_steps many_steps; do
        run vigil explore "$BUILD_DIR/tests/hostile/slow:$name" \
            --strategy random --timeout 3s --format json
        [ "$status" -eq 0 ]
        head -1 <<<"$output" | jq -e '.hung == false and .undecided and
            .unended == 1 and any(.conditions[]; test("the time was up"))'
        [[ "$output" != *'did not come to a choice'* ]]
    done
    head -1 <<<"$output" | jq -e '.points > 0' # it was seen from within
}

@test "who waits in a call in each execution is told that the time was up" {
    for name in "$X:waits_outside" \
        "$BUILD_DIR/scenarios/clean/waker_in_a_blocking_call"; do
        run vigil explore "$name" --strategy random --schedules 1000000 \
            --timeout 4s --format json
        [ "$status" -eq 0 ]
        head -1 <<<"$output" | jq -e '.hung == false and .as_expected and
            any(.conditions[]; test("the time was up"))'
        [[ "$output" != *'did not come to a choice'* ]]
    done
}

@test "of calls that come back when nobody else is to be run all are waited for" {
    run vigil explore "$X:comes_back" --strategy random --schedules 5000 \
        --timeout 10m
    [ "$status" -eq 0 ]
    has 'ok  incomplete, 5000 schedules'
}

@test "what looks often is seen to its end, and not said to be late" {
    run vigil explore "$BUILD_DIR/tests/hostile/explored:looks_often" \
        --strategy dpor
    [ "$status" -eq 0 ]
    has 'ok  incomplete, '
    has 'of a loop that waits not every number of rounds is tried'
    [[ "$output" != *'cut off'* ]]
    run vigil explore "$BUILD_DIR/tests/hostile/explored:looks_alone" \
        --strategy dpor
    has 'ok  complete, 1 execution'
}

@test "a failure of the default schedule has its token, whatever was tried" {
    local x="$BUILD_DIR/tests/hostile/usual" token
    token=$(vigil explore "$x" --strategy random --schedules 500 --seed 3 \
        --format json | head -1 | jq -er 'select(.verdict == "panic" and
            .strategy == "default" and .found_at == 501) | .token')
    run vigil replay "$x" "$token"
    [ "$status" -eq 1 ]
    has 'panic: always the first'
}

@test "a failure of the default schedule has its table, and how often it comes" {
    local x="$BUILD_DIR/tests/hostile/usual"
    run -1 vigil explore "$x" --strategy random --schedules 500 --seed 3
    has 'found in the run that is shown, behind 500 schedules of which none failed, by the default schedule'
    has '        choice  a (goroutine 1)'
    has '61  select case 0 usual.c:'
    run -1 vigil explore "$x" --seed 3
    has 'by default, seed 3; the default schedule itself fails'
    has 'none of 1,000 random schedules fails like this'
    run vigil explore "$X:always" --seed 3 --verbose
    has 'the default schedule itself fails'
    has 'all of 1,000 random schedules fail like this'
}

@test "descriptors that ran out are told, with their limit" {
    local x="$BUILD_DIR/tests/hostile/keeps_open"
    run bash -c 'ulimit -n 600; exec timeout -k 5 900 "$0" explore "$1:keeps_streams" --seed 1 --strategy random' "$VIGIL_BIN" "$x"
    [ "$status" -eq 1 ]
    has 'descriptors ran out in the search, of which there are 600 (ulimit -n)'
    [[ "$output" != *'not deterministic'* ]]
    run vigil explore "$x:keeps_streams" --seed 1 --strategy random --schedules 700 --isolate=fork
    [ "$status" -eq 0 ]
}

@test "what an execution has opened is closed with it" {
    local name x="$BUILD_DIR/tests/hostile/keeps_open"
    for name in keeps_open keeps_all keeps_sockets keeps_path takes_input streams; do
        run -0 bash -c 'ulimit -n 600; exec timeout -k 5 900 "$0" explore "$1" --seed 1 --strategy random --schedules 700' \
            "$VIGIL_BIN" "$x:$name"
        has "$name "
        has '700 schedules'
        [[ "$output" != *'not deterministic'* ]]
    done
}
