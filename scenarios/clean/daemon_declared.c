/*
 * daemon_declared - a background goroutine that says that it stays.
 *
 * Looks leaked: it waits for ever on a channel that nobody uses. Is not:
 * go_expect_daemon says that it is meant to. Expected: CLEAN.
 */
#include <vigil/scenario.h>

static void log_writer(chan(const char *) lines)
{
    go_expect_daemon();
    chan_range(line, lines)
        (void)line;
}

SCENARIO(daemon_declared, .about = "a declared daemon is left behind")
{
    chan(const char *) lines = chan_make(const char *, 8);

    go(log_writer, lines);
    chan_send(lines, "hello");
}
