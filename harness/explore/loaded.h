/*
 * loaded.h - what of a process is the program's: its code, its variables, and
 * whose libraries are whose.
 */
#ifndef HN_EXPLORE_LOADED_H
#define HN_EXPLORE_LOADED_H

#include <stdbool.h>
#include <stddef.h>

struct hn_range {
    char *low;
    size_t size;
};

enum {
    HN_LOADED_NAME = 64
};

struct hn_loaded {
    /* What the executable writes and nobody else relies on: without what is
       constant after loading, the loader's table of functions, and variables
       of libraries that only lie there. By address. */
    struct hn_range *variables;
    size_t n;
    struct hn_range code; /* all the executable's, gaps included */
    /* What a thread's own variables begin as: tls_filled bytes of these, then
       zeros, tls_size in all. NULL: it has none. */
    const char *tls;
    size_t tls_filled, tls_size;
    /* Why variables are not only the program's: vigil or malloc is linked into
       the executable. NULL: they are. */
    const char *mixed;
    /* A library with variables that is neither vigil's nor the system's nor
       needed by one of these; "": there is none. Cut. */
    char library[HN_LOADED_NAME];
    /* Such a one is there besides the runtime of C++, whose variables (streams,
       locales) seldom decide what a program does. */
    bool brings;
};

/* 0, or -ENOMEM. */
int hn_loaded_read(struct hn_loaded *l);
void hn_loaded_free(struct hn_loaded *l);

/* The calling thread's copy of the executable's own variables of threads;
   NULL: it has none. */
char *hn_loaded_tls(void);

/* A file's name without its folders; whether it is one of vigil's libraries;
   whether a library of that name is vigil's or the C library's. */
const char *hn_loaded_name(const char *file);
bool hn_loaded_is_ours(const char *file);
bool hn_loaded_is_known(const char *name);

/* Takes [low, low + size) out of ranges[0..*n), which has room for one more.
   For tests here. */
void hn_range_cut(struct hn_range *ranges, size_t *n, const char *low,
                  size_t size);

#endif
