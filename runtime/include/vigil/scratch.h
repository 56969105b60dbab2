/*
 * scratch.h - a program's heap, from one execution to the next.
 *
 * Who runs the same code many times in one process (vigil/control.h) wants it
 * to find the heap that it found the first time: empty, and giving the same
 * addresses. That can be had where malloc is libvigil-heap's.
 */
#ifndef VIGIL_SCRATCH_H
#define VIGIL_SCRATCH_H

#include <stddef.h>
#include <vigil/inspect.h>

/*
 * From here on blocks that code in [low, high) allocates are of their own
 * kind, told by where its call of malloc returns to. Whoever frees or resizes
 * one, it stays so. They come zeroed, 256 MiB at most at a time. What others
 * allocate, also for that code (getline, fopen), is as ever; but strdup and
 * strndup are as malloc.
 *
 * False: malloc is not libvigil-heap's, or there is no memory.
 */
GO_API bool go_scratch_begin(const void *low, const void *high);

/* Ends all of them: the same calls give the same addresses again. While no
   other thread allocates, as for begin and end. */
GO_API void go_scratch_reset(void);

/* The same, and what is allocated from here on is as ever. */
GO_API void go_scratch_end(void);

/* Calls each for all that the next allocations, and what is in those blocks,
   depend on; the same bytes in the same pieces: the same heap. False: it is
   more than most bytes, or not known. */
GO_API bool go_scratch_memory(void (*each)(void *arg, const void *low,
                                           size_t size),
                              void *arg, size_t most);

/* Whether a word of these points to a block that no reset ends; false also
   where nothing is known of blocks. */
GO_API bool go_scratch_misses(const void *low, size_t size);

/*
 * size bytes at low are the driver's own: an object's address that is noted
 * there is nothing that the program holds, to a look. Until it is taken back,
 * before the memory goes; with no room for it it is taken for the program's.
 */
GO_API void go_scratch_aside(const void *low, size_t size);
GO_API void go_scratch_back(const void *low);

#endif
