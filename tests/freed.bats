#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
# freed.bats - blocks that are freed while somebody uses them: what is told, and
# that nothing is where they are given anew.
#
# In: VIGIL_BIN, the command; BUILD_DIR, whose tests/hostile/ has the programs.

load asked

setup()
{
    X="$BUILD_DIR/tests/hostile/freed"
    cd "$BATS_TEST_TMPDIR"
    [ -e "$X" ] || skip "no instrumented programs beside a sanitizer"
}

json_of()
{
    vigil explore "$X:$1" --strategy dpor --format json 2>&1 | head -1
}

# Its races: of each the two accesses, and whether it is a use after free.
told_of()
{
    json_of "$1" | jq -r '"\(.complete)",
        (.races[] | "\(.first.access) \(.second.access) \(.used)")'
}

@test "to free, or to resize, races with accesses to any of its bytes" {
    run told_of freed
    [ "$output" = $'true\nread free false' ] ||
        [ "$output" = $'true\nfree read false' ]
    run told_of freed_big
    [ "$output" = $'true\nread free false' ] ||
        [ "$output" = $'true\nfree read false' ]
    run json_of moved
    echo "$output" | jq -e '.complete and (.races | length == 2)'
    echo "$output" | jq -e '[.races[] | .first, .second | .access] |
        sort == ["free", "free", "write", "write"]'
}

@test "a block that is given anew, or freed by who has it, does not race" {
    for s in dropped_locked handed_over given_anew; do
        run json_of $s
        echo "$output" | jq -e '.races == [] and .complete'
        echo "$output" | jq -e \
            '.conditions[0] == "no data race in any execution, of instrumented loads and stores"'
    done
}

@test "what was freed is given to nobody who does not come after that" {
    run told_of old_pointer
    [ "$output" = $'true\nfree read false' ]
}

@test "a use after free is told as that, with both places" {
    for s in read_late:read written_late:write copied_late:read moved_late:read \
        joined_late:write; do
        run told_of "${s%:*}"
        [ "$output" = $'true\nfree '"${s#*:}"' true' ]
    done
    run vigil explore "$X:joined_late" --strategy dpor -v
    [ "$status" -eq 0 ]
    has 'complete, 1 execution, 1 use after free'
    has 'USE AFTER FREE: of memory that was freed before'
    [[ "$output" =~ free\ of\ 48\ bytes\ at\ .*\ by\ goroutine\ 2,\ in\ drop\ .*freed.c: ]]
    [[ "$output" =~ write\ of\ 1\ byte\ at\ .*\ by\ goroutine\ 1,\ in\ change\ .*freed.c: ]]
}

@test "a use after free is no race, and fails a scenario when races do" {
    run json_of read_late
    echo "$output" | jq -e '.conditions[0] | test("^no data race in any execution")'
    run vigil explore "$X:read_late" --strategy dpor --races error
    [ "$status" -eq 1 ]
    has '1 use after free, with --races=error: one at freed.c:'
}

@test "once there is a race to free is a choice" {
    run vigil explore "$X:gone_between" --strategy dpor
    [ "$status" -eq 0 ]
    has 'found at schedule'
}

@test "two who free one block crash, and both are told" {
    run vigil explore "$X:freed_twice" --strategy dpor -v
    [ "$status" -eq 1 ]
    has 'double free detected'
    has 'USE AFTER FREE'
    [ "$(grep -c '^ *free of 48 bytes at .* in drop ' <<<"$output")" -eq 2 ]
}
