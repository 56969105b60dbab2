/*
 * drive.c - runs a body many times in one process, with its memory set back.
 *
 * In:  a body, by a program that knows nothing of it all. Out: complaints on
 * standard output, and the conditions under which it was run.
 */
#include "tests/reset/drive.h"

#include <stdio.h>
#include <string.h>
#include <vigil/control.h>
#include <vigil/go.h>

#include "harness/explore/reset.h"
#include "tests/body.h"

enum {
    NAMES = 64
};

static struct {
    struct hn_reset *reset;
    uint64_t number, executions, random;
    int wild, bad;
    struct {
        char name[32];
        uintptr_t value;
    } said[NAMES];
} d;

static uint64_t number(void)
{
    return d.number;
}
uint64_t (*const drive_number)(void) = number;

void drive_same(const char *name, uintptr_t value)
{
    int i = 0;

    while (i < NAMES - 1 && d.said[i].name[0] &&
           strcmp(d.said[i].name, name) != 0)
        i++;
    if (!d.said[i].name[0]) {
        strncpy(d.said[i].name, name, sizeof(d.said[i].name) - 1);
        d.said[i].value = value;
    } else if (d.said[i].value != value && d.bad++ < 5) {
        printf("execution %lu: %s is %#lx, was %#lx\n", (unsigned long)d.number,
               name, (unsigned long)value, (unsigned long)d.said[i].value);
    }
}

static uint32_t pick(uint32_t n)
{
    d.random = d.random * 6364136223846793005u + 1442695040888963407u;
    return d.wild ? (uint32_t)(d.random >> 33) % n : n - 1;
}

static uint32_t choose(void *arg, const struct go_step *steps, uint32_t n)
{
    (void)arg;
    (void)steps;
    return pick(n);
}

static uint32_t any_number(void *arg, uint32_t task, uint32_t n)
{
    (void)arg;
    (void)task;
    return pick(n);
}

static bool over(void *arg, const struct go_execution *e)
{
    (void)arg;
    if (e->end != GO_END_CLEAN && d.bad++ < 5)
        printf("execution %lu ended otherwise: %d %s\n",
               (unsigned long)d.number, (int)e->end, e->panic ? e->panic : "");
    return ++d.number < d.executions;
}

static void reset(void *arg)
{
    (void)arg;
    hn_reset_restore(d.reset);
}

static void run(void (*body)(void), struct go_control *control,
                struct go_outcome *outcome)
{
    struct go_run run = body_run(body);

    run.outcome = outcome;
    run.report_left = true;
    run.control = control;
    d.reset = hn_reset_begin();
    if (hn_reset_condition(d.reset))
        printf("%s\n", hn_reset_condition(d.reset));
    go_run(&run);
    hn_reset_end(d.reset);
}

int drive(void (*body)(void), uint64_t executions, int wild)
{
    struct go_control control = {.choose = choose,
                                 .number = any_number,
                                 .over = over,
                                 .reset = reset,
                                 .steps = 100000};

    d.executions = executions;
    d.wild = wild;
    run(body, &control, NULL);
    return d.bad || d.number != executions;
}

int drive_once(void (*body)(void))
{
    struct go_control control = {
        .choose = choose, .number = any_number, .steps = 100000};
    struct go_outcome outcome = {.verdict = GO_VERDICT_COUNT};

    run(body, &control, &outcome);
    puts(go_verdict_text(outcome.verdict));
    return 0;
}
