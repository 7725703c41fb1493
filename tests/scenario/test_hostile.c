/*
 * Every command of the table, as text and as JSON, on a repository in which every name, message, file, hook and server
 * speaks to the terminal: what comes out is text, whatever went in. A new command is tested here without being named.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <utf8proc.h>

#include "base/file.h"
#include "base/memory.h"
#include "command/command.h"
#include "tests/support/command.h"

/* What a name of a reference may hold: C1 as UTF-8 and as a byte, right-to-left override, zero width, isolate, BOM. */
#define NAMED                                                                                                        \
    "e\xc2\x9b"                                                                                                      \
    "31m\x9bK\xe2\x80\xae"                                                                                           \
    "lortnoc\xe2\x80\x8b\xe2\x81\xa6\xef\xbb\xbf"
/* And what anything else may: a window title, a colour, BEL, backspace, return, DEL, tab. */
#define POISON "p\x1b]0;owned\x07\x1b[31m\b\r\x7f\t" NAMED

/* A changelog is refused as a whole for a lone carriage return, or bytes that are not UTF-8. */
#define WRITTEN "p\x1b]0;owned\x07\x1b[31m\b\x7f\t\xc2\x9b\xe2\x80\xae\xe2\x80\x8b\xe2\x81\xa6\xef\xbb\xbf"

static struct repository repository;
static struct ran ran;
static int checked;

/* A printf of the shell that says it, for hooks. */
static const char say[] = "printf 'p\\033]0;owned\\007\\033[31m\\010\\r\\177\\tx\\302\\23331m\\233K\\342\\200\\256"
                          "\\342\\200\\213\\n' >&2\n";

static bool is_safe(utf8proc_int32_t c)
{
    switch (utf8proc_category(c)) {
    case UTF8PROC_CATEGORY_CC:
        return c == '\n';
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_CO:
    case UTF8PROC_CATEGORY_CN:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
        return false;
    default:
        return true;
    }
}

static void check_stream(const char *bytes, const char *stream, const char *what)
{
    size_t len = strlen(bytes);
    for (size_t at = 0; at < len;) {
        utf8proc_int32_t c;
        utf8proc_ssize_t size =
            utf8proc_iterate((const utf8proc_uint8_t *)bytes + at, (utf8proc_ssize_t)(len - at), &c);
        if (size < 1 || !is_safe(c)) {
            struct text_buf shown = {0};
            size_t start = at > 60 ? at - 60 : 0;
            text_add_raw(&shown, bytes + start, len - start > 120 ? 120 : len - start);
            fail_msg("%s printed a byte %02x to %s: …%s", what, (unsigned char)bytes[at], stream,
                     buf_string(&shown.raw));
        }
        at += (size_t)size;
    }
}

static void run(const char *const *words)
{
    const char *w[12] = {0};
    struct text_buf what = {0};
    for (size_t i = 0; words[i] && i < COUNT(w) - 1; i++) {
        w[i] = words[i];
        text_adds(&what, words[i]);
        text_add(&what, TEXT(" "));
    }
    command_run(&ran, &repository, w[0], w[1], w[2], w[3], w[4], w[5], w[6], w[7], w[8], w[9], w[10], NULL);
    check_stream(ran.out, "standard output", buf_string(&what.raw));
    check_stream(ran.err, "standard error", buf_string(&what.raw));
    bool json = false;
    for (size_t i = 0; words[i]; i++)
        json = json || strcmp(words[i], "--json") == 0;
    if (json && *ran.out)
        json_decref(ran_json(&ran));
    /* Its own exit codes, and no crash. */
    if (ran.status > 7)
        fail_msg("%s ended with %d: %s", buf_string(&what.raw), ran.status, ran.err);
    text_buf_clear(&what);
    checked++;
}

static const char *usual(enum argument_type type)
{
    static const char *const words[] = {
        [ARGUMENT_TEXT] = "text",  [ARGUMENT_VERSION] = "1.0.0",    [ARGUMENT_STEP] = "patch",
        [ARGUMENT_BUMP] = "patch", [ARGUMENT_IDENTIFIER] = "rc",    [ARGUMENT_SECTION] = "Fixed",
        [ARGUMENT_RUN] = "r-0001", [ARGUMENT_KEY] = "release.mode", [ARGUMENT_COMMAND] = "release",
        [ARGUMENT_FORM] = "man",
    };
    return words[type];
}

/* The command with its arguments, then what is given, up to NULL. */
static void run_command(const struct command *command, bool poisoned, const char *const *more)
{
    const char *words[12] = {command->group};
    size_t count = 1;
    if (command->verb)
        words[count++] = command->verb;
    for (size_t i = 0; command->arguments[i].name; i++)
        words[count++] = poisoned ? POISON : usual(command->arguments[i].type);
    if (command->options & OPTION_BIT(OPTION_YES))
        words[count++] = "--yes";
    for (size_t i = 0; more[i]; i++)
        words[count++] = more[i];
    run(words);
}

#define MORE(...)                                                                                                    \
    (const char *const[])                                                                                            \
    {                                                                                                                \
        __VA_ARGS__, (char *)NULL                                                                                    \
    }

static void run_with_options(const struct command *command)
{
    for (int id = 0; id < OPTION_COUNT; id++) {
        CLEANUP(buf_clear) struct buf option = {0};
        const struct option_info *info = &command_options[id];
        uint32_t taken = command->options | options_common;
        /* --raw is there to print the bytes as they are. */
        if (!(taken & OPTION_BIT(id)) || id == OPTION_RAW)
            continue;
        buf_addf(&option, "--%s", info->name);
        if (info->type == OPTION_FLAG)
            run_command(command, false, MORE(option.bytes));
        else
            run_command(command, false, MORE(option.bytes, POISON));
    }
}

static void run_every_command(bool options)
{
    for (int id = 0; id < COMMAND_COUNT; id++) {
        const struct command *command = &commands[id];
        if (!command->group)
            continue;
        for (int poisoned = 0; poisoned < 2; poisoned++) {
            run_command(command, poisoned, MORE(NULL));
            run_command(command, poisoned, MORE("--json"));
        }
        if (options)
            run_with_options(command);
    }
    run(MORE(POISON));
    run(MORE("release", POISON, "--json"));
    run(MORE("status", "--" POISON));
    run(MORE("status", "--json=" POISON));
}

static void write_changelog(void)
{
    repository_commit(&repository, "CHANGELOG.md",
                      "# Changelog " WRITTEN "\n\n## [Unreleased]\n### Added\n- entry " WRITTEN "\n\n"
                      "## [1.0.0] - 2026-01-01\n### " WRITTEN "\n- one " WRITTEN "\n\n"
                      "[1.0.0]: https://example.org/v1.0.0\n",
                      "docs: changelog");
}

static int setup(void **state)
{
    (void)state;
    static char remote[512];
    repository_new(&repository);
    setenv("USER", "eve" POISON, 1);
    setenv("LOGNAME", "eve" POISON, 1);
    repository_git(&repository, "config", "user.name", "Eve " POISON, NULL);
    write_changelog();
    repository_commit(&repository, "package.json", "{\"name\": \"x\", \"version\": \"1.0.0\"}\n", "feat: one");
    repository_commit(&repository, ".signalbox",
                      "[project]\n\tname = shop\n[release]\n\tversionFiles = package.json\n", "chore: it");
    repository_tag(&repository, "v1.0.0", "first " POISON);
    repository_tag(&repository, "nightly-" NAMED, "foreign " POISON);
    repository_git(&repository, "checkout", "-q", "-b", "main-" NAMED, NULL);
    repository_commit(&repository, "dir " NAMED "/f\x1b[31m\x7f.txt", "x\n", "feat(" POISON "): two " POISON);
    repository_commit(&repository, "b.txt", "x\n", "fix!: three\n\nBREAKING CHANGE: " POISON "\n");
    repository_commit(&repository, "c.txt", "x\n", POISON);
    snprintf(remote, sizeof(remote), "%s/remote \x1b[31m" NAMED ".git", repository.sandbox);
    repository_git_in(repository.sandbox, "init", "-q", "--bare", remote, NULL);
    repository.remote = mem_string(remote);
    repository_git(&repository, "remote", "add", "origin", remote, NULL);
    repository_git(&repository, "push", "-q", "-u", "origin", "HEAD", "--tags", NULL);
    repository_commit(&repository, "d.txt", "x\n", "feat: four");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    ran_clear(&ran);
    repository_free(&repository);
    repository.remote = NULL;
    return 0;
}

/* It was there to be made safe: else the test would test nothing. */
static void assert_says(const char *phrase)
{
    if (!strstr(ran.out, phrase) && !strstr(ran.err, phrase))
        fail_msg("this was not said: %s, but: %s%s", phrase,
                 strlen(ran.out) > 500 ? ran.out + strlen(ran.out) - 500 : ran.out, ran.err);
}

static void every_command_and_option(void **state)
{
    (void)state;
    command_run(&ran, &repository, "status", NULL);
    ran_expect(&ran, 0);
    assert_says("\\x9bK\\u{202e}lortnoc");
    run_every_command(true);
    assert_true(checked > 200);
}

static void hooks_and_servers(void **state)
{
    (void)state;
    char refuse[512];
    run(MORE("release", "create", "patch", "--yes"));
    assert_int_equal(ran.status, 6);
    assert_says("is not UTF-8");
    repository_git(&repository, "branch", "-m", "main-\xc2\x9b\xe2\x80\xae\xe2\x80\x8b", NULL);
    repository_git(&repository, "push", "-q", "-u", "origin", "HEAD", NULL);
    snprintf(refuse, sizeof(refuse), "%sexit 1\n", say);
    CLEANUP(free_string) char *git_dir = path_join(repository.path, ".git");
    repository_hook(repository.remote, "pre-receive", refuse);
    repository_hook(git_dir, "post-commit", say);
    run(MORE("release", "create", "patch", "--yes"));
    assert_int_equal(ran.status, 6);
    assert_says("owned");
    run(MORE("release", "show"));
    run(MORE("release", "show", "--json"));
    run(MORE("release", "resume", "--yes", "--json"));
    run(MORE("release", "undo", "--yes"));
    repository_hook(git_dir, "pre-commit", refuse);
    run(MORE("release", "create", "patch", "--yes", "--json"));
    assert_int_equal(ran.status, 6);
    assert_says("owned");
    run(MORE("audit", "log"));
    run(MORE("audit", "log", "--json"));
    run_every_command(false);
}

static void a_hostile_configuration(void **state)
{
    (void)state;
    repository_write(
        &repository, ".signalbox",
        "[project]\n\tname = \"p \xc2\x9b\xe2\x80\xae\x1b[31m\"\n[service \"s\x1b]0;x\x07\xe2\x80\xae\"]\n"
        "\ttagPattern = \"v*\x1b[31m\"\n[no"
        "such]\n\tkey\x1b = \x9b"
        "31m\n[release]\n\tmode = \xe2\x80\xae\x1b[2J\n");
    run_every_command(false);
    repository_write(&repository, ".signalbox",
                     "[project]\n\tname = \"p \xc2\x9b\xe2\x80\xae\x1b[31m\"\n"
                     "[service \"s\x1b]0;x\x07\xe2\x80\xae\"]\n\tpath = \"dir\x1b[31m\"\n");
    run_every_command(false);
    repository_write(&repository, ".signalbox",
                     "[project]\n\tname = shop\n[release]\n\tmode = \xe2\x80\xae\x1b[2J\n");
    run_every_command(false);
    repository_write(&repository, ".signalbox", "[release]\n\tversionFiles = a\x1b[31m\xe2\x80\xae.json\n");
    run_every_command(false);
}

static void no_repository_and_hostile_names(void **state)
{
    (void)state;
    char place[512];
    snprintf(place, sizeof(place), "%s/none\x1b[31m" NAMED, repository.sandbox);
    assert_int_equal(mkdir(place, 0700), 0);
    run(MORE("status", "--directory", place));
    run(MORE("status", "--directory", place, "--json"));
    repository_git_in(place, "init", "-q", ".", NULL);
    run(MORE("status", "--directory", place));
    run(MORE("status", "--directory", place, "--json"));
    run(MORE("init", "--directory", place));
    repository_git(&repository, "remote", "set-url", "origin",
                   "https://eve:\x1b[31m" NAMED "@127.0.0.1:1/\x1b]0;x\x07", NULL);
    run(MORE("status"));
    run(MORE("release", "create", "patch", "--yes"));
    assert_int_not_equal(ran.status, 0);
    assert_null(strstr(ran.err, "eve:"));
    run(MORE("release", "create", "patch", "--yes", "--json"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_command_and_option, setup, teardown),
        cmocka_unit_test_setup_teardown(hooks_and_servers, setup, teardown),
        cmocka_unit_test_setup_teardown(a_hostile_configuration, setup, teardown),
        cmocka_unit_test_setup_teardown(no_repository_and_hostile_names, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
