/* crash_test.c - what is known of a process that a signal has ended. */
#include <vigil/crash.h>

#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/inside.h"

/* A sanitizer ends its process by itself, and says why. */
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
static __attribute__((noinline)) void fault(void)
{
    int *volatile nowhere = (int *)16;

    *nowhere = 1;
}

static void fault_in_another(void)
{
    go(fault);
    go_yield();
}

static void give_up(void)
{
    abort();
}

static void call_nothing(void)
{
    void (*volatile nothing)(void) = NULL;

    nothing();
    __asm__ volatile("");
}

/* Of a fork that runs body. */
static const struct go_crash *crash_of(void (*body)(void), int signal)
{
    struct go_crash *c = mmap(NULL, sizeof(*c), PROT_READ | PROT_WRITE,
                              MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t pid = fork();
    int status;

    if (pid == 0) {
        go_crash_catch(c);
        run_inside(body, true, 1);
        _exit(0);
    }
    cr_assert_eq(waitpid(pid, &status, 0), pid);
    cr_assert(WIFSIGNALED(status) && WTERMSIG(status) == signal);
    return c;
}

static void check_place(const struct go_crash *c, const char *func)
{
    struct go_frame at;

    cr_assert(go_crash_place(c, &at));
    cr_assert_str_eq(at.func, func);
    cr_assert(strstr(at.file, "crash_test.c") && at.line > 0);
}

Test(crash, a_fault_has_its_address_goroutine_and_place)
{
    const struct go_crash *c = crash_of(fault_in_another, SIGSEGV);

    cr_assert_eq(c->signal, SIGSEGV);
    cr_assert(!c->sent);
    cr_assert_eq(c->address, (void *)16);
    cr_assert_eq(c->goroutine, 2);
    cr_assert_eq(c->created_by, 1);
    check_place(c, "fault");
}

Test(crash, an_abort_is_sent_and_its_place_is_the_programs)
{
    const struct go_crash *c = crash_of(give_up, SIGABRT);

    cr_assert_eq(c->signal, SIGABRT);
    cr_assert(c->sent);
    cr_assert_eq(c->goroutine, 1);
    check_place(c, "give_up");
}

Test(crash, who_calls_what_is_no_code_is_known)
{
    check_place(crash_of(call_nothing, SIGSEGV), "call_nothing");
}

static void have_a_child_fail(void)
{
    pid_t pid = fork();

    if (pid == 0)
        abort();
    waitpid(pid, NULL, 0);
    raise(SIGKILL);
}

Test(crash, a_child_of_the_program_that_fails_has_told_nothing)
{
    const struct go_crash *c = crash_of(have_a_child_fail, SIGKILL);

    cr_assert(!c->signal && !c->n);
}
#endif

Test(crash, a_process_that_is_killed_has_told_nothing)
{
    struct go_crash c;
    struct go_frame at;

    go_crash_catch(&c);
    go_crash_ignore();
    cr_assert_eq(c.signal, 0);
    cr_assert(!go_crash_place(&c, &at));
}
