/*
 * regions.c - the memory of the process that nobody has told us the parts of.
 *
 * In:  /proc/thread-self/maps, the pages that were touched. Out: their words, for
 * the marker.
 *
 * Method: of each mapping that may hold a handle, less what is skipped, the
 * kernel tells which pages are populated (PAGEMAP_SCAN, Linux 6.7; before,
 * the page map is read), and these are copied out piece by piece from
 * the mem beside it, which fails where a load would kill us, at a guard page or
 * behind the end of a file, and reads what the program may not read any more.
 *
 * A1  A mapping that is populated and cannot be read, or is a device's, is
 *     told: what depends on a full scan is not proven then.
 * A2  Pages nobody touched hold nothing. A file that is mapped privately and
 *     for reading only holds constants, but for pages that were written before
 *     they were made so: these are no pages of the file any more.
 * A3  Of shared memory all counts that is in memory at all: what was written
 *     by another mapping, that has gone since, is not in this one's page table
 *     before it is touched. What is swapped out of it leaves no trace there
 *     either.
 * A4  The list itself needs memory, which may be mapped while the maps are
 *     read, and after the skips were listed: it is taken out at the end.
 *
 * Why not /proc/self: it is empty when the first thread has ended.
 *
 * Why not process_vm_readv, but where that file may not be opened: it pins the
 * pages, and of those that a copy of the process shares with its original each
 * would be copied first.
 *
 * Why not read in place: faster, but a mapping may be there and not be
 * readable for a dozen reasons, each of which would be a crash of the
 * program that we only watch.
 */
#define _GNU_SOURCE
#include "runtime/monitor/regions.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "runtime/base/throw.h"

enum {
    TEXT = 64 << 10,   /* of the maps, read at a time */
    PIECE = 256 << 10, /* bytes copied at a time */
    MORE = 8,          /* spans of our own, that come by listing them */
    MOST_SHARED = 30,  /* larger shared ones: what is in the page table */
};

/* One line of the maps. */
struct mapping {
    uintptr_t low, high;
    enum mon_pages pages;
    char perms[5];
    bool file;        /* has an inode */
    const char *path; /* never NULL */
};

static void not_whole(struct mon_regions *r, const char *what,
                      const struct mapping *m)
{
    if (r->whole)
        snprintf(r->why, sizeof(r->why), "%s %.60s at %#lx not scanned", what,
                 m->path[0] ? m->path : "memory", (unsigned long)m->low);
    r->whole = false;
}

/* Of what is not to be read. Doubt is yes. */
static bool populated(struct mon_regions *r, const struct mapping *m)
{
    struct mon_piece piece[MON_PIECES];
    uintptr_t to = m->low;

    while (to < m->high)
        if (mon_pages_next(&r->pages, to, m->high, m->pages, piece, &to))
            return true;
    return false;
}

static uintptr_t hex(const char **at)
{
    uintptr_t n = 0;

    for (;; ++*at) {
        unsigned c = (unsigned char)**at, digit = c - '0';

        if (digit > 9)
            digit = (c | 32) - 'a' + 10;
        if (digit > 15 || (c < 'A' && digit > 9))
            return n;
        n = n << 4 | digit;
    }
}

/* "low-high perms offset major:minor inode   path" */
static void parse(const char *line, struct mapping *m)
{
    m->low = hex(&line);
    line++;
    m->high = hex(&line);
    line++;
    memcpy(m->perms, line, 4);
    m->perms[4] = 0;
    line = strchr(line + 5, ' ') + 1; /* the offset */
    line = strchr(line, ' ') + 1;     /* the device */
    m->file = *line != '0';
    while (*line && *line != ' ')
        line++;
    while (*line == ' ')
        line++;
    m->path = line;
}

static bool is_device(const struct mapping *m)
{
    return strncmp(m->path, "/dev/", 5) == 0 &&
           strncmp(m->path, "/dev/shm/", 9) != 0 &&
           strncmp(m->path, "/dev/zero", 9) != 0;
}

static bool is_memory(const struct mapping *m)
{
    return strncmp(m->path, "/memfd:", 7) == 0 ||
           strncmp(m->path, "/dev/", 5) == 0 ||
           strncmp(m->path, "/SYSV", 5) == 0 || m->path[0] != '/';
}

/* A2, A3. Large files that are shared hold what the program put there through
   this mapping, or what is none of its memory. */
static enum mon_pages pages_of(struct mon_regions *r, const struct mapping *m)
{
    if (m->perms[3] == 's' && (m->high - m->low) >> MOST_SHARED == 0)
        return is_device(m) ? MON_PAGES_MAPPED : MON_PAGES_SHARED;
    if (m->perms[3] == 's' && is_memory(m) && !is_device(m))
        not_whole(r, "much shared", m);
    if (m->file && m->perms[1] != 'w' && m->perms[3] != 's')
        return MON_PAGES_WRITTEN;
    return MON_PAGES_MAPPED;
}

static int region_add(struct mon_regions *r, uintptr_t low, uintptr_t high,
                      enum mon_pages pages, struct rt_arena *arena)
{
    if (low >= high)
        return 0;
    if (!rt_arena_grow(arena, &r->list, r->n, &r->cap, sizeof(*r->list)))
        return -ENOMEM;
    rt_check(!r->n || r->list[r->n - 1].high <= low, "regions: out of order");
    r->list[r->n++] = (struct mon_region){low, high, pages};
    return 0;
}

/* What the lists of mappings and of skips have come to. */
struct reading {
    struct mon_regions *r;
    const struct rt_span *skip, *end;
    struct rt_arena *arena;
};

/* The mapping, less what is skipped. */
static int mapping_take(struct reading *k, const struct mapping *m)
{
    uintptr_t low = m->low;
    int err = 0;

    while (k->skip < k->end && k->skip->high <= low)
        k->skip++;
    for (const struct rt_span *s = k->skip;
         !err && s < k->end && s->low < m->high; s++) {
        err = region_add(k->r, low, s->low < low ? low : s->low, m->pages,
                         k->arena);
        low = s->high > low ? s->high : low;
    }
    return err ? err : region_add(k->r, low, m->high, m->pages, k->arena);
}

static bool skipped(const struct reading *k, const struct mapping *m)
{
    for (const struct rt_span *s = k->skip; s < k->end && s->low < m->high; s++)
        if (s->low <= m->low && s->high >= m->high)
            return true;
    return false;
}

/* Through it the kernel is given requests, and keeps what is in them. */
static bool is_queue(const struct mapping *m)
{
    return strncmp(m->path, "/[aio]", 6) == 0 ||
           strncmp(m->path, "anon_inode:[io_uring]", 21) == 0;
}

/* A1. "[v...": the kernel's own pages. */
static int mapping_judge(struct reading *k, struct mapping *m)
{
    bool secret = strncmp(m->path, "/secretmem", 10) == 0;
    bool device = is_device(m);

    if (strncmp(m->path, "[v", 2) == 0 || skipped(k, m))
        return 0;
    if (is_queue(m))
        not_whole(k->r, "what is behind", m);
    m->pages = pages_of(k->r, m);
    k->r->shared |= m->perms[3] == 's' && (m->perms[1] == 'w' || is_memory(m));
    if (!device && !secret && m->perms[0] == 'r')
        return mapping_take(k, m);
    if (secret || populated(k->r, m)) /* of that nothing is told (A1) */
        not_whole(k->r, device ? "device" : "unreadable", m);
    return 0;
}

static int maps_read(struct reading *k, int fd)
{
    char *text = rt_arena_alloc(k->arena, TEXT + 1);
    size_t have = 0;
    ssize_t n;

    if (!text)
        return -ENOMEM;
    while ((n = read(fd, text + have, TEXT - have)) > 0) {
        char *line = text, *end;

        have += (size_t)n;
        text[have] = 0;
        while ((end = strchr(line, '\n'))) {
            struct mapping m;
            int err;

            *end = 0;
            parse(line, &m);
            err = mapping_judge(k, &m);
            if (err)
                return err;
            line = end + 1;
        }
        have = (size_t)(text + have - line);
        memmove(text, line, have);
    }
    return n < 0 ? -errno : 0;
}

/* A4 */
static int own_leave_out(struct mon_regions *r, struct rt_arena *arena)
{
    const struct mon_regions all = *r;
    uint32_t room = rt_own_list(NULL, 0) + MORE, n;
    struct rt_span *own = rt_arena_alloc(arena, room * sizeof(*own));
    struct reading k = {r, own, own, arena};
    int err = 0;

    if (!own)
        return -ENOMEM;
    n = rt_own_list(own, room);
    if (n > room)
        return -E2BIG;
    k.end += n;
    r->list = NULL;
    r->n = 0;
    r->cap = 0;
    for (uint32_t i = 0; !err && i < all.n; i++) {
        const struct mon_region *s = &all.list[i];

        err = mapping_take(&k, &(struct mapping){.low = s->low,
                                                 .high = s->high,
                                                 .pages = s->pages});
    }
    return err;
}

int mon_regions_open(struct mon_regions *r, const struct rt_span *skip,
                     uint32_t nskip, struct rt_arena *arena)
{
    struct reading k = {r, skip, skip + nskip, arena};
    int fd, err;

    memset(r, 0, sizeof(*r));
    r->whole = true;
    r->mem = open("/proc/thread-self/mem", O_RDONLY | O_CLOEXEC);
    r->pages.map = open("/proc/thread-self/pagemap", O_RDONLY | O_CLOEXEC);
    fd = open("/proc/thread-self/maps", O_RDONLY | O_CLOEXEC);
    if (r->pages.map < 0 || fd < 0)
        err = -errno;
    else
        err = maps_read(&k, fd);
    if (fd >= 0)
        close(fd);
    return err ? err : own_leave_out(r, arena);
}

void mon_regions_doubt(struct mon_regions *r, const char *what)
{
    if (r->whole)
        snprintf(r->why, sizeof(r->why), "%s not seen", what);
    r->whole = false;
}

void mon_regions_close(struct mon_regions *r)
{
    if (r->pages.map >= 0)
        close(r->pages.map);
    if (r->mem >= 0)
        close(r->mem);
    r->pages.map = r->mem = -1;
}

static ssize_t copy_out(struct mon_regions *r, void *to, uintptr_t from,
                        size_t n)
{
    struct iovec local = {to, n}, remote = {(void *)from, n};

    return r->mem >= 0 ? pread(r->mem, to, n, (off_t)from)
                       : process_vm_readv((pid_t)syscall(SYS_gettid), &local, 1,
                                          &remote, 1, 0);
}

/* Visits one piece; a page that is there but cannot be read is told (A1). One
   that is not may be a guard, and what lies behind it swapped out. */
static void piece_visit(struct mon_regions *r, const struct mon_piece *p,
                        mon_visit *visit, void *arg)
{
    static uintptr_t buffer[PIECE / sizeof(uintptr_t)]; /* one look at a time */
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    uintptr_t at = p->start, end = p->end;

    while (at < end) {
        size_t want = end - at < PIECE ? end - at : PIECE;
        bool present = mon_piece_is_present(p);
        ssize_t got = copy_out(r, buffer, at, want);

        if (got > 0) { /* up to a page that must be asked for alone */
            visit(arg, buffer, (size_t)got / sizeof(*buffer), at);
            at += (size_t)got;
            continue;
        }
        if (present)
            not_whole(r, "page of", &(struct mapping){.low = at, .path = ""});
        at = (at + page) & ~(page - 1);
    }
}

/* A skip may end within a page. */
static void clip(struct mon_piece *p, uintptr_t low, uintptr_t high)
{
    if (p->start < low)
        p->start = (low + 7) & ~(uintptr_t)7;
    if (p->end > high)
        p->end = high & ~(uintptr_t)7;
}

static void region_visit(struct mon_regions *r, const struct mon_region *s,
                         mon_visit *visit, void *arg)
{
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    uintptr_t to = s->low & ~(page - 1);
    uintptr_t high = (s->high + page - 1) & ~(page - 1);
    struct mon_piece piece[MON_PIECES];

    while (to < high) {
        int n = mon_pages_next(&r->pages, to, high, s->pages, piece, &to);

        for (int k = 0; k < n; k++) {
            clip(&piece[k], s->low, s->high);
            piece_visit(r, &piece[k], visit, arg);
        }
        if (n < 0) {
            not_whole(r, "page map of",
                      &(struct mapping){.low = to, .path = ""});
            return;
        }
    }
}

void mon_regions_visit(struct mon_regions *r, mon_visit *visit, void *arg)
{
    for (uint32_t i = 0; i < r->n; i++)
        region_visit(r, &r->list[i], visit, arg);
}

void mon_regions_visit_range(struct mon_regions *r, uintptr_t low,
                             uintptr_t high, mon_visit *visit, void *arg)
{
    const struct mon_region range = {low, high, MON_PAGES_MAPPED};

    region_visit(r, &range, visit, arg);
}
