/*
 * runner.c - runs scenarios, several at a time, each in a process of its own.
 *
 * In:  a suite and the options. Out: a result a run, in order, to the sink.
 *
 * Method: one loop over poll, with a slot for each run that is under way
 * (running.c).
 *
 * An interrupt ends all at once, but for searches: what these have found by then
 * is worth to be told. They are asked for it, and have some seconds. A second
 * interrupt ends them, too.
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
#include "harness/running.h"

enum {
    WINDOW = 512, /* results that may wait for an earlier one */
    TICK_MS = 20, /* between two looks at memory */
    PROGRESS_MS = 100,
    SLOT_FDS = HN_FROM_COUNT + 1,
};
#define AGAIN INT64_C(200000000) /* ns, the least: N3 */

struct slot {
    struct hn_running run;
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

/* N2: it may go well when another run has given back what it holds. */
static bool passing(int err)
{
    return err == -EMFILE || err == -ENFILE || err == -EAGAIN || err == -ENOMEM;
}

/* The next one; 0, or -errno. */
static int start(struct runner *r, struct hn_running *run)
{
    int err =
        hn_running_start(run, r->suite, r->options, r->next_start, r->graph);

    if (err != 0)
        return err;
    r->next_start++;
    progress(r)->active++;
    progress(r)->latest = run->finished.scenario;
    return 0;
}

/* As many as there are slots for; N1, N2. */
static void start_more(struct runner *r)
{
    struct hn_progress *p = progress(r);

    for (int i = 0; i < r->options->jobs; i++) {
        struct hn_running *run = &r->slots[i].run;
        int err;
        if (run->used || r->next_start == p->runs ||
            r->next_start - r->next_out >= WINDOW)
            continue;
        err = start(r, run);
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
    hn_running_drop(&s->run);
    progress(r)->active--;
}

/* The child has ended. */
static void finish(struct runner *r, struct slot *s)
{
    struct hn_result *result = hn_running_finish(&s->run);

    if (!result) {
        r->error = -ENOMEM;
        return;
    }
    if (s->run.finished.stop == HN_STOP_INTERRUPT &&
        !hn_result_explored(result)) {
        r->end->late++;
        progress(r)->active--;
        hn_result_free(result);
        return;
    }
    count(progress(r), result->judged);
    r->waiting[s->run.index % WINDOW] = result;
    emit(r);
    tell(r);
}

/* Until the next deadline or look at memory, in ms, rounded up. */
static int poll_timeout(const struct runner *r, int64_t now)
{
    int64_t next = now + TICK_MS * INT64_C(1000000);

    for (int i = 0; i < r->options->jobs; i++) {
        const struct hn_running *run = &r->slots[i].run;
        if (run->used && !run->killed && run->deadline < next)
            next = run->deadline;
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
        const struct hn_process *p = &s->run.process;
        for (int c = 0; s->run.used && c < SLOT_FDS; c++) {
            int fd = c < HN_FROM_COUNT ? p->from[c] : p->pidfd;
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
    if (!s->run.used)
        return;
    for (int c = 0; c < HN_FROM_COUNT; c++) {
        if (ready(r, s, c))
            hn_running_drain(&s->run, c);
    }
    if (ready(r, s, HN_FROM_COUNT))
        finish(r, s);
    else
        hn_running_watch(&s->run, now, r->look);
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
        if (s->run.used && !hn_running_interrupt(&s->run, now))
            drop(r, s);
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
        if (r->slots[i].run.used)
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

/* An interrupt that is not heard would leave us blocked, and deaf to it. */
static void run_all(struct runner *r, const sigset_t *ours)
{
    r->began = hn_now_ns();
    r->signals = signalfd(-1, ours, SFD_CLOEXEC | SFD_NONBLOCK);
    if (r->signals < 0) {
        r->error = -errno;
        snprintf(r->end->why, sizeof(r->end->why),
                 "cannot wait for signals: %s", strerror(errno));
        return;
    }
    loop(r);
    abandon(r);
    answer(r);
    close(r->signals);
}

int hn_runner_run(const struct hn_suite *suite,
                  const struct hn_options *options, bool graph,
                  struct hn_sink *sink, struct hn_run_end *end)
{
    size_t jobs = (size_t)options->jobs;
    struct runner *r = calloc(1, sizeof(*r));
    struct slot *slots = calloc(jobs, sizeof(*slots));
    struct pollfd *fds = calloc(1 + jobs * SLOT_FDS, sizeof(*fds));
    sigset_t ours, before;
    int err = -ENOMEM;

    *end = (struct hn_run_end){.last.runs = suite->n * (size_t)options->repeat,
                               .why = "out of memory"};
    /* an interrupt must not leave children behind: it is read, not obeyed */
    ours_among((const int[]){SIGINT, SIGTERM, SIGHUP}, 3, &ours);
    sigprocmask(SIG_BLOCK, &ours, &before);
    if (r && slots && fds) {
        *r = (struct runner){.suite = suite,
                             .options = options,
                             .sink = sink,
                             .end = end,
                             .graph = graph,
                             .slots = slots,
                             .fds = fds};
        run_all(r, &ours);
        err = r->error;
    }
    sigprocmask(SIG_SETMASK, &before, NULL);
    free(slots);
    free(fds);
    free(r);
    return err;
}
