#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "git/git.h"
#include "git/library.h"
#include "git/parse.h"

static const char tags_prefix[] = "refs/tags/";

static int add_tag(void *context, const struct git_ref_line *line, struct error *err)
{
    (void)err;
    struct source_tags *tags = context;
    if (strncmp(line->name, tags_prefix, strlen(tags_prefix)) != 0)
        return 0;
    ARRAY_GROW(&tags->items, &tags->cap, tags->count + 1);
    struct source_tag *tag = &tags->items[tags->count++];
    *tag = (struct source_tag){
        .name = mem_string(line->name + strlen(tags_prefix)),
        .when_ms = git_parse_date(line->date),
        .annotated = strcmp(line->type, "tag") == 0,
        .read = true,
    };
    git_oid_set(tag->object, line->object);
    if (strcmp(line->type, "commit") == 0)
        git_oid_set(tag->commit, line->object);
    else if (strcmp(line->peeled_type, "commit") == 0)
        git_oid_set(tag->commit, line->peeled);
    /* A tag of a tag: for-each-ref peels one step (git before 2.45); peel_nested() does the rest. */
    if (strcmp(line->peeled_type, "tag") == 0)
        memcpy(tag->commit, "?", sizeof("?"));
    return 0;
}

static bool is_nested(const struct source_tag *tag)
{
    return strcmp(tag->commit, "?") == 0;
}

static bool lacks_date(const struct source_tag *tag)
{
    return tag->annotated && !tag->when_ms && tag->commit[0];
}

/* One line of input for every tag that `needs` it: the object or commit and the suffix. */
static size_t list_needy(struct buf *input, const struct source_tags *tags, bool (*needs)(const struct source_tag *),
                         const char *suffix)
{
    size_t count = 0;
    for (size_t i = 0; i < tags->count; i++) {
        const struct source_tag *tag = &tags->items[i];
        if (needs(tag)) {
            buf_addf(input, "%s%s\n", is_nested(tag) ? tag->object : tag->commit, suffix);
            count++;
        }
    }
    return count;
}

static const char *next_line(const char *line)
{
    line = strchr(line, '\n');
    return line ? line + 1 : "";
}

static int peel_nested(const struct git *git, struct source_tags *tags, const struct call *call, struct error *err)
{
    CLEANUP(buf_clear) struct buf input = {0};
    CLEANUP(process_result_clear) struct process_result said = {0};
    if (!list_needy(&input, tags, is_nested, "^{commit}"))
        return 0;
    const struct git_child child = {.args = GIT_ARGS("cat-file", "--batch-check=%(objectname)"),
                                    .manner = GIT_LOOKS,
                                    .input = input.bytes,
                                    .input_len = input.len};
    if (git_child_check(&said, git, &child, call, err) < 0)
        return -1;
    /* A line that is no object name says "… missing": what is tagged is no commit. */
    const char *line = buf_string(&said.out);
    for (size_t i = 0; i < tags->count; i++) {
        struct source_tag *tag = &tags->items[i];
        if (!is_nested(tag))
            continue;
        size_t len = strcspn(line, "\n");
        if (git_parse_oid(line, len) != len || !git_parse_oid_copy(tag->commit, line, len))
            tag->commit[0] = 0;
        line = next_line(line);
    }
    return 0;
}

/* Tags made before git wrote taggers (v0.99 of git itself) have the date of their commit. */
static int date_undated(const struct git *git, struct source_tags *tags, const struct call *call, struct error *err)
{
    CLEANUP(buf_clear) struct buf input = {0};
    CLEANUP(process_result_clear) struct process_result said = {0};
    if (!list_needy(&input, tags, lacks_date, ""))
        return 0;
    const struct git_child child = {
        .args = GIT_ARGS("rev-list", "--no-walk=unsorted", "--no-commit-header", "--format=%ct", "--stdin"),
        .manner = GIT_LOOKS,
        .input = input.bytes,
        .input_len = input.len};
    if (git_child_check(&said, git, &child, call, err) < 0)
        return -1;
    const char *line = buf_string(&said.out);
    for (size_t i = 0; i < tags->count; i++) {
        if (!lacks_date(&tags->items[i]))
            continue;
        tags->items[i].when_ms = git_parse_date(line);
        line = next_line(line);
    }
    return 0;
}

/* For what libgit2 cannot read: the program reads every tag's object in any case, so nothing is left for later. */
static int tags_of_program(const struct git *git, struct source_tags *out, const struct call *call, struct error *err)
{
    struct source_tags tags = {0};
    struct process_result said = {0};
    const struct git_child child = {.args = GIT_ARGS("for-each-ref", GIT_REF_FORMAT, tags_prefix),
                                    .manner = GIT_LOOKS};
    int failed = git_child_check(&said, git, &child, call, err) < 0 ||
                 git_parse_refs(&said.out, add_tag, &tags, err) < 0 || peel_nested(git, &tags, call, err) < 0 ||
                 date_undated(git, &tags, call, err) < 0;
    process_result_clear(&said);
    if (failed) {
        source_tags_clear(&tags);
        return error_wrap(err, "Cannot read the tags");
    }
    *out = tags;
    return 0;
}

int git_source_tags(void *self, struct source_tags *out, const struct call *call, struct error *err)
{
    const struct git *git = self;
    if (call_check(call, "read the tags", err) < 0)
        return -1;
    if (git->library && git_library_tags(git, out))
        return 0;
    return tags_of_program(git, out, call, err);
}

int git_source_read_tags(void *self, struct source_tag *const *tags, size_t count, const struct call *call,
                         struct error *err)
{
    const struct git *git = self;
    return git->library ? git_library_read_tags(git, tags, count, call, err) : 0;
}

/* "Ada Tester <ada@example.org> 1767225600 +0000" -> "Ada Tester" */
static char *name_of(const char *identity, size_t len)
{
    const char *mail = memchr(identity, '<', len);
    size_t name = mail ? (size_t)(mail - identity) : len;
    while (name && identity[name - 1] == ' ')
        name--;
    return mem_bytes(identity, name);
}

static void read_tag_object(struct source_tag_detail *out, const char *bytes, size_t len)
{
    struct git_object_parts parts = git_parse_object(bytes, len);
    size_t tagger_len, signature = git_parse_signature(parts.message, parts.message_len);
    const char *tagger = git_parse_header(&parts, "tagger", 0, &tagger_len);
    *out = (struct source_tag_detail){
        .tagger = tagger ? name_of(tagger, tagger_len) : mem_string(""),
        .message = mem_bytes(parts.message, signature),
        .has_signature = signature < parts.message_len,
    };
}

int git_source_tag_detail(void *self, struct source_tag_detail *out, const char *name, const struct call *call,
                          struct error *err)
{
    if (git_name_check(name, "tag", err) < 0)
        return -1;
    CLEANUP(buf_clear) struct buf input = {0};
    CLEANUP(process_result_clear) struct process_result said = {0};
    buf_addf(&input, "%s%s\n", tags_prefix, name);
    const struct git_child child = {.args = GIT_ARGS("cat-file", "--batch=%(objecttype) %(objectsize)"),
                                    .manner = GIT_LOOKS,
                                    .input = input.bytes,
                                    .input_len = input.len};
    if (git_child_check(&said, self, &child, call, err) < 0)
        return error_wrap(err, "Cannot read the tag %s", name);
    const char *header = buf_string(&said.out), *body = memchr(header, '\n', said.out.len);
    char type[16] = "";
    size_t size = 0;
    if (!body || sscanf(header, "%15s %zu", type, &size) != 2)
        return error_set(err, ERROR_NOT_FOUND, "There is no tag %s", name);
    if (strcmp(type, "tag") != 0 || size > said.out.len - (size_t)(body + 1 - header)) {
        *out = (struct source_tag_detail){0};
        return 0;
    }
    read_tag_object(out, body + 1, size);
    return 0;
}
