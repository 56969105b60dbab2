/*
 * utf8.c - bytes of others as JSON, whose text is UTF-8 and nothing else.
 */
#include "harness/utf8.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    KEY_ROOM = 64
};

/* Length of the UTF-8 character at p, 0 when it is none. */
static size_t character(const unsigned char *p, size_t n)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t len = p[0] == 0     ? 0
                 : p[0] < 0x80 ? 1
                 : p[0] < 0xc2 ? 0
                 : p[0] < 0xe0 ? 2
                 : p[0] < 0xf0 ? 3
                 : p[0] < 0xf5 ? 4
                               : 0;
    uint32_t code = len > 1 ? p[0] & (0x7f >> len) : p[0];

    if (len == 0 || len > n)
        return 0;
    for (size_t i = 1; i < len; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return 0;
        code = code << 6 | (p[i] & 0x3f);
    }
    if (code < least[len] || code > 0x10ffff ||
        (code >= 0xd800 && code < 0xe000))
        return 0;
    return len;
}

json_t *hn_utf8_bytes(const char *bytes, size_t n)
{
    const unsigned char *at = (const unsigned char *)bytes;
    char *clean = bytes ? malloc(3 * n + 1) : NULL;
    size_t to = 0;
    json_t *value;

    if (!clean)
        return json_string("");
    while (n > 0) {
        size_t len = character(at, n);
        memcpy(clean + to, len > 0 ? (const char *)at : "\xef\xbf\xbd",
               len > 0 ? len : 3);
        to += len > 0 ? len : 3;
        at += len > 0 ? len : 1;
        n -= len > 0 ? len : 1;
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

static bool is_utf8(const char *text)
{
    size_t n = strlen(text), len;

    for (size_t at = 0; at < n; at += len) {
        len = character((const unsigned char *)text + at, n - at);
        if (len == 0)
            return false;
    }
    return true;
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
    if (text && !is_utf8(text))
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
