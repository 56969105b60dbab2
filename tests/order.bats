#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
# order.bats - shipped scenarios whose orders of locks are hints, or are none.
#
# In: VIGIL_BIN, the command.

# hints GLOB: how many scenarios ran, and how many of them had a hint.
hints()
{
    timeout -k 5 900 "$VIGIL_BIN" run --format json --filter "$1" --procs "$2" \
        > "$BATS_TEST_TMPDIR/out"
    run grep -c '"lock_order":{"hints":' "$BATS_TEST_TMPDIR/out"
    ran=$output
    run grep -c '"lock_order":{"hints":[1-9]' "$BATS_TEST_TMPDIR/out"
    hinted=$output
    echo "$1: $ran ran, $hinted hinted"
}

@test "orders that can not deadlock are no hint" {
    for procs in 1 4; do
        hints 'abba_*' $procs
        [ "$ran" -eq 7 ]
        [ "$hinted" -eq 0 ]
        hints 'rwmutex_readers_two_orders_no_writer' $procs
        [ "$ran" -eq 1 ]
        [ "$hinted" -eq 0 ]
    done
}

@test "orders that could deadlock are a hint, and their twins none" {
    hints 'lock_order_*' 1
    [ "$ran" -eq 6 ]
    [ "$hinted" -eq 3 ]
}

@test "with order=off nobody looks, with order=error a hint is still a hint" {
    cd "$BATS_TEST_TMPDIR"
    run env VIGIL=order=error timeout -k 5 900 "$VIGIL_BIN" run \
        --filter 'lock_order_*'
    [ "$status" -eq 0 ]
    run env VIGIL=order=off timeout -k 5 900 "$VIGIL_BIN" run \
        --filter 'lock_order_*'
    echo "$output"
    [ "$status" -eq 1 ]
    [[ "$output" == *"3 as expected, 3 not"* ]]
}
