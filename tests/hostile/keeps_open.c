/* keeps_open.c - a scenario that closes nothing, and fails when it can not open
   any more. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <vigil/scenario.h>

static void look(void)
{
    if (open("/dev/null", O_RDONLY) < 0)
        go_panic("cannot be opened: %s", strerror(errno));
}

SCENARIO(keeps_open, .about = "a descriptor for each of two goroutines",
         .explore = true)
{
    go(look);
    go(look);
}
