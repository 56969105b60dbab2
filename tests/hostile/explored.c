/* explored.c - scenarios that fail in some schedules only, each in its way. */
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <vigil/scenario.h>

static void both(struct go_mutex *first, struct go_mutex *second)
{
    go_mutex_lock(first);
    go_mutex_lock(second);
    go_mutex_unlock(second);
    go_mutex_unlock(first);
}

SCENARIO(abba, .about = "two orders of two locks", .expect = EXPECT_DEADLOCK,
         .explore = true)
{
    struct go_mutex a = {0}, b = {0};
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, both, &a, &b);
    go_waitgroup_go(&wg, both, &b, &a);
    go_waitgroup_wait(&wg);
}

SCENARIO(ordered, .about = "one order of two locks", .explore = true)
{
    struct go_mutex a = {0}, b = {0};
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, both, &a, &b);
    go_waitgroup_go(&wg, both, &a, &b);
    go_waitgroup_wait(&wg);
}

static void answer(chan(int) to)
{
    chan_send(to, 1);
}

SCENARIO(lost_answer, .about = "a select that may leave before the answer",
         .expect = EXPECT_LEAK(1), .explore = true)
{
    chan(int) answers = chan_make(int, 0);
    chan(int) quit = chan_make(int, 1);

    go(answer, answers);
    chan_send(quit, 0);
    go_select(GO_RECV(answers, NULL), GO_RECV(quit, NULL));
}

static void set(struct go_atomic *to)
{
    go_atomic_store(to, 1);
}

SCENARIO(too_early, .about = "a sleep is no barrier",
         .expect = EXPECT_PANIC("not there yet"), .explore = true)
{
    struct go_atomic there = {0};

    go(set, &there);
    go_sleep(GO_SECOND);
    if (!go_atomic_load(&there))
        go_panic("not there yet");
}

static void crash_if(struct go_atomic *a, int when)
{
    if (go_atomic_add(a, 1) == when)
        abort();
}

SCENARIO(crashes, .about = "aborts in one order of two", .explore = true)
{
    struct go_atomic a = {0};

    go(crash_if, &a, 2);
    go(crash_if, &a, 3);
}

/* Whether it stays, and where, says who came when. */
static void stay(struct go_atomic *turn, int who)
{
    chan(int) never = chan_make(int, 0);
    int64_t order = go_atomic_add(turn, 1);

    if (order == 1)
        chan_recv(never);
    else if (order == 2 && who == 1)
        chan_send(never, 0);
    else if (order == 3 && who == 0)
        go_select(GO_RECV(never, NULL));
}

static void parent(struct go_atomic *any, struct go_atomic *turn, int who)
{
    go_atomic_load(any); /* so any of three may be the first to spawn */
    go(stay, turn, who);
}

SCENARIO(families, .about = "who spawns first differs from run to run",
         .expect = EXPECT_LEAK(2), .explore = true)
{
    static struct go_atomic any, turn;

    for (int i = 0; i < 3; i++)
        go(parent, &any, &turn, i);
    go_sleep(GO_SECOND);
}

static void must_be(struct go_atomic *there, const char *otherwise)
{
    if (!go_atomic_load(there))
        go_panic("%s", otherwise);
}

SCENARIO(ways, .about = "fails in three ways, one of them by an early timer",
         .expect = EXPECT_DEADLOCK, .explore = true)
{
    struct go_atomic there = {0}, late = {0};
    struct go_mutex a = {0}, b = {0};
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, both, &a, &b);
    go_waitgroup_go(&wg, both, &b, &a);
    go_waitgroup_go(&wg, set, &there);
    go_waitgroup_go(&wg, must_be, &there, "not set yet");
    go(set, &late);
    go_waitgroup_wait(&wg);
    go_sleep(GO_SECOND);
    must_be(&late, "too early");
}

/* What is no memory stays from one execution to the next, but not apart. */
SCENARIO(messy, .about = "opens, and goes elsewhere", .explore = true)
{
    struct go_atomic a = {0};
    char here[16];

    go(set, &a);
    go_atomic_load(&a);
    if (dup(STDIN_FILENO) > 100)
        go_panic("no descriptor is left");
    if (getcwd(here, sizeof(here)) && here[1] == 0)
        go_panic("somebody has moved");
    if (chdir("/") != 0)
        go_panic("cannot move");
}

SCENARIO(unlucky, .about = "as the number has it",
         .expect = EXPECT_PANIC("thirteen"), .explore = true)
{
    if (go_choose(20) == 13)
        go_panic("thirteen");
}

SCENARIO(far_out, .about = "of many numbers the big ones",
         .expect = EXPECT_PANIC("far out"), .explore = true)
{
    if (go_choose(1000000) > 70000)
        go_panic("far out");
}

static void impatient(struct go_mutex *m)
{
    if (go_mutex_trylock(m))
        go_mutex_unlock(m);
    else
        go_panic("busy");
}

static void briefly(struct go_mutex *m)
{
    go_mutex_lock(m);
    go_mutex_unlock(m);
}

static _Atomic int stage;

static void second(struct go_mutex *a, struct go_mutex *b)
{
    go_yield();
    if (stage == 1)
        both(a, b);
}

static void first(struct go_mutex *a, struct go_mutex *b)
{
    both(a, b);
    stage = 1;
}

/* Two orders of two locks, which only a variable keeps apart. */
SCENARIO(kept_apart, .about = "two orders that do not meet", .explore = true,
         .expect = EXPECT_LOCK_ORDER)
{
    static struct go_mutex a, b;
    struct go_waitgroup wg = {0};

    stage = 0;
    go_waitgroup_go(&wg, first, &a, &b);
    go_waitgroup_go(&wg, second, &b, &a);
    go_waitgroup_wait(&wg);
}

/* The same two, and nothing keeps them apart; where they do not meet main does
   not like who came first. */
SCENARIO(meet_or_panic, .about = "a ring in some schedules, a panic in others",
         .explore = true, .expect = EXPECT_DEADLOCK)
{
    static struct go_mutex a, b;
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, both, &a, &b);
    go_waitgroup_go(&wg, both, &b, &a);
    go_waitgroup_wait(&wg);
    go_panic("they did not meet");
}

static void both_later(struct go_mutex *a, struct go_mutex *b)
{
    go_sleep(GO_MILLISECOND);
    both(a, b);
}

/* The same, and a sleep. */
SCENARIO(kept_apart_by_time, .about = "two orders that meet when one is late",
         .explore = true, .expect = EXPECT_DEADLOCK)
{
    static struct go_mutex a, b;
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, both, &a, &b);
    go_waitgroup_go(&wg, both_later, &b, &a);
    go_waitgroup_wait(&wg);
}

static void send_one(chan(int) c, int v)
{
    chan_send(c, v);
}

/* Both senders wait when the receiver comes: in queues the first is served. */
SCENARIO(overtaken, .about = "who came second is served first",
         .expect = EXPECT_PANIC("overtaken"), .explore = true)
{
    chan(int) c = chan_make(int, 0);

    go(send_one, c, 1);
    go_sleep(GO_MILLISECOND);
    go(send_one, c, 2);
    go_sleep(GO_MILLISECOND);
    if (chan_recv(c) == 2)
        go_panic("overtaken");
    chan_recv(c);
}

/* What is unlocked before the first try is a step from the second on. */
SCENARIO(tries, .about = "somebody tries a lock",
         .expect = EXPECT_PANIC("busy"), .explore = true)
{
    static struct go_mutex m;

    for (int i = 0; i < 3; i++)
        briefly(&m);
    go(impatient, &m);
    go(briefly, &m);
}

SCENARIO(fickle, .about = "asks the time of day", .explore = true)
{
    struct timespec t;

    clock_gettime(CLOCK_REALTIME, &t);
    for (long i = t.tv_nsec / 1000 % 7; i > 0; i--)
        go_yield();
    if (t.tv_nsec / 1000 % 3 == 0)
        go_panic("at this time of day");
}

/* One schedule, and each time another: the mask is never set back. */
SCENARIO(fickle_alone, .about = "yields for every other mask of files",
         .explore = true)
{
    mode_t mask = umask(0);

    umask(mask ^ 1);
    if (mask & 1)
        go_yield();
    go_yield();
}

static void turns(struct go_mutex *m)
{
    for (int i = 0; i < 10; i++) {
        go_mutex_lock(m);
        go_mutex_unlock(m);
    }
}

SCENARIO(too_many, .about = "more schedules than anybody has time for",
         .explore = true)
{
    struct go_mutex m = {0};
    struct go_waitgroup wg = {0};

    for (int i = 0; i < 3; i++)
        go_waitgroup_go(&wg, turns, &m);
    go_waitgroup_wait(&wg);
}

static void nothing(void)
{
}

SCENARIO(crowd, .about = "more goroutines than are told apart", .explore = true)
{
    for (int i = 0; i < 17000; i++)
        go(nothing);
}

/* ---- what an execution does beside its choices ---------------------------*/

static void give(chan(int) to)
{
    go_select(GO_SEND(to, 1), GO_RECV(go_after(GO_HOUR), NULL));
}

SCENARIO(checks, .about = "looks who is stuck, then takes what may be gone",
         .expect = EXPECT_DEADLOCK, .explore = true)
{
    chan(int) from = chan_make(int, 0);

    go(give, from);
    for (int i = 0; i < 5; i++) {
        go_sleep(GO_MILLISECOND);
        go_check();
    }
    chan_recv(from);
}

static void wait_outside(void)
{
    usleep(20000);
}

static void work_outside(void)
{
    go_blocking(wait_outside);
}

SCENARIO(waits_outside, .about = "each execution waits for two calls")
{
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, work_outside);
    go_waitgroup_go(&wg, work_outside);
    go_waitgroup_wait(&wg);
}

static void nap_outside(void)
{
    usleep(1);
}

static void work_briefly(void)
{
    go_blocking(nap_outside);
}

SCENARIO(comes_back,
         .about = "two calls, that come back at about the same time")
{
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, work_briefly);
    go_waitgroup_go(&wg, work_briefly);
    go_waitgroup_wait(&wg);
}

static void look_often(int times)
{
    static struct go_atomic at;

    for (int i = 0; i < times; i++)
        go_atomic_load(&at);
}

SCENARIO(looks_often, .about = "two at what neither changes")
{
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, look_often, 200);
    go_waitgroup_go(&wg, look_often, 200);
    go_waitgroup_wait(&wg);
}

SCENARIO(looks_alone, .about = "at what nobody else is there to change")
{
    look_often(20);
}

static void answer_once(chan(int) c)
{
    chan_send(c, 1);
}

SCENARIO(always, .about = "waits for a second answer, in every schedule",
         .expect = EXPECT_DEADLOCK, .explore = true)
{
    chan(int) c = chan_make(int, 0);

    go(answer_once, c);
    chan_recv(c);
    chan_recv(c);
}
