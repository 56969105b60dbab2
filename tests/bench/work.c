/*
 * work.c - the work of each row of the benchmark; work.go does it in Go.
 *
 * Where the time of one worker goes, by perf, by counting instructions and by
 * leaving parts out; and what the floor is. (A switch of registers alone is 50
 * instructions with what it clears, and waits for the stack that it comes to.)
 *
 * yield   131 instructions, 20 of them this file's, 50 the switch. The rest is
 *         a dozen questions whether it is as simple as it looks (who else is
 *         ready, does anybody want attention, has it asked for the time) and
 *         the moves of status, which are checked.
 * spawn   Some 900 instructions, of which no part has more than an eighth: a
 *         goroutine that has not run is two lines of the cache, and begins on a
 *         stack that is hot, so scrubbing it is a tenth (it was a third, when
 *         a batch of 1,000 had 1,000 stacks). Not done: to begin on the very
 *         stack that was just left, without a switch.
 * pingpong  720 instructions for two sends that wake and two receives that
 *         park. A quarter is parking: it notes what is waited for (48 of the
 *         720 are records), asks who is next, and switches.
 * buffered  60 instructions each for a send and a receive, no call, no lock; the
 *         floor is the value, two ends of the ring, the count, and who did it.
 * select  Two fifths look which cases are ready, then one is done as a send or a
 *         receive is; with a switch a quarter fills in and queues four waiters,
 *         and takes three of them out again.
 * mutex   Two dozen instructions for lock and for unlock each, of them eight
 *         and seven stores. Four of these say "in the runtime" to a stop
 *         signal: without them a pair takes a tenth less. Looking whether a
 *         word is there already costs more than to store it.
 * mutex8  With one worker it is the row above: each runs to its end. With two,
 *         nine tenths are the lock's own line, coming and going (unlock 48 %,
 *         lock 33 %).
 * sieve   2.04 million messages, 62 ns each with one worker; with the first 100
 *         primes it is 25, as in a round trip, which is two. The rest is waiting
 *         for lines of the cache: 2,000 stacks, channels and goroutines take
 *         turns, each half a dozen lines, and none stays in the first cache.
 * skynet  Page faults as long as it was walked in breadth, and as long as each
 *         had a stack from its spawn on; now 111,111 channels made, and a
 *         million spawns and rendezvous.
 * parked  Nearly half are first touches of pages, the top of each stack, and a
 *         tenth the guards, both 32 by one call of the kernel (as single faults
 *         and calls: half as much again); a sixth is the close that wakes them
 *         all, a tenth who is next of them: lines of the cache, one by one. The
 *         floor is the page: Go's stacks of 2 KiB share one by two, unguarded.
 * resident  A page each for stack and goroutine; what is above 4,096 bytes is
 *         the runtime's own, touched once (600 KB, mostly descriptors of who has
 *         no stack yet): 4,110 where 50,000 wait, 4,096 of a million.
 * timers  A third is sifting the heap: each step down moves another timer's
 *         place, a line of the cache that nobody has looked at for long. The
 *         rest is a spawn for each that is due, and the pages of the timers.
 * sockets  Four fifths are the kernel's, a third of that sending. For each socket
 *         14 system calls, of which 3.5 tell epoll what is waited for, and 2.5
 *         ask for what is not there yet. With one worker, and 10,000, most is
 *         one second in which nothing happens: 5,000 connect before the first
 *         accept, the kernel keeps 4,096 (somaxconn) and the others try again;
 *         so it is in Go. Below that it is 75 us each instead of 130 to 150.
 *
 * Two workers who meet need a line of the cache there and back, 120 ns on the
 * virtual machine of these numbers, against 65 where the targets come from:
 * "work line" tells.
 *
 * spawn   Half as much again as by one worker alone, for locks are taken (360
 *         when half of each batch was stolen, and its descriptors, its places
 *         in a queue and its counts in the group brought over: thieves try out
 *         whether it pays, steal.c, and here they hold back but for a tick in
 *         sixteen). The floor is what one worker takes.
 * buffered, mutex  Nine tenths are taking and giving back the channel's lock,
 *         or the mutex, which is one line. An item takes a quarter of what the
 *         line takes: it comes once for several of them.
 * pingpong, sieve, select  As with one worker, with locks and their lines: two
 *         fifths of a round trip. Both ends mostly run on the same worker.
 * skynet  The last number and the count of all took two thirds, lines that both
 *         wrote for each (census.h). Now each worker walks its own part of the
 *         tree, and it takes as long as by one: locks and what they hold in line
 *         are twice as slow.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <vigil/go.h>

#include "tests/bench/work.h"

typedef chan(int) ints;

enum {
    BATCH = 1000, /* goroutines spawned before their joins */
    ITEMS = 128,  /* capacity of the buffered rows */
    CASES = 4,
    FAN = 10, /* of a skynet node */
};

/* ---- switches and goroutines --------------------------------------------- */

static void yields(long n)
{
    for (long i = 0; i < n; i++)
        go_yield();
}

static void work_yield(long n)
{
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, yields, n / 2);
    go_waitgroup_go(&wg, yields, n / 2);
    go_waitgroup_wait(&wg);
}

static void done(struct go_waitgroup *wg)
{
    go_waitgroup_done(wg);
}

static void work_spawn(long n)
{
    struct go_waitgroup wg = {0};

    for (long i = 0; i < n; i += BATCH) {
        go_waitgroup_add(&wg, BATCH);
        for (int k = 0; k < BATCH; k++)
            go(done, &wg);
        go_waitgroup_wait(&wg);
    }
}

/* ---- channels ------------------------------------------------------------ */

static void answer(ints in, ints out, long n)
{
    for (long i = 0; i < n; i++)
        chan_send(out, chan_recv(in));
}

static void work_pingpong(long n)
{
    ints there = chan_make(int, 0), back = chan_make(int, 0);

    go(answer, there, back, n);
    for (long i = 0; i < n; i++) {
        chan_send(there, 1);
        chan_recv(back);
    }
}

static void produce(ints c, long n)
{
    for (long i = 0; i < n; i++)
        chan_send(c, 1);
}

static void consume(ints c, long n)
{
    for (long i = 0; i < n; i++)
        chan_recv(c);
}

static void buffered(long pairs, long n)
{
    ints c = chan_make(int, ITEMS);
    struct go_waitgroup wg = {0};

    for (long i = 0; i < pairs; i++) {
        go_waitgroup_go(&wg, produce, c, n / pairs);
        go_waitgroup_go(&wg, consume, c, n / pairs);
    }
    go_waitgroup_wait(&wg);
}

static void work_buffered(long n)
{
    buffered(1, n);
}

static void work_buffered4(long n)
{
    buffered(4, n);
}

static void work_select(long n)
{
    ints c[CASES];

    for (int i = 0; i < CASES; i++)
        c[i] = chan_make(int, 1);
    for (long i = 0; i < n; i++) {
        chan_send(c[i % CASES], 1);
        go_select(GO_RECV(c[0], NULL), GO_RECV(c[1], NULL), GO_RECV(c[2], NULL),
                  GO_RECV(c[3], NULL));
    }
}

static void feed(ints *c, long n)
{
    for (long i = 0; i < n; i++)
        chan_send(c[i % CASES], 1);
}

static void work_select_switch(long n)
{
    ints c[CASES];

    for (int i = 0; i < CASES; i++)
        c[i] = chan_make(int, 0);
    go(feed, c, n);
    for (long i = 0; i < n; i++)
        go_select(GO_RECV(c[0], NULL), GO_RECV(c[1], NULL), GO_RECV(c[2], NULL),
                  GO_RECV(c[3], NULL));
}

/* ---- locks --------------------------------------------------------------- */

static struct go_mutex mutex;
static volatile long counted;

static void count(long n)
{
    for (long i = 0; i < n; i++) {
        go_mutex_lock(&mutex);
        counted++;
        go_mutex_unlock(&mutex);
    }
}

static void work_mutex8(long n)
{
    struct go_waitgroup wg = {0};

    for (int i = 0; i < 8; i++)
        go_waitgroup_go(&wg, count, n / 8);
    go_waitgroup_wait(&wg);
}

/* ---- many goroutines ----------------------------------------------------- */

static volatile bool enough;

static void generate(ints c)
{
    for (int i = 2; !enough; i++)
        chan_send(c, i);
    chan_close(c);
}

static void filter(ints in, ints out, int prime)
{
    chan_range(i, in) {
        if (i % prime)
            chan_send(out, i);
    }
    chan_free(in);
    chan_close(out);
}

static void work_sieve(long n)
{
    ints c = chan_make(int, 0);

    enough = false;
    go(generate, c);
    for (long i = 0; i < n; i++) {
        ints out = chan_make(int, 0);
        int prime = chan_recv(c);

        go(filter, c, out, prime);
        c = out;
    }
    enough = true;
    chan_range(rest, c) {
        (void)rest;
    }
    chan_free(c);
}

static void node(chan(long) sum, long first, long leaves)
{
    chan(long) below;
    long all = 0;

    if (leaves == 1) {
        chan_send(sum, first);
        return;
    }
    below = chan_make(long, 0);
    for (long i = 0; i < FAN; i++)
        go(node, below, first + i * (leaves / FAN), leaves / FAN);
    for (int i = 0; i < FAN; i++)
        all += chan_recv(below);
    chan_free(below);
    chan_send(sum, all);
}

static void work_skynet(long n)
{
    chan(long) sum = chan_make(long, 0);

    go(node, sum, 0L, n);
    if (chan_recv(sum) != n * (n - 1) / 2)
        abort();
}

static void park(ints start, struct go_waitgroup *ready,
                 struct go_waitgroup *ended)
{
    go_waitgroup_done(ready);
    chan_recv(start);
    go_waitgroup_done(ended);
}

static long resident(void)
{
    long pages = 0;
    FILE *f = fopen("/proc/self/statm", "r");

    if (!f || fscanf(f, "%*d %ld", &pages) != 1)
        abort();
    fclose(f);
    return pages * sysconf(_SC_PAGESIZE);
}

/* when_all: what is done while all wait. */
static void parked(long n, void (*when_all)(long n))
{
    struct go_waitgroup ready = {0}, ended = {0};
    ints start = chan_make(int, 0);

    go_waitgroup_add(&ready, (int)n);
    go_waitgroup_add(&ended, (int)n);
    for (long i = 0; i < n; i++)
        go(park, start, &ready, &ended);
    go_waitgroup_wait(&ready);
    if (when_all)
        when_all(n);
    chan_close(start);
    go_waitgroup_wait(&ended);
    chan_free(start);
}

static void work_parked(long n)
{
    parked(n, NULL);
}

static long resident_before;

static void print_resident(long n)
{
    printf("%ld\n", (resident() - resident_before) / n);
}

void work_resident(long n)
{
    resident_before = resident();
    parked(n, print_resident);
}

/* ---- the clock and the kernel -------------------------------------------- */

/* All far away; then half are stopped, and half are due at once. */
static void work_timers(long n)
{
    struct go_timer **timers = malloc((size_t)n * sizeof(struct go_timer *));
    struct go_waitgroup wg = {0};

    if (!timers)
        abort();
    for (long i = 0; i < n; i++)
        timers[i] = go_after_func(GO_HOUR + i, done, &wg);
    go_waitgroup_add(&wg, (int)(n - n / 2));
    for (long i = 0; i < n; i++)
        if (i % 2)
            go_timer_stop(timers[i]);
        else
            go_timer_reset(timers[i], 0);
    go_waitgroup_wait(&wg);
    for (long i = 0; i < n; i++)
        go_timer_free(timers[i]);
    free(timers);
}

static void echo(int fd)
{
    char c;

    while (go_read(fd, &c, 1) == 1 && go_write(fd, &c, 1) == 1)
        ;
    go_close(fd);
}

static void accept_all(int listener, long n)
{
    for (long i = 0; i < n; i++) {
        int fd = go_accept(listener);

        if (fd < 0)
            abort();
        go(echo, fd);
    }
}

/* Asks twice: when all are connected, and when all have asked once. */
static void ask(const char *addr, struct go_barrier *all)
{
    int fd = go_dial(addr);
    char c = 1;

    for (int i = 0; i < 2; i++) {
        go_barrier_wait(all);
        if (go_write(fd, &c, 1) != 1 || go_read(fd, &c, 1) != 1)
            abort();
    }
    go_close(fd);
}

/* n sockets: two ends of each connection. */
static void work_sockets(long n)
{
    int listener = go_listen("127.0.0.1:0");
    struct go_barrier all = GO_BARRIER((uint32_t)(n / 2));
    struct go_waitgroup wg = {0};
    char addr[64];

    if (listener < 0 || go_local_addr(listener, addr, sizeof(addr)) < 0)
        abort();
    go(accept_all, listener, n / 2);
    for (long i = 0; i < n / 2; i++)
        go_waitgroup_go(&wg, ask, addr, &all);
    go_waitgroup_wait(&wg);
    go_close(listener);
}

/* ---- the rows ------------------------------------------------------------ */

const struct row work_rows[] = {
    {"yield", work_yield, 20000000, 0, 1000000},
    {"spawn", work_spawn, 4000000, 0, 100000},
    {"pingpong", work_pingpong, 4000000, 0, 200000},
    {"buffered", work_buffered, 20000000, 0, 1000000},
    {"buffered4", work_buffered4, 20000000, 0, 1000000},
    {"select", work_select, 5000000, 0, 500000},
    {"select_switch", work_select_switch, 4000000, 0, 200000},
    {"mutex", count, 50000000, 0, 2500000},
    {"mutex8", work_mutex8, 20000000, 0, 1000000},
    {"sieve", work_sieve, 2000, 1, 0},
    {"skynet", work_skynet, 1000000, 1, 0},
    {"parked", work_parked, 100000, 0, 0},
    {"timers", work_timers, 100000, 0, 0},
    {"sockets", work_sockets, 10000, 0, 0},
};
const size_t work_nrows = sizeof(work_rows) / sizeof(work_rows[0]);
