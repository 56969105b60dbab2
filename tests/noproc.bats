#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
# noproc.bats - where no /proc lists threads, those of the program's own count
# all the same: nobody is proven stuck whom one of them may wake, and where none
# is there that is known.
#
# In: VIGIL_BIN, the command; BUILD_DIR, with the libraries, and tests/hostile/.
# tests/noproc: a program with go_main, and its library.

load asked

setup_file()
{
    export ROOT="$BATS_TEST_DIRNAME/.."
    cd "$BATS_FILE_TMPDIR"
    [ -e "$BUILD_DIR/tests/hostile/outer" ] || return 0
    compile -fPIC -shared "$ROOT/tests/noproc/library.c" -o library.so
    build without -lvigil
    build with -Wl,--no-as-needed -lvigil-harness -lvigil
    build linked_in -l:libvigil.a -lunwind -ldw
}

compile()
{
    gcc -std=gnu11 -Wall -Wextra -O1 -g -I"$ROOT" -I"$ROOT/runtime/include" "$@"
}

# build NAME LIBRARY...
build()
{
    local name=$1
    shift
    compile "$ROOT/tests/noproc/program.c" -rdynamic -L"$BUILD_DIR" "$@" \
        -Wl,-rpath,"$BUILD_DIR" -pthread -o "$name"
}

setup()
{
    unshare -m true || skip "not allowed to have other mounts"
    [ -e "$BUILD_DIR/tests/hostile/outer" ] ||
        skip "a sanitizer can not do without /proc"
    cd "$BATS_FILE_TMPDIR"
    P="$BUILD_DIR/tests/hostile"
}

blind()
{
    timeout -k 5 900 unshare -m sh -c 'mount -t tmpfs none /proc && exec "$@"' \
        sh env LD_LIBRARY_PATH="$BUILD_DIR" "$@"
}

PROGRAMS='without with linked_in'

@test "without /proc nobody is stuck whom a thread wakes that has never called" {
    for program in $PROGRAMS; do
        for when in constructor before goroutine library; do
            run -0 blind ./$program $when comes
            [ -z "$output" ]
        done
    done
}

@test "nor called so where one is there that may never come" {
    for program in $PROGRAMS; do
        for when in library bare; do
            run -2 blind ./$program $when silent
            has 'SIGQUIT: quit'
            has "of the program's own"
            [[ "$output" != *DEADLOCK* ]]
        done
    done
}

@test "where there is none, or none any more, it is proven" {
    while read -r program thread; do
        run -2 blind ./$program $thread
        has 'DEADLOCK, proven: 1 goroutine waits'
        [[ "$output" != *"the program's own"* ]]
    done <<'EOF'
without never ever
without constructor joined
without before detached
without library detached
with never ever
with goroutine joined
linked_in never ever
linked_in goroutine detached
EOF
}

@test "in an exploration likewise, where some are begun and where none is" {
    run blind "$VIGIL_BIN" explore "$P/helped:sent" --schedules 2 --timeout 10m
    [ "$status" -eq 0 ]
    has '1 as expected, 0 not'
    run blind "$VIGIL_BIN" explore "$P/filtered:order" --timeout 10m
    [ "$status" -eq 0 ]
    has '1 as expected, 0 not'
}

@test "where the kernel does not say it they are not known, and it is told" {
    run env FILTERED=tgkill timeout 900 unshare -m sh -c \
        'mount -t tmpfs none /proc && exec "$@"' sh \
        env LD_LIBRARY_PATH="$BUILD_DIR" "$VIGIL_BIN" run --procs 1 "$P/filtered:leaks"
    [ "$status" -eq 1 ]
    has "threads of the program's own are not known, for there is no /proc"
    has 'LIKELY'
}
