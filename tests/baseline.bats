#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
# baseline.bats - --baseline FILE: known findings spoil no run, and are told.
#
# In: VIGIL_BIN, the command; BUILD_DIR, with the libraries.

load asked

setup_file()
{
    export ROOT="$BATS_TEST_DIRNAME/.."
    cd "$BATS_FILE_TMPDIR"
    cat >leaks.c <<'END'
#include <vigil/scenario.h>

static void answer(chan(int) c)
{
    chan_send(c, 42);
}

SCENARIO(leaks, .about = "two kinds of leaks")
{
    chan(int) fast = chan_make(int, 0), slow = chan_make(int, 0);

    chan_name(fast, "fast");
    chan_name(slow, "slow");
    go(answer, fast);
    go(answer, slow);
    go(answer, slow);
}
END
    sed 's/answer(chan/\n\n\nanswer(chan/; s/go(answer, fast)/\n&/' \
        leaks.c >moved.c
    sed 's/answer/reply/' leaks.c >renamed.c
    for name in leaks moved renamed; do
        "${CC:-gcc}" -std=gnu11 -g -pthread -I"$ROOT/runtime/include" \
            -I"$ROOT/harness/include" "$name.c" -o "$name" -L"$BUILD_DIR" \
            -lvigil-harness -lvigil -Wl,-rpath,"$BUILD_DIR"
    done
    FAST=$(fingerprints leaks | head -1)
    SLOW=$(fingerprints leaks | tail -1)
    export FAST SLOW
}

setup()
{
    cd "$BATS_FILE_TMPDIR"
}

fingerprints()
{
    timeout -k 5 900 "./$1" run --format json | head -1 |
        jq -r '.findings[].fingerprint'
}

# known WORD...: a baseline of these fingerprints.
known()
{
    for print; do
        echo "$print until=2999-12-31 the pool is rewritten"
    done >known.txt
}

@test "a fingerprint survives lines that move, and not another name" {
    [ "$FAST" != "$SLOW" ]
    [ "$(fingerprints moved)" = "$(fingerprints leaks)" ]
    [ "$(fingerprints renamed)" != "$(fingerprints leaks)" ]
}

@test "a failure tells the fingerprints of its findings" {
    run -1 vigil run ./leaks
    [[ "$output" == *"fingerprint: $FAST  leak: 1 goroutine waits"* ]]
    [[ "$output" == *"fingerprint: $SLOW  leak: 2 goroutines wait"* ]]
}

@test "all known: exit 0, and the row and the totals say so" {
    known "$FAST" "$SLOW"
    run -0 --separate-stderr vigil run --baseline known.txt ./leaks
    [[ "$output" == *"leak(3)"*"known until 2999-12-31: the pool is rewritten"* ]]
    [[ "${lines[-1]}" == "1 scenario: 1 as expected, 0 not, 1 known ("* ]]
    [ -z "$stderr" ]
}

@test "one unknown finding fails, and only that is counted" {
    known "$SLOW"
    run -1 vigil run --baseline known.txt ./leaks
    [[ "$output" == *"expected clean, got leak(1)"* ]]
    [[ "$output" == *"2 goroutines wait, and nobody is left to wake them (known)"* ]]
}

@test "JSON marks the findings and counts the scenarios" {
    known "$FAST" "$SLOW"
    run -0 vigil run --format json --baseline known.txt ./leaks
    jq -e '.verdict == "leak" and .as_expected and .known' <<<"${lines[0]}"
    jq -e '[.findings[].known | .reason, .until, .line] ==
        ["the pool is rewritten", "2999-12-31", 1,
         "the pool is rewritten", "2999-12-31", 2]' <<<"${lines[0]}"
    jq -e '.known == 1 and .as_expected == 1' <<<"${lines[1]}"
}

@test "an expired entry warns, and its finding counts again" {
    known "$FAST"
    echo "$SLOW until=2020-02-29 by then it is mended" >>known.txt
    run -1 --separate-stderr vigil run --baseline known.txt ./leaks
    [[ "$output" == *"expected clean, got leak(2)"* ]]
    [ "$stderr" = "vigil: known.txt:2: warning: expired on 2020-02-29, counts \
no more: by then it is mended" ]
}

@test "an entry that nothing met warns" {
    known "$FAST" "$SLOW" 00000000deadbeef
    run -0 --separate-stderr vigil run --baseline known.txt ./leaks
    [ "$stderr" = "vigil: known.txt:3: warning: not met in this run: the pool \
is rewritten" ]
}

@test "a wrong line, or no file, is wrong use in one line" {
    echo "$FAST untill=never x" >known.txt
    run -2 vigil run --baseline known.txt ./leaks
    [ "${#lines[@]}" -eq 1 ]
    [[ "$output" == "vigil: known.txt:1: 'untill=never' is not until="* ]]
    run -2 vigil run --baseline nowhere.txt ./leaks
    [ "$output" = "vigil: cannot read nowhere.txt: No such file or directory" ]
    run vigil run --baseline / "$P/plain:clean"
    [ "$status" -eq 2 ]
    [ "$output" = "vigil: cannot read /: Is a directory" ]
    run -2 vigil run --baseline
    [ "$output" = "vigil: --baseline wants a value: a file name" ]
}

@test "what was expected stays as expected, known or not" {
    sed 's/kinds of leaks"/&, .expect = EXPECT_LEAK(3)/' leaks.c >wanted.c
    gcc -std=gnu11 -g -pthread -I"$ROOT/runtime/include" \
        -I"$ROOT/harness/include" wanted.c -o wanted -L"$BUILD_DIR" \
        -lvigil-harness -lvigil -Wl,-rpath,"$BUILD_DIR"
    known "$FAST" "$SLOW"
    run -0 --separate-stderr ./wanted run --baseline known.txt
    [[ "${lines[-1]}" == "1 scenario: 1 as expected, 0 not ("* ]]
    [ -z "$stderr" ]
}
