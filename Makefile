# signalbox: `make demo` to see it, `make test` to trust it. `make help` lists the rest.
#
# One source tree, several builds: VARIANT=release (hardened), asan (ASan+UBSan, what the tests run), tsan, fuzz,
# clang (release by the other compiler).
# Every variant has its own folder under build/, so that they never mix and may be built at the same time.

VARIANT ?= release
CC      ?= cc
PREFIX  ?= /usr/local
DESTDIR ?=
WERROR  ?=

OUT     := build/$(VARIANT)
PKGS    := ncursesw jansson libgit2 openssl sqlite3 libutf8proc
TESTPKG := cmocka vterm
VERSION := $(shell cat VERSION)

BASEFLAGS := -std=gnu11 -D_GNU_SOURCE -DSIGNALBOX_VERSION='"$(VERSION)"' -Wall -Wextra -Wshadow -Wstrict-prototypes \
             -Wmissing-prototypes -Wno-missing-field-initializers -Wformat=2 -Wvla $(if $(WERROR),-Werror) -Iinclude -Isrc -I. -pthread -g -fno-omit-frame-pointer
FLAGS_release := -O2 -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fstack-clash-protection -fPIE
LINK_release  := -pie -Wl,-z,relro,-z,now,-z,noexecstack
FLAGS_clang   := $(FLAGS_release)
LINK_clang    := $(LINK_release)
FLAGS_asan    := -O1 -fsanitize=address,undefined -fno-sanitize-recover=undefined
LINK_asan     := -fsanitize=address,undefined
FLAGS_tsan    := -O1 -fsanitize=thread
LINK_tsan     := -fsanitize=thread
FLAGS_fuzz    := -O1 -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined
LINK_fuzz     := -fsanitize=address,undefined

ifneq ($(filter fuzz clang,$(VARIANT)),)
CC := clang
endif

# pkg-config is asked once per run of make, and only when something is built.
PKG_CFLAGS = $(eval PKG_CFLAGS := $$(shell pkg-config --cflags $(PKGS)))$(PKG_CFLAGS)
PKG_LIBS   = $(eval PKG_LIBS := $$(shell pkg-config --libs $(PKGS)))$(PKG_LIBS)
TEST_LIBS  = $(eval TEST_LIBS := $$(shell pkg-config --libs $(TESTPKG)))$(TEST_LIBS)
ALL_CFLAGS = $(BASEFLAGS) $(FLAGS_$(VARIANT)) $(PKG_CFLAGS) $(CFLAGS)
ALL_LIBS   = $(LINK_$(VARIANT)) $(LDFLAGS) $(PKG_LIBS) -lm

SRC      := $(sort $(shell find src -name '*.c'))
UI       := $(sort $(filter-out ui/main.c,$(shell find ui -name '*.c')))
SUPPORT  := $(sort $(wildcard tests/support/*.c))
UNIT     := $(sort $(shell find tests/unit -name 'test_*.c'))
SCENARIO := $(sort $(wildcard tests/scenario/test_*.c))
FUZZERS  := $(sort $(wildcard tests/fuzz/fuzz_*.c))

LIB      := $(OUT)/libsignalbox.a
UILIB    := $(OUT)/libui.a
BIN      := $(OUT)/signalbox
TESTS    := $(UNIT:tests/%.c=$(OUT)/tests/%) $(SCENARIO:tests/%.c=$(OUT)/tests/%)
FUZZBINS := $(FUZZERS:tests/fuzz/%.c=$(OUT)/fuzz/%)

.PHONY: pictures all bin tests demo test check bench fuzz sanitize tsan install uninstall reference deps clean help format
.DEFAULT_GOAL := all

all: bin ## build the hardened binary
bin: $(BIN)
tests: $(TESTS)

$(OUT)/%.o: %.c
	@mkdir -p $(@D)
	@echo "  CC   $@"
	@$(CC) $(ALL_CFLAGS) -MMD -MP -c $< -o $@

$(LIB): $(SRC:%.c=$(OUT)/%.o)
	@rm -f $@; ar rcs $@ $^
# The themes are part of the binary.
$(OUT)/gen/themes.c: $(sort $(wildcard themes/*.theme)) tools/embed-themes
	@mkdir -p $(@D)
	@tools/embed-themes $(filter %.theme,$^) > $@.part && mv $@.part $@
$(OUT)/gen/themes.o: $(OUT)/gen/themes.c
	@echo "  CC   $@"
	@$(CC) $(ALL_CFLAGS) -c $< -o $@
$(UILIB): $(UI:%.c=$(OUT)/%.o) $(OUT)/gen/themes.o
	@rm -f $@; ar rcs $@ $^
$(BIN): $(OUT)/ui/main.o $(UILIB) $(LIB)
	@echo "  LINK $@"
	@$(CC) -pthread $^ $(ALL_LIBS) -o $@
$(OUT)/tests/%: $(OUT)/tests/%.o $(SUPPORT:%.c=$(OUT)/%.o) $(UILIB) $(LIB)
	@echo "  LINK $@"
	@$(CC) -pthread $^ $(ALL_LIBS) $(TEST_LIBS) -o $@
$(OUT)/fuzz/%: $(OUT)/tests/fuzz/%.o $(UILIB) $(LIB)
	@mkdir -p $(@D)
	@echo "  LINK $@"
	@$(CC) -pthread $^ -fsanitize=fuzzer $(ALL_LIBS) -o $@
# Bench programs call the library directly, where a process of its own would measure mostly its start.
$(OUT)/bench/%: $(OUT)/tests/bench/%.o $(UILIB) $(LIB)
	@mkdir -p $(@D)
	@echo "  LINK $@"
	@$(CC) -pthread $^ $(ALL_LIBS) -o $@
$(OUT)/screen-svg: $(OUT)/tools/screen-svg.o $(SUPPORT:%.c=$(OUT)/%.o) $(UILIB) $(LIB)
	@echo "  LINK $@"
	@$(CC) -pthread $^ $(ALL_LIBS) $(TEST_LIBS) -o $@
# Kept, so that a second run links nothing anew.
.SECONDARY:

deps: ## install the Debian packages that are missing (as root), or say which
	@tools/deps build
demo: ## build, install what is missing, open the console on a real local environment
	@tools/deps build
	@$(MAKE) --no-print-directory bin
	@tools/demo $(BIN)
test: ## build, install what is missing, run every test
	@tools/deps build test
	@tools/run-tests
check: ## format, static analysis, layering
	@tools/deps build check
	@tools/check
bench: ## speed and memory as ratios to peers, in one run
	@tools/deps build bench
	@$(MAKE) --no-print-directory bin
	@tests/bench/run $(BIN)
pictures: bin $(OUT)/screen-svg ## draw the README's pictures anew, from real screens
	@tools/pictures $(BIN) $(OUT)/screen-svg
fuzz: ## run each fuzzer for FUZZ_SECONDS (60)
	@tools/deps build test
	@$(MAKE) --no-print-directory VARIANT=fuzz fuzzers
	@tools/run-fuzzers build/fuzz/fuzz $${FUZZ_SECONDS:-60}
.PHONY: fuzzers
fuzzers: $(FUZZBINS)
sanitize: ## build the binary with ASan and UBSan
	@$(MAKE) --no-print-directory VARIANT=asan bin
tsan: ## build the binary with TSan
	@$(MAKE) --no-print-directory VARIANT=tsan bin

SHARE := $(DESTDIR)$(PREFIX)/share
MADE  := man/man1/signalbox.1 bash-completion/completions/signalbox zsh/site-functions/_signalbox \
         fish/vendor_completions.d/signalbox.fish
install: bin ## install below PREFIX (/usr/local), DESTDIR in front
	install -D -m 755 $(BIN) $(DESTDIR)$(PREFIX)/bin/signalbox
	@for f in themes/*.theme; do install -D -m 644 "$$f" "$(SHARE)/signalbox/$$f"; done
	@mkdir -p $(addprefix $(SHARE)/,$(dir $(MADE)))
	$(BIN) generate man >$(SHARE)/man/man1/signalbox.1
	@$(BIN) generate bash-completion >$(SHARE)/bash-completion/completions/signalbox
	@$(BIN) generate zsh-completion >$(SHARE)/zsh/site-functions/_signalbox
	@$(BIN) generate fish-completion >$(SHARE)/fish/vendor_completions.d/signalbox.fish
uninstall: ## remove what install put there
	rm -rf $(DESTDIR)$(PREFIX)/bin/signalbox $(SHARE)/signalbox $(addprefix $(SHARE)/,$(MADE))
reference: bin ## write docs/commands.md and docs/configuration.md from the tables
	@$(BIN) generate commands >docs/commands.md
	@$(BIN) generate configuration >docs/configuration.md
.PHONY: flags
flags:
	@printf '%s\n' "$(subst ",\",$(subst ',,$(BASEFLAGS))) $(PKG_CFLAGS)"
format: ## put every file into the house's format
	@git ls-files 'src/*.[ch]' 'ui/*.[ch]' 'include/*.h' 'tests/*.[ch]' 'tools/*.c' | xargs clang-format -i
clean: ## remove build/
	rm -rf build
help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

-include $(shell find $(OUT) -name '*.d' 2>/dev/null)
