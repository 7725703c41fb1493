/*
 * Everything the git room reads of what git prints, each reader on the same bytes: nothing may crash, a commit stream
 * cut anywhere gives the same commits, and what was redacted once has nothing left to redact.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "git/parse.h"
#include "git/push_report.h"
#include "git/words.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int each_ref(void *context, const struct git_ref_line *line, struct error *err)
{
    (void)err;
    *(size_t *)context += strlen(line->name) + strlen(line->date);
    return 0;
}

static int each_commit(void *context, const struct source_commit *commit)
{
    *(size_t *)context += strlen(commit->id) + strlen(commit->author) + strlen(commit->message);
    return 0;
}

static void read_lists(const struct buf *bytes)
{
    struct error err;
    struct source_changes changes = {0};
    struct source_refs refs = {0};
    char *name = NULL;
    size_t seen = 0;
    if (git_parse_refs(bytes, each_ref, &seen, &err) < 0 || git_parse_status(&changes, bytes, &err) < 0)
        seen = 0;
    if (git_parse_ls_remote(&refs, bytes, &err) < 0 && refs.count)
        abort();
    source_changes_clear(&changes);
    source_refs_clear(&refs);
    git_parse_flag(bytes, "tag.gpgsign");
    git_parse_any_key(bytes, "remote.", ".promisor");
    if (git_parse_only_remote(&name, bytes))
        free(name);
}

static size_t read_log(const struct buf *bytes, size_t piece)
{
    size_t seen = 0;
    struct git_log log = {.each = each_commit, .context = &seen};
    for (size_t at = 0; at < bytes->len; at += piece)
        if (git_parse_log(&log, bytes->bytes + at, bytes->len - at < piece ? bytes->len - at : piece))
            break;
    buf_clear(&log.rest);
    return seen;
}

static void read_object(const struct buf *bytes)
{
    struct git_object_parts parts = git_parse_object(buf_string(bytes), bytes->len);
    size_t len;
    for (int n = 0; git_parse_header(&parts, "parent", n, &len); n++)
        if (len > parts.headers_len)
            abort();
    if (git_parse_signature(parts.message, parts.message_len) > parts.message_len)
        abort();
}

static void read_words(const struct buf *bytes)
{
    struct push_line line;
    struct error err;
    struct buf once = {0}, twice = {0};
    for (size_t at = 0; push_report_next(&line, bytes, &at);)
        if (line.ref_len > bytes->len || line.reason_len > bytes->len)
            abort();
    push_report_worst(&line, bytes);
    git_words_error(&err, bytes, "x");
    buf_add(&once, buf_string(bytes), bytes->len);
    git_words_redact(&once);
    buf_add(&twice, buf_string(&once), once.len);
    git_words_redact(&twice);
    if (once.len != twice.len)
        abort();
    buf_clear(&once);
    buf_clear(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buf bytes = {0};
    buf_add(&bytes, data, size);
    read_lists(&bytes);
    if (size && read_log(&bytes, size) != read_log(&bytes, 7))
        abort();
    read_object(&bytes);
    read_words(&bytes);
    buf_clear(&bytes);
    return 0;
}
