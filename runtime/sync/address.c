/*
 * address.c - "host:port" and "unix:/path", to and from what the kernel takes.
 *
 * Numbers are read here, for that does not block; only names go to the
 * resolver, which may.
 */
#define _GNU_SOURCE
#include "runtime/sync/address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>

#include "runtime/base/throw.h"

enum {
    PORT_DIGITS = 5,
    ABSTRACT = '@'
};

static void add(struct rt_address *a, const void *sa, socklen_t size)
{
    if (a->n == RT_ADDRESS_MAX)
        return;
    rt_check(size <= sizeof(a->at[0].sa), "address: larger than any");
    memcpy(&a->at[a->n].sa, sa, size);
    a->at[a->n++].size = size;
}

static void add_v4(struct rt_address *a, struct in_addr ip)
{
    struct sockaddr_in sa = {
        .sin_family = AF_INET, .sin_port = htons(a->port), .sin_addr = ip};

    add(a, &sa, sizeof(sa));
}

static void add_v6(struct rt_address *a, struct in6_addr ip, uint32_t zone)
{
    struct sockaddr_in6 sa = {.sin6_family = AF_INET6,
                              .sin6_port = htons(a->port),
                              .sin6_addr = ip,
                              .sin6_scope_id = zone};

    add(a, &sa, sizeof(sa));
}

static int parse_unix(const char *path, struct rt_address *a)
{
    struct sockaddr_un sa = {.sun_family = AF_UNIX};
    size_t n = strlen(path);
    bool abstract = path[0] == ABSTRACT;

    if (n == 0)
        return -EINVAL;
    if (n + !abstract > sizeof(sa.sun_path))
        return -ENAMETOOLONG;
    memcpy(sa.sun_path, path, n);
    if (abstract)
        sa.sun_path[0] = '\0'; /* its length, not a NUL, ends such a name */
    add(a, &sa,
        (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n + !abstract));
    return 0;
}

/* Digits and nothing else. */
static int parse_port(const char *text, uint16_t *port)
{
    uint32_t value = 0;
    size_t n = strlen(text);

    if (n == 0 || n > PORT_DIGITS || strspn(text, "0123456789") != n)
        return -EINVAL;
    for (size_t i = 0; i < n; i++)
        value = 10 * value + (uint32_t)(text[i] - '0');
    if (value > UINT16_MAX)
        return -EINVAL;
    *port = (uint16_t)value;
    return 0;
}

/* What stood in brackets, in a->host. */
static int parse_v6(struct rt_address *a)
{
    char *zone = strchr(a->host, '%');
    struct in6_addr ip;
    uint32_t index = 0;

    if (zone)
        *zone++ = '\0';
    if (inet_pton(AF_INET6, a->host, &ip) != 1)
        return -EINVAL;
    if (zone && (index = if_nametoindex(zone)) == 0)
        return -ENODEV;
    add_v6(a, ip, index);
    return 0;
}

/* One socket for both families to listen on, else the second for IPv4. */
static void any_host(struct rt_address *a, bool listens)
{
    struct in_addr any = {htonl(INADDR_ANY)}, loop = {htonl(INADDR_LOOPBACK)};

    if (listens) {
        add_v6(a, in6addr_any, 0);
        add_v4(a, any);
    } else {
        add_v4(a, loop);
        add_v6(a, in6addr_loopback, 0);
    }
}

static int parse_host(struct rt_address *a, bool listens)
{
    struct in_addr ip;

    if (a->host[0] == '\0')
        any_host(a, listens);
    else if (strpbrk(a->host, ":[] \t\n/"))
        return -EINVAL; /* an IPv6 address without brackets, or no name */
    else if (inet_pton(AF_INET, a->host, &ip) == 1)
        add_v4(a, ip);
    return 0;
}

int rt_address_parse(const char *text, bool listens, struct rt_address *a)
{
    static const char unix_head[] = "unix:";
    const char *colon;
    bool brackets;
    size_t n;

    a->n = 0;
    a->port = 0;
    if (!text)
        return -EINVAL;
    if (strncmp(text, unix_head, sizeof(unix_head) - 1) == 0)
        return parse_unix(text + sizeof(unix_head) - 1, a);
    colon = strrchr(text, ':');
    if (!colon || parse_port(colon + 1, &a->port) < 0)
        return -EINVAL;
    n = (size_t)(colon - text);
    brackets = n >= 2 && text[0] == '[' && text[n - 1] == ']';
    if (brackets) {
        text++;
        n -= 2;
    }
    if (n >= sizeof(a->host))
        return -ENAMETOOLONG;
    memcpy(a->host, text, n);
    a->host[n] = '\0';
    return brackets ? parse_v6(a) : parse_host(a, listens);
}

static int resolver_error(int code)
{
    switch (code) {
    case EAI_AGAIN:
        return -EAGAIN;
    case EAI_MEMORY:
        return -ENOMEM;
    case EAI_SYSTEM:
        return errno ? -errno : -EIO;
    default:
        return -ENOENT;
    }
}

int rt_address_lookup(struct rt_address *a)
{
    struct addrinfo hints = {.ai_family = AF_UNSPEC,
                             .ai_socktype = SOCK_STREAM},
                    *list = NULL;
    char port[PORT_DIGITS + 1];
    int code;

    snprintf(port, sizeof(port), "%u", a->port);
    code = getaddrinfo(a->host, port, &hints, &list);
    if (code != 0)
        return resolver_error(code);
    for (struct addrinfo *i = list; i; i = i->ai_next)
        add(a, i->ai_addr, i->ai_addrlen);
    freeaddrinfo(list);
    return a->n > 0 ? 0 : -ENOENT;
}

static int unix_text(const struct sockaddr_un *un, socklen_t size, char *buf,
                     size_t n)
{
    int path = (int)size - (int)offsetof(struct sockaddr_un, sun_path);

    if (path <= 0) /* the other end of a socket that was never bound */
        return snprintf(buf, n, "unix:");
    if (un->sun_path[0] == '\0')
        return snprintf(buf, n, "unix:%c%.*s", ABSTRACT, path - 1,
                        un->sun_path + 1);
    return snprintf(buf, n, "unix:%.*s", path, un->sun_path);
}

static int v6_text(const struct sockaddr_in6 *in, char *buf, size_t n)
{
    char ip[INET6_ADDRSTRLEN] = "", zone[IF_NAMESIZE] = "";

    inet_ntop(AF_INET6, &in->sin6_addr, ip, sizeof(ip));
    if (in->sin6_scope_id && !if_indextoname(in->sin6_scope_id, zone))
        snprintf(zone, sizeof(zone), "%u", in->sin6_scope_id);
    return snprintf(buf, n, "[%s%s%s]:%u", ip, zone[0] ? "%" : "", zone,
                    ntohs(in->sin6_port));
}

int rt_address_text(const struct sockaddr *sa, socklen_t size, char *buf,
                    size_t n)
{
    const struct sockaddr_in *in = (const void *)sa;
    char ip[INET_ADDRSTRLEN] = "";
    int len;

    switch (sa->sa_family) {
    case AF_UNIX:
        len = unix_text((const void *)sa, size, buf, n);
        break;
    case AF_INET:
        inet_ntop(AF_INET, &in->sin_addr, ip, sizeof(ip));
        len = snprintf(buf, n, "%s:%u", ip, ntohs(in->sin_port));
        break;
    case AF_INET6:
        len = v6_text((const void *)sa, buf, n);
        break;
    default:
        return -EAFNOSUPPORT;
    }
    return len >= 0 && (size_t)len < n ? len : -ERANGE;
}
