/* socket.h - what io.c and socket.c share. */
#ifndef RT_SYNC_SOCKET_H
#define RT_SYNC_SOCKET_H

#include <vigil/call.h>

/* A descriptor's flags (rt_netpoll_flags): its close removes its path, the
   rest of its name behind RT_IO_UNIX. */
enum {
    RT_IO_UNLINK = 1
};
#define RT_IO_UNIX "unix:"

/* Parks until fd seems ready, for a call that said EAGAIN. 0 or -errno. */
int rt_io_wait(int fd, int events, const struct go_site *site);

#endif
