/* play.c - plays a schedule, and keeps what was done. */
#define _GNU_SOURCE
#include "harness/explore/play.h"

#include "harness/clock.h"
#include "harness/explore/explore.h"
#include "harness/explore/silence.h"
#include "harness/explore/token.h"

#include <stdio.h>

enum {
    WORK_MAX = 1 << 10, /* steps on offer between looks at the clock */
    ROOM = 40,          /* for "and 12 more" */
};
#define LIMIT (4 * GO_SECOND)

/* The first of the others stands for all who are held up. */
static const struct go_site *note_stall(struct hn_play *p, uint32_t at,
                                        const struct go_step *steps)
{
    struct hn_stall s = {
        .at = at, .held_up = steps[0].point ? steps[0].point->goroutine : 0};

    if (!go_control_due(&s.due))
        return NULL;
    if (p->nstalls < HN_PLAY_STALLS)
        p->stalls[p->nstalls] = s;
    p->nstalls++;
    return s.due.site;
}

static void note(void *arg, uint32_t at, const struct go_step *steps,
                 uint32_t n, uint32_t k)
{
    struct hn_play *p = arg;
    const struct go_step *s = &steps[k];
    const struct go_site *site =
        s->point ? s->point->site : note_stall(p, at, steps);

    hn_table_step(&p->table, at, s, site,
                  k != hn_default_step(&p->follow.usual, steps, n));
}

/* When all that deviates is done, and there is no end, it is let go on by the
   ordinary rules, which have one. Not before, and by what it has used: how
   fast or busy a machine is must not decide whether a schedule fits. */
static bool is_late(const struct hn_play *p)
{
    return p->follow.next == p->follow.schedule->n && hn_used_ns() >= p->until;
}

/* Step k, if it is one and fits: the first that does not ends the execution. */
static uint32_t take(struct hn_play *p, const struct go_step *steps, uint32_t k)
{
    if (k == GO_NOWHERE || (p->follow.misfit[0] && !p->follow.loose) ||
        !hn_witness_step(&p->witness, &p->follow, p->follow.at - 1, &steps[k]))
        return GO_NOWHERE;
    if (p->follow.at - 1 == p->stop && steps[k].point)
        go_control_watch(steps[k].point->task);
    else if (p->follow.at - 1 == p->stop)
        go_control_reached();
    return k;
}

static uint32_t choose(void *arg, const struct go_step *steps, uint32_t n)
{
    struct hn_play *p = arg;
    uint32_t k;

    p->work += n;
    if (p->work >= WORK_MAX) {
        p->work = 0;
        if (is_late(p))
            return GO_NOWHERE;
    }
    if (p->watch && hn_watch_moment(p->watch)) {
        hn_follow_goes_round(&p->follow);
        return GO_NOWHERE;
    }
    k = take(p, steps, hn_follow_choose(&p->follow, steps, n));
    if (p->watch && k != GO_NOWHERE)
        hn_watch_took(p->watch, steps, n, k);
    return k;
}

static uint32_t number(void *arg, uint32_t task, uint32_t n)
{
    struct hn_play *p = arg;
    uint32_t at = p->follow.at;
    uint32_t k = hn_follow_number(&p->follow, task, n);

    if (p->watch)
        hn_watch_break(p->watch);
    hn_table_number(&p->table, at, task, k, n);
    hn_witness_number(&p->witness, &p->follow, at, task, k, n);
    if (at == p->stop)
        go_control_reached();
    return k;
}

static void race(void *arg, const struct go_race *r)
{
    hn_races_add(&((struct hn_play *)arg)->races, r);
}

static void skipped(void *arg, const struct hn_deviation *d)
{
    (void)hn_schedule_add(&((struct hn_play *)arg)->left_out, *d);
}

void hn_play_init(struct hn_play *p, const struct hn_schedule *schedule,
                  uint32_t early)
{
    hn_table_begin(&p->table, NULL);
    p->nstalls = 0;
    p->watch = NULL;
    p->follow = (struct hn_follow){
        .schedule = schedule, .each = note, .skipped = skipped, .arg = p};
    hn_follow_begin(&p->follow);
    p->witness = (struct hn_witness){.fd = -1};
    hn_trace_begin(&p->witness.trace);
    p->stop = GO_NOWHERE;
    p->races = (struct hn_races){0};
    p->left_out = (struct hn_schedule){0};
    p->until = hn_used_ns() + LIMIT;
    hn_silence_anew();
    p->control = (struct go_control){.arg = p,
                                     .choose = choose,
                                     .number = number,
                                     .race = race,
                                     .silent = hn_silence,
                                     .early = early,
                                     .more = schedule->more,
                                     .steps = HN_EXPLORE_STEPS};
}

bool hn_play_end(struct hn_play *p, int hash)
{
    hn_follow_end(&p->follow);
    hn_witness_end(&p->witness, &p->follow);
    if (hash >= 0 && !p->follow.loose &&
        !hn_follow_has(&p->follow, (uint16_t)hash))
        hn_follow_unfit(&p->follow,
                        "all of its choices can be taken, but it has become "
                        "another schedule: its hash is %04x now ('*' in its "
                        "place replays it)",
                        hn_follow_hash(&p->follow));
    return !p->follow.misfit[0];
}

void hn_play_left_out(const struct hn_play *p, char *to, size_t n)
{
    const struct hn_schedule *s = &p->left_out;
    struct hn_token_body b = {.to = to, .cap = n - ROOM};
    size_t i = 0;

    hn_token_begin(&b, 0);
    while (i < s->n && hn_token_add(&b, &s->all[i]))
        i++;
    if (i < s->n)
        snprintf(to + b.len, n - b.len, " and %zu more", s->n - i);
}

void hn_play_free(struct hn_play *p)
{
    hn_trace_free(&p->witness.trace);
    hn_schedule_free(&p->left_out);
}
