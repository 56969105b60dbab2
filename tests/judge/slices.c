/* slices.c - processes that play random programs, some at a time. */
#define _GNU_SOURCE
#include "tests/judge/slices.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

struct job {
    pid_t pid;
    struct slice *slice;
};

/* What is under way. */
struct playing {
    const struct slices *how;
    struct job job[SLICES_JOBS];
    uint64_t next, end;
    bool failed;
};

static void work(const struct slices *how, struct slice *s)
{
    for (; s->seed < s->end; s->seed += how->step) {
        alarm(SLICES_PATIENCE);
        how->play(s);
    }
    fflush(stdout);
    _exit(0);
}

static void start(const struct slices *how, struct job *k)
{
    pid_t pid;

    memset(k->slice->score, 0, how->score);
    k->slice->failed = false;
    fflush(stdout);
    pid = fork();
    if (pid == 0)
        work(how, k->slice);
    if (pid < 0) {
        perror("fork");
        exit(3);
    }
    k->pid = pid;
}

static bool start_next(struct playing *p, struct job *k)
{
    if (p->next >= p->end)
        return false;
    k->slice->seed = p->next;
    p->next += p->how->length;
    k->slice->end = p->next < p->end ? p->next : p->end;
    start(p->how, k);
    return true;
}

/* A job has ended: goes on behind a program that killed it. True: it is to be
   given more. */
static bool collect(struct playing *p, struct job *k, int status)
{
    p->how->add(k->slice->score);
    p->failed |= k->slice->failed;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return true;
    printf("%s: seed %lu: %s %d\n", p->how->name, (unsigned long)k->slice->seed,
           WIFSIGNALED(status) ? "signal" : "exit",
           WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
    p->how->broken();
    p->failed = true;
    k->slice->seed += p->how->step;
    start(p->how, k);
    return false;
}

bool slices_play(const struct slices *s, uint64_t first, uint64_t end)
{
    struct playing p = {.how = s, .next = first, .end = end};
    size_t each = (sizeof(struct slice) + s->score + 63) & ~(size_t)63;
    char *shared = mmap(NULL, s->jobs * each, PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    unsigned busy = 0;
    int status;

    if (shared == MAP_FAILED) {
        perror("mmap");
        exit(3);
    }
    for (unsigned i = 0; i < s->jobs; i++) {
        p.job[i].slice = (struct slice *)(void *)(shared + i * each);
        busy += start_next(&p, &p.job[i]);
    }
    while (busy) {
        pid_t pid = waitpid(-1, &status, 0);

        for (unsigned i = 0; i < s->jobs; i++)
            if (p.job[i].pid == pid && collect(&p, &p.job[i], status) &&
                !start_next(&p, &p.job[i]))
                busy--;
    }
    munmap(shared, s->jobs * each);
    return !p.failed;
}
