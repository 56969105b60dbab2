/*
 * explore_within.c - executions in this process: how many a complete search
 * needs, and how long sleeping ones take; replays.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <time.h>
#include <vigil/go.h>

#include "harness/explore/follow.h"
#include "harness/explore/strategy.h"
#include "tests/bench/explore.h"
#include "tests/body.h"
#include "tests/classics.h"
#include "tests/lockers.h"

/* ---- executions under a strategy -----------------------------------------*/

struct bench {
    const struct hn_strategy_kind *kind;
    struct hn_strategy *s;
    uint64_t most, executions;
    bool complete;
};

static uint32_t choose(void *arg, const struct go_step *steps, uint32_t n)
{
    struct bench *b = arg;

    return b->kind->choose(b->s, steps, n);
}

static uint32_t number(void *arg, uint32_t task, uint32_t n)
{
    struct bench *b = arg;

    return b->kind->number(b->s, task, n);
}

static void note(void *arg, enum go_note what, uint32_t task,
                 const void *object, uint32_t other)
{
    struct bench *b = arg;

    b->kind->note(b->s, what, task, object, other);
}

static bool over(void *arg, const struct go_execution *e)
{
    struct bench *b = arg;
    bool more = b->kind->end(b->s, e);

    b->executions++;
    b->complete = !more && b->kind->complete && b->kind->complete(b->s);
    if (!more || b->executions == b->most)
        return false;
    b->kind->begin(b->s);
    return true;
}

static void control(void (*body)(void), const struct go_control *c)
{
    struct go_run run = body_run(body);

    run.control = c;
    go_run(&run);
}

static struct bench explore(const struct hn_strategy_kind *kind,
                            void (*body)(void), uint64_t most)
{
    struct bench b = {.kind = kind, .most = most};
    const struct go_control c = {.arg = &b,
                                 .choose = choose,
                                 .number = number,
                                 .note = kind->note ? note : NULL,
                                 .over = over,
                                 .steps = 100000};

    b.s = hn_strategy_make(kind, 0, 1);
    if (!b.s)
        abort();
    kind->begin(b.s);
    control(body, &c);
    kind->free(b.s);
    return b;
}

/* ---- counts and times ----------------------------------------------------*/

static struct found count(void (*body)(void))
{
    struct bench b = explore(&hn_dpor, body, 1000000);

    return (struct found){(double)b.executions, (double)b.executions,
                          (double)b.executions,
                          b.complete ? "" : "and not complete", b.complete};
}

static double cpu_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void set_lockers(int n)
{
    lockers_tasks = n / 100;
    lockers_sections = n % 100;
}

struct found count_lockers(int n)
{
    set_lockers(n);
    return count(lockers);
}

struct found count_producers(int n)
{
    producers_room = n;
    return count(producers);
}

struct found count_philosophers(int n)
{
    philosophers_n = n;
    return count(philosophers);
}

struct found count_workers(int n)
{
    (void)n;
    return count(workers_and_close);
}

static void sleeper(void)
{
    for (int i = 0; i < 3600; i++)
        go_sleep(GO_SECOND);
}

static bool once(void *arg, const struct go_execution *e)
{
    (void)arg;
    if (e->clock < 3600 * GO_SECOND)
        abort(); /* it has not slept for that long */
    return false;
}

struct found sleeps(int n)
{
    struct hn_follow f = {0};
    const struct go_control c = {.arg = &f,
                                 .choose = hn_follow_choose,
                                 .number = hn_follow_number,
                                 .over = once,
                                 .steps = 100000};
    double v[ROUNDS];

    (void)n;
    for (int i = 0; i < ROUNDS; i++) {
        double t = cpu_s();

        hn_follow_begin(&f);
        control(sleeper, &c);
        v[i] = (cpu_s() - t) * 1e3;
    }
    return found_middle(v, ROUNDS, "ms");
}

/* ---- replays -------------------------------------------------------------*/

static void busy(chan(int) a, chan(int) b, struct go_mutex *m)
{
    for (int i = 0; i < 5; i++) {
        go_mutex_lock(m);
        go_sleep((int64_t)(1 + go_choose(3)) * GO_MILLISECOND);
        go_mutex_unlock(m);
        go_select(GO_SEND(a, i), GO_RECV(b, NULL),
                  GO_RECV(go_after(2 * GO_MILLISECOND), NULL));
    }
}

static void tangle(void)
{
    struct go_mutex m = {0};
    struct go_waitgroup wg = {0};
    chan(int) a = chan_make(int, 0);
    chan(int) b = chan_make(int, 1);

    go_waitgroup_go(&wg, busy, a, b, &m);
    go_waitgroup_go(&wg, busy, b, a, &m);
    go_waitgroup_go(&wg, busy, a, a, &m);
    go_waitgroup_wait(&wg);
}

/* The same choices, again and again. */
struct again {
    struct hn_follow follow;
    uint64_t hash, same, done;
};

static bool again_over(void *arg, const struct go_execution *e)
{
    struct again *a = arg;

    if (a->done == 0)
        a->hash = a->follow.hash ^ e->steps ^ (uint64_t)e->clock;
    a->same += hn_follow_end(&a->follow) &&
               a->hash == (a->follow.hash ^ e->steps ^ (uint64_t)e->clock);
    hn_follow_begin(&a->follow);
    return ++a->done < REPLAYS;
}

/* Of an execution's choices, all that the default would not take. */
struct deviating {
    struct hn_strategy *s;
    struct hn_default usual;
    struct hn_schedule schedule;
    uint32_t at;
};

static uint32_t deviate(void *arg, const struct go_step *steps, uint32_t n)
{
    struct deviating *d = arg;
    uint32_t k = hn_random.choose(d->s, steps, n), at = d->at++;

    if (k != hn_default_step(&d->usual, steps, n) &&
        !hn_schedule_add(&d->schedule, hn_schedule_deviation(at, &steps[k])))
        abort();
    hn_default_took(&d->usual, &steps[k]);
    return k;
}

static uint32_t no_number(void *arg, uint32_t task, uint32_t n)
{
    (void)task, (void)n;
    ((struct deviating *)arg)->at++;
    return 0;
}

static bool only_one(void *arg, const struct go_execution *e)
{
    (void)arg;
    (void)e;
    return false;
}

struct found replays(int n)
{
    struct deviating d = {.s = hn_strategy_make(&hn_random, 0, 7),
                          .usual = HN_DEFAULT_INIT};
    struct again a = {.follow = {.schedule = &d.schedule}};
    const struct go_control first = {.arg = &d,
                                     .choose = deviate,
                                     .number = no_number,
                                     .over = only_one,
                                     .steps = 100000};
    const struct go_control rest = {.arg = &a,
                                    .choose = hn_follow_choose,
                                    .number = hn_follow_number,
                                    .over = again_over,
                                    .steps = 100000,
                                    .alike = true};

    (void)n;
    control(tangle, &first);
    hn_follow_begin(&a.follow);
    control(tangle, &rest);
    hn_random.free(d.s);
    hn_schedule_free(&d.schedule);
    return (struct found){(double)a.same, (double)a.same, (double)a.same,
                          "of 1,000", true};
}
