#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
# answers.bats - the time and random numbers, as a program in a controlled run
# gets them from the C library.
#
# In: VIGIL_BIN, the command; BUILD_DIR, whose tests/hostile has the programs.

setup()
{
    ASKS="$BUILD_DIR/tests/hostile/asks"
    cd "$BATS_TEST_TMPDIR"
    case $(basename "$BUILD_DIR") in
    asan | tsan) skip "a sanitizer has these names itself" ;;
    esac
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

@test "all clocks are the run's, and exact" {
    for strategy in default random dpor; do
        run vigil explore "$ASKS:times" --seed 1 --schedules 300 \
            --strategy $strategy
        [ "$status" -eq 0 ]
    done
}

@test "a loop that only asks for the time ends" {
    run vigil explore "$ASKS:polls" --seed 1 --schedules 20
    [ "$status" -eq 0 ]
}

@test "a random number is a choice: found, shrunk, replayed" {
    run vigil explore "$ASKS:unlucky" --seed 1 -v
    [ "$status" -eq 0 ]
    has 'panic: unlucky'
    command=$(sed -n 's/^ *reproduce: //p' <<<"$output")
    run bash -c "$command"
    [ "$status" -eq 0 ]
    has 'panic: unlucky'
}

@test "every source of numbers shows both sides" {
    run vigil explore "$ASKS:coin" --seed 1
    [ "$status" -eq 0 ]
}

@test "trying all tries two of each, and claims nothing" {
    run vigil explore "$ASKS:unlucky" --strategy dpor --format json
    head -1 <<<"$output" | jq -e '.complete == false and .executions <= 8'
}

@test "the default schedule draws what the seed says, in every process" {
    run -0 vigil replay "$ASKS" 'gx1:drawn:*:'
    first=$(grep -oE 'drawn [0-9]+ [0-9]+' <<<"$output")
    read -r _ a b <<<"$first"
    [ "$a" = "$b" ]
    run -0 vigil replay "$ASKS" 'gx1:drawn:*:'
    [ "$(grep -oE 'drawn [0-9]+ [0-9]+' <<<"$output")" = "$first" ]
}

@test "in a plain run they are the C library's" {
    run -0 vigil run "$ASKS:drawn" -v
    has 'drawn 71876166 71876166'
}

@test "a program's own rand and time stay its own" {
    run vigil explore "$BUILD_DIR/tests/hostile/ownrand" --schedules 50
    [ "$status" -eq 0 ]
    run vigil run "$BUILD_DIR/tests/hostile/ownrand"
    [ "$status" -eq 0 ]
}
