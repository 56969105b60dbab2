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
 * its processes, less what it takes for one execution, the median of ROUNDS,
 * with the lowest and the highest. The targets are for one core that nobody
 * else uses, where shuttle, which explores Rust, comes to 0.074 (3 x 10) and
 * 0.153 million (3 x 3). Where SHUTTLE says in the environment what does that
 * (shuttle/Cargo.toml) both are run by turns: twelve times as many is as good as
 * the first target, and thirteen times what the second was.
 *
 * One row misses, 3 x 3, by a sixth; three are met by a few per cent, and not
 * while others use the machine.
 *
 * Instructions of an execution, as callgrind counts them, when all choices
 * were asked for, when they were first drawn in the runtime, and now; and its
 * time now, the median of nine rounds, at real-time priority on a machine that
 * others use (2-core virtual machine, Intel Xeon; ns). There shuttle took
 * 11,200 and 5,300 ns: we do 11 and 8.5 times as many.
 *
 *                                     instructions          time   target
 *     random, 3 tasks x 10 locks   22,800  16,000  14,300     950   1,000
 *     random, 3 tasks x 3 locks    11,600   9,100   8,000     595     500
 *     dpor, 3 tasks x 4 locks      24,900  25,200  15,400   1,170   1,250
 *
 * Each further decision takes 310 instructions: some 170 to stand there, read the
 * guards, draw and note, 97 to lock and unlock, 21 the switch, 20 the body. It
 * took nine fewer, and 22 ns, and takes 17: what it waited for was a chain of
 * loads, from what the goroutine before had written to whose stack is next
 * (draw.h has what became of it). What is left of it is a number, who it means,
 * his goroutine, its stack: some 30 of 60 cycles. Since then the point stands in
 * line where a lock is taken, and the compiler saves registers, once: some 30
 * instructions fewer, by the disassembly, and 2 % of the time (1,153 to 1,134 ns,
 * 31 rounds by turns on a loaded machine). So instructions are not what is left
 * to win.
 *
 * An execution besides takes 5,150 (6,400 before): one of nothing 2,230, and 170
 * ns; each goroutine more 970, and some 70 ns: to spawn it 360, to begin 75, to
 * end and pick who is next 260, its part of the wait group and of the first
 * choices the rest. 100 are valgrind's own library, which might have threads.
 * Not among them, for it is not done there: that four stacks are found clean, a
 * tenth of the time of 3 x 3 (by registers of 32 bytes; a sixth without; in line
 * it is the same). A spawn passes its words on three times (the macro, the call,
 * the first frame), which is 100 in all. More than that is only in not doing it
 * again: up to the first choice all executions are the same, and its end could
 * be kept, and set back; but not what a program does outside of its memory until
 * then.
 *
 * Tried, and of no use: no frame pointers, -O3, functions at lines of the cache,
 * clang, stacks at different places of their pages (they share the sets of a
 * cache, and the low bits of addresses: seventeen places, 1 %), what each choice
 * looks at of struct rt_ctl in two pages. Where code comes to lie matters by up
 * to 8 %: one build is not to be compared with another by less. -fprofile-use
 * took 9 % more (17 % for 3 x 10).
 *
 * Nor is there one thing that it waits for. At 3.9 GHz it does 4.4 instructions a
 * cycle in a choice, and 3.0 in the rest, of six that fit. Where all executions
 * draw the same, so that each branch can be learnt, they take 3 % less: branches
 * are not it. So the guards of four at a time, as one number and without a branch
 * for how many stand there, took longer (5 %, and 8 % for 3 x 10). That what
 * begins and ends a task is in line, 30 calls and 170 instructions fewer, is 1 %
 * for 3 x 3, and the other way for 3 x 10. A stack that is cleared and looked at
 * by registers of 64 bytes, both in line, is 2 % for 3 x 3; one of the two alone
 * less than can be told. So what is left of 3 x 3 is its 5,000 instructions beside
 * the choices, some of them everywhere.
 *
 * What lives across a switch the compiler keeps in memory, and loads for each
 * use: now it is loaded once before and once after, which is 90 instructions fewer
 * (240 for 3 x 10), and a choice that is drawn jumps nine times less. By turns, 25
 * rounds, in ns: 616 (613 to 621) before, 609 (601 to 678) with the first, 593
 * (589 to 605) with both; of 3 x 10, 1,002 (998 to 1,026), 947 (941 to 955) and
 * 951 (943 to 965); dpor 1,178, 1,165 and 1,177.
 *
 * By a trace of each instruction and word (valgrind's lackey), played to a model
 * of the processor: no return is predicted wrong (0.1 an execution); nothing
 * locks, divides, or waits for a store of another width, since how an execution
 * ended is not copied any more; 197 lines of data and 34 pages are touched, and
 * 439 lines of code, 28 KiB, of which 16 are ever run, so that 120 are not in the
 * first cache when they are needed. To lay these 110 functions side by side took
 * longer all the same (623 for 596 ns). Nor was it of use to take calls out of the
 * way of a spawn (14 jumps fewer: nothing, or 2 % more). That stacks are found
 * clean is 33 ns. The measured program itself clears its wait group by "rep stos",
 * which is slow to begin.
 *
 * Of the exhaustive search's, 9,200 are what a random execution of that size
 * takes. Ten of its 14 choices are known and followed by the runtime, which
 * costs no more than to draw them; four are new, and one of these takes 1,500:
 * 400 to be asked for, 200 for the notes of what it did, 300 for its ways and
 * what sleeps there, 550 for its clocks and races. These are asked for late, and
 * of less than half: 1.9 a time, 1,200 each. In none of that does one place
 * stand out. What is left is to ask less: a new choice where nobody sleeps is
 * that of the first task, so the runtime could make it, and keep the steps and
 * the notes for the search to read all at once.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bench/explore.h"

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

struct found found_middle(double *v, int n, const char *unit)
{
    qsort(v, (size_t)n, sizeof(*v), by_size);
    return (struct found){v[n / 2], v[0], v[n - 1], unit, false};
}

enum target {
    AT_LEAST,
    AT_MOST,
    EXACTLY
};

static const struct row {
    const char *name;
    struct found (*measure)(int n);
    int n;
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
    {"what fails is shrunk within", shrinking, 0, AT_MOST, 50},
    {"shuttle's, 3 tasks x 10 locks", times_shuttle, 10, AT_LEAST, 12},
    {"shuttle's, 3 tasks x 3 locks", times_shuttle, 3, AT_LEAST, 13},
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

    if (rows[row].measure == times_shuttle && !shuttle)
        return false;
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
    shuttle = getenv("SHUTTLE");
    for (int i = 0; i < n; i++)
        if (chosen(i, argv + 4)) {
            bad += !measure(&rows[i]);
            done++;
        }
    printf("%d rows, %d miss their target\n", done, bad);
    return 0;
}
