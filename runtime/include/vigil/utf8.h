/*
 * utf8.h - which bytes are UTF-8, for who writes what others are to read.
 *
 * Names and messages of a program are bytes of any encoding; JSON and DOT are
 * read by programs that take nothing but UTF-8.
 */
#ifndef VIGIL_UTF8_H
#define VIGIL_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <vigil/call.h>

/* What stands for a byte that is none: U+FFFD. */
#define GO_UTF8_INSTEAD "\xef\xbf\xbd"

enum {
    GO_UTF8_MOST = 4 /* bytes of a character */
};

/*
 * The length of the character (RFC 3629) that the n bytes at s begin with; 0:
 * they begin with none, or n is 0. A zero byte is one. Of text that ends with a
 * zero byte n may be GO_UTF8_MOST everywhere: nothing behind that byte is read.
 */
GO_API size_t go_utf8_length(const char *s, size_t n);

/* Whether all of the text is. */
GO_API bool go_utf8_is(const char *text);

#endif
