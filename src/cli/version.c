/* version list, current, next. What changes the version is a release without push: release.c. */
#include <string.h>

#include "base/clock.h"
#include "cli/cli.h"

static void print_version_row(struct output *out, const struct history_version *version, bool current, int width)
{
    char date[32];
    struct text day = clock_date(date, sizeof(date), version->when_ms);
    output_line(out, "%c %-*s  %.*s  %.10s  %s%s%s", current ? '*' : ' ', width, version->version, (int)day.len,
                day.safe, version->commit[0] ? version->commit : "-", version->tag, version->yanked ? "  yanked" : "",
                version->burned ? "  burned" : "");
}

static void list_json(struct cli *cli, const struct history *history, size_t limit)
{
    struct json_writer *w = &cli->out.writer;
    json_begin_object(w, NULL);
    json_put_string(w, "service", history->service);
    json_put_string(w, "tagPattern", history->tag_pattern);
    json_put_string(w, "current", history->current < 0 ? NULL : history->versions[history->current].version);
    json_put_int(w, "count", (int64_t)history->count);
    json_begin_array(w, "versions");
    for (size_t i = 0; i < history->count && (!limit || i < limit); i++)
        cli_json_version(w, NULL, &history->versions[i]);
    json_end_array(w);
    json_begin_array(w, "foreign");
    for (size_t i = 0; i < history->foreign_count; i++) {
        json_begin_object(w, NULL);
        json_put_string(w, "tag", history->foreign[i].tag);
        cli_json_text(w, "why", history->foreign[i].why);
        json_end_object(w);
    }
    json_end_array(w);
    json_begin_array(w, "burned");
    for (char **burned = history->burned; burned && *burned; burned++)
        json_put_string(w, NULL, *burned);
    json_end_array(w);
    json_end_object(w);
}

/* Numbers that are used up and have no tag to be listed by. */
static void burned_text(struct cli *cli, const struct history *history)
{
    for (char **burned = history->burned; burned && *burned; burned++)
        if (!history_find(history, *burned))
            output_note(&cli->out, "%s was public once and its tag is gone: the number is not used again.", *burned);
}

static void list_text(struct cli *cli, const struct history *history, size_t limit)
{
    size_t shown = limit && limit < history->count ? limit : history->count;
    int width = 7;
    for (size_t i = 0; i < shown; i++)
        if ((int)strlen(history->versions[i].version) > width)
            width = (int)strlen(history->versions[i].version);
    for (size_t i = 0; i < shown; i++)
        print_version_row(&cli->out, &history->versions[i], (int)i == history->current, width);
    if (history->count == 0)
        output_line(&cli->out, "There is no version yet: no tag fits %s.", history->tag_pattern);
    if (shown < history->count)
        output_note(&cli->out, "%zu more; --limit 0 shows all.", history->count - shown);
    if (history->foreign_count)
        output_note(&cli->out, "%zu tag%s passed over, which %s no version of %s; --json names them.",
                    history->foreign_count, history->foreign_count == 1 ? "" : "s",
                    history->foreign_count == 1 ? "is" : "are", history->service);
    burned_text(cli, history);
}

/* Loads the history, prints it by `print`, and puts everything away. */
static int with_history(struct cli *cli, bool since,
                        int (*print)(struct cli *, const struct history *, struct error *), struct error *err)
{
    struct source source = {0};
    struct history history = {0};
    if (cli_source(&source, cli, err) < 0)
        return -1;
    int result = cli_history(&history, cli, source, since, err);
    if (result == 0) {
        result = print(cli, &history, err);
        history_clear(&history);
    }
    cli_close_source(&source);
    return result;
}

static int print_list(struct cli *cli, const struct history *history, struct error *err)
{
    (void)err;
    if (cli->out.json)
        list_json(cli, history, cli_limit(cli, 0));
    else
        list_text(cli, history, cli_limit(cli, 0));
    return 0;
}

static int not_known(struct error *err)
{
    error_set(err, ERROR_REFUSED, "What was released here cannot be known");
    error_why(err, "this clone is shallow: its history is cut off before the last version");
    return error_todo(err, "git fetch --unshallow --tags");
}

static int no_version(struct error *err, const struct history *history)
{
    if (history->shallow)
        return not_known(err);
    error_set(err, ERROR_NOT_FOUND, "There is no version yet");
    error_why(err, "no tag that fits %s is part of what is checked out", history->tag_pattern);
    return error_todo(err, "`signalbox version next` proposes the first one");
}

static int print_current(struct cli *cli, const struct history *history, struct error *err)
{
    if (history->current < 0)
        return no_version(err, history);
    const struct history_version *current = &history->versions[history->current];
    output_line(&cli->out, "%s", current->version);
    if (cli->out.json)
        cli_json_version(&cli->out.writer, NULL, current);
    return 0;
}

static void next_json(struct cli *cli, const struct history *history)
{
    struct json_writer *w = &cli->out.writer;
    json_begin_object(w, NULL);
    json_put_string(w, "current", history->current < 0 ? NULL : history->versions[history->current].version);
    json_put_string(w, "next", history->suggestion);
    cli_json_text(w, "why", history->suggestion_why);
    json_begin_object(w, "counts");
    for (int class = HISTORY_CLASSES - 1; class >= 0; class --)
        json_put_int(w, history_class_name(class), history->since.counts[class]);
    json_end_object(w);
    cli_json_commits(w, "commits", &history->since, cli_limit(cli, 0));
    json_end_object(w);
}

/* Those that decided first: breaking, then features, fixes and the others, newest first in each. */
static void next_commits(struct cli *cli, const struct history *history)
{
    size_t limit = cli_limit(cli, 30), shown = 0;
    for (int class = HISTORY_CLASSES - 1; class >= 0; class --)
        for (size_t i = 0; i < history->since.count && (!limit || shown < limit); i++) {
            const struct history_commit *commit = &history->since.items[i];
            if ((int)commit->class != class)
                continue;
            output_line(&cli->out, "  %-8s  %.10s  %s", history_class_name(class), commit->id, commit->subject);
            shown++;
        }
    if (shown < history->since.count)
        output_note(&cli->out, "%zu more commits; --limit 0 shows all.", history->since.count - shown);
}

static int print_next(struct cli *cli, const struct history *history, struct error *err)
{
    if (history->shallow)
        return not_known(err);
    if (!history->suggestion) {
        error_set(err, ERROR_NOT_FOUND, "There is nothing to release");
        const char *since = history->base < 0 ? NULL : history->versions[history->base].tag;
        error_why(err, "%.*s%s%s", (int)history->suggestion_why.len,
                  history->suggestion_why.len ? history->suggestion_why.safe : "", since ? " since " : "",
                  since ? since : "");
        return error_todo(err, "To release all the same, name the version: `signalbox release create VERSION`");
    }
    if (cli->out.json) {
        next_json(cli, history);
        return 0;
    }
    output_line(&cli->out, "%s", history->suggestion);
    output_line(&cli->out, "  %.*s", (int)history->suggestion_why.len, history->suggestion_why.safe);
    next_commits(cli, history);
    return 0;
}

int cli_version_list(struct cli *cli, struct error *err)
{
    return with_history(cli, false, print_list, err);
}

int cli_version_current(struct cli *cli, struct error *err)
{
    return with_history(cli, false, print_current, err);
}

int cli_version_next(struct cli *cli, struct error *err)
{
    return with_history(cli, true, print_next, err);
}
