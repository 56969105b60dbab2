/*
 * program.c - keeps state in every place that an executable has, and says what
 * it finds there.
 *
 * usage: program same|wild N      the same schedule N times, or all kinds
 *        program leak N           allocates, and never frees
 *        program kept|lost        leaves a goroutine, whose channel is held by
 *                                 a block that is, or is not
 *        program environment N    changes what lies in it but is libc's
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <vigil/go.h>

#include "tests/reset/drive.h"

#ifdef OWN_LIBRARY
int own_library(void);
#endif
#ifdef BEFORE
static char *volatile before;
static __attribute__((constructor)) void at_load(void)
{
    before = malloc(100);
}
#endif

enum {
    TASKS = 3,
    TABLE = 5000
};

struct item {
    struct item *next;
    char text[40];
};

static int filled = 42;
static int zero;
static struct item *list, *const *const end = &list;
static uint64_t table[TABLE]; /* of some pages */
static __thread int filled_own = 7;
static __thread char zero_own[100];
static struct go_mutex mutex;

/* Everything as the source says. */
static void look(void)
{
    static int calls;
    uint64_t sum = 0;

    for (int i = 0; i < TABLE; i++)
        sum |= table[i];
    drive_same("a static local", (uintptr_t)calls++);
    drive_same("a filled global", (uintptr_t)filled);
    drive_same("a zero global", (uintptr_t)zero);
    drive_same("a pointer", (uintptr_t)*end);
    drive_same("a table", sum);
    drive_same("a filled thread-local", (uintptr_t)filled_own);
    drive_same("a zero thread-local", (uintptr_t)zero_own[99]);
    drive_same("where thread-locals are", (uintptr_t)&filled_own);
}

static void push(int i)
{
    struct item *item = malloc(sizeof(*item));
    char *large = malloc(100000);

    go_mutex_lock(&mutex);
    drive_same("a block's first bytes", (uintptr_t)item->next | large[99999]);
    memset(large, 1, 100000);
    snprintf(item->text, sizeof(item->text), "item %d", i);
    item->next = list;
    list = item;
    table[i * 1000] += (uintptr_t)large;
    filled++;
    zero += i;
    filled_own++;
    zero_own[99]++;
    go_mutex_unlock(&mutex);
    free(large);
}

static void body(void)
{
    struct go_waitgroup wg = {0};
    char *grows = NULL;
    void *lined = aligned_alloc(4096, 4096);

    look();
    for (int i = 0; i < 200; i++) /* through all sizes */
        grows = realloc(grows, (size_t)(i + 1) * 700);
    drive_same("a block that grew", (uintptr_t)grows);
    drive_same("an aligned block", (uintptr_t)lined);
    drive_same("a zeroed block", (uintptr_t)calloc(10, 30));
    drive_same("a copied text", (uintptr_t)strdup("a copied text"));
    drive_same("half of it", (uintptr_t)strndup("a copied text", 6));
    free(grows);
    for (int i = 0; i < TASKS; i++)
        go_waitgroup_go(&wg, push, i);
    go_waitgroup_wait(&wg);
}

/* A goroutine that would use up any memory that is not set back. */
static void leak(void)
{
    for (int i = 0; i < 100; i++)
        memset(malloc(10000), 1, 10000);
}

/* environ lies in the executable, and its array is libc's. */
static void environment(void)
{
    char name[32];

    drive_same("a variable of the environment", 0);
    for (uint64_t k = 0; k < drive_number(); k++) {
        snprintf(name, sizeof(name), "RESET_%d", (int)k);
        drive_same("a variable of the environment", !getenv(name));
    }
    snprintf(name, sizeof(name), "RESET_%d", (int)drive_number());
    setenv(name, "set", 1);
    drive_same("the environment", !environ);
}

static chan(int) *volatile holder;

static void wait_for(chan(int) c)
{
    chan_recv(c);
}

static void kept(void)
{
    holder = malloc(sizeof(*holder));
    *holder = chan_make(int, 0);
    go(wait_for, *holder);
}

static void lost(void)
{
    kept();
    holder = NULL;
}

int main(int argc, char **argv)
{
    uint64_t n = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;

#ifdef OWN_LIBRARY
    own_library();
#endif
    if (argc < 2)
        return 2;
    if (strcmp(argv[1], "leak") == 0)
        return drive(leak, n, 0);
    if (strcmp(argv[1], "kept") == 0)
        return drive_once(kept);
    if (strcmp(argv[1], "lost") == 0)
        return drive_once(lost);
    if (strcmp(argv[1], "environment") == 0)
        return drive(environment, n, 0);
    return drive(body, n, strcmp(argv[1], "wild") == 0);
}
