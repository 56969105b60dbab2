#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
# install.bats - what a user gets: install, compile the tour, run it.
#
# The programs of tour/ are quoted from the documentation, unchanged, and must
# do what their first comments say: with gcc and clang, the shared and the
# static library, by nothing but pkg-config's flags.

setup_file()
{
    export ROOT="$BATS_TEST_DIRNAME/.."
    export PREFIX="$BATS_FILE_TMPDIR/prefix"
    export BUILD_DIR="${BUILD_DIR:-$ROOT/build/release}"
    cd "$ROOT" || return 1
    env -u MAKEFLAGS -u MAKELEVEL -u MAKEOVERRIDES make -s install \
        BUILD="$(dirname "$BUILD_DIR")" V="$(basename "$BUILD_DIR")" \
        PREFIX="$PREFIX" DESTDIR= >"$BATS_FILE_TMPDIR/log" 2>&1 ||
        { cat "$BATS_FILE_TMPDIR/log"; return 1; }
    export PKG_CONFIG_PATH="$PREFIX/lib/pkgconfig"
    export OUT="$BATS_FILE_TMPDIR"
    unset VIGIL
}

STRICT="-Wall -Wextra -Werror"

# compile CC NAME PACKAGE: from the tour, to $OUT/NAME.CC
compile()
{
    $1 $STRICT "$ROOT/tests/tour/$2.c" $(pkg-config --cflags --libs "$3") \
        -o "$OUT/$2.$1"
}

# program NAME: the tour's, by gcc, compiled when first asked for
program()
{
    [ -x "$OUT/$1.gcc" ] || compile gcc "$1" "${2:-vigil}"
    PROGRAM="$OUT/$1.gcc"
}

@test "headers, libraries, command, scenarios and .pc files are installed" {
    for header in "$ROOT"/runtime/include/vigil/*.h "$ROOT"/harness/include/vigil/*.h; do
        cmp "$header" "$PREFIX/include/vigil/$(basename "$header")"
    done
    [ -f "$PREFIX/lib/libvigil.a" ] && [ -e "$PREFIX/lib/libvigil.so" ]
    [ -f "$PREFIX/lib/libvigil-harness.a" ] && [ -e "$PREFIX/lib/libvigil-harness.so" ]
    [ -x "$PREFIX/bin/vigil" ]
    [ "$(find "$PREFIX/lib/vigil/scenarios" -type f -perm -u+x | wc -l)" -eq \
        "$(find "$ROOT"/scenarios/*/ -name '*.c' | wc -l)" ]
}

@test "the installed command finds the installed scenarios" {
    run "$PREFIX/bin/vigil" list
    [ "$status" -eq 0 ]
    [[ "$output" == *mutex_self* ]]
    run timeout 900 "$PREFIX/bin/vigil" run "$PREFIX/lib/vigil/scenarios/deadlock/mutex_self"
    [ "$status" -eq 0 ]
}

@test "the tour compiles with gcc" {
    for name in sheep fan_in boring cancel server; do
        compile gcc $name vigil
    done
    compile gcc leaks vigil-harness
}

@test "the tour compiles with clang" {
    for name in sheep fan_in boring cancel server; do
        compile clang $name vigil
    done
    compile clang leaks vigil-harness
}

@test "sheep: everything is asleep, status 2" {
    program sheep
    run -2 --separate-stderr timeout 900 "$PROGRAM"
    [ "$(grep -c '^sheep$' <<<"$output")" -eq 5 ]
    [ "${#lines[@]}" -eq 5 ]
    [ "${stderr_lines[0]}" = 'fatal error: all goroutines are asleep - deadlock!' ]
    [[ "$stderr" == *DEADLOCK* ]]
    [[ "$stderr" == *'goroutine 1 [chan receive]:'* ]]
    [[ "$stderr" == *sheep.c:32* ]]
}

@test "sheep close: ends well" {
    program sheep
    run -0 --separate-stderr timeout 900 "$PROGRAM" close
    [ "${#lines[@]}" -eq 5 ]
    [ -z "$stderr" ]
}

@test "fan_in: the numbers come in the order of time" {
    program fan_in
    VIGIL=clock=virtual run -0 --separate-stderr timeout 900 "$PROGRAM"
    local seen="${lines[*]}"
    [ "$seen" = "0 0 1 2 1 3 4" ] || [ "$seen" = "0 0 1 2 1 3 4 2" ]
}

@test "fan_in with leaks=error: status 3, all three named" {
    program fan_in
    VIGIL=leaks=error run -3 --separate-stderr timeout 900 "$PROGRAM"
    [ "$(grep -cE '^goroutine [0-9]+ \[' <<<"$stderr")" -ge 3 ]
    [ "$(grep -c 'producer' <<<"$stderr")" -ge 2 ]
    [[ "$stderr" == *reader* ]]
    [[ "$stderr" == *fan_in.c* ]]
}

@test "boring: each speaks in turn, all end well" {
    program boring
    run -0 --separate-stderr timeout 900 "$PROGRAM"
    [ -n "$output" ]
    [ -z "$stderr" ]
}

@test "cancel: the workers stop when told" {
    program cancel
    run -0 --separate-stderr timeout 900 "$PROGRAM"
    [[ "$output" =~ ^[0-9]+\ of\ 100\ jobs,\ [0-9]+\ left\ in\ the\ queue$ ]]
    [ -z "$stderr" ]
}

@test "cancel without the cancel: everything is asleep, status 2" {
    grep -v 'go_context_cancel(ctx);' "$ROOT/tests/tour/cancel.c" >"$OUT/stuck.c"
    gcc $STRICT "$OUT/stuck.c" $(pkg-config --cflags --libs vigil) -o "$OUT/stuck"
    run -2 --separate-stderr timeout 900 "$OUT/stuck"
    [ "${stderr_lines[0]}" = 'fatal error: all goroutines are asleep - deadlock!' ]
    [ "$(grep -cE '^goroutine [0-9]+ \[select\]:' <<<"$stderr")" -ge 1 ]
    [[ "$stderr" == *'goroutine 1 [sync.WaitGroup.Wait]:'* ]]
}

@test "server: a thousand echoes" {
    program server
    run -0 --separate-stderr timeout 900 "$PROGRAM"
    [ "$output" = "1000 echoes" ]
}

@test "leaks: a scenario program lists and runs its own" {
    program leaks vigil-harness
    run -0 "$PROGRAM" list
    [[ "$output" == *early_return* && "$output" == *early_return_fixed* ]]
    run timeout 900 "$PROGRAM" run --filter 'early_return*'
    echo "$output"
    [ "$status" -eq 0 ]
}

@test "quota: a kernel of one's own, as the README has it, runs and is scored" {
    program quota vigil-harness
    [[ "$(<"$ROOT/README.md")" == *"$(<"$ROOT/tests/tour/quota.c")"* ]]
    run -0 timeout 900 "$PREFIX/bin/vigil" run "$PROGRAM"
    run -0 timeout 900 "$PREFIX/bin/vigil" explore "$PROGRAM:quota"
    [[ "$output" == *"leak(2)"*"found at schedule"* ]]
    run -0 timeout 900 "$PREFIX/bin/vigil" score "$PROGRAM"
    [[ "$output" == *"Triggered: 20 of 20"*"Twins: 0 reports"* ]]
}

@test "clang's programs behave the same" {
    for name in sheep server; do
        [ -x "$OUT/$name.clang" ] || compile clang $name vigil
    done
    run -2 timeout 900 "$OUT/sheep.clang"
    run -0 timeout 900 "$OUT/server.clang"
    [ "$output" = "1000 echoes" ]
}

@test "clang's callers have lines, though it writes no .debug_aranges" {
    cat >"$OUT/callers.c" <<'END'
#include <vigil/go.h>
__attribute__((noinline)) static void callee(chan(int) c)
{
    chan_recv(c);
    __asm__ volatile("");
}
static void caller(void)
{
    callee(NULL);
    __asm__ volatile("");
}
int main(void)
{
    return go_main(caller);
}
END
    clang -g -O1 $STRICT "$OUT/callers.c" \
        $(pkg-config --cflags --libs vigil) -o "$OUT/callers"
    run -2 timeout 900 "$OUT/callers"
    echo "$output"
    [[ "$output" == *"caller(...)"*"/callers.c:9 "* ]]
}

@test "statically linked, with the same flags and --static" {
    gcc $STRICT -static "$ROOT/tests/tour/sheep.c" \
        $(pkg-config --cflags --libs --static vigil) -o "$OUT/sheep.static" 2>"$OUT/log" ||
        { cat "$OUT/log"; false; }
    run -2 --separate-stderr timeout 900 "$OUT/sheep.static"
    [ "${stderr_lines[0]}" = 'fatal error: all goroutines are asleep - deadlock!' ]
    echo '#include <dlfcn.h>
        #include <vigil/go.h>
        static void app(void) { if (dlclose(dlopen(0, RTLD_NOW))) go_panic("no"); }
        int main(void) { return go_main(app); }' >"$OUT/close.c"
    gcc $STRICT -static "$OUT/close.c" $(pkg-config --cflags --libs --static vigil) \
        -o "$OUT/close.static" 2>>"$OUT/log"
    run -0 timeout 900 "$OUT/close.static"
    gcc $STRICT "$ROOT/tests/tour/leaks.c" -Wl,-Bstatic \
        $(pkg-config --cflags vigil-harness) -L"$PREFIX/lib" -lvigil-harness -lvigil \
        -Wl,-Bdynamic -ljansson -lunwind -ldw -o "$OUT/leaks.static"
    run -0 timeout 900 "$OUT/leaks.static" run --filter 'early_return*'
}

@test "statically linked, the heap that knows its blocks is taken" {
    for package in "vigil-heap vigil" vigil-harness; do
        gcc $STRICT -static "$ROOT/tests/tour/sheep.c" \
            $(pkg-config --cflags --libs --static $package) -o "$OUT/heap.static" 2>"$OUT/log"
        run -2 --separate-stderr timeout 900 "$OUT/heap.static"
        [[ "$stderr" == *'detector: complete'* ]]
    done
}

@test "a program's own names do not collide with the library's inner ones" {
    cat >"$OUT/names.c" <<'END'
#include <stdio.h>
#include <vigil/go.h>
void rt_park(void);
void rt_ready(void);
void rt_park(void) { puts("mine"); }
void rt_ready(void) { }
static void app(void) { go(rt_ready); go_sleep(GO_MILLISECOND); rt_park(); }
int main(void) { return go_main(app); }
END
    gcc $STRICT "$OUT/names.c" $(pkg-config --cflags vigil) "$PREFIX/lib/libvigil.a" \
        -lunwind -ldw -o "$OUT/names"
    run -0 timeout 900 "$OUT/names"
    [ "$output" = mine ]
}

@test "DESTDIR stages the same tree" {
    cd "$ROOT"
    env -u MAKEFLAGS -u MAKELEVEL -u MAKEOVERRIDES make -s install \
        BUILD="$(dirname "$BUILD_DIR")" V="$(basename "$BUILD_DIR")" \
        PREFIX=/usr DESTDIR="$OUT/stage" >"$OUT/log" 2>&1
    diff <(cd "$PREFIX" && find . | sort) <(cd "$OUT/stage/usr" && find . | sort)
    grep -q '^prefix=/usr$' "$OUT/stage/usr/lib/pkgconfig/vigil.pc"
    ! grep -q rpath "$OUT/stage/usr/lib/pkgconfig/vigil.pc"
}

@test "a prefix with spaces and quotes in it is one folder" {
    cd "$ROOT"
    local there="$OUT/a b/it's" make=(env -u MAKEFLAGS -u MAKELEVEL -u MAKEOVERRIDES
        make -s BUILD="$(dirname "$BUILD_DIR")" V="$(basename "$BUILD_DIR")" DESTDIR=)
    mkdir -p "$OUT/a"
    "${make[@]}" install PREFIX="$there" >"$OUT/log" 2>&1
    diff <(cd "$PREFIX" && find . | sort) <(cd "$there" && find . | sort)
    PKG_CONFIG_PATH="$there/lib/pkgconfig" run -0 pkg-config --cflags-only-I vigil
    [[ "$output" == *'/a\ b/it'* ]]
    "${make[@]}" uninstall PREFIX="$there"
    [ -z "$(find "$there" -type f)" ] && [ -d "$OUT/a" ]
}

@test "a packager's flags for programs, and for all at once, spoil no library" {
    local heap="$OUT/packaged/release/libvigil-heap"
    env -u MAKEFLAGS -u MAKELEVEL -u MAKEOVERRIDES make -s -C "$ROOT" \
        BUILD="$OUT/packaged" V=release \
        CFLAGS='-fPIE -flto -D_FORTIFY_SOURCE=3 -fstack-protector-strong' \
        LDFLAGS='-pie -flto -Wl,-z,relro,-z,now' "$heap.so" "$heap.a"
    readelf -h "$heap.so" | grep -q 'DYN (Shared object file)'
    run ! grep -q INTERP <(readelf -lW "$heap.so")
    run ! grep -qE 'gnu\.lto_' <(readelf -SW "$heap.a")
}

@test "a build folder is one word, and is never empty" {
    for folder in "$OUT/a b" ''; do
        run -2 env -u MAKEFLAGS -u MAKELEVEL -u MAKEOVERRIDES make -C "$ROOT" \
            BUILD="$folder" -n clean
        [[ "$output" == *"BUILD=$folder is not one word"* ]]
    done
}
