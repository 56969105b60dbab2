/*
 * out.h - writing a report to a descriptor without malloc.
 *
 * A small buffer in the caller's memory; the first error sticks, what follows
 * is dropped, and mon_out_close tells it. Interrupted and short writes are
 * gone on with, a full pipe is waited for, but not for ever: a reader that
 * takes nothing for MON_OUT_PATIENCE_MS ends the report with -EAGAIN. A
 * reader that is gone gives -EPIPE and no signal.
 */
#ifndef MON_OUT_H
#define MON_OUT_H

#include <stddef.h>
#include <stdint.h>

enum {
    MON_OUT_BUFFER = 8192,
    MON_OUT_PATIENCE_MS = 5000
};

struct mon_out {
    int fd;
    int error;      /* 0, or -errno of the first failed write */
    size_t used;    /* bytes in buffer */
    uint64_t total; /* bytes given to it, written or not */
    char buffer[MON_OUT_BUFFER];
};

/* fd -1 throws everything away without an error. */
void mon_out_open(struct mon_out *o, int fd);
/* Writes what is buffered; 0, or the first error as -errno. fd stays open. */
int mon_out_close(struct mon_out *o);

void mon_out_bytes(struct mon_out *o, const void *bytes, size_t n);
void mon_out_text(struct mon_out *o, const char *text); /* NULL: nothing */
void mon_out_char(struct mon_out *o, char c);
void mon_out_u64(struct mon_out *o, uint64_t v);
void mon_out_i64(struct mon_out *o, int64_t v);
void mon_out_spaces(struct mon_out *o, unsigned n);
/* printf for integers and strings; cut at 1024 bytes. No floating point. */
void mon_out_printf(struct mon_out *o, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/*
 * A duration as a person reads it: 0s, 750ns, 9.1us, 12.4ms, 2.0s, 3m20s,
 * 1h02m. One decimal below a minute, cut, not rounded up.
 */
void mon_out_duration(struct mon_out *o, int64_t ns);
/* file:line of the file's last component; "?" for what has no file. */
struct go_site;
void mon_out_site(struct mon_out *o, const struct go_site *site);

/*
 * What the program has printed comes before a report, if that can be had
 * without waiting: not when somebody holds the stream's lock, nor when nobody
 * reads. NULL, or what to say of it.
 */
const char *mon_out_stdout(void);

#endif
