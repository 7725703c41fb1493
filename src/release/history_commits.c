/* The second part of a history: commits, what they ask of the next version, and notes made from them. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "release/history.h"
#include "version/changelog.h"
#include "version/conventional.h"

/* Messages are kept until all are read: a revert is recognised only together with what it takes back. */
struct reading {
    struct history_commits *out;
    char **messages;
    size_t message_cap;
    struct change *changes;
    size_t change_cap;
    size_t limit;
};

static int read_one(void *context, const struct source_commit *commit)
{
    struct reading *reading = context;
    struct history_commits *out = reading->out;
    ARRAY_GROW(&out->items, &out->cap, out->count + 1);
    ARRAY_GROW(&reading->messages, &reading->message_cap, out->count + 1);
    ARRAY_GROW(&reading->changes, &reading->change_cap, out->count + 1);
    struct history_commit *item = &out->items[out->count];
    *item = (struct history_commit){.author = mem_string(commit->author), .when_ms = commit->when_ms};
    memcpy(item->id, commit->id, strnlen(commit->id, OID_HEX - 1));
    reading->messages[out->count] = mem_bytes(commit->message, commit->message_len);
    change_read(&reading->changes[out->count], "", reading->messages[out->count], commit->message_len);
    out->count++;
    return reading->limit && out->count >= reading->limit;
}

static char *span_string(struct span span)
{
    return mem_bytes(span.bytes ? span.bytes : "", span.len);
}

static enum history_class class_of(const struct change *change)
{
    if (change->taken_back)
        return HISTORY_QUIET;
    switch (change->level) {
    case LEVEL_MAJOR:
        return HISTORY_BREAKING;
    case LEVEL_MINOR:
        return HISTORY_FEATURE;
    case LEVEL_PATCH:
        return change->category == CATEGORY_FIXED ? HISTORY_FIX : HISTORY_OTHER;
    case LEVEL_NONE:
        break;
    }
    return conventional_is_untold(&change->commit) ? HISTORY_OTHER : HISTORY_QUIET;
}

static void classify(struct history_commit *out, const struct change *change)
{
    const struct conventional *commit = &change->commit;
    bool more = commit->breaking && !span_same_case(commit->breaking_words, commit->description);
    out->subject = span_string(commit->subject);
    out->type = span_string(commit->type);
    out->scope = span_string(commit->scope);
    out->summary = span_string(commit->description);
    out->breaking = more ? span_string(commit->breaking_words) : mem_string("");
    out->taken_back = change->taken_back;
    out->merge = commit->shape == COMMIT_MERGE;
    out->class = class_of(change);
    out->category = change->taken_back ? CATEGORY_NONE : change->category;
}

static int read_commits(struct history_commits *out, struct change_counts *counts, struct source source,
                        const char *to, const char *from, const char *path, size_t limit, const struct call *call,
                        struct error *err)
{
    struct history_commits commits = {0};
    struct reading reading = {.out = &commits, .limit = limit};
    const char *not_from[] = {from, NULL};
    int result =
        source.ops->walk(source.self, to, from ? not_from : NULL, *path ? path : NULL, read_one, &reading, call, err);
    /* An id is known only now: the array does not move any more. */
    for (size_t i = 0; i < commits.count; i++)
        reading.changes[i].id = commits.items[i].id;
    changes_settle(reading.changes, commits.count);
    if (counts)
        change_counts_of(counts, reading.changes, commits.count);
    for (size_t i = 0; i < commits.count; i++) {
        classify(&commits.items[i], &reading.changes[i]);
        commits.counts[commits.items[i].class]++;
        change_clear(&reading.changes[i]);
        free(reading.messages[i]);
    }
    free(reading.changes);
    free(reading.messages);
    if (result < 0)
        history_commits_clear(&commits);
    else
        *out = commits;
    return result;
}

void history_commits_clear(struct history_commits *commits)
{
    for (size_t i = 0; i < commits->count; i++) {
        free(commits->items[i].author);
        free(commits->items[i].subject);
        free(commits->items[i].type);
        free(commits->items[i].scope);
        free(commits->items[i].summary);
        free(commits->items[i].breaking);
    }
    free(commits->items);
    memset(commits, 0, sizeof(*commits));
}

size_t history_taken(const struct history *history)
{
    size_t count = history->count;
    for (char **burned = history->burned; burned && *burned; burned++)
        count++;
    return count;
}

void history_next_input(struct next_input *out, struct semver *versions, const struct history *history,
                        const struct settings *settings)
{
    size_t count = 0;
    for (size_t i = 0; i < history->count; i++)
        count += semver_parse_string(&versions[count], history->versions[i].version);
    /* A pre-release at hand is what the next version is counted from: patch, minor or major may be just that one. */
    const struct semver *base = history->current >= 0 ? &versions[history->current] : NULL;
    size_t used_up = 0;
    for (char **burned = history->burned; burned && *burned; burned++)
        used_up += semver_parse_string(&versions[count + used_up], *burned);
    *out = (struct next_input){.base = base,
                               .initial = settings->release.initial,
                               .zero_minor = settings->release.zero_minor,
                               .existing = versions,
                               .existing_count = count,
                               .burned = versions + count,
                               .burned_count = used_up,
                               .counts = history->changes};
}

static int suggest(struct history *h, const struct settings *settings, struct error *err)
{
    struct semver *versions = mem_array(history_taken(h), sizeof(*versions));
    struct next_input input;
    struct next_version next = {0};
    history_next_input(&input, versions, h, settings);
    int result = next_version(&next, &input, err);
    if (result == 0) {
        free(h->suggestion);
        text_free(&h->suggestion_why);
        h->suggestion = next.version.len ? mem_string(buf_string(&next.version)) : NULL;
        h->suggestion_why = text_copy(text_of(&next.why));
    }
    next_version_clear(&next);
    free(versions);
    return result;
}

int history_since(struct history *history, struct source source, const struct settings *settings,
                  const struct service_settings *service, const struct call *call, struct error *err)
{
    struct history_commits commits = {0};
    struct change_counts counts = {0};
    const char *from = history->base >= 0 ? history->versions[history->base].commit : NULL;
    if (*history->head &&
        read_commits(&commits, &counts, source, history->head, from, service->path, 0, call, err) < 0)
        return -1;
    history_commits_clear(&history->since);
    history->since = commits;
    history->changes = counts;
    history->has_since = true;
    if (history->shallow) {
        free(history->suggestion);
        text_free(&history->suggestion_why);
        history->suggestion = NULL;
        history->suggestion_why =
            text_copy(TEXT("this clone is shallow: git fetch --unshallow --tags brings what was released"));
        return 0;
    }
    return suggest(history, settings, err);
}

const struct history_version *history_before(const struct history *history, const struct history_version *version,
                                             struct source source, const struct call *call)
{
    size_t index = (size_t)(version - history->versions);
    struct error ignored;
    /* Of a release the release before it, so that its notes cover the pre-releases between. */
    for (size_t i = index + 1; i < history->count; i++) {
        const struct history_version *candidate = &history->versions[i];
        bool yes = false;
        if (candidate->prerelease && !version->prerelease)
            continue;
        if (source.ops->is_ancestor(source.self, &yes, candidate->commit, version->commit, call, &ignored) < 0)
            return NULL;
        if (yes)
            return candidate;
    }
    return NULL;
}

int history_commits_of(struct history_commits *out, const struct history *history,
                       const struct history_version *version, struct source source,
                       const struct service_settings *service, size_t limit, const struct call *call,
                       struct error *err)
{
    const struct history_version *before = history_before(history, version, source, call);
    return read_commits(out, NULL, source, version->commit, before ? before->commit : NULL, service->path, limit,
                        call, err);
}

/* ---- notes ---- */

/* A stranger's words are made safe: they go into tags and files, where others will read them. */
static void add_safe(struct buf *out, const char *words)
{
    CLEANUP(buf_clear) struct buf folded = {0};
    CLEANUP(text_buf_clear) struct text_buf safe = {0};
    for (; *words; words++) {
        bool blank = strchr(" \t\r\n", *words) != NULL;
        if (!blank)
            buf_addc(&folded, *words);
        else if (folded.len && folded.bytes[folded.len - 1] != ' ')
            buf_addc(&folded, ' ');
    }
    text_adds(&safe, buf_string(&folded));
    buf_adds(out, buf_string(&safe.raw));
}

/* As changelogs have it. */
static void begin_with_capital(struct buf *out, size_t at)
{
    if (at < out->len)
        out->bytes[at] = (char)toupper((unsigned char)out->bytes[at]);
}

void history_entry(struct buf *out, const struct history_commit *commit, bool plain)
{
    size_t start = out->len;
    if (commit->class == HISTORY_BREAKING)
        buf_adds(out, plain ? "Breaking: " : "**Breaking:** ");
    size_t summary = out->len;
    add_safe(out, commit->summary);
    begin_with_capital(out, summary);
    if (!*commit->breaking)
        return;
    while (out->len > start && strchr(" .", out->bytes[out->len - 1]))
        buf_truncate(out, out->len - 1);
    buf_adds(out, ". ");
    size_t words = out->len;
    add_safe(out, commit->breaking);
    begin_with_capital(out, words);
}

static void notes_of_commits(struct buf *out, const struct history_commits *commits)
{
    for (int category = CATEGORY_ADDED; category <= CATEGORY_SECURITY; category++) {
        bool headed = false;
        for (size_t i = commits->count; i-- > 0;) {
            const struct history_commit *commit = &commits->items[i];
            if ((int)commit->category != category)
                continue;
            if (!headed)
                buf_addf(out, "%s### %s\n\n", out->len ? "\n" : "", category_name(commit->category));
            headed = true;
            buf_adds(out, "- ");
            history_entry(out, commit, false);
            buf_addc(out, '\n');
        }
    }
}

/* Appends the section's notes; false where the commit's changelog has none (or no entry in what is unreleased). */
static int notes_of_changelog(bool *found, struct buf *out, struct source source, const char *commit,
                              const char *path, const char *version, const struct call *call, struct error *err)
{
    CLEANUP(buf_clear) struct buf bytes = {0};
    struct changelog log;
    struct error inner;
    *found = false;
    if (!*path || !*commit)
        return 0;
    if (source.ops->read_file(source.self, &bytes, commit, path, call, &inner) < 0) {
        if (inner.kind == ERROR_NOT_FOUND)
            return 0;
        *err = inner;
        return -1;
    }
    if (changelog_parse(&log, buf_string(&bytes), bytes.len, &inner) < 0)
        return 0;
    const struct changelog_section *section = version ? changelog_find(&log, version) : changelog_unreleased(&log);
    if (section && (version || changelog_count_entries(&log, section))) {
        changelog_notes(out, &log, section);
        *found = true;
    }
    changelog_clear(&log);
    return 0;
}

int history_notes(struct buf *out, bool *from_commits, const struct history *history,
                  const struct history_version *version, struct source source, const struct service_settings *service,
                  const struct call *call, struct error *err)
{
    const char *text = version ? version->version : NULL;
    bool found = false;
    *from_commits = false;
    if (version && notes_of_changelog(&found, out, source, version->commit, service->changelog, text, call, err) < 0)
        return -1;
    if (!found && notes_of_changelog(&found, out, source, history->head, service->changelog, text, call, err) < 0)
        return -1;
    if (found)
        return 0;
    *from_commits = true;
    if (!version) {
        notes_of_commits(out, &history->since);
        return 0;
    }
    struct history_commits commits = {0};
    if (history_commits_of(&commits, history, version, source, service, 0, call, err) < 0)
        return -1;
    notes_of_commits(out, &commits);
    history_commits_clear(&commits);
    return 0;
}
