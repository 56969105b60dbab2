#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
# heap.bats - the heap that knows its blocks, in the C library's place.
#
# In: BUILD_DIR, with libvigil-heap; programs that know nothing of it.

setup_file()
{
    export ROOT="$BATS_TEST_DIRNAME/.."
    export HEAP="$BUILD_DIR/libvigil-heap.so"
    export FAMILY="$BATS_FILE_TMPDIR/family"
    gcc -Wall -Wextra -Werror -O1 -fno-builtin -I"$ROOT" -pthread \
        "$ROOT/tests/heap/family.c" -Wl,-z,dynamic-undefined-weak \
        -o "$FAMILY"
    gcc -Wall -Wextra -Werror -O1 -fno-builtin -I"$ROOT" -pthread \
        "$ROOT/tests/heap/family.c" -L"$BUILD_DIR" \
        -Wl,--push-state,--no-as-needed -lvigil-heap -Wl,--pop-state \
        -Wl,-rpath,"$BUILD_DIR" -o "$FAMILY.linked"
}

with_heap()
{
    LD_PRELOAD="$HEAP" timeout 900 "$@"
}

@test "without it, malloc is the C library's" {
    run "$FAMILY"
    [ "$status" -eq 3 ]
    [ "$output" = elsewhere ]
}

@test "every call of the family is served, preloaded" {
    run with_heap "$FAMILY" all
    echo "$output"
    [ "$status" -eq 0 ] && [ -z "$output" ]
}

@test "every call of the family is served, linked" {
    run timeout 900 "$FAMILY.linked" all
    echo "$output"
    [ "$status" -eq 0 ] && [ -z "$output" ]
}

@test "eight threads at random, that fork" {
    run with_heap "$FAMILY" threads
    echo "$output"
    [ "$status" -eq 0 ] && [ -z "$output" ]
}

@test "a limit of address space leaves room for others" {
    ulimit -v 4000000
    run with_heap "$FAMILY" threads
    echo "$output"
    [ "$status" -eq 0 ] && [ -z "$output" ]
}

# aborts HOW LINE
aborts()
{
    ulimit -c 0
    run with_heap "$FAMILY" "$1"
    echo "$status: $output"
    [ "$status" -eq 134 ]
    [ "${#lines[@]}" -eq 1 ]
    [[ "$output" =~ ^$2$ ]]
}

@test "a double free is told, and aborts" {
    aborts twice 'free\(\): double free detected: 0x[0-9a-f]+, which is not allocated'
}

@test "a free inside of a block is told, and aborts" {
    aborts inside 'free\(\): invalid pointer: 0x[0-9a-f]+, 8 bytes inside a block of 112'
}

@test "a free of no block is told, and aborts" {
    aborts elsewhere 'free\(\): invalid pointer: 0x[0-9a-f]+, which is not from this heap'
}

@test "programs that know nothing of it run as before" {
    seq 300000 | awk '{ print ($1 * 7919) % 300007 }' >"$BATS_TEST_TMPDIR/big"
    [ "$(with_heap sort -n "$BATS_TEST_TMPDIR/big" | md5sum)" = \
        "$(sort -n "$BATS_TEST_TMPDIR/big" | md5sum)" ]
    [ "$(with_heap sort --parallel=4 -S 64M "$BATS_TEST_TMPDIR/big" | md5sum)" = \
        "$(sort --parallel=4 -S 64M "$BATS_TEST_TMPDIR/big" | md5sum)" ]
    [ "$(with_heap ls -l /usr/bin)" = "$(ls -l /usr/bin)" ]
    [ "$(with_heap perl -e 'print join ",", sort map { $_ x 9 } 1 .. 999')" = \
        "$(perl -e 'print join ",", sort map { $_ x 9 } 1 .. 999')" ]
}

@test "a compiler with it writes what it writes without" {
    with_heap gcc -O1 -c -I"$ROOT" "$ROOT/tests/heap/family.c" -o "$BATS_TEST_TMPDIR/a.o"
    gcc -O1 -c -I"$ROOT" "$ROOT/tests/heap/family.c" -o "$BATS_TEST_TMPDIR/b.o"
    cmp "$BATS_TEST_TMPDIR/a.o" "$BATS_TEST_TMPDIR/b.o"
}

@test "scenario programs are linked with it, ahead of the C library" {
    local program
    program=$(find "$SCENARIO_DIR" -type f -perm -u+x | head -1)
    LD_BIND_NOW=1 LD_DEBUG=bindings run "$program" list
    grep -E "symbol .(malloc|calloc|free|realloc)'" <<<"$output" |
        grep -E 'to .*lib(vigil-heap|c)\.so' >"$BATS_TEST_TMPDIR/bindings"
    grep -q 'libc\.so.* to .*libvigil-heap\.so' "$BATS_TEST_TMPDIR/bindings"
    grep -q 'libvigil\.so.* to .*libvigil-heap\.so' "$BATS_TEST_TMPDIR/bindings"
    ! grep ' to .*/libc\.so' "$BATS_TEST_TMPDIR/bindings"
}
