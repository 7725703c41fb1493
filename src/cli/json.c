/* Members of JSON objects that several commands print alike. */
#include "base/clock.h"
#include "base/compiler.h"
#include "cli/cli.h"

void cli_json_time(struct json_writer *w, const char *name, int64_t at_ms)
{
    char iso[32];
    if (!at_ms) {
        json_put_null(w, name);
        return;
    }
    struct text text = clock_iso(iso, sizeof(iso), at_ms);
    json_put_bytes(w, name, text.safe, text.len);
}

void cli_json_text(struct json_writer *w, const char *name, struct text text)
{
    json_put_bytes(w, name, text.len ? text.safe : "", text.len);
}

void cli_json_version(struct json_writer *w, const char *name, const struct history_version *version)
{
    if (!version) {
        json_put_null(w, name);
        return;
    }
    json_begin_object(w, name);
    json_put_string(w, "version", version->version);
    json_put_string(w, "tag", version->tag);
    json_put_string(w, "commit", version->commit);
    cli_json_time(w, "when", version->when_ms);
    json_put_bool(w, "annotated", version->annotated);
    json_put_bool(w, "prerelease", version->prerelease);
    json_put_bool(w, "yanked", version->yanked);
    json_put_bool(w, "burned", version->burned);
    json_end_object(w);
}

void cli_json_commits(struct json_writer *w, const char *name, const struct history_commits *commits, size_t limit)
{
    json_begin_array(w, name);
    for (size_t i = 0; i < commits->count && (!limit || i < limit); i++) {
        const struct history_commit *commit = &commits->items[i];
        json_begin_object(w, NULL);
        json_put_string(w, "commit", commit->id);
        json_put_string(w, "author", commit->author);
        cli_json_time(w, "when", commit->when_ms);
        json_put_string(w, "class", history_class_name(commit->class));
        json_put_string(w, "type", commit->type);
        json_put_string(w, "scope", commit->scope);
        json_put_string(w, "summary", commit->summary);
        json_end_object(w);
    }
    json_end_array(w);
}
