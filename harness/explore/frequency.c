/*
 * frequency.c - random walks, and how many of them fail in a way that is known.
 *
 * The walk is that of random.c: it has no memory, so each execution is as good
 * as another, and their share is an estimate. What is cut off by the clock is
 * not counted at all.
 */
#include "harness/explore/frequency.h"

#include "harness/clock.h"
#include "harness/explore/explore.h"
#include "harness/explore/loop.h"
#include "harness/explore/memory.h"
#include "harness/explore/signature.h"
#include "harness/explore/strategy.h"

enum {
    WORK_MAX = 1 << 14, /* steps on offer between looks at the clock */
};

struct frequency {
    struct hn_strategy *walk;
    uint64_t signature;
    struct hn_frequency *to;
    struct hn_record *first;
    struct hn_tasks *tasks;
    int64_t until, used; /* real ns; of the processor's time */
    uint32_t work;
    bool late;
};

static bool is_late(struct frequency *f, uint32_t work)
{
    f->work += work;
    if (f->work >= WORK_MAX) {
        f->work = 0;
        f->late = hn_now_ns() >= f->until || hn_used_ns() >= f->used;
    }
    return f->late;
}

static uint32_t choose(void *arg, const struct go_step *steps, uint32_t n)
{
    struct frequency *f = arg;
    uint32_t k;

    if (is_late(f, n))
        return GO_NOWHERE;
    k = hn_random.choose(f->walk, steps, n);
    if (f->first)
        hn_record_add(f->first, k);
    return k;
}

static uint32_t number(void *arg, uint32_t task, uint32_t n)
{
    struct frequency *f = arg;
    uint32_t k = hn_random.number(f->walk, task, n);

    if (f->first)
        hn_record_add(f->first, k);
    return k;
}

static bool next(struct frequency *f, bool same)
{
    hn_tasks_learn(f->tasks);
    if (is_late(f, WORK_MAX)) /* it may have waited, in real time */
        return false;
    f->to->runs++;
    f->to->same += same;
    if (f->to->runs >= HN_FREQUENCY_RUNS || (same && f->first))
        return false;
    if (f->first)
        hn_record_begin(f->first, hn_loop_more());
    return true;
}

static bool over(void *arg, const struct go_execution *e)
{
    struct frequency *f = arg;

    return next(f, hn_signature(e) == f->signature);
}

static bool crashed(void *arg, int signal, uint64_t signature)
{
    struct frequency *f = arg;

    (void)signal;
    return next(f, f->signature == signature);
}

void hn_frequency(const struct go_run *run, const struct hn_walks *walks,
                  struct hn_frequency *to, struct hn_record *first)
{
    struct go_control control = {.choose = choose,
                                 .number = number,
                                 .over = over,
                                 .early = walks->early,
                                 .more = walks->more,
                                 .steps = HN_EXPLORE_STEPS};
    struct hn_loop loop;
    struct frequency *f;

    to->early = walks->early > 0;
    if (!hn_loop_begin(&loop, run, walks->apart))
        return;
    f = control.arg = hn_memory_take(sizeof(*f));
    if (!f || !(f->walk = hn_strategy_make(&hn_random, 0, walks->seed)))
        return;
    f->signature = walks->signature;
    f->to = to;
    f->first = first;
    f->tasks = walks->tasks;
    f->used = hn_used_ns() + HN_FREQUENCY_TIME;
    f->until =
        hn_now_ns() + (walks->apart ? HN_FREQUENCY_APART : HN_FREQUENCY_REAL);
    if (first)
        hn_record_begin(first, walks->more);
    hn_loop_run(&loop, &control, crashed);
    hn_loop_end(&loop);
    hn_random.free(f->walk);
    hn_memory_give(f);
}
