/*
 * address.h - "host:port" and "unix:/path", to and from what the kernel takes.
 *
 * A host is a dotted IPv4 address, an IPv6 address in brackets (a %zone may
 * follow it), a name, or empty: all of this machine's addresses to listen on,
 * the loopback ones to dial. A port is a number from 0 to 65535. A path that
 * begins with @ is in Linux' abstract name space.
 */
#ifndef RT_SYNC_ADDRESS_H
#define RT_SYNC_ADDRESS_H

#include <netdb.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

enum {
    RT_ADDRESS_MAX = 8
}; /* of one name; more are not tried */

/* What to try, in this order. */
struct rt_address {
    int n;
    struct {
        socklen_t size;
        struct sockaddr_storage sa;
    } at[RT_ADDRESS_MAX];
    char host[NI_MAXHOST]; /* n == 0: the name to be looked up */
    uint16_t port;
};

/*
 * 0; or -EINVAL: no such form, -ENAMETOOLONG: a path or host too long, -ENODEV:
 * no such zone. a->n == 0: the host is a name, for rt_address_lookup. Does not
 * block.
 */
int rt_address_parse(const char *text, bool listens, struct rt_address *a);
/*
 * Asks the resolver for a->host. Blocks. 0; or -ENOENT: no such host, -EAGAIN:
 * no answer now, -ENOMEM, or another -errno.
 */
int rt_address_lookup(struct rt_address *a);
/* As text; its length, or -ERANGE when buf is too small, -EAFNOSUPPORT. */
int rt_address_text(const struct sockaddr *sa, socklen_t size, char *buf,
                    size_t n);

#endif
