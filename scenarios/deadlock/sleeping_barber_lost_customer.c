/*
 * sleeping_barber_lost_customer - both think that the other is awake.
 *
 * Pattern: check, then sleep, with a gap between: the customer comes while
 * the barber walks to his chair, sees him awake and does not ring. Expected:
 * DEADLOCK. Origin: Dijkstra 1965.
 */
#include <vigil/scenario.h>

struct shop {
    struct go_mutex mu;
    int waiting;              /* [mu] */
    bool asleep;              /* [mu] */
    struct go_semaphore bell; /* wakes the barber */
    struct go_semaphore cut;  /* a customer is done */
};

static void barber(struct shop *s)
{
    go_mutex_lock(&s->mu);
    bool empty = s->waiting == 0;
    go_mutex_unlock(&s->mu);
    if (empty) {
        go_sleep(2 * GO_MILLISECOND); /* the gap */
        go_mutex_lock(&s->mu);
        s->asleep = true;
        go_mutex_unlock(&s->mu);
        go_semaphore_acquire(&s->bell, 1);
    }
    go_semaphore_release(&s->cut, 1);
}

static void customer(struct shop *s)
{
    go_mutex_lock(&s->mu);
    s->waiting++;
    if (s->asleep)
        go_semaphore_release(&s->bell, 1);
    go_mutex_unlock(&s->mu);
    go_semaphore_acquire(&s->cut, 1);
}

SCENARIO(sleeping_barber_lost_customer,
         .about = "a customer in the gap between look and sleep",
         .expect = EXPECT_DEADLOCK, .origin = "Dijkstra 1965")
{
    struct shop s = {0};

    go(barber, &s);
    go_sleep(GO_MILLISECOND);
    customer(&s);
}

static void barber_at_once(struct shop *s)
{
    go_mutex_lock(&s->mu);
    bool empty = s->waiting == 0;
    go_mutex_unlock(&s->mu);
    if (empty) {
        go_mutex_lock(&s->mu); /* the gap is before it */
        s->asleep = true;
        go_mutex_unlock(&s->mu);
        go_semaphore_acquire(&s->bell, 1);
    }
    go_semaphore_release(&s->cut, 1);
}

SCENARIO(sleeping_barber_lost_customer_unlucky,
         .about = "a customer may come between look and sleep",
         .expect = EXPECT_DEADLOCK, .explore = true, .origin = "Dijkstra 1965")
{
    static struct shop s;

    go(barber_at_once, &s);
    customer(&s);
}
