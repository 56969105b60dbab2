/*
 * json_finding.c - what findings of all kinds have in JSON.
 *
 * In:  report_json.c, json_order.c. Out: fields, each always there.
 */
#include "runtime/monitor/json_finding.h"

#include "runtime/monitor/report.h"
#include "runtime/monitor/words.h"

void mon_json_finding_open(struct mon_json *j, const struct mon_json_finding *f)
{
    mon_json_open(j, NULL, '{');
    mon_json_text(j, "verdict", go_verdict_text(f->verdict));
    mon_json_text(j, "shape", go_shape_text(f->shape));
    mon_json_bool(j, "proven", f->proven);
    mon_json_hex(j, "fingerprint", f->fingerprint);
    mon_json_exact(j, "message", f->message);
    mon_json_u64(j, "times", f->times);
    mon_json_u64(j, "in_core", f->core);
    mon_json_u64(j, "in_all", f->all);
    mon_json_u64(j, "leaked", f->leaked);
    mon_json_u64(j, "left", f->left);
    mon_json_open(j, "goroutines", '[');
}

void mon_json_finding_close(struct mon_json *j)
{
    mon_json_close(j, ']');
    mon_json_close(j, '}');
}

static void frame(struct mon_json *j, const struct mon_frame *f)
{
    mon_json_open(j, NULL, '{');
    mon_json_text(j, "func", f->func);
    mon_json_text(j, "file", f->file);
    mon_json_i64(j, "line", f->line);
    mon_json_text(j, "module", f->module);
    mon_json_u64(j, "offset", f->offset);
    mon_json_bool(j, "inlined", f->inlined);
    mon_json_close(j, '}');
}

void mon_json_stack(struct mon_json *j, const struct mon_frame *frames,
                    size_t n)
{
    mon_json_open(j, "stack", '[');
    for (size_t i = 0; i < n; i++)
        frame(j, &frames[i]);
    mon_json_close(j, ']');
}
