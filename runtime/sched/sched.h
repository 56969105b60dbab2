/*
 * sched.h - a run from boot to halt, as the monitor above drives it.
 *
 * rt_boot, rt_run, then the world stands still and may be looked at, then
 * rt_halt. One run at a time in a process.
 */
#ifndef RT_SCHED_SCHED_H
#define RT_SCHED_SCHED_H

#include <vigil/control.h>

#include "runtime/sched/g.h"
#include "runtime/sched/m.h"
#include "runtime/sched/strangers.h"
#include "runtime/sched/threads.h"

/* Why rt_run came back. */
enum rt_end {
    RT_END_RETURNED, /* main returned, or all was let come to rest after it */
    RT_END_STUCK,    /* the monitor's quiescent or tick hook said so */
    RT_END_PANIC,    /* nobody caught it: rt_panicked() */
    RT_END_LIVELOCK, /* who drives a controlled run has shown it */
    RT_END_LEAK,     /* it is cut off, main goes on, and others are stuck */
    RT_END_SILENT,   /* likewise, and nobody can go on but for what comes from
                        outside */
};

/* What a look proves, although somebody may go on. */
enum rt_proof {
    RT_PROOF_NONE,
    RT_PROOF_END,  /* main is stuck, or after its return all but daemons */
    RT_PROOF_LEAK, /* somebody is stuck, while main or, after its return,
                      others than daemons go on */
    RT_PROOF_WAITS /* nobody is: but main waits, and for no time; and only
                      daemons go on, who may wake it */
};

/*
 * What the scheduler asks of the monitor. All are called while nothing of
 * the program runs: the world may be looked at, nothing may park.
 */
struct rt_hooks {
    /*
     * Nobody runs, nobody is runnable. next: the earliest armed timer,
     * INT64_MAX for none. True ends the run (RT_END_STUCK while main lives).
     * Otherwise the clock goes on, if anything can.
     */
    bool (*quiescent)(bool main_ended, int64_t next);
    /* Likewise, of a controlled run that goes on: who can never run again. */
    enum rt_proof (*proves)(bool main_ended);
    /* Every tick_ns of real time, from the tick thread: nothing is stopped. */
    void (*tick)(void);
};

struct rt_config {
    int procs;
    uint64_t seed;
    bool clock_virtual;
    enum go_settle settle;
    go_duration settle_for; /* virtual time after main's end; -1: none */
    size_t stack_size;      /* bytes; 0: the default */
    bool scrub;             /* looks are taken: stacks leave nothing behind */
    const struct rt_hooks *hooks;
    const struct go_control *control; /* NULL: the parallel scheduler */
};

/* 0, or -errno with one line of why in *why. */
int rt_boot(const struct rt_config *config, const char **why);
/* Runs call as goroutine 1 until the end; the world is then stopped. */
enum rt_end rt_run(const struct go_call *call, const struct go_site *site);
uintptr_t rt_main_result(void); /* what main's function returned */
bool rt_main_exited(void);      /* main ended by go_exit: it did not return */
/* Gives back what the run had; nothing of it may be used any more. */
void rt_halt(void);
bool rt_running(void); /* between rt_boot and rt_halt */
const struct rt_config *rt_config(void);

/* The goroutine whose panic ended the run, and its message. */
struct g *rt_panicked(const char **message);

/* The worker that did not answer the stop that ended the run; NULL: none. */
struct m *rt_silent(void);

/*
 * Ends the run with the panic of g, the running goroutine, which nobody
 * caught; message must live on. Outside the runtime. Does not return.
 */
void rt_end_panicked(struct g *g, const char *message)
    __attribute__((noreturn));

/*
 * Stops everything that runs goroutines, at a place outside the runtime, and
 * keeps foreign threads out of it. False when a thread did not answer in
 * time: then what was stopped stays so, and *silent names that worker. From
 * any thread but a running goroutine's own... see world.c; rt_world_start
 * undoes it. Not nested.
 */
bool rt_world_stop(struct m **silent);
void rt_world_start(void);
/* Instead of rt_world_start, from the tick hook: ends the run, RT_END_STUCK. */
void rt_end_stuck(void);
/* Whether a worker had to be stopped inside the C library: it may hold the
   lock of the heap until the world goes on. While the world is stopped. */
bool rt_world_stopped_in_libc(void);
/* Or with the lock of the loader: nobody may unwind a stack until then. */
bool rt_world_stopped_in_loader(void);
/* A function of the library that malloc is in, when that is not the C library;
   0: it is. A worker is not stopped in there either, if that can be helped. */
void rt_world_heap_is_at(uintptr_t function);
/* Every worker, by all_next; while the world is stopped. */
struct m *rt_m_first(void);
/* Calls in flight in go_blocking. [atomic] */
uint32_t rt_blocking_calls(void);
/* Registers what gives back a room's things when a run ends: called by
   rt_halt, in the order of registration. From constructors; at most 16. */
void rt_at_halt(void (*fn)(void));

/* Goroutines that exist: exact where nobody comes or goes meanwhile. Takes the
   sched lock; within rt_enter, or under the world lock. */
uint32_t rt_g_count(void);

#endif
