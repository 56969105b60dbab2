/*
 * soak.c - random work over all primitives for as long as is wished.
 *
 * usage: soak SECONDS [RATE [SEED [PLANT [PIECE]]]]
 *
 * In: RATE, goroutines a second to make and end (16667: a million a minute);
 * SEED of the choices; PLANT, a fault to be found: leak (a goroutine that
 * nobody can wake), stall (a lane that waits for a timer of a year), sum (a
 * wrong result), grow (memory that is kept), none; PIECE, the only one to be
 * done. VIGIL as for any program.
 * Out: a line each ten seconds, a last one, and exit status 0; else a line
 * that says what was wrong, and 1, or the status of the runtime's own verdict.
 *
 * Lanes run one piece after another (pieces.h). Every 3 ms a signal comes
 * between, and once a minute SIGUSR1, which makes the runtime tell all that it
 * knows. A lane that has not ended its piece within a minute has lost a
 * wake-up: the machine may be slow, so it is a minute in which the supervisor
 * came to its turns, and after ten seconds of it nobody begins another piece, so
 * that who can go on has the processors for himself. Growth is the lowest memory
 * of the last third above the lowest of the second tenth: bursts come and go,
 * what is lost adds up. Under ThreadSanitizer it is only told: what its shadow
 * takes is not ours.
 */
#include "pieces.h"
#include <dirent.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>
#include <vigil/go.h>

#ifdef __SANITIZE_THREAD__
#define SHADOWED true
#else
#define SHADOWED false
#endif

enum {
    LANES = 64,     /* at most */
    PER_LANE = 350, /* goroutines a second that one is there for */
    TELL = 10,      /* seconds between two lines */
    TURNS = 4,      /* of the supervisor in a second, at most */
    PATIENCE = 60,  /* seconds of his that a piece may take */
    DRAIN = 10,     /* after which no other is begun */
    KEPT = 4 << 20, /* bytes, each time that some are to be kept */
};

static struct {
    long seconds, rate;
    uint64_t seed;
    const char *plant;
    unsigned piece; /* n_pieces: all of them */
} asked = {.rate = 16667, .seed = 1, .plant = ""};

static struct lane {
    struct go_atomic begun; /* the turn its piece began in; 0: between two */
    struct go_atomic which;
} lanes[LANES + 1]; /* the last of nlanes + 1 is there for a fault */
static struct go_atomic made, ended_pieces, wrong, over;
static struct go_atomic turn = {1}; /* of the supervisor */
static go_instant start;
static long signals; /* [atomic] */
static int nlanes;

static bool plants(const char *what)
{
    return !strcmp(asked.plant, what);
}

static double seconds_since(go_instant t)
{
    return (double)go_since(t) / (double)GO_SECOND;
}

/* ---- lanes --------------------------------------------------------------- */

/* The lane that is longest at its piece; how long, in seconds of the
   supervisor's. */
static double oldest(unsigned *which)
{
    int64_t now = go_atomic_load(&turn);
    double age = 0;

    for (int i = 0; i <= nlanes; i++) {
        int64_t begun = go_atomic_load(&lanes[i].begun);
        double is = begun ? (double)(now - begun) / TURNS : 0;

        if (is < age)
            continue;
        age = is;
        *which = (unsigned)go_atomic_load(&lanes[i].which);
    }
    return age;
}

static void one_piece(struct lane *l, struct draw *d)
{
    unsigned which = asked.piece < n_pieces ? asked.piece : draw(d, n_pieces);
    long n;

    go_atomic_store(&l->which, which);
    go_atomic_store(&l->begun, go_atomic_load(&turn));
    n = pieces[which].work(d);
    go_atomic_store(&l->begun, 0);
    if (n < 0) {
        fprintf(stderr, "soak: %s: a wrong result\n", pieces[which].name);
        go_atomic_add(&wrong, 1);
    }
    go_atomic_add(&made, n < 0 ? 0 : n);
    go_atomic_add(&ended_pieces, 1);
}

static void lane(struct lane *l, uint64_t seed)
{
    struct draw d = {seed * 0x9e3779b97f4a7c15ULL | 1};
    unsigned which;

    while (!go_atomic_load(&over)) {
        if (oldest(&which) > DRAIN ||
            (double)go_atomic_load(&made) >
                (double)asked.rate * seconds_since(start))
            go_sleep(GO_MILLISECOND * (1 + draw(&d, 20)));
        else
            one_piece(l, &d);
    }
}

/* ---- faults on purpose --------------------------------------------------- */

static void never_woken(chan(int) c)
{
    chan_recv(c);
}

static void *volatile kept;

static void keep_memory(void)
{
    void *more = malloc(KEPT);

    if (!more)
        abort();
    memset(more, 1, KEPT);
    *(void **)more = kept;
    kept = more;
}

static void plant(void)
{
    if (plants("leak"))
        go(never_woken, chan_make(int, 0));
    else if (plants("stall"))
        go_atomic_store(&lanes[nlanes].begun, -(PATIENCE + 1) * TURNS);
    else if (plants("sum"))
        go_atomic_add(&wrong, 1);
}

/* ---- what is told -------------------------------------------------------- */

static double resident(void)
{
    long pages = 0;
    FILE *f = fopen("/proc/self/statm", "r");

    if (!f || fscanf(f, "%*d %ld", &pages) != 1)
        abort();
    fclose(f);
    return (double)(pages * sysconf(_SC_PAGESIZE)) / (1 << 20);
}

static int descriptors(void)
{
    DIR *all = opendir("/proc/self/fd");
    int n = 0;

    if (!all)
        abort();
    while (readdir(all))
        n++;
    closedir(all);
    return n;
}

static void tell(void)
{
    unsigned which = 0;
    double age = oldest(&which);

    printf("%6.0f s  %10ld goroutines  %8ld pieces  %6zu alive  "
           "oldest %.2f s (%s)  %.1f MiB  %d descriptors\n",
           seconds_since(start), (long)go_atomic_load(&made),
           (long)go_atomic_load(&ended_pieces), go_count(), age,
           pieces[which].name, resident(), descriptors());
    fflush(stdout);
}

/* ---- the whole ----------------------------------------------------------- */

static void hear(int signal)
{
    (void)signal;
    __atomic_add_fetch(&signals, 1, __ATOMIC_RELAXED);
}

static void ring_often(bool on)
{
    struct itimerval each = {0};
    struct sigaction act = {.sa_handler = hear, .sa_flags = SA_RESTART};

    each.it_interval.tv_usec = each.it_value.tv_usec = on ? 3000 : 0;
    sigaction(SIGALRM, &act, NULL);
    setitimer(ITIMER_REAL, &each, NULL);
}

/* Lowest memory by then and lately, to be compared at the end. */
struct growth {
    double early, late;
};

static void watch(struct growth *g, double share)
{
    double now = resident();

    if (share >= 0.1 && share < 0.2 && now < g->early)
        g->early = now;
    if (share >= 0.67 && now < g->late)
        g->late = now;
}

static bool stalled(void)
{
    unsigned which = 0;
    double age = oldest(&which);

    if (age <= PATIENCE)
        return false;
    fprintf(stderr, "soak: %s has not ended for %.0f s: a lost wake-up\n",
            pieces[which].name, age);
    return true;
}

/* Turn by turn until the end; false: somebody was not woken. */
static bool supervise(struct growth *g)
{
    bool planted = false;

    while (seconds_since(start) < (double)asked.seconds) {
        double share = seconds_since(start) / (double)asked.seconds;
        int64_t now = go_atomic_add(&turn, 1);

        go_sleep(GO_SECOND / TURNS);
        watch(g, share);
        if (!planted && share > 0.3) {
            plant();
            planted = true;
        }
        if (plants("grow"))
            keep_memory();
        if (now % (TURNS * TELL) == 0)
            tell();
        if (now % (TURNS * 60) == 0)
            kill(getpid(), SIGUSR1);
        if (stalled())
            return false;
    }
    return true;
}

static int judge(const struct growth *g, int descriptors_before)
{
    int more = descriptors() - descriptors_before;
    int bad = go_atomic_load(&wrong) != 0;

    if (!SHADOWED && g->late > g->early * 1.25 + 16) {
        fprintf(stderr, "soak: memory grew from %.1f to %.1f MiB\n", g->early,
                g->late);
        bad = 1;
    }
    if (more > 8) {
        fprintf(stderr, "soak: %d descriptors more than before\n", more);
        bad = 1;
    }
    printf("soak: %ld goroutines in %.0f s, %ld pieces, %ld wrong, %ld "
           "signals, lowest memory %.1f MiB, then %.1f\n",
           (long)go_atomic_load(&made), seconds_since(start),
           (long)go_atomic_load(&ended_pieces), (long)go_atomic_load(&wrong),
           __atomic_load_n(&signals, __ATOMIC_RELAXED), g->early, g->late);
    return bad;
}

static int app(void)
{
    struct go_waitgroup wg = {0};
    struct growth g = {1e9, 1e9};
    int before = descriptors();

    start = go_now();
    nlanes = 4 + (int)(asked.rate / PER_LANE);
    nlanes = nlanes < LANES ? nlanes : LANES;
    ring_often(true);
    for (int i = 0; i < nlanes; i++)
        go_waitgroup_go(&wg, lane, &lanes[i], asked.seed * LANES + (uint64_t)i);
    if (!supervise(&g)) {
        fflush(stdout);
        kill(getpid(), SIGQUIT); /* the runtime tells who waits for whom */
        go_sleep(GO_MINUTE);
        return 1;
    }
    go_atomic_store(&over, 1);
    go_waitgroup_wait(&wg);
    ring_often(false);
    return judge(&g, before);
}

static unsigned piece_called(const char *name)
{
    unsigned i = 0;

    while (i < n_pieces && strcmp(pieces[i].name, name))
        i++;
    return i;
}

int main(int argc, char **argv)
{
    asked.seconds = argc > 1 ? atol(argv[1]) : 0;
    if (argc > 2)
        asked.rate = atol(argv[2]);
    if (argc > 3)
        asked.seed = strtoull(argv[3], NULL, 0);
    if (argc > 4)
        asked.plant = argv[4];
    crowd_size = (unsigned)(asked.rate / 4);
    asked.piece = n_pieces;
    if (argc > 5)
        asked.piece = piece_called(argv[5]);
    if (argc > 6 || (argc > 5 && asked.piece == n_pieces) ||
        asked.seconds < 1 || asked.rate < 1) {
        fprintf(stderr, "usage: soak SECONDS [RATE [SEED [PLANT [PIECE]]]]\n");
        return 2;
    }
    return go_main(app);
}
