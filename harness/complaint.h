/*
 * complaint.h - one line on standard error about what is wrong.
 */
#ifndef HN_COMPLAINT_H
#define HN_COMPLAINT_H

#include <stdarg.h>

/*
 * "PROGRAM: TEXT": one line, whatever the words in it are: control characters
 * stand as \n, \t or \x1b, and what is too long is cut off and ends in "...".
 * self: the program, by any path.
 */
__attribute__((format(printf, 2, 0))) void
hn_complaint(const char *self, const char *fmt, va_list args);

#endif
