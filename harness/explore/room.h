/*
 * room.h - arrays that grow, for the searches; and what comes where there is no
 * room for something without which nothing goes on.
 *
 * Without memory there is no way on in the midst of a search: it is left for
 * where hn_room_exit says. All arrays are as they were, and can be given back,
 * but what was being done is not: the search is over.
 */
#ifndef HN_EXPLORE_ROOM_H
#define HN_EXPLORE_ROOM_H

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    HN_ROOM_LACK = 128,
    HN_ROOM_UNHEARD = 33 /* the signal by which a process ends that could not
                            tell: its descriptors are closed. SIGSETXID of the C
                            library's, which has no handler of ours */
};
#define HN_ROOM_SCHEMA "vigil-lack/1"
/*
 * In a worker, and in the processes of its executions: where it is told what
 * there was no room for, as text, to who waits for it (worker.h). That is not
 * the scenario's doing; and no exit status says it, for a scenario may exit with
 * any. NULL: nobody waits.
 */
extern char *hn_room_lack;
/* Likewise in a run's own process: a descriptor, to which it is told in a line
   of JSON. -1: nobody waits. */
extern int hn_room_fd;
/* False: it could not be told. */
bool hn_room_tell(int fd, const char *what);
/* Ends this process: there is none for that. */
void hn_room_end(const char *what) __attribute__((noreturn));

/* How many descriptors there may be, when there are none left; 0: there is one
   more. */
uint64_t hn_room_descriptors(void);

/* Where there is no memory, while the function that set it runs; NULL: the
   process ends, saying so. */
extern jmp_buf *hn_room_exit;

/* At least n elements of size bytes each; *cap follows. Old ones stay, new ones
   are not set. */
void *hn_room_slow(void *all, uint32_t *cap, uint32_t n, size_t size);

/* Makes room for n in an array with a capacity: HN_ROOM(t->all, t->cap, n). */
#define HN_ROOM(all, cap, n)                                                   \
    do {                                                                       \
        if ((n) > (cap))                                                       \
            (all) = hn_room_slow((all), &(cap), (n), sizeof(*(all)));          \
    } while (0)

#endif
