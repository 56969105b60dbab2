/*
 * procfs.h - processes by their numbers in /proc, which are those of the
 * namespace that it was mounted for: that may be one around ours.
 */
#ifndef HN_PROCFS_H
#define HN_PROCFS_H

#include <sys/types.h>

/* The number of this process in /proc; 0: there is no /proc. */
int hn_procfs_self(void);
/* The number in /proc of a process of ours, which pidfd may stand for (-1:
   nothing does); 0: not known. */
int hn_procfs_number(pid_t pid, int pidfd);
/* What a process of that number is to us; 0: it has ended. */
pid_t hn_procfs_pid(int number);

#endif
