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
#include "harness/explore/plan.h"
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

/* By what the scenario does. */
static void add_met(char *to, const struct hn_explored *x)
{
    const struct hn_limits *l = &x->limits;

    if (is_flaky(x))
        add(to, "the scenario is not deterministic");
    if (l->wide)
        add(to, "numbers were drawn of which only some are tried");
    if (l->loops)
        add(to, "of a loop that waits not every number of rounds is tried");
    if (l->memory)
        add(to, "no memory for more of the search");
    if (l->lost)
        add(to, "choices that dpor made before came to other steps when they "
                "were made again, for not all is set back in between");
    if (l->bound > 0)
        add(to, "%llu execution%s of more than %d steps cut off",
            (unsigned long long)l->bound, l->bound == 1 ? "" : "s",
            HN_EXPLORE_STEPS);
    if (l->waits > 0)
        add(to,
            "%llu execution%s of more than %d advances of the clock cut off",
            (unsigned long long)l->waits, l->waits == 1 ? "" : "s",
            HN_EXPLORE_STEPS);
    if (l->crowds > 0)
        add(to,
            "%llu execution%s of too many goroutines cut off: no more than %d "
            "are told apart",
            (unsigned long long)l->crowds, l->crowds == 1 ? "" : "s",
            HN_TASKS_MAX);
    if (l->flowed > 0)
        add(to, "in %llu execution%s the clock went on by no choice",
            (unsigned long long)l->flowed, l->flowed == 1 ? "" : "s");
    if (l->turns > 0)
        add(to,
            "in %llu execution%s those left took turns by no choice when main "
            "was over",
            (unsigned long long)l->turns, l->turns == 1 ? "" : "s");
    if (l->threads > 0)
        add(to, "in %llu execution%s others than goroutines were waited for",
            (unsigned long long)l->threads, l->threads == 1 ? "" : "s");
    if (l->outside > 0)
        add(to,
            "in %llu execution%s something came from outside (I/O, "
            "go_blocking, threads), at a time that is no choice",
            (unsigned long long)l->outside, l->outside == 1 ? "" : "s");
    if (l->asked > 0)
        add(to,
            "in %llu execution%s the kernel was asked (descriptors, files, "
            "signals, ...), which may say something else another time",
            (unsigned long long)l->asked, l->asked == 1 ? "" : "s");
    if (l->moved)
        add(to,
            "it came at another time when the same choices were made again");
    if (l->libraries > 0)
        add(to,
            "in %llu execution%s libraries used the program's locks by no "
            "choice",
            (unsigned long long)l->libraries, l->libraries == 1 ? "" : "s");
    if (l->daemons > 0)
        add(to, "in %llu execution%s daemons went on when all else was over",
            (unsigned long long)l->daemons, l->daemons == 1 ? "" : "s");
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
