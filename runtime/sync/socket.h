/* socket.h - what io.c and socket.c share. */
#ifndef RT_SYNC_SOCKET_H
#define RT_SYNC_SOCKET_H

#include <vigil/call.h>

/* Parks until fd seems ready, for a call that said EAGAIN. 0 or -errno. */
int rt_io_wait(int fd, int events, const struct go_site *site);

#endif
