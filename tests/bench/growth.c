/*
 * growth.c - what looks, detection and reports take as more goroutines wait.
 *
 * usage: growth [-o FILE] [ROW...]   all rows, or these: 1000, lock_100000,
 *                                    lock_stack_100000, lock_page_100000
 *
 * -o: as JSON too, for scripts/bench-compare.
 *
 * Method: each number in two processes, three times each (the largest once);
 * medians count. In the first, main computes while a look is taken that must go
 * through all memory, for one goroutine of whom nobody knows; all others are
 * held by a global. In the second, main waits as well: detection is from there
 * to the verdict, the report from the verdict until the run is over with all
 * that there was to say in a file.
 *
 * All wait to receive, each from a channel of its own; then also for locks that
 * main has: side by side, on the stack of who waits, each on a page of its own.
 * The last row is what memory remains when all have ended.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vigil/go.h>
#include <vigil/inspect.h>

#include "runtime/base/cpu.h"
#include "runtime/monitor/monitor.h"
#include "runtime/sched/g.h"

enum {
    PAGE = 4096,
    ROUNDS = 3,
    LARGE = 1000000, /* once */
    JUDGED = 100000, /* what the targets are for */
    WORKERS = 2,
    GIVEN_BACK = 10 /* a tenth of the peak */
};

enum measure {
    STOP,
    LOOK,
    DETECTION,
    REPORT,
    MEASURES
};

static const struct {
    const char *name, *title;
    double target; /* ms */
} measures[MEASURES] = {
    [STOP] = {"stop", "longest stop for a look", 20},
    [LOOK] = {"look", "a full look", 100},
    [DETECTION] = {"detection", "all asleep: detection", 5},
    [REPORT] = {"report", "and the report to a file", 300},
};

enum shape {
    CHANNELS,
    LOCKS_TOGETHER,
    LOCKS_ON_STACKS,
    LOCKS_APART,
    SHAPES
};

static const struct {
    const char *name, *title;
} shapes[SHAPES] = {
    [CHANNELS] = {"", "wait"},
    [LOCKS_TOGETHER] = {"lock_", "on a lock each"},
    [LOCKS_ON_STACKS] = {"lock_stack_", "on a lock on their stack"},
    [LOCKS_APART] = {"lock_page_", "on a lock on a page each"},
};

typedef chan(int) handle;

struct work {
    enum shape shape;
    int n;
};

/* What the processes tell. */
static struct {
    double ms[MEASURES];
    int64_t asleep; /* mon_wall when main is about to wait */
    double mib[3];  /* at first, the most, at the end */
    double s;       /* until that */
} told;
static int to_parent; /* in a child: not shared memory, or looks could not be in
                         a copy */

/* Only roots. */
static handle *volatile channels;
static struct go_mutex **volatile locks;

static void receive(handle c)
{
    chan_recv(c);
}

static void lock(struct go_mutex *mu)
{
    go_mutex_lock(mu);
    go_mutex_unlock(mu);
}

static void lock_own(int i, handle gate)
{
    struct go_mutex mu = {0};

    locks[i] = &mu;
    chan_recv(gate);
    lock(&mu);
}

static void wait_on_channels(int n)
{
    channels = calloc((size_t)n, sizeof(*channels));
    for (int i = 0; i < n; i++) {
        channels[i] = chan_make(int, 0);
        go(receive, channels[i]);
    }
}

static void wait_on_locks(int n, size_t apart)
{
    char *all =
        aligned_alloc(PAGE, ((size_t)n * apart + PAGE - 1) / PAGE * PAGE);

    memset(all, 0, (size_t)n * apart);
    for (int i = 0; i < n; i++) {
        locks[i] = (struct go_mutex *)(void *)(all + (size_t)i * apart);
        go_mutex_lock(locks[i]);
        go(lock, locks[i]);
    }
}

static void wait_on_stacks(int n)
{
    handle gate = chan_make(int, 0);

    for (int i = 0; i < n; i++)
        go(lock_own, i, gate);
    for (int i = 0; i < n; i++) {
        while (!__atomic_load_n(&locks[i], __ATOMIC_RELAXED))
            go_yield();
        go_mutex_lock(locks[i]);
    }
    chan_close(gate);
}

static int waiting(void)
{
    int n = 0;

    for (uint32_t i = 0; i < rt_g_slots(); i++) {
        const struct g *g = rt_g_at(i);

        n += g && rt_g_status(g) == RT_G_WAITING;
    }
    return n;
}

static void all_wait(const struct work *w)
{
    locks = calloc((size_t)w->n, sizeof(*locks));
    if (w->shape == CHANNELS)
        wait_on_channels(w->n);
    else if (w->shape == LOCKS_ON_STACKS)
        wait_on_stacks(w->n);
    else
        wait_on_locks(w->n, w->shape == LOCKS_APART ? (size_t)PAGE
                                                    : sizeof(struct go_mutex));
    while (waiting() < w->n)
        go_yield();
}

static __attribute__((noreturn)) void end_child(bool failed)
{
    failed |= write(to_parent, &told, sizeof(told)) != sizeof(told);
    _exit(failed);
}

/* One look that begins when all wait, up to its end. */
static int compute(const struct work *w)
{
    const struct mon_cost *cost = mon_cost();
    uint64_t before;

    all_wait(w);
    before = rt_load(cost->looks);
    go(receive, chan_make(int, 0));
    while (rt_load(cost->looks) == before ||
           rt_load(cost->ended) < rt_load(cost->looks))
        go_yield();
    told.ms[STOP] = (double)cost->longest_stop / 1e6;
    told.ms[LOOK] = (double)cost->longest_look / 1e6;
    end_child(false);
}

static int end(const struct work *w)
{
    all_wait(w);
    told.asleep = mon_wall();
    chan_recv((handle)NULL);
    return 0;
}

static void to_the_end(const struct work *w)
{
    char path[] = "/tmp/growth.XXXXXX";
    int fd = mkstemp(path);
    GO_X_CALL(call, end, w);
    struct go_run run = {.call = call,
                         .settle = GO_SETTLE_PROGRAM,
                         .settle_for = -1,
                         .procs = WORKERS,
                         .text_fd = fd,
                         .json_fd = -1,
                         .dot_fd = -1};
    const struct mon_cost *cost = mon_cost();
    struct go_outcome outcome;

    unlink(path);
    run.outcome = &outcome;
    go_run(&run);
    told.ms[DETECTION] = (double)(cost->over - told.asleep) / 1e6;
    told.ms[REPORT] = (double)(mon_wall() - cost->over) / 1e6;
    end_child(fd < 0 || outcome.verdict != GO_VERDICT_DEADLOCK || !cost->over);
}

/* ---- what is left when all have ended ------------------------------------ */

static double resident(void)
{
    long pages = 0;
    FILE *f = fopen("/proc/self/statm", "r");

    if (!f || fscanf(f, "%*d %ld", &pages) != 1)
        pages = 0;
    if (f)
        fclose(f);
    return (double)pages * (double)sysconf(_SC_PAGESIZE) / (1 << 20);
}

static int peak(const struct work *w)
{
    handle gate = chan_make(int, 0);
    int64_t begun;

    told.mib[0] = resident();
    for (int i = 0; i < w->n; i++)
        go(receive, gate);
    while (waiting() < w->n)
        go_yield();
    told.mib[1] = resident();
    chan_close(gate);
    while (go_count() > 1)
        go_yield();
    begun = mon_wall();
    do {
        go_sleep(50 * GO_MILLISECOND);
        told.mib[2] = resident();
        told.s = (double)(mon_wall() - begun) / 1e9;
    } while (told.mib[2] > told.mib[1] / GIVEN_BACK && told.s < 20);
    return 0;
}

/* ---- rows ---------------------------------------------------------------- */

/* In a process of its own; false: it failed. */
static bool child(void (*run)(const struct work *), const struct work *w)
{
    int ends[2], status;
    bool told_all;
    pid_t pid;

    if (pipe(ends))
        return false;
    pid = fork();
    if (pid == 0) {
        close(ends[0]);
        to_parent = ends[1];
        run(w);
    }
    close(ends[1]);
    told_all = pid > 0 && read(ends[0], &told, sizeof(told)) == sizeof(told);
    close(ends[0]);
    return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) &&
           WEXITSTATUS(status) == 0 && told_all;
}

static void looked_at(const struct work *w)
{
    setenv("VIGIL", "procs=2,look=100ms,leaks=off", 1);
    go_main(compute, w); /* it ends there */
    _exit(1);
}

static void given_back(const struct work *w)
{
    setenv("VIGIL", "procs=2", 1);
    end_child(go_main(peak, w) != 0);
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static FILE *json;
static int judged, missed;

/* ms: of each round, in order. */
static void print(const struct work *w, enum measure m, const double *ms,
                  int rounds)
{
    double target = measures[m].target, median = ms[rounds / 2];
    bool has_target = w->n == JUDGED, ok = median <= target;
    char title[80], of[16] = "-";

    judged += has_target;
    missed += has_target && !ok;
    if (has_target)
        snprintf(of, sizeof(of), "%.0f", target);
    snprintf(title, sizeof(title), "%d %s: %s", w->n, shapes[w->shape].title,
             measures[m].title);
    printf("%-60s %10.3f ms %10.3f-%-10.3f %9.0f %6s  %s\n", title, median,
           ms[0], ms[rounds - 1], median * 1e6 / w->n, of,
           !has_target ? ""
           : ok        ? "ok"
                       : "misses");
    fflush(stdout);
    if (json)
        fprintf(json,
                "{\"row\":\"%s%s_%d\",\"workers\":%d,\"vigil\":%.3f,"
                "\"low\":%.3f,\"high\":%.3f,\"target\":%s,\"ok\":%s}\n",
                shapes[w->shape].name, measures[m].name, w->n, WORKERS, median,
                ms[0], ms[rounds - 1], has_target ? of : "null",
                !has_target ? "null"
                : ok        ? "true"
                            : "false");
}

static bool grow(const struct work *w)
{
    double ms[MEASURES][ROUNDS];
    int rounds = w->n < LARGE ? ROUNDS : 1;

    for (int r = 0; r < rounds; r++) {
        if (!child(looked_at, w) || !child(to_the_end, w))
            return false;
        for (int m = 0; m < MEASURES; m++)
            ms[m][r] = told.ms[m];
    }
    for (int m = 0; m < MEASURES; m++) {
        qsort(ms[m], (size_t)rounds, sizeof(ms[m][0]), by_size);
        print(w, (enum measure)m, ms[m], rounds);
    }
    return true;
}

static bool give_back(int n)
{
    struct work w = {CHANNELS, n};

    if (!child(given_back, &w))
        return false;
    printf("%d have ended: %.1f MiB at first, %.1f at the most, %.1f after "
           "%.1f s\n",
           n, told.mib[0], told.mib[1], told.mib[2], told.s);
    if (json)
        fprintf(json,
                "{\"row\":\"left_%d\",\"workers\":%d,\"vigil\":%.3f,"
                "\"low\":%.3f,\"high\":%.3f,\"target\":null,\"ok\":null}\n",
                n, WORKERS, told.mib[2], told.mib[2], told.mib[2]);
    return true;
}

/* 100000, lock_100000, lock_stack_100000: who waits, and how many. */
static bool chosen(const struct work *w, char **names)
{
    bool any = !*names;
    char name[64];

    snprintf(name, sizeof(name), "%s%d", shapes[w->shape].name, w->n);
    for (; *names; names++)
        any |= strcmp(*names, name) == 0;
    return any;
}

static int failed(const struct work *w)
{
    fprintf(stderr, "growth: %d %s failed\n", w->n, shapes[w->shape].title);
    return 1;
}

static bool all_rows(char **names)
{
    bool bad = false;

    for (struct work w = {CHANNELS, 1}; w.n <= LARGE; w.n *= 10)
        if (chosen(&w, names) && !grow(&w))
            bad |= failed(&w);
    for (int s = CHANNELS + 1; s < SHAPES; s++) {
        struct work w = {(enum shape)s, JUDGED};

        if (chosen(&w, names) && !grow(&w))
            bad |= failed(&w);
    }
    if (!*names)
        bad |= !give_back(LARGE);
    return !bad;
}

int main(int argc, char **argv)
{
    bool done;

    if (argc > 2 && !strcmp(argv[1], "-o")) {
        json = fopen(argv[2], "w");
        if (!json) {
            fprintf(stderr, "growth: %s cannot be written\n", argv[2]);
            return 2;
        }
        argv += 2;
    }
    printf("%-60s %13s %21s %9s %6s\n", "", "median", "lowest-highest",
           "ns each", "target");
    fflush(stdout);
    done = all_rows(argv + 1);
    printf("%d targets, %d missed\n", judged, missed);
    return done ? 0 : 1;
}
