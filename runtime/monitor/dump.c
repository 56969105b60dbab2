/*
 * dump.c - reports while the program runs, and after our own failure.
 *
 * Method: the handler sets a flag; the tick thread sees it within its tick,
 * stops the world, copies it, starts it again and writes the report while the
 * program runs on: symbols need the heap, whose lock a stopped thread may
 * hold. The main thread is the tick thread, so main's end cannot end the
 * process in the middle of a report.
 *
 * The fatal hook trusts nothing: it stops nobody, allocates nothing, and
 * prints of each goroutine what its g says, sites for lines.
 */
#include "runtime/monitor/dump.h"

#include <signal.h>
#include <unistd.h>

#include "runtime/monitor/limits.h"
#include "runtime/monitor/look.h"
#include "runtime/monitor/monitor.h"
#include "runtime/monitor/named.h"
#include "runtime/monitor/out.h"
#include "runtime/monitor/report_json.h"
#include "runtime/monitor/report_text.h"
#include "runtime/monitor/site.h"
#include "runtime/monitor/stackview.h"
#include "runtime/sched/control.h"
#include "runtime/sched/unborn.h"

enum {
    FATAL_MAX = 1000 /* goroutines that the fatal hook lists */
};
#define SLOW INT64_C(1000000000) /* ns: who waits so long is told of */

static const int signals[] = {SIGQUIT, SIGUSR1};
enum {
    NSIGNAL = sizeof(signals) / sizeof(signals[0])
};

static struct {
    uint32_t asked; /* [atomic] a bit for each of signals[] */
    bool installed[NSIGNAL];
    struct sigaction before[NSIGNAL];
} dump;

static void handler(int sig)
{
    for (int i = 0; i < NSIGNAL; i++)
        if (signals[i] == sig)
            __atomic_fetch_or(&dump.asked, 1u << i, __ATOMIC_RELEASE);
}

static const char *doing(const struct g *g)
{
    switch (g->status) {
    case RT_G_WAITING:
        return go_wait_reason_text(g->wait.reason);
    case RT_G_RUNNING:
        return "running";
    default:
        return "runnable";
    }
}

static void fatal(const char *message)
{
    static struct mon_out out;
    uint32_t n = 0;

    (void)message;
    mon_out_open(&out, STDERR_FILENO);
    for (uint32_t i = 0; i < rt_g_slots() && n < FATAL_MAX; i++) {
        const struct g *g = rt_g_at(i);

        if (!g || g->status == RT_G_FREE || g->status == RT_G_DEAD)
            continue;
        n++;
        mon_report_text_bare(&out, g->id, doing(g), g->last, g->created,
                             g->created_by);
    }
    for (uint32_t i = 0; i < rt_unborn_slots() && n < FATAL_MAX; i++) {
        const struct g *g = rt_unborn_at(i);

        if (!g)
            continue;
        n++;
        mon_report_text_bare(&out, g->id, doing(g), g->created, g->created,
                             g->created_by);
    }
    mon_out_close(&out);
}

/* Shells start what runs in the background with SIGQUIT ignored: as in Go, it
   is taken then too. */
static bool is_free(int i)
{
    return dump.before[i].sa_handler == SIG_DFL ||
           (signals[i] == SIGQUIT && dump.before[i].sa_handler == SIG_IGN);
}

void mon_dump_open(void)
{
    struct sigaction sa = {.sa_handler = handler,
                           .sa_flags = SA_RESTART | SA_ONSTACK};

    sigfillset(&sa.sa_mask);
    dump.asked = 0;
    for (int i = 0; i < NSIGNAL; i++)
        dump.installed[i] = !sigaction(signals[i], NULL, &dump.before[i]) &&
                            is_free(i) && !sigaction(signals[i], &sa, NULL);
    rt_fatal_hook = fatal;
}

void mon_dump_close(void)
{
    for (int i = 0; i < NSIGNAL; i++)
        if (dump.installed[i])
            sigaction(signals[i], &dump.before[i], NULL);
    rt_fatal_hook = NULL;
}

/* quit: it is the last one, and goes where the end's would have gone. */
static void report(struct mon_look *look, const struct mon_orders *orders,
                   const char *first, bool quit)
{
    const struct mon_config *config = mon_config();
    struct mon_stackview view = {.in = &look->snapshot.in};
    struct mon_report what = {.in = &look->snapshot.in,
                              .findings = &look->findings,
                              .orders = orders,
                              .verdict = look->findings.verdict,
                              .scenario = config->scenario,
                              .replay = config->replay,
                              .seed = look->snapshot.in.seed,
                              .procs = look->snapshot.in.procs,
                              .clock = look->snapshot.in.now,
                              .wall = mon_wall(),
                              .stack = mon_stackview,
                              .pcs = mon_stackview_pcs,
                              .stack_arg = &view};
    struct mon_text text = {
        .report = &what, .first = first, .full = config->full};

    mon_sites_complete(what.in);
    mon_names_complete(&look->snapshot.in);
    text.note = mon_out_stdout();
    mon_report_text(&text, config->text_fd);
    if (quit && config->json_fd >= 0)
        mon_report_json(&what, config->json_fd);
}

void mon_dump_report(struct mon_look *look, const char *first)
{
    report(look, NULL, first, false);
}

static void take_and_tell(const char *first, bool quit)
{
    struct mon_asleeps asleep;
    struct mon_moment moment = {.stacks = true,
                                .holders = true,
                                .slow = SLOW,
                                .asleep = &asleep,
                                .at_once = true};
    struct m *silent;
    struct mon_orders orders;
    struct mon_look look;
    bool taken;

    mon_limits_probe(&asleep);
    rt_world_stop(&silent);
    moment.silent = silent;
    if (!silent)
        rt_control_shown(true);
    taken = mon_look_take(&look, &moment) &&
            mon_orders_take(&look.snapshot, MON_ORDER_STOPPED, &orders);
    if (!silent)
        rt_control_shown(false);
    rt_world_start();
    if (taken)
        report(&look, &orders, first, quit);
    mon_look_free(&look);
}

void mon_dump_serve(void)
{
    uint32_t asked;

    if (!__atomic_load_n(&dump.asked, __ATOMIC_RELAXED))
        return;
    asked = __atomic_exchange_n(&dump.asked, 0, __ATOMIC_ACQUIRE);
    if (asked & 1) {
        take_and_tell("SIGQUIT: quit", true);
        _exit(RT_EXIT_STUCK);
    }
    take_and_tell("SIGUSR1: report", false);
}
