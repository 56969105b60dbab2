/*
 * races.c - keeps and tells data races, and uses after free.
 *
 * In:  races as the runtime sees them (vigil/control.h). Out: text, JSON, and
 * what a claim may say.
 *
 * R1  Where code is not instrumented nothing is known of its races, and that
 *     there are none is assumed. Where it is, and all schedules that differ
 *     were tried, it is a fact: two accesses that could be next to each other
 *     are told in some execution.
 */
#define _GNU_SOURCE
#include "harness/explore/races.h"

#include <stdio.h>

#include "harness/explore/did.h"
#include "harness/utf8.h"

static bool is_known(const struct hn_races *r, const void *a, const void *b)
{
    for (uint32_t i = 0; i < r->n && i < HN_RACES_MAX; i++) {
        const struct hn_race *k = &r->all[i];

        if ((k->first == a && k->second == b) ||
            (k->first == b && k->second == a))
            return true;
    }
    return false;
}

void hn_races_add(struct hn_races *r, const struct go_race *race)
{
    const void *first = race->first.site->pc, *second = race->second.site->pc;

    if (is_known(r, first, second))
        return;
    if (r->n < HN_RACES_MAX) {
        struct hn_race *k = &r->all[r->n];

        *k = (struct hn_race){.race = *race, .first = first, .second = second};
        hn_did_task(race->first.task, k->task[0], sizeof(k->task[0]));
        hn_did_task(race->second.task, k->task[1], sizeof(k->task[1]));
    }
    r->n++;
    r->used += race->used;
}

void hn_races_note_unseen(struct hn_races *r, const char *what)
{
    if (!r->unseen[0])
        snprintf(r->unseen, sizeof(r->unseen), "%s", what);
}

json_t *hn_races_condition(const struct hn_races *r, bool complete)
{
    if (!go_control_instrumented())
        return json_string("no data races in the scenario");
    if (r->n > r->used)
        return json_string(
            "plain accesses are choices, for there are data races");
    if (r->unseen[0])
        return hn_utf8_printf("no data races in what could not be watched: %s",
                              r->unseen);
    return json_string(
        complete ? "no data race in any execution, of instrumented loads and "
                   "stores"
                 : "no data race was seen in instrumented code");
}

static struct go_site place_of(const void *pc)
{
    const struct go_site bare = {.what = "", .pc = pc};
    struct go_site site = bare;

    if (pc)
        go_site_find(&bare, &site);
    if (!site.func)
        site.func = "?";
    if (!site.file)
        site.file = "?";
    return site;
}

static const char *what_of(const struct go_access *a)
{
    return a->freed    ? "free"
           : a->atomic ? a->write ? "atomic write" : "atomic read"
           : a->write  ? "write"
                       : "read";
}

/* "write of 4 bytes at 0x4040 by goroutine 2 in inc, x.c:7". */
static void print_access(const struct go_access *a, const void *pc, int fd)
{
    const struct go_site site = place_of(pc);

    dprintf(fd,
            "      %s of %u byte%s at %p by goroutine %llu, in %s  at %s:%d\n",
            what_of(a), a->size, a->size == 1 ? "" : "s", a->address,
            (unsigned long long)a->goroutine, site.func, hn_did_file(site.file),
            site.line);
    if (a->created && a->created_by)
        dprintf(fd, "          which goroutine %llu made at %s:%d\n",
                (unsigned long long)a->created_by,
                hn_did_file(a->created->file), a->created->line);
}

void hn_races_print(const struct hn_races *r, const struct hn_races *told,
                    const char *head, int fd)
{
    for (uint32_t i = 0; i < r->n && i < HN_RACES_MAX; i++) {
        const struct hn_race *k = &r->all[i];

        if (told && is_known(told, k->first, k->second))
            continue;
        dprintf(fd, "%s\n%s\n", head,
                k->race.used
                    ? "USE AFTER FREE: of memory that was freed before, and "
                      "is nobody's since"
                    : "DATA RACE: nothing orders two accesses to the same "
                      "memory");
        head = "";
        print_access(&k->race.first, k->first, fd);
        print_access(&k->race.second, k->second, fd);
    }
    if (r->n > HN_RACES_MAX && (!told || told->n < r->n))
        dprintf(fd, "\n%u more of these\n", r->n - HN_RACES_MAX);
}

static json_t *access_json(const struct go_access *a, const void *pc,
                           const char *task)
{
    const struct go_site site = place_of(pc);
    json_t *to = json_pack(
        "{s:s, s:b, s:I, s:I, s:s, s:o, s:o, s:i}", "access",
        a->freed   ? "free"
        : a->write ? "write"
                   : "read",
        "atomic", (int)a->atomic, "size", (json_int_t)a->size, "goroutine",
        (json_int_t)a->goroutine, "task", task, "func", hn_utf8(site.func),
        "file", hn_utf8(site.file), "line", site.line);
    if (to && a->created && a->created_by)
        json_object_set_new(to, "created",
                            json_pack("{s:I, s:o, s:i}", "goroutine",
                                      (json_int_t)a->created_by, "file",
                                      hn_utf8(a->created->file), "line",
                                      a->created->line));
    return to;
}

json_t *hn_races_json(const struct hn_races *r)
{
    json_t *list = json_array();

    for (uint32_t i = 0; list && i < r->n && i < HN_RACES_MAX; i++) {
        const struct hn_race *k = &r->all[i];

        json_array_append_new(
            list,
            json_pack("{s:b, s:o, s:o}", "used", (int)k->race.used, "first",
                      access_json(&k->race.first, k->first, k->task[0]),
                      "second",
                      access_json(&k->race.second, k->second, k->task[1])));
    }
    return list;
}
