/*
 * capture.h - what a child wrote, in bounded memory: its head and its tail.
 */
#ifndef HN_CAPTURE_H
#define HN_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct hn_capture {
    char *head; /* the first bytes, up to head_max */
    char *tail; /* a ring of the last ones, NULL until the head is full */
    size_t head_len, head_cap, head_max;
    size_t tail_at, tail_len, tail_max; /* at: where the next byte goes */
    uint64_t total;                     /* bytes that came in all */
    bool starved;                       /* memory was short: some are lost */
};

void hn_capture_init(struct hn_capture *c, size_t head_max, size_t tail_max);
void hn_capture_add(struct hn_capture *c, const char *bytes, size_t n);
/* How many bytes are not kept. */
uint64_t hn_capture_cut(const struct hn_capture *c);
/*
 * Everything kept, with one line in the middle that says how much was cut;
 * malloc'd, a zero byte behind it. NULL when there is no memory.
 */
char *hn_capture_text(const struct hn_capture *c, size_t *len);
void hn_capture_free(struct hn_capture *c);

#endif
