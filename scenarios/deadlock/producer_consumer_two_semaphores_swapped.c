/*
 * producer_consumer_two_semaphores_swapped - lock first, then wait for room.
 *
 * Pattern: Dijkstra's bounded buffer with the two P operations swapped: a
 * producer that finds the buffer full sleeps with the lock that every
 * consumer needs. Expected: DEADLOCK. Origin: the exercise of every operating
 * systems course.
 */
#include <vigil/scenario.h>

struct buffer {
    struct go_mutex mu;
    struct go_semaphore room, items;
    int count;
};

static void put(struct buffer *b)
{
    go_mutex_lock(&b->mu);
    go_semaphore_acquire(&b->room, 1); /* the bug: sleeps with the lock */
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
         .about = "waits for room with the lock held",
         .expect = EXPECT_DEADLOCK)
{
    struct buffer b = {.room = GO_SEMAPHORE(1)};

    go(produce, &b);
    go_sleep(GO_MILLISECOND); /* the buffer is full, the producer waits */
    get(&b);
    get(&b);
}

SCENARIO(producer_consumer_two_semaphores_swapped_unlucky,
         .about = "may wait for room with the lock held",
         .expect = EXPECT_DEADLOCK, .explore = true)
{
    static struct buffer b = {.room = GO_SEMAPHORE(1)};

    go(produce, &b);
    get(&b);
    get(&b);
}
