"""goroutines.py - gdb commands for vigil's goroutines; needs gdb with Python.

    (gdb) source goroutines.py        vigil replay --gdb does it by itself
    (gdb) goroutines                  one line each; * is the one we are in
    (gdb) goroutine 3 bt              a command on the stack of goroutine 3
    (gdb) goroutine all bt            on each one's
    (gdb) reached                     where a replay has stopped, told in words

In:  the runtime's own structures, by its debug information. Out: text.

Backtraces leave out what the runtime does below a call of the program's
("bt -no-filters" has it).

Method: who is not running has its registers on its stack, as rt_switch left
them, and rt_switch_parked is the place in the code where they are all there:
with these two as stack pointer and program counter gdb's unwinder does the
rest. An unwinder of our own gives them to it, as those of the frame that is
behind the first one. So nothing is written to a program, and a core file, whose
registers can not be set, is as good as one.
"""
import os

import gdb
from gdb.unwinder import Unwinder, register_unwinder

LETTERS = "bcdefghijklmnoquvwxyz"  # of task.c, as is
ROW = 8
CLOCK = 1 << 14                    # RT_TASK_CLOCK
NOWHERE = 0xFFFFFFFF
RUNTIME = ("runtime/base/", "runtime/sched/", "runtime/sync/",
           "runtime/monitor/", "harness/")


def inner(file, name):
    """A variable of the runtime's that other files cannot see."""
    try:
        return gdb.parse_and_eval("'runtime/%s'::%s" % (file, name))
    except gdb.error:
        raise gdb.GdbError("libvigil is not loaded, or has no debug "
                           "information")


def text(pointer):
    return pointer.string(errors="replace") if int(pointer) else ""


def site_text(site):
    """"lock first at x.c:12" without the verb."""
    if not int(site) or not int(site["file"]):
        return ""
    file = text(site["file"]).split("/")[-1]
    return ("%s at %s:%d" % (text(site["what"]), file, int(site["line"]))).strip()


def task_path(task):
    """As tokens spell it: task.c's go_task_path."""
    tasks, path = inner("sched/task.c", "tasks"), ""
    if task == 0:
        return "a"
    while task and task != CLOCK:
        nth, row = int(tasks[task]["nth"]), int(tasks[task]["row"])
        one = LETTERS[nth] if nth < len(LETTERS) else "(%d)" % nth
        path = (one * row if row <= ROW else "(%s*%d)" % (one, row)) + path
        for _ in range(row):
            task = int(tasks[task]["parent"])
    return ("*" if task else "") + path


class Goroutine:
    def __init__(self, g, low, high):
        self.g, self.low, self.high = g, low, high
        self.id = int(g["id"])
        self.status = int(g["status"])

    def state(self):
        names = {f.enumval: f.name
                 for f in gdb.lookup_type("enum rt_gstatus").fields()}
        name = names.get(self.status, "?").replace("RT_G_", "").lower()
        if name == "waiting":
            name = str(self.g["wait"]["reason"]).replace("GO_WAIT_", "")
            name = name.replace("_", " ").lower()
        elif name == "runnable" and bool(gdb.parse_and_eval("rt_controlled")):
            name = "stands"
        return name

    def holds(self, address):
        return self.low <= address < self.high

    def describe(self, here):
        controlled = bool(gdb.parse_and_eval("rt_controlled"))
        task = int(self.g["task"])
        path = task_path(task) if controlled and task != NOWHERE else ""
        return "%s %4d %-4s %-12s %s" % ("*" if here else " ", self.id, path,
                                         self.state(),
                                         site_text(self.g["last"]))


def goroutines():
    """All that exist: RT_G_FREE and RT_G_DEAD are none."""
    pool = inner("sched/stack.c", "pool")
    slots = inner("sched/stackmap.c", "rt_stacks")
    base, stride = int(slots["base"]), int(slots["stride"])
    kind = gdb.lookup_type("struct g")
    size = (kind.sizeof + 63) & ~63
    enum = {f.name: f.enumval
            for f in gdb.lookup_type("enum rt_gstatus").fields()}
    found = []
    for slot in range(int(pool["high"]) if base else 0):
        low = base + slot * stride
        g = gdb.Value(low + stride - size).cast(kind.pointer()).dereference()
        if int(g["status"]) not in (enum["RT_G_FREE"], enum["RT_G_DEAD"]):
            found.append(Goroutine(g, low, low + stride))
    return sorted(found, key=lambda one: one.id)


class FrameId:
    def __init__(self, sp, pc):
        self.sp, self.pc = sp, pc


class Parked(Unwinder):
    """Behind the frame that this thread is in come those of a goroutine."""

    def __init__(self):
        super().__init__("vigil")
        self.one = self.thread = None

    def show(self, one):
        self.one, self.thread = one, gdb.selected_thread().ptid
        gdb.invalidate_cached_frames()

    def is_shown(self):
        return self.one and gdb.selected_thread().ptid == self.thread

    def __call__(self, frame):
        if frame.level() != 0 or not self.is_shown():
            return None
        names = ("sp", "pc")
        if frame.architecture().name().startswith("i386"):
            names = ("rsp", "rip")
        word = gdb.lookup_type("unsigned long")
        # A place that is returned to is looked up by the byte before it; and
        # who is called lies below: else gdb takes the stack for spoilt.
        at = int(gdb.parse_and_eval("(unsigned long)&rt_switch_parked")) + 1
        sp = int(self.one.g["sp"])
        here = frame.create_unwind_info(FrameId(
            gdb.Value(sp - 8).cast(word), frame.read_register(names[1])))
        for name, value in zip(names, (sp, at)):
            here.add_saved_register(name, gdb.Value(value).cast(word))
        return here


def is_inner(frame):
    """Of the runtime, or of nobody's source."""
    table = frame.find_sal().symtab
    return table is None or os.path.normpath(table.filename).startswith(RUNTIME)


def stack_pointer():
    return int(gdb.parse_and_eval("(unsigned long)$sp"))


def thread_of(one):
    """The thread that runs it; None: it does not run."""
    now, found = gdb.selected_thread(), None
    for thread in gdb.selected_inferior().threads():
        thread.switch()
        gdb.newest_frame().select()
        if one.holds(stack_pointer()):
            found = thread
            break
    now.switch()
    return found


def on_stack_of(one, command):
    """Runs a gdb command as if that goroutine were the one that is stopped."""
    now, frame = gdb.selected_thread(), gdb.selected_frame()
    thread = thread_of(one)
    if thread:
        thread.switch()
        try:
            gdb.execute(command)
        finally:
            now.switch()
            frame.select()
        return
    level = frame.level()
    frame = None  # it is invalid as soon as frames are others
    PARKED.show(one)
    try:
        gdb.newest_frame().older().select()
        gdb.execute(command)
    finally:
        PARKED.show(None)
        frame = gdb.newest_frame()
        for _ in range(level):
            frame = frame.older()
        frame.select()


class Goroutines(gdb.Command):
    """List vigil's goroutines: number, task, state, and their last call."""

    def __init__(self):
        super().__init__("goroutines", gdb.COMMAND_STACK)

    def invoke(self, arg, from_tty):
        frame = gdb.selected_frame()
        gdb.newest_frame().select()
        sp = stack_pointer()
        frame.select()
        for one in goroutines():
            print(one.describe(one.holds(sp)))


class GoroutineCommand(gdb.Command):
    """goroutine N|all COMMAND: a gdb command on a goroutine's stack."""

    def __init__(self):
        super().__init__("goroutine", gdb.COMMAND_STACK)

    def invoke(self, arg, from_tty):
        which, _, command = arg.partition(" ")
        every = goroutines()
        some = [one for one in every
                if which == "all" or which == str(one.id)]
        if not command or not some:
            raise gdb.GdbError("usage: goroutine N COMMAND, or goroutine all "
                               "COMMAND; there are %s"
                               % ", ".join(str(one.id) for one in every))
        for one in some:
            print("goroutine %d [%s] %s" % (one.id, one.state(),
                                            site_text(one.g["last"])))
            on_stack_of(one, command)


class Reached(gdb.Command):
    """Tell where a replay has stopped, and go to that call of the program."""

    def __init__(self):
        super().__init__("reached", gdb.COMMAND_STACK)

    def invoke(self, arg, from_tty):
        try:
            frame = gdb.newest_frame()
        except gdb.error:
            raise gdb.GdbError("the program has ended, and the choice was not "
                               "reached")
        if frame.name() != "go_control_reached":
            raise gdb.GdbError("it has stopped, but no choice is reached here")
        sp, caller = stack_pointer(), frame.older().name()
        here = [one for one in goroutines() if one.holds(sp)]
        does = {"number": "draws a number, last seen at",
                "take": None}.get(caller, "goes on with")
        if here and does:
            print("goroutine %d (%s) %s: %s" % (
                here[0].id, task_path(int(here[0].g["task"])), does,
                site_text(here[0].g["last"])))
        else:
            print("the clock goes on, early")
        self.select_theirs(frame)
        gdb.execute("backtrace")
        gdb.execute("frame")
        print("goroutines:")
        gdb.execute("goroutines")

    @staticmethod
    def select_theirs(frame):
        while frame.older() and is_inner(frame):
            frame = frame.older()
        if not is_inner(frame):
            frame.select()


class Filter:
    """Drops the runtime's frames at both ends; all of them are left alone."""

    def __init__(self):
        self.name, self.priority, self.enabled = "vigil", 100, True
        gdb.frame_filters[self.name] = self

    def filter(self, frames):
        every = list(frames)[1 if PARKED.is_shown() else 0:]
        theirs = [i for i, one in enumerate(every)
                  if not is_inner(one.inferior_frame())]
        if not theirs:
            return iter(every)
        return iter(every[theirs[0]:theirs[-1] + 1])


PARKED = Parked()
register_unwinder(None, PARKED, replace=True)
Filter()
Goroutines()
GoroutineCommand()
Reached()
