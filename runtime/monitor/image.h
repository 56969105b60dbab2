/*
 * image.h - a copy of the process, in which a long scan is made while the
 * program goes on.
 *
 * Copy-on-write: what costs time is to copy the page tables, 13 to 18 ms for
 * 1 GiB. The copy has one thread, the caller's, and no signal of its end comes
 * to the program, whose own children are not disturbed.
 */
#ifndef MON_IMAGE_H
#define MON_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct mon_image { /* zero: none */
    pid_t pid;
    void *result; /* shared with the copy */
    size_t size;  /* bytes of it, whole pages */
};

/*
 * What is done in the copy. whole: all private memory is in it; the program
 * may have asked for some to be left out (madvise). result is zeroed and of
 * size bytes or more. Neither malloc nor any lock may be had, no file is open,
 * and no signal comes; it returns when all is written.
 */
typedef void mon_image_work(void *arg, bool whole, void *result, size_t size);

/* Pages of this process, whose copy it would be; 0: not known. */
struct mon_extent {
    unsigned long mapped, resident;
};
struct mon_extent mon_image_extent(void);

/* Maps what is to be shared with the copy: size bytes or more, of which only
   those that are used take memory. 0, or -errno. */
int mon_image_map(struct mon_image *i, size_t size);
/*
 * Calls work in a copy of the process as it is now, all other threads standing
 * still. 0, or -errno.
 */
int mon_image_start(struct mon_image *i, mon_image_work *work, void *arg);
/* 0: not yet done; 1: done; -1: the copy died. result stays until drop. */
int mon_image_poll(struct mon_image *i);
/* Kills the copy if it is still there, and unmaps what was shared with it. */
void mon_image_drop(struct mon_image *i);

#endif
