#include "release/release_effect.h"

#include <stdio.h>
#include <string.h>

const char *release_short_ref(const char *ref)
{
    static const char *const prefixes[] = {"refs/heads/", "refs/tags/"};
    for (size_t i = 0; i < COUNT(prefixes); i++)
        if (strncmp(ref, prefixes[i], strlen(prefixes[i])) == 0)
            return ref + strlen(prefixes[i]);
    return ref;
}

void release_file_names(struct text_buf *out, const struct release_plan *plan)
{
    if (!plan->file_count)
        return;
    text_adds(out, plan->files[0].path);
    if (plan->file_count == 2)
        text_addf(out, " and %s", plan->files[1].path);
    else if (plan->file_count > 2)
        text_addf(out, " and %zu more", plan->file_count - 1);
}

void release_effect_move_ref(struct effect *effect, const char *id, const char *ref, const char *expect,
                             const char *to)
{
    effect_init(effect, id, "move-ref", RELEASE_LOCAL_MS);
    effect_set(effect, "ref", ref);
    effect_set(effect, "expect", expect);
    effect_set(effect, "to", to);
}

void release_effect_attach(struct effect *effect, const char *id, const char *expect, const char *to)
{
    effect_init(effect, id, "attach", RELEASE_LOCAL_MS);
    effect_set(effect, "expect", expect);
    effect_set(effect, "to", to);
}

void release_effect_restore(struct effect *effect, const char *id, const char *commit, bool committed)
{
    effect_init(effect, id, "restore", RELEASE_LOCAL_MS);
    effect_set(effect, "commit", commit);
    effect_set(effect, "to", committed ? "commit" : "before");
}

size_t release_push_refs(struct source_push_ref *refs, const struct effect *effect)
{
    size_t count = 0;
    for (; count < RELEASE_PUSH_MAX; count++) {
        char name[16];
        snprintf(name, sizeof(name), "ref.%zu", count + 1);
        const char *ref = effect_get(effect, name);
        if (!ref)
            break;
        snprintf(name, sizeof(name), "expect.%zu", count + 1);
        const char *expect = effect_get(effect, name);
        snprintf(name, sizeof(name), "to.%zu", count + 1);
        refs[count] = (struct source_push_ref){.ref = ref, .expect = expect, .to = effect_get(effect, name)};
    }
    return count;
}

const char *release_remote_value(const struct source_refs *refs, const char *prefix, const char *name)
{
    for (size_t i = 0; i < refs->count; i++) {
        const char *ref = refs->items[i].name;
        size_t len = strlen(prefix);
        if (strncmp(ref, prefix, len) == 0 && strcmp(ref + len, name) == 0)
            return refs->items[i].object;
    }
    return "";
}

int release_say(struct error *err, const char *fmt, ...)
{
    CLEANUP(text_buf_clear) struct text_buf words = {0};
    va_list ap;
    va_start(ap, fmt);
    text_addv(&words, fmt, ap);
    va_end(ap);
    error_set(err, ERROR_CONFLICT, "%s", buf_string(&words.raw));
    return 0;
}
