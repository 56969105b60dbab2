/*
 * locks.c - pieces over locks, counts and phases; calls that leave the scheduler,
 * and panics.
 */
#include "pieces.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <vigil/go.h>

struct account {
    struct go_mutex lock;
    long balance;
};

static void transfer(struct account *from, struct account *to, long amount)
{
    struct account *first = from < to ? from : to;
    struct account *second = from < to ? to : from;

    go_mutex_lock(&first->lock);
    go_mutex_lock(&second->lock);
    from->balance -= amount;
    if (amount % 3 == 0)
        go_yield();
    to->balance += amount;
    go_mutex_unlock(&second->lock);
    go_mutex_unlock(&first->lock);
}

long piece_bank(struct draw *d)
{
    struct account accounts[5] = {0};
    struct go_waitgroup wg = {0};
    long n = 1 + draw(d, 400), sum = 0;

    for (long i = 0; i < n; i++) {
        uint32_t from = draw(d, 5);

        go_waitgroup_go(&wg, transfer, &accounts[from],
                        &accounts[(from + 1 + draw(d, 4)) % 5], i);
    }
    go_waitgroup_wait(&wg);
    for (int i = 0; i < 5; i++)
        sum += accounts[i].balance;
    return sum == 0 ? n : -1;
}

struct ledger {
    struct go_rwmutex lock;
    long left, right;
    struct go_atomic torn;
};

static void read_ledger(struct ledger *l)
{
    go_rwmutex_rlock(&l->lock);
    if (l->left != l->right)
        go_atomic_add(&l->torn, 1);
    go_rwmutex_runlock(&l->lock);
}

static void write_ledger(struct ledger *l, bool ask_first)
{
    while (ask_first && !go_rwmutex_trylock(&l->lock))
        go_yield();
    if (!ask_first)
        go_rwmutex_lock(&l->lock);
    l->left++;
    go_yield();
    l->right++;
    go_rwmutex_unlock(&l->lock);
}

long piece_readers_and_writers(struct draw *d)
{
    struct ledger l = {0};
    struct go_waitgroup wg = {0};
    long n = 1 + draw(d, 300), writers = 0;

    for (long i = 0; i < n; i++) {
        if (draw(d, 4)) {
            go_waitgroup_go(&wg, read_ledger, &l);
        } else {
            go_waitgroup_go(&wg, write_ledger, &l, draw(d, 4) == 0);
            writers++;
        }
    }
    go_waitgroup_wait(&wg);
    return l.left == writers && !go_atomic_load(&l.torn) ? n : -1;
}

struct store {
    struct go_mutex lock;
    struct go_cond changed;
    long held, taken, room;
};

static void put(struct store *s)
{
    go_mutex_lock(&s->lock);
    while (s->held == s->room)
        go_cond_wait(&s->changed, &s->lock);
    s->held++;
    go_cond_broadcast(&s->changed);
    go_mutex_unlock(&s->lock);
}

static void take(struct store *s)
{
    go_mutex_lock(&s->lock);
    while (s->held == 0)
        go_cond_wait(&s->changed, &s->lock);
    s->held--;
    s->taken++;
    go_cond_broadcast(&s->changed);
    go_mutex_unlock(&s->lock);
}

long piece_bounded_store(struct draw *d)
{
    struct store s = {.room = 1 + draw(d, 4)};
    struct go_waitgroup wg = {0};
    long n = 1 + draw(d, 100);

    for (long i = 0; i < n; i++) {
        go_waitgroup_go(&wg, put, &s);
        go_waitgroup_go(&wg, take, &s);
    }
    go_waitgroup_wait(&wg);
    return s.held == 0 && s.taken == n ? 2 * n : -1;
}

static void weigh(struct go_semaphore *s, struct go_atomic *inside,
                  struct go_atomic *over, long units, long limit)
{
    go_semaphore_acquire(s, units);
    if (go_atomic_add(inside, units) > limit)
        go_atomic_add(over, 1);
    go_yield();
    go_atomic_add(inside, -units);
    go_semaphore_release(s, units);
}

long piece_weighted(struct draw *d)
{
    long limit = 3 + draw(d, 5), n = 1 + draw(d, 200);
    struct go_semaphore s = GO_SEMAPHORE(limit);
    struct go_atomic inside = {0}, over = {0};
    struct go_waitgroup wg = {0};

    for (long i = 0; i < n; i++)
        go_waitgroup_go(&wg, weigh, &s, &inside, &over, 1L + draw(d, 3), limit);
    go_waitgroup_wait(&wg);
    return go_atomic_load(&over) == 0 && go_atomic_load(&inside) == 0 ? n : -1;
}

struct parade {
    struct go_barrier gate;
    struct go_once opening;
    struct go_atomic opened, steps, late;
    long marchers, rounds;
};

static void open_parade(struct parade *p)
{
    go_atomic_add(&p->opened, 1);
}

static void march(struct parade *p)
{
    go_once_do(&p->opening, open_parade, p);
    for (long r = 1; r <= p->rounds; r++) {
        go_atomic_add(&p->steps, 1);
        go_barrier_wait(&p->gate);
        if (go_atomic_load(&p->steps) < r * p->marchers)
            go_atomic_add(&p->late, 1);
    }
}

long piece_parade(struct draw *d)
{
    struct parade p = {.marchers = 1 + draw(d, 50), .rounds = draw(d, 10)};
    struct go_waitgroup wg = {0};

    p.gate = GO_BARRIER((uint32_t)p.marchers);
    for (long i = 0; i < p.marchers; i++)
        go_waitgroup_go(&wg, march, &p);
    go_waitgroup_wait(&wg);
    return go_atomic_load(&p.opened) == 1 && !go_atomic_load(&p.late) &&
                   go_atomic_load(&p.steps) == p.marchers * p.rounds
               ? p.marchers
               : -1;
}

static int try_it(struct go_context *ctx, bool fails, struct go_atomic *stopped)
{
    if (fails)
        return -EIO;
    chan_recv(go_context_done(ctx));
    go_atomic_add(stopped, 1);
    return 0;
}

/* One fails; the others hear of it. */
long piece_first_error(struct draw *d)
{
    struct go_errgroup g = {0};
    struct go_atomic stopped = {0};
    struct go_context *ctx =
        go_errgroup_with_context(&g, go_context_background());
    long n = 1 + draw(d, 60), culprit = draw(d, (uint32_t)n);
    int err;

    for (long i = 0; i < n; i++)
        go_errgroup_go(&g, try_it, ctx, i == culprit, &stopped);
    err = go_errgroup_wait(&g);
    go_context_free(ctx);
    return err == -EIO && go_atomic_load(&stopped) == n - 1 ? n : -1;
}

static long on_a_thread(long n)
{
    return sum_to(n);
}

static void ask_thread(long n, struct go_atomic *good)
{
    if (go_blocking(on_a_thread, n) == sum_to(n))
        go_atomic_add(good, 1);
}

long piece_threads_asked(struct draw *d)
{
    struct go_waitgroup wg = {0};
    struct go_atomic good = {0};
    long n = 1 + draw(d, 20);

    for (long i = 0; i < n; i++)
        go_waitgroup_go(&wg, ask_thread, (long)draw(d, 1000), &good);
    go_waitgroup_wait(&wg);
    return go_atomic_load(&good) == n ? n : -1;
}

static void give_up(struct go_mutex *m)
{
    go_mutex_lock(m);
    go_mutex_unlock(m);
    go_panic("given up");
}

static void survive(struct go_mutex *m, struct go_atomic *survived)
{
    char *said = go_try(give_up, m);

    if (said && strstr(said, "given up"))
        go_atomic_add(survived, 1);
    free(said);
}

long piece_panics(struct draw *d)
{
    struct go_waitgroup wg = {0};
    struct go_mutex m = {0};
    struct go_atomic survived = {0};
    long n = 1 + draw(d, 50);

    for (long i = 0; i < n; i++)
        go_waitgroup_go(&wg, survive, &m, &survived);
    go_waitgroup_wait(&wg);
    return go_atomic_load(&survived) == n ? n : -1;
}
