#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
# brought.bats - locks of the C library's in a program that brings a library.
#
# In: VIGIL_BIN, the command; BUILD_DIR, with the libraries. tests/brought: the
# program, and its library.

load asked

setup_file()
{
    export ROOT="$BATS_TEST_DIRNAME/.." HERE="$BATS_FILE_TMPDIR"
    [ -e "$BUILD_DIR/tests/hostile/outer" ] || return 0
    build brought
    build handles -DHANDLES
}

compile()
{
    (cd "$ROOT" && gcc -std=gnu11 -D_GNU_SOURCE= -Wall -Wextra -O1 -g -I. \
        -Iruntime/include -Iharness/include "$@" -L"$BUILD_DIR" -L"$HERE" \
        -lvigil-harness -lvigil -Wl,-rpath,"$BUILD_DIR:$HERE" -pthread)
}

# build NAME [OPTION...]: the program of that name, its library with the options
build()
{
    compile -fPIC -shared tests/brought/library.c "${@:2}" \
        -o "$HERE/libfor$1.so"
    compile tests/brought/program.c -Wl,--no-as-needed "-lfor$1" -o "$HERE/$1"
}

setup()
{
    [ -e "$BUILD_DIR/tests/hostile/outer" ] || skip "a sanitizer has these names"
    cd "$BATS_TEST_TMPDIR"
}

@test "a library without threads lets go of nothing by itself" {
    for s in brought:ring brought:no_unit; do
        run vigil explore "$HERE/$s" -v
        [ "$status" -eq 0 ]
        has 'DEADLOCK, proven: '
        has 'found at schedule '
    done
}

@test "what goroutines do by it is seen" {
    for s in posts signals holds takes_over; do
        run vigil explore "$HERE/brought:$s" --schedules 300
        [ "$status" -eq 0 ]
        has '1 as expected, 0 not'
        has "libraries used the program's locks by no choice"
        [[ "$output" != *'waited for'* ]]
        run vigil replay "$HERE/brought" "gx1:$s:*:"
        [ "$status" -eq 0 ]
    done
}

@test "a thread that it starts, or a handler, may let go of all" {
    for s in brought:thread brought:handler handles:before; do
        run vigil explore "$HERE/$s" --schedules 3
        [ "$status" -eq 0 ]
        has '1 as expected, 0 not'
        has 'others than goroutines were waited for'
    done
}
