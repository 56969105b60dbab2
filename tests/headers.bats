#!/usr/bin/env bats
# headers.bats - every public header compiles alone, whatever the flags.

# $1...: a compiler and its flags. Each header, included first and twice.
each_header()
{
    cd "$BATS_TEST_DIRNAME/.."
    local header name
    for header in runtime/include/vigil/*.h harness/include/vigil/*.h; do
        name=vigil/$(basename "$header")
        printf '#include <%s>\n#include <%s>\nint unit;\n' "$name" "$name" |
            "$@" -x c -Wall -Wextra -Wshadow -Wundef -Wstrict-prototypes \
                -Werror -fsyntax-only - || return 1
    done
}

HERE="-Iruntime/include -Iharness/include"

@test "gcc, with warnings inside the headers too" {
    each_header gcc -std=gnu11 -Wsystem-headers $HERE
}

@test "clang, with warnings inside the headers too" {
    each_header clang -std=gnu11 -Wsystem-headers $HERE
}

@test "newer dialects" {
    each_header gcc -std=gnu17 $HERE
    each_header gcc -std=gnu2x $HERE
    each_header clang -std=gnu17 $HERE
}

@test "without the short names there is no go and no chan" {
    cd "$BATS_TEST_DIRNAME/.."
    printf '%s\n' '#define VIGIL_NO_SHORT_NAMES' '#include <vigil/scenario.h>' \
        'static int go, chan;' 'int both(void);' \
        'int both(void) { return go + chan; }' \
        'void f(GO_CHAN(int) c); void f(GO_CHAN(int) c) { GO_GO(f, c); }' |
        gcc -x c -std=gnu11 -Wall -Wextra -Werror $HERE -fsyntax-only -
}

@test "errno is the goroutine's own, also when errno.h comes later" {
    cd "$BATS_TEST_DIRNAME/.."
    printf '%s\n' '#include <vigil/go.h>' '#include <errno.h>' \
        '#include <stdio.h>' '#include <string.h>' '#include <pthread.h>' \
        'int f(void); int f(void) { errno = 0; return errno; }' |
        gcc -x c -std=gnu11 -Wall -Wextra -Werror $HERE -S -o - - |
        grep go_errno
}

@test "flags that change the layout of structs are told of" {
    cd "$BATS_TEST_DIRNAME/.."
    for cc in gcc clang; do
        for flag in -fshort-enums -fpack-struct; do
            [ $cc$flag != clang-fpack-struct ] || flag=-fpack-struct=1
            run $cc $HERE $flag -fsyntax-only -x c harness/include/vigil/scenario.h
            echo "$output"
            [ "$status" -ne 0 ]
            [[ "$output" == *"compile without ${flag%=1}"* ]]
        done
    done
}

@test "the harness can be called from C++, and go.h says that it is C" {
    cd "$BATS_TEST_DIRNAME/.."
    printf '%s\n' '#include <vigil/harness.h>' \
        'int f() { vigil_how how = {}; return vigil_check("x", &how, nullptr); }' |
        clang -x c++ -std=c++17 -Wall -Wextra -Werror $HERE -S -o - - |
        grep -w vigil_check
    run clang -x c++ -std=c++17 $HERE -fsyntax-only runtime/include/vigil/go.h
    echo "$output"
    [ "$status" -ne 0 ]
    [[ "$output" == *"vigil/go.h is C: "* ]]
}
