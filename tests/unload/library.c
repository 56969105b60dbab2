/* library.c - leaves goroutines, a lock and places behind. */
#include <vigil/go.h>

void leave(void);

static struct go_mutex mu;

static void want(void)
{
    go_mutex_lock(&mu);
}

void leave(void)
{
    go_mutex_lock(&mu);
    go(want);
    go_sleep(GO_MILLISECOND);
}
