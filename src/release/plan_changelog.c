/* The changelog's share of a plan: the new section, the lines offered for commits it does not mention, and the notes. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "release/plan_parts.h"
#include "version/changelog.h"
#include "version/changelog_edit.h"

static bool contains(struct span text, const char *what, size_t len)
{
    return len && memmem(text.bytes, text.len, what, len) != NULL;
}

/* "#412" of a summary that ends in "(#412)"; length 0 where there is none. */
static struct span request_number(const char *summary)
{
    const char *open = strrchr(summary, '(');
    if (!open || open[1] != '#')
        return (struct span){"", 0};
    size_t digits = strspn(open + 2, "0123456789");
    return (struct span){open + 1, digits && open[2 + digits] == ')' ? digits + 1 : 0};
}

/* Does the text speak of the commit: by its words, its number, or its name? */
static bool mentions(struct span text, const struct history_commit *commit)
{
    struct span number = request_number(commit->summary);
    size_t words = strlen(commit->summary);
    if (number.len)
        words = (size_t)(number.bytes - 1 - commit->summary);
    while (words && commit->summary[words - 1] == ' ')
        words--;
    if (contains(text, commit->id, 7))
        return true;
    for (const char *at = text.bytes;
         number.len && (at = memmem(at, text.len - (size_t)(at - text.bytes), number.bytes, number.len)) != NULL;
         at++)
        if (at + number.len == text.bytes + text.len || !isdigit((unsigned char)at[number.len]))
            return true;
    /* Without its first letter, whose case people change. */
    return words > 1 && contains(text, commit->summary + 1, words - 1);
}

static char *entry_of(const struct history_commit *commit, bool plain)
{
    struct buf entry = {0};
    buf_adds(&entry, plain ? "" : "- ");
    history_entry(&entry, commit, plain);
    return buf_take(&entry);
}

static bool is_offered(const struct history_commit *commit, bool quiet)
{
    bool tells = commit->category >= CATEGORY_ADDED && commit->category <= CATEGORY_SECURITY;
    if (commit->merge || commit->taken_back || strcmp(commit->type, "release") == 0)
        return false;
    return tells != quiet;
}

static void make_offers(struct planning *p, struct span written, bool quiet)
{
    const struct history_commits *since = &p->history.since;
    struct release_proposal *out = p->out;
    for (size_t i = since->count; i-- > 0;) {
        const struct history_commit *commit = &since->items[i];
        if (!is_offered(commit, quiet) || mentions(written, commit))
            continue;
        ARRAY_GROW(&out->offers, &out->offer_cap, out->offer_count + 1);
        struct release_offer *offer = &out->offers[out->offer_count++];
        enum category category = quiet ? CATEGORY_CHANGED : commit->category;
        *offer = (struct release_offer){.category = mem_string(category_name(category)),
                                        .entry = entry_of(commit, false),
                                        .words = entry_of(commit, true),
                                        .quiet = quiet};
        memcpy(offer->commit, commit->id, sizeof(offer->commit));
    }
}

static void take_offers(struct planning *p, size_t written)
{
    enum release_entries entries = p->options->entries;
    bool all = entries == RELEASE_ENTRIES_ALL || (entries == RELEASE_ENTRIES_AUTO && !written);
    size_t left = 0;
    for (size_t i = 0; i < p->out->offer_count; i++) {
        struct release_offer *offer = &p->out->offers[i];
        offer->taken = all && !offer->quiet && !p->options->section;
        left += !offer->quiet && !offer->taken;
    }
    if (left && entries == RELEASE_ENTRIES_AUTO && !p->options->section)
        plan_find(p, FINDING_NOTE, "unmentioned", "Take them among the entries offered, or all by --all-entries",
                  "%zu commit%s not in %s, where entries were written by hand", left, left == 1 ? " is" : "s are",
                  p->service->changelog);
}

static int cut(struct buf *out, const struct planning *p, const struct buf *bytes, struct error *err)
{
    const struct release_proposal *proposal = p->out;
    struct changelog_addition *additions = mem_array(proposal->offer_count, sizeof(*additions));
    size_t count = 0;
    char date[32];
    for (size_t i = 0; i < proposal->offer_count; i++) {
        const struct release_offer *offer = &proposal->offers[i];
        if (offer->taken)
            additions[count++] = (struct changelog_addition){
                category_of_word(offer->category), offer->entry + strlen("- "), strlen(offer->entry) - strlen("- ")};
    }
    clock_date(date, sizeof(date), p->options->now_ms);
    struct changelog_cut request = {.version = proposal->plan.version,
                                    .date = date,
                                    .tag = proposal->plan.tag,
                                    .previous = *proposal->plan.previous_tag ? proposal->plan.previous_tag : NULL,
                                    .additions = additions,
                                    .count = count};
    int result = changelog_cut(out, buf_string(bytes), bytes->len, &request, err);
    free(additions);
    return result;
}

/* A person's text in the place of the section's body, with the file's line ends. */
static void replace_body(struct buf *out, const struct changelog *log, const struct changelog_section *section,
                         const char *text)
{
    const char *end = log->crlf ? "\r\n" : "\n";
    size_t len = strlen(text), start = 0;
    while (len && strchr(" \t\r\n", text[len - 1]))
        len--;
    while (start < len && strchr("\r\n", text[start]))
        start++;
    buf_add(out, log->bytes, section->body.start);
    buf_adds(out, end);
    for (size_t i = start; i < len; i++) {
        if (text[i] == '\n')
            buf_adds(out, end);
        else if (text[i] != '\r')
            buf_addc(out, text[i]);
    }
    buf_adds(out, end);
    if (section->body.end < log->len)
        buf_adds(out, end);
    buf_add(out, log->bytes + section->body.end, log->len - section->body.end);
}

static int edit_section(struct buf *bytes, const struct planning *p, struct error *err)
{
    struct changelog log;
    struct buf edited = {0};
    if (!p->options->section)
        return 0;
    if (changelog_parse(&log, buf_string(bytes), bytes->len, err) < 0)
        return -1;
    size_t sections = log.section_count;
    replace_body(&edited, &log, changelog_find(&log, p->out->plan.version), p->options->section);
    changelog_clear(&log);
    buf_clear(bytes);
    *bytes = edited;
    if (changelog_parse(&log, buf_string(bytes), bytes->len, err) < 0)
        return error_wrap(err, "The edited text does not fit into the changelog");
    size_t now = log.section_count;
    changelog_clear(&log);
    if (now == sections)
        return 0;
    error_set(err, ERROR_INVALID, "The edited text does not fit into the changelog");
    return error_why(err, "it has a heading that would begin another version");
}

static bool is_blank(const char *text)
{
    return text[strspn(text, " \t\r\n")] == 0;
}

/* Notes and section of the plan, from the changelog as it will be. */
static size_t read_section(struct planning *p, const struct buf *bytes)
{
    struct changelog log;
    struct error never;
    struct buf notes = {0};
    size_t entries = 0;
    if (changelog_parse(&log, buf_string(bytes), bytes->len, &never) < 0)
        return 0;
    const struct changelog_section *section = changelog_find(&log, p->out->plan.version);
    if (section) {
        struct span body = span_trim(changelog_span(&log, section->body));
        entries = changelog_count_entries(&log, section);
        changelog_notes(&notes, &log, section);
        free(p->out->section);
        p->out->section = mem_bytes(body.bytes, body.len);
        free(p->out->plan.notes);
        p->out->plan.notes = buf_take(&notes);
    }
    changelog_clear(&log);
    return entries;
}

static void refuse(struct planning *p, const struct error *why)
{
    plan_find(p, FINDING_REFUSE, "changelog", why->todo[0] ? why->todo : "signalbox changelog check shows the lines",
              "%s cannot be cut: %s%s%s", p->service->changelog, why->what, *why->why ? ": " : "", why->why);
}

static int cut_changelog(struct planning *p, struct buf *old_bytes, bool exists)
{
    CLEANUP(buf_clear) struct buf fresh = {0};
    struct buf new_bytes = {0};
    struct error inner;
    bool empty = is_blank(buf_string(old_bytes));
    if (empty)
        changelog_fresh(&fresh);
    int result = cut(&new_bytes, p, empty ? &fresh : old_bytes, &inner);
    if (result < 0 && inner.kind == ERROR_EXISTS) {
        plan_find(p, FINDING_NOTE, "changelog-ready", NULL, "%s has its section %s already", p->service->changelog,
                  p->out->plan.version);
        read_section(p, old_bytes);
        buf_clear(&new_bytes);
        return 0;
    }
    if (result == 0)
        result = edit_section(&new_bytes, p, &inner);
    if (result < 0) {
        refuse(p, &inner);
        buf_clear(&new_bytes);
        return 0;
    }
    char words[128], date[32];
    size_t entries = read_section(p, &new_bytes);
    if (!entries)
        plan_find(p, FINDING_WARN, "empty-notes",
                  "Write what is new under Unreleased, or take lines that are offered",
                  "The changelog's section %s will be empty", p->out->plan.version);
    text_fmt(words, sizeof(words), "%s with %zu %s, dated %s", p->out->plan.version, entries,
             entries == 1 ? "entry" : "entries", clock_date(date, sizeof(date), p->options->now_ms).safe);
    plan_put_file(p, p->service->changelog, "", old_bytes, exists, buf_take(&new_bytes), words);
    return 0;
}

/* Notes where the changelog is left as it is: tag only, a pre-release, or no changelog at all. */
static int notes_only(struct planning *p)
{
    struct buf notes = {0};
    bool from_commits;
    if (history_notes(&notes, &from_commits, &p->history, NULL, p->source, p->service, p->call, p->err) < 0) {
        buf_clear(&notes);
        return -1;
    }
    free(p->out->plan.notes);
    p->out->plan.notes = p->options->section ? mem_string(p->options->section) : buf_take(&notes);
    free(p->out->section);
    p->out->section = mem_string(p->out->plan.notes);
    buf_clear(&notes);
    return 0;
}

int plan_changelog(struct planning *p)
{
    CLEANUP(buf_clear) struct buf bytes = {0};
    struct changelog log;
    struct error inner;
    struct semver version;
    bool usable, exists;
    if (p->out->plan.mode == RELEASE_TAG_ONLY || !*p->service->changelog)
        return notes_only(p);
    if (semver_parse_string(&version, p->out->plan.version) && semver_is_prerelease(&version)) {
        plan_find(p, FINDING_NOTE, "pre-release", NULL,
                  "A pre-release leaves %s alone: its entries wait for the release", p->service->changelog);
        return notes_only(p);
    }
    if (plan_read_file(&usable, &exists, &bytes, p, p->service->changelog) < 0)
        return -1;
    if (!usable)
        return 0;
    if (changelog_parse(&log, buf_string(&bytes), bytes.len, &inner) < 0) {
        refuse(p, &inner);
        return 0;
    }
    const struct changelog_section *section = changelog_unreleased(&log);
    struct span written = section ? changelog_span(&log, section->body) : (struct span){"", 0};
    size_t entries = section ? changelog_count_entries(&log, section) : 0;
    make_offers(p, written, false);
    make_offers(p, written, true);
    take_offers(p, entries);
    changelog_clear(&log);
    return cut_changelog(p, &bytes, exists);
}
