/* did.c - what a step does, in words. */
#include "harness/explore/did.h"

#include <stdio.h>
#include <string.h>

const char *hn_did_file(const char *file)
{
    const char *slash = strrchr(file, '/');

    return slash ? slash + 1 : file;
}

void hn_did_task(uint32_t task, char *to, size_t n)
{
    if (go_task_path(task, to, n) >= n)
        strcpy(to + n - sizeof("..."), "...");
}

void hn_did_text(enum go_op op, int32_t which, uint32_t partner,
                 const struct go_site *site, char *to, size_t n)
{
    const char *what = site && site->what ? site->what : "";
    char path[HN_DID_PATH], meets[HN_DID_PATH + 8] = "", of[24] = "",
                                                at[96] = "";

    if (which >= 0 && op == GO_OP_SELECT)
        snprintf(of, sizeof(of), " case %d", which);
    if (partner != GO_NOWHERE) {
        hn_did_task(partner, path, sizeof(path));
        snprintf(meets, sizeof(meets), " with %s", path);
    }
    if (site && site->file)
        snprintf(at, sizeof(at), " %.60s:%d", hn_did_file(site->file),
                 site->line);
    snprintf(to, n, "%s%s%s%s%s%s", go_op_text(op), of, *what ? " " : "", what,
             meets, at);
}

void hn_did_clock(const struct go_site *site, char *to, size_t n)
{
    if (site && site->file)
        snprintf(to, n, "the clock goes on early, to the timer of %s:%d",
                 hn_did_file(site->file), site->line);
    else
        snprintf(to, n, "the clock goes on early");
}

static void clock_step(struct hn_did *to)
{
    struct go_due due = {0};

    go_control_due(&due);
    strcpy(to->task, "clock");
    to->op = GO_OP_CLOCK;
    hn_did_clock(due.site, to->text, sizeof(to->text));
    if (due.site && due.site->file)
        snprintf(to->file, sizeof(to->file), "%s", due.site->file);
    to->line = due.site ? due.site->line : 0;
}

/* It does not say what it is done to. */
static bool is_nameless(const struct go_site *site)
{
    return site && site->pc && !(site->what && *site->what);
}

uintptr_t hn_did_hidden(const struct go_point *p, const struct go_site *site)
{
    return p && p->object && is_nameless(site) ? ~(uintptr_t)p->object : 0;
}

bool hn_did_variable(uintptr_t hidden, char name[HN_DID_NAME])
{
    return hidden && go_variable_find((const void *)~hidden, name, HN_DID_NAME);
}

/* Without its place, if it has no name: that comes before it, and both are
   looked up later. */
void hn_did_step(struct hn_did *to, const struct go_step *step)
{
    const struct go_point *p = step->point;
    bool nameless = p && is_nameless(p->site);
    const struct go_site *site = p && !nameless ? p->site : NULL;

    *to = (struct hn_did){.goroutine = p ? p->goroutine : 0};
    if (!p) {
        clock_step(to);
        return;
    }
    hn_did_task(p->task, to->task, sizeof(to->task));
    to->op = (enum go_op)p->op;
    hn_did_text(to->op, step->which, step->partner, site, to->text,
                sizeof(to->text));
    if (site && site->file)
        snprintf(to->file, sizeof(to->file), "%s", site->file);
    to->line = site ? site->line : 0;
    to->pc = p->site ? p->site->pc : NULL;
    to->object = hn_did_hidden(p, p->site);
}

struct hn_did hn_did_placed(const struct hn_did *did)
{
    const struct go_site bare = {.pc = did->pc};
    struct hn_did placed = *did;
    struct go_site site = bare;
    char name[HN_DID_NAME];
    size_t n = strlen(placed.text);

    if (placed.file[0] || !did->pc)
        return placed;
    if (hn_did_variable(did->object, name))
        n += (size_t)snprintf(placed.text + n, sizeof(placed.text) - n, " %s",
                              name);
    go_site_find(&bare, &site);
    if (!site.file)
        return placed;
    snprintf(placed.file, sizeof(placed.file), "%s", site.file);
    placed.line = site.line;
    snprintf(placed.text + n, sizeof(placed.text) - n, " %.60s:%d",
             hn_did_file(site.file), site.line);
    return placed;
}
