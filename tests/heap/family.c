/*
 * family.c - what heap.bats runs with the heap in the C library's place.
 *
 * usage: family all        every call of malloc's family, and libc's own
 *        family threads    8 threads at random, with forks in between
 *        family WRONG      one wrong call, which must abort
 * Silent and 0 when all is well; "elsewhere" and 3 when malloc is not the
 * heap's that knows its blocks.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runtime/base/blocks.h"
#include "runtime/base/rng.h"

extern const struct rt_heap_door vigil_heap __attribute__((weak));

#define MUST(cond)                                                             \
    do {                                                                       \
        if (!(cond)) {                                                         \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #cond);         \
            exit(1);                                                           \
        }                                                                      \
    } while (0)

/* A block of at least n bytes, found at both its ends; freed. */
static void is_ours(void *p, size_t n)
{
    struct rt_block block;
    uintptr_t at = (uintptr_t)p;

    MUST(p && rt_block_find(vigil_heap.blocks, at, &block) && block.low == at);
    MUST(rt_block_find(vigil_heap.blocks, at + n, &block) && block.low == at);
    MUST(malloc_usable_size(p) >= n);
    memset(p, 0x5a, n);
    free(p);
    MUST(!rt_block_find(vigil_heap.blocks, at, &block));
}

static void every_call(void)
{
    volatile size_t page = (size_t)sysconf(_SC_PAGESIZE), far = SIZE_MAX;
    void *p;

    is_ours(malloc(100), 100);
    is_ours(malloc(0), 0);
    is_ours(calloc(7, 1000), 7000);
    is_ours(realloc(NULL, 10), 10);
    is_ours(realloc(malloc(10), 100000), 100000);
    is_ours(reallocarray(NULL, 100, 50), 5000);
    MUST(!reallocarray(NULL, far / 2, 3) && errno == ENOMEM);
    is_ours(memalign(64, 100), 100);
    is_ours(aligned_alloc(4096, 1), 1);
    is_ours(valloc(1), 1);
    is_ours(pvalloc(page + 1), 2 * page);
    errno = 0;
    MUST(!pvalloc(far) && errno == ENOMEM);
    errno = 0;
    MUST(!aligned_alloc(page - 1, 1) && errno == EINVAL);
    MUST(posix_memalign(&p, 1 << 20, 10) == 0 && (uintptr_t)p % (1 << 20) == 0);
    is_ours(p, 10);
    MUST(posix_memalign(&p, 24, 10) == EINVAL);
    MUST(posix_memalign(&p, 2, 10) == EINVAL);
    MUST(posix_memalign(&p, 16, far) == ENOMEM);
}

static void the_library_itself(void)
{
    char *text = NULL, *line = NULL;
    size_t n = 0;
    FILE *f;

    is_ours(strdup("a word"), 6);
    is_ours(strndup("a word", 3), 3);
    MUST(asprintf(&text, "%0200d", 7) == 200);
    is_ours(text, 200);
    f = open_memstream(&text, &n);
    MUST(f && fprintf(f, "%5000d\n", 1) == 5001 && fclose(f) == 0);
    f = fmemopen(text, n, "r");
    n = 0;
    MUST(f && getline(&line, &n, f) == 5001 && fclose(f) == 0);
    is_ours(line, 5001);
    is_ours(text, 5001);
    is_ours(realpath(".", NULL), 1);
    is_ours(getcwd(NULL, 0), 1);
}

enum {
    THREADS = 8,
    SLOTS = 128,
    STEPS = 20000
};

struct slot {
    unsigned char *p;
    size_t n;
};

static void check_slot(const struct slot *s, unsigned char with)
{
    for (size_t i = 0; i < s->n; i++)
        MUST(s->p[i] == with);
}

static void change_slot(struct slot *s, struct rt_rng *rng)
{
    size_t n = rt_rng_below(rng, 1u << (1 + rt_rng_below(rng, 16)));
    unsigned how = rt_rng_below(rng, 4);

    if (how == 0) {
        s->p = realloc(s->p, n + 1);
        n++;
    } else {
        free(s->p);
        s->p = how == 1   ? malloc(n)
               : how == 2 ? calloc(1, n)
                          : memalign((size_t)1 << rt_rng_below(rng, 14), n);
    }
    MUST(s->p);
    s->n = n;
}

static void in_a_child(struct rt_rng *rng)
{
    struct slot s = {NULL, 0};
    int status;
    pid_t child = fork();

    if (child == 0) {
        for (int i = 0; i < 200; i++)
            change_slot(&s, rng);
        _exit(0);
    }
    MUST(waitpid(child, &status, 0) == child && status == 0);
}

static void *churn(void *arg)
{
    struct rt_rng rng = {.state = (uintptr_t)arg};
    struct slot slots[SLOTS] = {{NULL, 0}};

    for (int i = 0; i < STEPS; i++) {
        unsigned k = rt_rng_below(&rng, SLOTS);

        check_slot(&slots[k], (unsigned char)k);
        change_slot(&slots[k], &rng);
        memset(slots[k].p, (int)k, slots[k].n);
        if (i % 2500 == 0)
            in_a_child(&rng);
    }
    for (unsigned k = 0; k < SLOTS; k++)
        free(slots[k].p);
    return NULL;
}

static void in_threads(void)
{
    pthread_t t[THREADS];

    for (uintptr_t i = 0; i < THREADS; i++)
        MUST(pthread_create(&t[i], NULL, churn, (void *)(i + 1)) == 0);
    for (int i = 0; i < THREADS; i++)
        MUST(pthread_join(t[i], NULL) == 0);
    MUST(!vigil_heap.busy());
}

/* Volatile: a compiler may know what is wrong here. */
static void wrong(const char *how)
{
    char *volatile p = malloc(100);
    static char elsewhere[100];

    if (strcmp(how, "twice") == 0)
        free(p);
    if (strcmp(how, "inside") == 0)
        p += 8;
    if (strcmp(how, "elsewhere") == 0)
        p = elsewhere;
    free(p);
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "all";
    void *volatile probe = malloc(1);
    struct rt_block block;

    if (!&vigil_heap ||
        !rt_block_find(vigil_heap.blocks, (uintptr_t)probe, &block)) {
        puts("elsewhere");
        return 3;
    }
    free(probe);
    if (strcmp(what, "threads") == 0) {
        in_threads();
    } else if (strcmp(what, "all") == 0) {
        every_call();
        the_library_itself();
    } else {
        wrong(what);
    }
    return 0;
}
