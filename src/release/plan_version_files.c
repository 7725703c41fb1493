/* What the version files will say. */
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "release/plan_parts.h"
#include "version/version_file.h"

/* The file's bytes as earlier entries of the list leave them. */
static const struct release_file *planned_file(const struct planning *p, const char *path)
{
    for (size_t i = 0; i < p->out->plan.file_count; i++)
        if (strcmp(p->out->plan.files[i].path, path) == 0)
            return &p->out->plan.files[i];
    return NULL;
}

static void refuse_version_file(struct planning *p, const char *path, const struct error *why)
{
    plan_find(p, FINDING_REFUSE, "version-file", why->todo[0] ? why->todo : "Correct it, or service.versionFiles",
              "%s is not understood: %s%s%s", path, why->what, *why->why ? ": " : "", why->why);
}

/* The run's journal keeps the bytes as JSON text. */
static bool is_text(const char *bytes, size_t len)
{
    return utf8_valid(bytes, len) && (!len || !memchr(bytes, 0, len));
}

static void edit_words(struct text_buf *out, const struct version_edits *edits)
{
    for (size_t i = 0; i < edits->count; i++)
        text_addf(out, "%s%s %s → %s", i ? ", " : "", edits->items[i].name, edits->items[i].from, edits->items[i].to);
}

static int plan_version_file(struct planning *p, const char *spec)
{
    CLEANUP(buf_clear) struct buf path = {0};
    CLEANUP(buf_clear) struct buf bytes = {0};
    CLEANUP(text_buf_clear) struct text_buf words = {0};
    struct version_edits edits = {0};
    struct error inner;
    bool usable, exists;
    version_file_path(&path, spec);
    if (plan_read_file(&usable, &exists, &bytes, p, buf_string(&path)) < 0)
        return -1;
    if (!usable)
        return 0;
    if (!exists) {
        plan_find(p, FINDING_REFUSE, "version-file", "Make it, or take it out of service.versionFiles",
                  "%s is to carry the version, but there is no such file", buf_string(&path));
        return 0;
    }
    const struct release_file *planned = planned_file(p, buf_string(&path));
    const char *from = planned ? planned->new_bytes : buf_string(&bytes);
    size_t len = planned ? strlen(planned->new_bytes) : bytes.len;
    if (!is_text(from, len)) {
        plan_find(p, FINDING_REFUSE, "version-file", "Save it as UTF-8", "%s is not UTF-8 text", buf_string(&path));
        return 0;
    }
    if (version_file_plan(&edits, spec, from, len, p->out->plan.version, &inner) < 0) {
        refuse_version_file(p, buf_string(&path), &inner);
        return 0;
    }
    if (edits.count) {
        struct buf new_bytes = {0};
        version_edits_apply(&new_bytes, &edits, from, len);
        edit_words(&words, &edits);
        plan_put_file(p, buf_string(&path), spec, &bytes, true, buf_take(&new_bytes), buf_string(&words.raw));
    }
    version_edits_clear(&edits);
    return 0;
}

int plan_version_files(struct planning *p)
{
    for (char **spec = p->service->version_files; *spec; spec++)
        if (plan_version_file(p, *spec) < 0)
            return -1;
    return 0;
}
