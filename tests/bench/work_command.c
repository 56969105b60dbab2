/*
 * work_command.c - the work of a row, done once or in turns, and its times.
 *
 * usage: work ROW [N]       prints what one operation took, in ns, by the wall
 *                           clock; work.go does the same work in Go
 *        work -p PAIRS [-s MS] ROW [N]
 *                           prints so for as many pairs of stretches (of 100
 *                           ms), with looks and without; then of the time with
 *                           looks, in %: for how long all stood still, what
 *                           the monitor's thread and the copies took of a
 *                           processor, and what that thread takes without
 *        work line          a line of the cache between two threads, there and
 *                           back, in ns
 *
 * In: VIGIL (procs, look). Out: lines for scripts/bench, which repeats,
 * compares and judges. N: how many times, or how many goroutines; without it
 * what takes some hundred milliseconds. "parked" prints ns a goroutine, from
 * the first spawn until all wait, have been served, and ended; "resident" what
 * memory each holds while it waits, in bytes.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "runtime/monitor/monitor.h"
#include "tests/bench/work.h"

static const struct row *chosen;
static long times;
static int pairs, stretch_ms = 100;

static double per_operation(go_duration ns, long chunks, long n)
{
    return (double)ns / (double)(chosen->per ? chosen->per : n) /
           (double)chunks;
}

static int app(void)
{
    go_instant begin = go_now();

    chosen->work(times);
    printf("%.2f\n", per_operation(go_since(begin), 1, times));
    return 0;
}

static int app_resident(void)
{
    work_resident(times);
    return 0;
}

/* ---- with looks and without, in turns ------------------------------------ */

static clockid_t monitor_clock; /* of the thread that called go_main */

/* Of one kind of stretches: ns, of all. */
struct taken {
    int64_t wall, stopped, monitor, copies;
};

static int64_t by_copies(void)
{
    struct rusage u;

    getrusage(RUSAGE_CHILDREN, &u);
    return (u.ru_utime.tv_sec + u.ru_stime.tv_sec) * GO_SECOND +
           (u.ru_utime.tv_usec + u.ru_stime.tv_usec) * GO_MICROSECOND;
}

static void take(struct taken *t, int sign)
{
    t->wall += sign * go_now();
    t->stopped += sign * mon_cost()->stopped;
    t->monitor += sign * on_clock(monitor_clock);
    t->copies += sign * by_copies();
}

/* A look that is made in a copy is one of the stretch it began in. */
static bool looks_on(void)
{
    return __atomic_load_n(&mon_cost()->looks, __ATOMIC_RELAXED) !=
           __atomic_load_n(&mon_cost()->ended, __ATOMIC_RELAXED);
}

static double stretch(bool looks, struct taken *taken)
{
    long n = chosen->chunk ? chosen->chunk : times, chunks = 0;
    go_instant begin = go_now();
    go_duration ns;

    mon_hold(!looks);
    take(taken, -1);
    do {
        chosen->work(n);
        chunks++;
        ns = go_since(begin);
        mon_hold(!looks || ns >= stretch_ms * GO_MILLISECOND);
    } while (ns < stretch_ms * GO_MILLISECOND || looks_on());
    take(taken, 1);
    return per_operation(ns, chunks, n);
}

static double percent(int64_t part, int64_t of)
{
    return 100 * (double)part / (double)of;
}

static int app_pairs(void)
{
    struct taken with = {0}, without = {0};

    chosen->work(chosen->chunk ? chosen->chunk : times);
    for (int i = 0; i < pairs; i++) {
        double on, off;

        if (i % 2)
            on = stretch(true, &with);
        off = stretch(false, &without);
        if (i % 2 == 0)
            on = stretch(true, &with);
        printf("pair %.3f %.3f\n", on, off);
    }
    printf("still %.3f\nmonitor %.3f\ncopies %.3f\ntick %.3f\n",
           percent(with.stopped, with.wall), percent(with.monitor, with.wall),
           percent(with.copies, with.wall),
           percent(without.monitor, without.wall));
    return 0;
}

static int usage(void)
{
    fprintf(stderr, "usage: work [-p PAIRS] [-s MS] ROW [N]; ROW is one of: "
                    "line resident");
    for (size_t i = 0; i < work_nrows; i++)
        fprintf(stderr, " %s", work_rows[i].name);
    fprintf(stderr, "\n");
    return 2;
}

static bool choose(int argc, char **argv)
{
    int option;

    while ((option = getopt(argc, argv, "p:s:")) != -1)
        switch (option) {
        case 'p':
            pairs = atoi(optarg);
            break;
        case 's':
            stretch_ms = atoi(optarg);
            break;
        default:
            return false;
        }
    argc -= optind;
    argv += optind;
    times = argc == 2 ? atol(argv[1]) : 0;
    if (argc < 1 || argc > 2 || times < 0 || pairs < 0 || stretch_ms < 1)
        return false;
    if (!strcmp(argv[0], "resident") || !strcmp(argv[0], "line"))
        return !pairs;
    for (size_t i = 0; i < work_nrows; i++)
        if (!strcmp(argv[0], work_rows[i].name))
            chosen = &work_rows[i];
    return chosen;
}

int main(int argc, char **argv)
{
    if (!choose(argc, argv))
        return usage();
    if (!strcmp(argv[optind], "line")) {
        printf("%.2f\n", work_line());
        return 0;
    }
    pthread_getcpuclockid(pthread_self(), &monitor_clock);
    if (!times)
        times = chosen ? chosen->n : 100000;
    if (!chosen)
        return go_main(app_resident);
    return pairs ? go_main(app_pairs) : go_main(app);
}
