/*
 * reasons.c - why not all schedules were tried.
 *
 * In:  what was asked for, and what the search met. Out: a line.
 *
 * Y1  What is not complete has a reason. Where none is known it is said that
 *     there is none: that would be a mistake of ours.
 */
#include "harness/explore/reasons.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "harness/explore/explain.h"
#include "harness/explore/explore.h"
#include "harness/explore/orders.h"
#include "harness/explore/plan.h"
#include "harness/explore/silence.h"
#include "harness/explore/tasks.h"

__attribute__((format(printf, 2, 3))) static void add(char *to, const char *fmt,
                                                      ...)
{
    size_t n = strlen(to);
    va_list ap;

    if (n > 0 && n + 2 < HN_REASONS_TEXT)
        n += (size_t)snprintf(to + n, HN_REASONS_TEXT - n, "; ");
    if (n >= HN_REASONS_TEXT)
        return;
    va_start(ap, fmt);
    vsnprintf(to + n, HN_REASONS_TEXT - n, fmt, ap);
    va_end(ap);
}

static bool is_flaky(const struct hn_explored *x)
{
    for (uint32_t i = 0; i < x->nfailures; i++)
        if (x->failures[i].flaky)
            return true;
    return x->differs.differs || strstr(x->trouble, "not deterministic");
}

/* By what was asked for. */
static void add_asked(char *to, const struct hn_plan *plan)
{
    const char *strategy = plan->ask.strategy;

    if (plan->token)
        add(to, "behind a prefix no search tries all");
    if (plan->ask.fifo)
        add(to, "with --fifo no search tries all");
    if (strcmp(strategy, "default") != 0 && strcmp(strategy, "dpor") != 0)
        add(to, "%s does not try all", strategy);
}

/* How a reason is told: alone, of so many executions, or in so many. */
enum manner {
    ALONE,
    OF,
    IN
};

struct met {
    uint64_t n; /* 0: it was not met */
    enum manner manner;
    const char *text;
    int limit; /* behind text, and then rest; 0: neither */
    const char *rest;
};

static void add_one(char *to, const struct met *m)
{
    char many[64] = "", limit[96] = "";

    if (!m->n)
        return;
    if (m->manner != ALONE)
        snprintf(many, sizeof(many), "%s%llu execution%s ",
                 m->manner == IN ? "in " : "", (unsigned long long)m->n,
                 m->n == 1 ? "" : "s");
    if (m->limit)
        snprintf(limit, sizeof(limit), " %d %s", m->limit, m->rest);
    add(to, "%s%s%s", many, m->text, limit);
}

/* By the limits of what can be tried; the gravest first. */
static void add_limits(char *to, const struct hn_explored *x)
{
    const struct hn_limits *l = &x->limits;
    const struct met all[] = {
        {is_flaky(x), ALONE, "the scenario is not deterministic", 0, ""},
        {l->descriptors != 0, ALONE, "descriptors ran out, of which there are",
         (int)l->descriptors,
         "(ulimit -n): what executions leave open adds up, but with "
         "--isolate=fork"},
        {l->wide, ALONE, "numbers were drawn of which only some are tried", 0,
         ""},
        {l->loops, ALONE,
         "of a loop that waits not every number of rounds is tried", 0, ""},
        {l->memory, ALONE, "no memory for more of the search", 0, ""},
        {l->lost, ALONE,
         "choices that dpor made before came to other steps when they were "
         "made again, for not all is set back in between",
         0, ""},
        {l->bound, OF, "of more than", HN_EXPLORE_STEPS, "steps cut off"},
        {l->waits, OF, "of more than", HN_EXPLORE_STEPS,
         "advances of the clock cut off"},
        {l->silent - l->brief, OF, "cut off, for nothing came from outside for",
         GO_SILENCE, "s"},
        {l->brief, OF, "cut off, for nothing came from outside for",
         HN_SILENCE_SHORT, "ms where others had waited for it in vain"},
        {l->crowds, OF, "of too many goroutines cut off: no more than",
         HN_TASKS_MAX, "are told apart"},
        {l->flowed, IN, "the clock went on by no choice", 0, ""},
        {l->turns, IN, "those left took turns by no choice when main was over",
         0, ""},
        {l->threads, IN, "others than goroutines were waited for", 0, ""},
        {l->outside, IN,
         "something came from outside (I/O, go_blocking, threads), at a time "
         "that is no choice",
         0, ""},
        {hn_orders_unknown(), ALONE,
         "there is no /proc, so whether the program has threads is not known",
         0, ""},
        {l->asked, IN,
         "the kernel was asked (descriptors, files, signals, ...): in which "
         "other order is not tried",
         0, ""},
        {l->moved, ALONE,
         "it came at another time when the same choices were made again", 0,
         ""},
        {l->libraries, IN, "libraries used the program's locks by no choice", 0,
         ""},
        {l->daemons, IN, "daemons went on when all else was over", 0, ""},
    };

    for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
        add_one(to, &all[i]);
}

/* By what the scenario does. */
static void add_met(char *to, const struct hn_explored *x)
{
    add_limits(to, x);
    if (x->waiting.times > 0)
        add(to, "in %llu of those cut off main waits: %s",
            (unsigned long long)x->waiting.times,
            hn_did_placed(&x->waiting.did).text);
    if (x->hang[0])
        add(to, "an execution came to no choice");
    if (x->livelocks > 0)
        add(to, "%u schedule%s round, which is not proven", x->livelocks,
            x->livelocks == 1 ? " goes" : "s go");
    if (x->ended[0])
        add(to, "%s", x->ended);
}

const char *hn_reasons(const struct hn_plan *plan, const struct hn_explored *x,
                       char to[HN_REASONS_TEXT])
{
    to[0] = '\0';
    if (x->complete)
        return to;
    if (x->nfailures > 0 && !plan->ask.all) {
        add(to, x->failures[0].gravity != HN_GRAVITY_LEFT
                    ? "the search ends at the first failure"
                    : "the search ends soon after somebody was left");
        return to;
    }
    add_met(to, x);
    add_asked(to, plan);
    if (x->limits.interrupted)
        add(to, "it was interrupted");
    if (x->limits.late)
        add(to, "the time was up");
    if (x->limits.spent)
        add(to, "%llu schedule%s asked for",
            (unsigned long long)plan->ask.schedules,
            plan->ask.schedules == 1 ? " was" : "s were");
    if (x->lack[0])
        add(to, "%s", x->lack);
    if (x->trouble[0] && !to[0])
        add(to, "%s", x->trouble);
    if (!to[0]) /* Y1 */
        add(to, "the search ended, and its reason is not known");
    return to;
}
