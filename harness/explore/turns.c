/*
 * turns.c - the portfolio: which strategy has the next execution of a search.
 *
 * In:  what is asked for; which strategies have nothing left. Out: whose turn
 * it is.
 *
 * Method: no strategy finds everything, so the default is a plan: one run by
 * the default schedule, then some by those in turn that most often find what
 * there is at once; then rounds of 64 in which each random strategy has its
 * share. At the end of the second one comes the exhaustive search, for a few
 * executions, then for twice as many, up to as many as a round has, until it
 * has had half of what there is: what is small is complete soon, and what is
 * too large keeps nobody waiting. A strategy keeps what it has learned from
 * round to round. In every second execution of the random ones timers may be
 * early.
 */
#include "harness/explore/turns.h"

#include <string.h>

enum {
    TASTES = 4,    /* rounds of one execution each, before the others, */
    TASTED = 4,    /* of the first strategies */
    SLICE = 16,    /* executions of who tries all, at first, */
    SLICE_MAX = 64 /* and at most */
};

/* False: there is no memory for it. */
static bool take_turn(struct hn_turns *t, uint32_t share)
{
    const struct hn_share *turn = &t->round[share];

    t->share = share;
    t->left = t->tastes > 0 ? 1 : turn->count;
    if (!turn->kind || t->made[share])
        return true;
    t->made[share] =
        hn_strategy_make(turn->kind, turn->parameter, t->ask->seed + share);
    if (!t->made[share])
        t->refused = turn->kind->name;
    return t->made[share] != NULL;
}

static void plan(struct hn_turns *t, const struct hn_share *round, uint32_t n)
{
    memcpy(t->round, round, n * sizeof(*round));
    t->shares = n;
}

/* Executions of who tries all, in this round. */
static uint64_t slice(struct hn_turns *t, uint64_t rest)
{
    uint64_t n;

    if (t->random || t->rounds < 2)
        return 0;
    if (t->rounds == 2) {
        t->all = rest / 2;
        t->slice = SLICE;
    }
    n = t->slice < t->all ? t->slice : t->all;
    t->all -= n;
    if (t->slice < SLICE_MAX)
        t->slice *= 2;
    return n;
}

static bool next_round(struct hn_turns *t, uint64_t rest)
{
    t->round[0].count = 0;
    if (t->tastes > 0) {
        t->tastes--;
        return take_turn(t, 1);
    }
    t->rounds++;
    t->round[t->shares - 1].count = slice(t, rest);
    return take_turn(t, 1);
}

static bool next_turn(struct hn_turns *t, uint64_t rest)
{
    uint32_t share = t->share + 1;

    if (!t->portfolio)
        return false; /* its one strategy has nothing left */
    while (share < t->shares && !t->round[share].count)
        share++;
    return share < t->shares && (share <= TASTED || t->tastes == 0)
               ? take_turn(t, share)
               : next_round(t, rest);
}

bool hn_turns_next(struct hn_turns *t, bool more, uint64_t rest)
{
    if (!more) {
        t->round[t->share].count = 0; /* nor in later rounds */
        t->random |= hn_turns_kind(t) && hn_turns_kind(t)->complete;
    }
    return (more && --t->left > 0) || next_turn(t, rest);
}

bool hn_turns_racy(const struct hn_turns *t, bool done)
{
    const struct hn_strategy_kind *kind = hn_turns_kind(t);

    return t->ask->racy && kind && !kind->complete &&
           (done || (t->tastes > 0 ? t->tastes : t->left) % 2);
}

void hn_turns_random(struct hn_turns *t)
{
    t->random = true;
}

bool hn_turns_begin(struct hn_turns *t, const struct hn_explore_ask *ask,
                    bool tries_all)
{
    const struct hn_share all[] = {
        {NULL, 0, 1},       {&hn_hold, 0, 4}, {&hn_surw, 0, 20},
        {&hn_pos, 0, 16},   {&hn_fair, 0, 4}, {&hn_pct, 2, 8},
        {&hn_random, 0, 4}, {&hn_pct, 3, 8},  {hn_strategy_find("dpor"), 0, 0}};
    const struct hn_share one = {hn_strategy_find(ask->strategy), 0,
                                 ask->schedules};

    t->ask = ask;
    t->portfolio = strcmp(ask->strategy, "default") == 0;
    if (t->portfolio)
        plan(t, all, sizeof(all) / sizeof(all[0]));
    else
        plan(t, &one, 1);
    t->random = !tries_all;
    t->tastes = t->portfolio ? TASTES : 0;
    return take_turn(t, t->portfolio && ask->resumed);
}

void hn_turns_end(struct hn_turns *t)
{
    for (uint32_t i = 0; i < t->shares; i++)
        if (t->made[i])
            t->round[i].kind->free(t->made[i]);
}
