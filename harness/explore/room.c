/*
 * room.c - arrays that grow, and the end where there is no room.
 *
 * Who ends for that tells it. Where the scenario has closed what it would be
 * told by, only how the process ends is left, of which no exit status says it:
 * so it ends by a signal that nobody else sends, the C library having reserved
 * it for itself and given it no name, and a handler only for its own threads.
 */
#include "harness/explore/room.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/syscall.h>
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
bool hn_room_tell(int fd, const char *what)
{
    return dprintf(fd, "{\"schema\":\"" HN_ROOM_SCHEMA "\",\"lack\":\"%s\"}\n",
                   what) > 0;
}

/* By system calls: the C library does not let anybody do this to its signals. */
static void end_unheard(void)
{
    static const struct {
        void *handler;
        unsigned long flags;
        void *restorer;
        uint64_t mask;
    } usual = {0};
    const uint64_t ours = UINT64_C(1) << (HN_ROOM_UNHEARD - 1);

    syscall(SYS_rt_sigaction, HN_ROOM_UNHEARD, &usual, NULL, sizeof(ours));
    syscall(SYS_rt_sigprocmask, SIG_UNBLOCK, &ours, NULL, sizeof(ours));
    syscall(SYS_tgkill, getpid(), (int)syscall(SYS_gettid), HN_ROOM_UNHEARD);
}

void hn_room_end(const char *what)
{
    bool heard = true;

    if (hn_room_lack)
        snprintf(hn_room_lack, HN_ROOM_LACK, "%s", what);
    else if (hn_room_fd >= 0)
        heard = hn_room_tell(hn_room_fd, what);
    fprintf(stderr, "vigil: %s\n", what);
    if (!heard)
        end_unheard();
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
