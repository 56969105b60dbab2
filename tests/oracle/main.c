/*
 * main.c - the oracle as a program, for long runs.
 *
 * usage: oracle [-n PROGRAMS] [-j JOBS] [-s SEED] [-m EXECUTIONS]
 *               [-c CHECKS] [-p SAMPLE] [-e EARLY] [-d RULE] [-v]
 *
 * Plays PROGRAMS random programs from SEED on, in slices, each in a process of
 * its own, so that a crash takes little with it. -c: which checks, a bit each;
 * -m: the most executions of one program; -p: one in SAMPLE is walked through
 * and run as ever; -e: so many timers may fire early; -v: tells all that is wrong,
 * not the first few. -d: dpor does without a rule (a bit of enum hn_drop): then
 * it misses something.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/explore/dpor.h"
#include "tests/oracle/oracle.h"

enum {
    SLICE = 500,
    JOBS_MAX = 64,
    PATIENCE = 20, /* seconds for a program */
    TOLD = 5,      /* of a slice */
};

static struct {
    uint64_t programs, seed;
    unsigned jobs;
    bool verbose;
    struct rules rules;
} option = {.programs = 10000, .seed = 1, .jobs = 2};

/* A process at work; shared with it. */
struct job {
    pid_t pid;
    uint64_t seed, end; /* seed: at which it is */
    struct tally tally;
    bool failed;
};

static struct job *job;
static struct tally total;
static uint64_t next_seed, end_seed;
static bool failed;

static void work(struct job *k)
{
    unsigned told = 0;

    option.rules.tell = stdout;
    for (; k->seed < k->end; k->seed++) {
        alarm(PATIENCE);
        if (oracle_one(&k->tally, k->seed, &option.rules))
            continue;
        k->failed = true;
        fflush(stdout);
        if (++told == TOLD && !option.verbose)
            option.rules.tell = NULL;
    }
    fflush(stdout);
    _exit(0);
}

static void start(struct job *k)
{
    pid_t pid;

    memset(&k->tally, 0, sizeof(k->tally));
    k->failed = false;
    fflush(stdout);
    pid = fork();
    if (pid == 0)
        work(k);
    if (pid < 0) {
        perror("oracle: fork");
        exit(3);
    }
    k->pid = pid; /* not the child's: the memory is shared */
}

static bool start_next(struct job *k)
{
    if (next_seed >= end_seed)
        return false;
    k->seed = next_seed;
    next_seed += SLICE;
    k->end = next_seed < end_seed ? next_seed : end_seed;
    start(k);
    return true;
}

/* A job has ended: goes on behind a program that killed it. True: it is to be
   given more. */
static bool collect(struct job *k, int status)
{
    oracle_add(&total, &k->tally);
    failed |= k->failed;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return true;
    printf("oracle: seed %lu: %s %d\n", (unsigned long)k->seed,
           WIFSIGNALED(status) ? "signal" : "exit",
           WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
    failed = true;
    k->seed++;
    start(k);
    return false;
}

static void run_all(void)
{
    unsigned busy = 0;
    int status;

    next_seed = option.seed;
    end_seed = next_seed + option.programs;
    for (unsigned i = 0; i < option.jobs; i++)
        busy += start_next(&job[i]);
    while (busy) {
        pid_t pid = waitpid(-1, &status, 0);

        for (unsigned i = 0; i < option.jobs; i++)
            if (job[i].pid == pid && collect(&job[i], status) &&
                !start_next(&job[i]))
                busy--;
    }
}

static void show(void)
{
    printf("%lu programs, %lu skipped; %lu executions, %lu outcomes\n",
           (unsigned long)total.programs, (unsigned long)total.skipped,
           (unsigned long)total.executions, (unsigned long)total.outcomes);
    printf("%lu programs can get stuck, %lu can panic; known: %lu beyond Go's "
           "rules, %lu out of reach\n",
           (unsigned long)total.stuck, (unsigned long)total.panics,
           (unsigned long)total.beyond, (unsigned long)total.limits);
    for (int c = 0; c < CHECK_COUNT; c++)
        if (option.rules.checks & 1u << c)
            printf("%10s: %lu programs, %lu executions; %lu missed, "
                   "%lu invented\n",
                   check_text((enum check)c),
                   (unsigned long)total.of[c].programs,
                   (unsigned long)total.of[c].executions,
                   (unsigned long)total.of[c].missed,
                   (unsigned long)total.of[c].invented);
}

static void usage(void)
{
    fprintf(
        stderr,
        "usage: oracle [-n PROGRAMS] [-j JOBS] [-s SEED] "
        "[-m EXECUTIONS] [-c CHECKS] [-p SAMPLE] [-e EARLY] [-d RULE] [-v]\n");
    exit(2);
}

static void parse(int argc, char **argv)
{
    int c;

    while ((c = getopt(argc, argv, "n:j:s:m:c:p:e:d:v")) != -1) {
        uint64_t number = optarg ? strtoull(optarg, NULL, 10) : 0;

        switch (c) {
        case 'n':
            option.programs = number;
            break;
        case 'j':
            option.jobs = (unsigned)number;
            break;
        case 's':
            option.seed = number;
            break;
        case 'm':
            option.rules.most = number;
            break;
        case 'c':
            option.rules.checks = (unsigned)number;
            break;
        case 'p':
            option.rules.sample = (unsigned)number;
            break;
        case 'e':
            option.rules.early = (uint32_t)number;
            break;
        case 'd':
            hn_dpor_drop = (unsigned)number;
            break;
        case 'v':
            option.verbose = true;
            break;
        default:
            usage();
        }
    }
    if (optind < argc || !option.jobs || option.jobs > JOBS_MAX ||
        !option.rules.sample)
        usage();
}

int main(int argc, char **argv)
{
    option.rules = oracle_rules;
    parse(argc, argv);
    job = mmap(NULL, JOBS_MAX * sizeof(*job), PROT_READ | PROT_WRITE,
               MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (job == MAP_FAILED) {
        perror("oracle: mmap");
        return 3;
    }
    run_all();
    show();
    return failed;
}
