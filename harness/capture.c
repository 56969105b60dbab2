/*
 * capture.c - what a child wrote, in bounded memory: its head and its tail.
 *
 * In:  bytes as the pipe gives them. Out: one text for a person.
 *
 * A scenario may print for ever. The head tells how it began and the tail how
 * it ended; the middle is counted and dropped.
 *
 * K1  head_len <= head_max and tail_len <= tail_max at any time.
 * K2  total = kept + cut.
 */
#include "harness/capture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void hn_capture_init(struct hn_capture *c, size_t head_max, size_t tail_max)
{
    *c = (struct hn_capture){.head_max = head_max, .tail_max = tail_max};
}

/* Room for n more bytes in the head, as far as there is memory. */
static size_t head_room(struct hn_capture *c, size_t n)
{
    size_t want = c->head_len + n;
    size_t cap = c->head_cap ? c->head_cap : 4096;

    if (want > c->head_max)
        want = c->head_max;
    while (cap < want)
        cap *= 2;
    if (cap > c->head_cap && want > c->head_cap) {
        char *grown = realloc(c->head, cap);
        if (grown) {
            c->head = grown;
            c->head_cap = cap;
        } else {
            c->starved = true;
            c->head_max = c->head_len;
            want = c->head_len;
        }
    }
    return want - c->head_len;
}

static void tail_add(struct hn_capture *c, const char *bytes, size_t n)
{
    if (n > c->tail_max) { /* only the last can stay */
        bytes += n - c->tail_max;
        n = c->tail_max;
    }
    while (n > 0) {
        size_t run = c->tail_max - c->tail_at;
        if (run > n)
            run = n;
        memcpy(c->tail + c->tail_at, bytes, run);
        c->tail_at = (c->tail_at + run) % c->tail_max;
        c->tail_len += run;
        bytes += run;
        n -= run;
    }
    if (c->tail_len > c->tail_max)
        c->tail_len = c->tail_max;
}

void hn_capture_add(struct hn_capture *c, const char *bytes, size_t n)
{
    size_t room = head_room(c, n);

    c->total += n;
    if (room > n)
        room = n;
    if (room > 0)
        memcpy(c->head + c->head_len, bytes, room);
    c->head_len += room;
    if (room == n || c->tail_max == 0)
        return;
    if (!c->tail)
        c->tail = malloc(c->tail_max);
    if (c->tail)
        tail_add(c, bytes + room, n - room);
    else
        c->starved = true;
}

uint64_t hn_capture_cut(const struct hn_capture *c)
{
    return c->total - c->head_len - c->tail_len;
}

char *hn_capture_text(const struct hn_capture *c, size_t *len)
{
    uint64_t cut = hn_capture_cut(c);
    size_t start = c->tail_len < c->tail_max ? 0 : c->tail_at;
    char *text = malloc(c->head_len + c->tail_len + 96);
    char *to = text;

    if (!text)
        return NULL;
    if (c->head_len > 0)
        to = mempcpy(to, c->head, c->head_len);
    if (cut > 0)
        to += sprintf(to, "\n[... %llu bytes cut ...]\n",
                      (unsigned long long)cut);
    for (size_t i = 0; i < c->tail_len; i++)
        *to++ = c->tail[(start + i) % c->tail_max];
    *to = '\0';
    *len = (size_t)(to - text);
    return text;
}

void hn_capture_free(struct hn_capture *c)
{
    free(c->head);
    free(c->tail);
    *c = (struct hn_capture){0};
}
