#include "release/history.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "version/changelog.h"
#include "version/semver.h"
#include "version/tag_pattern.h"

/*
 * How many questions about ancestry are cheaper than one walk over everything. On the main line the first answer is yes;
 * on a maintenance branch most are no, and each no walks far.
 */
enum { QUESTIONS_MAX = 4 };

static const char *const class_names[] = {[HISTORY_QUIET] = "quiet",
                                          [HISTORY_OTHER] = "other",
                                          [HISTORY_FIX] = "fix",
                                          [HISTORY_FEATURE] = "feature",
                                          [HISTORY_BREAKING] = "breaking"};

const char *history_class_name(enum history_class class)
{
    return class_names[class];
}

static void add_foreign(struct history *h, const char *tag)
{
    struct text_buf why = {0};
    tag_pattern_why(&why, h->tag_pattern, tag);
    ARRAY_GROW(&h->foreign, &h->foreign_cap, h->foreign_count + 1);
    h->foreign[h->foreign_count++] = (struct history_foreign){mem_string(tag), text_copy(text_of(&why))};
    text_buf_clear(&why);
}

static void add_foreign_because(struct history *h, const char *tag, const char *why)
{
    ARRAY_GROW(&h->foreign, &h->foreign_cap, h->foreign_count + 1);
    h->foreign[h->foreign_count++] = (struct history_foreign){mem_string(tag), text_copy_raw(why, strlen(why))};
}

/* A tag that fits the pattern. */
struct candidate {
    struct semver semver;
    struct source_tag *tag;
};

static int newest_first(const void *a, const void *b)
{
    const struct candidate *left = a, *right = b;
    int order = semver_order(&right->semver, &left->semver);
    return order ? order : strcmp(left->tag->name, right->tag->name);
}

static void add_version(struct history *h, const struct candidate *from)
{
    const struct source_tag *tag = from->tag;
    if (tag->read && !*tag->commit) {
        add_foreign_because(h, tag->name, "is on no commit");
        return;
    }
    ARRAY_GROW(&h->versions, &h->cap, h->count + 1);
    struct history_version *out = &h->versions[h->count++];
    *out = (struct history_version){.version = mem_bytes(from->semver.text, from->semver.len),
                                    .tag = mem_string(tag->name),
                                    .when_ms = tag->when_ms,
                                    .annotated = tag->annotated,
                                    .prerelease = semver_is_prerelease(&from->semver)};
    memcpy(out->commit, tag->commit, sizeof(out->commit));
}

/* Fills versions and foreign; the objects of the newest `dated` tags are read. */
static int load_versions(struct history *h, struct source source, size_t dated, const struct call *call,
                         struct error *err)
{
    struct source_tags tags = {0};
    if (source.ops->tags(source.self, &tags, call, err) < 0)
        return -1;
    struct candidate *candidates = mem_array(tags.count, sizeof(*candidates));
    size_t count = 0;
    for (size_t i = 0; i < tags.count; i++) {
        candidates[count].tag = &tags.items[i];
        if (tag_pattern_match(&candidates[count].semver, h->tag_pattern, tags.items[i].name) == TAG_VERSION)
            count++;
        else
            add_foreign(h, tags.items[i].name);
    }
    qsort(candidates, count, sizeof(*candidates), newest_first);
    if (dated > count)
        dated = count;
    struct source_tag **newest = mem_array(dated, sizeof(*newest));
    for (size_t i = 0; i < dated; i++)
        newest[i] = candidates[i].tag;
    int result = source.ops->read_tags(source.self, newest, dated, call, err);
    for (size_t i = 0; i < count && result == 0; i++)
        add_version(h, &candidates[i]);
    free(newest);
    free(candidates);
    source_tags_clear(&tags);
    return result;
}

/* ---- reach ---- */

struct reached {
    struct history *history;
    struct history_version **by_commit; /* sorted by commit */
};

static int compare_commits(const void *a, const void *b)
{
    const struct history_version *const *left = a, *const *right = b;
    return strcmp((*left)->commit, (*right)->commit);
}

static int mark_reached(void *context, const struct source_commit *commit)
{
    struct reached *reached = context;
    size_t low = 0, high = reached->history->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (strcmp(reached->by_commit[middle]->commit, commit->id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    /* Several tags may be on one commit. */
    for (; low < reached->history->count && strcmp(reached->by_commit[low]->commit, commit->id) == 0; low++)
        reached->by_commit[low]->reach = HISTORY_REACHABLE;
    return 0;
}

int history_reach(struct history *history, struct source source, const struct call *call, struct error *err)
{
    struct reached reached = {history, mem_array(history->count, sizeof(*reached.by_commit))};
    for (size_t i = 0; i < history->count; i++) {
        history->versions[i].reach = HISTORY_ELSEWHERE;
        reached.by_commit[i] = &history->versions[i];
    }
    qsort(reached.by_commit, history->count, sizeof(*reached.by_commit), compare_commits);
    int result = 0;
    if (*history->head && history->count)
        result = source.ops->walk(source.self, history->head, NULL, NULL, mark_reached, &reached, call, err);
    for (size_t i = 0; i < history->count && result < 0; i++)
        history->versions[i].reach = HISTORY_REACH_UNKNOWN;
    free(reached.by_commit);
    return result;
}

/* The highest version HEAD contains, from index `from` on; `final`: no pre-release. -1 when there is none. */
static int find_reachable(int *out, struct history *h, struct source source, bool final, int *questions,
                          const struct call *call, struct error *err)
{
    *out = -1;
    for (size_t i = 0; i < h->count; i++) {
        struct history_version *v = &h->versions[i];
        if (final && v->prerelease)
            continue;
        if (v->reach == HISTORY_REACH_UNKNOWN && strcmp(v->commit, h->head) == 0)
            v->reach = HISTORY_REACHABLE;
        if (v->reach == HISTORY_REACH_UNKNOWN && (*questions)++ < QUESTIONS_MAX) {
            bool yes;
            if (source.ops->is_ancestor(source.self, &yes, v->commit, h->head, call, err) < 0)
                return -1;
            v->reach = yes ? HISTORY_REACHABLE : HISTORY_ELSEWHERE;
        }
        if (v->reach == HISTORY_REACH_UNKNOWN && history_reach(h, source, call, err) < 0)
            return -1;
        if (v->reach == HISTORY_REACHABLE) {
            *out = (int)i;
            return 0;
        }
    }
    return 0;
}

static int find_current(struct history *h, struct source source, const struct call *call, struct error *err)
{
    int questions = 0;
    if (!*h->head)
        return 0;
    if (find_reachable(&h->current, h, source, false, &questions, call, err) < 0)
        return -1;
    h->base = h->current;
    if (h->current < 0 || !h->versions[h->current].prerelease)
        return 0;
    int final;
    if (find_reachable(&final, h, source, true, &questions, call, err) < 0)
        return -1;
    if (final >= 0)
        h->base = final;
    return 0;
}

/* HEAD and the versions, without the question which of them it contains. */
static int load(struct history *h, struct source source, const struct service_settings *service, size_t dated,
                const struct call *call, struct error *err)
{
    *h = (struct history){.service = mem_string(service->name),
                          .tag_pattern = mem_string(service->tag_pattern),
                          .current = -1,
                          .base = -1,
                          .latest = -1};
    if (tag_pattern_check(service->tag_pattern, err) < 0)
        return -1;
    if (source.ops->resolve(source.self, h->head, "HEAD", call, err) < 0) {
        h->head[0] = 0;
        if (err->kind != ERROR_NOT_FOUND)
            return -1;
    }
    if (load_versions(h, source, dated, call, err) < 0)
        return -1;
    h->latest = h->count ? 0 : -1;
    return 0;
}

int history_glance(struct history *out, struct source source, const struct service_settings *service, size_t dated,
                   const struct call *call, struct error *err)
{
    struct history h;
    if (load(&h, source, service, dated, call, err) < 0) {
        history_clear(&h);
        return -1;
    }
    h.is_glance = true;
    *out = h;
    return 0;
}

/* Where no version is found: is it that there is none, or that this clone does not go back far enough? */
static int find_shallow(struct history *h, struct source source, const struct call *call, struct error *err)
{
    struct source_state state = {0};
    if (h->current >= 0 || !*h->head)
        return 0;
    if (source.ops->state(source.self, &state, call, err) < 0)
        return -1;
    h->shallow = state.shallow;
    source_state_clear(&state);
    return 0;
}

int history_load(struct history *out, struct source source, const struct service_settings *service,
                 const struct call *call, struct error *err)
{
    struct history h;
    if (load(&h, source, service, SIZE_MAX, call, err) < 0 || find_current(&h, source, call, err) < 0 ||
        find_shallow(&h, source, call, err) < 0) {
        history_clear(&h);
        return -1;
    }
    *out = h;
    return 0;
}

/* ---- marks ---- */

static void mark_yanked(struct history *h, const struct changelog *log)
{
    for (size_t i = 0; i < log->section_count; i++) {
        const struct changelog_section *section = &log->sections[i];
        if (!section->yanked && !section->struck)
            continue;
        struct span version = changelog_span(log, section->version);
        for (size_t j = 0; j < h->count; j++)
            if (span_equal(version, h->versions[j].version))
                h->versions[j].yanked = true;
    }
}

int history_mark(struct history *history, struct source source, struct store store,
                 const struct service_settings *service, const struct call *call, struct error *err)
{
    CLEANUP(buf_clear) struct buf bytes = {0};
    struct changelog log;
    struct error inner;
    char **burned = NULL;
    if (history_burned(&burned, store, service->name, call, err) < 0)
        return -1;
    history_burned_free(history->burned);
    history->burned = burned;
    if (store.ops && history_burned_by_runs(&history->burned, history, store, call, err) < 0)
        return -1;
    burned = history->burned;
    for (size_t i = 0; burned[i]; i++)
        for (size_t j = 0; j < history->count; j++)
            if (strcmp(burned[i], history->versions[j].version) == 0)
                history->versions[j].burned = true;
    if (!*history->head || !*service->changelog)
        return 0;
    if (source.ops->read_file(source.self, &bytes, history->head, service->changelog, call, &inner) < 0) {
        if (inner.kind == ERROR_NOT_FOUND)
            return 0;
        *err = inner;
        return -1;
    }
    /* A changelog that is not understood marks nothing; creating a release and `changelog check` say why. */
    if (changelog_parse(&log, buf_string(&bytes), bytes.len, &inner) == 0) {
        mark_yanked(history, &log);
        changelog_clear(&log);
    }
    return 0;
}

void history_clear(struct history *history)
{
    for (size_t i = 0; i < history->count; i++) {
        free(history->versions[i].version);
        free(history->versions[i].tag);
    }
    for (size_t i = 0; i < history->foreign_count; i++) {
        free(history->foreign[i].tag);
        text_free(&history->foreign[i].why);
    }
    free(history->versions);
    free(history->foreign);
    free(history->service);
    free(history->tag_pattern);
    history_burned_free(history->burned);
    history_commits_clear(&history->since);
    free(history->suggestion);
    text_free(&history->suggestion_why);
    memset(history, 0, sizeof(*history));
}
