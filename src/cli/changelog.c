/* changelog show, add, yank, check. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "cli/cli.h"
#include "version/changelog_check.h"
#include "version/changelog_edit.h"
#include "version/tag_pattern.h"

enum { CHANGELOG_LIMIT = 16 * 1024 * 1024, ENTRY_LIMIT = 64 * 1024 };

static int print_notes(struct cli *cli, const struct history *history, const struct history_version *version,
                       struct source source, struct error *err)
{
    CLEANUP(buf_clear) struct buf notes = {0};
    bool from_commits = false;
    if (history_notes(&notes, &from_commits, history, version, source, cli->env.service, &cli->call, err) < 0)
        return -1;
    if (cli->out.json) {
        struct json_writer *w = &cli->out.writer;
        json_begin_object(w, NULL);
        json_put_string(w, "version", version ? version->version : NULL);
        json_put_bool(w, "fromCommits", from_commits && notes.len);
        if (notes.len)
            json_put_bytes(w, "notes", notes.bytes, notes.len);
        else
            json_put_null(w, "notes");
        json_end_object(w);
        return 0;
    }
    if (cli_given(cli, OPTION_RAW))
        return output_raw(&cli->out, buf_string(&notes), notes.len, err);
    if (!notes.len)
        output_line(&cli->out, version ? "Nothing is known of it." : "Nothing is unreleased.");
    else if (from_commits)
        output_note(&cli->out, "The changelog says nothing of it; made from the commits:");
    output_block(&cli->out, "", buf_string(&notes), notes.len);
    return 0;
}

int cli_changelog_show(struct cli *cli, struct error *err)
{
    struct source source = {0};
    struct history history = {0};
    const char *name = cli_argument(cli, 0);
    if (cli_source(&source, cli, err) < 0)
        return -1;
    int result = cli_history(&history, cli, source, !name, err);
    if (result == 0) {
        const struct history_version *version = name ? history_find(&history, name) : NULL;
        if (name && !version) {
            error_set(err, ERROR_NOT_FOUND, "There is no version %s", name);
            result = error_todo(err, "`signalbox version list` shows the versions");
        } else {
            result = print_notes(cli, &history, version, source, err);
        }
        history_clear(&history);
    }
    cli_close_source(&source);
    return result;
}

/* Path of the changelog in the work tree; an error when the service has none or there is no work tree. */
static int changelog_path(char **out, struct cli *cli, struct error *err)
{
    if (cli_open(cli, err) < 0)
        return -1;
    if (!*cli->env.service->changelog) {
        error_set(err, ERROR_NOT_FOUND, "%s has no changelog", cli->env.service->name);
        return error_todo(err, "Name one with `signalbox config set release.changelog CHANGELOG.md`");
    }
    if (cli->env.place.bare)
        return error_set(err, ERROR_REFUSED, "A bare repository has no work tree with a changelog in it");
    *out = path_join(cli->env.place.root, cli->env.service->changelog);
    return 0;
}

static int read_entry(struct buf *out, struct error *err)
{
    for (;;) {
        char *end = buf_reserve(out, 4096);
        ssize_t got = read(STDIN_FILENO, end, 4096);
        if (got < 0 && errno == EINTR)
            return error_set(err, ERROR_CANCELLED, "Gave up: read the entry");
        if (got < 0)
            return error_errno(err, ERROR_FAILED, "Cannot read the entry from standard input");
        if (got == 0)
            return 0;
        out->len += (size_t)got;
        out->bytes[out->len] = 0;
        if (out->len > ENTRY_LIMIT)
            return error_set(err, ERROR_INVALID, "The entry is longer than %d bytes", ENTRY_LIMIT);
    }
}

/* The words of the entry: the argument, else standard input, asked for where somebody sits there. */
static int entry_words(struct buf *out, struct cli *cli, struct error *err)
{
    const char *given = cli_argument(cli, 1);
    if (given) {
        buf_adds(out, given);
    } else {
        if (isatty(STDIN_FILENO))
            output_note(&cli->out, "The entry, ended by Ctrl-D:");
        if (read_entry(out, err) < 0)
            return -1;
    }
    while (out->len && strchr(" \t\r\n", out->bytes[out->len - 1]))
        buf_truncate(out, out->len - 1);
    if (out->len)
        return 0;
    error_set(err, ERROR_INVALID, "The entry is empty");
    return error_todo(err, "Write it after the category, or into standard input");
}

/* Only when nobody has written the file since it was read. */
static int replace_file(const char *path, const struct buf *old, const struct buf *new, struct error *err)
{
    CLEANUP(buf_clear) struct buf now = {0};
    if (file_read(&now, path, CHANGELOG_LIMIT, err) < 0 && err->kind != ERROR_NOT_FOUND)
        return -1;
    if (now.len != old->len || (now.len && memcmp(now.bytes, old->bytes, now.len) != 0)) {
        error_set(err, ERROR_CONFLICT, "%s was changed by somebody else in this moment", path);
        return error_todo(err, "Do it again");
    }
    return file_write(path, new->bytes, new->len, 0644, err);
}

static int add_entry(struct cli *cli, const char *path, const struct changelog_addition *addition, struct error *err)
{
    CLEANUP(buf_clear) struct buf old = {0};
    CLEANUP(buf_clear) struct buf new = {0};
    if (file_read(&old, path, CHANGELOG_LIMIT, err) < 0 && err->kind != ERROR_NOT_FOUND)
        return -1;
    if (changelog_add(&new, buf_string(&old), old.len, addition, 1, err) < 0)
        return error_wrap(err, "Cannot change %s", path);
    bool changed = new.len != old.len;
    bool dry = cli_given(cli, OPTION_DRY_RUN);
    if (changed && !dry && replace_file(path, &old, &new, err) < 0)
        return -1;
    output_line(&cli->out, "%s: %s%s", cli->env.service->changelog, category_name(addition->category),
                !changed ? " says so already"
                : dry    ? " would get the entry"
                         : " has the entry");
    if (cli->out.json) {
        json_begin_object(&cli->out.writer, NULL);
        json_put_string(&cli->out.writer, "file", path);
        json_put_string(&cli->out.writer, "category", category_name(addition->category));
        json_put_bool(&cli->out.writer, "changed", changed && !dry);
        json_put_bool(&cli->out.writer, "dryRun", dry);
        json_end_object(&cli->out.writer);
    }
    return 0;
}

int cli_changelog_add(struct cli *cli, struct error *err)
{
    CLEANUP(free_string) char *path = NULL;
    CLEANUP(buf_clear) struct buf words = {0};
    enum category category = category_of_word(cli_argument(cli, 0));
    if (category == CATEGORY_NONE) {
        error_set(err, ERROR_INVALID, "There is no category %s", cli_argument(cli, 0));
        return error_todo(err, "It is one of: added, changed, deprecated, removed, fixed, security");
    }
    if (changelog_path(&path, cli, err) < 0 || entry_words(&words, cli, err) < 0)
        return -1;
    struct changelog_addition addition = {category, buf_string(&words), words.len};
    return add_entry(cli, path, &addition, err);
}

static int read_changelog(struct buf *out, const char *path, struct error *err)
{
    if (file_read(out, path, CHANGELOG_LIMIT, err) == 0)
        return 0;
    if (err->kind != ERROR_NOT_FOUND)
        return -1;
    return error_todo(err,
                      "`signalbox changelog add` makes it; `signalbox config set release.changelog` names another");
}

/* "1.1.0" of "1.1.0", "v1.1.0" or the service's own form of a tag; what is none of them is looked for as it stands. */
static char *version_of(const struct cli *cli, const char *name)
{
    struct semver version;
    const char *pattern = cli->env.service->tag_pattern, *star = strchr(pattern, '*');
    if (star && tag_pattern_match(&version, pattern, name) == TAG_VERSION)
        return mem_bytes(name + (star - pattern), strlen(name) - strlen(pattern) + 1);
    return mem_string(*name == 'v' && semver_parse_string(&version, name + 1) ? name + 1 : name);
}

static int yank(struct cli *cli, const char *path, const char *version, struct error *err)
{
    CLEANUP(buf_clear) struct buf old = {0};
    CLEANUP(buf_clear) struct buf new = {0};
    if (read_changelog(&old, path, err) < 0)
        return -1;
    if (changelog_yank(&new, buf_string(&old), old.len, version, err) < 0) {
        if (err->kind == ERROR_NOT_FOUND)
            error_todo(
                err, "`signalbox version list` shows the versions; only one with a section of its own can be marked");
        return error_wrap(err, "Cannot mark %s as yanked", version);
    }
    bool changed = new.len != old.len || memcmp(buf_string(&new), buf_string(&old), old.len) != 0;
    bool dry = cli_given(cli, OPTION_DRY_RUN);
    if (changed && !dry && replace_file(path, &old, &new, err) < 0)
        return -1;
    output_line(&cli->out, "%s: %s %s", cli->env.service->changelog, version,
                !changed ? "is marked as yanked already"
                : dry    ? "would be marked as yanked"
                         : "is marked as yanked. Commit it when you like; the next release carries it");
    if (cli->out.json) {
        json_begin_object(&cli->out.writer, NULL);
        json_put_string(&cli->out.writer, "file", path);
        json_put_string(&cli->out.writer, "version", version);
        json_put_bool(&cli->out.writer, "changed", changed && !dry);
        json_put_bool(&cli->out.writer, "dryRun", dry);
        json_end_object(&cli->out.writer);
    }
    return 0;
}

int cli_changelog_yank(struct cli *cli, struct error *err)
{
    CLEANUP(free_string) char *path = NULL;
    if (changelog_path(&path, cli, err) < 0)
        return -1;
    CLEANUP(free_string) char *version = version_of(cli, cli_argument(cli, 0));
    return yank(cli, path, version, err);
}

static void print_finding(struct cli *cli, const struct changelog_finding *finding)
{
    struct text words = text_of(&finding->words);
    if (!cli->out.json) {
        output_line(&cli->out, "%s:%zu: %.*s", cli->env.service->changelog, finding->line, (int)words.len,
                    words.safe);
        return;
    }
    json_begin_object(&cli->out.writer, NULL);
    json_put_string(&cli->out.writer, "kind", finding_name(finding->kind));
    json_put_int(&cli->out.writer, "line", (int64_t)finding->line);
    cli_json_text(&cli->out.writer, "words", words);
    json_end_object(&cli->out.writer);
}

int cli_changelog_check(struct cli *cli, struct error *err)
{
    CLEANUP(free_string) char *path = NULL;
    CLEANUP(buf_clear) struct buf bytes = {0};
    struct changelog log;
    struct changelog_findings findings = {0};
    if (changelog_path(&path, cli, err) < 0 || read_changelog(&bytes, path, err) < 0)
        return -1;
    if (changelog_parse(&log, buf_string(&bytes), bytes.len, err) < 0)
        return error_wrap(err, "Cannot understand %s", path);
    changelog_check(&findings, &log);
    if (cli->out.json) {
        json_begin_object(&cli->out.writer, NULL);
        json_put_string(&cli->out.writer, "file", path);
        json_begin_array(&cli->out.writer, "findings");
    }
    for (size_t i = 0; i < findings.count; i++)
        print_finding(cli, &findings.items[i]);
    if (cli->out.json) {
        json_end_array(&cli->out.writer);
        json_end_object(&cli->out.writer);
    } else if (!findings.count) {
        output_line(&cli->out, "%s is fine.", cli->env.service->changelog);
    }
    cli->code = findings.count ? error_exit_code(ERROR_FAILED) : 0;
    changelog_findings_clear(&findings);
    changelog_clear(&log);
    return 0;
}
