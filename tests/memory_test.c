/*
 * memory_test.c - what a scan of memory may prove, and what not: for each kind
 * of place a handle that is only there, which must keep who waits alive; and
 * the same once it is there no more, which must be proven.
 *
 * What the living hold in other ways is in memory_living_test.c. The sanitizers
 * keep memory their own way.
 */
#define _GNU_SOURCE
#include "runtime/sched/sanitize.h"
#if !defined(RT_ASAN) && !defined(RT_TSAN)
#include <dlfcn.h>
#include <linux/aio_abi.h>
#include <linux/io_uring.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "runtime/monitor/look.h"
#include "runtime/sched/saved.h"
#include "tests/planted.h"

enum {
    PAGE = 4096
};

/* ---- globals and mappings ------------------------------------------------- */

static handle in_bss, in_data = (handle)1;
static _Thread_local handle in_tls;
static struct {
    handle c;
    char rest[2 * PAGE];
} sealed __attribute__((aligned(PAGE))) = {.rest = {1}};

static handle *bss(void)
{
    return &in_bss;
}
static handle *data(void)
{
    return &in_data;
}
static handle *tls(void)
{
    return &in_tls;
}

INSIDE_TEST(memory, globals_keep_alive)
{
    cell_keeps_alive(bss);
}

INSIDE_TEST(memory, written_globals_keep_alive)
{
    cell_keeps_alive(data);
}

INSIDE_TEST(memory, thread_local_variables_keep_alive)
{
    cell_keeps_alive(tls);
}

static void sealed_put(handle c)
{
    mprotect(&sealed, PAGE, PROT_READ | PROT_WRITE);
    sealed.c = c;
    mprotect(&sealed, PAGE, PROT_READ);
}
static handle sealed_take(void)
{
    handle c = sealed.c;

    sealed_put(NULL);
    return c;
}

INSIDE_TEST(memory, globals_that_were_sealed_keep_alive)
{
    keeps_alive(sealed_put, sealed_take);
}

/* Of the C library, which is loaded with our knowledge of nothing in it. */
static handle *library(void)
{
    static const char *had;
    void *at = dlsym(RTLD_DEFAULT, "program_invocation_short_name");

    had = had ? had : *(char **)at;
    return at;
}

INSIDE_TEST(memory, globals_of_libraries_keep_alive)
{
    char *had = program_invocation_short_name;

    cell_keeps_alive(library);
    program_invocation_short_name = had;
}

static handle *mapped;
static handle *mapping(void)
{
    return mapped;
}

static void mapped_keeps_alive(int flags)
{
    mapped =
        mmap(NULL, PAGE, PROT_READ | PROT_WRITE, flags | MAP_ANONYMOUS, -1, 0);
    cell_keeps_alive(mapping);
}

INSIDE_TEST(memory, what_mmap_gave_keeps_alive)
{
    mapped_keeps_alive(MAP_PRIVATE);
}

INSIDE_TEST(memory, what_is_shared_keeps_alive)
{
    mapped_keeps_alive(MAP_SHARED);
}

INSIDE_TEST(memory, what_sbrk_gave_keeps_alive)
{
    mapped = sbrk(PAGE);
    CHECK(mapped != (void *)-1);
    cell_keeps_alive(mapping);
}

/* Written by one mapping, to be read by the next. */
static int shared_fd;
static void shared_put(handle c)
{
    handle *at =
        mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, shared_fd, 0);

    *at = c;
    munmap(at, PAGE);
    mapped = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, shared_fd, 0);
}
static handle shared_take(void)
{
    handle c = *mapped;

    munmap(mapped, PAGE);
    shared_put(NULL);
    return c;
}

INSIDE_TEST(memory, shared_pages_that_were_not_touched_here_keep_alive)
{
    shared_fd = memfd_create("shared", MFD_CLOEXEC);
    CHECK_EQ(ftruncate(shared_fd, PAGE), 0);
    keeps_alive(shared_put, shared_take);
}

/* What a descriptor was given to epoll with. */
static int epoll_fd, ready_fd[2];
static void epoll_put(handle c)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = (void *)c};

    CHECK_EQ(epoll_ctl(epoll_fd, EPOLL_CTL_ADD, ready_fd[0], &event), 0);
}
static handle epoll_take(void)
{
    struct epoll_event event;

    CHECK_EQ(epoll_wait(epoll_fd, &event, 1, 0), 1);
    CHECK_EQ(epoll_ctl(epoll_fd, EPOLL_CTL_DEL, ready_fd[0], NULL), 0);
    return (handle)event.data.ptr;
}

INSIDE_TEST(memory, what_the_kernel_keeps_keeps_alive)
{
    epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    CHECK_EQ(pipe(ready_fd), 0);
    CHECK_EQ(write(ready_fd[1], "", 1), 1);
    keeps_alive(epoll_put, epoll_take);
}

/* Requests under way nobody tells. */
INSIDE_TEST(memory, nothing_is_proven_beside_io_uring)
{
    struct io_uring_params params = {.flags = 0};
    int uring = (int)syscall(SYS_io_uring_setup, 4, &params);

    cell_of = bss;
    go(plant, cell_put);
    let_all_park();
    go(lose, cell_take);
    CHECK_EQ(look(), uring < 0); /* it may be forbidden */
    close(uring);
    CHECK_EQ(look(), 1);
}

INSIDE_TEST(memory, nothing_is_proven_beside_io_submit)
{
    aio_context_t queue = 0;
    bool refused = syscall(SYS_io_setup, 4, &queue) != 0;

    cell_of = bss;
    go(plant, cell_put);
    let_all_park();
    go(lose, cell_take);
    CHECK_EQ(look(), refused);
    syscall(SYS_io_destroy, queue);
    CHECK_EQ(look(), 1);
}

/* ---- in a copy of the process ------------------------------------------------ */

enum {
    BALLAST = 64 << 20 /* makes it worth a copy */
};

/* Looks as the tick does when the heap is large; while the scan is under way
   the world goes on, by meanwhile(). -1: it proves nothing. */
static __attribute__((noinline)) int look_in_copy(void (*meanwhile)(void))
{
    const struct mon_moment moment = {.frame = RT_FRAME_HERE()};
    struct mon_image image = {0};
    struct mon_look *look;
    bool started, died = false;
    int stuck;

    CHECK(rt_world_stop(NULL));
    started = mon_look_start(&image, &moment);
    rt_world_start();
    CHECK(started);
    meanwhile();
    do
        look = mon_look_collect(&image, &died);
    while (!look && !died);
    stuck = look && look->taken ? (int)look->findings.stuck : -1;
    mon_image_drop(&image);
    return stuck;
}

static void add_ballast(void)
{
    void *at = mmap(NULL, BALLAST, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    memset(at, 1, BALLAST);
}

static void cell_wiped(void)
{
    *cell_of() = NULL;
}

INSIDE_TEST(memory, a_copy_has_what_has_been_dropped_since)
{
    add_ballast();
    cell_of = bss;
    go(plant, cell_put);
    let_all_park();
    CHECK_EQ(look_in_copy(cell_wiped), 0);
    CHECK_EQ(look_in_copy(cell_wiped), 1);
}

/* The next look does without a copy. */
static void is_not_in_a_copy(void)
{
    go(plant, cell_put);
    let_all_park();
    CHECK_EQ(look_in_copy(let_all_park), -1);
    CHECK_EQ(look(), 0);
    go(lose, cell_take);
    CHECK_EQ(look(), 1);
}

INSIDE_TEST(memory, what_is_kept_out_of_copies_keeps_alive)
{
    add_ballast();
    mapped = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
                  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK_EQ(madvise(mapped, PAGE, MADV_DONTFORK), 0);
    cell_of = mapping;
    is_not_in_a_copy();
}

/* Only to be read by us, and written by another mapping of the program's. */
static void file_put(handle c)
{
    CHECK_EQ(pwrite(shared_fd, &c, sizeof(c), 0), sizeof(c));
}
static handle file_take(void)
{
    handle c = *mapped;

    file_put(NULL);
    return c;
}
static void file_wiped(void)
{
    file_put(NULL);
}

INSIDE_TEST(memory, what_is_shared_with_a_copy_is_not_judged_in_it)
{
    add_ballast();
    shared_fd = memfd_create("shared", MFD_CLOEXEC);
    CHECK_EQ(ftruncate(shared_fd, PAGE), 0);
    mapped = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, shared_fd, 0);
    go(plant, file_put);
    let_all_park();
    CHECK_EQ(look_in_copy(file_wiped), -1);
    go(plant, file_put);
    CHECK_EQ(look(), 1); /* the first */
    go(lose, file_take);
    CHECK_EQ(look(), 2);
}

/* ---- the heap --------------------------------------------------------------- */

struct node {
    struct node *next;
    uint64_t rest[3];
    handle c;
};

static uintptr_t to_node; /* in some way */

static struct node *chain(void)
{
    struct node *first = calloc(1, sizeof(*first)), *last = first;

    for (int i = 0; i < 3; i++)
        last = last->next = calloc(1, sizeof(*last));
    return first;
}

static void chain_put(handle c)
{
    struct node *n = chain();

    to_node = (uintptr_t)n;
    while (n->next)
        n = n->next;
    n->c = c;
}

static handle chain_take(void)
{
    struct node *n = (struct node *)to_node;

    to_node = 0;
    while (n->next)
        n = n->next;
    return n->c; /* which stays where nobody finds it */
}

INSIDE_TEST(memory, a_chain_of_blocks_keeps_alive_until_it_is_cut)
{
    keeps_alive(chain_put, chain_take);
}

/* One block, pointed to at offset. */
static ptrdiff_t offset;
static void block_put(handle c)
{
    struct node *n = calloc(1, sizeof(*n));

    n->c = c;
    to_node = (uintptr_t)n + (uintptr_t)offset;
}
static handle block_take(void)
{
    struct node *n = (struct node *)(to_node - (uintptr_t)offset);

    to_node = 0;
    return n->c;
}

static void block_keeps_alive(ptrdiff_t at)
{
    offset = at;
    keeps_alive(block_put, block_take);
}

INSIDE_TEST(memory, a_pointer_into_the_middle_keeps_alive)
{
    block_keeps_alive(offsetof(struct node, rest[1]));
}

INSIDE_TEST(memory, a_pointer_one_past_the_end_keeps_alive)
{
    block_keeps_alive(sizeof(struct node));
}

INSIDE_TEST(memory, a_pointer_with_a_tag_keeps_alive)
{
    block_keeps_alive(7);
}

static void freed_put(handle c)
{
    block_put(c);
}
static handle freed_take(void)
{
    struct node *n = (struct node *)to_node;
    handle c = n->c;

    free(n); /* the word in it stays, and so does the pointer to it */
    return c;
}

INSIDE_TEST(memory, a_freed_block_holds_nothing)
{
    offset = 0;
    keeps_alive(freed_put, freed_take);
}

/* A lock was there, that its owner, who is still there, freed without ado. */
static void locks_and_frees(struct go_mutex *m)
{
    go_mutex_lock(m);
    memset(m, 0, sizeof(*m));
    go_sleep(GO_SECOND);
}

static struct go_mutex place;
static handle *after_a_lock(void)
{
    return (handle *)&place + 3;
}

INSIDE_TEST(memory, the_place_of_a_lock_that_was_freed_keeps_alive)
{
    go(locks_and_frees, &place);
    let_all_park();
    cell_keeps_alive(after_a_lock);
}

static void locks_and_ends(struct go_mutex *m)
{
    go_mutex_lock(m);
}

INSIDE_TEST(memory, the_place_of_a_lock_that_was_left_keeps_alive)
{
    go(locks_and_ends, &place);
    let_all_park();
    cell_keeps_alive(after_a_lock);
}

/* A block of which the program protects a page. */
static void guarded_put(handle c)
{
    char *at = aligned_alloc(PAGE, 5 * PAGE);

    CHECK_EQ(mprotect(at + PAGE, PAGE, PROT_NONE), 0);
    *(handle *)(at + 3 * PAGE) = c;
    to_node = (uintptr_t)at;
}
static handle guarded_take(void)
{
    handle *at = (handle *)(to_node + 3 * PAGE), c = *at;

    *at = NULL;
    return c;
}

INSIDE_TEST(memory, a_block_with_a_protected_page_is_read_all_the_same)
{
    keeps_alive(guarded_put, guarded_take);
}

#endif
