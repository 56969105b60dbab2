#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
# kernels.bats - the bugs of scenarios/kernels/: their schedules still fail, as
# tests/kernels/ keeps them, word for word.
#
# In: BUILD_DIR. A report that is meant to be another one, or a new kernel:
# scripts/kernels --regold NAME, and read what it wrote.

setup()
{
    cd "$BATS_TEST_DIRNAME/.." || return
}

@test "each token replays strictly, to the report that is kept" {
    run -0 scripts/kernels
}

@test "a token replays as often as one likes, and what does not is told" {
    kernel=$(basename "$(ls tests/kernels/*.txt | head -n 1)" .txt)
    run -0 scripts/kernels --replay 3 "$kernel"
    [ "$output" = "$kernel: 3 of 3" ]
    mkdir -p "$BATS_TEST_TMPDIR/tests"
    cp -r scripts "$BATS_TEST_TMPDIR"
    cp -r tests/kernels "$BATS_TEST_TMPDIR/tests"
    cd "$BATS_TEST_TMPDIR"
    sed -i '1s/:@.*/:/' "tests/kernels/$kernel.txt"
    run -1 --separate-stderr scripts/kernels --replay 3 "$kernel"
    [ "$output" = "$kernel: 0 of 3" ]
    run -2 scripts/kernels --replay
    [[ "$output" == *"--replay '' is wrong: it takes a number"* ]]
}

@test "a token is 80 characters at most, and a report names a cause" {
    for kept in tests/kernels/*.txt; do
        echo "$kept"
        token=$(head -n 1 "$kept")
        [ ${#token} -le 80 ]
        grep -Eq '^(DEADLOCK|LEAK|LIVELOCK|PANIC), proven|^LEFT|^panic' "$kept"
        grep -q "$(basename "$kept" .txt)\.c:[0-9]" "$kept"
    done
}

@test "what is kept is of a kernel that is there" {
    for kept in tests/kernels/*.txt; do
        grep -q "^SCENARIO($(basename "$kept" .txt)," scenarios/kernels/*.c
    done
}

# A client and its workers would take turns for ever; who stops them waits.
@test "two that take turns do not use up the steps of the default schedule" {
    kernel=$BUILD_DIR/scenarios/kernels/grpc_660:grpc_660
    run -0 --separate-stderr "$VIGIL_BIN" explore --seed 1 --json "$kernel"
    run -0 jq 'select(.scenario) | .found_at, .points < 400' <<<"$output"
    [ "$(xargs <<<"$output")" = "1 true" ]
}

# The kernels, one to a line, as JSON.
list()
{
    "$BUILD_DIR/vigil" list --format json "$BUILD_DIR/scenarios/kernels"
}

@test "each kernel has a cure beside it, an origin and a class" {
    run -0 jq -r 'select(.expected != "clean") | .scenario + "_fixed"' < <(list)
    bugs=$(sort <<<"$output")
    run -0 jq -r 'select(.expected == "clean") | .scenario' < <(list)
    diff <(echo "$bugs") <(sort <<<"$output")
    run -0 jq -r 'select(.explore and .origin != "" and
        (.class | IN("resource", "communication", "mixed")) | not)
        | .scenario' < <(list)
    [ -z "$output" ]
}

@test "a report that differs, and one that is not there, are told" {
    kernel=$(basename "$(ls tests/kernels/*.txt | head -n 1)" .txt)
    mkdir -p "$BATS_TEST_TMPDIR/tests"
    cp -r scripts "$BATS_TEST_TMPDIR"
    cp -r tests/kernels "$BATS_TEST_TMPDIR/tests"
    cd "$BATS_TEST_TMPDIR"
    sed -i 's/^\(  *\)goroutine/\1task/' "tests/kernels/$kernel.txt"
    run -1 scripts/kernels "$kernel"
    [[ "$output" == *"+"*"goroutine"* ]]
    rm "tests/kernels/$kernel.txt"
    run -1 scripts/kernels "$kernel"
    [[ "$output" == *"--regold $kernel writes it"* ]]
    run -0 scripts/kernels --regold "$kernel"
    run -0 scripts/kernels "$kernel"
}
