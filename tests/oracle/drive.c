/*
 * drive.c - strategies on the controlled mode, one program a run.
 *
 * The plain one here goes depth first through everything that can be chosen:
 * each execution follows the last one up to the deepest choice that has an
 * alternative left, and takes that. It is the judge of all others, so it
 * looks at nothing but how many ways there are.
 */
#include "tests/oracle/drive.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vigil/go.h>

#include "harness/explore/drawn.h"
#include "runtime/base/throw.h"
#include "runtime/sched/sched.h"
#include "tests/body.h"
#include "tests/oracle/play.h"

enum {
    CHOICES = 4096, /* of an execution */
    STEPS = 10000,
    PATIENCE = 10, /* seconds for an ordinary run */
};

/* ---- depth first ---------------------------------------------------------*/

struct hn_strategy {
    uint32_t more; /* what else was a step when it began */
    uint32_t at, depth;
    uint32_t chosen[CHOICES], of[CHOICES];
};

static struct hn_strategy *all_make(uint32_t parameter, uint64_t seed)
{
    static struct hn_strategy s;

    (void)parameter, (void)seed;
    s.depth = 0;
    s.more = 0;
    return &s;
}

static void all_free(struct hn_strategy *s)
{
    (void)s;
}

static void all_begin(struct hn_strategy *s)
{
    s->at = 0;
}

static uint32_t all_pick(struct hn_strategy *s, uint32_t n)
{
    rt_check(s->at < CHOICES, "an execution has too many choices");
    if (s->at == s->depth) {
        s->chosen[s->depth] = 0;
        s->of[s->depth++] = n;
    }
    rt_check(s->of[s->at] == n, "the same choices, and not the same moment");
    return s->chosen[s->at++];
}

static uint32_t all_choose(struct hn_strategy *s, const struct go_step *steps,
                           uint32_t n)
{
    (void)steps;
    return n == 1 ? 0 : all_pick(s, n);
}

static uint32_t all_number(struct hn_strategy *s, uint32_t task, uint32_t n)
{
    (void)task;
    return all_pick(s, n);
}

static bool all_end(struct hn_strategy *s, const struct go_execution *e)
{
    (void)e;
    if (s->more != go_control_more()) {
        s->more =
            go_control_more(); /* choices mean something else: from the start */
        s->depth = 0;
        return true;
    }
    while (s->depth && s->chosen[s->depth - 1] + 1 == s->of[s->depth - 1])
        s->depth--;
    if (!s->depth)
        return false;
    s->chosen[s->depth - 1]++;
    return true;
}

static bool all_complete(const struct hn_strategy *s)
{
    return !s->depth;
}

const struct hn_strategy_kind drive_all = {.name = "all",
                                           .about = "every schedule",
                                           .make = all_make,
                                           .free = all_free,
                                           .begin = all_begin,
                                           .choose = all_choose,
                                           .number = all_number,
                                           .end = all_end,
                                           .complete = all_complete};

/* ---- a strategy drives ---------------------------------------------------*/

struct driving {
    const struct hn_strategy_kind *kind;
    struct hn_strategy *s;
    struct outcomes *to;
    uint64_t most;
    struct go_control control;
    struct hn_drawn drawn; /* what it knows is not asked for, as in a search */
    struct drive d;
};

static struct hn_record record;

static void follow(struct driving *x)
{
    uint64_t ops;

    hn_drawn_count(&x->drawn, &ops);
}

static uint32_t answer(struct driving *x, uint32_t k)
{
    hn_record_add(&record, k);
    hn_drawn_allow(&x->drawn, x->drawn.is ? HN_DRAWN_MAX : 0);
    return k;
}

static uint32_t choose(void *arg, const struct go_step *steps, uint32_t n)
{
    struct driving *x = arg;

    follow(x);
    return answer(x, x->kind->choose(x->s, steps, n));
}

static uint32_t number(void *arg, uint32_t task, uint32_t n)
{
    struct driving *x = arg;

    follow(x);
    return answer(x, x->kind->number(x->s, task, n));
}

static void note(void *arg, enum go_note what, uint32_t task,
                 const void *object, uint32_t other)
{
    struct driving *x = arg;

    x->kind->note(x->s, what, task, object, other);
}

static void begin(struct driving *x)
{
    hn_record_begin(&record, 0);
    x->kind->begin(x->s);
    hn_drawn_begin(&x->drawn, x->kind, x->s, x->control.note != NULL, ~0ull,
                   &record);
    hn_drawn_allow(&x->drawn, x->drawn.is ? HN_DRAWN_MAX : 0);
    x->control.draw = hn_drawn_control(&x->drawn);
}

static bool over(void *arg, const struct go_execution *e)
{
    struct driving *x = arg;
    struct outcome o;
    bool more;

    play_outcome(&o, e, NULL);
    follow(x);
    more = x->kind->end(x->s, e);
    /* what a strategy cuts off itself is no outcome */
    if (e->end != GO_END_BOUND)
        outcomes_add(x->to, &o);
    x->d.executions++;
    if (!more)
        x->d.complete = x->kind->complete && x->kind->complete(x->s);
    if (!more || x->d.executions == x->most)
        return false;
    begin(x);
    return true;
}

static struct go_run silent_run(void)
{
    struct go_run run = body_run(play_main);

    run.text_fd = -1;
    return run;
}

struct drive drive_run(const struct program *p,
                       const struct hn_strategy_kind *kind, uint64_t seed,
                       uint64_t most, uint32_t early, uint32_t more,
                       struct outcomes *to)
{
    struct driving x = {.kind = kind, .to = to, .most = most};
    struct go_run run = silent_run();

    x.control = (struct go_control){.arg = &x,
                                    .choose = choose,
                                    .number = number,
                                    .note = kind->note ? note : NULL,
                                    .over = over,
                                    .early = early,
                                    .more = more,
                                    .steps = STEPS};
    x.s = hn_strategy_make(kind, 0, seed);
    rt_check(x.s, "no memory for a strategy");
    begin(&x);
    play_set(p);
    run.control = &x.control;
    rt_threads_ours();
    go_run(&run);
    kind->free(x.s);
    return x.d;
}

/* Where a child process says what came of its run. */
struct told {
    struct outcome o;
    bool done;
};

static void tell_run(struct told *told, int procs, uint64_t seed)
{
    struct go_outcome outcome = {0};
    struct go_run run = silent_run();

    run.procs = procs;
    run.seed = seed;
    run.outcome = &outcome;
    rt_threads_ours();
    go_run(&run);
    play_outcome(&told->o, NULL, outcome.panic);
    told->done = true;
}

static struct told *told_memory(void)
{
    static struct told *told;

    if (!told) {
        told = mmap(NULL, sizeof(*told), PROT_READ | PROT_WRITE,
                    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        rt_check(told != MAP_FAILED, "no shared memory");
    }
    return told;
}

/*
 * In a process of its own: a run that ends in a panic may leave a worker
 * behind, which then is one of the threads that could wake somebody, and the
 * next run would wait for that.
 */
bool drive_plain(const struct program *p, int procs, uint64_t seed,
                 struct outcome *o)
{
    struct told *told = told_memory();
    pid_t pid;

    told->done = false;
    play_set(p);
    pid = fork();
    if (pid == 0) {
        alarm(PATIENCE);
        tell_run(told, procs, seed);
        _exit(0);
    }
    rt_check(pid > 0 && waitpid(pid, NULL, 0) == pid, "no child process");
    *o = told->o;
    return told->done;
}
