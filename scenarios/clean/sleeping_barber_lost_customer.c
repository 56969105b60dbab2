/*
 * sleeping_barber_lost_customer - the twin: looks and falls asleep in one
 * step.
 *
 * Expected: CLEAN.
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
    bool empty = s->asleep = s->waiting == 0;
    go_mutex_unlock(&s->mu);
    if (empty) {
        go_sleep(2 * GO_MILLISECOND);
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

SCENARIO(sleeping_barber_lost_customer, .about = "no gap before the sleep",
         .origin = "Dijkstra 1965")
{
    struct shop s = {0};

    go(barber, &s);
    go_sleep(GO_MILLISECOND);
    customer(&s);
    go_sleep(GO_MILLISECOND); /* s is main's: the barber must be out first */
}

static void barber_at_once(struct shop *s)
{
    go_mutex_lock(&s->mu);
    bool empty = s->asleep = s->waiting == 0;
    go_mutex_unlock(&s->mu);
    if (empty)
        go_semaphore_acquire(&s->bell, 1);
    go_semaphore_release(&s->cut, 1);
}

SCENARIO(sleeping_barber_lost_customer_unlucky,
         .about = "no gap before the sleep, whoever is first", .explore = true,
         .origin = "Dijkstra 1965")
{
    static struct shop s;

    go(barber_at_once, &s);
    customer(&s);
}
