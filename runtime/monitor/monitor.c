/*
 * monitor.c - when to look, and what a look means for the run.
 *
 * In:  the scheduler's hooks, go_check. Out: the run's end when main is
 * proven stuck; a word at once when a leak is proven, where that is asked for.
 *
 * Method: at quiescence a look is needed only when nothing can happen any
 * more by itself: a descriptor, a blocking call, a sleeper or a timer that
 * somebody waits for (not one that nobody does) spares it. Otherwise a look is
 * due when the period has passed, on the virtual clock at quiescence and in
 * real time on the tick; and never more often than pace.h allows.
 *
 * O1  A goroutine that is proven stuck stays so, and says so itself: what a
 *     look has found, all later ones find.
 * O2  Between stop and start nothing calls malloc.
 * O3  While a worker has not answered the stop nothing is judged: what is read
 *     while somebody runs proves nothing. A report that was asked for names it.
 */
#include "runtime/monitor/monitor.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

#include "runtime/monitor/dump.h"
#include "runtime/monitor/heapdoor.h"
#include "runtime/monitor/look.h"
#include "runtime/monitor/pace.h"
#include "runtime/sched/control.h"
#include "runtime/sched/netpoll.h"
#include "runtime/sched/park.h"
#include "runtime/sched/saved.h"
#include "runtime/sched/timer.h"
#include "runtime/sync/object.h"
#include "runtime/sync/refer.h"

static struct {
    struct mon_config config;
    int64_t begun;          /* monotonic ns */
    int64_t next_virtual;   /* instant of the next look, on the virtual clock */
    int64_t next_real;      /* the same in monotonic ns */
    uint32_t helper;        /* the place of a timer that somebody waits for */
    struct mon_image image; /* in which a look is being made */
    int64_t look_begun;     /* monotonic ns */
    struct mon_cost cost;
    bool held;       /* [atomic] no looks */
    int64_t ticked;  /* monotonic ns at the last tick */
    bool main_stuck; /* proven, but somebody did not stop yet */
    int64_t looked;  /* rt_tick at the last periodic look; -1: none yet */
    uint32_t told;   /* leaked goroutines that were told of already */
    bool lacked;     /* memory for a look, and that was told */
} mon;

static int64_t monotonic(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * GO_SECOND + t.tv_nsec;
}

void mon_begin(const struct mon_config *config)
{
    rt_check(config->look >= 0, "monitor: a look period below zero");
    rt_check(config->processors > 0, "monitor: no processor");
    memset(&mon, 0, sizeof(mon));
    mon.config = *config;
    mon.begun = mon.ticked = monotonic();
    mon.looked = -1;
    mon.next_virtual = config->look;
    mon.next_real = mon.begun + config->look;
    mon_heap_open();
    mon_dump_open();
}

void mon_end(void)
{
    mon_image_drop(&mon.image);
    mon_dump_close();
    mon_heap_close();
}

const struct mon_cost *mon_cost(void)
{
    return &mon.cost;
}

void mon_hold(bool on)
{
    rt_store(mon.held, on);
}

const struct mon_config *mon_config(void)
{
    return &mon.config;
}

int64_t mon_wall(void)
{
    return monotonic() - mon.begun;
}

/* The heap is in no order, but the first are the earliest; and whichever helped
   the last time, while thousands expire before it, moves but a few times. */
static bool timer_helps(void)
{
    uint32_t n;
    struct rt_timer *const *all = rt_timer_all(&n);

    if (mon.helper < n && rt_timer_helps(all[mon.helper]))
        return true;
    for (mon.helper = 0; mon.helper < n; mon.helper++)
        if (rt_timer_helps(all[mon.helper]))
            return true;
    return false;
}

static bool something_may_come(int64_t next)
{
    return rt_netpoll_waiters() || rt_blocking_calls() ||
           (next != INT64_MAX && timer_helps());
}

/* The stopped world has no way on: main is stuck, or nobody is there. */
static bool is_over(const struct mon_look *look)
{
    const struct mon_findings *f = &look->findings;

    if (look->snapshot.in.main_ended)
        return f->all_asleep;
    return f->main_stuck;
}

/* Whoever waits for what a look would have shown must not take it for nothing. */
static bool look_take(struct mon_look *look, const struct mon_moment *moment)
{
    static const char line[] = "vigil: no memory to see who is stuck\n";

    if (mon_look_take(look, moment))
        return true;
    rt_refused("no memory to see who is stuck");
    if (!mon.lacked) /* nobody is told twice; O2 */
        mon.lacked = write(STDERR_FILENO, line, sizeof(line) - 1) > 0;
    return false;
}

static bool look_at_rest(void)
{
    const struct mon_moment moment = {.quiescent = true};
    struct mon_look look;
    bool over = look_take(&look, &moment) && is_over(&look);

    mon_look_free(&look);
    if (over)
        mon.cost.over = mon_wall();
    return over;
}

static bool quiescent(bool main_ended, int64_t next)
{
    if (!something_may_come(next))
        return look_at_rest();
    if (main_ended || !mon.config.look || !rt_config()->clock_virtual ||
        rt_now() < mon.next_virtual)
        return false;
    mon.next_virtual = rt_now() + mon.config.look;
    return look_at_rest();
}

/* Leaks that this look is the first to prove are told of while it runs on. */
static bool news(const struct mon_look *look)
{
    uint32_t before = mon.told;

    if (!mon.config.tell_leaks)
        return false;
    mon.told = look->findings.leaked;
    return mon.told > before;
}

/*
 * Whether a look may find anything new: somebody who is not known to be stuck
 * waits since before the last one, and not for a time or the world outside.
 */
static bool anybody_waits(void)
{
    int64_t before = mon.looked;
    bool any = false;

    mon.looked = rt_tick();
    for (uint32_t i = 0; i < rt_g_slots() && !any; i++) {
        const struct g *g = rt_g_at(i);

        any = g && rt_g_status(g) == RT_G_WAITING && !g->proven &&
              g->wait.since <= before && g->wait.until < 0 &&
              g->wait.reason != GO_WAIT_IO;
    }
    return any;
}

/* Main is stuck: the run is over as soon as all stand still (O3). */
static void end_stuck(void)
{
    mon.main_stuck = !rt_world_stop(NULL);
    if (mon.main_stuck)
        rt_world_start();
    else
        rt_end_stuck(); /* the report is made at the end */
}

static void longer(int64_t *most, int64_t ns)
{
    if (ns > *most)
        *most = ns;
}

static void tell(struct mon_look *look)
{
    struct mon_snapshot *s = &look->snapshot;

    mon_look_number(look);
    if (s->in.npc || mon_stacks_take(s, NULL, look->findings.proven))
        mon_dump_report(look, NULL);
}

/* O1: what is proven need not be looked at again, so the world may have gone
   on since. */
static void look_judge(struct mon_look *look)
{
    if (look->taken && !look->snapshot.in.main_ended &&
        look->findings.main_stuck)
        end_stuck();
    else if (look->taken && news(look))
        tell(look);
    longer(&mon.cost.longest_look, monotonic() - mon.look_begun);
}

/* How long it stood still for a look. */
static int64_t start_world(void)
{
    int64_t stopped;

    rt_world_start();
    stopped = monotonic() - mon.look_begun;
    mon.cost.stopped += stopped;
    return stopped;
}

static void look_while_running(void)
{
    struct mon_moment moment = {.holders = mon.config.tell_leaks};
    struct mon_look look = {0};

    mon.look_begun = monotonic();
    if (!rt_world_stop(NULL) /* O3 */ || !anybody_waits()) {
        start_world();
        return;
    }
    if (!mon_look_start(&mon.image, &moment)) {
        moment.stacks = mon.config.tell_leaks;
        look_take(&look, &moment);
    }
    mon.cost.looks++;
    longer(&mon.cost.longest_stop, start_world());
    look_judge(&look);
    mon.cost.ended += !mon.image.result;
    mon_look_free(&look);
}

/* The next look is due when its period has passed, and ns at least. */
static void next_after(int64_t ns)
{
    int64_t from = monotonic() + (ns > mon.config.look ? ns : mon.config.look);

    longer(&mon.next_real, from);
}

/* The look in the copy, if there is one; whether it goes on. */
static bool look_goes_on(void)
{
    struct mon_look *look;
    bool died;

    if (!mon.image.result)
        return false;
    look = mon_look_collect(&mon.image, &died);
    if (!look && !died)
        return true;
    if (look)
        look_judge(look);
    mon.cost.ended++;
    next_after(mon_pace_after_copy(monotonic() - mon.look_begun,
                                   mon.config.processors));
    mon_image_drop(&mon.image);
    return false;
}

static void tick(void)
{
    int64_t begun = monotonic(), passed = begun - mon.ticked;

    mon.ticked = begun;
    mon_dump_serve();
    if (mon.main_stuck) {
        end_stuck();
        return;
    }
    if (look_goes_on())
        return;
    if (rt_load(mon.held)) {
        mon.next_real += passed;
        if (mon.looked >= 0)
            mon.looked += passed;
        return;
    }
    if (!mon.config.look || begun < mon.next_real)
        return;
    look_while_running();
    next_after(mon_pace_after_stop(monotonic() - begun));
}

/* Main is among those who do; and whoever does not is a daemon. */
static bool main_waits(const struct mon_findings *f)
{
    bool waits = false;

    for (uint32_t i = 0; i < f->in->ngoroutine; i++) {
        bool it_waits = f->fate[i] == MON_FATE_WAITS;

        if (!it_waits && !f->in->goroutines[i].daemon)
            return false;
        waits |= it_waits && f->in->goroutines[i].id == 1;
    }
    return waits;
}

/* Others may go on: who is proven stuck is so whatever they do. */
static enum rt_proof proves(bool main_ended)
{
    const struct mon_moment moment = {0};
    struct mon_look look;
    enum rt_proof proof = RT_PROOF_NONE;

    if (look_take(&look, &moment)) {
        const struct mon_findings *f = &look.findings;

        if (main_ended ? f->leaked > 0 && f->left == 0 : f->main_stuck)
            proof = RT_PROOF_END;
        else if (f->leaked > 0)
            proof = RT_PROOF_LEAK;
        else if (main_waits(f))
            proof = RT_PROOF_WAITS;
    }
    mon_look_free(&look);
    return proof;
}

const struct rt_hooks mon_hooks = {
    .quiescent = quiescent, .proves = proves, .tick = tick};

int go_check(void)
{
    const struct mon_moment moment = {.frame = rt_g() ? RT_FRAME_HERE() : NULL};
    struct mon_look look;
    int stuck = 0;

    rt_check(rt_running(), "go_check: no go_main is running");
    if (rt_control_executes()) { /* alike in a search and a replay */
        go_yield_at(RT_HERE());
        return 0;
    }
    if (rt_world_stop(NULL)) { /* O3 */
        stuck = look_take(&look, &moment) ? (int)look.findings.stuck : 0;
        mon_look_free(&look);
    }
    rt_world_start();
    return stuck;
}
