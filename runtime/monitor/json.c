/*
 * json.c - writing JSON to a mon_out.
 *
 * Why not a library: a report is also written when the heap is broken.
 */
#include "runtime/monitor/json.h"

#include <string.h>

#include "runtime/base/throw.h"

/* The length of the UTF-8 character at s, 0: it is none (RFC 3629). */
static unsigned utf8_length(const unsigned char *s)
{
    unsigned n = s[0] < 0x80   ? 1
                 : s[0] < 0xc2 ? 0
                 : s[0] < 0xe0 ? 2
                 : s[0] < 0xf0 ? 3
                 : s[0] < 0xf5 ? 4
                               : 0;

    for (unsigned i = 1; i < n; i++)
        if ((s[i] & 0xc0) != 0x80)
            return 0;
    if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
        (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
        return 0; /* overlong, a surrogate, beyond the last */
    return n;
}

static void two_digits(struct mon_out *out, unsigned char c)
{
    static const char hex[] = "0123456789abcdef";

    mon_out_char(out, hex[c >> 4]);
    mon_out_char(out, hex[c & 15]);
}

static void escape(struct mon_out *out, unsigned char c)
{
    mon_out_text(out, "\\u00");
    two_digits(out, c);
}

static void quote(struct mon_out *out, const char *text)
{
    const unsigned char *s = (const unsigned char *)text;

    mon_out_char(out, '"');
    while (*s) {
        unsigned n = utf8_length(s);

        if (!n) {
            mon_out_text(out, "\\ufffd");
            n = 1;
        } else if (*s == '"' || *s == '\\') {
            mon_out_char(out, '\\');
            mon_out_char(out, (char)*s);
        } else if (*s < 0x20 || *s == 0x7f) {
            escape(out, *s);
        } else {
            mon_out_bytes(out, s, n);
        }
        s += n;
    }
    mon_out_char(out, '"');
}

static void begin(struct mon_json *j, const char *key)
{
    if (j->comma)
        mon_out_char(j->out, ',');
    if (key) {
        quote(j->out, key);
        mon_out_char(j->out, ':');
    }
    j->comma = true;
}

void mon_json_open(struct mon_json *j, const char *key, char bracket)
{
    rt_assert(bracket == '{' || bracket == '[', "json: no such bracket");
    begin(j, key);
    mon_out_char(j->out, bracket);
    j->comma = false;
}

void mon_json_close(struct mon_json *j, char bracket)
{
    rt_assert(bracket == '}' || bracket == ']', "json: no such bracket");
    mon_out_char(j->out, bracket);
    j->comma = true;
}

void mon_json_text(struct mon_json *j, const char *key, const char *text)
{
    begin(j, key);
    if (text)
        quote(j->out, text);
    else
        mon_out_text(j->out, "null");
}

static bool is_utf8(const char *text)
{
    const unsigned char *s = (const unsigned char *)text;
    unsigned n;

    for (; *s; s += n) {
        n = utf8_length(s);
        if (!n)
            return false;
    }
    return true;
}

void mon_json_exact(struct mon_json *j, const char *key, const char *text)
{
    mon_json_text(j, key, text);
    if (!text || is_utf8(text))
        return;
    mon_out_text(j->out, ",\"");
    mon_out_text(j->out, key);
    mon_out_text(j->out, "_hex\":\"");
    for (const char *s = text; *s; s++)
        two_digits(j->out, (unsigned char)*s);
    mon_out_char(j->out, '"');
}

void mon_json_i64(struct mon_json *j, const char *key, int64_t v)
{
    begin(j, key);
    mon_out_i64(j->out, v);
}

void mon_json_u64(struct mon_json *j, const char *key, uint64_t v)
{
    begin(j, key);
    if (v > INT64_MAX)
        mon_out_char(j->out, '"');
    mon_out_u64(j->out, v);
    if (v > INT64_MAX)
        mon_out_char(j->out, '"');
}

void mon_json_hex(struct mon_json *j, const char *key, uint64_t v)
{
    begin(j, key);
    mon_out_char(j->out, '"');
    for (int shift = 60; shift >= 0; shift -= 4)
        mon_out_char(j->out, "0123456789abcdef"[v >> shift & 15]);
    mon_out_char(j->out, '"');
}

void mon_json_bool(struct mon_json *j, const char *key, bool v)
{
    begin(j, key);
    mon_out_text(j->out, v ? "true" : "false");
}

void mon_json_site(struct mon_json *j, const char *key, const struct go_site *s)
{
    if (!s) {
        mon_json_text(j, key, NULL);
        return;
    }
    mon_json_open(j, key, '{');
    mon_json_text(j, "file", s->file);
    mon_json_i64(j, "line", s->line);
    mon_json_text(j, "func", s->func);
    mon_json_close(j, '}');
}
