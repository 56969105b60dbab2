/*
 * saver.c - writes the schedule of the first result that has one.
 *
 * In:  results on their way to who shows them. Out: the file of --save.
 */
#include "harness/saver.h"

static bool take(struct hn_sink *sink, struct hn_result *result)
{
    struct hn_saver *s = (struct hn_saver *)sink;
    const char *token =
        json_string_value(json_object_get(result->explored, "token"));

    if (token && s->opened && result->trace) {
        s->opened = false;
        s->error = hn_schedout_write(&s->out, token, result->trace,
                                     result->trace_len, s->why);
        s->written = s->error == 0;
    }
    return s->next->result(s->next, result);
}

static void progress(struct hn_sink *sink, const struct hn_progress *now)
{
    struct hn_saver *s = (struct hn_saver *)sink;

    s->next->progress(s->next, now);
}

int hn_saver_begin(struct hn_saver *s, const char *path, struct hn_sink *next)
{
    int err;

    *s = (struct hn_saver){.sink = {.result = take, .progress = progress},
                           .next = next};
    err = hn_schedout_open(&s->out, path, s->why);
    s->opened = err == 0;
    return err;
}

int hn_saver_end(struct hn_saver *s)
{
    if (s->opened)
        hn_schedout_drop(&s->out);
    s->opened = false;
    return s->error;
}
