/* shop - all that the goroutines share is a struct on main's stack: nobody
   closes the queue, and each clerk may be the one that counts down. */
#include <vigil/scenario.h>

struct shop {
    int opened;
    struct go_waitgroup clerks;
    chan(int) queue;
};

static void serve(struct shop *s, int n)
{
    go_name("clerk %d", n);
    chan_range(customer, s->queue)
        (void)customer;
    go_waitgroup_done(&s->clerks);
}

SCENARIO(shop, .about = "a queue that is not closed", .expect = EXPECT_DEADLOCK)
{
    struct shop s = {.opened = 9, .queue = chan_make(int, 2)};

    go_waitgroup_add(&s.clerks, 2);
    for (int n = 1; n <= 2; n++)
        go(serve, &s, n);
    for (int n = 0; n < 4; n++)
        chan_send(s.queue, n);
    go_waitgroup_wait(&s.clerks);
}
