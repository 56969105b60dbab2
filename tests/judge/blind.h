/*
 * blind.h - takes one kind of root away from the scan, to see whether the judge
 * notices.
 *
 * Programs that use it are linked with --wrap (Makefile: BLIND): what the scan
 * calls comes here first.
 */
#ifndef TESTS_JUDGE_BLIND_H
#define TESTS_JUDGE_BLIND_H

enum blind {
    BLIND_NOT,
    BLIND_GLOBALS,   /* of the program */
    BLIND_TLS,       /* thread-local variables */
    BLIND_MAPPED,    /* memory got from mmap */
    BLIND_THREADS,   /* stacks of threads, and what is specific to them */
    BLIND_REGISTERS, /* of who was stopped */
    BLIND_RED_ZONE,
    BLIND_STACKS,  /* of goroutines */
    BLIND_BUFFERS, /* of channels */
    BLIND_INNER,   /* what contexts and timers give */
    BLIND_ARMED,   /* timers */
    BLIND_KNOWN,   /* elsewhere */
    BLIND_HALVES,  /* handles that send, or receive, only */
    BLIND_TAGGED,  /* pointers with tags */
    BLIND_COUNT
};
const char *blind_text(enum blind kind);

/* From here on, until told otherwise. */
void blind_make(enum blind kind);

#endif
