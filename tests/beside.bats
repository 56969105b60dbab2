#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
# beside.bats - what is stuck beside somebody who goes on for ever is found.
#
# In: VIGIL_BIN, the command; BUILD_DIR, whose tests/hostile/beside has each of
# them, and its cure NAME_fixed; where main goes on, tests/hostile/goes_on,
# serves and left_behind; beside what comes from outside, comes_late; where the
# run that is shown comes to no end, unshown.

load asked

setup()
{
    X="$BUILD_DIR/tests/hostile/beside"
    Y="$BUILD_DIR/tests/hostile/goes_on"
    cd "$BATS_TEST_TMPDIR"
    case $(basename "$BUILD_DIR") in
    tsan) skip "executions of so many steps take too long" ;;
    esac
}

# explored NAME SEED [SCHEDULES]: the line of an exploration, that ends by them.
explored()
{
    vigil explore "$X:$1" --seed "$2" --schedules "${3:-300}" --timeout 10m \
        --format json | head -1
}

@test "a deadlock is found beside a heartbeat, daemons and loops that wait" {
    for name in heartbeat sleeper yielder poller spinner; do
        for seed in 1 2 3; do
            explored $name $seed | jq -e '.verdict == "deadlock" and .as_expected'
        done
    done
}

@test "a leak is found beside daemons that go on after main's return" {
    for name in leak_sleeper leak_yielder; do
        explored $name 1 | jq -e '.verdict == "leak" and .as_expected'
    done
}

@test "who spins after main's return is left" {
    explored left 1 | jq -e '.verdict == "left" and .as_expected'
    vigil explore "$X:left" --all --schedules 5 --format json | head -1 | jq -e '
        [.. | strings] | any(test("took turns by no choice when main was over"))
        and all(test("the clock went on") | not)'
}

@test "beside all these, who is not stuck is not told of" {
    run vigil explore "$X" --filter '*_fixed' --schedules 300
    [ "$status" -eq 0 ]
    has '8 as expected, 0 not'
}

@test "the token of what a look has proven is replayed, and ends the same" {
    for name in heartbeat yielder spinner leak_yielder; do
        token=$(explored $name 1 | jq -er .token)
        for i in 1 2 3; do
            vigil replay "$X" "$token" --seed 1 --format json | head -1 |
                jq -e '.as_expected, .clock_ns, .findings' >"$name.$i"
            cmp "$name.1" "$name.$i"
        done
    done
}

@test "an execution that a look has ended is not all that may happen" {
    vigil explore "$X:heartbeat" --strategy dpor --all --format json |
        head -1 | jq -e '.verdict == "deadlock" and (.complete | not)'
}

@test "a replay that goes on for ever ends by what is proven, as the report says" {
    token=$(explored yielder 1 | jq -er .token)
    run vigil replay "$X" "$token" --seed 1 -v
    has 'fatal error: goroutine 1 can never run again - deadlock!'
    has 'DEADLOCK, proven: 2 goroutines wait in a ring'
}

@test "a ring of locks is a leak beside a main that goes on" {
    X=$Y
    for name in sleeps ticks polls; do
        explored $name 1 | jq -e '.verdict == "leak" and .as_expected'
    done
}

@test "beside a main that goes on, who is not stuck is not told of" {
    run vigil explore "$Y" --filter '*_fixed' --schedules 20
    [ "$status" -eq 0 ]
    has '2 as expected, 0 not, 1 undecided' # for its executions are cut off
}

@test "a leak beside a main that goes on is replayed, and ends the same" {
    for name in sleeps polls; do
        token=$(X=$Y explored $name 1 | jq -er .token)
        for i in 1 2 3; do
            vigil replay "$Y" "$token" --seed 1 --format json | head -1 |
                jq -e '.as_expected, .clock_ns, .findings' >"$name.$i"
            cmp "$name.1" "$name.$i"
        done
    done
    run vigil replay "$Y" "$token" --seed 1 -v
    has 'goroutines can never run again, and goroutine 1 goes on - leak!'
    has 'LEAK, proven: 2 goroutines wait in a ring'
}

@test "a right main that never ends is undecided, and no time-out" {
    X="$BUILD_DIR/tests/hostile/serves"
    for name in serves_calls serves_ticks serves_naps; do
        vigil explore "$X:$name" --seed 1 --schedules 10 --format json |
            head -1 | jq -e '.verdict == "undecided" and .undecided and
                .unended == 10 and .executions == 10'
    done
}

@test "the C library's sleeps take the run's time" {
    X="$BUILD_DIR/tests/hostile/serves"
    vigil explore "$X:naps" --strategy dpor --format json | head -1 |
        jq -e '.verdict == "clean" and .complete'
}

@test "what a search has noted of an object is nobody's hold on it" {
    X="$BUILD_DIR/tests/hostile/serves"
    for seed in 1 2 3; do
        explored forgets_box $seed |
            jq -e '.verdict == "leak" and .as_expected and .found_at == 1'
    done
}

@test "a try that meets nobody, though somebody stands there, is done again" {
    X="$BUILD_DIR/tests/hostile/serves"
    for strategy in default random dpor; do
        vigil explore "$X:lost_try" --strategy $strategy --format json |
            head -1 >found
        jq -e '.verdict == "deadlock" and .as_expected' found
        run vigil replay "$X" "$(jq -r .token found)"
        [[ $output == *"all goroutines are asleep"* ]]
    done
}

@test "who is left behind main's return hides nothing that is graver" {
    X="$BUILD_DIR/tests/hostile/left_behind"
    for seed in 1 2 3; do
        explored left_and_ring $seed |
            jq -e '.verdict == "deadlock" and .as_expected'
        explored left_alone $seed | jq -e '.as_expected and .found_at == 1'
    done
}

@test "the exhaustive search looks, where it does not try every round of a loop" {
    for name in yielder poller spinner; do
        vigil explore "$X:$name" --strategy dpor --format json | head -1 |
            jq -e '.verdict == "deadlock" and .as_expected'
    done
}

@test "who waits for a time behind main's return hides nothing that is graver" {
    X="$BUILD_DIR/tests/hostile/left_behind"
    for seed in 1 2 3; do
        for name in ticks beats tries; do
            explored ${name}_and_ring $seed |
                jq -e '.verdict == "deadlock" and .as_expected'
            explored ${name}_alone $seed |
                jq -e '.as_expected and .found_at == 1'
        done
        explored ticks_and_leak $seed |
            jq -e '.verdict == "leak" and .as_expected and .left == 1'
    done
}

@test "of all failures the gravest has the verdict, and is the first" {
    X="$BUILD_DIR/tests/hostile/left_behind"
    for seed in 1 2 3; do
        vigil explore "$X:gravest" --seed $seed --schedules 300 --all \
            --format json | head -1 | tee all |
            jq -e '.verdict == "deadlock" and .as_expected and
                .failures[0].token == .token and
                ([.failures[].verdict] | unique) ==
                    ["deadlock", "leak", "left"] and
                ([.failures[].verdict] ==
                    ([.failures[].verdict] | sort))'
        explored gravest $seed |
            jq -e '.verdict == "deadlock" or .verdict == "leak"'
    done
    run -0 vigil replay "$X" "$(jq -r .token all)"
}

@test "main that waits beside a daemon for ever is named, and not called clean" {
    X="$BUILD_DIR/tests/hostile/waits"
    explored waits_signal 1 20 | jq -e '.verdict == "likely" and .undecided and
        .unended < .executions and .waiting.times > 0 and
        .waiting.times <= .unended and .waiting.goroutine == 1 and
        .waiting.op == "cond wait" and (.waiting.text | test("&cond waits.c")) and
        (.waiting.site.file | test("waits.c")) and
        (.note | test("goroutine 1 waits .cond wait &cond waits.c:"))'
    explored waits_unit 1 20 |
        jq -e '.undecided and (.waiting.text | test("acquire &units"))'
    explored waits_gate 1 20 |
        jq -e '.undecided and (.waiting.text | test("barrier &gate"))'
    run -0 vigil explore "$X:waits_unit" --schedules 20
    has 'likely'
    has 'main waits: acquire &units waits.c:'
    has 'undecided  incomplete'
    run -1 vigil explore "$X:waits_unit" --schedules 20 --strict
    has 'goroutine 1 waits (acquire &units waits.c:'
}

@test "main that comes to its end, or only waits often, is not named" {
    X="$BUILD_DIR/tests/hostile/waits"
    for name in waits_signal_fixed waits_unit_fixed waits_gate_fixed; do
        explored $name 1 | jq -e '.as_expected and .waiting == null'
    done
    vigil explore "$X:waits_often" --seed 1 --schedules 20 --format json |
        head -1 | jq -e '.unended > 0 and .waiting == null'
}

@test "daemons that talk for ever behind main's return hold nothing up" {
    X="$BUILD_DIR/tests/hostile/chatter"
    for name in meets echoes; do
        explored $name 1 | jq -e '.verdict == "clean" and .as_expected and
            .unended == 0 and (.complete | not) and .executions == 300 and
            any(.conditions[]; test("daemons went on when all else was over"))'
    done
}

@test "and hide nobody who is none of them, nor what they do themselves" {
    X="$BUILD_DIR/tests/hostile/chatter"
    for seed in 1 2 3; do
        explored echoes_and_leak $seed | jq -e '.verdict == "leak" and .as_expected'
        explored echoes_and_left $seed 10 | jq -e '.verdict == "left" and .as_expected'
        explored echoes_and_panic $seed |
            jq -e '.verdict == "panic" and .as_expected'
    done
}

@test "what is stuck beside who waits for the world outside is proven" {
    X="$BUILD_DIR/tests/hostile/comes_late"
    for name in ring ring_call leak leak_never panic panic_call spinner; do
        explored $name 1 >found
        jq -e '.as_expected and (.undecided | not)' found
        token=$(jq -er .token found)
        vigil replay "$X" "$token" --seed 1 --format json | head -1 |
            jq -e .as_expected
    done
}

@test "and nobody else; the clock may be early there as anywhere" {
    X="$BUILD_DIR/tests/hostile/comes_late"
    for name in ring_fixed leak_fixed panic_fixed spinner_fixed; do
        explored $name 1 | jq -e '.as_expected and .executions > 200'
    done
    vigil explore "$X" --filter '*_call_fixed' --schedules 20 --format json |
        head -2 | jq -es 'all(.as_expected and .executions == 20)'
    vigil explore "$X:leak_never_fixed" --format json | head -1 | jq -e .as_expected
}

@test "who is left at a descriptor ends an execution, and not the search" {
    X="$BUILD_DIR/tests/hostile/comes_late"
    local apart
    for apart in '' --isolate=fork; do
        vigil explore "$X:leak_never_fixed" --all --schedules 8 $apart \
            --format json | head -1 | jq -e '.as_expected and .executions == 8 and
                .frequency.of < 8 and
                .failures[0].times == 8 and (.complete | not) and
                all(.conditions[]; test("the search was ended") | not)'
        vigil explore "$X:left_and_ring" --all --schedules 12 --seed 1 $apart \
            --format json | head -1 | tee all | jq -e '.as_expected and
                ([.failures[].verdict] | unique) == ["deadlock", "left"]'
    done
    jq -r '.failures[].token' all >tokens
    while read -r token; do
        vigil replay "$X" "$token" --format json | head -1 | jq -r .verdict
    done <tokens | sort -u | diff - <(printf 'deadlock\nleft\n')
}

@test "who is stuck when the time is up is told as who waits" {
    run -1 vigil explore "$BUILD_DIR/tests/hostile/comes_late:never" --timeout 2s
    has 'expected clean, got timeout'
    has 'LEAK, proven: 1 goroutine waits for itself'
    has 'goroutine 3 waits to lock mutex "first"'
    has 'goroutine 3 [sync.Mutex.Lock]:'
    [[ "$output" != *'can run'* ]]
}

@test "main that waits for what never comes ends no search, and is named" {
    X="$BUILD_DIR/tests/hostile/silent"
    vigil explore "$X:silent_or_stuck" --seed 1 --format json | head -1 |
        jq -e '.verdict == "deadlock" and .as_expected'
    vigil explore "$X:silent" --seed 1 --schedules 4 --timeout 20s \
        --format json | head -1 |
        jq -e '.verdict == "likely" and .undecided and .executions == 4 and
            .unended == .executions and .waiting.goroutine == 1 and
            any(.conditions[];
                test("2 executions cut off, for nothing came from outside for 2 s")
                and test("for 100 ms where others had waited for it in vain")
                and test("main waits: io fd silent.c:"))'
    vigil explore "$X:silent_at_times" --seed 1 --schedules 8 --timeout 20s \
        --format json | head -1 | jq -e '.verdict == "likely" and .undecided and
            .unended < .executions and .waiting.times > 0 and
            (.waiting.text | test("io fd silent.c:")) and
            (.note | test("goroutine 1 waits .* what comes from outside"))'
}

@test "the run that is shown waits for what never comes as its search did" {
    run -1 vigil explore "$BUILD_DIR/tests/hostile/silent:silent" --seed 1 \
        --schedules 1 --timeout 60s --strict
    has 'expected clean, got likely'
    has 'silence: nobody can go on but for what comes from outside'
    has 'goroutine 1 waits for fd'
    has 'goroutine 2 [sync.Mutex.Lock]:'
    [[ "$output" != *'can run'* ]]
}

@test "what a search knows is its verdict, though the run shown has no end" {
    X="$BUILD_DIR/tests/hostile/unshown"
    run -1 vigil explore "$X" --timeout 2s --jobs 3 --format json
    echo "$output" >all
    jq -se '[.[] | select(.scenario) | {(.scenario):
                [.verdict, .as_expected, .found_at]}] | add == {
            unshown: ["clean", true, 0],
            unshown_deadlock: ["deadlock", true, 1],
            unshown_leak: ["leak", false, 1]}' all
    jq -se '.[2].why == "a schedule failed, and there was no time to show it"
            and all(.[0:3][]; .note | test("came to no end within 2.00 s"))' all
}

@test "who is stuck beside main is a leak where nothing comes from outside" {
    X="$BUILD_DIR/tests/hostile/silent"
    local apart
    for apart in '' --isolate=fork; do
        vigil explore "$X:silent_beside_stuck" --seed 1 $apart --format json |
            head -1 | tee found |
            jq -e '.verdict == "leak" and .as_expected and (.undecided | not)'
    done
    run -0 vigil replay "$X" "$(jq -r .token found)" --seed 1 -v
    has 'goroutines can never run again, and goroutine 1 goes on - leak!'
    has 'LEAK, proven: 1 goroutine waits for itself'
}

@test "looks do not hold up the virtual clock beside who waits for a descriptor" {
    for procs in 1 4; do
        run -0 vigil run "$BUILD_DIR/tests/hostile/comes_late:deadline" --procs $procs
        has '1 as expected'
    done
}
