/* loader_test.c - who has the loader's lock is known, and no look waits for him.
 */
#define _GNU_SOURCE
#include "runtime/base/loader.h"

#include <link.h>
#include <unistd.h>

#include "runtime/base/cpu.h"
#include "runtime/monitor/look.h"
#include "tests/inside.h"

static int owner_inside;
static bool inside, may_end;

static int note(struct dl_phdr_info *info, size_t size, void *unused)
{
    (void)info;
    (void)size;
    (void)unused;
    owner_inside = rt_loader_owner();
    return 1;
}

Test(loader, its_lock_is_owned_by_who_walks_its_list)
{
    rt_loader_open();
    cr_assert_eq(rt_loader_owner(), 0);
    dl_iterate_phdr(note, NULL);
    cr_assert_eq(owner_inside, gettid());
    cr_assert_eq(rt_loader_owner(), 0);
}

static int stays(struct dl_phdr_info *info, size_t size, void *unused)
{
    (void)info;
    (void)size;
    (void)unused;
    rt_store(inside, true);
    while (!rt_load(may_end))
        rt_cpu_relax();
    return 1;
}

static void walks(void)
{
    dl_iterate_phdr(stays, NULL);
}

/* Unwinding takes that lock. */
static void looks(void)
{
    const struct mon_moment moment = {.stacks = true};
    struct mon_look look;

    go(walks);
    while (!rt_load(inside))
        rt_cpu_relax();
    CHECK(rt_world_stop(NULL));
    CHECK(rt_world_stopped_in_loader());
    CHECK(mon_look_take(&look, &moment));
    CHECK(look.snapshot.heap_busy && !look.snapshot.in.npc);
    rt_world_start();
    mon_look_free(&look);
    rt_store(may_end, true);
}

Test(loader, who_is_stopped_with_its_lock_is_not_waited_for)
{
    run_inside(looks, false, 2);
}
