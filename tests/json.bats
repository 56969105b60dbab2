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
    timeout -k 5 900 "$VIGIL_BIN" "$@" --json || [ $? -eq 1 ]
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

# The rows of the tables, as {"a run": [["schema"], ["detector", "complete"], ...]}.
rows()
{
    sed -n '/^### JSON/,/^### Scores/p' "$BATS_TEST_DIRNAME/../README.md" |
        sed -n 's/{the same}//; s/`--all`//; s/^| \([^|]*\) | \(.*`.*\) |$/\1|\2/p' |
        jq -nR '[inputs | split("|") | {(.[0]): (.[1] | [scan("`[^`]*`")] | join(" ") |
            [scan("[a-z][a-z_0-9]*|[{}]")] | reduce .[] as $t
                ({at: [], last: "", all: []};
                if $t == "{" then .at += [.last]
                elif $t == "}" then .at |= .[:-1]
                else .last = $t | .all += [.at + [$t]] end) | .all)}] | add'
}

# Those of the fields that an object, or one within it, has not.
LACKS='
def lacks($path): if type == "array" then .[] | lacks($path)
    elif type != "object" then empty
    elif has($path[0]) | not then $path[0]
    elif ($path | length) > 1 then .[$path[0]] | lacks($path[1:])
    else empty end;
def kinds:
    {"the summary": select(.schema == "vigil-summary/1")},
    {"of `list`": select(.schema == "vigil-list/1")},
    (select(.schema == "vigil-report/1") | {"a run": .},
        (.findings[] | {"a finding": .},
            (select(.shape == "order").goroutines[] |
                {"a goroutine of a lock order": .}),
            (select(.shape != "order").goroutines[] | {"a goroutine": .},
                {"of its objects": .objects[]},
                {"of its certificate": .certificate[]},
                {"of its ancestors": .ancestors[]}),
            {"of its stack": .goroutines[].stack[]}),
        (select(has("strategy")) | {"an exploration, in its run": .},
            {"one of its failures": (.failures | arrays[])},
            {"what differs": (.differs | objects)},
            {"a race": (.races | arrays[])},
            {"a step of the decisive two":
                (.decisive | objects | .first, .second)},
            {"of its stack": (.crash | objects | .stack[])}));
'

@test "no object lacks a field of its row in the README" {
    rows >"$BATS_TEST_TMPDIR/rows"
    [ "$(jq length "$BATS_TEST_TMPDIR/rows")" -ge 15 ]
    lines >"$BATS_TEST_TMPDIR/lines"
    jq -c --slurpfile rows "$BATS_TEST_TMPDIR/rows" "$LACKS"'
        [inputs | kinds | to_entries[]] | group_by(.key) | map({(.[0].key):
            [.[] | .key as $k | .value | lacks($rows[0][$k][])] | unique}) | add' \
        -n "$BATS_TEST_TMPDIR/lines" >"$BATS_TEST_TMPDIR/lacking"
    cat "$BATS_TEST_TMPDIR/lacking"
    jq -e --slurpfile rows "$BATS_TEST_TMPDIR/rows" \
        '(all(. == [])) and (keys == ($rows[0] | keys))' \
        "$BATS_TEST_TMPDIR/lacking"
}

@test "who is stuck, and who is left, can be summed over findings of all kinds" {
    lines | jq -s '[.[].findings? | arrays[] | {shape, sum: (.leaked + .left)}]' \
        >"$BATS_TEST_TMPDIR/sums"
    jq -e 'any(.shape == "order") and any(.shape == "ring") and
        all(.sum | type == "number")' "$BATS_TEST_TMPDIR/sums"
}
