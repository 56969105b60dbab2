/*
 * producer_consumer_two_semaphores_swapped - the twin: room first, then lock.
 *
 * Expected: CLEAN.
 */
#include "scenarios/check.h"

struct buffer {
    struct go_mutex mu;
    struct go_semaphore room, items;
    int count;
};

static void put(struct buffer *b)
{
    go_semaphore_acquire(&b->room, 1);
    go_mutex_lock(&b->mu);
    b->count++;
    go_mutex_unlock(&b->mu);
    go_semaphore_release(&b->items, 1);
}

static void get(struct buffer *b)
{
    go_semaphore_acquire(&b->items, 1);
    go_mutex_lock(&b->mu);
    b->count--;
    go_mutex_unlock(&b->mu);
    go_semaphore_release(&b->room, 1);
}

static void produce(struct buffer *b)
{
    put(b);
    put(b);
}

SCENARIO(producer_consumer_two_semaphores_swapped,
         .about = "waits for room, then locks")
{
    struct buffer b = {.room = GO_SEMAPHORE(1)};
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, produce, &b);
    go_sleep(GO_MILLISECOND);
    get(&b);
    get(&b);
    go_waitgroup_wait(&wg);
    CHECK_EQ(b.count, 0);
}

SCENARIO(producer_consumer_two_semaphores_swapped_unlucky,
         .about = "waits for room, then locks, whoever is first",
         .explore = true)
{
    static struct buffer b = {.room = GO_SEMAPHORE(1)};

    go(produce, &b);
    get(&b);
    get(&b);
    CHECK_EQ(b.count, 0);
}
