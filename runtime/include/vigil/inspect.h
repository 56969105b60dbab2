/*
 * inspect.h - what a monitor reads: one moment of a run, as plain data.
 *
 * A snapshot lists goroutines, what they wait on, and who owns what; the
 * graph and its reduction work on it and on nothing else, so they can be
 * tested on made-up graphs. Indices, not pointers: a snapshot can be copied
 * out of a process. All memory belongs to the snapshot's maker; strings live
 * as long as the run.
 */
#ifndef VIGIL_INSPECT_H
#define VIGIL_INSPECT_H

#include <stdio.h>
#include <vigil/object.h>
#include <vigil/time.h>

#define GO_NOWHERE UINT32_MAX /* no such index */

/* Why a goroutine does not run, in Go's words (go_wait_reason_text). */
enum go_wait_reason {
    GO_WAIT_NONE,
    GO_WAIT_CHAN_RECV,     /* chan receive */
    GO_WAIT_CHAN_RECV_NIL, /* chan receive (nil chan) */
    GO_WAIT_CHAN_SEND,     /* chan send */
    GO_WAIT_CHAN_SEND_NIL, /* chan send (nil chan) */
    GO_WAIT_SELECT,        /* select */
    GO_WAIT_SELECT_EMPTY,  /* select (no cases) */
    GO_WAIT_SLEEP,         /* sleep */
    GO_WAIT_MUTEX,         /* sync.Mutex.Lock */
    GO_WAIT_RWMUTEX_RLOCK, /* sync.RWMutex.RLock */
    GO_WAIT_RWMUTEX_LOCK,  /* sync.RWMutex.Lock */
    GO_WAIT_WAITGROUP,     /* sync.WaitGroup.Wait */
    GO_WAIT_COND,          /* sync.Cond.Wait */
    GO_WAIT_ONCE,          /* sync.Once.Do */
    GO_WAIT_SEMAPHORE,     /* semacquire */
    GO_WAIT_BARRIER,       /* barrier wait */
    GO_WAIT_ERRGROUP,      /* errgroup.Group.Wait */
    GO_WAIT_IO,            /* IO wait */
    GO_WAIT_BLOCKING,      /* syscall: in go_blocking */
    GO_WAIT_COUNT
};
GO_API const char *go_wait_reason_text(enum go_wait_reason reason);

enum go_state {
    GO_STATE_RUNNABLE, /* ready, not on a worker */
    GO_STATE_RUNNING,
    GO_STATE_WAITING,  /* parked, on waits[] */
    GO_STATE_EXTERNAL, /* in go_blocking, or parked on a descriptor */
    GO_STATE_FOREIGN,  /* a thread that is no goroutine, but holds something */
};

/* What a waiter wants of an object: the half that is missing. */
enum go_want {
    GO_WANT_SEND,    /* a receiver waits for a send or a close */
    GO_WANT_RECV,    /* a sender waits for a receive */
    GO_WANT_UNLOCK,  /* a lock, or a read lock's writer */
    GO_WANT_DONE,    /* wait group, errgroup, once */
    GO_WANT_SIGNAL,  /* cond */
    GO_WANT_RELEASE, /* semaphore */
    GO_WANT_ARRIVE,  /* barrier */
    GO_WANT_READY,   /* descriptor */
};

/* One object that a goroutine waits on; a select has several (OR). */
struct go_inspect_wait {
    uint32_t object; /* index in objects[] */
    uint8_t want;    /* enum go_want */
    uint8_t shared;  /* a read lock is wanted */
    uint16_t spare;
    const struct go_site *site; /* of the case or call */
};

/* One lock that a goroutine holds, or a once that it runs. */
struct go_inspect_hold {
    uint32_t object;
    uint8_t shared;  /* a read lock */
    uint8_t pending; /* a writer that has the slot and waits for readers */
    uint16_t spare;
    const struct go_site *site; /* where it was taken */
};

struct go_inspect_goroutine {
    uint64_t id;
    const char *name; /* NULL: none */
    uint8_t state;    /* enum go_state */
    uint8_t reason;   /* enum go_wait_reason */
    uint8_t daemon;   /* go_expect_daemon */
    uint8_t system;   /* the runtime's own: never reported, never life */
    uint8_t proven;   /* stuck, by an earlier look: and so it stays */
    uint32_t member;  /* of this group: index in objects[], or GO_NOWHERE */
    int64_t since;    /* instant at which it stopped */
    int64_t until;    /* instant at which a timer wakes it, -1: none */
    const struct go_site *site;    /* of the call that it stopped in, or NULL */
    const struct go_site *created; /* of its go, NULL for main */
    uint64_t created_by;           /* goroutine, 0: main or a foreign thread */
    uint32_t wait, nwait;          /* waits[wait .. wait + nwait) */
    uint32_t hold, nhold;          /* holds[...) */
    uint32_t pc, npc;              /* pcs[...), innermost first */
    const void *entry;             /* its function */
};

/* Who used an object last, and how. */
enum go_did {
    GO_DID_SEND,
    GO_DID_RECV,
    GO_DID_CLOSE,
    GO_DID_LOCK,
    GO_DID_UNLOCK,
    GO_DID_RUNLOCK,
    GO_DID_ADD,
    GO_DID_DONE,
    GO_DID_SIGNAL,
    GO_DID_ACQUIRE,
    GO_DID_RELEASE,
    GO_DID_ARRIVE,
    GO_DID_CANCEL,
};
#define GO_INSPECT_USES 5
struct go_inspect_use {
    struct go_use by;
    uint8_t did; /* enum go_did */
};

struct go_inspect_object {
    uint8_t kind;   /* enum go_kind */
    uint8_t closed; /* a channel that is closed */
    uint8_t exact;  /* all who can wake its waiters are known: owners or
                       members; else anybody who can reach it (OR) */
    uint8_t nuse;
    uint8_t timer;   /* a timer's channel */
    uint8_t armed;   /* by a timer that is armed: life for who waits on it */
    uint8_t context; /* a context's done channel */
    uint8_t system;
    uint8_t labelled; /* its name is one that the program gave it */
    uint8_t disowned; /* a lock that says that it is held, which nobody does */
    uint32_t id;
    uint64_t says;    /* disowned: the goroutine that it names, 0: not known */
    const char *name; /* never NULL: label, or text, or "" */
    int64_t armed_until;        /* armed: the first instant, -1: not known */
    const char *type;           /* channel: text of T, else NULL */
    const struct go_site *born; /* may be NULL */
    /* channel: room, values; waitgroup: -, count; semaphore: -, units; barrier:
       size, arrived */
    int64_t cap, len;
    const void *address;
    const void *owner; /* whom a lock names; not to be followed, or NULL */
    uint32_t members;  /* of a group, that have not ended */
    struct go_inspect_use use[GO_INSPECT_USES];
};

/* An armed timer. */
struct go_inspect_timer {
    int64_t when;
    int64_t period;     /* 0: once */
    uint32_t object;    /* its channel in objects[], if anybody waits on it */
    uint32_t goroutine; /* that it wakes: a sleeper's index, or GO_NOWHERE */
    uint8_t calls;      /* starts a goroutine or calls a function: life */
    const struct go_site *site;
};

/* A goroutine that has ended: the fate of a last user. */
struct go_inspect_ended {
    uint64_t id;
    int64_t when;
    const struct go_site *site; /* of its last call into the runtime, or NULL */
    const char *name;
    const struct go_site *created; /* of its go, NULL for main */
    uint64_t created_by;           /* goroutine, 0: a foreign thread */
};

/* A lock still held by a goroutine that ended. */
struct go_inspect_abandoned {
    uint64_t goroutine;
    uint32_t object;
    uint8_t shared;
    const struct go_site *site; /* where it was locked */
};

/* What limits the claims: printed under detector:. */
struct go_inspect_limit {
    uint64_t goroutine; /* 0: none */
    char text[104];
};

struct go_inspect {
    struct go_inspect_goroutine *goroutines;
    struct go_inspect_object *objects;
    struct go_inspect_wait *waits;
    struct go_inspect_hold *holds;
    struct go_inspect_timer *timers;
    struct go_inspect_ended *ended;
    struct go_inspect_abandoned *abandoned;
    struct go_inspect_limit *limits;
    const void **pcs;
    uint32_t ngoroutine, nobject, nwait, nhold, ntimer, nended, nabandoned,
        nlimit, npc;
    int64_t now;  /* on the run's clock */
    int64_t slow; /* ns: who waits for so long is told of, though alive; 0:
                     nobody is asked for */
    uint64_t seed;
    uint32_t procs;
    uint8_t clock_virtual;
    uint8_t main_ended;   /* however: goroutine 1 is no more */
    uint8_t main_exited;  /* by go_exit: it did not return, so all asleep is
                             still a deadlock */
    uint8_t foreign_life; /* a foreign thread may reach anything inexact */
    uint8_t elsewhere;    /* somebody outside holds a handle */
    uint8_t left_cut;     /* abandoned may not have all that were left locked */
    uint8_t quiescent;    /* nothing ran and nothing was runnable */
};

/* What a look says of one run or one moment; verdict words of the README. */
enum go_verdict {
    GO_VERDICT_CLEAN,
    GO_VERDICT_DEADLOCK,
    GO_VERDICT_LEAK,
    GO_VERDICT_LEFT,
    GO_VERDICT_LIKELY,
    GO_VERDICT_SLOW,
    GO_VERDICT_LOCK_ORDER,
    GO_VERDICT_PANIC,
    GO_VERDICT_CRASH,
    GO_VERDICT_TIMEOUT,
    GO_VERDICT_LIVELOCK,
    GO_VERDICT_COUNT
};
GO_API const char *go_verdict_text(enum go_verdict verdict); /* lower case */

enum go_shape {
    GO_SHAPE_RING,
    GO_SHAPE_KNOT,
    GO_SHAPE_ORPHAN,
    GO_SHAPE_ABANDONED,
    GO_SHAPE_LEFT,
    GO_SHAPE_EXTERNAL,
    GO_SHAPE_ORDER,
    GO_SHAPE_PANIC,
    GO_SHAPE_LIVELOCK,
    GO_SHAPE_COUNT
};
GO_API const char *go_shape_text(enum go_shape shape);

/* The outcome of a run, for whoever started it. */
struct go_outcome {
    enum go_verdict verdict; /* the gravest */
    int status;              /* exit status that the rules ask for */
    uint32_t leaked;         /* proven never to run again, main and daemons
                                apart */
    uint32_t left;           /* left alive, daemons apart */
    uint32_t hints;          /* lock order */
    int64_t clock;           /* at the end, on the run's clock */
    int64_t wall;            /* ns */
    char panic[512];         /* the message, cut, or "" */
};

/* How to run: what VIGIL= sets for go_main, and a harness by itself. */
enum go_settle {
    GO_SETTLE_PROGRAM, /* main's return ends the program, as in Go */
    GO_SETTLE_SCENARIO /* the rest is let come to rest, then judged */
};
struct go_control; /* <vigil/control.h> */
struct go_run {
    struct go_call call;
    bool has_status; /* the function returns an int */
    const struct go_site *site;
    enum go_settle settle;
    go_duration settle_for; /* virtual time after main's return; -1: none */
    bool clock_virtual;
    int procs;                  /* 0: as VIGIL= says, else the machine's */
    uint64_t seed;              /* 0: drawn */
    const char *scenario;       /* name for reports, NULL: none */
    const char *replay;         /* one command that reproduces, NULL: none */
    int text_fd;                /* where the report goes as text, -1: nowhere */
    int json_fd;                /* vigil-report/1, one line; -1: nowhere */
    int dot_fd;                 /* the wait-for graph; -1: nowhere */
    struct go_outcome *outcome; /* filled at the end, may be NULL */
    bool report_left;           /* judge and report what is left at the end */
    const struct go_control *control; /* who decides the schedule, control.h:
                                         one worker, virtual time; NULL: the
                                         parallel scheduler */
};
/*
 * Runs a program to its verdict; go_main is this with the defaults. Returns
 * the exit status. One run at a time in a process; not from a goroutine.
 */
GO_API int go_run(const struct go_run *run);
/*
 * Whether VIGIL says only what go_run understands, and the program is built for
 * the same sanitizer as vigil; if not, one line on standard error has told what is
 * wrong and what would be right.
 */
GO_API bool go_settings_check(void);
/*
 * The token of VIGIL=replay=TOKEN, to be freed; NULL: there is none, or VIGIL
 * is wrong. go_main follows it by itself; go_run leaves it to its caller.
 * *stop, unless NULL: of stop=CHOICE, GO_NOWHERE when that is not said.
 */
GO_API char *go_settings_replay(uint32_t *stop);

#endif
