/*
 * runner.c - runs scenarios, several at a time, each in a process of its own.
 *
 * In:  a suite and the options. Out: a result a run, in order, to the sink.
 *
 * Method: one loop over poll. A run is a slot: a child, its pipes, a deadline.
 * At the deadline the child gets SIGQUIT, to which the runtime answers with a
 * full report, and a second later its whole group is killed; nothing that a
 * scenario ignores or blocks can hold that up. Memory is watched from here:
 * limits of the kernel count reservations, and the runtime reserves far more
 * for stacks than it touches.
 *
 * An interrupt ends all at once, but for searches: what these have found by then
 * is worth to be told. They are asked for it, and have some seconds; less when
 * all is told but the run that is shown, which hears nothing. A second interrupt
 * ends them, too.
 *
 * N1  Results leave in order. A run that takes long holds up what comes behind
 *     it, so none begins that is WINDOW ahead of it: memory is bounded. Of a run
 *     that was ended here there is none.
 * N2  A child that can not be started for want of descriptors, processes or
 *     memory is tried again when another has ended; alone, it is an error.
 * N3  Who sends a signal to a process and to its group, as timeout(1) does,
 *     means one interrupt: a second one comes some time later.
 */
#include "harness/runner.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "harness/clock.h"
#include "harness/explore/interrupt.h"
#include "harness/launch.h"
#include "harness/reproduce.h"

enum {
    WINDOW = 512, /* results that may wait for an earlier one */
    TICK_MS = 20, /* between two looks at memory */
    PROGRESS_MS = 100,
    OUTPUT_HEAD = 256 << 10, /* kept of what a run prints */
    OUTPUT_TAIL = 256 << 10,
    TEXT_HEAD = 4 << 20,
    TEXT_TAIL = 1 << 20,
    REPORT_MAX = 256 << 20,
    GRAPH_MAX = 64 << 20,
    TRACE_MAX = 64 << 20,
    SLOT_FDS = HN_FROM_COUNT + 1,
};
#define TIME_EXPLORE INT64_C(60000000000) /* ns */
#define GRACE        INT64_C(1000000000)  /* ns between SIGQUIT and SIGKILL */
#define AGAIN        INT64_C(200000000)   /* ns, the least: N3 */

struct slot {
    bool used;
    size_t index; /* of the run */
    struct hn_process process;
    struct hn_capture from[HN_FROM_COUNT];
    struct hn_finished finished; /* filled as it goes */
    int64_t started, deadline;
    bool killed;
    bool searches;    /* it can say what it has found by now; asked for it: */
    int64_t end_by;   /* INT64_MAX: it was not */
    int at[SLOT_FDS]; /* where its descriptors stand in fds; -1: closed */
};

struct runner {
    const struct hn_suite *suite;
    const struct hn_options *options;
    struct hn_sink *sink;
    struct hn_run_end *end;
    bool graph;
    struct slot *slots;
    struct pollfd *fds;
    struct hn_result *waiting[WINDOW]; /* by index % WINDOW */
    size_t next_start, next_out;
    int64_t began, told; /* the first start; the last progress */
    int64_t looked;      /* at memory */
    int64_t interrupted; /* the first time */
    bool at_once;        /* it was again: N3 */
    bool look;           /* it is time to, in this turn */
    int signals;
    int error;
};

static struct hn_progress *progress(struct runner *r)
{
    return &r->end->last;
}

/* Tells the sink how far things are. */
static void tell(struct runner *r)
{
    r->told = hn_now_ns();
    progress(r)->wall = r->told - r->began;
    r->sink->progress(r->sink, progress(r));
}

/*
 * A slot for run number index. Repetitions have seeds one after the other, so
 * that the one that fails has a number of its own. 0, or -errno.
 */
static int start(struct runner *r, struct slot *s, size_t index)
{
    const struct hn_options *o = r->options;
    size_t repeat = (size_t)o->repeat;
    const struct hn_scenario *scenario = &r->suite->all[index / repeat];
    struct hn_plan plan;
    int err;

    *s = (struct slot){.index = index, .started = hn_now_ns()};
    s->finished = (struct hn_finished){
        .scenario = scenario,
        .options = o,
        .seed = o->seed + index % repeat,
        .procs = o->procs ? o->procs : scenario->procs,
        .timeout = o->timeout                 ? o->timeout
                   : o->command == HN_EXPLORE ? TIME_EXPLORE
                                              : scenario->timeout,
        .from = s->from,
    };
    if (s->finished.seed == 0) /* to the runtime: draw one */
        s->finished.seed = 1;
    plan = hn_launch_plan(o, &s->finished);
    s->finished.explores = plan.kind != HN_PLAN_NONE;
    s->searches = plan.kind == HN_PLAN_EXPLORE;
    s->end_by = INT64_MAX;
    s->finished.replay = hn_reproduce(o, &s->finished);
    if (__builtin_add_overflow(s->started, s->finished.timeout, &s->deadline))
        s->deadline = INT64_MAX;
    hn_capture_init(&s->from[HN_FROM_OUTPUT], OUTPUT_HEAD, OUTPUT_TAIL);
    hn_capture_init(&s->from[HN_FROM_REPORT], REPORT_MAX, 0);
    hn_capture_init(&s->from[HN_FROM_TEXT], TEXT_HEAD, TEXT_TAIL);
    hn_capture_init(&s->from[HN_FROM_GRAPH], GRAPH_MAX, 0);
    hn_capture_init(&s->from[HN_FROM_TRACE], TRACE_MAX, 0);
    err = hn_launch(&s->finished, &plan, r->graph, &s->process);
    if (err != 0) {
        free(s->finished.replay);
        return err;
    }
    s->used = true;
    progress(r)->active++;
    progress(r)->latest = scenario;
    return 0;
}

/* N2: it may go well when another run has given back what it holds. */
static bool passing(int err)
{
    return err == -EMFILE || err == -ENFILE || err == -EAGAIN || err == -ENOMEM;
}

/* As many as there are slots for; N1, N2. */
static void start_more(struct runner *r)
{
    struct hn_progress *p = progress(r);

    for (int i = 0; i < r->options->jobs; i++) {
        struct slot *s = &r->slots[i];
        int err;
        if (s->used || r->next_start == p->runs ||
            r->next_start - r->next_out >= WINDOW)
            continue;
        err = start(r, s, r->next_start);
        if (err != 0 && passing(err) && p->active > 0)
            return;
        if (err != 0) {
            snprintf(r->end->why, sizeof(r->end->why), "cannot start %s: %s",
                     r->suite->all[r->next_start / (size_t)r->options->repeat]
                         .program,
                     strerror(-err));
            r->error = err;
            return;
        }
        r->next_start++;
    }
}

/* Takes what is there now; P2 of process.c: nothing is waited for. */
static void drain(struct slot *s, int channel)
{
    int *fd = &s->process.from[channel];
    char buf[65536];
    ssize_t n = 1;

    while (*fd >= 0 && (n = read(*fd, buf, sizeof(buf))) > 0)
        hn_capture_add(&s->from[channel], buf, (size_t)n);
    if (*fd >= 0 && n == 0) {
        close(*fd);
        *fd = -1;
    }
}

/* Deadlines and memory of one run. */
static void watch(struct runner *r, struct slot *s, int64_t now)
{
    struct hn_finished *f = &s->finished;

    if (s->killed)
        return;
    if (f->stop == HN_STOP_NONE && r->look &&
        hn_process_resident(&s->process) > r->options->memory) {
        f->stop = HN_STOP_MEMORY;
        hn_process_kill(&s->process);
        s->killed = true;
    } else if (now >= s->deadline && f->stop == HN_STOP_NONE) {
        f->stop = HN_STOP_TIMEOUT;
        s->deadline = now + GRACE;
        hn_process_signal(&s->process, SIGQUIT);
    } else if (now >= s->deadline || now >= s->end_by) {
        hn_process_kill(&s->process);
        s->killed = true;
    }
}

/* Hands on every result whose turn it is. */
static void emit(struct runner *r)
{
    struct hn_result **turn = &r->waiting[r->next_out % WINDOW];

    while (*turn && !r->end->gave_up) {
        struct hn_result *result = *turn;
        *turn = NULL;
        r->next_out++;
        if (!r->sink->result(r->sink, result))
            r->end->gave_up = true;
        turn = &r->waiting[r->next_out % WINDOW];
    }
}

/* One more run is done. */
static void count(struct hn_progress *p, enum hn_judgement judged)
{
    p->done++;
    p->active--;
    if (judged == HN_AS_EXPECTED)
        p->as_expected++;
    else if (judged == HN_UNDECIDED)
        p->undecided++;
    else
        p->not_expected++;
}

/* Nothing will be told of it. */
static void drop(struct runner *r, struct slot *s)
{
    hn_process_kill(&s->process);
    hn_process_reap(&s->process);
    hn_process_close(&s->process);
    for (int c = 0; c < HN_FROM_COUNT; c++)
        hn_capture_free(&s->from[c]);
    free(s->finished.replay);
    s->used = false;
    progress(r)->active--;
}

/*
 * The child has ended. Its pipes are emptied only when its strays are dead,
 * too: until then they may still be written to.
 */
static void finish(struct runner *r, struct slot *s)
{
    struct hn_result *result;

    if (s->killed && s->finished.stop == HN_STOP_NONE)
        s->finished.stop = HN_STOP_INTERRUPT;
    s->finished.ending = hn_process_reap(&s->process);
    s->finished.wall = hn_now_ns() - s->started;
    for (int c = 0; c < HN_FROM_COUNT; c++)
        drain(s, c);
    hn_process_close(&s->process);
    result = hn_result_make(&s->finished);
    for (int c = 0; c < HN_FROM_COUNT; c++)
        hn_capture_free(&s->from[c]);
    s->used = false;
    if (!result) {
        free(s->finished.replay);
        r->error = -ENOMEM;
        snprintf(r->end->why, sizeof(r->end->why), "out of memory");
        return;
    }
    if (s->finished.stop == HN_STOP_INTERRUPT && !hn_result_explored(result)) {
        r->end->late++;
        progress(r)->active--;
        hn_result_free(result);
        return;
    }
    count(progress(r), result->judged);
    r->waiting[s->index % WINDOW] = result;
    emit(r);
    tell(r);
}

/* Until the next deadline or look at memory, in ms, rounded up. */
static int poll_timeout(const struct runner *r, int64_t now)
{
    int64_t next = now + TICK_MS * INT64_C(1000000);

    for (int i = 0; i < r->options->jobs; i++) {
        const struct slot *s = &r->slots[i];
        if (s->used && !s->killed && s->deadline < next)
            next = s->deadline;
    }
    return next <= now ? 0 : (int)((next - now + 999999) / 1000000);
}

/*
 * Everything to wait for, packed: poll refuses more entries than a process may
 * have descriptors, also when most of them are empty.
 */
static nfds_t fill_fds(struct runner *r)
{
    nfds_t n = 0;

    r->fds[n++] = (struct pollfd){.fd = r->signals, .events = POLLIN};
    for (int i = 0; i < r->options->jobs; i++) {
        struct slot *s = &r->slots[i];
        for (int c = 0; s->used && c < SLOT_FDS; c++) {
            int fd = c < HN_FROM_COUNT ? s->process.from[c] : s->process.pidfd;
            s->at[c] = fd < 0 ? -1 : (int)n;
            if (fd >= 0)
                r->fds[n++] = (struct pollfd){.fd = fd, .events = POLLIN};
        }
    }
    return n;
}

/* Whether poll has seen something on one of a slot's descriptors. */
static bool ready(const struct runner *r, const struct slot *s, int c)
{
    return s->at[c] >= 0 && r->fds[s->at[c]].revents;
}

/* One slot, after a poll: first its words, then its end or its limits. */
static void serve(struct runner *r, struct slot *s, int64_t now)
{
    if (!s->used)
        return;
    for (int c = 0; c < HN_FROM_COUNT; c++) {
        if (ready(r, s, c))
            drain(s, c);
    }
    if (ready(r, s, HN_FROM_COUNT))
        finish(r, s);
    else
        watch(r, s, now);
}

/* There is more to do, and nothing says stop. */
static bool going_on(const struct runner *r)
{
    const struct hn_progress *p = &r->end->last;

    return r->error == 0 && !r->at_once && !r->end->gave_up &&
           (p->active > 0 || (r->end->signal == 0 && r->next_start < p->runs));
}

/* Nothing begins any more, and what is under way ends. */
static void interrupt(struct runner *r, int sig, int64_t now)
{
    if (r->end->signal != 0) {
        r->at_once |= now - r->interrupted >= AGAIN; /* N3 */
        return;
    }
    r->end->signal = sig;
    r->interrupted = now;
    for (int i = 0; i < r->options->jobs; i++) {
        struct slot *s = &r->slots[i];
        if (s->used && s->searches) {
            s->end_by =
                now + (hn_process_hears(&s->process) ? HN_INTERRUPT_GRACE
                                                     : HN_INTERRUPT_REST);
            hn_process_interrupt(&s->process);
        } else if (s->used) {
            drop(r, s);
        }
    }
}

/* One that has come, or 0. */
static int signal_of(const struct runner *r)
{
    struct signalfd_siginfo got;

    return read(r->signals, &got, sizeof(got)) == (ssize_t)sizeof(got)
               ? (int)got.ssi_signo
               : 0;
}

/* Waits for something to happen; the signal that came, or 0. */
static int wait_for(struct runner *r)
{
    int n = poll(r->fds, fill_fds(r), poll_timeout(r, hn_now_ns()));

    if (n < 0 && errno != EINTR) {
        r->error = -errno;
        snprintf(r->end->why, sizeof(r->end->why), "cannot poll: %s",
                 strerror(errno));
    }
    return n > 0 && r->fds[0].revents ? signal_of(r) : 0;
}

static void loop(struct runner *r)
{
    start_more(r);
    while (going_on(r)) {
        int sig = wait_for(r);
        int64_t now = hn_now_ns();
        r->look = now - r->looked >= TICK_MS * INT64_C(1000000);
        if (r->look)
            r->looked = now;
        for (int i = 0; i < r->options->jobs && r->error == 0; i++)
            serve(r, &r->slots[i], now);
        if (sig != 0)
            interrupt(r, sig, now);
        if (now - r->told > PROGRESS_MS * INT64_C(1000000))
            tell(r);
        if (going_on(r) && r->end->signal == 0)
            start_more(r);
    }
}

/* What is still there when the loop was left early; then what waits for it. */
static void abandon(struct runner *r)
{
    for (int i = 0; i < r->options->jobs; i++) {
        if (r->slots[i].used)
            drop(r, &r->slots[i]);
    }
    for (; r->next_out < r->next_start && !r->end->gave_up; r->next_out++)
        emit(r);
    for (size_t i = 0; i < WINDOW; i++)
        hn_result_free(r->waiting[i]);
}

/* What has come by now is answered by what follows, whoever sent it again; it
   must not end us while that is written. */
static void answer(struct runner *r)
{
    int sig;

    while ((sig = signal_of(r)) != 0)
        r->end->signal = r->end->signal ? r->end->signal : sig;
}

/* Those that end the whole; what is ignored from the start, as nohup has it,
   stays so: blocked, it would be read all the same. */
static void ours_among(const int *all, size_t n, sigset_t *ours)
{
    struct sigaction is;

    sigemptyset(ours);
    for (size_t i = 0; i < n; i++)
        if (sigaction(all[i], NULL, &is) == 0 && is.sa_handler != SIG_IGN)
            sigaddset(ours, all[i]);
}

int hn_runner_run(const struct hn_suite *suite,
                  const struct hn_options *options, bool graph,
                  struct hn_sink *sink, struct hn_run_end *end)
{
    struct runner *r = calloc(1, sizeof(*r));
    sigset_t ours, before;
    int err = -ENOMEM;

    *end = (struct hn_run_end){.last.runs = suite->n * (size_t)options->repeat};
    /* an interrupt must not leave children behind: it is read, not obeyed */
    ours_among((const int[]){SIGINT, SIGTERM, SIGHUP}, 3, &ours);
    sigprocmask(SIG_BLOCK, &ours, &before);
    if (r) {
        size_t jobs = (size_t)options->jobs;
        r->slots = calloc(jobs, sizeof(*r->slots));
        r->fds = calloc(1 + jobs * SLOT_FDS, sizeof(*r->fds));
    }
    if (r && r->slots && r->fds) {
        r->suite = suite;
        r->options = options;
        r->sink = sink;
        r->end = end;
        r->graph = graph;
        r->began = hn_now_ns();
        r->signals = signalfd(-1, &ours, SFD_CLOEXEC | SFD_NONBLOCK);
        loop(r);
        abandon(r);
        answer(r);
        close(r->signals);
        err = r->error;
    }
    sigprocmask(SIG_SETMASK, &before, NULL);
    if (r) {
        free(r->slots);
        free(r->fds);
    }
    free(r);
    return err;
}
