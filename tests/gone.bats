#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
# gone.bats - what is waited for in memory that was given back: nothing is
# believed of it, and nobody dies of it.
#
# In: VIGIL_BIN, the command; BUILD_DIR, whose tests/hostile/ has the program.

setup()
{
    P="$BUILD_DIR/tests/hostile/gone"
    cd "$BATS_TEST_TMPDIR"
}

@test "of what is unmapped, protected or overwritten nothing is claimed, nothing written to it" {
    run timeout -k 5 900 "$VIGIL_BIN" run "$P" --verbose
    echo "$output"
    [ "$status" -eq 0 ]
    [[ "${lines[-1]}" == "11 scenarios: 11 as expected, 0 not ("* ]]
    [[ "$output" == *"waits to lock an object that is gone"* ]]
}

@test "when all are asleep it is proven that they are, and why no more" {
    run timeout -k 5 900 "$VIGIL_BIN" run "$P:asleep" --verbose
    echo "$output"
    [[ "$output" == *"goroutine 2 waits to lock an object that is gone"* ]]
    [[ "$output" == *"its memory was given back, or overwritten. Nobody is left who runs."* ]]
    [[ "$output" != *"held by"* ]]
}

@test "who touches it from before an operation crashes there, and no one else" {
    local before="$BUILD_DIR/tests/hostile/gone_before"
    [[ "$BUILD_DIR" == *san ]] && skip "a sanitizer has these names"
    for s in unmapped locked_away mapped_over moved_away; do
        run timeout -k 5 900 "$VIGIL_BIN" explore "$before:$s" --seed 1
        echo "$output"
        [ "$status" -eq 1 ]
        [[ "$output" == *"SIGSEGV) in goroutine 2,"* ]]
        [[ "$output" != *"not deterministic"* ]]
    done
}

@test "where it goes unseen, the line says before what who stood" {
    local before="$BUILD_DIR/tests/hostile/gone_before"
    run timeout -k 5 900 "$VIGIL_BIN" explore "$before:let_go_unseen" --seed 1
    echo "$output"
    [ "$status" -eq 1 ]
    [[ "$output" == *"is gone, and goroutine 2 stands before a lock in it, at "*"gone_before.c:"* ]]
}

@test "memory that was protected for a while, or never went, holds its locks as ever" {
    local before="$BUILD_DIR/tests/hostile/gone_before"
    for s in locked_for_a_while unmapped_in_vain; do
        run timeout -k 5 900 "$VIGIL_BIN" explore "$before:$s" --seed 1
        echo "$output"
        [ "$status" -eq 0 ]
        [[ "$output" == *"ok  complete, "* ]]
    done
}

@test "a library that was closed is still there for reports" {
    [[ "$BUILD_DIR" == *san ]] && skip "it wants a sanitizer's options"
    local from="$BATS_TEST_DIRNAME" flags="-g -I$BATS_TEST_DIRNAME/../runtime/include"
    flags+=" -I$BATS_TEST_DIRNAME/../harness/include -L$BUILD_DIR -Wl,-rpath,$BUILD_DIR"
    gcc -shared -fPIC "$from/unload/library.c" $flags -lvigil -o library.so
    for i in {0..149}; do cp library.so "library$i.so"; done
    gcc "$from/unload/program.c" $flags -lvigil-harness -lvigil -o program
    run timeout -k 5 900 ./program run --verbose
    echo "$output"
    [ "$status" -eq 0 ]
    [[ "${lines[-1]}" == "3 scenarios: 3 as expected, 0 not ("* ]]
    [[ "$output" == *"goroutine 2 waits to lock mutex &mu  at library.c:"* ]]
    [[ "$output" != *"is gone"* ]]
}
