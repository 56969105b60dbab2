/*
 * utf8.c - bytes of others as JSON, whose text is UTF-8 and nothing else.
 */
#include "harness/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <vigil/utf8.h>

enum {
    KEY_ROOM = 64
};

json_t *hn_utf8_bytes(const char *bytes, size_t n)
{
    char *clean = bytes ? malloc(3 * n + 1) : NULL;
    size_t to = 0;
    json_t *value;

    if (!clean)
        return json_string("");
    for (size_t at = 0, len; at < n; at += len ? len : 1) {
        len = bytes[at] ? go_utf8_length(bytes + at, n - at) : 0;
        memcpy(clean + to, len ? bytes + at : GO_UTF8_INSTEAD, len ? len : 3);
        to += len ? len : 3;
    }
    value = json_stringn_nocheck(clean, to);
    free(clean);
    return value;
}

json_t *hn_utf8(const char *text)
{
    return text ? hn_utf8_bytes(text, strlen(text)) : json_null();
}

json_t *hn_utf8_printf(const char *fmt, ...)
{
    char *text;
    json_t *value;
    va_list args;
    int n;

    va_start(args, fmt);
    n = vasprintf(&text, fmt, args);
    va_end(args);
    if (n < 0)
        return NULL;
    value = hn_utf8(text);
    free(text);
    return value;
}

static const char *hex_key(const char *key, char to[KEY_ROOM])
{
    snprintf(to, KEY_ROOM, "%s_hex", key);
    return to;
}

static json_t *hex_of(const char *text)
{
    size_t n = strlen(text);
    char *digits = malloc(2 * n + 1);
    json_t *value;

    if (!digits)
        return NULL;
    for (size_t i = 0; i < n; i++)
        sprintf(digits + 2 * i, "%02x", (unsigned char)text[i]);
    value = json_stringn_nocheck(digits, 2 * n);
    free(digits);
    return value;
}

void hn_utf8_set(json_t *object, const char *key, const char *text)
{
    char hex[KEY_ROOM];

    json_object_set_new(object, key, hn_utf8(text));
    if (text && !go_utf8_is(text))
        json_object_set_new(object, hex_key(key, hex), hex_of(text));
}

char *hn_utf8_get(const json_t *object, const char *key)
{
    char hex[KEY_ROOM];
    const char *text = json_string_value(json_object_get(object, key));
    const char *digits =
        json_string_value(json_object_get(object, hex_key(key, hex)));
    size_t n = digits ? strlen(digits) / 2 : 0;
    char *bytes;

    if (!text || !digits)
        return text ? strdup(text) : NULL;
    bytes = calloc(1, n + 1);
    for (size_t i = 0; bytes && i < n; i++)
        sscanf(digits + 2 * i, "%2hhx", (unsigned char *)&bytes[i]);
    return bytes;
}
