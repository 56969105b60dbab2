/* abandoned - a goroutine ends on its error path with the lock still held. */
#include <vigil/scenario.h>

struct store {
    struct go_mutex mu;
    int items;
};

static void put(struct store *s, int n)
{
    go_name("put");
    go_mutex_lock(&s->mu);
    if (n < 0)
        return; /* without unlocking */
    s->items += n;
    go_mutex_unlock(&s->mu);
}

SCENARIO(abandoned, .about = "no unlock on an error", .expect = EXPECT_DEADLOCK)
{
    static struct store s;

    go(put, &s, -1);
    go_sleep(GO_MILLISECOND);
    go_mutex_lock(&s.mu);
    go_mutex_unlock(&s.mu);
}
