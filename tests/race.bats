#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
# race.bats - scenarios that tell their loads and stores: what comes of races.
#
# In: VIGIL_BIN, the command; BUILD_DIR, whose tests/hostile/ has the programs.

setup()
{
    X="$BUILD_DIR/tests/hostile/raced"
    R="$BUILD_DIR/scenarios/race"
    cd "$BATS_TEST_TMPDIR"
    [ -e "$X" ] || skip "no instrumented programs beside a sanitizer"
}

vigil()
{
    timeout -k 5 60 "$VIGIL_BIN" "$@"
}

has()
{
    echo "$output"
    [[ "$output" == *"$1"* ]]
}

json_of()
{
    vigil explore "$X:$1" --strategy dpor --format json 2>&1 | head -1
}

@test "what needs a race to fail is found by every strategy but delay" {
    for s in default random pct pos surw dpor; do
        run vigil explore "$R" --strategy $s --seed 5
        has '6 as expected, 0 not'
    done
}

@test "a race is told with both places, and who made the goroutines" {
    run vigil explore "$X:harmless" --strategy dpor -v
    [ "$status" -eq 0 ]
    has 'DATA RACE: nothing orders two accesses to the same memory'
    [[ "$output" =~ write\ of\ 4\ bytes\ at\ .*\ by\ goroutine\ 3,\ in\ add\ .*raced.c:11 ]]
    [[ "$output" =~ read\ of\ 4\ bytes\ at\ .*\ by\ goroutine\ 2,\ in\ add\ .*raced.c:11 ]]
    [[ "$output" =~ which\ goroutine\ 1\ made\ at\ .*raced.c:18 ]]
}

@test "races are found in variables, on stacks and on the heap" {
    for s in harmless on_stack on_heap; do
        run json_of $s
        echo "$output" | jq -e '.races | length > 0'
        echo "$output" | jq -e '.races[0].first.line == 11'
        echo "$output" | jq -e '.conditions[0] | test("there are data races")'
    done
}

@test "memory that is somebody else's now, and a thread's own, do not race" {
    for s in locked reused of_thread; do
        run json_of $s
        echo "$output" | jq -e '.races == [] and .complete'
        echo "$output" | jq -e \
            '.conditions[0] == "no data race in any execution, of instrumented loads and stores"'
    done
}

@test "a race fails a scenario only when it is asked to" {
    run vigil explore "$X:harmless"
    [ "$status" -eq 0 ]
    has '1 data race'
    run vigil explore "$X:harmless" --races error
    [ "$status" -eq 1 ]
    has '1 data race, with --races=error: one at'
    has 'DATA RACE'
    run vigil explore "$X:locked" --races=error
    [ "$status" -eq 0 ]
    run vigil explore "$X:locked" --races=maybe
    [ "$status" -eq 2 ]
    [ "${#lines[@]}" -eq 1 ]
    has "report or error"
}

@test "for what is not instrumented no races stay an assumption" {
    run vigil explore "$BUILD_DIR/tests/hostile/explored:ordered" \
        --strategy dpor --format json
    [ "$status" -eq 0 ]
    echo "${lines[0]}" | jq -e '.conditions[0] == "no data races in the scenario"'
    echo "${lines[0]}" | jq -e '.races == null'
}

@test "a failure that needs a race is replayed by its token" {
    token=$(vigil explore "$R/lost_update" --seed 1 --format json |
        head -1 | jq -er .token)
    [[ "$token" == gx1:lost_update:*:u8,@* ]]
    run vigil replay "$R/lost_update" "$token" -v
    [ "$status" -eq 0 ]
    has 'DATA RACE'
    has 'hits is 1, not 2'
}

@test "the same programs run without control" {
    run vigil run "$X" --procs 4
    [ "$status" -eq 0 ]
}
