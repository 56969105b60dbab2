/*
 * lock_model_test.c - locks under random use by many goroutines on several
 * workers, against what must hold of them: one writer or readers, as many
 * units as there are, and everybody comes to an end.
 */
#include "runtime/base/rng.h"
#include "runtime/sched/m.h"
#include "runtime/sync/mutex.h"
#include "tests/inside.h"

enum {
    TASKS = 16,
    STEPS = 3000,
    UNITS = 5
};

static struct go_waitgroup wg;
static struct go_mutex mu;
static struct go_rwmutex rw;
static struct go_semaphore sema = GO_SEMAPHORE(UNITS);
static struct go_atomic inside, readers, writers, used;
static long plain; /* [mu] counts without atomics */

static void linger(struct rt_rng *rng)
{
    if (rt_rng_below(rng, 4) == 0)
        go_yield();
}

static void use_mutex(struct rt_rng *rng)
{
    if (rt_rng_below(rng, 3))
        go_mutex_lock(&mu);
    else if (!go_mutex_trylock(&mu))
        return;
    CHECK_EQ(go_atomic_add(&inside, 1), 1);
    plain++;
    linger(rng);
    CHECK_EQ(go_atomic_add(&inside, -1), 0);
    go_mutex_unlock(&mu);
}

static void use_read(struct rt_rng *rng)
{
    if (rt_rng_below(rng, 3))
        go_rwmutex_rlock(&rw);
    else if (!go_rwmutex_tryrlock(&rw))
        return;
    go_atomic_add(&readers, 1);
    CHECK_EQ(go_atomic_load(&writers), 0);
    linger(rng);
    go_atomic_add(&readers, -1);
    go_rwmutex_runlock(&rw);
}

static void use_write(struct rt_rng *rng)
{
    if (rt_rng_below(rng, 3))
        go_rwmutex_lock(&rw);
    else if (!go_rwmutex_trylock(&rw))
        return;
    CHECK_EQ(go_atomic_add(&writers, 1), 1);
    CHECK_EQ(go_atomic_load(&readers), 0);
    linger(rng);
    go_atomic_add(&writers, -1);
    go_rwmutex_unlock(&rw);
}

static void use_units(struct rt_rng *rng)
{
    int64_t n = rt_rng_below(rng, UNITS + 1);

    if (rt_rng_below(rng, 3))
        go_semaphore_acquire(&sema, n);
    else if (!go_semaphore_tryacquire(&sema, n))
        return;
    CHECK(go_atomic_add(&used, n) <= UNITS);
    linger(rng);
    CHECK(go_atomic_add(&used, -n) >= 0);
    go_semaphore_release(&sema, n);
}

static void task(int seed)
{
    static void (*const use[])(struct rt_rng *) = {use_mutex, use_read,
                                                   use_write, use_units};
    struct rt_rng rng = {(uint64_t)seed};

    for (int i = 0; i < STEPS; i++)
        use[rt_rng_below(&rng, 4)](&rng);
}

static void all(void)
{
    for (int i = 0; i < TASKS; i++)
        go_waitgroup_go(&wg, task, i + 1);
    go_waitgroup_wait(&wg);
    CHECK(plain > 0);
    CHECK(mu.owner == 0 && !mu.waiters.first && mu.handoff == 0);
    CHECK(!rw.writer && !rw.readers && !rw.writers.first);
    CHECK(sema.free == UNITS && !sema.waiters.first);
    while (go_count() != 1) /* counted down is not yet ended */
        go_yield();
}
Test(lock_model, holds_on_one_worker)
{
    INSIDE(all);
}
Test(lock_model, holds_on_two_workers)
{
    INSIDE_REAL(all, 2);
}
Test(lock_model, holds_on_four_workers)
{
    INSIDE_REAL(all, 4);
}
Test(lock_model, holds_on_eight_workers)
{
    INSIDE_REAL(all, 8);
}

/* Owners pass the mutex on to each other, waiting for it or not. */
static uint64_t ids[TASKS];
static struct go_atomic turn;
static void passes(int me)
{
    __atomic_store_n(&ids[me], go_self(), __ATOMIC_RELEASE);
    while (go_atomic_load(&turn) != me)
        go_yield();
    for (int i = 0; i < 200; i++) {
        while (go_atomic_load(&turn) != me)
            go_yield();
        if (i == 0 && me == 0)
            go_mutex_lock(&mu);
        CHECK(rt_mutex_owned(&mu, rt_g()));
        CHECK_EQ(go_atomic_add(&inside, 1), 1);
        go_atomic_add(&inside, -1);
        if (i == 199 && me == TASKS - 1)
            go_mutex_unlock(&mu);
        else
            go_mutex_hand_over(&mu, ids[(me + 1) % TASKS]);
        go_atomic_store(&turn, (me + 1) % TASKS);
    }
}
static void relay(void)
{
    go_atomic_store(&turn, -1);
    for (int i = 0; i < TASKS; i++)
        go_waitgroup_go(&wg, passes, i);
    for (int i = 0; i < TASKS; i++)
        while (!__atomic_load_n(&ids[i], __ATOMIC_ACQUIRE))
            go_yield();
    go_atomic_store(&turn, 0);
    go_waitgroup_wait(&wg);
    CHECK_EQ(mu.owner, 0);
}
Test(lock_model, hand_overs_to_running_goroutines_are_noted)
{
    INSIDE_REAL(relay, 4);
}
