/*
 * signature.c - how an execution ended, as a number: the kind of end, and
 * where everybody was left, in any order and whoever it was. Of a crash, the
 * signal and its place: of two of them one may be mended, and not the other.
 */
#include "harness/explore/signature.h"

static uint64_t mixed(uint64_t x)
{
    x ^= x >> 31;
    x *= 0x9e3779b97f4a7c15u;
    return x ^ x >> 29;
}

/* By file and line: two sites may be one place that is expanded twice. */
static uint64_t of_site(const struct go_site *site)
{
    uint64_t h = 7;

    if (!site)
        return h;
    if (!site->file)
        return mixed((uintptr_t)site->pc); /* by function */
    for (const char *c = site->file; *c; c++)
        h = h * 31 + (unsigned char)*c;
    return mixed(h * 65599 + (uint64_t)site->line);
}

static uint64_t of_text(const char *text)
{
    uint64_t h = 5;

    for (; text && *text; text++)
        h = h * 31 + (unsigned char)*text;
    return mixed(h);
}

/* All who can not go on; each counts as often as who says, for its task. */
static uint64_t of_all(uint64_t (*who)(uint32_t task))
{
    uint64_t sum = 0;
    struct go_point parked;

    for (uint32_t t = go_control_next(0); t != GO_NOWHERE;
         t = go_control_next(t + 1)) {
        const struct go_point *p = go_control_point(t);

        if (!go_control_goes_on(t))
            sum += who(t) * mixed(of_site(p->site) + p->op);
    }
    for (uint32_t t = go_control_parked(0, &parked); t != GO_NOWHERE;
         t = go_control_parked(t + 1, &parked))
        if (!go_control_goes_on(t))
            sum += who(t) * mixed(of_site(parked.site) + GO_OP_COUNT);
    return sum;
}

static uint64_t anybody(uint32_t task)
{
    (void)task;
    return 1;
}

static uint64_t by_number(uint32_t task)
{
    return mixed(task + 1) | 1;
}

uint64_t hn_signature(const struct go_execution *e)
{
    if (e->end == GO_END_CLEAN)
        return 0;
    if (e->end == GO_END_PANIC)
        return mixed(of_text(e->panic) + of_site(e->site)) | 1;
    return mixed(of_all(anybody) + (uint64_t)e->end) | 1;
}

uint64_t hn_signature_rest(void)
{
    return mixed(of_all(by_number));
}

uint64_t hn_signature_crash(int signal, const struct go_crash *crash)
{
    uint64_t h = mixed((uint64_t)signal);
    struct go_frame at;

    if (crash->signal == signal && go_crash_place(crash, &at))
        h += mixed(of_text(at.func) + of_text(at.file) * 3 +
                   (at.file ? (uint64_t)at.line : at.offset));
    return mixed(h) | 1;
}
