#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
# answers.bats - the time and random numbers, as a program in a controlled run
# gets them from the C library.
#
# In: VIGIL_BIN, the command; BUILD_DIR, whose tests/hostile has the programs.

load asked

setup()
{
    ROOT=$PWD
    ASKS="$BUILD_DIR/tests/hostile/asks"
    cd "$BATS_TEST_TMPDIR"
    case $(basename "$BUILD_DIR") in
    asan | tsan) skip "a sanitizer has these names itself" ;;
    esac
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

@test "a token that is played in the very process gets the same answers" {
    token=$(vigil explore "$ASKS:unlucky" --seed 1 --format json | head -1 | jq -er .token)
    VIGIL=replay=$token run "$ASKS"
    [ "$status" -eq 0 ]
    has 'panic: unlucky'
    VIGIL=replay=gx1:times:*: run "$ASKS"
    [ "$status" -eq 0 ]
}

@test "so does a program with go_main that has the harness library" {
    cat >asking.c <<'END'
#include <stdlib.h>
#include <time.h>
#include <vigil/go.h>

static int body(void)
{
    go_sleep(5 * GO_SECOND);
    if (time(NULL) != 1704067205)
        return 100;
    return 10 + rand() % 7;
}

int main(void)
{
    return go_main(body);
}
END
    ${CC:-gcc} -std=gnu11 -g -I"$ROOT/runtime/include" asking.c -L"$BUILD_DIR" \
        -Wl,--no-as-needed -lvigil-harness -lvigil -Wl,-rpath,"$BUILD_DIR" -pthread -o asking
    VIGIL=clock=virtual,replay=gx1:asking:*: run ./asking
    echo "status $status: $output"
    first=$status
    [ "$first" -ge 10 ]
    [ "$first" -lt 17 ]
    VIGIL=clock=virtual,replay=gx1:asking:*:@1=r1 run ./asking # one more than that
    echo "status $status: $output"
    [ "$status" -eq $(((first - 10 + 1) % 7 + 10)) ]
}
