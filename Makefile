# Makefile - builds, runs, tests and installs vigil; "make help" lists it all.
#
# One file, no recursion, no configure. Everything made goes to $(BUILD)/$(V);
# sources are found by their place, so a new file needs no change here.

BUILD  ?= build
V      ?= release
PREFIX ?= /usr/local
VERSION = 0.1.0
SOVERSION = 0
ifeq ($(origin CC),default)
CC      = gcc
endif
B      := $(BUILD)/$(V)

# One short line a step; VERBOSE=1 shows the commands.
ifeq ($(VERBOSE),)
Q := @
say = @printf '  %-5s %s\n' $(1) $(2)
endif

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:

# A target's name is a word, and "clean" removes what BUILD names.
ifneq ($(words $(BUILD)),1)
$(error BUILD=$(BUILD) is not one word: a folder without spaces in its name)
endif

# ---- flags --------------------------------------------------------------
# The architecture is the compiler's, not ours: CC may be a cross compiler.
MACHINE := $(or $(shell $(CC) -dumpmachine 2>/dev/null),$(shell uname -m))
ARCH    := $(if $(findstring aarch64,$(MACHINE)),arm64,amd64)

SANITIZE_asan := -fsanitize=address,undefined -fno-sanitize-recover=undefined
SANITIZE_tsan := -fsanitize=thread
SANITIZE      := $(SANITIZE_$(V))
OPTIMIZE_release := -O2
OPTIMIZE_debug   := -O1 -DVIGIL_DEBUG
OPTIMIZE_asan    := -O1 -DVIGIL_DEBUG
OPTIMIZE_tsan    := -O1 -DVIGIL_DEBUG
# Without the records for reports: to measure what they cost, and for no more.
OPTIMIZE_bare    := -O2 -DVIGIL_BARE
ifeq ($(OPTIMIZE_$(V)),)
$(error V=$(V) is unknown: it is release, debug, asan or tsan, or bare for bench-work)
endif

WARN := -Wall -Wextra -Wshadow -Wvla -Wmissing-prototypes -Wstrict-prototypes \
        -Wundef $(WERROR)
INCLUDE := -I. -Iruntime/include -Iharness/include
# gcc clears and copies a struct by an instruction that takes some ten
# nanoseconds to begin: by stores, and what is large by the library.
ifeq ($(ARCH)$(findstring clang,$(CC)),amd64)
BY_STORES := unrolled_loop:512:noalign,libcall:-1:noalign
STORES    := -mmemset-strategy=$(BY_STORES) -mmemcpy-strategy=$(BY_STORES)
endif
# Flags of a packager's that this is not built with: objects are for a shared
# library, too; and are laid out one by one (SECTIONS below), with flags of their
# own (GENERAL), when they are there and not when all is linked.
MUST := -fPIC -fno-lto
# One set of objects serves the archive and the shared library. The thread
# state is read all the time: initial-exec keeps that one instruction.
INNER := -std=gnu11 -D_GNU_SOURCE= -DVIGIL_VERSION='"$(VERSION)"' \
         $(INCLUDE) $(WARN) $(OPTIMIZE_$(V)) -g \
         -fno-omit-frame-pointer -fvisibility=hidden \
         -ftls-model=initial-exec $(SANITIZE) -pthread $(STORES) $(CFLAGS) $(MUST)
# Vector registers keep what they held for a long time, and a look counts it
# as held by the program: what goroutines run of the runtime uses none. The
# switch is in line, and pushes (runtime/sched/switch.h): no red zone.
GENERAL_arm64 := -mgeneral-regs-only
GENERAL_amd64 := -mgeneral-regs-only -mno-red-zone
GENERAL := $(GENERAL_$(ARCH))

# Programs of users: no -fPIC, no hidden names; else the same. A large frame
# touches each of its pages, so it can not step over a guard (pkg-config says the
# same to users; on arm64 compilers differ in how far a step is).
PROBES_amd64 := -fstack-clash-protection
OUTER := -std=gnu11 $(INCLUDE) $(WARN) $(OPTIMIZE_$(V)) -g $(PROBES_$(ARCH)) \
         -fno-omit-frame-pointer $(SANITIZE) -pthread $(CFLAGS)
LINK         := $(SANITIZE) -pthread $(LDFLAGS)
# Its last word on what is made: LDFLAGS may have -pie.
SHARED        = $(CC) $(LINK) -shared -Wl,-soname,$(@F)
LIBS_RUNTIME := -lunwind -ldw
LIBS_HARNESS := -ljansson

# ---- what there is ------------------------------------------------------
RUNTIME_SRC := $(wildcard runtime/base/*.c runtime/sched/*.c runtime/sync/*.c \
                          runtime/monitor/*.c)
RUNTIME_ASM := $(wildcard runtime/sched/switch_$(ARCH).S)
# The heap is a library of its own. Sanitizers bring theirs, so not there.
HEAP_SRC := $(if $(SANITIZE),,$(wildcard runtime/heap/*.c))
# vigil_main.c is the command's alone; main.c is in the library, for scenario
# programs bring no main of their own.
COMMAND_SRC := $(wildcard harness/vigil_main.c)
HARNESS_SRC := $(filter-out $(COMMAND_SRC),$(wildcard harness/*.c \
                            harness/formats/*.c harness/explore/*.c))
# The C library's names: in the shared library alone, and no sanitizer's.
ANSWERS_SRC := $(wildcard harness/explore/interpose*.c)
HARNESS_SRC := $(filter-out $(ANSWERS_SRC),$(HARNESS_SRC))
SCENARIO_SRC := $(wildcard scenarios/*/*.c)
# Their loads and stores are told to vigil (runtime/sched/tsan.c), which can not
# be where a sanitizer is: there they are left out.
RACE_SRC     := $(if $(SANITIZE),,$(wildcard scenarios/race/*.c) \
                  tests/hostile/raced.c tests/hostile/taken_back.c \
                  tests/hostile/apart.c tests/hostile/freed.c \
                  tests/hostile/texts.c tests/hostile/by_kernel.c)
SCENARIO_SRC := $(filter-out $(if $(SANITIZE),scenarios/race/%),$(SCENARIO_SRC))
# A livelock is proven by memory that comes again: a sanitizer's does not.
SCENARIO_SRC := $(filter-out $(if $(SANITIZE),scenarios/livelock/%),$(SCENARIO_SRC))
# Kernels are explored, and what is stuck never frees its blocks: a sanitizer's
# heap is not set back, so it tells of leaks, and places differ from time to time.
SCENARIO_SRC := $(filter-out $(if $(SANITIZE),scenarios/kernels/%),$(SCENARIO_SRC))
# Scenario programs that only the tests of the command line run.
# Left out under sanitizers: what needs names that these have, or little memory.
UNSANITIZED  := raced taken_back apart freed texts by_kernel outer outer_beside outer_cond \
                ignores outer_others afresh poor helped gone_before closes
HOSTILE_SRC  := $(filter-out $(if $(SANITIZE),$(patsubst %,tests/hostile/%.c,$(UNSANITIZED))),$(wildcard tests/hostile/*.c))
TEST_SRC     := $(wildcard tests/*_test.c)
# What tests share: not a test itself, linked into each.
TEST_HELP    := $(filter-out $(TEST_SRC),$(wildcard tests/*.c))
# The judge of memory reachability: a program for long runs, and a test.
JUDGE_SRC    := $(wildcard tests/judge/*.c)
# The oracle of controlled schedules: likewise.
ORACLE_SRC   := $(wildcard tests/oracle/*.c)
HEADERS      := $(wildcard runtime/include/vigil/*.h harness/include/vigil/*.h)

object = $(patsubst %,$(B)/obj/%.o,$(basename $(1)))
RUNTIME_OBJ := $(call object,$(RUNTIME_SRC) $(RUNTIME_ASM))
HARNESS_OBJ := $(call object,$(HARNESS_SRC))
ANSWERS_OBJ := $(if $(SANITIZE),,$(call object,$(ANSWERS_SRC)))
HEAP_OBJ    := $(call object,$(HEAP_SRC))
# Tests call the heap by its inner names, with sanitizers too.
HEAP_TESTED := $(call object,$(wildcard runtime/heap/*.c))
HEAP_BASE   := $(call object,runtime/base/lock.c runtime/base/reserve.c \
                             runtime/base/throw.c)
COMMAND_OBJ := $(call object,$(COMMAND_SRC))
HELP_OBJ    := $(call object,$(TEST_HELP))
JUDGE_OBJ   := $(call object,$(JUDGE_SRC))
ORACLE_OBJ  := $(call object,$(ORACLE_SRC))
EXPLORE_OBJ := $(call object,$(wildcard tests/bench/explore*.c))
WORK_OBJ    := $(patsubst tests/%.c,$(B)/obj/%.o,$(wildcard tests/bench/work*.c))
SOAK_OBJ    := $(patsubst tests/%.c,$(B)/obj/%.o,$(wildcard tests/soak/*.c))

LIBS := $(B)/libvigil.a $(B)/libvigil.so \
        $(if $(HEAP_SRC),$(B)/libvigil-heap.a $(B)/libvigil-heap.so) \
        $(if $(HARNESS_SRC),$(B)/libvigil-harness.a $(B)/libvigil-harness.so)
COMMAND   := $(if $(HARNESS_SRC),$(B)/vigil)
SCENARIOS := $(if $(HARNESS_SRC),$(SCENARIO_SRC:%.c=$(B)/%))
RACES     := $(if $(HARNESS_SRC),$(RACE_SRC:%.c=$(B)/%))
HOSTILE   := $(if $(HARNESS_SRC),$(HOSTILE_SRC:%.c=$(B)/%))
TESTS     := $(TEST_SRC:%.c=$(B)/%)
PLAIN     := $(TEST_SRC:tests/%.c=$(B)/plain/%)

.PHONY: all libs scenarios tests test unit plain bats bench bench-work bench-explore soak score run install uninstall clean help
all: libs $(COMMAND) scenarios
libs: $(LIBS)
scenarios: $(SCENARIOS)
tests: $(TESTS)

# ---- packages and flags, up front ----------------------------------------
# "run" and "test" install what is missing; all others only say what it is.
ifneq ($(filter run test,$(MAKECMDGOALS)),)
DEPS := scripts/install-deps $(if $(filter test,$(MAKECMDGOALS)),build test,build)
else
DEPS := scripts/install-deps --check \
        $(if $(filter tests unit bats,$(MAKECMDGOALS)),build test,build)
endif
STAMP := $(B)/packages-$(if $(filter test tests unit bats,$(MAKECMDGOALS)),test,build)
$(STAMP): scripts/install-deps
	@CC="$(CC)" $(DEPS)
	@mkdir -p $(@D) && touch $@

# Other flags or another compiler: build again.
FLAGS := $(B)/flags
.PHONY: force
$(FLAGS): force
	@mkdir -p $(@D)
	@echo '$(CC) $(INNER) $(GENERAL) $(LINK)' | cmp -s - $@ || \
	    echo '$(CC) $(INNER) $(GENERAL) $(LINK)' > $@

# ---- objects -------------------------------------------------------------
$(B)/obj/runtime/sched/%.o $(B)/obj/runtime/sync/%.o: INNER += $(GENERAL)

# What the runtime writes lies in sections of its own: a look must know it.
SECTIONS := runtime/sections.ld
$(RUNTIME_OBJ): $(SECTIONS)
own = $(if $(filter $@,$(RUNTIME_OBJ)),$(Q)$(CC) -nostdlib -r \
      -T $(SECTIONS) $@ -o $@.own && mv -f $@.own $@)
$(B)/obj/%.o: %.c $(FLAGS) | $(STAMP)
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(INNER) -MD -MP -c $< -o $@
	$(own)
$(B)/obj/%.o: %.S $(FLAGS) | $(STAMP)
	@mkdir -p $(@D)
	$(call say,AS,$<)
	$(Q)$(CC) $(INNER) -MD -MP -c $< -o $@

# gdb's commands are part of the library, as they stand in the script.
$(B)/obj/harness/debugger.o: scripts/goroutines.py

# ---- libraries -----------------------------------------------------------
# The archive is one object whose hidden names are local: a program may call
# its own function rt_park and nothing happens.
$(B)/obj/libvigil.o: $(RUNTIME_OBJ)
$(B)/obj/libvigil-harness.o: $(HARNESS_OBJ)
$(B)/obj/libvigil-heap.o: $(HEAP_OBJ) $(HEAP_BASE)
$(B)/obj/libvigil.o $(B)/obj/libvigil-harness.o $(B)/obj/libvigil-heap.o:
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) -nostdlib -r $^ -o $@.all
	$(Q)objcopy --localize-hidden $@.all $@
	@rm -f $@.all
$(B)/%.a: $(B)/obj/%.o
	$(call say,AR,$@)
	$(Q)rm -f $@ && ar rcs $@ $<

$(B)/libvigil.so.$(SOVERSION): $(RUNTIME_OBJ)
	$(call say,LINK,$@)
	$(Q)$(SHARED) $^ $(LIBS_RUNTIME) -o $@
$(B)/libvigil-heap.so.$(SOVERSION): $(HEAP_OBJ) $(HEAP_BASE)
	$(call say,LINK,$@)
	$(Q)$(SHARED) $^ -o $@
$(B)/libvigil-harness.so.$(SOVERSION): $(HARNESS_OBJ) $(ANSWERS_OBJ) $(B)/libvigil.so
	$(call say,LINK,$@)
	$(Q)$(SHARED) -Wl,-rpath,'$$ORIGIN' $(HARNESS_OBJ) $(ANSWERS_OBJ) \
	    -L$(B) -lvigil $(LIBS_HARNESS) -o $@
$(B)/%.so: $(B)/%.so.$(SOVERSION)
	$(Q)ln -sf $(<F) $@

# ---- programs ------------------------------------------------------------
# In the shared library the harness's own data is not the executable's: what
# .data and .bss of a scenario program hold is the user's. The search paths
# are those of the build folder and of an installation.
USE_HARNESS := -L$(B) -lvigil-harness -lvigil
NEED_HARNESS := $(B)/libvigil-harness.so $(B)/libvigil.so
# Needed by name only: the program's calls of malloc go to the first library
# that has it, which must not be the C library.
ifneq ($(HEAP_SRC),)
USE_HEAP := -Wl,--push-state,--no-as-needed -lvigil-heap -Wl,--pop-state
NEED_HEAP := $(B)/libvigil-heap.so
endif

$(B)/vigil: $(COMMAND_OBJ) $(NEED_HARNESS)
	$(call say,LINK,$@)
	$(Q)$(CC) $(LINK) $(COMMAND_OBJ) $(USE_HARNESS) \
	    -Wl,-rpath,'$$ORIGIN:$$ORIGIN/../lib' -o $@
$(filter-out $(RACES),$(SCENARIOS) $(HOSTILE)): $(B)/%: %.c $(FLAGS) $(NEED_HARNESS) $(NEED_HEAP) | $(STAMP)
	@mkdir -p $(@D) $(B)/obj/$(<D)
	$(call say,CC,$<)
	$(Q)$(CC) $(OUTER) -MD -MP -MF $(B)/obj/$(<:.c=.d) $(LINK) $< -L$(B) $(USE_HEAP) \
	    $(USE_HARNESS) \
	    -Wl,-rpath,'$$ORIGIN/../..:$$ORIGIN/../../..' -o $@
# Compiled for a sanitizer, and linked without it.
$(RACES): $(B)/%: %.c $(FLAGS) $(NEED_HARNESS) $(NEED_HEAP) | $(STAMP)
	@mkdir -p $(@D) $(B)/obj/$(<D)
	$(call say,CC,$<)
	$(Q)$(CC) $(OUTER) -fsanitize=thread -MD -MP -MF $(B)/obj/$(<:.c=.d) \
	    -MT $@ -c $< -o $(B)/obj/$(<:.c=.o)
	$(Q)$(CC) $(LINK) $(B)/obj/$(<:.c=.o) -L$(B) $(USE_HEAP) $(USE_HARNESS) \
	    -Wl,-rpath,'$$ORIGIN/../..:$$ORIGIN/../../..' -o $@

# ---- tests ---------------------------------------------------------------
# Tests see inside, so they link an archive whose names are all there. Not
# one object but many: a test pulls in what it calls.
$(B)/obj/inside.a: $(RUNTIME_OBJ) $(filter-out %/interpose.o %/copies.o,$(HEAP_TESTED)) \
                   $(filter-out %/harness/main.o,$(HARNESS_OBJ)) \
                   $(filter-out %/main.o,$(JUDGE_OBJ) $(ORACLE_OBJ))
	@rm -f $@
	$(Q)ar rcsT $@ $^
$(TESTS): $(B)/tests/%: $(B)/obj/tests/%.o $(HELP_OBJ) $(B)/obj/inside.a
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) $(LINK) $< $(HELP_OBJ) -lcriterion -Wl,--start-group \
	    $(B)/obj/inside.a -Wl,--end-group $(LIBS_RUNTIME) $(LIBS_HARNESS) -o $@

# The judge of memory takes roots away from the scan (tests/judge/blind.c).
BLIND := $(foreach name,rt_saved_roots rt_saved_stack rt_known_elsewhere \
           rt_refer_values rt_ref_reach rt_refer mon_mark_stack \
           mon_mark_goroutine mon_mark_timer mon_regions_visit,-Xlinker --wrap=$(name))
$(B)/judge $(B)/tests/judge_test $(B)/plain/judge_test: private LINK += $(BLIND)
# With the heap, as scenario programs have it: else its blocks are not known.
$(B)/judge: $(JUDGE_OBJ) $(B)/obj/inside.a $(NEED_HEAP)
	$(call say,LINK,$@)
	$(Q)$(CC) $(LINK) $(filter %/main.o,$(JUDGE_OBJ)) -L$(B) $(USE_HEAP) -Wl,--start-group \
	    $(B)/obj/inside.a -Wl,--end-group $(LIBS_RUNTIME) $(LIBS_HARNESS) \
	    -Wl,-rpath,'$$ORIGIN' -o $@

$(B)/oracle: $(ORACLE_OBJ) $(B)/obj/inside.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(LINK) $(filter %/main.o,$(ORACLE_OBJ)) -Wl,--start-group \
	    $(B)/obj/inside.a -Wl,--end-group $(LIBS_RUNTIME) $(LIBS_HARNESS) -o $@

# What looks cost: numbers to read, no test.
$(B)/bench/look $(B)/bench/growth: $(B)/bench/%: $(B)/obj/tests/bench/%.o $(B)/obj/inside.a $(NEED_HEAP)
	$(call say,LINK,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(LINK) $< -L$(B) $(USE_HEAP) -Wl,--start-group \
	    $(B)/obj/inside.a -Wl,--end-group $(LIBS_RUNTIME) $(LIBS_HARNESS) \
	    -Wl,-rpath,'$$ORIGIN/..' -o $@

# What the runtime costs, compiled as a program's; it holds looks by turns, for
# which no door leads out of the archive.
$(B)/bench/work: $(WORK_OBJ) $(RUNTIME_OBJ)
	$(call say,LINK,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(LINK) $^ $(LIBS_RUNTIME) -o $@
$(B)/obj/bench/%.o: tests/bench/%.c $(FLAGS) | $(STAMP)
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(OUTER) -MD -MP -c $< -o $@

# Random work for as long as is wished, as a program with the runtime's heap.
$(B)/soak: $(SOAK_OBJ) $(B)/libvigil.so $(NEED_HEAP)
	$(call say,LINK,$@)
	$(Q)$(CC) $(LINK) $(SOAK_OBJ) -L$(B) $(USE_HEAP) -lvigil -Wl,-rpath,'$$ORIGIN' -o $@
$(B)/obj/soak/%.o: tests/soak/%.c $(FLAGS) | $(STAMP)
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(OUTER) -MD -MP -c $< -o $@

# What exploring costs.
$(B)/bench/explore: $(EXPLORE_OBJ) $(B)/obj/inside.a
	$(call say,LINK,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(LINK) $(EXPLORE_OBJ) -Wl,--start-group \
	    $(B)/obj/inside.a -Wl,--end-group $(LIBS_RUNTIME) $(LIBS_HARNESS) -o $@

# The same tests with a driver of our own, for where Criterion can not go:
# V=tsan, valgrind (TEST_PREFIX=valgrind), another architecture.
$(B)/obj/plain/%.o: tests/plain/%.c $(FLAGS) | $(STAMP)
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(INNER) -Itests/plain -MD -MP -c $< -o $@
$(B)/obj/plain/%.o: tests/%.c $(FLAGS) | $(STAMP)
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(INNER) -Itests/plain -MD -MP -c $< -o $@
PLAIN_HELP := $(B)/obj/plain/driver.o $(TEST_HELP:tests/%.c=$(B)/obj/plain/%.o)
$(PLAIN): $(B)/plain/%: $(B)/obj/plain/%.o $(PLAIN_HELP) $(B)/obj/inside.a
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) $(LINK) $< $(PLAIN_HELP) $(B)/obj/inside.a $(LIBS_RUNTIME) \
	    $(LIBS_HARNESS) -o $@

# T=NAME: only tests whose file name begins so, as in "make unit T=chan".
T ?=
unit: $(filter $(B)/tests/$(T)%,$(TESTS))
	@BUILD_DIR=$(abspath $(B)) scripts/run-tests $^
plain: $(filter $(B)/plain/$(T)%,$(PLAIN))
	@BUILD_DIR=$(abspath $(B)) scripts/run-tests $^
bats: all $(HOSTILE) $(B)/soak
	@BUILD_DIR=$(abspath $(B)) CC="$(CC)" scripts/run-tests $(sort $(wildcard tests/$(T)*.bats))
test: all tests $(HOSTILE) $(B)/soak
	@BUILD_DIR=$(abspath $(B)) CC="$(CC)" scripts/run-tests $(TESTS) $(sort $(wildcard tests/*.bats))

bench-work: $(B)/bench/work
bench: $(B)/bench/work $(B)/bench/look $(B)/bench/growth
	$(Q)scripts/bench -b $(B)
	$(Q)$(B)/bench/look
	$(Q)$(B)/bench/growth
bench-explore: $(B)/bench/explore $(COMMAND) $(B)/tests/hostile/explored $(B)/tests/hostile/lockers
	$(Q)$(B)/bench/explore $(COMMAND) $(B)/tests/hostile/explored $(B)/tests/hostile/lockers
soak: $(B)/soak
	$(Q)scripts/soak -b $(B)
# How soon the kernels' bugs are found; the README's table is made of it.
KERNELS := $(filter $(B)/scenarios/kernels/%,$(SCENARIOS))
ifneq ($(and $(SANITIZE),$(filter score,$(MAKECMDGOALS))),)
$(error V=$(V) has no kernels to score: it is release or debug)
endif
score: $(COMMAND) $(KERNELS)
	@$(B)/vigil score --seeds 20 --format markdown --output $(B)/score.md $(KERNELS); \
	    status=$$?; cat $(B)/score.md; exit $$status
run: all
	@$(B)/vigil run

# ---- install --------------------------------------------------------------
# As one word of a shell's, whatever stands in it.
quoted      = '$(subst ','\'',$(1))'
TO         := $(call quoted,$(DESTDIR)$(PREFIX))
install: all
	install -d $(TO)/bin $(TO)/include/vigil $(TO)/lib/pkgconfig
	install -m 644 $(HEADERS) $(TO)/include/vigil
	install -m 644 $(filter %.a,$(LIBS)) $(TO)/lib
	for so in $(notdir $(filter %.so,$(LIBS))); do \
	    install -m 755 $(B)/$$so.$(SOVERSION) $(TO)/lib && \
	    ln -sf $$so.$(SOVERSION) $(TO)/lib/$$so || exit 1; \
	done
	install -m 755 $(B)/vigil $(TO)/bin
	install -D -m 644 scripts/goroutines.py $(TO)/lib/vigil/goroutines.py
	for s in $(SCENARIO_SRC:%.c=%); do \
	    install -D -m 755 $(B)/$$s $(TO)/lib/vigil/$$s || exit 1; \
	done
	PREFIX=$(call quoted,$(PREFIX)) VERSION=$(VERSION) CFLAGS="$(PROBES_$(ARCH))" scripts/pkg-config-files $(TO)/lib/pkgconfig

uninstall:
	rm -rf $(TO)/include/vigil $(TO)/lib/vigil
	rm -f $(TO)/bin/vigil $(TO)/lib/libvigil.* $(TO)/lib/libvigil-harness.*
	rm -f $(TO)/lib/pkgconfig/vigil.pc $(TO)/lib/pkgconfig/vigil-harness.pc
	rm -f $(TO)/lib/libvigil-heap.* $(TO)/lib/pkgconfig/vigil-heap.pc

clean:
	rm -rf $(BUILD)

help:
	@echo 'make                 build everything into $(BUILD)/release'
	@echo 'make run             install what is missing, build, run every shipped scenario'
	@echo 'make test            install what is missing, build, run all tests'
	@echo 'make unit [T=chan]   only the unit tests (whose file name begins so)'
	@echo 'make plain [T=chan]  the same without Criterion: for V=tsan, valgrind'
	@echo 'make bats [T=install] only the tests of the command line'
	@echo 'make bench           what the runtime and its looks cost, beside Go'
	@echo 'make V=bare bench-work, before: and what its records for reports cost'
	@echo 'make bench-explore   what exploring costs, and finds'
	@echo 'make soak            half an hour of random work with looks: no word, no growth'
	@echo 'make score           how soon the bugs of real programs are found, with 20 seeds'
	@echo 'make install         [PREFIX=$(PREFIX)] [DESTDIR=]; make uninstall'
	@echo 'make clean           remove $(BUILD)'
	@echo 'V=release|debug|asan|tsan   CC=$(CC)   CFLAGS=   BUILD=$(BUILD)   VERBOSE=1'

-include $(shell find $(B) -name '*.d' 2>/dev/null)
