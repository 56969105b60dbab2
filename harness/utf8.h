/*
 * utf8.h - bytes of others as JSON, whose text is UTF-8 and nothing else.
 *
 * What a program, its paths and its scenarios say may be in any encoding, and
 * jansson makes nothing at all of a text that is not UTF-8: a whole line would
 * be missing. So each byte that is none becomes U+FFFD, and so does a zero byte,
 * which many readers refuse.
 */
#ifndef HN_UTF8_H
#define HN_UTF8_H

#include <stddef.h>
#include <jansson.h>

/* To be shown. NULL: the empty text; and null. */
json_t *hn_utf8_bytes(const char *bytes, size_t n);
json_t *hn_utf8(const char *text);
json_t *hn_utf8_printf(const char *fmt, ...)
    __attribute__((format(printf, 1, 2)));

/*
 * To be read again: text under key, and where it is not UTF-8, its bytes as
 * digits under KEY_hex too. NULL text: null.
 */
void hn_utf8_set(json_t *object, const char *key, const char *text);
/* As it was, malloc'd; NULL: there is none. Also what mon_json_exact wrote. */
char *hn_utf8_get(const json_t *object, const char *key);

#endif
