/* explore_asked_test.c - who asks how many there are, or the kernel about a
   descriptor, is told all that may be so. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <vigil/elsewhere.h>
#include <vigil/go.h>
#include <vigil/io.h>

#include "runtime/sched/sanitize.h"
#include "tests/explored.h"

#if defined(RT_ASAN) || defined(RT_TSAN)
#define SLOW true
#else
#define SLOW false
#endif

/* ---- how many there are --------------------------------------------------*/

static void nothing(void)
{
}

static void counts_beside_one(void)
{
    go(nothing);
    explored_saw[0] = (int)go_count();
}

static void counts_behind_one(void)
{
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, nothing);
    go_waitgroup_wait(&wg); /* which it has left, and has yet to end */
    explored_saw[0] = (int)go_count();
}

static void count(int at)
{
    explored_saw[at] = (int)go_count();
}

/* One is counted while another begins, as a member or as nobody's. */
static void counts_while_one_begins(void)
{
    struct go_waitgroup wg = {0};

    go(count, 0);
    go_waitgroup_go(&wg, nothing);
    go_waitgroup_wait(&wg);
}

static void counts_twice(void)
{
    go(count, 0);
    go(nothing);
    count(1);
}

Test(explore_asked, to_begin_and_to_end_is_a_step_where_it_is_counted)
{
    explored_begins = GO_MORE_COUNTS;
    explored_same("beside one", counts_beside_one, 0, 2);
    explored_same("behind one", counts_behind_one, 0, 2);
    explored_same("while one begins", counts_while_one_begins, 0, 3);
    explored_same("twice", counts_twice, 0, 8);
}

#ifndef __SANITIZE_THREAD__ /* a fiber for each goroutine: minutes */
enum {
    TASKS = 2,
    OPS = 3,
    PROGRAMS = SLOW ? 10 : 60
};

static enum {
    COUNT,
    BEGIN,
    BEGIN_MEMBER,
    LOCKED,
    KINDS
} program[TASKS][OPS];
static struct go_mutex mu;
static struct go_waitgroup inner;

static void play(int t)
{
    for (int i = 0; i < OPS; i++)
        switch (program[t][i]) {
        case COUNT:
            count(t * OPS + i);
            break;
        case BEGIN:
            go(nothing);
            break;
        case BEGIN_MEMBER:
            go_waitgroup_go(&inner, nothing);
            break;
        default:
            go_mutex_lock(&mu);
            explored_saw[TASKS * OPS + t] = (int)go_count();
            go_mutex_unlock(&mu);
        }
}

static void random_program(void)
{
    mu = (struct go_mutex){0};
    inner = (struct go_waitgroup){0};
    go(play, 1);
    play(0);
}

static void make_program(uint64_t seed)
{
    int begun = 0;

    for (int t = 0; t < TASKS; t++)
        for (int i = 0; i < OPS; i++) {
            program[t][i] = go_draw_below(&seed, KINDS);
            begun += program[t][i] == BEGIN || program[t][i] == BEGIN_MEMBER;
            if (begun > 2) /* brute force has its limits */
                program[t][i] = COUNT;
        }
}

Test(explore_asked, nothing_of_random_programs_is_missed)
{
    explored_begins = GO_MORE_COUNTS;
    cr_assert_gt(explored_random(make_program, random_program, PROGRAMS), 0);
}
#endif

/* ---- descriptors ---------------------------------------------------------*/

static int fds[2];

static void write_one(void)
{
    go_write(fds[1], "x", 1);
}

static void asks_at_once(void)
{
    cr_assert_eq(pipe2(fds, O_NONBLOCK), 0);
    go(write_one);
    explored_saw[0] = go_wait_fd(fds[0], POLLIN, go_now());
}

static void is_closed_meanwhile(void)
{
    cr_assert_eq(pipe2(fds, O_NONBLOCK), 0);
    go(write_one);
    go_close(fds[0]);
}

/* ---- the program's own calls ---------------------------------------------*/

/* As interpose_kernel.c does, which is in no test. */
static ssize_t asked_read(int from, void *to, size_t n)
{
    ssize_t got;

    go_control_ask(GO_OP_ASK, NULL);
    got = read(from, to, n);
    if (got > 0)
        go_control_got();
    return got;
}

static void asked_write(int to, char byte)
{
    go_control_ask(GO_OP_IO, NULL);
    cr_assert_eq(write(to, &byte, 1), 1);
}

enum {
    PIPES = 2,
    BYTES = 12 /* more than a loop that waits is gone round */
};
static int ends[PIPES][2];

static void make_pipes(void)
{
    for (int i = 0; i < PIPES; i++)
        cr_assert_eq(pipe2(ends[i], O_NONBLOCK), 0);
}

/* What the execution before has left: it may have been cut off anywhere. */
static void empty_pipes(void)
{
    char byte;

    for (int i = 0; i < PIPES; i++)
        while (read(ends[i][0], &byte, 1) == 1)
            continue;
}

static void puts_one(char byte)
{
    asked_write(ends[0][1], byte);
}

static void takes_what_is_there(void)
{
    char byte = 0;

    empty_pipes();
    go(puts_one, 'a');
    go(puts_one, 'b');
    explored_saw[0] = (int)asked_read(ends[0][0], &byte, 1);
    explored_saw[1] = byte;
}

static void takes_all(void)
{
    char byte;

    for (int i = 0; i < BYTES; i++)
        cr_assert_eq(asked_read(ends[0][0], &byte, 1), 1);
}

static void counts_what_is_left(void)
{
    empty_pipes();
    for (int i = 0; i < BYTES; i++)
        cr_assert_eq(write(ends[0][1], "x", 1), 1);
    go(takes_all);
    go_control_ask(GO_OP_ASK, NULL);
    ioctl(ends[0][0], FIONREAD, &explored_saw[0]);
}

/* Whoever is asked for by a handler can not be kept waiting. */
static void is_handled(void)
{
    go_control_handled();
    takes_what_is_there();
}

Test(explore_asked, what_the_kernel_says_before_and_after_others_asked)
{
    make_pipes();
    explored_begins = 0;
    explored_same("one is taken", takes_what_is_there, 0, 3);
    explored_same("all are", counts_what_is_left, 0, BYTES + 1);
    explored_begins = GO_MORE_HANDLED;
    explored_run_early(is_handled, 0);
    cr_assert_eq(explored_clever.executions, 2, "it has begun again, once");
    cr_assert_eq(explored_brute.executions, 1);
}

#ifndef __SANITIZE_THREAD__
static enum {
    PUT,
    PUT_OTHER,
    TAKE,
    TAKE_OTHER,
    LOCKED_PUT,
    LOCKED_TAKE,
    ASKED_KINDS
} asked[TASKS][OPS];

static void take(int at, int t, int i)
{
    char byte = 0;

    asked_read(ends[at][0], &byte, 1);
    explored_saw[t * OPS + i] = byte;
}

static void ask_all(int t)
{
    for (int i = 0; i < OPS; i++) {
        bool locked = asked[t][i] >= LOCKED_PUT;
        bool other = asked[t][i] == PUT_OTHER || asked[t][i] == TAKE_OTHER;

        if (locked)
            go_mutex_lock(&mu);
        if (asked[t][i] == PUT || asked[t][i] == PUT_OTHER ||
            asked[t][i] == LOCKED_PUT)
            asked_write(ends[other][1], (char)('a' + t * OPS + i));
        else
            take(other, t, i);
        if (locked)
            go_mutex_unlock(&mu);
    }
}

static void random_asks(void)
{
    mu = (struct go_mutex){0};
    empty_pipes();
    go(ask_all, 1);
    ask_all(0);
}

static void make_asks(uint64_t seed)
{
    for (int i = 0; i < TASKS * OPS; i++)
        asked[i / OPS][i % OPS] = go_draw_below(&seed, ASKED_KINDS);
}

Test(explore_asked, nothing_of_random_programs_that_ask_is_missed)
{
    make_pipes();
    explored_begins = 0;
    explored_random(make_asks, random_asks, PROGRAMS);
}
#endif

Test(explore_asked, of_a_descriptor_before_and_after_others_did)
{
    explored_begins = 0;
    explored_same("asks at once", asks_at_once, 0, 2);
    explored_run_early(is_closed_meanwhile, 0);
    cr_assert_gt(explored_clever.executions, 1);
}
