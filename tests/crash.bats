#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
# crash.bats - what is told of a schedule that ends its process.
#
# In: VIGIL_BIN, the command; BUILD_DIR, whose tests/hostile/ has the programs.

load asked

setup()
{
    X="$BUILD_DIR/tests/hostile/crashing"
    cd "$BATS_TEST_TMPDIR"
}

@test "a crash is told with its place, goroutine, stack and table" {
    run -1 vigil explore "$X:two_places" --seed 1
    [[ "$output" =~ 'CRASH: SIGSEGV (Segmentation fault) at address 0x8, in end_by at crashing.c:'[0-9]+' ' ]]
    [[ "$output" =~ goroutine\ [23]\ \[running\]: ]]
    has 'created by scenario_two_places in goroutine 1'
    [[ "$output" =~ 'choice  b (goroutine 2)' ]]
    [[ "$output" =~ \ 1\ +update\ \&turn\ crashing.c: ]]
}

@test "a replay tells a crash as its exploration has" {
    run vigil explore "$X:two_places" --seed 1
    told=$(sed -n '/CRASH/,/^$/p' <<<"$output" | grep -v 'CRASH')
    command=$(sed -n 's/^ *reproduce: //p' <<<"$output")
    run -1 bash -c "$command"
    has "$(head -5 <<<"$told")"
    has '  choice  '
}

@test "crashes at two places are two, each told" {
    run -1 vigil explore "$X:two_places" --seed 1 --all --schedules 300
    has '2 different failures in '
    has 'CRASH: SIGABRT (Aborted), in end_by at crashing.c:'
    [ "$(grep -c 'CRASH: ' <<<"$output")" -eq 2 ]
    [[ "$output" == *'CRASH: '*'---- failure 2 of 2'*'CRASH: '* ]]
}

@test "in JSON a crash has its signal, address, site and stack" {
    vigil explore "$X:two_places" --all --schedules 300 --json | head -1 |
        jq -e '(.crash | .signal == "SEGV" and .address == "0x8" and
                .site.func == "end_by" and .goroutine > 1 and
                .stack[0].line == .site.line) and
            (.failures[1].crash | .signal == "ABRT" and .address == null)'
}

@test "who calls what is no code is known" {
    run -1 vigil explore "$X:calls_null" --seed 1
    has 'at address 0x0, in call_it at crashing.c:'
}

# exit 3 in the first, _exit 0 in the second.
@test "who ends the process is told, with status, place, stack and table" {
    for one in leaves,3,leave leaves_well,0,leave_at_once leaves_quickly,0,leave_quickly; do
        IFS=, read -r name code in <<<"$one"
        case "$(basename "$BUILD_DIR")" in
        asan | tsan) [ $name = leaves ] || continue ;; # _exit is not ours there
        esac
        run -1 vigil explore "$X:$name" --seed 1
        has "CRASH: the process ended by itself, exit status $code, in $in at"
        [[ "$output" =~ goroutine\ [23]\ \[running\]: ]]
        has "$in(...)"
        [[ "$output" =~ \ 1\ +update\ \&turn\ crashing.c: ]]
        token=$(sed -n 's/^ *reproduce: .* //p' <<<"$output")
        vigil replay "$X" "$token" --json | head -1 |
            jq -e ".crash | .signal == \"\" and .status == $code and
                .site.func == \"$in\""
    done
}

@test "a stack overflow is found like a panic" {
    run -1 vigil explore "$X:dives" --seed 1
    has 'panic: stack overflow: goroutine '
    has 'found at schedule'
}

@test "an array that is larger than a stack has not gone past the guard" {
    run -1 vigil run "$X:takes_much"
    has 'panic: stack overflow: goroutine 2 exceeds its '
    has 'take(...)'
    [[ "$output" != *"gone past its guard"* ]]
}

@test "a crash hides no data race" {
    [ -e "${X%/*}/taken_back" ] || skip "sanitizers watch accesses themselves"
    run -1 vigil explore "${X%/*}/taken_back" --seed 1
    has 'at address 0x0, in use_it at taken_back.c:'
    has 'DATA RACE: nothing orders two accesses'
    [[ "$output" =~ \ +write\ taken_back.c: ]]
}

@test "a token that leads to another crash does not fit" {
    token=$(vigil explore "$X:two_places" --seed 1 --json | head -1 | jq -r .token)
    run -2 vigil replay "$X" "${token%:*}:@1=d"
    has 'it has become another schedule'
}

@test "a signal that is sent ends a process as a fault does" {
    for one in is_sent_segv is_sent_bus; do
        run -1 vigil run "$X:$one"
        has 'expected clean, got crash'
        run -1 vigil explore "$X:$one" --seed 1
        has 'CRASH: '
    done
}

# What a sanitizer would have said is said in one execution, and in none behind.
@test "what died but once is told: how, where, and what it wrote last" {
    O="$BUILD_DIR/tests/hostile/once"
    for how in '' --isolate=fork --all; do
        run -1 vigil explore "$O:exits_once" --seed 1 --schedules 50 $how
        has 'not in the run that was to show it: the process ended by itself, exit status 66'
        has 'CRASH: the process ended by itself, exit status 66'
        has ', seed 1, and not when its choices were done again'
        has 'the last that the search wrote to standard error:'
        has '    a long report, line 999'
        has '    SUMMARY: what it was'
        [[ "$output" != *'a long report, line 10'$'\n'* ]]
    done
    has '1: crash, met 1 time, '
    vigil explore "$O:exits_once" --seed 1 --schedules 50 --all --json | head -1 |
        jq -e '.failures[0] | .verdict == "crash" and .crash.status == 66'
    vigil explore "$O:exits_once" --seed 1 --json | head -1 |
        jq -e '.crash.status == 66 and (.stderr | endswith("SUMMARY: what it was\n"))
            and (.stderr | startswith("a long report, line ")) and .token == null'
}

@test "so is who was ended by a signal, and perhaps by the kernel" {
    O="$BUILD_DIR/tests/hostile/once"
    run -1 vigil explore "$O:is_killed_once" --seed 1
    has 'CRASH: SIGKILL (Killed), perhaps by the kernel, for want of memory'
    run -1 vigil explore "$O:crashes_once" --seed 1
    has 'CRASH: ' # a sanitizer has its own words for SIGBUS
}

@test "a goroutine that ends its thread panics, explored or not" {
    case "$(basename "$BUILD_DIR")" in
    asan | tsan) skip "pthread_exit is not ours there" ;;
    esac
    run vigil run "$X:ends_thread"
    [ "$status" -eq 0 ]
    run vigil explore "$X:ends_thread"
    [ "$status" -eq 0 ]
}
