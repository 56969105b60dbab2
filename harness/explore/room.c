/* room.c - arrays that grow, and the end where there is no room. */
#include "harness/explore/room.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "harness/explore/memory.h"

enum {
    FIRST = 64,
    FAILED = 70 /* the exit status of who fails itself: result.c */
};

char *hn_room_lack;
int hn_room_fd = -1;
jmp_buf *hn_room_exit;

/* By as little as can be: words of ours, with nothing to be escaped. */
void hn_room_tell(int fd, const char *what)
{
    dprintf(fd, "{\"schema\":\"" HN_ROOM_SCHEMA "\",\"lack\":\"%s\"}\n", what);
}

void hn_room_end(const char *what)
{
    if (hn_room_lack)
        snprintf(hn_room_lack, HN_ROOM_LACK, "%s", what);
    else if (hn_room_fd >= 0)
        hn_room_tell(hn_room_fd, what);
    fprintf(stderr, "vigil: %s\n", what);
    _exit(FAILED);
}

uint64_t hn_room_descriptors(void)
{
    int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    struct rlimit limit;

    if (fd >= 0)
        close(fd);
    return fd < 0 && errno == EMFILE && !getrlimit(RLIMIT_NOFILE, &limit)
               ? limit.rlim_cur
               : 0;
}

void *hn_room_slow(void *all, uint32_t *cap, uint32_t n, size_t size)
{
    uint64_t room = *cap ? *cap : FIRST;

    while (room < n)
        room *= 2;
    all = room <= UINT32_MAX ? hn_memory_grow(all, room * size) : NULL;
    if (!all && hn_room_exit)
        longjmp(*hn_room_exit, 1);
    if (!all)
        hn_room_end("out of memory: the search is too deep");
    *cap = (uint32_t)room;
    return all;
}
