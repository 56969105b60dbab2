/*
 * do_work_on_nil - the twin: a done channel ends the worker whatever its
 * input is.
 *
 * Expected: CLEAN.
 */
#include <vigil/scenario.h>

static void do_work(chan(const char *) jobs, chan(bool) done)
{
    const char *job;
    bool ok = true;

    while (ok && go_select(GO_RECV(done, NULL), GO_RECV_OK(jobs, &job, &ok)))
        ;
}

SCENARIO(do_work_on_nil, .about = "a worker on nil that can be told to end",
         .origin = "Concurrency in Go, chapter 4")
{
    chan(bool) done = chan_make(bool, 0);

    go(do_work, NULL, done);
    go_sleep(GO_SECOND);
    chan_close(done);
}
