/* steal_test.c - what a worker takes of another's, and when it holds back. */
#include <string.h>

#include "runtime/sched/runq.h"
#include "runtime/sched/state.h"
#include "runtime/sched/trial.h"
#include "tests/inside.h"

enum {
    N = 16,
    LOTS = 1 << 30 /* switches: however long it took, that was fast */
};

static struct g gs[N];
static struct p victim, thief;
static struct m m;

/* Two workers at work, of whom one has nothing left; no thread is either. */
static void begin(void)
{
    memset(&rt_s, 0, sizeof(rt_s));
    memset(&victim, 0, sizeof(victim));
    memset(&thief, 0, sizeof(thief));
    memset(&m, 0, sizeof(m));
    rt_s.ps[0] = &victim;
    rt_s.ps[1] = &thief;
    rt_s.procs = 2;
    thief.rng = (struct rt_rng){1};
    m.p = &thief;
    rt_steal_begin();
}

/* A tick of the trial, in which so much was done. */
static void tick(uint64_t more)
{
    static uint64_t switches;

    switches += more;
    rt_steal_see(switches);
}

/* How many are taken of N in the victim's queue. */
static uint32_t takes(void)
{
    uint32_t n;

    while (rt_runq_pop(&victim.q) || rt_runq_pop(&thief.q))
        continue;
    for (int i = 0; i < N; i++)
        rt_runq_push(&victim.q, &gs[i]);
    cr_assert(rt_steal(&m));
    n = rt_runq_len(&thief.q);
    cr_assert_eq(rt_runq_len(&victim.q) + n, N);
    return n;
}

/* What was taken is done: by so many switches. */
static void does(uint64_t switches)
{
    m.switches += switches;
}

/* Up to a tick in which thieves hold back: only then is anything done fast. */
static void let_it_pay(void)
{
    for (int i = 0; i < 2 * RT_TRIAL_TICKS; i++) {
        does(LOTS);
        takes();
        tick(m.theft.hold ? LOTS : 0);
    }
    does(LOTS);
    takes();
    cr_assert_gt(m.theft.hold, 0);
}

Test(steal, half_of_what_another_has)
{
    begin();
    cr_assert_eq(takes(), N / 2);
    does(LOTS);
    cr_assert_eq(takes(), N / 2, "nobody holds back before it is tried out");
    cr_assert_eq(m.theft.hold, 0);
}

Test(steal, who_holds_back_takes_one_and_not_before_its_time)
{
    begin();
    let_it_pay();
    does(LOTS);
    cr_assert_eq(takes(), 1);
    cr_assert_geq(m.theft.at, m.theft.until);
}

Test(steal, each_time_it_holds_back_for_longer_up_to_an_end)
{
    int64_t first, last = 0;

    begin();
    let_it_pay();
    m.theft.hold = 0;
    for (first = 0; !first || m.theft.hold > last; does(LOTS)) {
        last = m.theft.hold;
        does(LOTS);
        cr_assert_eq(takes(), 1);
        if (!first)
            first = m.theft.hold;
        cr_assert(m.theft.hold == last || m.theft.hold == 2 * last || !last);
    }
    cr_assert_gt(last, first);
}

Test(steal, long_work_is_shared_at_once)
{
    begin();
    let_it_pay();
    does(0);
    cr_assert_eq(takes(), N / 2);
    cr_assert_eq(m.theft.hold, 0);
}

Test(steal, not_where_it_does_not_pay)
{
    begin();
    let_it_pay();
    for (int i = 0; i < 8 * RT_TRIAL_TICKS; i++) {
        does(LOTS);
        takes();
        tick(m.theft.hold ? 0 : LOTS);
    }
    does(LOTS);
    takes();
    does(LOTS);
    cr_assert_eq(takes(), N / 2);
    cr_assert_eq(m.theft.hold, 0);
}
