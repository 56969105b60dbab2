/*
 * oracle.c - one program, all its judges.
 *
 * In: a seed. Out: numbers, and an explanation of what is wrong.
 *
 * Brute force says what a program can do under control. Everybody else's
 * outcomes are compared with that, in both directions where both must hold.
 */
#include "tests/oracle/oracle.h"

#include "tests/oracle/drive.h"
#include "tests/oracle/model.h"

enum {
    STATES = 1 << 18, /* of the model */
    TEXT = 4096,
    PROCS = 2,
};

const struct rules oracle_rules = {.most = 20000,
                                   .orders = 20000,
                                   .checks = (1u << CHECK_COUNT) - 1,
                                   .plain = 2,
                                   .tell = NULL};

static const char *const texts[] = {
    [CHECK_MODEL] = "model", [CHECK_PLAIN] = "plain runs"};

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

/* some has all, and no other. */
static bool compare(struct playing *x, enum check c)
{
    const struct outcome *o;
    bool fine = true;

    if (outcomes_missing(x->all, x->some, &o)) {
        tell(x, c, "misses", o);
        x->s->of[c].missed++;
        fine = false;
    }
    if (outcomes_missing(x->some, x->all, &o)) {
        tell(x, c, "has what brute force has not", o);
        x->s->of[c].invented++;
        fine = false;
    }
    return fine;
}

static bool check_model(struct playing *x)
{
    outcomes_empty(x->some);
    if (!model_run(&x->p, x->some, STATES))
        return true;
    x->s->of[CHECK_MODEL].programs++;
    x->s->of[CHECK_MODEL].executions += model_states();
    return compare(x, CHECK_MODEL);
}

static bool check_plain(struct playing *x)
{
    bool fine = true;

    x->s->of[CHECK_PLAIN].programs++;
    for (unsigned i = 0; i < x->r->plain; i++) {
        struct outcome o;

        x->s->of[CHECK_PLAIN].executions++;
        if (drive_plain(&x->p, 1 + i % PROCS, x->p.seed + i + 1, x->all, &o))
            continue;
        tell(x, CHECK_PLAIN, "has what brute force has not", &o);
        x->s->of[CHECK_PLAIN].invented++;
        fine = false;
    }
    return fine;
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
        [CHECK_MODEL] = check_model, [CHECK_PLAIN] = check_plain};
    struct playing x = {.s = s, .r = r, .all = &all, .some = &some};
    struct drive d;
    bool fine = true;

    program_make(&x.p, seed, r->orders);
    outcomes_empty(&all);
    d = drive_run(&x.p, &drive_all, 1, r->most, &all);
    s->programs++;
    s->executions += d.executions;
    if (!d.complete) {
        s->skipped++;
        return true;
    }
    count_ends(s, &all);
    for (int c = 0; c < CHECK_COUNT; c++)
        if (r->checks & 1u << c)
            fine &= checks[c](&x);
    return fine;
}
