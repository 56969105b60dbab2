/*
 * steal.c - a worker that has nothing to do looks at the others' queues.
 *
 * In:  a worker with a processor and empty queues. Out: up to half of what
 * another has, or a share of what is nobody's, in its own queue.
 *
 * Method: a bounded number of rounds over all processors, each from a place
 * drawn anew. Run-next is left to its owner until the last rounds: who is
 * woken last is about to be run by its waker, most times.
 *
 * What is stolen is run elsewhere, and that costs: what two workers both write
 * to goes from one processor to the other and back (0.1 us each time; a batch of
 * a thousand that count down one group took three times as long by two as by
 * one). Whether it pays depends on what they write to, which nobody knows; so it
 * is tried out. For a tick now and then thieves hold back, or do not, other than
 * they did: and of the two that remains by which more goroutines were run.
 *
 * T1  nspinning counts workers that look for work, and that will look once
 *     more after they have given their processor back: while there is one,
 *     nobody else is woken for what turns up.
 * T2  Who holds back takes one at a time, and not before HOLD has passed since
 *     what it took last was done; and only while that was done fast, on average:
 *     long work is shared at once. So a conversation comes to a worker of its
 *     own, if later, and nobody waits for longer than that while one is idle.
 */
#include <string.h>

#include "runtime/sched/runq.h"
#include "runtime/sched/state.h"
#include "runtime/sched/trial.h"

enum {
    STEAL_MAX = 32,   /* goroutines taken at a time */
    SPIN_ROUNDS = 40, /* looks at everybody's queue before sleep */
    SPIN_PAUSES = 64, /* between two of them */
    SPIN_NEXT = 30,   /* from this round on run-next is taken too */
};
#define FINE       (GO_MICROSECOND / 2) /* a switch, on average: T2 */
#define HOLD_FIRST (25 * GO_MICROSECOND)
#define HOLD_LAST  (200 * GO_MICROSECOND)

/* The tick thread's, but for holds. */
static struct {
    bool holds;            /* [atomic] thieves hold back, where work is fine */
    int64_t last;          /* the tick before, */
    uint64_t switches;     /* and how many there were by then */
    struct rt_trial trial; /* of that */
} sharing;

void rt_steal_begin(void)
{
    memset(&sharing, 0, sizeof(sharing));
    sharing.last = rt_monotonic();
}

void rt_steal_see(uint64_t switches)
{
    int64_t now = rt_monotonic();

    rt_store(sharing.holds,
             rt_trial_next(&sharing.trial, sharing.holds,
                           switches - sharing.switches, now - sharing.last));
    sharing.last = now;
    sharing.switches = switches;
}

/* Takes up to half of from's goroutines, the oldest; how many. Of the fresh ones
   these are of a tree's the ones with most to do. */
static uint32_t steal_queue(struct p *victim, struct rt_runq *from, bool fresh,
                            uint32_t most, struct rt_runq *to)
{
    uint32_t n = 0, want;

    if (!rt_runq_len(from))
        return 0;
    rt_lock_always(&victim->q.lock, RT_RANK_RUNQ);
    want = (from->n + 1) / 2;
    if (want > most)
        want = most;
    for (; n < want; n++)
        rt_runq_push(to, fresh ? rt_runq_pop_last(from) : rt_runq_pop(from));
    rt_unlock_always(&victim->q.lock);
    return n;
}

/* Puts what was taken, oldest first, where it was with the victim. */
static void bring(struct p *p, struct rt_runq *loot, bool fresh)
{
    struct g *g;

    rt_lock_always(&p->q.lock, RT_RANK_RUNQ);
    if (!fresh)
        rt_runq_append(&p->q, loot);
    while ((g = rt_runq_pop(loot)))
        rt_runq_push_front(&p->fresh, g);
    rt_unlock_always(&p->q.lock);
}

static bool steal_from(struct m *m, struct p *victim, bool next_too)
{
    struct rt_runq loot = {0};
    bool fresh = false;
    uint32_t most = m->theft.hold ? 1 : STEAL_MAX;
    struct g *g;

    if (!steal_queue(victim, &victim->q, false, most, &loot))
        fresh = steal_queue(victim, &victim->fresh, true, most, &loot);
    if (!loot.n && (next_too || !rt_load(victim->m)) &&
        (g = __atomic_exchange_n(&victim->next, NULL, __ATOMIC_ACQ_REL)))
        rt_runq_push(&loot, g);
    if (!loot.n)
        return false;
    m->theft.at = rt_monotonic();
    m->theft.switches = m->switches;
    bring(m->p, &loot, fresh);
    return true;
}

/* What was taken is done, if anything was: how long to hold back, then. */
static void judge(struct m *m)
{
    struct rt_theft *t = &m->theft;
    int64_t now;

    if (!t->at)
        return;
    now = rt_monotonic();
    if (!rt_load(sharing.holds) ||
        now - t->at >= (int64_t)(m->switches - t->switches) * FINE)
        t->hold = 0;
    else if (t->hold < HOLD_LAST)
        t->hold = t->hold ? 2 * t->hold : HOLD_FIRST;
    t->until = now + t->hold;
    t->at = 0;
}

static bool holds_back(const struct m *m)
{
    return m->theft.hold && rt_load(sharing.holds) &&
           rt_monotonic() < m->theft.until;
}

/* The oldest of the queue that is everybody's, and with it a share for p. */
struct g *rt_take_global(struct p *p)
{
    struct rt_runq loot = {0};
    uint32_t share;
    struct g *g;

    if (!rt_runq_len(&rt_s.global))
        return NULL;
    rt_lock_always(&rt_s.lock, RT_RANK_SCHED);
    share = rt_s.global.n / (uint32_t)rt_load(rt_s.procs);
    if (share > STEAL_MAX)
        share = STEAL_MAX;
    while (loot.n < share)
        rt_runq_push(&loot, rt_runq_pop(&rt_s.global));
    g = loot.n ? rt_runq_pop(&loot) : rt_runq_pop(&rt_s.global);
    rt_unlock_always(&rt_s.lock);
    if (loot.n)
        bring(p, &loot, false);
    return g;
}

/* Looks at everybody once, beginning anywhere. */
static bool steal_once(struct m *m, bool next_too)
{
    int n = rt_load(rt_s.procs),
        from = (int)rt_rng_below(&m->p->rng, (uint32_t)n);

    for (int i = 0; i < n; i++) {
        struct p *victim = rt_p((from + i) % n);

        if (victim != m->p && steal_from(m, victim, next_too))
            return true;
    }
    return false;
}

bool rt_steal(struct m *m)
{
    bool found = false;

    if (rt_load(rt_s.procs) == 1)
        return false;
    judge(m);
    if (!m->spinning) {
        uint32_t busy = (uint32_t)rt_load(rt_s.procs) - rt_load(rt_s.nidle_p);

        if (2 * rt_load(rt_s.nspinning) >= busy)
            return false;
        m->spinning = true;
        __atomic_add_fetch(&rt_s.nspinning, 1, __ATOMIC_SEQ_CST);
    }
    for (int round = 0; !found && round < SPIN_ROUNDS; round++) {
        if (rt_load(rt_s.frozen) || rt_load(rt_s.attention) ||
            rt_runq_len(&rt_s.global))
            break;
        /* With nobody else at work, nothing new will turn up. */
        if (rt_load(rt_s.nidle_p) + 1 >= (uint32_t)rt_load(rt_s.procs))
            return steal_once(m, true);
        if (holds_back(m))
            round = -1;
        else
            found = steal_once(m, round >= SPIN_NEXT);
        for (int i = 0; !found && i < SPIN_PAUSES; i++)
            rt_cpu_relax();
    }
    return found;
}

/* T1: stops looking; if it was the last one, another may have to be woken. */
void rt_steal_end(struct m *m, bool found)
{
    if (!m->spinning)
        return;
    m->spinning = false;
    if (__atomic_sub_fetch(&rt_s.nspinning, 1, __ATOMIC_SEQ_CST) == 0 &&
        found && rt_work_visible())
        rt_wake_worker();
}
