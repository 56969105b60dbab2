/*
 * sanitizer.h - which sanitizer a program has, told without running it.
 */
#ifndef HN_SANITIZER_H
#define HN_SANITIZER_H

enum {
    HN_SANITIZER_HINT = 128
};

/* For the end of a line about a program that does not get as far as vigil; "":
   it has none. */
const char *hn_sanitizer_hint(const char *path, char to[HN_SANITIZER_HINT]);

#endif
