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
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/judge/blind.h"
#include "tests/judge/score.h"

enum {
    SLICE = 1000,
    JOBS_MAX = 64,
    PATIENCE = 20 /* seconds for what is played together */
};

static struct {
    uint64_t programs, seed;
    unsigned jobs, loss;
    bool all_losses, verbose;
} option = {.programs = 10000, .seed = 1, .jobs = 2};

/* A process at work; shared with it. */
struct job {
    pid_t pid;
    uint64_t seed, end; /* seed: at which it is */
    struct score score;
    bool failed;
};

static struct job *job;
static struct score total;
static uint64_t next_seed, end_seed;
static bool failed;

static struct job *mine;

static void tell_fault(const char *why)
{
    mine->failed = true;
    if (!option.all_losses || option.verbose)
        printf("judge: %s\n", why);
}

static void work(struct job *k)
{
    mine = k;
    for (; k->seed < k->end; k->seed += WORLDS) {
        alarm(PATIENCE);
        score_all(&k->score, k->seed, option.loss, tell_fault);
    }
    fflush(stdout);
    _exit(0);
}

static void start(struct job *k)
{
    pid_t pid;

    memset(&k->score, 0, sizeof(k->score));
    k->failed = false;
    fflush(stdout);
    pid = fork();
    if (pid == 0)
        work(k);
    if (pid < 0) {
        perror("judge: fork");
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
    score_add(&total, &k->score);
    failed |= k->failed;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return true;
    printf("judge: seed %lu: %s %d\n", (unsigned long)k->seed,
           WIFSIGNALED(status) ? "signal" : "exit",
           WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
    total.broken++;
    total.programs += WORLDS;
    failed = true;
    k->seed += WORLDS;
    start(k);
    return false;
}

static void run_all(void)
{
    unsigned busy = 0;
    int status;

    next_seed = option.seed - option.seed % WORLDS;
    end_seed = next_seed + option.programs;
    memset(&total, 0, sizeof(total));
    failed = false;
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
    if (optind < argc || !option.jobs || option.jobs > JOBS_MAX ||
        option.loss >= LOSS_COUNT + BLIND_COUNT - 1)
        usage();
}

int main(int argc, char **argv)
{
    parse(argc, argv);
    job = mmap(NULL, JOBS_MAX * sizeof(*job), PROT_READ | PROT_WRITE,
               MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (job == MAP_FAILED) {
        perror("judge: mmap");
        return 3;
    }
    if (option.all_losses)
        return judge_the_judge();
    if (option.loss >= LOSS_COUNT) {
        blind_make((enum blind)(option.loss - LOSS_COUNT + 1));
        option.loss = LOSS_NONE;
    }
    run_all();
    show();
    return failed;
}
