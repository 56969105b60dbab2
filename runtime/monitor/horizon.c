/*
 * horizon.c - what time alone will bring.
 *
 * In:  the graph, and everybody's fate. Out: the next instant at which a timer
 * wakes somebody or calls, and whether all life there is comes from timers.
 *
 * O1  A timer that serves nobody who waits brings nothing: it does not count.
 * O2  Nothing moves before the next instant, where every root of life is a
 *     timer: nobody runs or can run, no wake-up is on its way, no descriptor,
 *     thread or handle outside is waited for. Doubt is a root of life.
 */
#include "runtime/monitor/horizon.h"

int64_t mon_horizon_of(const struct go_inspect *in, uint32_t goroutine)
{
    const struct go_inspect_goroutine *g = &in->goroutines[goroutine];
    int64_t first = g->until;

    for (uint32_t w = g->wait; w < g->wait + g->nwait; w++) {
        const struct go_inspect_object *o;

        if (in->waits[w].object == GO_NOWHERE)
            continue;
        o = &in->objects[in->waits[w].object];
        if (o->armed && o->armed_until >= 0 &&
            (first < 0 || o->armed_until < first))
            first = o->armed_until;
    }
    return first;
}

/* O2, of one who is not stuck: whether something but time may move him. */
static bool moves_before(const struct mon_graph *graph, uint32_t i)
{
    const struct go_inspect_goroutine *g = &graph->in->goroutines[i];

    if (g->state != GO_STATE_WAITING ||
        (graph->moves[i] && mon_horizon_of(graph->in, i) < 0))
        return true;
    for (uint32_t w = g->wait; w < g->wait + g->nwait; w++) {
        uint32_t gate = graph->gate_of[w];

        if (gate != GO_NOWHERE && graph->gates[gate].free &&
            !graph->in->objects[mon_gate_object(gate)].armed)
            return true;
    }
    return false;
}

/* O1 */
static void take(struct mon_horizon *h, int64_t when)
{
    if (when < 0 || (h->next >= 0 && when > h->next))
        return;
    if (when != h->next)
        *h = (struct mon_horizon){
            .next = when, .first = GO_NOWHERE, .still = h->still};
}

void mon_horizon_find(const struct mon_graph *graph, const uint8_t *fate,
                      struct mon_horizon *out)
{
    const struct go_inspect *in = graph->in;

    *out = (struct mon_horizon){.next = -1, .first = GO_NOWHERE};
    out->still = !in->foreign_life && !in->elsewhere;
    for (uint32_t r = 0; r < in->ngoroutine; r++) {
        uint32_t i = graph->goroutines.index[r];
        int64_t when = mon_horizon_of(in, i);

        if (in->goroutines[i].system || fate[i] == MON_FATE_STUCK)
            continue;
        out->still &= !moves_before(graph, i);
        take(out, when);
        if (when < 0 || when != out->next)
            continue;
        if (!out->wakes++)
            out->first = i;
    }
    for (uint32_t t = 0; t < in->ntimer; t++) {
        if (!in->timers[t].calls)
            continue;
        take(out, in->timers[t].when);
        if (in->timers[t].when == out->next)
            out->calls = in->timers[t].site;
    }
    out->still &= out->next >= 0;
}
