/* program_text.c - random programs for people to read. */
#include <stdarg.h>
#include <stdio.h>

#include "tests/oracle/program.h"

static const char *const verbs[V_COUNT] = {
    [V_LOCK] = "lock m%u",
    [V_UNLOCK] = "unlock m%u",
    [V_TRYLOCK] = "trylock m%u",
    [V_WLOCK] = "wlock",
    [V_WUNLOCK] = "wunlock",
    [V_TRYWLOCK] = "trywlock",
    [V_RLOCK] = "rlock",
    [V_RUNLOCK] = "runlock",
    [V_TRYRLOCK] = "tryrlock",
    [V_ADD] = "add %u",
    [V_DONE] = "done",
    [V_WAIT] = "wait",
    [V_COND_WAIT] = "cond wait",
    [V_SIGNAL] = "signal",
    [V_BROADCAST] = "broadcast",
    [V_ACQUIRE] = "acquire %u",
    [V_TRYACQUIRE] = "tryacquire %u",
    [V_RELEASE] = "release %u",
    [V_ONCE] = "once {",
    [V_ONCE_END] = "}",
    [V_BARRIER] = "barrier",
    [V_CANCEL] = "cancel %u",
    [V_DERIVE] = "context 2 below %u",
    [V_ERR] = "err %u",
    [V_SLEEP] = "sleep %u",
    [V_AFTER] = "recv after %u",
    [V_TICKS] = "%u ticks",
    [V_STOP] = "stop timer",
    [V_RESET] = "reset timer to %u",
    [V_LOAD] = "load x%u",
    [V_STORE] = "x%u = %u",
    [V_SWAP] = "swap x%u, %u",
    [V_BUMP] = "x%u += %u",
    [V_CAS] = "cas x%u from %u",
    [V_YIELD] = "yield",
    [V_CHOOSE] = "choose %u",
    [V_SPAWN] = "go %u",
    [V_MEMBER] = "group go %u",
    [V_LATER] = "go %u after %u",
};

struct text {
    char *to;
    size_t n, at;
};

static __attribute__((format(printf, 2, 3))) void say(struct text *x,
                                                      const char *fmt, ...)
{
    va_list ap;
    int n;

    va_start(ap, fmt);
    n = vsnprintf(x->at < x->n ? x->to + x->at : NULL,
                  x->at < x->n ? x->n - x->at : 0, fmt, ap);
    va_end(ap);
    x->at += n > 0 ? (size_t)n : 0;
}

static void say_place(struct text *x, unsigned place)
{
    static const char *const names[] = {"a",      "b",      "timer", "done 0",
                                        "done 1", "done 2", "nil"};

    say(x, "%s", names[place]);
}

static void say_op(struct text *x, const struct op *o)
{
    static const char *const halves[] = {
        [V_SEND] = "send ",       [V_RECV] = "recv ",
        [V_TRYSEND] = "trysend ", [V_TRYRECV] = "tryrecv ",
        [V_CLOSE] = "close ",     [V_LEN] = "len "};

    if (o->verb == V_SELECT) {
        say(x, "select {");
        for (unsigned k = 0; k < o->ncase; k++) {
            say(x, k ? ", %s " : "%s ", o->way[k].send ? "send" : "recv");
            say_place(x, o->way[k].place);
        }
        say(x, o->otherwise ? ", default}" : "}");
    } else if (verbs[o->verb]) {
        say(x, verbs[o->verb], o->a, o->b);
    } else {
        say(x, "%s", halves[o->verb]);
        say_place(x, o->a);
    }
}

size_t program_text(const struct program *p, char *to, size_t n)
{
    struct text x = {to, n, 0};

    say(&x,
        "seed %lu: a cap %u, b cap %u, semaphore %u, group %u, timer %u, "
        "contexts within %u %u\n",
        (unsigned long)p->seed, p->cap[0], p->cap[1], p->units, p->count,
        p->timer, p->within[0], p->within[1]);
    for (unsigned t = 0; t < p->ntask; t++) {
        say(&x, "  task %u:", t);
        for (unsigned i = 0; i < p->nop[t]; i++) {
            say(&x, i ? "; " : " ");
            say_op(&x, &p->op[t][i]);
        }
        say(&x, "\n");
    }
    return x.at;
}
