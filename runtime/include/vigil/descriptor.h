/*
 * descriptor.h - descriptors that are vigil's own, in a process whose program
 * may close all that it finds, as daemons do.
 *
 * Kept ones lie where a program has none, and are known by their numbers: who
 * stands in front of the C library's close (the harness's shared library) says
 * EBADF of them. Elsewhere they are merely out of the way.
 *
 * Any thread, and handlers of signals too, at any time.
 */
#ifndef VIGIL_DESCRIPTOR_H
#define VIGIL_DESCRIPTOR_H

#include <stdbool.h>
#include <vigil/call.h>

/*
 * fd is vigil's from here on, closed by exec, and has the number that is
 * returned. That is the same if there is no higher one; and where too many are
 * kept, nobody knows it for vigil's.
 */
GO_API int go_descriptor_keep(int fd);
/* Closes what was kept. */
GO_API void go_descriptor_close(int fd);

/* In a copy of the process, which is to have none of them: as if nothing had
   been kept. */
GO_API void go_descriptor_none(void);

GO_API bool go_descriptor_kept(int fd);
/* The lowest that is kept from fd on; INT_MAX: none. */
GO_API int go_descriptor_next(int fd);

#endif
