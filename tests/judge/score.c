/* score.c - judges what looks at a played world have proven, and adds up. */
#include "tests/judge/score.h"

#include <stdio.h>

#include "tests/judge/truth.h"

const char *miss_text(enum miss m)
{
    static const char *const text[MISS_COUNT] = {
        [MISS_WAITS] = "what a live one waits on is on its own stack",
        [MISS_HELD] = "a lock that a live one owns is on its stack",
        [MISS_STACK] = "a pointer to a part of a stack counts for all of it",
        [MISS_FREED] = "a pointer to a freed block, in use again",
        [MISS_HEAP] = "an old word that points into the heap",
        [MISS_BOTH] = "several of these together",
        [MISS_STALE] = "an old word somewhere",
    };

    return text[m];
}

/* The first belief by which it would not be stuck. */
static enum miss why_missed(const struct world *w, unsigned actor)
{
    static const unsigned belief[] = {
        [MISS_WAITS] = BELIEF_WAITS, [MISS_HELD] = BELIEF_HELD,
        [MISS_STACK] = BELIEF_STACK, [MISS_FREED] = BELIEF_FREED,
        [MISS_HEAP] = BELIEF_HEAP,   [MISS_BOTH] = ~0u & ~BELIEF_HEAP};

    for (int m = MISS_WAITS; m <= MISS_BOTH; m++)
        if (m != MISS_HEAP && !(truth(w, belief[m]) >> actor & 1))
            return (enum miss)m;
    if (!(truth(w, ~0u) >> actor & 1))
        return MISS_HEAP;
    return MISS_STALE;
}

static unsigned count(unsigned bits)
{
    return (unsigned)__builtin_popcount(bits);
}

static bool tell(char why[256], const char *what, uint64_t seed, unsigned bits)
{
    if (!why[0])
        snprintf(why, 256, "seed %lu: %s, actors %#x", (unsigned long)seed,
                 what, bits);
    return false;
}

static bool add_up(struct score *s, const struct world *w,
                   const struct played *p, char why[256])
{
    unsigned stuck = truth(w, BELIEF_NONE), missed = stuck & ~p->proven,
             waiting = 0;
    unsigned lies = p->proven & ~stuck, resumed = p->proven & p->woke;
    bool good = true;

    for (unsigned i = 0; i < w->nactor; i++)
        waiting |= (unsigned)(w->actor[i].act == ACT_PARK) << i;
    s->programs++;
    s->waiting += count(waiting);
    s->stuck += count(stuck);
    s->stuck_programs += stuck != 0;
    s->proven += count(p->proven & stuck);
    for (unsigned i = 0; i < w->nactor; i++)
        if (missed >> i & 1)
            s->missed[why_missed(w, i)]++;
    s->programs_false += lies != 0;
    s->actors_false += count(lies);
    s->resumed += (resumed | p->taken_back) != 0;
    s->mistaken += (p->woke & stuck) != 0;
    if (w->acts) {
        s->could_run += count(waiting & ~stuck);
        s->ran_again += count(waiting & p->woke & ~stuck);
    }
    if (lies)
        good = tell(why, "a false proof", w->seed, lies);
    if (resumed | p->taken_back)
        good =
            tell(why, "proven, and then not", w->seed, resumed | p->taken_back);
    if (p->woke & stuck)
        good = tell(why, "the model is wrong", w->seed, p->woke & stuck);
    return good;
}

void score_all(struct score *s, uint64_t seed, unsigned loss,
               score_fault *fault)
{
    static struct world w[WORLDS];
    static struct played p[WORLDS];
    char why[256];

    for (unsigned k = 0; k < WORLDS; k++)
        world_make(&w[k], seed + k);
    play(w, loss, p);
    if (!p->ran || p->panic[0]) {
        s->programs += WORLDS;
        s->broken++;
        snprintf(why, sizeof(why), "seed %lu: did not come to its end: %.180s",
                 (unsigned long)seed, p->panic);
        fault(why);
        return;
    }
    for (unsigned k = 0; k < WORLDS; k++) {
        why[0] = 0;
        if (!add_up(s, &w[k], &p[k], why))
            fault(why);
    }
}

void score_add(struct score *to, const struct score *s)
{
    const uint64_t *from = (const uint64_t *)s;

    for (unsigned i = 0; i < sizeof(*s) / sizeof(*from); i++)
        ((uint64_t *)to)[i] += from[i];
}
