/*
 * schedfile.h - a schedule in full, in a file: what vigil explore --save
 * leaves, and vigil replay FILE.sched takes.
 *
 *     vigil-sched/1
 *     scenario abba
 *     token gx1:abba:30a1:@2=c
 *     order a b c                    who goes on, and how many steps: a2 b c3
 *          0  a         add ...      the lines of trace.h
 *     end 3                          how many there are: else it is cut
 *
 * Lines that begin with # are comments, and "order" is for people.
 */
#ifndef HN_EXPLORE_SCHEDFILE_H
#define HN_EXPLORE_SCHEDFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum {
    HN_SCHEDFILE_WHY = 512,
    HN_SCHEDFILE_MAX = 64 << 20, /* bytes */
};

struct hn_schedfile {
    char *text; /* all of it, cut into lines */
    const char *scenario, *token;
    char **steps; /* lines of trace.h */
    uint32_t n;
};

/* Its name ends as such a file's does. */
bool hn_schedfile_is(const char *path);
/* 0; -EINVAL or -errno with one line in why that has the file's name, and says
   what is wrong and what would be right. */
int hn_schedfile_read(const char *path, struct hn_schedfile *to,
                      char why[HN_SCHEDFILE_WHY]);
void hn_schedfile_free(struct hn_schedfile *f);

/*
 * Writing, in two parts: before anything runs it is seen whether the file can
 * be made. What was there stays until all of the new one is written.
 */
struct hn_schedout {
    const char *path;
    char *beside; /* what is written first; NULL: path itself, no plain file */
    FILE *file;
};

/* 0, or -errno with one line in why. */
int hn_schedout_open(struct hn_schedout *o, const char *path,
                     char why[HN_SCHEDFILE_WHY]);
/* lines: of trace.h, each with its end, in lines[0..n). Likewise. */
int hn_schedout_write(struct hn_schedout *o, const char *token,
                      const char *lines, size_t n, char why[HN_SCHEDFILE_WHY]);
/* Nothing is written after all; after a write nothing is to be done. */
void hn_schedout_drop(struct hn_schedout *o);

#endif
