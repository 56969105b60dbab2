#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
# marked.bats - what is known as a scenario program, and what only looks like it.
#
# In: VIGIL_BIN, the command; BUILD_DIR, with the libraries.

load asked

setup_file()
{
    local root="$BATS_TEST_DIRNAME/.."
    [ -e "$BUILD_DIR/tests/hostile/outer" ] || return 0
    cd "$BATS_FILE_TMPDIR"
    export FLAGS="-std=gnu11 -g -pthread -I$root/runtime/include
        -I$root/harness/include -L$BUILD_DIR -Wl,--no-as-needed
        -lvigil-harness -lvigil -Wl,-rpath,$BUILD_DIR -Wl,-rpath,\$ORIGIN"
    printf '%s\n' '#include <vigil/scenario.h>' \
        'SCENARIO(one, .about = "ends")' '{' '    go_yield();' '}' >one.c
    echo 'extern int nothing;' >empty.c
    mkdir folder
    gcc one.c $FLAGS -o folder/one
    gcc -shared -fPIC one.c $FLAGS -o folder/libone.so
}

setup()
{
    [ -e "$BUILD_DIR/tests/hostile/outer" ] || skip "a sanitizer wants its flags"
    cd "$BATS_FILE_TMPDIR"
}

@test "neither a library nor a file of debug information is run for one" {
    objcopy --only-keep-debug folder/one folder/one.debug
    chmod +x folder/one.debug folder/libone.so
    run -0 vigil list --json folder
    [ "${#lines[@]}" -eq 1 ]
    for file in one.debug libone.so; do
        run vigil run "folder/$file"
        one_line 2 "folder/$file: not a scenario program"
    done
}

@test "one that is linked statically, for any address, is known" {
    gcc -fPIE -c one.c -o one.o $FLAGS
    ld -pie --no-dynamic-linker one.o -o loose --unresolved-symbols=ignore-all \
        -e scenario_one
    [ "$(readelf -lW loose | grep -c INTERP)" -eq 0 ]
    run vigil list ./loose
    one_line 2 'loose: fails when asked for its scenarios'
}

@test "one that nobody may execute is told, and not passed over in a folder" {
    mkdir lost
    cp folder/one lost/
    chmod -x lost/one
    for path in lost lost/one; do
        run vigil run "$path"
        one_line 2 'lost/one: a scenario program that nobody may execute (chmod +x)'
    done
}

@test "a program without a scenario says so, and does not succeed" {
    gcc empty.c $FLAGS -o none
    for word in run list explore score; do
        run -2 timeout 900 ./none $word
        [ "$output" = 'none: there are no scenarios in this program (of an archive the linker takes only files that something else needs)' ]
    done
    run vigil run ./none
    one_line 2 './none: not a scenario program'
}

@test "a program runs what its library has, though vigil does not know it" {
    gcc empty.c $FLAGS -Lfolder -lone -Wl,-rpath,"$PWD/folder" -o outside
    run -0 timeout 900 ./outside run
    has '1 as expected, 0 not'
    run vigil run ./outside
    one_line 2 './outside: not a scenario program'
}
