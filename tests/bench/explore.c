/*
 * explore.c - what exploration costs: rates, counts, replays, tokens.
 *
 * usage: explore VIGIL SCENARIOS LOCKERS [ROW...]
 *                           all rows, each in a process of its own; or these,
 *                           by number from 1. VIGIL: the command, SCENARIOS: a
 *                           program whose scenarios fail by their schedule,
 *                           LOCKERS: tests/hostile/lockers
 *
 * Rates are of the command, as anybody calls it: the processor's time of all
 * its processes, the median of ROUNDS, with the lowest and the highest. The
 * targets are for one core that nobody else uses.
 *
 * Four rows miss. Instructions of an execution, as callgrind counts them, and
 * its time, the best of ten rounds on a machine that others load (2-core virtual
 * machine, EPYC, 3.6 GHz; ns), before choices were drawn in the runtime and now:
 *
 *                                  instructions       time         target
 *     random, 3 tasks x 10 locks   22,800  16,000   1,600  1,250    1,000
 *     random, 3 tasks x 3 locks    11,600   9,100     950    800      500
 *     dpor, 3 tasks x 4 locks      24,900  24,400   2,060  1,980    1,250
 *
 * Each further decision takes 330 instructions (530 before): 180 to stand there,
 * read the guards, draw and note, 100 to lock and unlock, 25 the switch, 20 the
 * body. An execution besides: 5,500, of which four spawns 1,800, four ends 1,000,
 * the wait group 700, to set all back 1,100. Branches that no processor can
 * predict cost most, 5 ns each: which goroutine comes next has to be data, and a
 * goroutine must be left with as many calls open as it is entered with.
 *
 * By estimate the floor of this design is 250 a decision and 3,500 an execution:
 * for a lock that is a point one call less, and one word that says whether
 * anything but a draw is to be done; for spawns a goroutine that is not zeroed
 * whole. The exhaustive search was hardly touched: most of its choices follow
 * what is known, are asked for by a call all the same, and have every unlock
 * noted for nothing; the runtime could follow a script as it draws.
 */
#define _GNU_SOURCE
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <vigil/go.h>

#include "harness/explore/follow.h"
#include "harness/explore/strategy.h"
#include "tests/body.h"
#include "tests/classics.h"
#include "tests/lockers.h"

enum {
    ROUNDS = 9,
    REPLAYS = 1000,
    SCHEDULES = 200000, /* of which a rate is taken, at most */
};

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

    b.s = kind->make(0, 1);
    if (!b.s)
        abort();
    kind->begin(b.s);
    control(body, &c);
    kind->free(b.s);
    return b;
}

/* ---- measuring -----------------------------------------------------------*/

/* What a row found: its median, and how far the others were from it. */
struct found {
    double value, low, high;
    const char *unit;
    bool ok;
};

static double cpu_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Of all processes that were started, and have ended. */
static double children_s(void)
{
    struct rusage u;

    getrusage(RUSAGE_CHILDREN, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
           (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static struct found middle(double *v, int n, const char *unit)
{
    qsort(v, (size_t)n, sizeof(*v), by_size);
    return (struct found){v[n / 2], v[0], v[n - 1], unit, false};
}

static struct found count(void (*body)(void))
{
    struct bench b = explore(&hn_dpor, body, 1000000);

    return (struct found){(double)b.executions, (double)b.executions,
                          (double)b.executions,
                          b.complete ? "" : "and not complete", b.complete};
}

/* ---- the rows ------------------------------------------------------------*/

static void set_lockers(int n)
{
    lockers_tasks = n / 100;
    lockers_sections = n % 100;
}

static struct found count_lockers(int n)
{
    set_lockers(n);
    return count(lockers);
}

static struct found count_producers(int n)
{
    producers_room = n;
    return count(producers);
}

static struct found count_philosophers(int n)
{
    philosophers_n = n;
    return count(philosophers);
}

static struct found count_workers(int n)
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

static struct found sleeps(int n)
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
    return middle(v, ROUNDS, "ms");
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

static struct found replays(int n)
{
    struct deviating d = {.s = hn_random.make(0, 7), .usual = HN_DEFAULT_INIT};
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

/* ---- the command ---------------------------------------------------------*/

static const char *vigil, *scenarios, *lockers_program;

/* Every object of "vigil explore WHAT --format json" is given to each. */
static void for_each_explored(const char *what,
                              void (*each)(void *arg, json_t *x), void *arg)
{
    char *command;
    FILE *f;
    json_t *x;

    if (asprintf(&command, "%s explore %s --seed 1 --format json 2>/dev/null",
                 vigil, what) < 0 ||
        !(f = popen(command, "re")))
        abort();
    while ((x = json_loadf(f, JSON_DISABLE_EOF_CHECK, NULL))) {
        each(arg, x);
        json_decref(x);
    }
    pclose(f);
    free(command);
}

struct explored {
    double executions, points;
};

static void take_counts(void *arg, json_t *x)
{
    struct explored *e = arg;

    if (!json_object_get(x, "executions"))
        return; /* the totals */
    e->executions = json_number_value(json_object_get(x, "executions"));
    e->points = json_number_value(json_object_get(x, "points"));
}

static struct explored explored_by(const char *strategy, int sections,
                                   unsigned schedules)
{
    struct explored e = {0, 0};
    char *what;

    if (asprintf(&what, "%s:lockers%d --strategy %s --schedules %u",
                 lockers_program, sections, strategy, schedules) < 0)
        abort();
    for_each_explored(what, take_counts, &e);
    free(what);
    if (e.executions < 1)
        abort();
    return e;
}

/* As anybody explores: the command, its processes, their start and end. */
static struct found random_lockers(int sections)
{
    double v[ROUNDS];

    for (int i = 0; i < ROUNDS; i++) {
        double t = children_s();

        v[i] = explored_by("random", sections, SCHEDULES).executions;
        v[i] /= (children_s() - t) * 1e6;
    }
    return middle(v, ROUNDS, "M/s");
}

static struct found decision(int sections)
{
    double v[ROUNDS];

    for (int i = 0; i < ROUNDS; i++) {
        double t = children_s();
        double points = explored_by("random", sections, SCHEDULES).points;

        v[i] = (children_s() - t) * 1e9 / points;
    }
    return middle(v, ROUNDS, "ns");
}

/* All of them, so few that starting the processes would count: it is taken
   off. */
static struct found dpor_lockers(int sections)
{
    double v[ROUNDS];

    for (int i = 0; i < ROUNDS; i++) {
        double before = children_s(), start, all;

        explored_by("dpor", sections, 1);
        start = children_s();
        v[i] = explored_by("dpor", sections, SCHEDULES).executions - 1;
        all = children_s();
        v[i] /= ((all - start) - (start - before)) * 1e6;
    }
    return middle(v, ROUNDS, "M/s");
}

struct tokens {
    double length[64], deviations[64];
    int n;
};

static void take_token(void *arg, json_t *x)
{
    struct tokens *t = arg;
    const char *token = json_string_value(json_object_get(x, "token"));

    if (!token || t->n == 64)
        return;
    t->length[t->n] = (double)strlen(token);
    t->deviations[t->n] = 0;
    for (const char *c = token; *c; c++)
        t->deviations[t->n] += *c == '@';
    t->n++;
}

static struct found longest_token(int n)
{
    struct tokens t = {.n = 0};
    struct found f;

    (void)n;
    for_each_explored(scenarios, take_token, &t);
    if (!t.n)
        return (struct found){0, 0, 0, "tokens", false};
    f = middle(t.length, t.n, "characters, the longest");
    f.value = f.high;
    return f;
}

static struct found deviations(int n)
{
    struct tokens t = {.n = 0};

    (void)n;
    for_each_explored(scenarios, take_token, &t);
    return t.n ? middle(t.deviations, t.n, "choices in a token")
               : (struct found){0, 0, 0, "tokens", false};
}

/* ---- all of it -----------------------------------------------------------*/

enum target {
    AT_LEAST,
    AT_MOST,
    EXACTLY
};

static const struct row {
    const char *name;
    struct found (*measure)(int n);
    int n; /* sections; of counts of locks 100 * tasks + sections */
    enum target target;
    double value;
} rows[] = {
    {"random, 3 tasks x 10 locks", random_lockers, 10, AT_LEAST, 1.0},
    {"random, 3 tasks x 3 locks", random_lockers, 3, AT_LEAST, 2.0},
    {"a decision, 3 tasks x 10 locks", decision, 10, AT_MOST, 30},
    {"dpor, 3 tasks x 4 locks", dpor_lockers, 4, AT_LEAST, 0.8},
    {"complete: locks 2x2", count_lockers, 202, EXACTLY, 6},
    {"complete: locks 2x3", count_lockers, 203, EXACTLY, 20},
    {"complete: locks 3x2", count_lockers, 302, EXACTLY, 90},
    {"complete: locks 3x3", count_lockers, 303, EXACTLY, 1680},
    {"complete: locks 3x4", count_lockers, 304, EXACTLY, 34650},
    {"complete: 2 producers x 3, room for 1", count_producers, 1, EXACTLY, 20},
    {"complete: 2 producers x 3, room for 2", count_producers, 2, EXACTLY, 20},
    {"complete: 2 producers x 3, room for 6", count_producers, 6, EXACTLY, 20},
    {"complete: abba", count_philosophers, 2, EXACTLY, 3},
    {"complete: 3 philosophers", count_philosophers, 3, EXACTLY, 7},
    {"complete: 4 philosophers", count_philosophers, 4, EXACTLY, 15},
    {"complete: 5 philosophers", count_philosophers, 5, EXACTLY, 31},
    {"complete: 3 workers and a close", count_workers, 0, EXACTLY, 6},
    {"an hour asleep, 3,600 times a second", sleeps, 0, AT_MOST, 1},
    {"replays that are the same", replays, 0, EXACTLY, REPLAYS},
    {"tokens of what fails", longest_token, 0, AT_MOST, 80},
    {"tokens of what fails, when shrunk", deviations, 0, AT_MOST, 2},
};

static bool meets(const struct row *r, double value)
{
    return r->target == AT_LEAST  ? value >= r->value
           : r->target == AT_MOST ? value <= r->value
                                  : value == r->value;
}

static bool print(const struct row *r)
{
    static const char *const words[] = {">=", "<=", "="};
    struct found f = r->measure(r->n);
    bool ok = meets(r, f.value) && (r->target != EXACTLY || f.ok);

    printf("%-38s %9.5g %s", r->name, f.value, f.unit);
    if (f.low < f.high)
        printf(" (%.3g to %.3g)", f.low, f.high);
    printf(", target %s %g: %s\n", words[r->target], r->value,
           ok ? "ok" : "misses");
    fflush(stdout);
    return ok;
}

static bool measure(const struct row *r)
{
    pid_t pid = fork();
    int status;

    if (pid == 0)
        exit(print(r) ? 0 : 1);
    if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status)) {
        printf("%-38s failed: misses\n", r->name);
        fflush(stdout);
        return false;
    }
    return WEXITSTATUS(status) == 0;
}

static bool chosen(int row, char **only)
{
    bool any = false;

    for (char **a = only; *a; a++)
        any |= atoi(*a) == row + 1;
    return any || !*only;
}

int main(int argc, char **argv)
{
    int bad = 0, done = 0, n = sizeof(rows) / sizeof(rows[0]);

    if (argc < 4) {
        fprintf(stderr, "usage: explore VIGIL SCENARIOS LOCKERS [ROW...]\n");
        return 2;
    }
    vigil = argv[1];
    scenarios = argv[2];
    lockers_program = argv[3];
    for (int i = 0; i < n; i++)
        if (chosen(i, argv + 4)) {
            bad += !measure(&rows[i]);
            done++;
        }
    printf("%d rows, %d miss their target\n", done, bad);
    return 0;
}
