/*
 * shot.h - a snapshot that a test takes of itself, and what it says.
 */
#ifndef TESTS_SHOT_H
#define TESTS_SHOT_H

#include "runtime/monitor/snapshot.h"
#include "tests/inside.h"

static struct mon_snapshot shot;

static inline void take(bool stacks)
{
    struct mon_moment moment = {.stacks = stacks};
    int err;

    rt_world_stop(NULL);
    err = mon_snapshot_take(&shot, &moment);
    rt_world_start();
    CHECK_EQ(err, 0);
}

static inline const struct go_inspect_goroutine *by_id(uint64_t id)
{
    for (uint32_t i = 0; i < shot.in.ngoroutine; i++)
        if (shot.in.goroutines[i].id == id)
            return &shot.in.goroutines[i];
    go_panic("goroutine %llu is not in the snapshot", (unsigned long long)id);
}

/* The only thing that it waits for. */
static inline const struct go_inspect_object *waited(uint64_t id)
{
    CHECK_EQ(by_id(id)->nwait, 1);
    return &shot.in.objects[shot.in.waits[by_id(id)->wait].object];
}

#endif
