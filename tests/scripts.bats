#!/usr/bin/env bats
# scripts.bats - the judges are judged: each check finds what is planted.

bats_require_minimum_version 1.5.0

setup()
{
    ROOT="$BATS_TEST_DIRNAME/.."
    TREE="$BATS_TEST_TMPDIR/tree"
    mkdir -p "$TREE"/{runtime/{base,sched,sync,monitor,include/vigil},harness/include/vigil,scenarios/clean,tests}
    cp -r "$ROOT/scripts" "$TREE"
    echo '/* go.h */' >"$TREE/runtime/include/vigil/go.h"
    echo '/* scenario.h */' >"$TREE/harness/include/vigil/scenario.h"
    echo 'int base;' >"$TREE/runtime/base/b.h"
    echo 'int monitor;' >"$TREE/runtime/monitor/m.h"
    echo 'go.h b.h m.h' >"$TREE/runtime/README.md"
    echo 'scenario.h' >"$TREE/harness/README.md"
}

layers()
{
    "$TREE/scripts/check-layers.sh"
}

@test "layers: includes that point down are fine" {
    echo '#include "runtime/base/b.h"' >"$TREE/runtime/monitor/m.c"
    echo '#include <vigil/scenario.h>' >"$TREE/scenarios/clean/s.c"
    run -0 layers
}

@test "layers: one that points up fails, with file and line" {
    printf '\n#include "runtime/monitor/m.h"\n' >"$TREE/runtime/base/b.c"
    run -1 layers
    [[ "$output" == *'runtime/base/b.c:2:'*'runtime/monitor/m.h'* ]]
}

@test "layers: the harness does not see inside the runtime" {
    echo '#include "runtime/base/b.h"' >"$TREE/harness/h.c"
    run -1 layers
    [[ "$output" == *'harness/h.c:1:'* ]]
}

@test "layers: the runtime does not know the harness" {
    echo '#include <vigil/scenario.h>' >"$TREE/runtime/sync/s.c"
    run -1 layers
}

@test "layers: a scenario sees vigil only" {
    echo '#include "runtime/base/b.h"' >"$TREE/scenarios/clean/s.c"
    run -1 layers
}

@test "layers: includes are written from the root" {
    echo '#include "b.h"' >"$TREE/runtime/base/b.c"
    run -1 layers
}

@test "layers: a header that does not compile alone fails" {
    echo 'unknown_type x;' >"$TREE/runtime/sync/s.h"
    run -1 layers
    [[ "$output" == *'runtime/sync/s.h: does not compile alone'* ]]
}

@test "layers: a file that its room's README does not name fails" {
    echo 'int s;' >"$TREE/runtime/sync/s.h"
    run -1 layers
    [[ "$output" == *'runtime/README.md: does not say what s is'* ]]
    echo 's.c' >>"$TREE/runtime/README.md"
    run -0 layers
}

@test "layers: a README that names what is not there fails" {
    echo 'main.c' >>"$TREE/harness/README.md"
    run -1 layers
    [[ "$output" == *'harness/README.md: there is no main'* ]]
}

# $1: the source of a library, built into $TREE/b under all four names.
library()
{
    mkdir -p "$TREE/b"
    echo "$1" | gcc -x c -fPIC -c - -o "$TREE/b/o.o"
    for name in libvigil libvigil-harness libvigil-heap; do
        gcc -shared "$TREE/b/o.o" -o "$TREE/b/$name.so"
        ar rcs "$TREE/b/$name.a" "$TREE/b/o.o"
    done
}

@test "symbols: go_ and chan_ names may leave" {
    library 'int go_x; void chan_y(void) {}'
    run -0 "$TREE/scripts/check-symbols.sh" "$TREE/b"
}

@test "symbols: any other name fails" {
    library 'int go_x; void rt_park(void) {}'
    run -1 "$TREE/scripts/check-symbols.sh" "$TREE/b"
    [[ "$output" == *'libvigil.a exports rt_park'* ]]
    [[ "$output" == *'libvigil-harness.so exports rt_park'* ]]
}

@test "symbols: a missing library is no success" {
    run -1 "$TREE/scripts/check-symbols.sh" "$TREE/b"
}

@test "format: what is not in the house format fails" {
    cp "$ROOT/.clang-format" "$TREE"
    printf 'int  f( void );\n' >"$TREE/tests/f.c"
    run "$TREE/scripts/check-format.sh" tests/f.c
    [[ "$output" == *'not checked'* ]] || [ "$status" -eq 1 ]
    printf 'int f(void);\n' >"$TREE/tests/f.c"
    run -0 "$TREE/scripts/check-format.sh" tests/f.c
}

@test "size: long functions are listed, and nothing fails" {
    { echo 'int f(void)'; echo '{'; yes '    f();' | head -61; echo '}'; } \
        >"$TREE/tests/long.c"
    run -0 "$TREE/scripts/check-size.sh"
    [[ "$output" == *'tests/long.c:2: 61 lines: int f(void)'* ]]
}

# A program in place of a Criterion one: prints $1, exits with $2.
fake()
{
    printf '#!/bin/sh\necho "%s"\nexit %d\n' "$1" "$2" >"$TREE/fake"
    chmod +x "$TREE/fake"
}

@test "run-tests: numbers are added, the sum is last" {
    fake '[====] Synthesis: Tested: 5 | Passing: 5 | Failing: 0' 0
    run -0 "$TREE/scripts/run-tests" "$TREE/fake" "$TREE/fake"
    [ "${lines[-1]}" = "10 passed, 0 failed" ]
}

@test "run-tests: a failure fails" {
    fake '[====] Synthesis: Tested: 5 | Passing: 3 | Failing: 2' 1
    run -1 "$TREE/scripts/run-tests" "$TREE/fake"
    [ "${lines[-1]}" = "3 passed, 2 failed" ]
}

@test "run-tests: a program that dies before its sum is a failure" {
    fake 'hello' 0
    run -1 "$TREE/scripts/run-tests" "$TREE/fake"
    [ "${lines[-1]}" = "0 passed, 1 failed" ]
}

@test "run-tests: a good sum with a bad exit status is a failure" {
    fake '[====] Synthesis: Tested: 5 | Passing: 5 | Failing: 0' 3
    run -1 "$TREE/scripts/run-tests" "$TREE/fake"
    [ "${lines[-1]}" = "5 passed, 1 failed" ]
}

@test "run-tests: files run side by side, and are told in order" {
    mkfifo "$TREE/meet"
    fake '[====] Synthesis: Tested: 1 | Passing: 1 | Failing: 0' 0
    sed "1a cat '$TREE/meet'" "$TREE/fake" >"$TREE/first"
    sed "1a echo met >'$TREE/meet'" "$TREE/fake" >"$TREE/second"
    chmod +x "$TREE/first" "$TREE/second"
    TEST_JOBS=2 TEST_TIMEOUT=30 run -0 "$TREE/scripts/run-tests" \
        "$TREE/first" "$TREE/second"
    [[ "${lines[0]}" == *first* ]]
    [[ "${lines[1]}" == *second* ]]
    [ "${lines[2]}" = "2 passed, 0 failed" ]
}

@test "run-tests: who is interrupted leaves no program behind" {
    mkfifo "$TREE/began" "$TREE/never"
    printf '#!/bin/sh\necho $$ >%s\nread x <%s\n' "$TREE/began" \
        "$TREE/never" >"$TREE/waits"
    chmod +x "$TREE/waits"
    "$TREE/scripts/run-tests" "$TREE/waits" &
    local tests=$! program status=0
    read -r program <"$TREE/began"
    kill "$tests"
    wait "$tests" || status=$?
    [ "$status" -eq 130 ]
    while kill -0 "$program"; do :; done
}

# A path on which the given commands are missing.
without()
{
    mkdir -p "$TREE/bin"
    for dir in /usr/bin /bin; do
        for tool in sh env grep cat id printf gcc make objcopy pkg-config git \
            bats clang cc1 as ld; do
            [ -x "$dir/$tool" ] && ln -sf "$dir/$tool" "$TREE/bin/$tool"
        done
    done
    for tool; do
        rm -f "$TREE/bin/$tool"
    done
    BARE="PATH=$TREE/bin"
}

@test "install-deps: what is missing is named, nothing is installed" {
    without objcopy
    run -1 env "$BARE" "$TREE/scripts/install-deps" --check build
    [[ "$output" == *'missing packages'*' binutils'* ]]
    [[ "$output" == *'apt-get install binutils'* ]]
}

@test "install-deps: installs just that, updates the lists when it must" {
    without objcopy
    cat >"$TREE/bin/apt-get" <<END
#!/bin/sh
echo "\$*" >>"$TREE/calls"
[ "\$1" = update ] && : >"$TREE/updated"
[ "\$1" = install ] && { [ -e "$TREE/updated" ] || exit 100; /bin/ln -sf /usr/bin/objcopy "$TREE/bin"; }
exit 0
END
    printf '#!/bin/sh\nexec "$@"\n' >"$TREE/bin/sudo"
    chmod +x "$TREE/bin/apt-get" "$TREE/bin/sudo"
    run -0 env "$BARE" "$TREE/scripts/install-deps" build
    [[ "$output" == *'installing binutils'* ]]
    [ "$(grep -c '^install' "$TREE/calls")" -eq 2 ]
    [ "$(sed -n 2p "$TREE/calls")" = "update -q" ]
}

@test "install-deps: with all there it says and does nothing" {
    without
    run -0 env "$BARE" "$TREE/scripts/install-deps" build
    [ -z "$output" ]
}

@test "install-deps: a wrong word is wrong use" {
    run -2 "$TREE/scripts/install-deps" everything
}

@test "make: an unknown variant is told before anything is built" {
    cd "$ROOT"
    run env -u MAKEFLAGS -u MAKELEVEL make V=fast BUILD="$TREE/b"
    [ "$status" -ne 0 ]
    [[ "$output" == *'V=fast is unknown: it is release, debug, asan or tsan'* ]]
}
