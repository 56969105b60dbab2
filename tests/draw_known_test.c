/* draw_known_test.c - what is known of an execution is done, as far as it is
   what is there. */
#include <string.h>
#include <vigil/go.h>

#include "tests/driven.h"
#include "tests/lockers.h"

enum {
    CHOICES = 1 << 12,
    TASKS = 3,
    SECTIONS = 4,
    RELEASES = TASKS * (SECTIONS + 1), /* unlocks, and that each is done */
    NOT_AT_ALL = 1 << 30,
    CHANGED = 5, /* the choice that is known otherwise */
};

/* The first of two executions is all asked for; then it is known. */
static struct {
    struct go_draw draw;
    struct go_known known[CHOICES];
    uint32_t n, choice[CHOICES];
    uint32_t nknown;                    /* of the second, */
    uint32_t from;                      /* when so many are done */
    void (*change)(struct go_known *k); /* there; or NULL */
    uint32_t asked_at; /* the first choice that was asked for */
    uint32_t notes, notes_unasked, notes_late; /* late: behind the changed */
    uint32_t released, released_late[2];
    uint32_t executions, choices[2];
    uint64_t hash[2];
} knows;

static void know(void)
{
    knows.draw.known = knows.known;
    knows.draw.nknown =
        knows.nknown < knows.choices[0] ? knows.nknown : knows.choices[0];
    knows.draw.left = CHOICES;
}

static uint32_t choose_last(void *arg, const struct go_step *steps, uint32_t n)
{
    const struct go_point *p = steps[n - 1].point;

    (void)arg;
    if (knows.asked_at == NOT_AT_ALL)
        knows.asked_at = knows.n;
    if (knows.executions == 0)
        knows.known[knows.n] =
            (struct go_known){n, n - 1, p->task, p->op, p->object};
    knows.choice[knows.n++] = n - 1;
    if (knows.executions == 1 && knows.n >= knows.from)
        know();
    return n - 1;
}

static void told(void *arg, enum go_note note, uint32_t task,
                 const void *object, uint32_t other)
{
    (void)arg, (void)task, (void)object, (void)other;
    knows.notes++;
    knows.notes_unasked += knows.asked_at == NOT_AT_ALL;
    knows.released += note == GO_NOTE_RELEASE;
    if (knows.n <= CHANGED)
        return;
    knows.notes_late++;
    knows.released_late[knows.executions] += note == GO_NOTE_RELEASE;
}

static bool over_known(void *arg, const struct go_execution *e)
{
    uint32_t i = knows.executions++;

    (void)arg, (void)e;
    knows.choices[i] = knows.n;
    for (uint32_t c = 0; c < knows.n; c++)
        knows.hash[i] = knows.hash[i] * 31 + knows.choice[c];
    if (i == 1)
        return false;
    if (knows.from == 0)
        know();
    if (knows.change)
        knows.change(&knows.known[CHANGED]);
    knows.asked_at = NOT_AT_ALL;
    knows.n = knows.notes = knows.notes_unasked = knows.notes_late = 0;
    return true;
}

/* Two executions, which are the same. */
static void run_known(uint32_t from, uint32_t nknown,
                      void (*change)(struct go_known *k))
{
    struct go_control control = {.choose = choose_last,
                                 .draw = &knows.draw,
                                 .note = told,
                                 .over = over_known,
                                 .steps = 2000};

    memset(&knows, 0, sizeof(knows));
    lockers_tasks = TASKS;
    lockers_sections = SECTIONS;
    knows.from = from;
    knows.nknown = nknown;
    knows.change = change;
    knows.draw.ops = ~0ull;
    knows.draw.n = &knows.n;
    knows.draw.choice = knows.choice;
    driven_run_by(&control, lockers);
    cr_assert_eq(knows.executions, 2);
    cr_assert_gt(knows.choices[0], 2 * CHANGED);
    cr_assert_eq(knows.choices[1], knows.choices[0]);
    cr_assert_eq(knows.hash[1], knows.hash[0]);
}

/* Which choice of the second execution was the first to be asked for. */
static uint32_t asked_first(uint32_t nknown, void (*change)(struct go_known *k))
{
    run_known(0, nknown, change);
    return knows.asked_at;
}

static void of_more(struct go_known *k)
{
    k->n++;
}

static void of_another(struct go_known *k)
{
    k->task++;
}

static void of_another_operation(struct go_known *k)
{
    k->op = GO_OP_RLOCK;
}

static void elsewhere(struct go_known *k)
{
    k->object = &knows;
}

static void not_to_be(struct go_known *k)
{
    k->n = 0;
}

Test(draw_known, what_is_known_is_done_and_nobody_asked)
{
    cr_assert_eq(asked_first(CHOICES, NULL), NOT_AT_ALL);
    cr_assert_eq(asked_first(CHANGED + 1, NULL), CHANGED + 1);
}

/* It is the driver's to say that it differs. */
Test(draw_known, what_is_known_and_is_not_there_is_asked_for)
{
    cr_assert_eq(asked_first(CHOICES, of_more), CHANGED);
    cr_assert_eq(asked_first(CHOICES, of_another), CHANGED);
    cr_assert_eq(asked_first(CHOICES, of_another_operation), CHANGED);
    cr_assert_eq(asked_first(CHOICES, elsewhere), CHANGED);
    cr_assert_eq(asked_first(CHOICES, not_to_be), CHANGED);
}

Test(draw_known, what_is_done_between_known_choices_is_not_told)
{
    asked_first(CHOICES, NULL);
    cr_assert_eq(knows.notes, 0);
    asked_first(CHOICES, elsewhere);
    cr_assert_eq(knows.notes, 0, "the next choice after it is known again");
    asked_first(CHANGED, NULL);
    cr_assert_eq(knows.notes_unasked, 0);
    cr_assert_gt(knows.notes, 0);
}

/* Unlocks, too, which do without a note as long as nobody wants any. */
Test(draw_known, what_is_done_behind_the_known_ones_is_told)
{
    run_known(0, 0, NULL);
    cr_assert_eq(knows.released, 2 * RELEASES);
    run_known(0, CHANGED, NULL);
    cr_assert_lt(knows.released, 2 * RELEASES);
    cr_assert_eq(knows.released_late[1], knows.released_late[0]);
}

Test(draw_known, from_the_answer_on_that_makes_the_next_known_nothing_is_told)
{
    run_known(CHANGED + 1, CHOICES, NULL);
    cr_assert_eq(knows.asked_at, 0);
    cr_assert_gt(knows.notes, 0);
    cr_assert_eq(knows.notes_late, 0);
}
