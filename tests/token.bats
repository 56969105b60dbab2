#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
# token.bats - tokens: what a failure's says, and what is said of one that is wrong.
#
# In: VIGIL_BIN, the command; BUILD_DIR, whose tests/hostile/ has the programs.

load asked

setup()
{
    X="$BUILD_DIR/tests/hostile/explored"
    cd "$BATS_TEST_TMPDIR"
}

# The token that the exploration of a scenario comes to.
token_of()
{
    vigil explore "$X:$1" --seed 1 --format json | head -1 | jq -er .token
}

@test "a token is short, and the same each time" {
    a=$(token_of abba)
    b=$(token_of abba)
    echo "$a / $b"
    [ "$a" = "$b" ]
    [ "${#a}" -le 80 ]
}

@test "a select that leaves early leaks, and its choice is shown" {
    token=$(token_of lost_answer)
    run vigil replay "$X" "$token"
    [ "$status" -eq 0 ]
    has 'LEAK, proven: 1 goroutine'
    has 'select case 1'
}

@test "a timer that fires early is one letter" {
    token=$(token_of too_early)
    [[ "$token" == *=t ]]
    run vigil replay "$X" "$token"
    [ "$status" -eq 0 ]
    has 'panic: not there yet'
    has 'the clock goes on early'
}

@test "a number is part of the schedule" {
    token=$(token_of unlucky)
    [[ "$token" == *=r13 ]]
    run vigil replay "$X" "$token"
    [ "$status" -eq 0 ]
    has 'panic: thirteen'
}

@test "a big number too" {
    token=$(token_of far_out)
    [[ "$token" =~ =r[0-9]{5,6}$ ]]
    run vigil replay "$X" "$token"
    [ "$status" -eq 0 ]
    has 'panic: far out'
}

@test "what else is a step is part of the token" {
    token=$(token_of tries)
    [[ "$token" =~ :u1,@ ]]
    run vigil replay "$X" "$token"
    [ "$status" -eq 0 ]
    has 'panic: busy'
    run vigil replay "$X" "${token/u1,/}"
    [ "$status" -eq 2 ]
}

@test "what is no token is wrong use, and says where" {
    run vigil replay
    one_line 2 'replay wants a token'
    run vigil replay "$X" nonsense
    one_line 2 "does not begin with 'gx1:', nor end with '.sched'"
    run vigil replay "$X" gx1:abba
    one_line 2 'it is cut: gx1:SCENARIO:HASH:CHOICES'
    run vigil replay "$X" gx1:abba:12:@1=b
    one_line 2 "'12' is no hash"
    run vigil replay "$X" 'gx1:abba:*:@1=b,@1=c'
    one_line 2 "'@1=c' is not behind the one before it"
    run vigil replay "$X" 'gx1:abba:*:@1=4'
    one_line 2 "'@1=4' is no choice"
    run vigil replay "$X" 'gx1:nobody:*:'
    one_line 2 "'nobody' is not among the"
}

@test "a token that does not fit says the first choice that can not be" {
    run vigil replay "$X" 'gx1:abba:*:@2=d'
    one_line 2 'choice 2 is to be a step of d, but what can be done is b: lock'
    run vigil replay "$X" 'gx1:abba:*:@2=r1'
    one_line 2 'choice 2 is to be the number 1'
    run vigil replay "$X" 'gx1:abba:*:@500=b'
    one_line 2 'choice 500 is to be another, but the execution is over after'
}

@test "a token whose schedule has become another says so" {
    run vigil replay "$X" 'gx1:abba:0000:@2=c'
    one_line 2 'it has become another schedule: its hash is'
}
