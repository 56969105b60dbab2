#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
# livelock.bats - executions that go round, and those that only seem to.
#
# In: VIGIL_BIN, the command; BUILD_DIR, whose tests/hostile/rounds and elsewhere
# have loops that end by what one place says, and whose scenarios/livelock has
# the others.

load asked

setup()
{
    ROUNDS="$BUILD_DIR/tests/hostile/rounds"
    ELSEWHERE="$BUILD_DIR/tests/hostile/elsewhere"
    cd "$BATS_TEST_TMPDIR"
    case $(basename "$BUILD_DIR") in
    asan | tsan) skip "memory is not compared under a sanitizer" ;;
    esac
}

vigil()
{
    timeout -k 5 900 "$VIGIL_BIN" "$@"
}

# The verdict of an exploration, and the line.
explored()
{
    run vigil explore "$1" --seed "$2" --schedules "$3" --timeout 10m \
        --format json
    line=$(head -1 <<<"$output")
    verdict=$(jq -r .verdict <<<"$line")
    echo "$1: $verdict"
}

@test "each shipped livelock is found, from any seed" {
    for s in polite_locks after_you cas_retry philosophers_try_lock; do
        for seed in 1 2 3; do
            explored "$BUILD_DIR/scenarios/livelock/$s" $seed 2000
            [ "$verdict" = livelock ]
        done
    done
}

@test "behind one the search goes on, from where it was left, and calls nothing random" {
    for strategy in dpor random; do
        run vigil explore "$BUILD_DIR/tests/hostile/in_front" --all --seed 1 \
            --strategy $strategy --schedules 20 --format json
        line=$(head -1 <<<"$output")
        echo "$line"
        jq -e '.verdict == "panic" and .executions > 1 and .differs == null and
            all(.conditions[]; test("not deterministic") | not)' <<<"$line"
    done
}

@test "one behind a graver failure is told as what it is, with its report" {
    in_front="$BUILD_DIR/tests/hostile/in_front"
    run vigil explore "$in_front" --all --strategy random --schedules 20 \
        --seed 5 --format json
    line=$(head -1 <<<"$output")
    echo "$line"
    jq -e '[.failures[].verdict] == ["panic", "livelock"] and
        (.failures[1].message | test("goroutines 2 and 3 repeat"))' <<<"$line"
    run vigil explore "$in_front" --all --strategy random --schedules 20 \
        --seed 5 --verbose
    has "LIVELOCK, proven: goroutines 2 and 3 repeat"
    has "lead back to where they began"
    has "  2: livelock, met "
}

@test "no loop that ends is one, in whatever place its counter is" {
    for s in in_a_frame in_a_register in_a_variable in_a_threads on_the_heap \
        in_errno in_the_library in_a_librarys_variable in_a_channel by_chance in_a_mapping in_a_file; do
        explored "$ROUNDS:$s" 1 300
        [ "$verdict" = clean ]
    done
}

@test "who waits for the time is in none" {
    explored "$ROUNDS:by_the_clock" 1 20
    [ "$verdict" != livelock ]
}

@test "the cured twins are none in 10,000 schedules" {
    for s in polite_locks after_you cas_retry; do
        explored "$BUILD_DIR/scenarios/clean/$s" 1 10000
        [ "$verdict" = clean ]
    done
    for s in backs_off spins_until_timer waits_for_daemon; do
        explored "$BUILD_DIR/scenarios/livelock/$s" 1 10000
        [ "$verdict" = clean ]
    done
}

@test "what asks the kernel meanwhile is not claimed, and is told" {
    explored "$ROUNDS:asks_the_kernel" 1 300
    [ "$verdict" != livelock ]
    jq -e '.complete == false and (.token == null) and
        any(.conditions[]; test("goes round, but the program calls the kernel"))' \
        <<<"$line"
}

@test "what reads a clock without asking the kernel is not claimed" {
    [ "$(uname -m)" = x86_64 ] || skip "there is none elsewhere"
    explored "$ROUNDS:asks_the_processor" 1 300
    [ "$verdict" != livelock ]
}

# Not claimed, and why; with few schedules, for some of them are endless.
unclaimed()
{
    run vigil explore "$ELSEWHERE:$1" --seed 1 --schedules 4 --timeout 2s \
        --format json
    line=$(head -1 <<<"$output")
    echo "$line"
    jq -e --arg why "$2" '.verdict != "livelock" and .token == null and
        any(.conditions[]; contains($why))' <<<"$line"
}

@test "memory that is not the program's alone, or not known, is not claimed of" {
    for s in in_an_old_mapping in_shared_memory by_shared_memory \
        by_a_mapped_file; do
        unclaimed $s "memory that it has mapped or shared itself"
    done
}

@test "a clock that a library reads, however coarse, is seen" {
    for s in by_seconds by_a_coarse_clock by_the_processor; do
        unclaimed $s "the program reads a clock"
    done
}

@test "what libraries have for the program or its thread is compared" {
    for s in in_the_environment in_a_librarys_block in_a_stream \
        in_the_threads_own; do
        explored "$ELSEWHERE:$s" 1 20
        [ "$verdict" = clean ]
    done
    explored "$ELSEWHERE:for_ever" 1 20
    [ "$verdict" = livelock ]
}

@test "what the processor notes is compared, what it draws is not claimed of" {
    [ "$(uname -m)" = x86_64 ] || skip "the programs are for one of them"
    explored "$ELSEWHERE:in_flags" 1 20
    [ "$verdict" = clean ]
    grep -qw rdrand /proc/cpuinfo || skip "it draws none"
    explored "$BUILD_DIR/tests/hostile/drawn" 1 20
    [ "$verdict" = clean ]
}

@test "a daemon that goes round when main has returned is none" {
    explored "$ROUNDS:daemon_goes_round" 1 300
    [ "$verdict" = clean ]
}

@test "a livelock is told with who, what and where, and proven" {
    run vigil explore "$BUILD_DIR/scenarios/livelock/polite_locks" --seed 1 -v
    [ "$status" -eq 0 ]
    has 'fatal error: goroutines go round for ever - livelock!'
    has 'LIVELOCK, proven: goroutines 2 and 3 repeat ['
    has 'trylock to at polite_locks.c:14'
    has 'lead back to where they began'
    has 'goroutine 1 [sync.WaitGroup.Wait]'
}

@test "its token shows it again, and is confirmed again" {
    run vigil explore "$BUILD_DIR/scenarios/livelock/polite_locks" --seed 1 -v
    command=$(sed -n 's/^ *reproduce: //p' <<<"$output")
    run bash -c "$command"
    [ "$status" -eq 0 ]
    has 'LIVELOCK, proven: goroutines 2 and 3 repeat ['
}

@test "a loop that nothing ends needs no choice" {
    explored "$ROUNDS:for_ever" 1 300
    jq -e '.verdict == "livelock" and .found_at == 1 and .as_expected and
        .findings[0].shape == "livelock" and .findings[0].proven and
        (.findings[0].goroutines | length) == 2 and
        (.token | test("^gx1:for_ever:[0-9a-f]{4}:$"))' <<<"$line"
}

@test "the token of a livelock fits, wherever its round is seen" {
    local s token
    for s in spins_alone spins_two spins_beside spins_behind \
        spins_for_abandoned; do
        explored "$BUILD_DIR/tests/hostile/spins:$s" 1 200
        [ "$verdict" = livelock ]
        token=$(jq -r .token <<<"$line")
        for _ in 1 2 3 4; do
            run -0 vigil replay "$BUILD_DIR/tests/hostile/spins" "$token"
        done
    done
}

@test "it is known again wherever in its round it is seen" {
    local one=$BUILD_DIR/scenarios/livelock/cas_retry choices print="" texts=""
    for choices in "" @3=c @2=c,@5=b; do
        line=$(vigil replay "$one" "gx1:cas_retry:*:$choices" --format json |
            head -1)
        jq -e '.verdict == "livelock"' <<<"$line"
        texts+=$(jq -r '.findings[0].message' <<<"$line")$'\n'
        [ "${print:=$(jq -r .fingerprint <<<"$line")}" = \
            "$(jq -r .fingerprint <<<"$line")" ]
    done
    [ "$(sort -u <<<"$texts" | grep -c repeat)" -gt 1 ] # it was seen elsewhere
    explored "$BUILD_DIR/scenarios/livelock/after_you" 1 200
    [ "$verdict" = livelock ]
    [ "$(jq -r .fingerprint <<<"$line")" != "$print" ]
}

@test "in the very process it leads there, and fits too" {
    local one token
    for one in polite_locks after_you; do
        one="$BUILD_DIR/scenarios/livelock/$one"
        explored "$one" 1 200
        token=$(jq -r .token <<<"$line")
        VIGIL=replay=$token run -1 "$one" # by the default policy they get out
        has 'expected livelock, got clean'
        token=$(sed 's/:[0-9a-f]\{4\}:/:0000:/' <<<"$token")
        VIGIL=replay=$token run -2 "$one"
        has 'it has become another schedule'
    done
}

@test "and so does its file" {
    local spins="$BUILD_DIR/tests/hostile/spins"
    vigil explore "$spins:spins_two" --seed 1 --save two.sched
    for _ in 1 2 3 4; do
        run -0 vigil replay "$spins" two.sched
    done
}

@test "who is stuck is told before who goes round for it, and has the verdict" {
    local spins="$BUILD_DIR/tests/hostile/spins" s
    for s in spins_for_ring:2 spins_for_leak:1; do
        explored "$spins:${s%:*}" 1 200
        jq -e --argjson n ${s#*:} '.verdict == "leak" and .as_expected and
            .leaked == $n and ([.findings[].verdict] == ["leak", "livelock"])' \
            <<<"$line"
        run -0 vigil replay "$spins" "$(jq -r .token <<<"$line")" -v
        has 'LEAK, proven: '
        has 'LIVELOCK, proven: goroutine 1 repeats ['
    done
}

@test "a replay of a livelock ends where it goes round, and fits each time" {
    local spins="$BUILD_DIR/tests/hostile/spins" s token
    for s in spins_alone spins_for_ring spins_for_leak; do
        explored "$spins:$s" 1 200
        token=$(jq -r .token <<<"$line")
        for _ in {1..10}; do # nothing is played that has no end
            run -0 bash -c 'ulimit -S -t 1; exec "$0" replay "$1" "$2"' \
                "$VIGIL_BIN" "$spins" "$token"
        done
    done
}

@test "who gives way by the C library's name does so in the run" {
    explored "$BUILD_DIR/tests/hostile/gives_way:gives_way" 1 2000
    [ "$verdict" = clean ]
    for seed in 1 2 3; do
        explored "$BUILD_DIR/tests/hostile/gives_way:gives_way_in_vain" $seed 2000
        [ "$verdict" = livelock ]
    done
}
