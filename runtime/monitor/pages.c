/*
 * pages.c - which pages may hold something: the kernel tells.
 *
 * By PAGEMAP_SCAN (Linux 6.7); before, the page map is read. Of shared memory
 * by mincore.
 */
#include "runtime/monitor/pages.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/sysinfo.h>
#include <unistd.h>

enum {
    MOST_BYTEWISE = 30 /* without PAGEMAP_SCAN: regions up to 2^30 bytes */
};

/* As in <linux/fs.h> of 6.7, which may be newer than our headers. */
struct scan_ask {
    uint64_t size, flags, start, end, walk_end, vec, vec_len, max_pages;
    uint64_t category_inverted, category_mask, category_anyof_mask, return_mask;
};
#define SCAN_PAGES   _IOWR('f', 16, struct scan_ask)
#define SCAN_FILE    (1u << 2)
#define SCAN_PRESENT (1u << 3)
#define SCAN_SWAPPED (1u << 4)

bool mon_piece_is_present(const struct mon_piece *p)
{
    return p->categories & SCAN_PRESENT;
}

static int pieces_scan(struct mon_pagemap *m, uintptr_t low, uintptr_t high,
                       enum mon_pages pages, struct mon_piece *piece,
                       uintptr_t *to)
{
    struct scan_ask ask = {.size = sizeof(ask),
                           .start = low,
                           .end = high,
                           .vec = (uintptr_t)piece,
                           .vec_len = MON_PIECES,
                           .category_anyof_mask = SCAN_PRESENT | SCAN_SWAPPED,
                           .return_mask = SCAN_PRESENT};
    int n;

    if (pages == MON_PAGES_WRITTEN)
        ask.category_inverted = ask.category_mask = SCAN_FILE;
    n = ioctl(m->map, SCAN_PAGES, &ask);
    if (n < 0)
        return -errno;
    *to = ask.walk_end;
    return n;
}

/* By reading the page map, a bounded part at a time. */
static int pieces_read(struct mon_pagemap *m, uintptr_t low, uintptr_t high,
                       enum mon_pages pages, struct mon_piece *piece,
                       uintptr_t *to)
{
    uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE), entry[MON_PIECES];
    size_t want = (high - low) / page;
    ssize_t got;
    int n = 0;

    if (want > MON_PIECES)
        want = MON_PIECES;
    got = pread(m->map, entry, want * sizeof(*entry),
                (off_t)(low / page * sizeof(*entry)));
    if (got < (ssize_t)sizeof(*entry))
        return got < 0 ? -errno : -EIO;
    got /= (ssize_t)sizeof(*entry);
    for (ssize_t i = 0; i < got; i++) {
        uint64_t at = low + (uint64_t)i * page;
        bool present = entry[i] >> 63;

        if (pages == MON_PAGES_WRITTEN && (entry[i] >> 61 & 1))
            continue;
        if (present || (entry[i] >> 62 & 1))
            piece[n++] =
                (struct mon_piece){at, at + page, present ? SCAN_PRESENT : 0};
    }
    *to = low + (uint64_t)got * page;
    return n;
}

/* What swap has taken of shared memory is not in memory (regions.c A3). */
static bool swap_is_used(void)
{
    struct sysinfo now;

    return sysinfo(&now) != 0 || now.freeswap != now.totalswap;
}

/* What is in memory, whoever mapped it. It is not said to be
   present: without the right to know, the kernel says so of all there may be. */
static int pieces_shared(uintptr_t low, uintptr_t high, struct mon_piece *piece,
                         uintptr_t *to)
{
    uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
    unsigned char in[MON_PIECES];
    int n = 0;

    if (high - low > MON_PIECES * page)
        high = low + MON_PIECES * page;
    if (mincore((void *)low, high - low, in))
        return -errno;
    if (swap_is_used())
        memset(in, 1, sizeof(in));
    for (uint64_t at = low; at < high; at += page)
        if (!(in[(at - low) / page] & 1))
            continue;
        else if (n && piece[n - 1].end == at)
            piece[n - 1].end += page;
        else
            piece[n++] = (struct mon_piece){at, at + page, 0};
    *to = high;
    return n;
}

int mon_pages_next(struct mon_pagemap *m, uintptr_t low, uintptr_t high,
                   enum mon_pages pages, struct mon_piece piece[MON_PIECES],
                   uintptr_t *to)
{
    int n;

    if (pages == MON_PAGES_SHARED)
        return pieces_shared(low, high, piece, to);
    n = m->no_scan ? -ENOTTY : pieces_scan(m, low, high, pages, piece, to);

    if (n == -ENOTTY || n == -EINVAL || n == -ENOSYS) {
        m->no_scan = true;
        if ((high - low) >> MOST_BYTEWISE > 0)
            return -EFBIG; /* a reservation: its page map would take for ever */
        n = pieces_read(m, low, high, pages, piece, to);
    }
    return n;
}
