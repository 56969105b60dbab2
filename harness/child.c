/*
 * child.c - the side of a run that is the scenario's own process.
 *
 * In:  arguments from runner.c, descriptors 3 to 7 from process.c. Out: the
 * report as JSON, text and DOT, each on its descriptor, the choices of a run
 * under control, and the outcome as one more line of JSON.
 *
 * H1  The expectation is not read here: detection must not know it.
 * H2  The descriptors between us and the harness are kept from the scenario
 *     (vigil/descriptor.h). Who closes them all the same has no verdict.
 */
#include "harness/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>
#include <vigil/crash.h>
#include <vigil/descriptor.h>
#include <vigil/inspect.h>

#include "harness/explore/perform.h"
#include "harness/explore/room.h"
#include "harness/process.h"
#include "harness/registry.h"

enum {
    REPORT_FD = 3, /* as process.c lays them out */
    TEXT_FD,
    GRAPH_FD,
    TRACE_FD,
    PAGE = 4096,
    STACK = 64 * PAGE, /* more than a report takes */
};

bool hn_child_is(int argc, char **argv)
{
    return argc == HN_CHILD_ARGC && strcmp(argv[1], HN_CHILD_WORD) == 0;
}

/*
 * A process that does no harm: it dies with the harness, keeps its orphans
 * (process.c ends them), leaves no core file, and is the first to go when the
 * machine runs out of memory.
 */
static void behave(void)
{
    struct rlimit none = {0, 0};
    int fd;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    setrlimit(RLIMIT_CORE, &none);
    fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (fd >= 0) {
        if (write(fd, "1000", 4) != 4)
            fputs("vigil: the out-of-memory score stays as it is\n", stderr);
        close(fd);
    }
    /* what it has printed before a crash or a time-out is worth seeing */
    setvbuf(stdout, NULL, _IOLBF, 0);
}

/* The stack grows by itself, and where it can not that is a crash: so it grows
   now, when it can be asked for. */
static __attribute__((noinline)) void grow_stack(void)
{
    volatile char room[STACK];
    void *as_much = mmap(NULL, 2 * STACK, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    if (as_much == MAP_FAILED)
        hn_room_end("no memory for the stack");
    munmap(as_much, 2 * STACK);
    for (size_t i = sizeof(room); i > 0; i -= PAGE)
        room[i - 1] = 0;
}

static void tell_outcome(int fd, const struct go_outcome *o)
{
    int told =
        dprintf(fd,
                "{\"schema\":\"" HN_OUTCOME_SCHEMA "\",\"verdict\":\"%s\","
                "\"status\":%d,\"leaked\":%u,\"left\":%u,\"hints\":%u,"
                "\"clock_ns\":%lld,\"wall_ns\":%lld}\n",
                go_verdict_text(o->verdict), o->status, o->leaked, o->left,
                o->hints, (long long)o->clock, (long long)o->wall);

    if (told < 0 && errno == EBADF)
        hn_room_end("the scenario has closed descriptors of vigil's");
}

/* False: a goroutine has locked it for good, and exit would wait for that. */
static bool flush_output(void)
{
    if (ftrylockfile(stdout))
        return false;
    fflush(stdout);
    funlockfile(stdout);
    return true;
}

struct go_run hn_child_run(const struct go_scenario *s, struct go_site *site)
{
    *site = (struct go_site){
        .file = s->file, .func = s->name, .what = s->name, .line = s->line};
    return (struct go_run){.call = {.fn = s->body},
                           .site = site,
                           .settle = GO_SETTLE_SCENARIO,
                           .settle_for = hn_scenario_settle(s),
                           .clock_virtual = s->clock == GO_CLOCK_VIRTUAL,
                           .scenario = s->name,
                           .text_fd = -1,
                           .json_fd = -1,
                           .dot_fd = -1,
                           .report_left = true};
}

/* A channel of ours, if it is wanted; -1: it is not, and closed. */
static int keep_if(bool wanted, int fd)
{
    if (wanted)
        return go_descriptor_keep(fd);
    close(fd);
    return -1;
}

/* Before any run: what of the process is ours, and who speaks where. */
static void prepare(struct go_run *run, struct hn_plan *plan, char **argv)
{
    bool graph = strcmp(argv[HN_CHILD_GRAPH], "graph") == 0;

    behave();
    run->procs = atoi(argv[HN_CHILD_PROCS]);
    run->seed = strtoull(argv[HN_CHILD_SEED], NULL, 10);
    if (plan->kind == HN_PLAN_NONE) /* others have a token to it, or nothing */
        run->replay = argv[HN_CHILD_REPLAY];
    run->json_fd = hn_room_fd = go_descriptor_keep(REPORT_FD);
    go_crash_refused(hn_room_end);
    grow_stack();
    run->text_fd = go_descriptor_keep(TEXT_FD);
    run->dot_fd = keep_if(graph, GRAPH_FD);
    plan->trace_fd = keep_if(plan->save, TRACE_FD);
    plan->interrupt_fd =
        keep_if(plan->kind == HN_PLAN_EXPLORE, HN_INTERRUPT_FD);
}

int hn_child_main(char **argv)
{
    const struct go_scenario *s = hn_registry_find(argv[HN_CHILD_NAME]);
    struct go_outcome outcome = {0};
    struct hn_plan plan;
    struct go_site site;
    struct go_run run;
    bool flushed;
    int status;

    if (!s) {
        fprintf(stderr, "no scenario '%s'\n", argv[HN_CHILD_NAME]);
        return 2;
    }
    if (!hn_plan_read(argv[HN_CHILD_PLAN], &plan)) {
        fprintf(stderr, "no plan '%s'\n", argv[HN_CHILD_PLAN]);
        return 2;
    }
    run = hn_child_run(s, &site);
    run.outcome = &outcome;
    prepare(&run, &plan, argv);
    status = plan.kind == HN_PLAN_NONE
                 ? go_run(&run)
                 : hn_perform(&run, &plan, argv[HN_CHILD_REPLAY]);
    flushed = flush_output();
    tell_outcome(run.json_fd, &outcome);
    hn_plan_free(&plan);
    if (!flushed)
        _exit(status);
    return status;
}
