/*
 * main.c - the judge of memory reachability as a program, for long runs.
 *
 * usage: judge [-n PROGRAMS] [-j JOBS] [-s SEED] [-l LOSS] [-v]
 *
 * Plays PROGRAMS random worlds from SEED on, in slices, each in a process of
 * its own, so that a crash takes little with it. -l leaves out one kind of
 * word (a number, see world.h; "all" tries each): then false proofs are what
 * must be seen.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/judge/blind.h"
#include "tests/judge/score.h"
#include "tests/judge/slices.h"

enum {
    SLICE = 1000
};

static struct {
    uint64_t programs, seed;
    unsigned jobs, loss;
    bool all_losses, verbose;
} option = {.programs = 10000, .seed = 1, .jobs = 2};

static struct score total;
static struct slice *mine;

static void tell_fault(const char *why)
{
    mine->failed = true;
    if (!option.all_losses || option.verbose)
        printf("judge: %s\n", why);
}

static void play_some(struct slice *s)
{
    mine = s;
    score_all((struct score *)(void *)s->score, s->seed, option.loss,
              tell_fault);
}

static void add(const void *score)
{
    score_add(&total, score);
}

static void broken(void)
{
    total.broken++;
    total.programs += WORLDS;
}

static bool run_all(void)
{
    const struct slices slices = {.name = "judge",
                                  .jobs = option.jobs,
                                  .length = SLICE,
                                  .step = WORLDS,
                                  .score = sizeof(struct score),
                                  .play = play_some,
                                  .add = add,
                                  .broken = broken};
    uint64_t first = option.seed - option.seed % WORLDS;

    memset(&total, 0, sizeof(total));
    return slices_play(&slices, first, first + option.programs);
}

static void show(void)
{
    uint64_t missed = 0;

    printf("%lu programs, %lu of them with somebody stuck\n",
           (unsigned long)total.programs, (unsigned long)total.stuck_programs);
    printf("%lu goroutines waited; %lu were stuck, of which %lu were proven\n",
           (unsigned long)total.waiting, (unsigned long)total.stuck,
           (unsigned long)total.proven);
    printf("false proofs: %lu; proven and then not: %lu; broken: %lu; "
           "model wrong: %lu\n",
           (unsigned long)total.actors_false, (unsigned long)total.resumed,
           (unsigned long)total.broken, (unsigned long)total.mistaken);
    printf("of %lu that were said to live, %lu were made to run\n",
           (unsigned long)total.could_run, (unsigned long)total.ran_again);
    for (int m = 0; m < MISS_COUNT; m++)
        missed += total.missed[m];
    printf("missed: %lu\n", (unsigned long)missed);
    for (int m = 0; m < MISS_COUNT; m++)
        printf("%10lu  %s\n", (unsigned long)total.missed[m],
               miss_text((enum miss)m));
}

/* False proofs when one kind of word is left out, or of root. */
static unsigned noticed(unsigned loss, enum blind blind, const char *text)
{
    option.loss = loss;
    blind_make(blind);
    run_all();
    printf("%6lu false proofs without %s%s\n",
           (unsigned long)total.actors_false, blind ? "a look at " : "", text);
    fflush(stdout);
    return total.actors_false != 0;
}

/* 0 when each was noticed. */
static int judge_the_judge(void)
{
    unsigned unnoticed = 0;

    for (unsigned loss = 1; loss < LOSS_COUNT; loss++)
        if (loss != LOSS_FORM + FORM_DONE) /* gives nothing to be missed */
            unnoticed += !noticed(loss, BLIND_NOT, world_loss_text(loss));
    for (int b = 1; b < BLIND_COUNT; b++)
        unnoticed +=
            !noticed(LOSS_NONE, (enum blind)b, blind_text((enum blind)b));
    return unnoticed != 0;
}

static void usage(void)
{
    fprintf(stderr, "usage: judge [-n PROGRAMS] [-j JOBS] [-s SEED] "
                    "[-l LOSS|all] [-v]\n");
    exit(2);
}

static void parse(int argc, char **argv)
{
    int c;

    while ((c = getopt(argc, argv, "n:j:s:l:v")) != -1)
        switch (c) {
        case 'n':
            option.programs = strtoull(optarg, NULL, 10);
            break;
        case 'j':
            option.jobs = (unsigned)strtoul(optarg, NULL, 10);
            break;
        case 's':
            option.seed = strtoull(optarg, NULL, 10);
            break;
        case 'l':
            option.all_losses = !strcmp(optarg, "all");
            option.loss = (unsigned)strtoul(optarg, NULL, 10);
            break;
        case 'v':
            option.verbose = true;
            break;
        default:
            usage();
        }
    if (optind < argc || !option.jobs || option.jobs > SLICES_JOBS ||
        option.loss >= LOSS_COUNT + BLIND_COUNT - 1)
        usage();
}

int main(int argc, char **argv)
{
    bool good;

    parse(argc, argv);
    if (option.all_losses)
        return judge_the_judge();
    if (option.loss >= LOSS_COUNT) {
        blind_make((enum blind)(option.loss - LOSS_COUNT + 1));
        option.loss = LOSS_NONE;
    }
    good = run_all();
    show();
    return !good;
}
