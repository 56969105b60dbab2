/* certificate_test.c - who could have woken, and what became of each. */
#include "runtime/monitor/certificate.h"

#include <criterion/criterion.h>

#include "runtime/monitor/sight.h"
#include "tests/made.h"

static const struct go_site end_site = {"/src/app.c", "f", "", NULL, 44};

/* Of goroutine g's first wait. */
static const struct mon_certificate *of(struct made *m, uint32_t g)
{
    struct mon_findings f;

    made_find(m, &f);
    return f.certificates[m->g[g].wait];
}

Test(certificate, mutex_names_its_owner_and_where_it_locked)
{
    struct made m;
    const struct mon_certificate *c;

    made_abba(&m);
    c = of(&m, 1);
    cr_assert(c && c->nwaker == 1 && c->rest == MON_REST_NOBODY);
    cr_assert(c->wakers[0].id == 3 && c->wakers[0].goroutine == 2);
    cr_assert(c->wakers[0].role == MON_ROLE_HOLDS);
    cr_assert(c->wakers[0].fate == MON_FATE_STUCK);
    cr_assert(c->wakers[0].site == m.h[1].site);
    made_free(&m);
}

Test(certificate, group_names_all_members_and_needs_them_all)
{
    struct made m;
    const struct mon_certificate *c;

    made_abba(&m);
    c = of(&m, 0);
    cr_assert(c && c->nwaker == 2 && c->all_needed);
    cr_assert(c->wakers[0].role == MON_ROLE_MEMBER && c->wakers[0].id == 2);
    cr_assert(c->wakers[1].id == 3);
    made_free(&m);
}

static void channel_that_somebody_used(struct made *m)
{
    uint32_t c;

    made_new(m);
    c = made_object(m, GO_KIND_CHAN, "out");
    made_wait(m, made_g(m, GO_WAIT_CHAN_SEND), c, GO_WANT_RECV);
    made_use(m, c, 1, GO_DID_SEND);
    made_use(m, c, 4, GO_DID_RECV);
    made_use(m, c, 9, GO_DID_CLOSE);
    m->e[m->in.nended++] =
        (struct go_inspect_ended){.id = 4, .when = 2000, .site = &end_site};
}

Test(certificate, last_users_come_with_their_fate_wakers_first)
{
    struct made m;
    const struct mon_certificate *c;

    channel_that_somebody_used(&m);
    c = of(&m, 0);
    cr_assert(c && c->nwaker == 3 && !c->all_needed);
    cr_assert(c->wakers[0].id == 4 && c->wakers[0].could);
    cr_assert(c->wakers[0].fate == MON_FATE_ENDED);
    cr_assert(c->wakers[0].when == 2000 && c->wakers[0].at == &end_site);
    cr_assert(c->wakers[1].id == 9 && c->wakers[1].fate == MON_FATE_GONE);
    cr_assert(c->wakers[2].id == 1 && !c->wakers[2].could);
    cr_assert(c->wakers[2].fate == MON_FATE_STUCK);
    made_free(&m);
}

Test(certificate, all_asleep_is_said_of_what_anybody_might_hold)
{
    struct made m;

    channel_that_somebody_used(&m);
    cr_assert(of(&m, 0)->rest == MON_REST_ALL_ASLEEP);
    made_free(&m);
}

/* K2 */
Test(certificate, nobody_else_is_not_said_where_not_all_were_asked)
{
    for (int i = 0; i < 2; i++) {
        const struct mon_sight sight = {.all_holders = true, .maybes_cut = i};
        struct mon_findings f;
        struct made m;

        channel_that_somebody_used(&m);
        cr_assert_eq(mon_find(made_done(&m), &sight, &m.arena, &f), 0);
        cr_assert_eq(f.certificates[0]->rest,
                     i ? MON_REST_ALL_ASLEEP : MON_REST_NOBODY);
        made_free(&m);
    }
}

/* Main waits to receive; 2, 3 and 4 are stuck beside it. */
static void channel_and_three(struct made *m)
{
    made_new(m);
    made_wait(m, made_g(m, GO_WAIT_CHAN_RECV),
              made_object(m, GO_KIND_CHAN, "in"), GO_WANT_SEND);
    for (int i = 0; i < 3; i++)
        made_g(m, GO_WAIT_CHAN_RECV_NIL);
}

Test(certificate, who_may_have_it_is_told_behind_who_has_it)
{
    static const struct mon_holder holders[] = {
        {0, 1, MON_WANT_ALL, true},
        {0, 2, MON_WANT_ALL, false},
        {0, 3, MON_WANT(GO_WANT_RECV), true}};
    const struct mon_sight sight = {
        .all_holders = true, .holders = holders, .nholder = 3};
    const struct mon_certificate *c;
    struct mon_findings f;
    struct made m;

    channel_and_three(&m);
    cr_assert_eq(mon_find(made_done(&m), &sight, &m.arena, &f), 0);
    c = f.certificates[0];
    cr_assert(c && c->nwaker == 2 && c->rest == MON_REST_NOBODY);
    cr_assert(c->wakers[0].id == 3 && c->wakers[0].role == MON_ROLE_KNOWS);
    cr_assert(c->wakers[1].id == 2 && c->wakers[1].role == MON_ROLE_MAY_KNOW);
    made_free(&m);
}

/* Main used it too, and has or may have it yet. */
Test(certificate, nobody_has_lost_what_he_may_have)
{
    for (int may = 0; may < 2; may++) {
        const struct mon_holder holder = {0, may ? 1 : 2, MON_WANT_ALL, true};
        const struct mon_sight sight = {
            .all_holders = true, .holders = &holder, .nholder = 1};
        struct mon_findings f;
        struct made m;

        channel_and_three(&m);
        made_use(&m, 0, 2, GO_DID_SEND);
        cr_assert_eq(mon_find(made_done(&m), &sight, &m.arena, &f), 0);
        cr_assert_eq(f.certificates[0]->wakers[0].id, 2);
        cr_assert_eq(f.certificates[0]->wakers[0].lost, !may);
        made_free(&m);
    }
}

Test(certificate, owner_that_ended_is_named)
{
    struct made m;
    const struct mon_certificate *c;
    uint32_t mutex;

    made_new(&m);
    mutex = made_object(&m, GO_KIND_MUTEX, "m");
    made_locker(&m, mutex);
    m.a[m.in.nabandoned++] = (struct go_inspect_abandoned){
        .goroutine = 5, .object = mutex, .site = &end_site};
    m.e[m.in.nended++] =
        (struct go_inspect_ended){.id = 5, .when = 7, .site = &end_site};
    c = of(&m, 0);
    cr_assert(c && c->nwaker == 1);
    cr_assert(c->wakers[0].role == MON_ROLE_LEFT_LOCKED);
    cr_assert(c->wakers[0].fate == MON_FATE_ENDED);
    cr_assert(c->wakers[0].site == &end_site && c->wakers[0].when == 7);
    made_free(&m);
}

/* What somebody left of a lock that lay there before. */
Test(certificate, a_read_lock_that_was_left_is_in_no_readers_way)
{
    struct made m;
    const struct mon_certificate *c;
    uint32_t rw;

    made_new(&m);
    rw = made_object(&m, GO_KIND_RWMUTEX, "rw");
    made_locker(&m, rw);
    m.wait_given[0].shared = 1;
    m.a[m.in.nabandoned++] = (struct go_inspect_abandoned){
        .goroutine = 5, .object = rw, .shared = 1, .site = &end_site};
    m.a[m.in.nabandoned++] = (struct go_inspect_abandoned){
        .goroutine = 6, .object = rw, .site = &end_site};
    c = of(&m, 0);
    cr_assert(c && c->nwaker == 1);
    cr_assert(c->wakers[0].id == 6);
    made_free(&m);
}

Test(certificate, waiters_at_one_gate_share_one)
{
    struct made m;
    struct mon_findings f;
    uint32_t c;

    made_new(&m);
    c = made_object(&m, GO_KIND_CHAN, "c");
    made_wait(&m, made_g(&m, GO_WAIT_CHAN_RECV), c, GO_WANT_SEND);
    made_wait(&m, made_g(&m, GO_WAIT_CHAN_RECV), c, GO_WANT_SEND);
    made_find(&m, &f);
    cr_assert(f.certificates[0] && f.certificates[0] == f.certificates[1]);
    made_free(&m);
}

Test(certificate, nobody_alive_gets_one)
{
    struct made m;

    made_abba(&m);
    m.g[1].state = m.g[2].state = GO_STATE_RUNNING;
    cr_assert(of(&m, 0) == NULL);
    made_free(&m);
}

Test(certificate, sleeper_is_told_with_the_time_it_wakes)
{
    struct made m;
    const struct mon_certificate *c;
    uint32_t sleeper;

    made_abba(&m);
    sleeper = made_g(&m, GO_WAIT_SLEEP);
    m.g[sleeper].until = 5000;
    m.g[sleeper].member = m.g[1].member;
    c = of(&m, 0);
    cr_assert(c && c->nwaker == 3 && c->rest == MON_REST_NOBODY);
    cr_assert(c->wakers[2].fate == MON_FATE_TIMER);
    cr_assert(c->wakers[2].when == 5000);
    made_free(&m);
}

Test(certificate, of_what_others_may_hold_nothing_is_claimed)
{
    struct made m;

    channel_that_somebody_used(&m);
    m.in.foreign_life = 1;
    cr_assert(of(&m, 0)->rest == MON_REST_UNKNOWN);
    made_free(&m);
}

Test(certificate, who_waits_here_itself_could_not)
{
    struct made m;
    const struct mon_certificate *c;
    uint32_t wg;

    made_new(&m);
    wg = made_object(&m, GO_KIND_WAITGROUP, "wg");
    made_wait(&m, made_g(&m, GO_WAIT_WAITGROUP), wg, GO_WANT_DONE);
    made_use(&m, wg, 1, GO_DID_ADD);
    made_use(&m, wg, 7, GO_DID_DONE);
    c = of(&m, 0);
    cr_assert(c && c->nwaker == 2);
    cr_assert(c->wakers[0].id == 7 && c->wakers[0].could);
    cr_assert(c->wakers[1].id == 1 && !c->wakers[1].could);
    made_free(&m);
}

Test(certificate, nobody_has_lost_what_a_global_has)
{
    const struct mon_holder holder = {0, MON_GLOBALS, MON_WANT_ALL, false};
    const struct mon_sight sight = {
        .all_holders = true, .holders = &holder, .nholder = 1};
    struct mon_findings f;
    struct made m;

    channel_and_three(&m);
    made_use(&m, 0, 2, GO_DID_SEND);
    cr_assert_eq(mon_find(made_done(&m), &sight, &m.arena, &f), 0);
    cr_assert_eq(f.certificates[0]->wakers[0].id, 2);
    cr_assert(!f.certificates[0]->wakers[0].lost && f.certificates[0]->global);
    made_free(&m);
}

/* However much was seen: nobody knows where it is to be looked for. */
Test(certificate, of_what_is_gone_it_is_not_said_that_nobody_holds_it)
{
    const struct mon_sight sight = {.all_holders = true};
    struct mon_findings f;
    struct made m;

    made_new(&m);
    made_wait(&m, made_g(&m, GO_WAIT_COND), made_object(&m, GO_KIND_GONE, ""),
              GO_WANT_SIGNAL);
    cr_assert_eq(mon_find(made_done(&m), &sight, &m.arena, &f), 0);
    cr_assert_eq(f.certificates[0]->rest, MON_REST_ALL_ASLEEP);
    made_free(&m);
}

/* Nobody has the lock: whoever waits for it is on his way. */
Test(certificate, who_waits_for_long_at_a_gate_that_is_free_needs_nobody)
{
    struct made m;

    made_new(&m);
    made_locker(&m, made_object(&m, GO_KIND_MUTEX, "m"));
    m.g[0].since = 0;
    m.in.now = m.in.slow = 10;
    cr_assert_null(of(&m, 0));
    made_free(&m);
}

Test(certificate, a_member_that_waits_for_its_group_is_no_help_to_it)
{
    struct made m;
    const struct mon_certificate *c;
    uint32_t wg, member;

    made_new(&m);
    wg = made_object(&m, GO_KIND_WAITGROUP, "wg");
    m.o[wg].members = 1;
    member = made_g(&m, GO_WAIT_WAITGROUP);
    m.g[member].member = wg;
    made_wait(&m, member, wg, GO_WANT_DONE);
    c = of(&m, member);
    cr_assert(c && c->nwaker == 0);
    made_free(&m);
}

/* Counted by hand as well: who has counted down, and who still may. */
Test(certificate, ledger_of_a_group_lists_members_once)
{
    struct made m;
    const struct mon_certificate *c;
    uint32_t wg, nil;

    made_new(&m);
    wg = made_object(&m, GO_KIND_WAITGROUP, "wg");
    m.o[wg].members = 3;
    made_wait(&m, made_g(&m, GO_WAIT_WAITGROUP), wg, GO_WANT_DONE);
    for (int i = 0; i < 3; i++)
        m.g[made_g(&m, GO_WAIT_CHAN_RECV_NIL)].member = wg;
    nil = made_g(&m, GO_WAIT_CHAN_RECV_NIL);
    made_use(&m, wg, 3, GO_DID_ADD);
    made_use(&m, wg, 9, GO_DID_DONE);
    made_use(&m, wg, nil + 1, GO_DID_DONE);
    c = of(&m, 0);
    cr_assert(c && c->nwaker == 5 && !c->all_needed);
    for (uint32_t i = 0; i < 4; i++)
        cr_assert(c->wakers[i].id == i + 2 && c->wakers[i].could);
    cr_assert(c->wakers[0].role == MON_ROLE_MEMBER &&
              c->wakers[0].site == m.g[1].created);
    cr_assert(c->wakers[1].role == MON_ROLE_LAST);
    cr_assert(c->wakers[2].role == MON_ROLE_MEMBER);
    cr_assert(c->wakers[3].role == MON_ROLE_LAST && c->wakers[4].id == 9);
    made_free(&m);
}
