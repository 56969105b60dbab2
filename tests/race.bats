#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
# race.bats - scenarios that tell their loads and stores: what comes of races.
#
# In: VIGIL_BIN, the command; BUILD_DIR, whose tests/hostile/ has the programs.

load asked

setup()
{
    X="$BUILD_DIR/tests/hostile/raced"
    R="$BUILD_DIR/scenarios/race"
    cd "$BATS_TEST_TMPDIR"
    [ -e "$X" ] || skip "no instrumented programs beside a sanitizer"
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

@test "word that comes by way of the kernel orders, by whatever name" {
    for s in polls polls_masked receives sized vectors placed moved found queued \
             streamed; do
        vigil explore "$BUILD_DIR/tests/hostile/by_kernel:$s" --schedules 300 \
            --format json | head -1 | jq -e '.as_expected and .races == [] and
                .executions > 1 and (.complete | not) and
                any(.conditions[]; test("the kernel was asked"))'
    done
}

@test "a race fails a scenario only when it is asked to" {
    run vigil explore "$X:harmless"
    [ "$status" -eq 0 ]
    has '1 data race'
    run vigil explore "$X:harmless" --races error
    [ "$status" -eq 1 ]
    has '1 data race, with --races=error: one at raced.c:11'
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

# Its first condition; whether it is complete, and how many races.
told_of()
{
    vigil explore "$BUILD_DIR/tests/hostile/apart:$1" --strategy dpor --timeout 10m \
        --format json 2>&1 | head -1 |
        jq -r '"\(.complete) \(.races | length) \(.conditions[0])"'
}

@test "what the C library's locks keep apart does not race, and that is a fact" {
    for s in mutex deferred callback c11 rwlock spinlock once semaphore cond \
        recursive; do
        run told_of ${s}_orders
        has 'true 0 no data race in any execution'
    done
    run told_of lock_over_a_yield
    has 'true 0 no data race in any execution'
}

@test "what they do not keep apart does" {
    for s in mutexes_race readers_race once_races semaphore_races race_beside_a_lock bare; do
        run told_of $s
        [[ "$output" =~ ^true\ [1-9] ]]
        has 'there are data races'
    done
}

@test "what comes by way of the kernel orders, and limits the claim" {
    for s in pipe eventfd signal; do
        run told_of ${s}_orders
        has 'false 0 '
        [[ "$output" != *'could not be watched'* ]]
    done
    run told_of child_orders
    has ' 0 no data races in what could not be watched: other orders of what is asked of the kernel'
    run told_of pipe_races
    [[ "$output" =~ ^false\ [1-9] ]]
}

@test "where what orders can not be followed no race is told, and why not" {
    run told_of thread
    has " 0 no data races in what could not be watched: what threads of the program's own do"
    run told_of handler
    has ' 0 no data races in what could not be watched: what signal handlers do'
}

@test "who waits for a thread of the program's own, or a handler, is not stuck" {
    for s in thread_lets_go handler_posts; do
        run vigil explore "$BUILD_DIR/tests/hostile/apart:$s" --schedules 5
        [ "$status" -eq 0 ]
        has 'others than goroutines were waited for'
    done
}

@test "thousands of goroutines are told apart; of too many that is told" {
    run vigil explore "$X:thousands" --strategy random --schedules 1 --format json
    has '"no data race was seen in instrumented code"'
    run vigil explore "$X:too_many" --strategy random --schedules 1 --format json
    has 'could not be watched: what needs too much memory'
}

@test "with vigil linked into the program no race is told" {
    local o="$BUILD_DIR/obj/tests/hostile/apart.o"
    ${CC:-gcc} "$o" "$BUILD_DIR/libvigil-harness.a" "$BUILD_DIR/libvigil.a" \
        -lunwind -ldw -ljansson -pthread -o static
    vigil explore ./static:bare --strategy dpor --format json | head -1 |
        jq -e '.races == [] and (.conditions[0] | test("locks of the C library, for they are not ours"))'
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

@test "a failure that ends before the second access tells the race of others" {
    run vigil explore "$X:not_yet" --seed 1 -v
    [ "$status" -eq 0 ]
    has 'in other schedules:'
    [[ "$output" =~ read\ of\ 4\ bytes\ at\ .*\ by\ goroutine\ 1,\ in ]]
    run vigil explore "$R/lost_update" --seed 1 -v
    has 'DATA RACE'
    [[ "$output" != *'in other schedules:'* ]]
}

@test "all races that are counted are told, by names without folders" {
    run vigil explore "$X:published" --seed 7 -v
    [ "$status" -eq 0 ]
    [[ "$output" =~ ,\ ([0-9]+)\ data\ races ]]
    [ "${BASH_REMATCH[1]}" -eq "$(grep -c 'DATA RACE:' <<<"$output")" ]
    has ', in use_made  at raced.c:'
    has 'which goroutine 1 made at raced.c:'
}

@test "the same programs run without control" {
    run vigil run "$X" --procs 4
    [ "$status" -eq 0 ]
}

@test "what the C library copies and fills races with loads and stores" {
    for s in copied:memcpy copied_to:memcpy copied_checked:__memcpy_chk \
        moved:memmove filled:memset copied_text:strcpy; do
        run json_of "${s%:*}"
        line=$(grep -n "^    ${s#*:}([&ht]" \
            "$BATS_TEST_DIRNAME/hostile/raced.c" | head -1 | cut -d: -f1)
        echo "$output" | jq -e --argjson at "$line" \
            '.complete and ([.races[] | .first, .second | .line] | index($at))'
    done
}

@test "what the C library reads and joins races with stores, up to its answer" {
    X="$BUILD_DIR/tests/hostile/texts"
    for s in stpcpy strncpy strcat strlen strnlen memcmp strcmp strncmp memchr \
        strchr strrchr; do
        run json_of "races_$s"
        line=$(grep -n "^OF($s," "$BATS_TEST_DIRNAME/hostile/texts.c" | cut -d: -f1)
        echo "$output" | jq -e --argjson at "$line" \
            '.complete and ([.races[] | .first, .second | .line] | index($at))'
        run json_of "locked_$s"
        echo "$output" | jq -e '.complete and .races == []'
    done
    run json_of beginnings
    echo "$output" | jq -e '.complete and .races == []'
    run vigil explore "$X:results"
    [ "$status" -eq 0 ]
}

@test "errno is each goroutine's own" {
    run json_of of_errno
    echo "$output" | jq -e '.races == [] and .complete'
    echo "$output" | jq -e '.conditions[0] | test("^no data race in any execution")'
}

@test "copies with a lock, of other bytes, or with each other do not race" {
    for s in copied_locked copied_beside two_copies; do
        run json_of $s
        echo "$output" | jq -e '.races == [] and .complete'
    done
}

@test "a copy does not hide the store before it" {
    run vigil explore "$X:copied_over" --schedules 1 --format json
    head -1 <<<"$output" | jq -e '.races | length > 0'
}

@test "a copy may find what is half written" {
    run json_of torn
    echo "$output" | jq -e '.verdict == "panic" and .as_expected'
}

@test "a loop that waits for a plain flag is one, and what came before is tried" {
    run vigil explore "$X:flag" --strategy dpor
    [ "$status" -eq 0 ]
    has 'of a loop that waits not every number of rounds is tried'
    [[ "$output" != *'cut off'* ]]
    run vigil explore "$X:not_yet" --strategy dpor
    [ "$status" -eq 0 ]
    has 'found at schedule'
}

@test "of an execution that goes on for ever not all races are looked at" {
    run vigil explore "$X:endless" --strategy dpor --schedules 100 --timeout 10m
    has 'of more than 100000 steps cut off'
    [[ "$output" != *'did not come to a choice'* ]]
}
