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
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/explore/dpor.h"
#include "tests/judge/slices.h"
#include "tests/oracle/oracle.h"

enum {
    SLICE = 500,
    TOLD = 5, /* of a slice */
};

static struct {
    uint64_t programs, seed;
    unsigned jobs;
    bool verbose;
    struct rules rules;
} option = {.programs = 10000, .seed = 1, .jobs = 2};

static struct tally total;

static void play_one(struct slice *s)
{
    static unsigned told; /* in this slice */

    option.rules.tell = told < TOLD || option.verbose ? stdout : NULL;
    if (oracle_one((struct tally *)(void *)s->score, s->seed, &option.rules))
        return;
    s->failed = true;
    fflush(stdout);
    told++;
}

static void add(const void *score)
{
    oracle_add(&total, score);
}

static void broken(void)
{
}

static bool run_all(void)
{
    const struct slices slices = {.name = "oracle",
                                  .jobs = option.jobs,
                                  .length = SLICE,
                                  .step = 1,
                                  .score = sizeof(struct tally),
                                  .play = play_one,
                                  .add = add,
                                  .broken = broken};

    return slices_play(&slices, option.seed, option.seed + option.programs);
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
    if (optind < argc || !option.jobs || option.jobs > SLICES_JOBS ||
        !option.rules.sample)
        usage();
}

int main(int argc, char **argv)
{
    bool good;

    option.rules = oracle_rules;
    parse(argc, argv);
    good = run_all();
    show();
    return !good;
}
