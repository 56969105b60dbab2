/*
 * look.c - what looks cost, and how long the program stands still for one.
 *
 * usage: look [ROW...]      all rows, each in a process of its own; or these,
 *                           by number from 1
 *
 * Each row makes goroutines that wait, and a heap, then lets main compute for
 * some looks, or as many as come in a minute. In the "nobody knows" row all that
 * wait are proven stuck; in the others a global holds them, and one more, of whom
 * nobody knows, makes each look go through all memory.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vigil/go.h>

#include "runtime/monitor/monitor.h"

enum {
    MIB = 1 << 20,
    BLOCK = 64,
    LOOKS = 5
};

enum shape {
    NO_HEAP,
    LARGE, /* blocks of 1 MiB, of words that point nowhere */
    GRAPH  /* of 64 bytes, two random pointers each */
};

struct row {
    const char *name;
    int goroutines;
    int mib;
    enum shape shape;
    bool lost;
    int stop_ms, look_ms; /* the targets */
};

static const struct row rows[] = {
    {"1,000 wait", 1000, 0, NO_HEAP, false, 20, 100},
    {"100,000 wait", 100000, 0, NO_HEAP, false, 20, 100},
    {"100,000 wait, 64 MiB in large blocks", 100000, 64, LARGE, false, 20, 100},
    {"100,000 wait, 64 MiB in 64-byte blocks", 100000, 64, GRAPH, false, 20,
     100},
    {"100,000 wait, of whom nobody knows", 100000, 64, GRAPH, true, 20, 100},
    {"1,000 wait, 1 GiB in large blocks", 1000, 1024, LARGE, false, 20, 1000},
    {"1,000 wait, 1 GiB in 64-byte blocks", 1000, 1024, GRAPH, false, 20, 3000},
};

typedef chan(int) handle;

struct block {
    struct block *to[2];
    uint64_t rest[BLOCK / 8 - 2];
};

static handle *volatile known; /* [goroutines] */
static struct block **volatile blocks;
static void **volatile large; /* all three are only roots */

static uint64_t next(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return *state >> 33;
}

static void fill(const struct row *r)
{
    size_t n = (size_t)r->mib * MIB / BLOCK;
    uint64_t seed = 1;

    if (r->shape == LARGE) {
        large = calloc((size_t)r->mib, sizeof(*large));
        for (int i = 0; i < r->mib; i++)
            large[i] = memset(malloc(MIB), 1, MIB);
    } else if (r->shape == GRAPH) {
        blocks = malloc(n * sizeof(*blocks));
        for (size_t i = 0; i < n; i++)
            blocks[i] = calloc(1, sizeof(struct block));
        for (size_t i = 0; i < n; i++)
            for (int k = 0; k < 2; k++)
                blocks[i]->to[k] = blocks[next(&seed) % n];
        blocks = realloc(blocks, sizeof(*blocks)); /* the rest by the graph */
    }
}

static void waits(handle c)
{
    chan_recv(c);
}

static void start(const struct row *r)
{
    known = calloc((size_t)r->goroutines, sizeof(*known));
    for (int i = 0; i < r->goroutines; i++) {
        handle c = chan_make(int, 0);

        go(waits, c);
        if (!r->lost)
            known[i] = c;
    }
}

/* Whether both targets are met. */
static bool print(const struct row *r, const struct mon_cost *cost)
{
    double stop = (double)cost->longest_stop / 1e6;
    double look = (double)cost->longest_look / 1e6;
    bool ok = stop <= r->stop_ms && look <= r->look_ms;

    printf("%-42s %8.1f ms (%d) %10.1f ms (%d)  %s\n", r->name, stop,
           r->stop_ms, look, r->look_ms, ok ? "ok" : "misses");
    fflush(stdout);
    return ok;
}

static uint64_t looks(void)
{
    return __atomic_load_n(&mon_cost()->looks, __ATOMIC_RELAXED);
}

/* Somebody to be proven stuck, for which all memory must be looked through. */
static void lose(void)
{
    go(waits, chan_make(int, 0));
}

static int compute(const struct row *r)
{
    go_instant begin = go_now();

    fill(r);
    go(start, r);
    for (int i = 0; i < LOOKS && go_since(begin) < 60 * GO_SECOND; i++) {
        uint64_t now = looks();

        go(lose);
        while (looks() == now)
            go_yield();
    }
    _exit(print(r, mon_cost()) ? 0 : 1);
}

static bool measure(const struct row *r)
{
    pid_t pid = fork();
    int status;

    if (pid == 0)
        exit(go_main(compute, r));
    if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status)) {
        printf("%-42s failed\n", r->name);
        return false;
    }
    return WEXITSTATUS(status) == 0;
}

static bool chosen(int row, char **argv)
{
    bool any = false;

    for (char **a = argv + 1; *a; a++)
        any |= atoi(*a) == row + 1;
    return any || !argv[1];
}

int main(int argc, char **argv)
{
    int bad = 0, done = 0, n = sizeof(rows) / sizeof(rows[0]);

    (void)argc;

    setenv("VIGIL", "look=100ms,leaks=off", 1);
    printf("%-42s %17s %19s\n", "", "longest stop", "longest look");
    fflush(stdout);
    for (int i = 0; i < n; i++)
        if (chosen(i, argv)) {
            bad += !measure(&rows[i]);
            done++;
        }
    printf("%d rows, %d miss their target\n", done, bad);
    return 0;
}
