#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
# explore_reset.bats - the memory of a program, from one execution to the next.
#
# In: BUILD_DIR, with the libraries; VIGIL_BIN, the command. tests/reset: a
# program that keeps state in all places, and a library that runs it many times
# over in one process. tests/hostile/remembers: the same as scenarios.

setup_file()
{
    export ROOT="$BATS_TEST_DIRNAME/.." HERE="$BATS_FILE_TMPDIR"
    build -fPIC -shared tests/reset/drive.c harness/explore/reset.c \
        harness/explore/loaded.c -lvigil -Wl,-soname,libvigil-drive.so \
        -o "$HERE/libvigil-drive.so"
    build_program "$HERE/program" "${HEAP[@]}"
    echo 'int own_library(void); static int n; int own_library(void) { return ++n; }' \
        >"$HERE/own.c"
    gcc -fPIC -shared "$HERE/own.c" -o "$HERE/libown.so"
}

HEAP=(-Wl,--push-state,--no-as-needed -lvigil-heap -Wl,--pop-state)

build()
{
    (cd "$ROOT" && gcc -std=gnu11 -D_GNU_SOURCE= -Wall -Wextra -Werror -O1 \
        -fno-builtin -I. -Iruntime/include -Iharness/include "$@" \
        -L"$HERE" -L"$BUILD_DIR" -Wl,-rpath,"$BUILD_DIR:$HERE" -pthread)
}

# build_program TO [OPTION...]
build_program()
{
    build tests/reset/program.c "${@:2}" -L"$HERE" -L"$BUILD_DIR" \
        -lvigil-drive -lvigil -o "$1"
}

# finds PROGRAM HOW N: nothing differs, nothing is not reset
finds()
{
    run --separate-stderr timeout 900 "$@"
    echo "$output"
    [ "$status" -eq 0 ] && [ -z "$output" ]
}

@test "1,000 executions of one schedule find and get the same" {
    finds "$HERE/program" same 1000
}

@test "1,000 executions of all kinds find the same" {
    finds "$HERE/program" wild 1000
}

@test "what a program never frees does not add up" {
    finds "$HERE/program" leak 3000
}

@test "what of libc's lies in the executable is left alone" {
    finds "$HERE/program" environment 100
}

@test "what the loader has bound stays so" {
    LD_DEBUG=bindings run timeout 900 "$HERE/program" same 300
    grep -c "file $HERE/program .*symbol .malloc'" <<<"$output" >"$HERE/times"
    [ "$(cat "$HERE/times")" -ge 1 ] && [ "$(cat "$HERE/times")" -le 4 ]
}

@test "the same when linked in other ways" {
    build_program "$HERE/fixed" -no-pie -fno-pie "${HEAP[@]}"
    finds "$HERE/fixed" wild 300
    finds "$HERE/fixed" environment 30
    build_program "$HERE/now" -O2 -Wl,-z,now "${HEAP[@]}"
    finds "$HERE/now" wild 300
}

@test "a look knows the blocks, and what holds them" {
    run --separate-stderr timeout 900 "$HERE/program" kept
    [ "$output" = leak ]
    [[ "$stderr" == *"A global holds it, which nobody alive can use."* ]]
    run --separate-stderr timeout 900 "$HERE/program" lost
    [ "$output" = leak ]
    [[ "$stderr" != *"A global holds it"* ]]
    [[ "$stderr" == *"has ended or let go of it."* ]]
}

# not_reset PROGRAM TEXT
not_reset()
{
    run --separate-stderr timeout 900 "$1" same 3
    echo "$output"
    [ "${lines[0]}" = "$2" ]
}

@test "without the heap that knows its blocks, that is told" {
    build_program "$HERE/without"
    not_reset "$HERE/without" "the heap is not reset"
    LD_PRELOAD="$BUILD_DIR/libvigil-heap.so" finds "$HERE/without" same 100
}

@test "where that misleads dpor, it is not said that the scenario does" {
    build tests/hostile/unset.c -lvigil-harness -lvigil -o "$HERE/unset"
    run timeout 900 "$HERE/unset" explore --strategy dpor
    echo "$output"
    [ "$status" -eq 0 ]
    [[ "$output" == *"incomplete"*"for not all is set back in between"* ]]
    [[ "$output" != *"not deterministic"* ]]
    LD_PRELOAD="$BUILD_DIR/libvigil-heap.so" run timeout 900 "$HERE/unset" explore --strategy dpor
    [[ "$output" == *"ok  complete"* ]]
}

@test "blocks from before the first execution are told" {
    build_program "$HERE/before" -DBEFORE "${HEAP[@]}"
    not_reset "$HERE/before" "what was allocated before is not reset"
}

@test "variables of a library of the program's are told" {
    build_program "$HERE/brings" -DOWN_LIBRARY "${HEAP[@]}" -L"$HERE" -lown
    not_reset "$HERE/brings" "not reset are the variables of libown.so"
}

@test "all in one executable: nothing is touched, and that is told" {
    build tests/reset/program.c tests/reset/drive.c harness/explore/reset.c \
        harness/explore/loaded.c "${HEAP[@]}" -lvigil -o "$HERE/one"
    not_reset "$HERE/one" \
        "variables and the heap are not reset: vigil is linked into the executable; no livelock can be proven"
}

# build_inside TO: vigil is part of the program
build_inside()
{
    build tests/reset/kept.c "$BUILD_DIR/libvigil-harness.a" \
        "$BUILD_DIR/libvigil.a" -ljansson -lunwind -ldw -o "$1"
}

# isolated NAME WHY: complete, in a process for each execution, for that reason
isolated()
{
    run timeout 900 "$HERE/kept" explore --schedules 300 --verbose "$1"
    echo "$output"
    [ "$status" -eq 0 ]
    [[ "$output" == *"note: a process for each execution (--isolate=fork), for $2"* ]]
    [[ "$output" == *" ok  complete, "* ]]
}

@test "what can not be set back has a process for each execution" {
    build tests/reset/kept.c "${HEAP[@]}" -lvigil-harness -lvigil -o "$HERE/kept"
    isolated before "what was allocated before is not reset"
    build tests/reset/kept.c -DOWN_LIBRARY "${HEAP[@]}" -lvigil-harness -lvigil \
        -L"$HERE" -lown -o "$HERE/kept"
    isolated library "what was allocated before is not reset; not reset are the variables of libown.so"
    build_inside "$HERE/kept"
    isolated variable "variables and the heap are not reset: vigil is linked into the executable"
    isolated before "variables and the heap are not reset: vigil is linked into the executable"
}

@test "a livelock that can not be proven is undecided, and why is told" {
    build_inside "$HERE/polite"
    run timeout 900 "$HERE/polite" explore --schedules 10 --verbose polite
    echo "$output"
    [ "$status" -eq 0 ]
    [[ "$output" == *" undecided "* ]]
    [[ "$output" == *"no livelock can be proven"* ]]
}

@test "a scenario that keeps state is explored from the same start each time" {
    local name
    for name in variables state; do
        run timeout 900 "$VIGIL_BIN" explore --strategy random --schedules 1000 \
            "$BUILD_DIR/tests/hostile/remembers:$name"
        echo "$output"
        [ "$status" -eq 0 ]
        [[ "$output" == *"incomplete, 1000 schedules"* ]]
    done
}

@test "what depends on addresses is found, shown, and replayed elsewhere" {
    local program="$BUILD_DIR/tests/hostile/remembers" token
    run timeout 900 "$VIGIL_BIN" explore "$program:lower_first" "$program:higher_first"
    echo "$output"
    [ "$status" -eq 0 ]
    token=$(timeout 900 "$VIGIL_BIN" explore --json "$program:lower_first" |
        grep -o 'gx1:[^" ]*' | head -1)
    run timeout 900 "$VIGIL_BIN" replay "$program:lower_first" "$token"
    echo "$output"
    [ "$status" -eq 0 ]
    [[ "$output" == *"1 as expected, 0 not"* ]]
}
