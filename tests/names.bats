#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
# names.bats - a scenario's name is of any length.
#
# In: VIGIL_BIN, the command; BUILD_DIR, whose tests/hostile/long_name has one
# of more than 256 bytes.

load asked

setup()
{
    X="$BUILD_DIR/tests/hostile/long_name"
    cd "$BATS_TEST_TMPDIR"
}

@test "who has a long name is explored, and its token and its file replayed" {
    vigil explore "$X" --seed 1 --save one.sched --format json | head -1 >found
    jq -e '.verdict == "deadlock" and .as_expected and
        (.scenario | length) > 256' found
    token=$(jq -er .token found)
    for what in "$token" one.sched; do
        vigil replay "$X" "$what" --seed 1 --format json | head -1 |
            jq -e '.verdict == "deadlock" and .as_expected'
    done
    run -0 env VIGIL="replay=$token" "$X"
    has 'all goroutines are asleep'
}
