#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
# json.bats - the fields that are written, and those that the README names.
#
# In: VIGIL_BIN, the command; SCENARIO_DIR; BUILD_DIR, whose tests/hostile/ has
# programs that fail in many ways.

# The words of the README's sections on JSON and on scores.
named()
{
    sed -n '/^### JSON/,/^### The exam/p' "$BATS_TEST_DIRNAME/../README.md" |
        tr '\n' ' ' | grep -o '`[^`]*`' | grep -oE '[a-z][a-z_0-9]*' | sort -u
}

json()
{
    timeout -k 5 60 "$VIGIL_BIN" "$@" --json || [ $? -eq 1 ]
}

# A line of each kind: findings of all kinds, crashes, races, hints, a score.
lines()
{
    local hostile="$BUILD_DIR/tests/hostile"

    json list "$SCENARIO_DIR/leak/early_return"
    json run "$SCENARIO_DIR/deadlock" "$SCENARIO_DIR/panic"
    json explore --all --schedules 200 --seed 1 "$hostile/crashing:two_places" \
        "$hostile/explored:abba"
    json explore --schedules 200 --seed 1 \
        "$hostile/rounds:asks_the_kernels_time"
    [ ! -e "$SCENARIO_DIR/race/lost_update" ] ||
        json explore --seed 1 "$SCENARIO_DIR/race/lost_update"
    json score --seeds 1 --schedules 100 "$SCENARIO_DIR/deadlock/mutex_self"
}

@test "every field that is written is in the README" {
    lines >"$BATS_TEST_TMPDIR/lines"
    jq -r '[paths[] | strings] | unique[]' "$BATS_TEST_TMPDIR/lines" |
        sort -u >"$BATS_TEST_TMPDIR/written"
    [ "$(wc -l <"$BATS_TEST_TMPDIR/written")" -gt 100 ]
    named >"$BATS_TEST_TMPDIR/named"
    echo "not in the README:"
    comm -23 "$BATS_TEST_TMPDIR/written" "$BATS_TEST_TMPDIR/named" |
        tee "$BATS_TEST_TMPDIR/missing"
    [ ! -s "$BATS_TEST_TMPDIR/missing" ]
}

# Names stand in quotes in what writes them.
@test "every field of the README's tables is written somewhere" {
    root=$BATS_TEST_DIRNAME/..
    cat "$root"/harness/*.c "$root"/harness/*/*.c "$root"/runtime/monitor/*.c |
        grep -oE '"[a-z_0-9]+\\?"' | tr -d '"\\' | sort -u \
        >"$BATS_TEST_TMPDIR/sources"
    sed -n '/^### JSON/,/^### Scores/p' "$root/README.md" |
        sed -n 's/^| [^`]*| //p' | grep -o '`[^`]*`' |
        sed 's/{the same}//' | grep -oE '[a-z][a-z_0-9]*' | sort -u \
        >"$BATS_TEST_TMPDIR/tables"
    [ "$(wc -l <"$BATS_TEST_TMPDIR/tables")" -gt 80 ]
    echo "in the README only:"
    comm -23 "$BATS_TEST_TMPDIR/tables" "$BATS_TEST_TMPDIR/sources" |
        grep -vx all | tee "$BATS_TEST_TMPDIR/missing" || true
    [ ! -s "$BATS_TEST_TMPDIR/missing" ]
}
