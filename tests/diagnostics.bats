#!/usr/bin/env bats
# diagnostics.bats - a wrong call is told of by the compiler, at its line.
#
# Each file of diagnostics/ but the control holds one mistake, on the line
# marked "wrong". With every compiler that is here, and with the headers on
# an ordinary as on a system include path, the first diagnostic of the file
# must stand on that line; the control file must compile without a word.

setup_file()
{
    cd "$BATS_TEST_DIRNAME/.." || return 1
    export SYSTEM="$BATS_FILE_TMPDIR/system"
    mkdir -p "$SYSTEM"
    cp -r runtime/include/vigil "$SYSTEM"
}

# $1: a compiler; $2 and on: where the headers are. Lists what was missed.
missed()
{
    cd "$BATS_TEST_DIRNAME/.."
    local cc=$1 file line
    shift
    for file in tests/diagnostics/*.c; do
        [ "$file" = tests/diagnostics/control.c ] && continue
        line=$(grep -n '/\* wrong \*/' "$file" | cut -d: -f1)
        "$cc" -std=gnu11 -Wall -Wextra "$@" -fsyntax-only "$file" 2>&1 |
            grep -E '(error|warning):' | head -1 |
            grep -q "^$file:$line:" || echo "$file"
    done
}

control()
{
    cd "$BATS_TEST_DIRNAME/.."
    "$@" -std=gnu11 -Wall -Wextra -Werror -fsyntax-only \
        tests/diagnostics/control.c
}

@test "there is something to diagnose" {
    cd "$BATS_TEST_DIRNAME"
    [ "$(grep -l '/\* wrong \*/' diagnostics/*.c | wc -l)" -ge 50 ]
    [ "$(grep -L '/\* wrong \*/' diagnostics/*.c)" = diagnostics/control.c ]
}

@test "gcc tells of every mistake at its line" {
    run missed gcc -Iruntime/include
    [ -z "$output" ] || { echo "$output"; false; }
}

@test "gcc, headers on a system path" {
    run missed gcc -isystem "$SYSTEM"
    [ -z "$output" ] || { echo "$output"; false; }
}

@test "clang tells of every mistake at its line" {
    run missed clang -Iruntime/include
    [ -z "$output" ] || { echo "$output"; false; }
}

@test "clang, headers on a system path" {
    run missed clang -isystem "$SYSTEM"
    [ -z "$output" ] || { echo "$output"; false; }
}

@test "gcc says nothing about right calls" {
    control gcc -Iruntime/include -Wsystem-headers
    control gcc -isystem "$SYSTEM"
}

@test "clang says nothing about right calls" {
    control clang -Iruntime/include -Wsystem-headers
    control clang -isystem "$SYSTEM"
}

@test "a struct for go fails with words that say what to do" {
    cd "$BATS_TEST_DIRNAME/.."
    run gcc -std=gnu11 -Iruntime/include -fsyntax-only \
        tests/diagnostics/go_big_struct_parameter.c
    [ "$status" -ne 0 ]
    [[ "$output" == *"pass a pointer to it"* ]]
    run gcc -std=gnu11 -Iruntime/include -fsyntax-only tests/diagnostics/go_seven.c
    [[ "$output" == *"at most six arguments: pass a pointer to a struct"* ]]
}
