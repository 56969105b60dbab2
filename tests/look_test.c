/*
 * look_test.c - looks that are made in a copy of the process. What they may
 * prove is in memory_test.c; the sanitizers keep memory their own way.
 */
#include "runtime/monitor/look.h"

#include "runtime/sched/sanitize.h"
#if !defined(RT_ASAN) && !defined(RT_TSAN)
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "runtime/sched/saved.h"
#include "runtime/sync/object.h"
#include "tests/planted.h"

enum {
    BALLAST = 64 << 20 /* makes it worth a copy */
};

static __attribute__((noinline)) bool start(struct mon_image *image)
{
    const struct mon_moment moment = {.frame = RT_FRAME_HERE()};
    bool started;

    CHECK(rt_world_stop(NULL));
    started = mon_look_start(image, &moment);
    rt_world_start();
    return started;
}

static void add_ballast(void)
{
    void *at = mmap(NULL, BALLAST, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    memset(at, 1, BALLAST);
}

static void lost(void)
{
    go(waits, chan_make(int, 0));
}

INSIDE_TEST(look, no_copy_is_made_of_little_memory)
{
    struct mon_image image = {0};

    CHECK(!start(&image));
    CHECK(!image.result);
}

/* Whose stack is unwound here, when the world has gone on. */
INSIDE_TEST(look, in_a_copy_finds_who_is_stuck_and_where)
{
    struct mon_image image = {0};
    struct mon_look *look;
    bool died;
    uint32_t found = 0;

    add_ballast();
    go(lost);
    let_all_park();
    CHECK(start(&image));
    while (!(look = mon_look_collect(&image, &died)))
        CHECK(!died);
    CHECK(look->taken);
    CHECK(mon_stacks_take(&look->snapshot, NULL, look->findings.proven));
    for (uint32_t i = 0; i < look->snapshot.in.ngoroutine; i++) {
        CHECK(!look->findings.proven[i] ==
              !look->snapshot.in.goroutines[i].npc);
        found += look->findings.proven[i];
    }
    CHECK_EQ(found, 1);
    mon_image_drop(&image);
    CHECK_EQ(go_check(), 1);
}

/* That of the one object that somebody waits for in a look. */
static uint32_t number_in(const struct mon_look *look)
{
    CHECK(look->taken && look->snapshot.in.nwait == 1);
    return look->snapshot.in.objects[look->snapshot.in.waits[0].object].id;
}

static uint32_t number_now(void)
{
    const struct mon_moment moment = {0};
    struct mon_look look;
    uint32_t number;

    CHECK(rt_world_stop(NULL));
    mon_look_take(&look, &moment);
    number = number_in(&look);
    rt_world_start();
    mon_look_free(&look);
    return number;
}

/* Others are given here while the copy gives its own. */
INSIDE_TEST(look, in_a_copy_gives_numbers_that_stay)
{
    struct mon_image image = {0};
    struct go_mutex other = {0};
    struct mon_look *look;
    uint32_t number;
    bool died;

    add_ballast();
    go(lost);
    let_all_park();
    CHECK(start(&image));
    number = rt_object_id(&other.obj);
    while (!(look = mon_look_collect(&image, &died)))
        CHECK(!died);
    CHECK_EQ(number_in(look), number);
    mon_look_number(look);
    CHECK(number_in(look) != number);
    number = number_in(look);
    mon_image_drop(&image);
    CHECK_EQ(number_now(), number);
}

static bool ends;

/* It does not stop for a look. */
static void *deaf(void *arg)
{
    sigset_t urgent;

    sigemptyset(&urgent);
    sigaddset(&urgent, SIGURG);
    pthread_sigmask(SIG_BLOCK, &urgent, NULL);
    __atomic_store_n((bool *)arg, true, __ATOMIC_RELEASE);
    while (!__atomic_load_n(&ends, __ATOMIC_ACQUIRE))
        sched_yield();
    return NULL;
}

/* Else that one could give the memory back in the midst of it. */
INSIDE_TEST(look, writes_no_number_while_anybody_runs)
{
    struct mon_image image = {0};
    const struct go_object *o;
    struct mon_look *look;
    bool died, runs = false;
    pthread_t thread;

    add_ballast();
    go(lost);
    let_all_park();
    CHECK(start(&image));
    CHECK_EQ(pthread_create(&thread, NULL, deaf, &runs), 0);
    while (!__atomic_load_n(&runs, __ATOMIC_ACQUIRE))
        sched_yield();
    while (!(look = mon_look_collect(&image, &died)))
        CHECK(!died);
    mon_look_number(look);
    CHECK(number_in(look) != 0);
    o = look->snapshot.in.objects[look->snapshot.in.waits[0].object].address;
    CHECK_EQ(o->id, 0);
    mon_image_drop(&image);
    __atomic_store_n(&ends, true, __ATOMIC_RELEASE);
    pthread_join(thread, NULL);
}

static void locks(struct go_mutex *m)
{
    go_mutex_lock(m);
}

/* What lay there is gone, and the memory is the program's. */
INSIDE_TEST(look, writes_no_number_into_what_is_there_now)
{
    static struct go_mutex left, was;
    const struct go_mutex other = {0};
    struct mon_image image = {0};
    struct mon_look *look;
    bool died;

    add_ballast();
    go(locks, &left);
    let_all_park();
    go(locks, &left);
    let_all_park();
    CHECK(start(&image));
    while (!(look = mon_look_collect(&image, &died)))
        CHECK(!died);
    CHECK_EQ(look->snapshot.in.nwait, 1);
    was = left;
    left = other;
    mon_look_number(look);
    CHECK(number_in(look) != 0);
    CHECK(memcmp(&left, &other, sizeof(other)) == 0);
    left = was;
    mon_image_drop(&image);
}

/* Who moves after the copy was made spoils what it says. */
static chan(int) kept;
static void waits_for_kept(void)
{
    chan_recv(kept);
}

INSIDE_TEST(look, that_somebody_disproves_is_not_believed)
{
    struct mon_image image = {0};
    chan(int) c = chan_make(int, 0);
    struct mon_look *look;
    bool died;

    add_ballast();
    kept = c;
    go(waits_for_kept);
    let_all_park();
    kept = (chan(int))((uintptr_t)c ^ UINTPTR_MAX); /* as nobody can see */
    c = NULL;
    CHECK(start(&image));
    chan_send((chan(int))((uintptr_t)kept ^ UINTPTR_MAX), 1);
    while (!(look = mon_look_collect(&image, &died)))
        CHECK(!died);
    CHECK_EQ(look->findings.stuck, 1);
    CHECK(!look->taken);
    mon_image_drop(&image);
}

/* A copy that died: the next look does without. */
INSIDE_TEST(look, is_made_here_when_copies_die)
{
    struct mon_image image = {0};
    bool died;

    add_ballast();
    go(lost);
    let_all_park();
    CHECK(start(&image));
    CHECK_EQ(kill(image.pid, SIGKILL), 0);
    do
        CHECK(!mon_look_collect(&image, &died));
    while (!died);
    mon_image_drop(&image);
    CHECK(!start(&image));
    CHECK_EQ(go_check(), 1);
}

/* A page that a copy has not, or not as it is: what lay there may have led to
   anybody. */
static void look_without_a_page(int advice)
{
    struct mon_image image = {0};
    struct mon_look *look;
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    bool died;

    add_ballast();
    memset(page, 1, 4096);
    CHECK_EQ(madvise(page, 4096, advice), 0);
    go(lost);
    let_all_park();
    CHECK(start(&image));
    while (!(look = mon_look_collect(&image, &died)))
        CHECK(!died);
    CHECK(!look->taken);
    mon_image_drop(&image);
    CHECK(!start(&image)); /* nor would the next */
    CHECK_EQ(go_check(), 1);
}

INSIDE_TEST(look, in_a_copy_that_lacks_memory_is_none)
{
    look_without_a_page(MADV_DONTFORK);
}

INSIDE_TEST(look, in_a_copy_with_other_memory_is_none)
{
    look_without_a_page(MADV_WIPEONFORK);
}

/* Whoever reads that memory tells the same. */
INSIDE_TEST(look, that_says_of_itself_that_it_is_unfit_is_none)
{
    struct mon_image image = {0};
    struct mon_look *look;
    siginfo_t info;
    bool died;

    add_ballast();
    go(lost);
    let_all_park();
    CHECK(start(&image));
    CHECK_EQ(waitid(P_PID, (id_t)image.pid, &info, WEXITED | WNOWAIT | __WALL),
             0);
    look = image.result;
    CHECK(look->taken && !look->unfit);
    look->unfit = true;
    CHECK_EQ(mon_look_collect(&image, &died), look);
    CHECK(!died && !look->taken);
    mon_image_drop(&image);
    CHECK(!start(&image));
}

/* ---- past the guard ------------------------------------------------------*/

static __attribute__((noinline)) void goes_far(chan(int) c)
{
    volatile char frame[6 * 64 << 10];

    frame[sizeof(frame) - 1] = 1;
    chan_recv(c);
    frame[sizeof(frame) - 1] = 0;
}

static void look_at_one_gone_far(void)
{
    chan(int) c = chan_make(int, 0);

    for (int i = 0; i < 16; i++)
        go(waits, c);
    let_all_park(); /* their stacks lie below the next one's */
    go(goes_far, c);
    let_all_park();
    go_check();
    exit(0);
}

Test(look, ends_where_frames_lie_on_the_stack_of_somebody_else, .exit_code = 2)
{
    INSIDE(look_at_one_gone_far);
}

#endif
