/*
 * json.c - writing JSON to a mon_out.
 *
 * Why not a library: a report is also written when the heap is broken.
 */
#include "runtime/monitor/json.h"

#include <vigil/utf8.h>

#include "runtime/base/throw.h"

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
    size_t n;

    mon_out_char(out, '"');
    for (; *text; text += n ? n : 1) {
        unsigned char c = (unsigned char)*text;

        n = go_utf8_length(text, GO_UTF8_MOST);
        if (n == 0) {
            mon_out_text(out, "\\ufffd");
        } else if (c == '"' || c == '\\') {
            mon_out_char(out, '\\');
            mon_out_char(out, *text);
        } else if (c < 0x20 || c == 0x7f) {
            escape(out, c);
        } else {
            mon_out_bytes(out, text, n);
        }
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

void mon_json_exact(struct mon_json *j, const char *key, const char *text)
{
    mon_json_text(j, key, text);
    if (!text || go_utf8_is(text))
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
