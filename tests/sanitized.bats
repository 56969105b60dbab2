#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
# sanitized.bats - a program and a vigil that are built for different
# sanitizers: one line says so.
#
# In: VIGIL_BIN, the command; BUILD_DIR, with the libraries; CC.

load asked

# build TO OPTION...: a scenario program, and TO.main, which has a main of its own.
build()
{
    local from="$BATS_TEST_DIRNAME/.." to=$1
    shift
    echo '#include <vigil/go.h>
        static void app(void) {}
        int main(void) { return go_main(app); }' >main.c
    "${CC:-gcc}" "$@" -I"$from/runtime/include" -I"$from/harness/include" \
        "$from/tests/hostile/plain.c" -o "$to" -L"$BUILD_DIR" \
        -lvigil-harness -lvigil -Wl,-rpath,"$BUILD_DIR"
    "${CC:-gcc}" "$@" -I"$from/runtime/include" main.c -o "$to.main" \
        -L"$BUILD_DIR" -lvigil -Wl,-rpath,"$BUILD_DIR"
}

setup()
{
    cd "$BATS_TEST_TMPDIR"
    V=$(basename "$BUILD_DIR")
}

# refused PROGRAM PART: by itself, and by the command.
refused()
{
    run -64 "./$1.main"
    [ "${#lines[@]}" -eq 1 ]
    has "$2"
    run -2 "./$1" list
    [ "${#lines[@]}" -eq 1 ]
    has "$2"
    run vigil run "./$1"
    one_line 2 "$2"
}

@test "a program under ThreadSanitizer wants a vigil that is" {
    [[ $V != *san ]] || skip "it is, or is under another"
    build threads -fsanitize=thread
    refused threads 'the program is linked with -fsanitize=thread, and vigil is built without it: '
}

@test "and a vigil that is wants such a program" {
    [ "$V" = tsan ] || skip "it is not"
    build plain
    refused plain 'it is built with ThreadSanitizer, and the program is not: '
    build threads -fsanitize=thread
    run -0 vigil list ./threads
}

@test "where two sanitizers meet, what the program has is told" {
    case $V in
    tsan) build other -fsanitize=address; has=AddressSanitizer to=asan ;;
    asan) build other -fsanitize=thread; has=ThreadSanitizer to=tsan ;;
    *) skip "there is none" ;;
    esac
    run vigil list ./other
    one_line 2 "; it has $has: its vigil must be built with it, too (make V=$to)"
}
