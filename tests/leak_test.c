/* leak_test.c - what is left when main has ended is classed by what keeps it. */
#include "runtime/monitor/leak.h"

#include <criterion/criterion.h>

#include "tests/made.h"

/* One goroutine waits on a channel; main has ended, nobody else is there. */
static uint32_t lonely(struct made *m)
{
    uint32_t g, c;

    made_new(m);
    m->in.main_ended = 1;
    c = made_object(m, GO_KIND_CHAN, "c");
    g = made_g(m, GO_WAIT_CHAN_RECV);
    m->g[g].id = 5;
    made_wait(m, g, c, GO_WANT_SEND);
    return g;
}

Test(leak, alone_on_a_channel_is_proven)
{
    struct made m;
    struct mon_findings f;

    lonely(&m);
    made_find(&m, &f);
    cr_assert(f.n == 1 && f.list[0].verdict == GO_VERDICT_LEAK);
    cr_assert(f.list[0].proven && f.leaked == 1 && f.left == 0);
    made_free(&m);
}

Test(leak, with_somebody_alive_a_channel_is_left)
{
    struct made m;
    struct mon_findings f;
    uint32_t sleeper;

    lonely(&m);
    sleeper = made_g(&m, GO_WAIT_SLEEP);
    m.g[sleeper].until = 1000;
    made_find(&m, &f);
    cr_assert(f.leaked == 0 && f.left == 2 && f.n == 2);
    cr_assert(f.fate[0] == MON_FATE_WAITS);
    cr_assert(f.fate[sleeper] == MON_FATE_TIMER);
    made_free(&m);
}

Test(leak, every_way_to_be_alive_has_its_class)
{
    static const struct {
        uint8_t state, fate;
    } way[] = {{GO_STATE_RUNNABLE, MON_FATE_RUNNABLE},
               {GO_STATE_RUNNING, MON_FATE_RUNNING},
               {GO_STATE_EXTERNAL, MON_FATE_EXTERNAL}};

    for (unsigned i = 0; i < sizeof(way) / sizeof(way[0]); i++) {
        struct made m;
        struct mon_findings f;
        uint32_t g = lonely(&m);

        m.g[g].state = way[i].state;
        made_find(&m, &f);
        cr_assert(f.fate[g] == way[i].fate && f.left == 1);
        cr_assert(f.list[0].verdict == GO_VERDICT_LEFT);
        cr_assert((f.list[0].shape == GO_SHAPE_EXTERNAL) ==
                  (way[i].fate == MON_FATE_EXTERNAL));
        made_free(&m);
    }
}

Test(leak, armed_timer_channel_keeps_its_receiver)
{
    struct made m;
    struct mon_findings f;
    uint32_t g = lonely(&m);

    m.o[0].timer = m.o[0].armed = 1;
    made_find(&m, &f);
    cr_assert(f.fate[g] == MON_FATE_TIMER && f.left == 1 && !f.leaked);
    made_free(&m);
}

Test(leak, daemons_are_not_counted_but_are_life)
{
    struct made m;
    struct mon_findings f;
    uint32_t g = lonely(&m), daemon = made_g(&m, GO_WAIT_NONE);

    m.g[daemon].daemon = 1;
    made_find(&m, &f);
    cr_assert(f.left == 1 && f.leaked == 0 && f.fate[g] == MON_FATE_WAITS);
    cr_assert(f.finding[daemon] == GO_NOWHERE);
    made_free(&m);
}

Test(leak, stuck_daemon_is_no_finding)
{
    struct made m;
    struct mon_findings f;

    m.g[lonely(&m)].daemon = 1;
    made_find(&m, &f);
    cr_assert(f.n == 0 && f.verdict == GO_VERDICT_CLEAN);
    cr_assert(f.leaked == 0 && f.left == 0 && f.stuck == 0);
    made_free(&m);
}

Test(leak, stuck_lock_is_proven_whoever_else_lives)
{
    struct made m;
    struct mon_findings f;

    made_abba(&m);
    m.g[0].state = GO_STATE_RUNNING;
    m.in.main_ended = 0;
    made_find(&m, &f);
    cr_assert(f.n == 1 && f.list[0].verdict == GO_VERDICT_LEAK);
    cr_assert(f.leaked == 2 && f.stuck == 2 && !f.main_stuck);
    made_free(&m);
}
