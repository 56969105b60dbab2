/*
 * oracle.c - one program, all its judges.
 *
 * In: a seed. Out: numbers, and an explanation of what is wrong.
 *
 * Brute force says what a program can do under control. Everybody else's
 * outcomes are compared with that, in both directions where both must hold.
 */
#include "tests/oracle/oracle.h"

#include "harness/explore/strategy.h"
#include "tests/oracle/drive.h"
#include "tests/oracle/model.h"

enum {
    STATES = 1 << 18, /* of the model */
    TEXT = 4096,
    PROCS = 3,
    /* Know no early timers: one that comes before somebody has arrived lets
       a default case win that else could not. */
    QUIET = 1 << CHECK_MODEL | 1 << CHECK_PLAIN | 1 << CHECK_QUEUES,
};

const struct rules oracle_rules = {.most = 20000,
                                   .orders = 20000,
                                   .checks = (1u << CHECK_COUNT) - 1,
                                   .sample = 5,
                                   .walks = 10,
                                   .tell = NULL};

static const char *const texts[] = {[CHECK_MODEL] = "model",
                                    [CHECK_DPOR] = "dpor",
                                    [CHECK_WALKS] = "walks",
                                    [CHECK_PLAIN] = "plain runs",
                                    [CHECK_QUEUES] = "queues"};

const char *check_text(enum check c)
{
    return texts[c];
}

void oracle_add(struct tally *to, const struct tally *s)
{
    const uint64_t *from = (const uint64_t *)s;
    uint64_t *sum = (uint64_t *)to;

    for (size_t i = 0; i < sizeof(*s) / sizeof(*sum); i++)
        sum[i] += from[i];
}

/* What is played now. */
struct playing {
    struct tally *s;
    const struct rules *r;
    struct program p;
    struct outcomes *all, *some;
};

static void tell(const struct playing *x, enum check c, const char *what,
                 const struct outcome *o)
{
    char text[TEXT];

    if (!x->r->tell)
        return;
    program_text(&x->p, text, sizeof(text));
    fprintf(x->r->tell, "%s: %s: %s    ", texts[c], what, text);
    outcome_print(x->r->tell, o, &x->p);
    fprintf(x->r->tell, "  of %u outcomes\n", x->all->n);
}

/* some has none that all has not. */
static bool is_part(struct playing *x, enum check c)
{
    const struct outcome *o;

    if (!outcomes_missing(x->some, x->all, &o))
        return true;
    tell(x, c, "has what brute force has not", o);
    x->s->of[c].invented++;
    return false;
}

/* some has all. */
static bool is_whole(struct playing *x, enum check c)
{
    const struct outcome *o;

    if (!outcomes_missing(x->all, x->some, &o))
        return true;
    tell(x, c, "misses", o);
    x->s->of[c].missed++;
    return false;
}

/*
 * What control is known not to reach. An addition to a group that counts is no
 * step where only who adds waits (waitgroup.c), so nobody counts down before
 * it, below 0. And who waits for one unit of a semaphore never parks, so who
 * asks for more comes first in its queue, although time has gone on between.
 */
static bool is_limit(const struct playing *x, const struct outcome *o)
{
    return o->fault == FAULT_NEGATIVE ||
           (program_waits(&x->p) && program_has(&x->p, V_ACQUIRE));
}

static bool is_model_part(struct playing *x)
{
    bool limit = false;

    for (uint32_t i = 0; i < x->some->n; i++) {
        const struct outcome *o = &x->some->all[i];

        if (outcomes_have(x->all, o))
            continue;
        if (!is_limit(x, o)) {
            tell(x, CHECK_MODEL, "has what brute force has not", o);
            x->s->of[CHECK_MODEL].invented++;
            return false;
        }
        limit = true;
    }
    x->s->limits += limit;
    return true;
}

/*
 * While time goes on, all who can not go on park: in Go the one that parked
 * first is then served first, and a select by what came first. Under control
 * it is any of them. Go's specification promises neither, and where nobody
 * waits for a time both are the same.
 */
static bool check_model(struct playing *x)
{
    const struct outcome *o;

    outcomes_empty(x->some);
    if (!model_run(&x->p, x->some, STATES))
        return true;
    x->s->of[CHECK_MODEL].programs++;
    x->s->of[CHECK_MODEL].executions += model_states();
    if (!is_model_part(x))
        return false;
    if (!program_waits(&x->p))
        return is_whole(x, CHECK_MODEL);
    x->s->beyond += outcomes_missing(x->all, x->some, &o) != 0;
    return true;
}

static bool check_dpor(struct playing *x)
{
    struct drive d;

    outcomes_empty(x->some);
    d = drive_run(&x->p, &hn_dpor, 1, 2 * x->r->most, x->r->early, 0, x->some);
    x->s->of[CHECK_DPOR].programs++;
    x->s->of[CHECK_DPOR].executions += d.executions;
    if (!d.complete) {
        tell(x, CHECK_DPOR, "does not end", &x->all->all[0]);
        x->s->of[CHECK_DPOR].missed++;
        return false;
    }
    return is_part(x, CHECK_DPOR) && is_whole(x, CHECK_DPOR);
}

static bool check_walks(struct playing *x)
{
    if (x->p.seed % x->r->sample)
        return true;
    x->s->of[CHECK_WALKS].programs++;
    outcomes_empty(x->some);
    for (int i = 0; hn_strategies[i]; i++)
        if (hn_strategies[i] != &hn_dpor)
            x->s->of[CHECK_WALKS].executions +=
                drive_run(&x->p, hn_strategies[i], x->p.seed + 1, x->r->walks,
                          x->r->early, 0, x->some)
                    .executions;
    return is_part(x, CHECK_WALKS);
}

/* Of a panic nobody knows whose it was, so anybody's will do. One that is on
   its way, for a group counts below 0, is seen by others before it ends all. */
static bool is_known(const struct playing *x, const struct outcome *o)
{
    if (!o->fault)
        return outcomes_have(x->all, o);
    if ((int8_t)o->count < 0)
        return true;
    for (unsigned t = 0; t < x->p.ntask; t++) {
        struct outcome one = *o;

        one.who = (uint8_t)t;
        outcome_cut(&one);
        if (outcomes_have(x->all, &one))
            return true;
    }
    return false;
}

/* A process costs more than all else: of some programs only, and there with
   one worker or more in turn. */
static bool check_plain(struct playing *x)
{
    uint64_t which = x->p.seed / x->r->sample;
    int procs = 1 + (int)(which % PROCS);
    struct outcome o;

    if (x->p.seed % x->r->sample)
        return true;
    x->s->of[CHECK_PLAIN].programs++;
    x->s->of[CHECK_PLAIN].executions++;
    if (!drive_plain(&x->p, procs, x->p.seed + 1, &o)) {
        tell(x, CHECK_PLAIN, "does not end", &x->all->all[0]);
        x->s->of[CHECK_PLAIN].missed++;
        return false;
    }
    if (is_known(x, &o) || is_limit(x, &o))
        return true;
    tell(x, CHECK_PLAIN, "has what brute force has not", &o);
    x->s->of[CHECK_PLAIN].invented++;
    return false;
}

/* Whatever order they arrive in, it is nothing new; is_limit apart. */
static bool check_queues(struct playing *x)
{
    struct drive d;

    if (x->p.seed % x->r->sample)
        return true;
    outcomes_empty(x->some);
    d = drive_run(&x->p, &drive_all, 1, x->r->most, x->r->early,
                  GO_MORE_ARRIVALS, x->some);
    x->s->of[CHECK_QUEUES].programs++;
    x->s->of[CHECK_QUEUES].executions += d.executions;
    for (uint32_t i = 0; i < x->some->n; i++) {
        const struct outcome *o = &x->some->all[i];

        if (outcomes_have(x->all, o) || is_limit(x, o))
            continue;
        tell(x, CHECK_QUEUES, "has what brute force has not", o);
        x->s->of[CHECK_QUEUES].invented++;
        return false;
    }
    return true;
}

static void count_ends(struct tally *s, const struct outcomes *all)
{
    bool panics = false, stuck = false;

    for (uint32_t i = 0; i < all->n; i++) {
        panics |= all->all[i].end == GO_END_PANIC;
        stuck |= all->all[i].end == GO_END_STUCK;
    }
    s->panics += panics;
    s->stuck += stuck;
    s->outcomes += all->n;
}

bool oracle_one(struct tally *s, uint64_t seed, const struct rules *r)
{
    static struct outcomes all, some;
    static bool (*const checks[CHECK_COUNT])(struct playing *) = {
        [CHECK_MODEL] = check_model,
        [CHECK_DPOR] = check_dpor,
        [CHECK_WALKS] = check_walks,
        [CHECK_PLAIN] = check_plain,
        [CHECK_QUEUES] = check_queues};
    struct playing x = {.s = s, .r = r, .all = &all, .some = &some};
    struct drive d;
    bool fine = true;

    program_make(&x.p, seed, r->orders);
    outcomes_empty(&all);
    d = drive_run(&x.p, &drive_all, 1, r->most, r->early, 0, &all);
    s->programs++;
    s->executions += d.executions;
    if (!d.complete) {
        s->skipped++;
        return true;
    }
    count_ends(s, &all);
    for (int c = 0; c < CHECK_COUNT; c++)
        if (r->checks & ~(r->early ? QUIET : 0u) & 1u << c)
            fine &= checks[c](&x);
    return fine;
}
