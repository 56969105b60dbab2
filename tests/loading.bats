#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
# loading.bats - the C library's names, while somebody else is being loaded.
#
# In: VIGIL_BIN, the command; BUILD_DIR, with the libraries. tests/loading: the
# program, and its library.

load asked

setup_file()
{
    export ROOT="$BATS_TEST_DIRNAME/.."
    cd "$BATS_FILE_TMPDIR"
    [ -e "$BUILD_DIR/tests/hostile/outer" ] || return 0
    compile -fPIC -shared "$ROOT/tests/loading/library.c" -o library.so
    compile "$ROOT/tests/loading/program.c" -rdynamic -Wl,-z,now -L"$BUILD_DIR" \
        -lvigil-harness -lvigil -Wl,-rpath,"$BUILD_DIR" -pthread -o loading
}

compile()
{
    gcc -std=gnu11 -Wall -Wextra -O1 -g -I"$ROOT" -I"$ROOT/runtime/include" \
        -I"$ROOT/harness/include" "$@"
}

setup()
{
    [ -e "$BUILD_DIR/tests/hostile/outer" ] || skip "a sanitizer has these names"
    cd "$BATS_FILE_TMPDIR"
}

@test "who has the loader's lock keeps nobody from a first call" {
    run -0 vigil run ./loading
    has '1 as expected, 0 not'
}
