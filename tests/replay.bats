#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
# replay.bats - schedules kept in files, and the manners of playing them.
#
# In: VIGIL_BIN, the command; BUILD_DIR, whose tests/hostile/ has the programs.

load asked

setup()
{
    ROOT=$PWD
    X="$BUILD_DIR/tests/hostile/explored"
    cd "$BATS_TEST_TMPDIR"
}

# The schedule of a scenario's failure, in NAME.sched.
save()
{
    vigil explore "$X:$1" --seed 1 --save "$1.sched" >/dev/null || [ "$1" = crashes ]
    [ "$(head -1 "$1.sched")" = vigil-sched/1 ]
}

@test "a saved schedule is played again, from any folder" {
    save abba
    run vigil replay "$X" abba.sched
    [ "$status" -eq 0 ]
    has 'DEADLOCK, proven: 2 goroutines wait in a ring'
    mkdir other
    cd other
    run vigil replay "$X" ../abba.sched
    [ "$status" -eq 0 ]
    run "$X" replay ../abba.sched
    [ "$status" -eq 0 ]
}

@test "a saved schedule has no address, and is the same each time" {
    save abba
    mv abba.sched first
    save abba
    cat first
    cmp first abba.sched
    run ! grep -q 0x first
}

@test "a crash, a number and an early timer can be saved, too" {
    for s in crashes unlucky too_early lost_answer; do
        save $s
        run vigil replay "$X" $s.sched
        [[ "$output" != *"does not fit"* ]]
        [ "$status" -ne 2 ]
    done
}

@test "with a select, timers, numbers and addresses each replay has all steps" {
    X="$BUILD_DIR/tests/hostile/replayed"
    vigil explore "$X" --strategy random --seed 5 --save everything.sched >/dev/null
    cat everything.sched
    token=$(sed -n 's/^token //p' everything.sched)
    [ "${#token}" -le 80 ]
    for _ in {1..10}; do
        vigil replay "$X" everything.sched >/dev/null
        vigil replay "$X" "$token" >/dev/null
        VIGIL=replay=$token "$X" 2>/dev/null
    done
}

@test "the first step that is another is named, as it is to be and as it is" {
    save abba
    sed -i 's/#3 first/#2 first/' abba.sched
    run vigil replay "$X" abba.sched
    one_line 2 "step 2 is to be 'c lock #2 first explored.c:"
    has "but is 'c lock #3 first explored.c:"
}

@test "a file with too many steps, too few, or edited ones does not fit" {
    save abba
    sed '/#3 first/d; s/^end 3/end 2/' abba.sched >few.sched
    run vigil replay "$X" few.sched
    one_line 2 'the file ends after 2 steps'
    sed 's/^end 3/     3  b lock 0000\nend 4/' abba.sched >many.sched
    run vigil replay "$X" many.sched
    one_line 2 "step 3 is to be 'b lock', but the execution is over"
    sed 's/[0-9a-f]*$//; s/^end/end 3/' abba.sched >bare.sched
    run vigil replay "$X" bare.sched
    [ "$status" -eq 2 ]
}

@test "a token that is too long for a command line is played from its file" {
    L="$BUILD_DIR/tests/hostile/lengthy"
    run vigil explore "$L:in_turn" --strategy fair --seed 1 --timeout 10m -v --save l.sched
    [ "$status" -eq 0 ]
    has 'FILE.sched # as explore --save FILE.sched writes it'
    [[ "$output" != *gx1:* ]]
    [ "$(sed -n 's/^token //p' l.sched | wc -c)" -gt $((128 << 10)) ]
    for how in '' --loose '--prefix --schedules 1'; do
        run vigil replay "$L" $how l.sched --timeout 10m
        [ "$status" -eq 0 ]
        has 'panic: 20000 times in turn'
    done
    run vigil explore "$L:in_turn" --strategy fair --seed 1 --timeout 10m --schedules 1 --all -v
    has 'a token of '
    [[ "$output" != *gx1:* ]]
}

@test "a schedule that is too long to be written is told with its length" {
    run vigil explore "$BUILD_DIR/tests/hostile/lengthy:in_turn_deep" --strategy fair --seed 1 --timeout 10m
    [ "$status" -eq 1 ]
    [[ "$output" =~ 'a schedule failed that is too long to be written: it has '6[0-9]{4}' choices' ]]
    [[ "$output" != *"not deterministic"* ]]
}

@test "files that are no schedules are refused by a line that names them" {
    save abba
    run vigil replay "$X" nothing.sched
    one_line 2 'nothing.sched: cannot be read: No such file'
    head -c 200 abba.sched >cut.sched
    run vigil replay "$X" cut.sched
    one_line 2 'cut.sched: it is cut'
    sed '1s/1$/9/' abba.sched >new.sched
    run vigil replay "$X" new.sched
    one_line 2 'new.sched: it is of version 9, and only version 1 is known'
    head -c 5000 "$X" >binary.sched
    run vigil replay "$X" binary.sched
    one_line 2 'binary.sched: it is no text'
    mkdir folder.sched
    run vigil replay "$X" folder.sched
    one_line 2 'folder.sched: cannot be read: Is a directory'
}

@test "a full disk is told, and what was there stays" {
    run vigil explore "$X:abba" --save /dev/full
    [ "$status" -eq 3 ]
    has '/dev/full: cannot be written: No space left on device'
    run vigil explore "$X:abba" --save nowhere/x.sched
    one_line 3 'nowhere/x.sched: cannot be written: No such file'
    echo mine >ordered.sched
    run vigil explore "$X:ordered" --save ordered.sched
    [ "$status" -eq 0 ]
    has 'ordered.sched is not written: no schedule failed'
    [ "$(cat ordered.sched)" = mine ]
    [ "$(ls | wc -l)" -eq 1 ]
}

@test "loosely, what can not be done is left out and told" {
    run vigil replay "$X" --loose 'gx1:abba:0000:@1=d,@2=c,@9=b'
    [ "$status" -eq 0 ]
    has 'DEADLOCK, proven: 2 goroutines'
    has 'left out, for it cannot be done: @1=d,@9=b'
    run vigil replay "$X" --loose 'gx1:abba:*:@2=c'
    [[ "$output" != *"left out"* ]]
}

@test "a prefix is followed, and what comes behind it explored" {
    run vigil replay "$X" --prefix --strategy pct --seed 1 'gx1:abba:*:@1=c'
    [ "$status" -eq 0 ]
    has 'DEADLOCK, proven: 2 goroutines'
    has 'found at schedule'
    run vigil replay "$X" --prefix --schedules 200 'gx1:ordered:*:@1=c'
    [ "$status" -eq 0 ]
    has 'incomplete, 200 schedules'
}

@test "all that is explored behind a prefix begins by it" {
    run vigil replay "$X" --prefix --strategy random --schedules 50 'gx1:unlucky:*:@0=r5'
    has 'incomplete, 50 schedules'
    run vigil replay "$X" --prefix --schedules 50 'gx1:unlucky:*:@0=r13'
    has 'found at schedule 1'
}

@test "a prefix that does not fit says which choice" {
    run vigil replay "$X" --prefix 'gx1:abba:*:@1=d'
    one_line 2 'choice 1 is to be a step of d, but what can be done is b: lock'
    run vigil replay "$X" --prefix 'gx1:abba:*:@90=c'
    one_line 2 'choice 90 is to be another, but the execution is over'
}

@test "a case, a partner or a number that there is none of: what there is" {
    run vigil replay "$X" 'gx1:lost_answer:*:@0=as7'
    one_line 2 'choice 0 is to be case 7 of a; possible: as0'
    run vigil replay "$X" 'gx1:lost_answer:*:@1=apz'
    one_line 2 'choice 1 is to be a step of a with z; possible: as1'
    run vigil replay "$X" 'gx1:unlucky:*:@0=r30'
    one_line 2 'choice 0 is to be the number 30, but a number below 20 is drawn there'
}

@test "a scenario that is not there: among how many, or none at all" {
    run vigil replay "$X" 'gx1:nobody:*:'
    [[ "$output" =~ "'nobody' is not among the "[0-9]+" scenarios here: give the PATH" ]]
    [ "$status" -eq 2 ]
    run vigil replay "$X:abba" 'gx1:nobody:*:'
    one_line 2 "the token is of 'nobody', and 'abba' is given"
    mkdir empty
    run vigil replay empty 'gx1:nobody:*:'
    [ "$status" -eq 2 ]
    [ "${#lines[@]}" -eq 1 ]
}

@test "options that do not go together are wrong use" {
    run vigil replay "$X" --prefix --loose 'gx1:abba:*:'
    one_line 2 'do not go together'
    run vigil replay "$X" --prefix --strategy dpor 'gx1:abba:*:'
    one_line 2 "--prefix goes on by default, random, pct, pos, surw, hold or fair"
    for o in '--schedules 5' '--strategy pct' --all '--time quiescent' '--isolate fork'; do
        run vigil replay "$X" $o 'gx1:abba:*:@2=c'
        one_line 2 'is not for replay, which plays one schedule: add --prefix'
    done
    run vigil run "$X" --loose
    one_line 2 '--loose goes with replay'
    run vigil run "$X" --save x.sched
    one_line 2 '--save goes with explore'
    run vigil explore "$X" --save x.sched
    one_line 2 '--save keeps one schedule'
    [ ! -e x.sched ]
}

# ---- in the very process ----

@test "VIGIL=replay= plays a scenario in the program itself" {
    VIGIL=replay=gx1:abba:30a1:@2=c run "$X"
    [ "$status" -eq 0 ]
    has 'DEADLOCK, proven: 2 goroutines wait in a ring'
    has '*      2 '
    VIGIL=look=off,replay=gx1:abba:*:@1=c,@2=b,seed=3 run "$X"
    [ "$status" -eq 0 ]
    has 'DEADLOCK, proven: 2 goroutines wait in a ring'
    VIGIL=replay=gx1:abba:*: run "$X"
    [ "$status" -eq 1 ]
    has 'expected deadlock'
}

@test "VIGIL=replay= that is wrong is one line, and status 2 of a scenario program" {
    VIGIL=replay=nonsense run "$X"
    [ "$status" -eq 2 ]
    [ "$output" = "explored: VIGIL=replay=nonsense: it does not begin with 'gx1:', nor end with '.sched'" ]
    VIGIL=replay=gx1:nobody:*: run "$X"
    [ "$status" -eq 2 ]
    [ "$output" = "explored: VIGIL=replay=gx1:nobody:*:: there is no such scenario here" ]
    VIGIL=replay=gx1:abba:*:@2=c run "$X" run abba
    [ "$status" -eq 2 ]
    has 'the program does nothing else then'
    VIGIL=replay=gx1:abba:*:@2=d run "$X"
    [ "$status" -eq 2 ]
    has 'explored: VIGIL=replay=gx1:abba:*:@2=d: it does not fit: choice 2 is to be'
    VIGIL=replay=gx1:abba:*:@2=c run vigil run "$X"
    one_line 2 'here it is replay TOKEN'
}

@test "VIGIL=stop= where there is no such choice is a line, and status 2" {
    VIGIL=replay=gx1:abba:*:@2=c,stop=2 run "$X"
    [ "$status" -eq 0 ]
    VIGIL=replay=gx1:abba:*:@2=c,stop=400 run "$X"
    [ "$status" -eq 2 ]
    has 'explored: VIGIL=replay=gx1:abba:*:@2=c: stop=400 is none of its choices, which are 0 to '
    VIGIL=stop=2 run "$X" run abba
    [ "$status" -eq 2 ]
    [ "$output" = 'VIGIL: stop=2: it goes with replay=TOKEN, and there is none' ]
    VIGIL=stop=2 run vigil list
    [ "$status" -eq 2 ]
}

# Where vigil itself is built for a sanitizer, programs would have to be, too.
plain_build()
{
    [[ "$BUILD_DIR" != */[at]san ]] || skip "vigil is built for a sanitizer here"
}

# A program with go_main that has a deadlock in some schedules; $@: libraries.
plain_program()
{
    cat >both.c <<'END'
#include <vigil/go.h>

static void both(struct go_mutex *a, struct go_mutex *b)
{
    go_mutex_lock(a);
    go_mutex_lock(b);
    go_mutex_unlock(b);
    go_mutex_unlock(a);
}

static int body(void)
{
    struct go_mutex a = {0}, b = {0};
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, both, &a, &b);
    go_waitgroup_go(&wg, both, &b, &a);
    go_waitgroup_wait(&wg);
    return 7;
}

int main(void)
{
    return go_main(body);
}
END
    ${CC:-gcc} -std=gnu11 -g -I"$ROOT/runtime/include" both.c -L"$BUILD_DIR" \
        -Wl,--no-as-needed "$@" -lvigil -Wl,-rpath,"$BUILD_DIR" -pthread -o both
}

@test "a program with go_main follows a token, when somebody reads it" {
    plain_build
    plain_program -lvigil-harness
    VIGIL=replay=gx1:both:*:@2=c run ./both
    [ "$status" -eq 2 ]
    has 'DEADLOCK, proven: 2 goroutines wait in a ring'
    VIGIL=replay=gx1:both:*: run ./both
    [ "$status" -eq 7 ]
    VIGIL=replay=gx1:both:*:@2=f run ./both
    [ "$status" -eq 64 ]
    has 'VIGIL: replay=gx1:both:*:@2=f: it does not fit: choice 2'
    VIGIL=replay=gx1:both:*:@2=c,stop=400 run ./both
    [ "$status" -eq 64 ]
    has '@2=c: stop=400 is none of its choices'
    for wrong in stop=2 procs=0 seed= look=5 no=1 leaks=error,leaks=error; do
        VIGIL=$wrong run ./both
        [ "$status" -eq 64 ]
        [ "${#lines[@]}" -eq 1 ]
    done
    VIGIL=replay=gx1:both:12:@2=c run ./both
    [ "$status" -eq 64 ]
    [ "${#lines[@]}" -eq 1 ]
    has "'12' is no hash"
}

@test "and says so when nobody does" {
    plain_build
    plain_program
    VIGIL=replay=gx1:both:*:@2=c run ./both
    [ "$status" -eq 64 ]
    [ "${#lines[@]}" -eq 1 ]
    has 'nobody here reads tokens: link with -lvigil-harness'
}

# ---- chains ----

# chain NAME REGEX: its failure has a token whose choices match, and is played.
# All that can be left out is, however slow the machine.
chain()
{
    local token
    X="$BUILD_DIR/tests/hostile/chains"
    token=$(vigil explore "$X:$1" --seed 1 --timeout 10m \
        --save $1.sched --format json | head -1 | jq -er .token)
    echo "$token"
    [[ "$token" =~ ^gx1:$1:[0-9a-f]{4}:$2$ ]]
    for how in "$token" $1.sched; do
        run vigil replay "$X" "$how" --timeout 10m
        has 'DEADLOCK, proven: 2 goroutines wait in a ring'
        [ "$status" -eq 0 ]
    done
    VIGIL=replay=$token run "$X"
    [ "$status" -eq 0 ]
}

@test "at the end of a chain of 200 goroutines a choice has a short name" {
    chain of_200 'u2,@[0-9]+=\(b\*200\)[bc]'
    has '(b*200)c: lock first chains.c:'
    run vigil explore "$X:of_200" --seed 1 --verbose
    has " 'gx1:of_200:" # for a shell
}

@test "at the end of one of 5,000, and where all of 1,000 wait" {
    chain of_5000 'u2,@[0-9]+=\(b\*5000\)[bc]'
    chain waiting 'u2,@[0-9]+=\(b\*1001\)[bc]'
}

@test "behind many helpers, and where the letters are two in turn" {
    chain with_helpers 'u2,@[0-9]+=\(\(25\)\*300\)[bc]'
    chain in_turn 'u2,@[0-9]+=[bc]{301}'
}

# ---- within gdb ----

gdb_on()
{
    command -v gdb >/dev/null || skip "there is no gdb here"
    [[ "$BUILD_DIR" != */[at]san ]] || skip "gdb and sanitizers are not for this test"
    local token=$1
    shift
    printf '%s\n' "$@" >commands
    run timeout -k 5 900 "$VIGIL_BIN" replay --gdb "$X" "$token" <commands
    [ "$status" -eq 0 ]
}

@test "--gdb stops at the choice that decides, in the goroutine that takes it" {
    gdb_on gx1:abba:30a1:@2=c
    has 'stops at choice 2, which decides'
    has 'goroutine 3 (c) goes on with: first at explored.c:'
    has 'go_mutex_lock(first);'
    [[ "$output" =~ \*\ +3\ c\ +running\ +first\ at\ explored.c ]]
    [[ "$output" =~ \ +2\ b\ +stands\ +second\ at\ explored.c ]]
}

@test "in gdb each goroutine has its stack, and the program can go on" {
    gdb_on gx1:abba:30a1:@2=c 'goroutine all bt' 'goroutine 2 info registers sp' 'bt' \
        'goroutine 2 frame apply level 2 -q info registers rbx r12 r13 r14 r15' 'continue'
    has 'in scenario_abba () at'
    [ "$(grep -c 'in both (first=' <<<"$output")" -ge 2 ]
    [ "$(uname -m)" != x86_64 ] ||
        [ "$(grep -cE '^(rbx|r1[2-5]) +<not saved>$' <<<"$output")" -eq 5 ]
    has 'DEADLOCK, proven: 2 goroutines wait in a ring'
    has 'exited normally'
}

# A core file has none that can be.
@test "in gdb no register is set for a goroutine's stack" {
    gdb_on gx1:abba:30a1:@2=c \
        'python gdb.events.register_changed.connect(lambda event: print("set"))' \
        'goroutine all bt 1' 'frame' 'set $rcx = $rcx'
    [ "$(grep -cx 'set' <<<"${output//'(gdb) '/}")" -eq 1 ]
}

@test "in gdb an early timer, a number and a token that does not fit are told" {
    gdb_on gx1:too_early:*:@1=t
    has 'the clock goes on, early'
    gdb_on gx1:unlucky:*:@0=r13
    has 'goroutine 1 (a) draws a number'
    has 'go_choose(20) == 13'
    run vigil replay --gdb "$X" gx1:abba:*:@2=d
    one_line 2 'choice 2 is to be a step of d'
}

@test "in gdb a token that is too long for a variable is played from its file" {
    X="$BUILD_DIR/tests/hostile/lengthy"
    mkdir 'one, two'
    vigil explore "$X:in_turn" --strategy fair --seed 1 --timeout 10m --save 'one, two/l.sched' >/dev/null
    gdb_on 'one, two/l.sched' continue
    has 'goroutines:'
    has 'panic: 20000 times in turn'
}

@test "VIGIL=replay= takes a file, too" {
    save abba
    VIGIL=replay=abba.sched run "$X"
    [ "$status" -eq 0 ]
    has 'DEADLOCK, proven: 2 goroutines'
    VIGIL=replay=none.sched run "$X"
    [ "$status" -eq 2 ]
    has 'none.sched: cannot be read: No such file'
    VIGIL=replay=./12 run "$X"
    [ "$status" -eq 2 ]
    VIGIL=replay=12 run "$X"
    has "it does not begin with 'gx1:'"
}

@test "VIGIL=stop= says at which choice a debugger stops" {
    command -v gdb >/dev/null || skip "there is no gdb here"
    [[ "$BUILD_DIR" != */[at]san ]] || skip "gdb and sanitizers are not for this test"
    VIGIL=replay=gx1:abba:30a1:@2=c,stop=1 run timeout -k 5 900 gdb -q -batch \
        -ex 'set breakpoint pending on' -ex 'break go_control_reached' -ex run -ex bt "$X"
    has 'in both (first='
    has 'explored.c:'
    [[ "$output" != *DEADLOCK* ]]
    VIGIL=replay=gx1:abba:*:,stop=now run "$X"
    [ "$status" -eq 2 ]
    has 'VIGIL: stop=now: stop takes the number of a choice of the token'
}

@test "--gdb without gdb says what is missing" {
    mkdir none
    run env PATH="$PWD/none" "$VIGIL_BIN" replay --gdb "$X" 'gx1:abba:*:@2=c'
    one_line 3 '--gdb wants gdb, and there is none'
    run vigil replay --gdb --loose "$X" 'gx1:abba:*:@2=c'
    one_line 2 '--gdb plays a schedule strictly: not --loose'
}

@test "a replay is repeated, and each run is counted" {
    run -0 vigil replay -q --repeat 7 "$BUILD_DIR/scenarios/kernels/etcd_6708" \
        gx1:etcd_6708:e894:
    has '1 scenario, 7 runs: 1 as expected'
    vigil replay --repeat 3 --format json \
        "$BUILD_DIR/scenarios/kernels/etcd_6708" gx1:etcd_6708:e894: >runs
    [ "$(jq -s 'map(select(.schema == "vigil-report/1")) | length' runs)" = 3 ]
    tail -1 runs | jq -e '.runs == 3 and .runs_as_expected == 3'
}
