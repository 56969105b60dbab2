/* answered.h - waits for a descriptor, and for a timer before that. */
#ifndef TESTS_HOSTILE_ANSWERED_H
#define TESTS_HOSTILE_ANSWERED_H

#include <unistd.h>
#include <vigil/go.h>

static void answer(int fd)
{
    go_sleep(2 * GO_MILLISECOND);
    go_write(fd, "x", 1);
}

/* Who reads parks before there is anything. */
static void be_answered(void)
{
    char byte;
    int end[2];

    if (pipe(end))
        go_panic("no pipe");
    go(answer, end[1]);
    if (go_read(end[0], &byte, 1) != 1)
        go_panic("nothing read");
    go_close(end[0]);
    go_close(end[1]);
}

#endif
