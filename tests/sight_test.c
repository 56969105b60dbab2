/* sight_test.c - what was seen is told again, and holders are found. */
#include "runtime/monitor/sight.h"

#include <criterion/criterion.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runtime/base/throw.h"
#include "tests/made.h"

static struct made made;

/* Goroutine 0 runs; 1, 2, 3 each wait on an object: 0, 1, 2. */
static struct mon_graph *row(void)
{
    static struct mon_graph graph;

    made_new(&made);
    made_g(&made, GO_WAIT_NONE);
    for (uint32_t i = 0; i < 3; i++) {
        uint32_t o = made_object(&made, GO_KIND_SEMAPHORE, "s");

        made_wait(&made, made_g(&made, GO_WAIT_SEMAPHORE), o, GO_WANT_RELEASE);
    }
    cr_assert_eq(mon_graph_build(&graph, made_done(&made), NULL, &made.arena),
                 0);
    return &graph;
}

static struct mon_reduction reduced(const struct mon_sight *sight,
                                    struct mon_replay *replay)
{
    struct mon_reach reach = mon_sight_reach(replay, sight);
    struct mon_reduction r;

    cr_assert_eq(mon_reduce(row(), &reach, MON_DOUBT_ALL, &made.arena, &r), 0);
    return r;
}

Test(sight, life_spreads_as_far_as_it_was_seen_to)
{
    /* 0 reaches what 2 waits for, and 2 what 1 does */
    static const struct mon_seen seen[] = {{0, 1, MON_WANT_ALL},
                                           {2, 0, MON_WANT_ALL}};
    const struct mon_sight sight = {.seen = seen, .nseen = 2};
    struct mon_replay replay;
    struct mon_reduction r = reduced(&sight, &replay);

    cr_assert(r.live[0] && r.live[1] && r.live[2] && !r.live[3]);
    mon_sight_told(&replay);
}

Test(sight, what_lives_without_help_comes_first)
{
    static const struct mon_seen seen[] = {{MON_OUTSIDE, 2, MON_WANT_ALL},
                                           {MON_GLOBALS, 0, MON_WANT_ALL}};
    const struct mon_sight sight = {.seen = seen, .nseen = 2};
    struct mon_replay replay;
    struct mon_reduction r = reduced(&sight, &replay);

    cr_assert(r.live[1] && !r.live[2] && r.live[3]);
    mon_sight_told(&replay);
}

Test(sight, life_that_was_seen_and_is_not_asked_for_is_our_failure)
{
    /* of a goroutine that does not live */
    static const struct mon_seen seen[] = {{3, 0, MON_WANT_ALL}};
    const struct mon_sight sight = {.seen = seen, .nseen = 1};
    int status;
    pid_t pid = fork();

    if (pid == 0) {
        struct mon_replay replay;

        close(STDERR_FILENO);
        reduced(&sight, &replay);
        mon_sight_told(&replay);
        _exit(0);
    }
    cr_assert_eq(waitpid(pid, &status, 0), pid);
    cr_assert_eq(WEXITSTATUS(status), RT_EXIT_INTERNAL);
}

Test(sight, the_holders_of_an_object_are_those_that_stand_together)
{
    static const struct mon_holder holders[] = {{1, 4, 1, false},
                                                {1, MON_GLOBALS, 1, false},
                                                {3, 2, 1, false},
                                                {7, 2, 1, false},
                                                {7, 5, 1, false}};
    const struct mon_sight sight = {.holders = holders, .nholder = 5};
    static const uint32_t first[] = {0, 0, 2, 2, 3, 3, 3, 3, 5},
                          n[] = {0, 2, 0, 1, 0, 0, 0, 2, 0};

    for (uint32_t o = 0; o < 9; o++) {
        const struct mon_holder *h, *end;

        mon_sight_holders(&sight, o, &h, &end);
        cr_assert_eq(h, holders + first[o], "%u", o);
        cr_assert_eq(end - h, n[o], "%u", o);
    }
}

Test(sight, without_a_scan_there_are_no_holders)
{
    const struct mon_holder *h, *end;

    mon_sight_holders(NULL, 1, &h, &end);
    cr_assert_eq(h, end);
}
