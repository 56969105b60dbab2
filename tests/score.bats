#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
# score.bats - vigil score: bugs beside their twins, on the command line.
#
# In: BUILD_DIR, VIGIL_BIN, SCENARIO_DIR.

# NAME.c of the test, as a scenario program.
compile()
{
    root=$BATS_TEST_DIRNAME/..
    "$CC" -std=gnu11 -g -pthread -I"$root/runtime/include" \
        -I"$root/harness/include" "$BATS_TEST_TMPDIR/$1.c" \
        -o "$BATS_TEST_TMPDIR/$1" -L"$BUILD_DIR" -lvigil-harness -lvigil \
        -Wl,-rpath,"$BUILD_DIR"
}

@test "a bug in a folder is scored with its cure in the folder clean" {
    run -0 "$VIGIL_BIN" score --seeds 2 "$SCENARIO_DIR/deadlock/mutex_self"
    [[ "$output" == *"mutex_self"*"deadlock"*"complete"* ]]
    [[ "$output" == *"1 bug, 2 seeds from 1"* ]]
    [[ "$output" == *"Triggered: 2 of 2"* ]]
    [[ "$output" == *"Twins: 0 reports"* ]]
}

@test "a program scores its own, and a name brings its twin" {
    run -0 "$SCENARIO_DIR/kernels/cockroach_3710" score --seeds 2
    [[ "$output" == *"cockroach_3710"*"resource"*"complete"* ]]
    run -0 "$VIGIL_BIN" score --seeds 1 --filter cockroach_3710 \
        "$SCENARIO_DIR/kernels"
    [[ "$output" == *"1 bug, 1 seed from 1"* ]]
}

@test "JSON has a line a bug, one a class, and one of all" {
    run -0 --separate-stderr "$VIGIL_BIN" score --seeds 2 --json \
        "$SCENARIO_DIR/kernels/cockroach_3710"
    [ "$(jq -r .schema <<<"$output" | xargs)" = \
        "vigil-score/1 vigil-score-total/1 vigil-score-total/1" ]
    [ "$(jq -c 'select(.twin) | [(.seeds | length), .twin.reports]' \
        <<<"$output")" = "[2,0]" ]
    [ "$(jq -c 'select(.within_1000) | [.class, .bugs, .detected]' \
        <<<"$output" | xargs)" = "[resource,1,2] [null,1,2]" ]
}

@test "Markdown is a table" {
    run -0 "$VIGIL_BIN" score --seeds 1 --format markdown \
        "$SCENARIO_DIR/kernels/cockroach_3710"
    [[ "${lines[0]}" == "| class | bugs |"* ]]
    [[ "${lines[1]}" == "|---|---|---:|"* ]]
}

# The twin reports, and the bug is another one than it says.
@test "a twin that is not silent, and a bug with another name, are told: 1" {
    cat >"$BATS_TEST_TMPDIR/bad.c" <<'C'
#include <vigil/scenario.h>
static void lone(chan(int) c)
{
    chan_recv(c);
}
SCENARIO(bad, .expect = EXPECT_LEAK(2))
{
    go(lone, chan_make(int, 0));
}
SCENARIO(bad_fixed)
{
    go(lone, chan_make(int, 0));
}
C
    compile bad
    run -1 "$BATS_TEST_TMPDIR/bad" score --seeds 2
    [[ "$output" == *"Triggered: 2 of 2 explorations."*"of these: 0."* ]]
    [[ "$output" == *"bad: expected leak(2), got leak(1)"* ]]
    [[ "$output" == *"Twins: 1 report"* ]]
    [[ "$output" == *"bad_fixed: expected clean, got leak(1)"* ]]
}

@test "of a bug that is never found neither schedule nor time is told: 1" {
    cat >"$BATS_TEST_TMPDIR/no.c" <<'C'
#include <vigil/scenario.h>
SCENARIO(no, .expect = EXPECT_LEAK(1))
{
}
SCENARIO(no_fixed)
{
}
C
    compile no
    run -1 "$BATS_TEST_TMPDIR/no" score --seeds 2
    [[ "$output" =~ \ no\ .*(\ +-){4}\ +0\ +0\  ]]
    [[ "$output" != *" 0 ns"* ]]
}

# The first cure computes for ever, if its message is early; the second takes
# more steps than an execution may have. Neither has said that it is clean.
@test "a cure that hangs, or is cut off in all schedules, is not silent: 1" {
    cat >"$BATS_TEST_TMPDIR/late.c" <<'C'
#include <vigil/scenario.h>
#define CLASS .class = "a class of very many words"
static void lone(chan(int) c)
{
    chan_send(c, 1);
}
SCENARIO(hangs, CLASS, .expect = EXPECT_LEAK(1))
{
    go(lone, chan_make(int, 0));
}
SCENARIO(hangs_fixed, CLASS)
{
    chan(int) c = chan_make(int, 1);
    volatile bool early;
    go(lone, c);
    early = chan_len(c) > 0;
    while (early)
        continue;
}
SCENARIO(longer, .expect = EXPECT_LEAK(1))
{
    go(lone, chan_make(int, 0));
}
SCENARIO(longer_fixed)
{
    struct go_mutex mu = {0};
    for (int i = 0; i < 100100; i++) {
        go_mutex_lock(&mu);
        go_mutex_unlock(&mu);
    }
}
C
    compile late
    run -1 "$BATS_TEST_TMPDIR/late" score --seeds 1 --schedules 4
    [[ "$output" == *" a class of very many w..      1  "*" 0  undecided, "* ]]
    [[ "$output" == *"all   "*" 0 of 2 complete, 2 undecided, "* ]]
    [[ "$output" == *"Twins: 0 reports in "*" 2 undecided, which are not sil"* ]]
    [[ "$output" == *"hangs_fixed: undecided: an execution came to no choice"* ]]
    [[ "$output" == *"longer_fixed: undecided: no execution was seen to its e"* ]]
    run -1 --separate-stderr "$BATS_TEST_TMPDIR/late" score --seeds 1 \
        --schedules 4 --json
    [ "$(jq -c '[.twin.undecided // .twins_undecided, .twins_silent]' \
        <<<"$output" | xargs)" = \
        "[true,null] [true,null] [1,0] [1,0] [2,0]" ]
}

@test "what can not be scored is told in a line: status 2" {
    run -2 "$VIGIL_BIN" score "$SCENARIO_DIR/patterns/ring"
    [[ "$output" == *"none of these has a twin"* ]]
    run -2 "$VIGIL_BIN" score --seeds 0
    [[ "$output" == *"--seeds '0' is wrong: it takes a number"* ]]
    run -2 "$VIGIL_BIN" run --seeds 2
    [[ "$output" == *"--seeds goes with score"* ]]
    run -2 "$VIGIL_BIN" run --format markdown
    [[ "$output" == *"--format markdown goes with score"* ]]
    run -2 "$VIGIL_BIN" score --repeat 2
    [[ "$output" == *"--repeat is in vain: score has --seeds"* ]]
    run -2 "$VIGIL_BIN" score --baseline x
    [[ "$output" == *"--baseline is in vain: score"* ]]
}
