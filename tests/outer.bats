#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
# outer.bats - locks of the C library between goroutines, as they are explored.
#
# In: VIGIL_BIN, the command; BUILD_DIR, whose tests/hostile/outer (mutexes),
# outer_cond and outer_others are explored, and outer_beside, where a daemon
# goes on beside them.

load asked

setup()
{
    X="$BUILD_DIR/tests/hostile/outer"
    cd "$BATS_TEST_TMPDIR"
    [ -e "$X" ] || skip "a sanitizer has these names"
}

@test "what goes wrong with them is found, and what is right is silent" {
    run vigil run "$X" "${X}_cond" "${X}_others" --seed 1
    [ "$status" -eq 0 ]
    has ' as expected, 0 not'
    [[ "$output" != *undecided* ]]
    [[ "$output" != *'not deterministic'* ]]
}

@test "a ring is proven, with its places" {
    run vigil explore "$X:ring" -v
    [ "$status" -eq 0 ]
    has 'DEADLOCK, proven: 2 goroutines wait in a ring'
    has 'goroutine 3 waits to lock mutex &a  at outer.h'
    [[ "$output" =~ goroutine\ 2\ waits\ to\ lock\ mutex\ \&b.*\ at\ outer.h:2[0-9] ]]
    [[ "$output" =~ held\ by\ goroutine\ 3\ \(stuck,\ below\),\ locked\ at\ outer.h:2[0-9] ]]
    has 'decisive: c (goroutine 3): lock &b outer.h'
    [[ "$output" != *interpose* ]]
}

@test "a signal that comes too soon is lost, and told so" {
    run vigil explore "${X}_cond:lost" -v
    has 'waits for a signal of cond'
    has 'last signalled at outer_cond.c'
}

@test "what was made anew has no past" {
    run vigil explore "$BUILD_DIR/tests/hostile/afresh" -v
    [ "$status" -eq 0 ]
    has 'waits for a signal of cond'
    [[ "$output" != *'last signalled'* ]]
}

@test "who waits for what a thread may do is no failure" {
    for s in sent counted; do
        run vigil explore "$BUILD_DIR/tests/hostile/helped:$s" --schedules 20
        [ "$status" -eq 0 ]
        has '  ok  incomplete, 20 schedules: '
    done
    run vigil explore "$BUILD_DIR/tests/hostile/helped:waits" --timeout 2s
    [ "$status" -eq 1 ]
    has 'expected clean, got timeout'
    has "1 thread of the program's own"
    [[ "$output" != *'found at'* ]]
}

@test "nor is it clean, when all its schedules were cut off" {
    run vigil explore "$BUILD_DIR/tests/hostile/helped:waits" --schedules 1 \
        --timeout 12s
    [ "$status" -eq 1 ]
    has 'expected clean, got timeout'
    has "1 thread of the program's own"
    has 'incomplete, 1 schedule: in 1 execution others than goroutines were'
}

@test "who has to do with what is outside is never explored to the end" {
    local clean="$BUILD_DIR/scenarios/clean"
    for s in "$BUILD_DIR/tests/hostile/helped:aside" \
        "$BUILD_DIR/tests/hostile/explored:waits_outside" \
        "$clean/io_wait" "$clean/thread_beside_a_leak:thread_beside_a_leak"; do
        vigil explore "$s" --strategy dpor --timeout 3s --format json |
            head -1 | jq -e '(.as_expected or .undecided) and
                (.complete | not) and .differs == null and
                any(.conditions[]; test("something came from outside"))'
    done
}

@test "what the kernel is asked is never explored to the end" {
    kernel="$BUILD_DIR/tests/hostile/kernel"
    for strategy in default dpor; do
        for s in reads draws streams looks uses clocked alarmed changes; do
            vigil explore "$kernel:$s" --strategy $strategy --schedules 300 \
                --format json | head -1 | jq -e '.as_expected and
                    (.complete | not) and
                    any(.conditions[]; test("the kernel was asked"))'
        done
        run vigil explore "$kernel:prints" --strategy $strategy
        has 'ok  complete, '
    done
}

@test "the kernel is asked before and after others, and who waits for it waits" {
    K="$BUILD_DIR/tests/hostile/kernel_order"
    for strategy in default dpor; do
        run vigil explore "$K" --strategy $strategy --schedules 300 --seed 1
        [ "$status" -eq 0 ]
        has '11 as expected, 0 not'
        [[ "$output" != *'cut off'* ]]
    done
    run vigil explore "$K:too_soon" --seed 1 -v
    has 'decisive: c (goroutine 3): ask '
    command=$(sed -n 's/^ *reproduce: //p' <<<"$output")
    run -0 bash -c "$command"
    has 'panic: nothing is there'
}

@test "what is asked for has all its names: for files of 64 bits, checked buffers" {
    local name other
    nm -D --defined-only "$BUILD_DIR/libvigil-harness.so" | awk '{ print $3 }' >ours
    nm -D --defined-only "$(ldd "$BUILD_DIR/vigil" | awk '/libc\.so/ { print $3 }')" |
        awk '{ sub("@.*", "", $3); print $3 }' >libc
    while read -r name; do
        for other in "${name}64" "__${name}_chk" "__${name}_2"; do
            ! grep -qxF "$other" libc || grep -xF "$other" ours
        done
    done <ours
    grep -qxF stat64 ours
    grep -qxF __poll_chk ours
}

@test "a descriptor is asked before and after others, and that is not all" {
    for strategy in default dpor; do
        for s in polls_too_soon polls_too_late; do
            run vigil explore "$BUILD_DIR/tests/hostile/asks_io:$s" \
                --strategy $strategy --seed 1
            [ "$status" -eq 0 ]
            has ' panic '
            run vigil explore "$BUILD_DIR/tests/hostile/asks_io:polls" \
                --strategy $strategy --seed 1
            has 'ok  incomplete, '
        done
    done
}

@test "what comes from outside is seen when no choice is left, too" {
    for s in thread_posts child_posts handler_posts; do
        run vigil replay "$BUILD_DIR/tests/hostile/helped" "gx1:$s:*:" \
            --timeout 10m
        [ "$status" -eq 0 ]
        has '1 as expected, 0 not'
    done
}

@test "a signal that is ignored helps nobody, a handler may" {
    local s
    for s in ignores asks handles; do
        vigil explore "$BUILD_DIR/tests/hostile/ignores:$s" --timeout 10s --seed 1 \
            --format json | head -1 | jq -e '.as_expected and (.undecided | not)'
    done
}

@test "nor is who waits for what another process may do" {
    run vigil explore "$BUILD_DIR/tests/hostile/helped:child_could" --timeout 2s
    [ "$status" -eq 1 ]
    has 'expected clean, got timeout'
    [[ "$output" != *proven:* ]]
}

@test "what no thread can help is proven beside it" {
    run vigil explore "$BUILD_DIR/tests/hostile/helped:ring" -v
    [ "$status" -eq 0 ]
    has 'DEADLOCK, proven: 1 goroutine waits for itself'
}

@test "the failures are replayed by their tokens, again and again" {
    for s in :ring _cond:one_condition _others:upgrade _others:once_across \
        _others:one_too_few _others:no_unit; do
        token=$(vigil explore "$X$s" --seed 1 --format json |
            head -1 | jq -er .token)
        run vigil replay "$X${s%:*}" "$token" --repeat 10
        [ "$status" -eq 0 ]
        [[ "$output" != *FAIL* ]]
    done
}

@test "what is right is known for all its schedules" {
    for s in :in_order :recursive _others:phases _others:once _others:one_unit \
        _others:stream _others:spin; do
        run vigil explore "$X$s" --strategy dpor
        [ "$status" -eq 0 ]
        has 'complete, '
        [[ "$output" != *incomplete* ]]
    done
}

@test "a reader passes by a writer that waits, in every schedule" {
    run vigil explore "${X}_others:readers_pass" --strategy dpor
    [ "$status" -eq 0 ]
    has 'complete, '
}

@test "time that a wait may take is the run's" {
    run vigil explore "$X:late" --schedules 100
    [ "$status" -eq 0 ]
    run vigil explore "${X}_cond:in_time" --schedules 100
    [ "$status" -eq 0 ]
}

@test "threads are named when they may be why a failure is not seen again" {
    run vigil explore "$X:beside_a_thread" --schedules 3
    [ "$status" -eq 1 ]
    [[ "$output" =~ threads\ that\ the\ program\ starts\ \(.*outer.c:[0-9]+\)\ run\ outside\ of\ the\ schedule ]]
}

@test "who is stuck in them beside a daemon that goes on is found" {
    X="$BUILD_DIR/tests/hostile/outer_beside"
    for s in mutexes rwlocks no_post; do
        for seed in 1 2; do
            vigil explore "$X:$s" --seed $seed --schedules 300 --format json |
                head -1 | jq -e '.verdict == "deadlock" and .as_expected'
        done
    done
}

@test "and who has to wait for long there is not" {
    X="$BUILD_DIR/tests/hostile/outer_beside"
    run vigil explore "$X" --filter '*_fixed' --schedules 40
    [ "$status" -eq 0 ]
    has '4 as expected, 0 not'
}
