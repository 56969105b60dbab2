/*
 * loader.h - who holds the lock of the dynamic loader.
 *
 * dlopen, dl_iterate_phdr and every unwinding take it, the latter two around
 * code of the program or of libraries: so nobody may unwind while somebody is
 * stopped with it.
 */
#ifndef RT_BASE_LOADER_H
#define RT_BASE_LOADER_H

/* Finds the lock; once is enough. Takes it, so: while nobody is stopped. */
void rt_loader_open(void);
/* The thread that has it; 0: nobody, or the lock was not found. Without a lock,
   from a signal's handler too. */
int rt_loader_owner(void);

#endif
