/*
 * run.c - go_main and go_run: boot, run, judge, report, halt.
 *
 * In:  what to run, VIGIL. Out: reports on the descriptors asked for, the
 * outcome, the exit status.
 *
 * Method: rt_run comes back with the world stopped for good. Then the last
 * look is taken, and what it found is told. Symbols need the heap: if a worker
 * had to be stopped inside the C library, whose locks it may hold for ever,
 * the report names sites, modules and offsets only (struct mon_snapshot).
 *
 * What the program returns is the status only when nothing graver happened.
 */

#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sched.h>
#include <unistd.h>

#include "runtime/monitor/backtrace.h"
#include "runtime/monitor/look.h"
#include "runtime/monitor/monitor.h"
#include "runtime/monitor/named.h"
#include "runtime/monitor/out.h"
#include "runtime/monitor/replay.h"
#include "runtime/monitor/report_dot.h"
#include "runtime/monitor/report_json.h"
#include "runtime/monitor/report_text.h"
#include "runtime/monitor/sanitized.h"
#include "runtime/monitor/site.h"
#include "runtime/monitor/stackview.h"
#include "runtime/sched/control.h"
#include "runtime/sched/timer.h"

enum {
    EXIT_LEAKS = 3,
    EXIT_ORDER = 4,
    FIRST_LINE = 768
};
#define LOOK_SCENARIO (100 * GO_MILLISECOND)

struct run {
    const struct go_run *ask;
    const struct mon_settings *settings;
    enum rt_end end;
    struct mon_look look;
    bool taken;           /* look is there */
    enum mon_level order; /* lock orders */
    struct mon_orders orders;
    const char *panic;      /* the message, or NULL */
    uint64_t panicked;      /* goroutine, 0: none */
    char first[FIRST_LINE]; /* of the text report */
    struct go_outcome outcome;
};

static int machine_procs(void)
{
    cpu_set_t set;

    if (sched_getaffinity(0, sizeof(set), &set))
        return 1;
    return CPU_COUNT(&set) > 0 ? CPU_COUNT(&set) : 1;
}

static uint64_t drawn_seed(void)
{
    uint64_t seed = 0;

    if (getrandom(&seed, sizeof(seed), GRND_NONBLOCK) != sizeof(seed))
        seed = (uint64_t)getpid() * 0x9e3779b97f4a7c15u;
    return seed % 1000000000 + 1; /* short enough to be typed again */
}

static struct rt_config configure(const struct go_run *ask,
                                  const struct mon_settings *s)
{
    struct rt_config c = {.procs = ask->procs ? ask->procs : s->procs,
                          .seed = ask->seed,
                          .clock_virtual = ask->clock_virtual,
                          .settle = ask->settle,
                          .settle_for = ask->settle_for,
                          .stack_size = s->stack,
                          .scrub = ask->settle == GO_SETTLE_SCENARIO ||
                                   ask->report_left || s->look > 0,
                          .hooks = &mon_hooks,
                          .control = ask->control};

    if (c.control)
        c.procs = 1;
    if (!c.procs)
        c.procs = machine_procs();
    if (!c.seed)
        c.seed = s->seed_given ? s->seed : drawn_seed();
    if (s->clock != MON_CLOCK_DEFAULT)
        c.clock_virtual = s->clock == MON_CLOCK_VIRTUAL;
    c.clock_virtual |= c.control != NULL;
    return c;
}

/* One execution after another: whoever drives them judges, not we. */
static bool is_explored(const struct run *r)
{
    return r->ask->control && r->ask->control->over;
}

static int64_t look_period(const struct run *r)
{
    if (is_explored(r))
        return 0;
    if (r->settings->look >= 0)
        return r->settings->look;
    return r->ask->settle == GO_SETTLE_SCENARIO ? LOOK_SCENARIO : 0;
}

/* A scenario is told of what might go wrong; a program asks for it. */
static enum mon_level order_level(const struct run *r)
{
    if (is_explored(r))
        return MON_OFF;
    if (r->settings->order_given)
        return r->settings->order;
    return r->ask->settle == GO_SETTLE_SCENARIO ? MON_REPORT : MON_OFF;
}

static bool judges(const struct run *r)
{
    return r->end != RT_END_RETURNED || r->ask->report_left;
}

/* Whether anybody is told of what a look finds. */
static bool is_asked(const struct run *r)
{
    return !is_explored(r) &&
           (judges(r) || r->ask->json_fd >= 0 || r->ask->dot_fd >= 0);
}

static void take_look(struct run *r)
{
    struct mon_moment moment = {.stacks = true,
                                .holders = true,
                                .main_ended = r->end == RT_END_RETURNED,
                                .silent = rt_silent()};

    if (r->end == RT_END_PANIC) {
        const struct g *g = rt_panicked(&r->panic);

        moment.panicked = g;
        r->panicked = g->id;
    }
    r->taken = mon_look_take(&r->look, &moment) &&
               mon_orders_take(&r->look.snapshot, MON_ORDER_STEPS, &r->orders);
}

static uint32_t index_of(const struct go_inspect *in, uint64_t id)
{
    for (uint32_t i = 0; i < in->ngoroutine; i++)
        if (in->goroutines[i].id == id)
            return i;
    return GO_NOWHERE;
}

/* Those of it that the look has. */
static void find_livelock(struct run *r)
{
    const struct rt_livelock *l = rt_control_livelock();
    uint32_t all[GO_LIVELOCK_MAX], n = 0;

    for (uint32_t i = 0; i < l->n; i++) {
        all[n] = index_of(&r->look.snapshot.in, l->goroutines[i]);
        n += all[n] != GO_NOWHERE;
    }
    rt_check(n > 0, "a livelock of nobody");
    mon_find_livelock(&r->look.findings, &r->look.snapshot.arena, all, n,
                      l->how, l->deeds);
}

static void judge(struct run *r)
{
    struct go_outcome *o = &r->outcome;
    const struct go_inspect *in = &r->look.snapshot.in;

    if (r->panic)
        snprintf(o->panic, sizeof(o->panic), "%s", r->panic);
    o->verdict = r->panic                    ? GO_VERDICT_PANIC
                 : r->end == RT_END_LIVELOCK ? GO_VERDICT_LIVELOCK
                 : r->end == RT_END_STUCK    ? GO_VERDICT_DEADLOCK
                 : r->end == RT_END_LEAK     ? GO_VERDICT_LEAK
                                             : GO_VERDICT_CLEAN;
    if (!r->taken)
        return;
    if (r->panic)
        mon_find_panic(&r->look.findings, &r->look.snapshot.arena,
                       index_of(in, r->panicked), r->panic);
    if (r->end == RT_END_LIVELOCK)
        find_livelock(r);
    if (r->end == RT_END_RETURNED || r->end == RT_END_LIVELOCK ||
        r->end == RT_END_SILENT)
        o->verdict = r->look.findings.verdict;
    o->leaked = r->look.findings.leaked;
    o->left = r->look.findings.left;
    o->hints = r->orders.n + r->orders.more;
    if (o->hints && o->verdict == GO_VERDICT_CLEAN)
        o->verdict = GO_VERDICT_LOCK_ORDER;
}

/* The exit status that the rules ask for. */
static int status_of(const struct run *r)
{
    if (r->end != RT_END_RETURNED)
        return RT_EXIT_STUCK;
    if (!r->taken && ((is_asked(r) && r->ask->settle == GO_SETTLE_SCENARIO) ||
                      r->settings->leaks == MON_ERROR || r->order == MON_ERROR))
        return RT_EXIT_INTERNAL; /* it was asked for, and nobody knows */
    if (r->settings->leaks == MON_ERROR &&
        (r->outcome.leaked || r->outcome.left))
        return EXIT_LEAKS;
    if (r->order == MON_ERROR && r->outcome.hints)
        return EXIT_ORDER;
    return r->ask->has_status ? (int)rt_main_result() : 0;
}

static const char *first_line(struct run *r)
{
    const struct go_inspect *in = &r->look.snapshot.in;

    if (r->panic) {
        snprintf(r->first, sizeof(r->first), "panic: %s", r->panic);
        return r->panic;
    }
    if (r->end == RT_END_LIVELOCK)
        return "fatal error: goroutines go round for ever - livelock!";
    if (r->end == RT_END_LEAK)
        return "fatal error: goroutines can never run again, and goroutine 1 "
               "goes on - leak!";
    if (r->end == RT_END_SILENT)
        return "silence: nobody can go on but for what comes from outside, and "
               "nothing comes";
    if (r->end != RT_END_STUCK)
        return NULL;
    snprintf(r->first, sizeof(r->first), "fatal error: %s - deadlock!",
             !in->ngoroutine ? "no goroutines (main called go_exit)"
             : r->look.findings.all_asleep ? "all goroutines are asleep"
                                           : "goroutine 1 can never run again");
    return r->first;
}

/* A message of any length, as Go prints it. */
static void tell_panic(struct run *r, int fd)
{
    struct mon_out out;

    mon_out_open(&out, fd);
    mon_out_text(&out, "panic: ");
    mon_out_text(&out, r->panic);
    mon_out_text(&out, "\n\n");
    mon_out_close(&out);
}

static void tell_text(struct run *r, const struct mon_report *report, int fd)
{
    struct mon_text text = {.report = report, .full = r->settings->report_full};

    if (fd < 0)
        return;
    text.note = mon_out_stdout();
    text.brief = r->end == RT_END_RETURNED && !r->look.findings.n;
    if (r->panic) {
        tell_panic(r, fd);
        text.only = r->panicked;
    } else {
        text.first = first_line(r);
    }
    mon_report_text(&text, fd);
}

/* Whether there is anything to say as text. */
static bool is_news(const struct run *r)
{
    return r->end != RT_END_RETURNED || r->look.findings.n || r->orders.n;
}

static void tell(struct run *r)
{
    struct mon_stackview view = {.in = &r->look.snapshot.in,
                                 .bare = r->look.snapshot.heap_busy};
    struct mon_report report = {.in = &r->look.snapshot.in,
                                .findings = &r->look.findings,
                                .orders = &r->orders,
                                .verdict = r->outcome.verdict,
                                .scenario = r->ask->scenario,
                                .replay = r->ask->replay,
                                .seed = r->look.snapshot.in.seed,
                                .procs = r->look.snapshot.in.procs,
                                .clock = r->outcome.clock,
                                .wall = r->outcome.wall,
                                .stack = mon_stackview,
                                .pcs = mon_stackview_pcs,
                                .stack_arg = &view};

    if (!view.bare) {
        mon_sites_complete(report.in);
        mon_names_complete(&r->look.snapshot.in);
    }
    if (is_news(r))
        tell_text(r, &report, r->ask->text_fd);
    if (r->ask->json_fd >= 0)
        mon_report_json(&report, r->ask->json_fd);
    if (r->ask->dot_fd >= 0)
        mon_report_dot(&report, r->ask->dot_fd);
}

static void tell_lack(const struct run *r)
{
    if (r->outcome.status == RT_EXIT_INTERNAL)
        rt_refused("no memory for the report");
    dprintf(STDERR_FILENO, "vigil: no memory for the report\n");
}

static void finish(struct run *r)
{
    bool looks = is_asked(r) || r->order != MON_OFF;

    r->outcome.clock = rt_now();
    if (looks)
        take_look(r);
    if (!is_asked(r)) { /* of lock orders, but not of who is left */
        r->look.findings.n = 0;
        r->look.findings.verdict = GO_VERDICT_CLEAN;
        r->look.findings.leaked = r->look.findings.left = 0;
    }
    if (r->taken)
        r->outcome.clock = r->look.snapshot.in.now;
    judge(r);
    r->outcome.wall = mon_wall();
    r->outcome.status = status_of(r);
    if (r->taken)
        tell(r);
    else if (r->panic && r->ask->text_fd >= 0)
        tell_panic(r, r->ask->text_fd);
    if (looks && !r->taken)
        tell_lack(r);
    mon_look_free(&r->look);
}

/* ask's fields go before settings, where they say anything. */
static int run_by(const struct go_run *ask, const struct mon_settings *settings)
{
    struct run r = {.ask = ask, .settings = settings};
    const struct rt_config config = configure(ask, settings);
    const struct mon_config monitor = {.look = look_period(&r),
                                       .processors = machine_procs(),
                                       .text_fd = ask->text_fd,
                                       .tell_leaks =
                                           ask->settle == GO_SETTLE_PROGRAM &&
                                           settings->leaks != MON_OFF,
                                       .full = settings->report_full,
                                       .scenario = ask->scenario,
                                       .replay = ask->replay,
                                       .json_fd = ask->json_fd};
    const char *why;
    char lack[128];
    int err;

    rt_check(ask->call.fn, "nothing to run");
    rt_check(config.procs > 0 && config.seed, "a run without workers or seed");
    r.order = order_level(&r);
    if (r.order != MON_OFF)
        rt_order_begin(mon_backtrace_here);
    mon_begin(&monitor);
    err = rt_boot(&config, &why);
    if (err) {
        snprintf(lack, sizeof(lack), "%s: %s", why, strerror(-err));
        rt_refused(lack);
        dprintf(STDERR_FILENO, "vigil: %s\n", lack);
        mon_end();
        rt_order_end();
        return RT_EXIT_INTERNAL;
    }
    r.end = rt_run(&ask->call, ask->site);
    finish(&r);
    mon_end();
    rt_halt();
    rt_order_end();
    if (ask->outcome)
        *ask->outcome = r.outcome;
    return r.outcome.status;
}

/* As VIGIL says, in a program that vigil fits; else a line has told what is
   wrong. */
static bool set_up(struct mon_settings *settings)
{
    const char *wrong = mon_sanitized_wrong();

    if (wrong)
        dprintf(STDERR_FILENO, "%s\n", wrong);
    return !wrong && mon_settings_from_environment(settings);
}

bool go_settings_check(void)
{
    struct mon_settings settings;

    return set_up(&settings);
}

int go_run(const struct go_run *run)
{
    struct mon_settings settings;

    rt_check(!rt_running(), "go_run: a run is under way already");
    if (!set_up(&settings))
        return RT_EXIT_USAGE;
    return run_by(run, &settings);
}

int go_main_at(const struct go_call *call, bool has_status,
               const struct go_site *site)
{
    struct mon_settings settings;
    struct go_run run = {.call = *call,
                         .has_status = has_status,
                         .site = site,
                         .settle = GO_SETTLE_PROGRAM,
                         .settle_for = -1,
                         .text_fd = STDERR_FILENO,
                         .json_fd = -1,
                         .dot_fd = -1};
    int status;

    rt_check(!rt_running(), "go_main: a run is under way already");
    if (!set_up(&settings))
        return RT_EXIT_USAGE;
    run.report_left = settings.leaks != MON_OFF;
    if (!mon_replay_begin(&settings, &run.control))
        return RT_EXIT_USAGE;
    status = run_by(&run, &settings);
    return mon_replay_end(&settings) ? status : RT_EXIT_USAGE;
}
