#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
# sited.bats - which line a call is told to be on.
#
# In: VIGIL_BIN, the command; BUILD_DIR, whose tests/hostile/ has the program.

load asked

setup()
{
    X="$BUILD_DIR/tests/hostile/sited"
    source=$BATS_TEST_DIRNAME/hostile/sited.c
    cd "$BATS_TEST_TMPDIR"
}

# Each row has the last word of a call, as in tryrecv c sited.c:48, and that line
# has the call: of a timer its stop, not its making.
@test "each row of a table names the line of its call" {
    for name in timers others; do
        run -0 vigil replay "$X" "gx1:$name:*:"
        rows=$(grep -oE '[a-z]+ [^:]*sited\.c:[0-9]+$' <<<"$output")
        [ "$(wc -l <<<"$rows")" -ge 8 ]
        while read -r op rest; do
            line=$(sed -n "${rest##*:}p" "$source")
            echo "$op $rest: $line"
            case $op in
            timer) [[ "$line" =~ _(stop|reset|free)\( ]] ;;
            try*) [[ "$line" =~ try ]] ;;
            wlock) [[ "$line" =~ rwmutex_lock\( ]] ;;
            *) [[ "$line" =~ $op ]] ;;
            esac
        done <<<"$rows"
    done
}

# begins OBJECT TEXT: the store to it has the line where that function begins.
begins()
{
    local line

    line=$(grep -oE "store &$1 sited\.c:[0-9]+" <<<"$output")
    line=${line##*:}
    sed -n "$((line > 6 ? line - 6 : 1)),${line}p" "$source" | grep -F "$2"
}

@test "a call that a goroutine ends in has its function, and none of vigil's" {
    run -0 vigil replay "$X" 'gx1:at_last:*:'
    [[ "$output" != *switch_* ]]
    begins first 'set_at_last(struct'
    begins second 'SCENARIO(at_last,'
}

@test "a call that a once or a try ends in has that one's function" {
    run -0 vigil replay "$X" 'gx1:at_last_within:*:'
    [[ "$output" != *switch_* ]]
    begins within 'once_at_last(struct'
    begins tried 'try_at_last(struct'
}
