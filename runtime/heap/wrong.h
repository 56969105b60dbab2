/* wrong.h - the program gave back what is no allocated block: tell, abort. */
#ifndef RT_HEAP_WRONG_H
#define RT_HEAP_WRONG_H

/* call: as "free()". Says what p is, as far as it can be known. */
void rt_heap_wrong(const char *call, const void *p) __attribute__((noreturn));

#endif
