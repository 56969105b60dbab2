/*
 * died.c - how a process of the scenario's ended, in words and in JSON.
 *
 * In:  what its parent saw of it, and what the handler of vigil/crash.h has
 * left. Out: a headline, a stack. Whoever tells it has the same program at the
 * same addresses.
 */
#define _GNU_SOURCE
#include "harness/explore/died.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "harness/explore/did.h"
#include "harness/utf8.h"

enum {
    TAIL = 66 /* where a headline says of what run it is, as in reports */
};

/* Without a stack nothing is known but the signal. */
static bool is_caught(const struct hn_died *d)
{
    return d->where.signal == d->signal;
}

/* Whether it has an address at all: what is sent has none. */
static bool has_address(const struct hn_died *d)
{
    return is_caught(d) && !d->where.sent && !d->where.exited &&
           (d->signal == SIGSEGV || d->signal == SIGBUS);
}

/* No signal ended it. */
static bool ended_itself(const struct hn_died *d)
{
    return d->signal == SIGABRT && (d->status >= 0 || d->where.exited);
}

static int status_of(const struct hn_died *d)
{
    return d->where.exited ? d->where.status & 0xff : d->status;
}

/* It comes from without: there is no way to know from whom. */
static bool may_be_memory(const struct hn_died *d)
{
    return d->signal == SIGKILL;
}

int hn_died_text(const struct hn_died *d, char to[HN_DIED_TEXT])
{
    const size_t n = HN_DIED_TEXT;
    struct go_frame at;
    int len = snprintf(
        to, n, "SIG%s (%s)%s", sigabbrev_np(d->signal), sigdescr_np(d->signal),
        may_be_memory(d) ? ", perhaps by the kernel, for want of "
                           "memory"
                         : "");

    if (ended_itself(d))
        len = snprintf(to, n, "the process ended by itself, exit status %d",
                       status_of(d));
    if (has_address(d))
        len += snprintf(to + len, n - (size_t)len, " at address 0x%" PRIxPTR,
                        (uintptr_t)d->where.address);
    if (!go_crash_place(&d->where, &at))
        return len;
    len += snprintf(to + len, n - (size_t)len, ", in %.60s",
                    at.func ? at.func : "?");
    if (at.file)
        len += snprintf(to + len, n - (size_t)len, " at %.60s:%d",
                        hn_did_file(at.file), at.line);
    return len;
}

void hn_died_tell(const struct hn_died *d, const struct go_run *run, int fd)
{
    char text[HN_DIED_TEXT];
    int width = hn_died_text(d, text) + (int)strlen("CRASH: ");

    dprintf(fd, "CRASH: %s%*sscenario %s, seed %llu\n", text,
            width < TAIL ? TAIL - width : 3, "", run->scenario,
            (unsigned long long)run->seed);
    if (run->replay)
        dprintf(fd, "replay: %s\n", run->replay);
    dprintf(fd, "\n");
    go_crash_print(&d->where, fd);
}

static json_t *stack_of(const struct go_crash *crash)
{
    struct go_frame frames[GO_CRASH_FRAMES];
    size_t n = go_crash_stack(crash, frames, GO_CRASH_FRAMES);
    json_t *list = json_array();

    for (size_t i = 0; i < n; i++)
        json_array_append_new(
            list, json_pack("{s:o, s:o, s:i, s:o, s:I}", "func",
                            hn_utf8(frames[i].func), "file",
                            hn_utf8(frames[i].file), "line", frames[i].line,
                            "module", hn_utf8(frames[i].module), "offset",
                            (json_int_t)frames[i].offset));
    return list;
}

json_t *hn_died_json(const struct hn_died *d)
{
    struct go_frame at;
    char address[32];
    json_t *fields =
        json_pack("{s:s, s:I, s:o}", "signal",
                  ended_itself(d) ? "" : sigabbrev_np(d->signal), "goroutine",
                  (json_int_t)d->where.goroutine, "stack", stack_of(&d->where));

    json_object_set_new(fields, "status",
                        ended_itself(d) ? json_integer(status_of(d))
                                        : json_null());
    snprintf(address, sizeof(address), "0x%" PRIxPTR,
             (uintptr_t)d->where.address);
    json_object_set_new(fields, "address",
                        has_address(d) ? json_string(address) : json_null());
    json_object_set_new(fields, "site",
                        go_crash_place(&d->where, &at)
                            ? json_pack("{s:o, s:i, s:o}", "file",
                                        hn_utf8(at.file), "line", at.line,
                                        "func", hn_utf8(at.func))
                            : json_null());
    return fields;
}
