/*
 * comes_late.c - what is stuck, panics or spins beside somebody who waits for
 * what comes from outside, and that comes only when the others are done; each
 * with a twin where nobody is.
 */
#include <poll.h>
#include <unistd.h>
#include <vigil/scenario.h>

static void take_both(struct go_mutex *first, struct go_mutex *second)
{
    go_mutex_lock(first);
    go_mutex_lock(second);
    go_mutex_unlock(second);
    go_mutex_unlock(first);
}

static void ring(bool cured)
{
    static struct go_mutex a, b;
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, take_both, &a, &b);
    go_waitgroup_go(&wg, take_both, cured ? &a : &b, cured ? &b : &a);
    go_waitgroup_wait(&wg);
}

static void leak(bool cured)
{
    static struct go_mutex a, b;

    go(take_both, &a, cured ? &b : &a);
    go_sleep(GO_MILLISECOND);
}

static void panics(bool cured)
{
    go_yield();
    if (!cured)
        go_panic("beside");
}

static void spin(const struct go_atomic *over)
{
    while (!go_atomic_load(over))
        go_yield();
}

/* Who spins comes to its end by the clock only. */
static void spins(bool cured)
{
    static struct go_atomic over;

    go(spin, &over);
    go_sleep(GO_MILLISECOND);
    if (cured)
        go_atomic_store(&over, 1);
}

static void read_one(int fd)
{
    char c;

    go_read(fd, &c, 1);
}

static void beside_reader(void (*what)(bool cured), bool cured)
{
    int fds[2];

    if (pipe(fds) < 0)
        go_panic("no pipe");
    go(read_one, fds[0]);
    what(cured);
    go_close(fds[1]);
}

static void call(void)
{
    go_blocking(usleep, 20000);
}

static void beside_call(void (*what)(bool cured), bool cured)
{
    go(call);
    what(cured);
}

/* The writer stays open: it never comes. */
static void beside_nothing(void (*what)(bool cured), bool cured)
{
    int fds[2];

    if (pipe(fds) < 0)
        go_panic("no pipe");
    go(read_one, fds[0]);
    what(cured);
}

#define PAIR(name, beside, what, bad, good)                                    \
    SCENARIO(name, .about = "beside what comes late", .expect = bad)           \
    {                                                                          \
        beside(what, false);                                                   \
    }                                                                          \
    SCENARIO(name##_fixed, .about = "the same, without it", .expect = good)    \
    {                                                                          \
        beside(what, true);                                                    \
    }

PAIR(ring, beside_reader, ring, EXPECT_DEADLOCK, EXPECT_CLEAN)
PAIR(ring_call, beside_call, ring, EXPECT_DEADLOCK, EXPECT_CLEAN)
PAIR(leak, beside_reader, leak, EXPECT_LEAK(1), EXPECT_CLEAN)
PAIR(leak_never, beside_nothing, leak, EXPECT_LEAK(1), EXPECT_LEFT(1))
PAIR(panic, beside_reader, panics, EXPECT_PANIC("beside"), EXPECT_CLEAN)
PAIR(panic_call, beside_call, panics, EXPECT_PANIC("beside"), EXPECT_CLEAN)
PAIR(spinner, beside_reader, spins, EXPECT_LEFT(1), EXPECT_CLEAN)

/* Whoever is left at a descriptor: that hides nothing. */
SCENARIO(left_and_ring, .about = "a reader, and locks in two orders",
         .expect = EXPECT_DEADLOCK)
{
    beside_nothing(ring, false);
}

static void call_for_good(void)
{
    go_blocking(pause);
}

/* Main waits for what never comes: only the time-out ends that. */
SCENARIO(never, .about = "main joins who is in a call, beside what is stuck",
         .timeout = GO_SECOND)
{
    static struct go_mutex a;
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, call_for_good);
    go(take_both, &a, &a);
    go_waitgroup_wait(&wg);
}

/* Some periods of looks long. */
SCENARIO(deadline, .about = "input that does not come in time")
{
    int fds[2];

    if (pipe(fds) < 0)
        go_panic("no pipe");
    if (go_wait_fd(fds[0], POLLIN, GO_SECOND) != -ETIMEDOUT)
        go_panic("there is nothing to be read");
}
