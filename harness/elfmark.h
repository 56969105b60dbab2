/*
 * elfmark.h - which files are scenario programs, told without running them.
 */
#ifndef HN_ELFMARK_H
#define HN_ELFMARK_H

#include <stdbool.h>

/* 1: an executable that holds scenarios; 0: anything else; or -errno: -ENOEXEC,
   it holds scenarios, and nobody may execute it. */
int hn_elfmark(const char *path);

#endif
