/*
 * text_page.h - a text report while it is written: what its parts share.
 */
#ifndef MON_TEXT_PAGE_H
#define MON_TEXT_PAGE_H

#include "runtime/monitor/report_text.h"

enum {
    MON_PAGE_PARTS = 40 /* goroutines of a finding that are told of */
};

struct mon_page {
    struct mon_out out;
    const struct mon_text *text;
    const struct mon_report *r;
    const struct go_inspect *in;
    const struct mon_findings *f;
    const struct mon_finding *finding; /* the one being told */
    uint32_t part;                     /* of it */
    bool maybe_told;                   /* in it, what "maybe" means */
};

/* Things by their names, the same everywhere. */
void mon_page_instant(struct mon_out *out, int64_t t);
void mon_page_who(struct mon_page *p, uint64_t id, const char *name);
void mon_page_goroutine(struct mon_page *p, uint32_t at);
void mon_page_object(struct mon_page *p, uint32_t at);

/* text_certificate.c: one line, who could have come to the rescue. */
void mon_page_certificate(struct mon_page *p, const struct mon_certificate *c);
/* Another: who created the goroutine with this index, up to the root. */
void mon_page_ancestry(struct mon_page *p, uint32_t goroutine);

#endif
