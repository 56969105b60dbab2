/*
 * control.h - who decides the schedule: the controlled mode, as plain data.
 *
 * A controlled run has one thread. Every goroutine stands at its next
 * operation, announced and not yet done; an operation that can be done now is
 * a step, and who drives the run is asked which one is taken. So a goroutine
 * that is blocked and one that has not come so far look the same, which they
 * are, and all that can happen at a moment is a list.
 *
 * Goroutines are called by what spawned them, so that names survive other
 * schedules: main is task 0, and each (parent, how many it spawned before) has
 * one number for as long as the process lives (go_task_path spells it).
 */
#ifndef VIGIL_CONTROL_H
#define VIGIL_CONTROL_H

#include <vigil/inspect.h>

/* What a goroutine is about to do; spelled by go_op_text. Tokens are hashed by
   these numbers: a new one comes last. */
enum go_op {
    GO_OP_NONE,
    GO_OP_LOCK,    /* also to lock again after a condition */
    GO_OP_TRYLOCK, /* also of a rwmutex, to write */
    GO_OP_UNLOCK,  /* of any lock; a step only where somebody tries */
    GO_OP_RLOCK,
    GO_OP_TRYRLOCK,
    GO_OP_WLOCK, /* takes the writer's slot; readers may have to leave yet */
    GO_OP_SEND,
    GO_OP_RECV,
    GO_OP_TRYSEND,
    GO_OP_TRYRECV,
    GO_OP_SELECT,
    GO_OP_CLOSE,
    GO_OP_LEN,
    GO_OP_ADD, /* to a group that counts 0 */
    GO_OP_WAIT,
    GO_OP_COND_WAIT, /* joins the queue and unlocks */
    GO_OP_SIGNAL,
    GO_OP_BROADCAST,
    GO_OP_ACQUIRE,
    GO_OP_TRYACQUIRE,
    GO_OP_RELEASE, /* a step only where somebody tries */
    GO_OP_ONCE,
    GO_OP_BARRIER,
    GO_OP_CANCEL, /* of a context; also to free it */
    GO_OP_ERR,    /* asks a context whether it is cancelled */
    GO_OP_TIMER,  /* stop, reset, free */
    GO_OP_SLEEP,
    GO_OP_YIELD,
    GO_OP_LOAD, /* of an atomic */
    GO_OP_STORE,
    GO_OP_UPDATE, /* add, swap, compare and swap */
    GO_OP_READ,   /* plain ones, of instrumented code: once there is a race */
    GO_OP_WRITE,
    GO_OP_CLOCK,   /* no task: time goes on to the earliest timer */
    GO_OP_CONTEXT, /* one is made below one that may be cancelled */
    GO_OP_IO,      /* asks or tells the kernel something, mostly of a
                      descriptor; of all of them the object is one */
    GO_OP_ASK,     /* the same: what is asked for may not be there, and then
                      nothing changes */
    GO_OP_COUNT
};
GO_API const char *go_op_text(enum go_op op);

/* What a task stands at, whether or not it can be done. */
struct go_point {
    uint32_t task;
    uint16_t op;                 /* enum go_op */
    bool otherwise;              /* a try, or a select with a default */
    const void *object;          /* its address, NULL: none */
    uint32_t size;               /* of memory that it reads or writes, there */
    const struct go_case *cases; /* of channels, else NULL; gone when it has
                                    been done */
    uint32_t ncase;
    const struct go_site *site;
    uint64_t goroutine; /* its id in reports */
};

/* Something that can be done now. */
struct go_step {
    const struct go_point *point; /* NULL: the clock */
    int32_t which;         /* a select's case, or which of who wait is woken;
                              -1: there is one way */
    uint32_t partner;      /* the task that it meets or wakes, GO_NOWHERE */
    int32_t partner_which; /* a case of that one's select, or -1 */
};

/* How an execution ended. */
enum go_end {
    GO_END_CLEAN,    /* main has returned, and nobody is left but daemons */
    GO_END_LEFT,     /* it has, and somebody is */
    GO_END_STUCK,    /* it has not: nothing can happen any more */
    GO_END_PANIC,    /* nobody caught it */
    GO_END_LIVELOCK, /* the driver has shown that some go round for ever */
    GO_END_LEAK,     /* main goes on, so it is cut off; others are stuck */
    GO_END_BOUND,    /* too many steps, or nothing but the clock moves */
};

/* What went on by no step, and nobody was asked; a set. */
enum go_unasked {
    /* time, while others could: somebody polls it, or all wait in loops */
    GO_UNASKED_CLOCK = 1,
    /* goroutines, in turn: main has returned, and they have only looked for
       long */
    GO_UNASKED_TURNS = 2,
    /* time, for what others than goroutines do */
    GO_UNASKED_THREADS = 4,
    /* a goroutine: there are no more numbers for tasks, so it is cut off */
    GO_UNASKED_CROWD = 8,
    /* what comes from outside: by I/O, out of calls in go_blocking, by threads
       of the program's own; in whatever order it came */
    GO_UNASKED_OUTSIDE = 16,
    /* what the kernel says to calls of the program's own: on more than their
       order may that depend */
    GO_UNASKED_KERNEL = 32,
    /* what a library does with a lock that goroutines use */
    GO_UNASKED_LIBRARY = 64,
    /* nothing: what is waited for comes from outside, if at all, and has not
       for so long, so it is cut off */
    GO_UNASKED_SILENCE = 128,
};
enum {
    GO_SILENCE = 2 /* s of real time */
};

struct go_execution {
    enum go_end end;
    uint64_t steps;
    int64_t clock;    /* virtual, at its end */
    bool timers;      /* one was armed: a different one could have been early */
    unsigned unasked; /* enum go_unasked */
    bool looked;      /* not BOUND: some could have gone on. A look has proven
                           that they change nothing; or main has returned, and
                           their time is up */
    bool stuck;       /* a look has proven that some can never run again: if
                           one was taken, struct go_control's unsure */
    bool settled;     /* who is left waits for what comes from outside, and did
                           for as long as it may take, which is real time */
    bool waits;       /* BOUND: main waits, and has for half of it, and for no
                           time; and only daemons go on, or it is cut
                           off in silence */
    uint64_t goroutine; /* that panicked */
    const char *panic;  /* its message, gone when over returns; NULL: none */
    const struct go_site *site; /* where it did */
};

/* What is done without a step, but orders steps of different tasks. */
enum go_note {
    GO_NOTE_SPAWN,   /* task made other */
    GO_NOTE_RELEASE, /* task gave object: a lock, a count; or closed
                        it, a context's channel */
    GO_NOTE_RUNLOCK, /* the same of a read lock, of which there may be more */
    GO_NOTE_UNITS,   /* the same of a semaphore's */
    GO_NOTE_ADD,     /* task added to object, a group that did not count 0 */
    GO_NOTE_TOUCH,   /* task freed or handed over object, or unlocked what
                        was not its own */
    GO_NOTE_WAKE,    /* other goes on for what task did: it waited within its
                        step, or will not wait after the one that it is at */
    GO_NOTE_CLOCK,   /* nothing could be done, so time goes on: no task */
    GO_NOTE_END,     /* task has ended */
    GO_NOTE_COUNT,   /* task made one more of object, which is counted */
    GO_NOTE_FAILED,  /* task tried object, or compared and swapped it, and did
                        not get it: its last step */
    GO_NOTE_GOT,     /* task's last step has changed something after all */
    GO_NOTES
};

typedef void go_note_fn(void *arg, enum go_note note, uint32_t task,
                        const void *object, uint32_t other);

/*
 * What else is a step, from the moment on when somebody could see the
 * difference: which depends on the program, and is not known before. It goes
 * on to the end of the run, unless its executions are to be alike.
 */
enum go_more {
    GO_MORE_RELEASES = 1,  /* of locks and units: somebody tries */
    GO_MORE_ADDS = 2,      /* to groups that count: others than who adds wait */
    GO_MORE_GROUPS = 4,    /* all that is done to groups: they are misused */
    GO_MORE_ACCESSES = 8,  /* plain ones, but to stacks: some of them race */
    GO_MORE_ARRIVALS = 16, /* every operation is begun when its turn comes, and
                              waits in its queue: asked for, never learnt */
    GO_MORE_STACKS = 32,   /* plain accesses to stacks: some of them race */
    GO_MORE_COUNTS = 64,   /* that goroutines begin and end: somebody counts
                              them */
    GO_MORE_HANDLED = 128, /* none any more are calls of the C library's by
                              which the kernel is asked: handlers of signals
                              may ask, in the middle of whatever goes on */
    GO_MORE_ALL = 255,
};

/*
 * A data race: two accesses to the same memory, one of them a write and not
 * both atomic, that nothing orders. Seen in code that was compiled with
 * -fsanitize=thread, and linked with vigil instead of that sanitizer. Or a use
 * after free.
 */
struct go_access {
    uint32_t task;
    uint64_t goroutine;
    const struct go_site *created; /* NULL: main */
    uint64_t created_by;
    const struct go_site *site; /* its pc: go_site_find */
    const void *address;
    uint32_t size;
    bool write, atomic;
    bool freed; /* the block that begins there, or resized it: a write of it */
};
struct go_race {
    struct go_access first, second;
    bool used; /* no race: the first has freed the block, and it was not given
                  anew, when the second came to it */
};

/* A choice of an execution before, where this one is to be the same. */
struct go_known {
    uint32_t n; /* steps on offer; 0: it is another kind of choice */
    uint32_t k; /* which was taken: */
    uint32_t task;
    uint16_t op;        /* what it stood at, enum go_op, */
    const void *object; /* and of what */
};

/*
 * Choices that need not be asked for: any goroutine that has a step, all the
 * same likely; or what is known. The runtime makes such a one by itself while
 * each that has a step has one way, by no more than a word that says so, and
 * the step is of an operation that is in ops. Else choose is asked, and nothing
 * was drawn for it; and also where what was known is not what is there.
 */
struct go_draw {
    uint64_t *state; /* of go_draw_below, at each choice of more than one */
    const struct go_known *known; /* instead: choice i is known[i]; else NULL */
    uint32_t nknown;              /* and of any other choose is asked */
    uint64_t ops;                 /* bit (enum go_op) */
    uint64_t done;    /* the same of those that were drawn, added to */
    uint32_t left;    /* so many, then choose is asked; less by those that were,
                         when it, number or over is called */
    uint32_t *n;      /* choices so far: one more, when */
    uint32_t *choice; /* choice[*n] is noted: which of the steps on offer */
};

/* splitmix64: three multiplications, and no memory but its state. */
static inline uint64_t go_draw_next(uint64_t *state)
{
    uint64_t x = *state += 0x9e3779b97f4a7c15u;

    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

/* Of such a number: 0..n-1, n >= 1; the bias of the multiplication is below
   n / 2^32. */
static inline uint32_t go_draw_scale(uint64_t number, uint32_t n)
{
    return (uint32_t)((number >> 32) * n >> 32);
}
static inline uint32_t go_draw_below(uint64_t *state, uint32_t n)
{
    return go_draw_scale(go_draw_next(state), n);
}

/*
 * Who drives a run. All but silent are called on the one thread, inside the
 * runtime: they call nothing of vigil's but what stands here. over and reset
 * have a thread's stack, the others mostly what a goroutine leaves of its own:
 * small frames.
 */
struct go_control {
    void *arg;
    /* Which of steps[0..n) is taken, n > 0. GO_NOWHERE: the execution ends
       here, GO_END_BOUND. The steps are gone when it returns. */
    uint32_t (*choose)(void *arg, const struct go_step *steps, uint32_t n);
    /* go_choose and its like: 0..n-1. */
    uint32_t (*number)(void *arg, uint32_t task, uint32_t n);
    /* Instead of choose, as far as it goes; NULL: never. An execution keeps to
       what stands here at its beginning, choose may fill it anew. */
    struct go_draw *draw;
    /* NULL: nobody wants to know. From an answer on after which the next choice
       is one of draw's nknown, to the next answer, nothing is told: it is what
       it was. */
    go_note_fn *note;
    /*
     * An execution is over. True: another one follows in the same run, from
     * the start. NULL: there is one execution, and when it is over, what is
     * left goes on by the ordinary rules to its verdict and report. In an
     * execution go_check proves nothing: it yields, and says 0.
     */
    bool (*over)(void *arg, const struct go_execution *e);
    /* Those who are left are stuck, or wait for a time, or for each other:
       whether it is to be known which. If so a look is taken before over is
       called. NULL: no. */
    bool (*unsure)(void *arg, const struct go_execution *e);
    /* Nobody can go on, but what is waited for comes from outside, and it has
       not for ns of real time: whether that is long enough, and the execution is
       cut off. Asked again and again, the first time with 0, by one thread at a
       time. NULL: after GO_SILENCE. A single execution waits on. */
    bool (*silent)(void *arg, int64_t ns);
    bool ends_silent; /* it does not: its run ends there, and tells who waits */
    /* The runtime has given back what the execution had: the program's memory
       is to be as it was at its start. NULL: it has none. */
    void (*reset)(void *arg);
    /* Vigil has made a descriptor for the program; NULL: nobody wants to know. */
    void (*opened)(void *arg, int fd);
    /* In instrumented code; NULL: nobody wants to know. A race was seen, for
       the first time in this execution at these bytes. Or there may be some
       that are not told: what was not watched, in some words that stay. */
    void (*race)(void *arg, const struct go_race *race);
    void (*unseen)(void *arg, const char *what);
    uint32_t early;   /* how often a timer may fire although something else can
                        be done, for an hour at most: 0 is quiescent time */
    uint64_t steps;   /* the most that an execution may have */
    uint32_t more;    /* enum go_more: from the beginning of the first one */
    bool alike;       /* and of each, whatever those before it have shown */
    bool look_late;   /* an execution is looked at only where it would be cut
                       off, or is at rest: a look asks the kernel */
    bool look_always; /* at each moment, whatever those before have cost: as
                         where there is but one execution */
};

/*
 * Within choose, over, silent: what task stands at, NULL: nothing. next: the first
 * task from that number on that stands somewhere, GO_NOWHERE: none.
 */
GO_API const struct go_point *go_control_point(uint32_t task);
GO_API uint32_t go_control_next(uint32_t task);
/*
 * Likewise the first task from that number on that has not ended, daemons
 * apart, and stands at no point: it sleeps, waits for a signal, or for ever.
 * Where, in *to, as far as that is known; GO_OP_NONE.
 */
GO_API uint32_t go_control_parked(uint32_t task, struct go_point *to);

/*
 * Within over: it is a daemon; or the execution was looked at, and it is one of
 * those that could have gone on. How far they came says nothing of the end.
 */
GO_API bool go_control_goes_on(uint32_t task);

/* Likewise what a channel holds, by its address or any handle to it. */
struct go_channel_state {
    size_t len, cap;
    bool closed;
};
struct go_chan;
GO_API void go_control_channel(const struct go_chan *c,
                               struct go_channel_state *state);
/* Likewise whether a timer is armed, and may fire early yet: where something
   else could be done. */
GO_API bool go_control_may_hurry(void);
/* Within choose: the timer that time goes on to next. False: there is none that
   anybody needs. */
struct go_due {
    int64_t in;                 /* virtual ns from now */
    const struct go_site *site; /* where it was made, NULL: not known */
    uint64_t goroutine;         /* that sleeps until then, 0: none */
};
GO_API bool go_control_due(struct go_due *to);
/*
 * At any time of a run: what else is a step by now, enum go_more. Choices are
 * counted by what is one: after an execution in which this has changed, they
 * mean something else in the next. A schedule is known only with what it began
 * with.
 */
GO_API uint32_t go_control_more(void);
/* Changes with every choice that is to be made. Any thread, any handler, any
   time. */
GO_API uint64_t go_control_moment(void);
/* Whether some of the program's code is instrumented. At any time. */
GO_API bool go_control_instrumented(void);

/*
 * For who tells of an execution; not within choose and its like, for they
 * allocate. A site that is only a pc, by debug information: what is not known
 * is NULL, or 0. Strings live for ever.
 */
GO_API void go_site_find(const struct go_site *site, struct go_site *to);
/* What an object is called that has no name: the variable that it lies in, as
   "&table+24", in to[0..n). False: it lies in none. */
GO_API bool go_variable_find(const void *at, char *to, size_t n);

/*
 * Within choose. Whether from the next choice on all who stand somewhere have
 * left their stacks first, so that these can be read; it costs two switches a
 * step. False again when an execution begins.
 */
GO_API void go_control_still(bool still);
/*
 * Within choose, in a still execution: calls each for all memory outside of
 * the program's own that what is done next can depend on; the same bytes in
 * the same pieces: the same state. What lies on stacks and is of nobody any
 * more is zeroed. False: that is not known, or more than this counts (a timer
 * is armed, a descriptor or a thread is waited for, a sanitizer is there).
 * What channels, contexts and timers hold is not told: who compares two
 * moments has seen that nothing was done to any between them.
 */
GO_API bool go_control_memory(void (*each)(void *arg, const void *low,
                                           size_t size),
                              void *arg);
/* Calls each for all memory that is the runtime's own, but its variables: what
   the program can see of that, it is told by operations. By address; false:
   there is more. */
GO_API bool go_control_own(void (*each)(void *arg, const void *low,
                                        size_t size),
                           void *arg);
/*
 * Within choose, which then returns GO_NOWHERE: the execution ends here, as
 * GO_END_LIVELOCK: these n tasks, 1 to GO_LIVELOCK_MAX, go round for ever.
 * how says what they do; it stays. deeds is the same for all that do the same,
 * also in another process. A single run ends with that verdict.
 */
enum {
    GO_LIVELOCK_MAX = 64
};
GO_API void go_control_livelock(const char *how, uint64_t deeds,
                                const uint32_t *tasks, uint32_t n);

/*
 * For debuggers: within choose, the step that is taken now is the one to stop
 * at. go_control_reached is called then, on the stack of the goroutine that
 * takes it, before it goes on; it does nothing, and is a place for a
 * breakpoint. Who has no task for it, as the clock, may call it as well.
 */
GO_API void go_control_watch(uint32_t task);
GO_API void go_control_reached(void);

/*
 * Who reads tokens: schedules as a word, which the runtime does not know. Set
 * while a library that does is loaded, as the harness is; then programs follow
 * VIGIL=replay=TOKEN.
 */
struct go_replayer {
    /* What drives the one execution that the token says, and is to be watched
       at the choice stop (GO_NOWHERE: as it likes). NULL: it is no token, and
       why says so in a line of at most n bytes. */
    const struct go_control *(*begin)(const char *token, uint32_t stop,
                                      char *why, size_t n);
    /* After the run. False: the token did not fit, likewise. */
    bool (*end)(char *why, size_t n);
};
GO_API void go_replayer_set(const struct go_replayer *by);

/*
 * How a task is spelled: a is main, b, c, ... what main spawned, in order (no
 * p, r, s, t); then a letter for each generation more: cb is the first that c
 * spawned. From the 22nd on its number in brackets: (21). More than eight of one
 * in a row as (b*9). What timers start begins with '*'. to: NUL terminated, cut
 * at n; how long it is in full. And back: GO_NOWHERE when there can be no such
 * task.
 */
GO_API size_t go_task_path(uint32_t task, char *to, size_t n);
GO_API uint32_t go_task_find(const char *path, size_t n);
/* Numbers below it were given out; main's always was. */
GO_API uint32_t go_task_count(void);
/* Whose child a task but main is, and which; and that child's number, GO_NOWHERE:
   there are too many. To give another process the same ones, in their order. */
GO_API uint32_t go_task_parent(uint32_t task, uint32_t *nth);
GO_API uint32_t go_task_child(uint32_t parent, uint32_t nth);
/* Whether a comes before b in the order of their paths. Not that of their
   numbers: those follow from what the process has seen before. */
GO_API bool go_task_before(uint32_t a, uint32_t b);

#endif
