/*
 * io.h - sockets and descriptors that stop a goroutine, not a thread.
 *
 * Results are those of the system call, or -errno. Addresses are "host:port"
 * (port 0: any; an empty host: all of this machine's; a name is looked up on a
 * thread of its own, which parks) or "unix:/path".
 * Descriptors from here are non-blocking and close-on-exec; go_read, go_write
 * and go_wait_fd take others too (a pipe, a terminal), and make what can be
 * polled non-blocking; a regular file is read on a thread of its own. A wait
 * on a descriptor is an external wait: what stands behind it may be alive, so
 * nothing that depends on it is called stuck, and reports name it.
 */
#ifndef VIGIL_IO_H
#define VIGIL_IO_H
#pragma GCC system_header /* tells of mistakes at the caller's line */

#include <sys/types.h>
#include <vigil/time.h>

/* A descriptor that listens, one that came, one that is connected: the
   caller's, for go_close. The last two park. */
GO_API int go_listen_at(const char *addr, const struct go_site *site);
GO_API int go_accept_at(int fd, const struct go_site *site);
GO_API int go_dial_at(const char *addr, const struct go_site *site);
/* Waiters on fd get -EBADF; a listener's path goes with it. Does not park. */
GO_API int go_close_at(int fd, const struct go_site *site);
/* The bound address as text in buf; its length, or -errno. Does not park. */
GO_API int go_local_addr(int fd, char *buf, size_t n);
/* As read(2) and write(2); go_write writes all or fails. Park. A pipe that
   nobody reads is -EPIPE, and no signal but from descriptors 1 and 2. */
GO_API ssize_t go_read_at(int fd, void *buf, size_t n, const struct go_site *);
GO_API ssize_t go_write_at(int fd, const void *buf, size_t n,
                           const struct go_site *);
/* events: POLLIN, POLLOUT or both, else -EINVAL; deadline: an instant, -1:
   none. 0, -ETIMEDOUT, -EBADF. Parks. */
GO_API int go_wait_fd_at(int fd, int events, go_instant deadline,
                         const struct go_site *);

GO_API int go_listen(const char *addr);
GO_API int go_accept(int fd);
GO_API int go_dial(const char *addr);
GO_API int go_close(int fd);
GO_API ssize_t go_read(int fd, void *buf, size_t n);
GO_API ssize_t go_write(int fd, const void *buf, size_t n);
GO_API int go_wait_fd(int fd, int events, go_instant deadline);
#define go_listen(addr)      go_listen_at((addr), GO_SITE(#addr))
#define go_accept(fd)        go_accept_at((fd), GO_SITE(#fd))
#define go_dial(addr)        go_dial_at((addr), GO_SITE(#addr))
#define go_close(fd)         go_close_at((fd), GO_SITE(#fd))
#define go_read(fd, buf, n)  go_read_at((fd), (buf), (n), GO_SITE(#fd))
#define go_write(fd, buf, n) go_write_at((fd), (buf), (n), GO_SITE(#fd))
#define go_wait_fd(fd, events, deadline)                                       \
    go_wait_fd_at((fd), (events), (deadline), GO_SITE(#fd))

#endif
