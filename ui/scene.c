#include "ui/scene.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { NOTICE_MS = 8000, NOTICE_ERROR_MS = 20000 };

static void set_notice(struct scene *scene, enum notice_kind kind, const char *word, struct text sentence, int64_t ms)
{
    text_free(&scene->notice.word);
    text_free(&scene->notice.sentence);
    scene->notice = (struct notice){.kind = kind,
                                    .word = text_copy_raw(word, strlen(word)),
                                    .sentence = text_copy(sentence),
                                    .until_ms = scene->boot_ms + ms};
    scene->work.changed = true;
}

void scene_notice(struct scene *scene, enum notice_kind kind, const char *word, const char *fmt, ...)
{
    CLEANUP(text_buf_clear) struct text_buf words = {0};
    va_list ap;
    va_start(ap, fmt);
    text_addv(&words, fmt, ap);
    va_end(ap);
    set_notice(scene, kind, word, text_of(&words), kind == NOTICE_ALARM ? NOTICE_ERROR_MS : NOTICE_MS);
}

void scene_notice_error(struct scene *scene, const struct error *err)
{
    CLEANUP(text_buf_clear) struct text_buf words = {0};
    text_add(&words, error_what(err));
    if (*err->why) {
        text_adds(&words, ": ");
        text_add(&words, error_reason(err));
    }
    if (*err->todo) {
        text_adds(&words, ". ");
        text_add(&words, error_advice(err));
    }
    set_notice(scene, NOTICE_ALARM, error_kind_name(err->kind), text_of(&words), NOTICE_ERROR_MS);
}

struct text scene_environment(char *out, size_t size, const struct scene *scene)
{
    const char *name = scene->environment->settings.environment;
    char upper[64];
    size_t i = 0;
    for (; name[i] && i + 1 < sizeof(upper); i++)
        upper[i] = (char)toupper((unsigned char)name[i]);
    upper[i] = 0;
    return text_fmt(out, size, "%s", scene->environment->settings.protected_environment ? upper : name);
}

struct ask *scene_ask(struct scene *scene, const char *title, void (*answer)(void *, bool, const char *),
                      void *context)
{
    scene_ask_close(scene);
    struct ask *ask = &scene->ask;
    char environment[64];
    struct text name = scene_environment(environment, sizeof(environment), scene);
    text_adds(&ask->title, title);
    /* Only a protected one is drawn as what it is: red on everything would be red on nothing. */
    if (scene->environment->settings.protected_environment)
        text_add(&ask->environment, name);
    else
        text_addf(&ask->title, " in %.*s", (int)name.len, name.safe);
    ask->answer = answer;
    ask->context = context;
    return ask;
}

void scene_ask_reason(struct ask *ask)
{
    ask->reason = true;
    text_adds(&ask->label, "reason");
}

void scene_ask_open(struct scene *scene, const char *yes, const char *key, const char *protected_word, bool danger)
{
    struct ask *ask = &scene->ask;
    bool guarded = scene->environment->settings.protected_environment && protected_word;
    if (guarded)
        text_adds(&ask->word, protected_word);
    ask->dialog = (struct dialog){.title = text_of(&ask->title),
                                  .environment = text_of(&ask->environment),
                                  .sentence = text_of(&ask->sentence),
                                  .detail = text_of(&ask->detail),
                                  .word = text_of(&ask->word),
                                  .field_label = text_of(&ask->label),
                                  .field_needed = ask->reason && guarded,
                                  .field_offered = ask->reason && !guarded,
                                  .field_key = {.code = 'r'},
                                  .danger = danger,
                                  .opened_ms = scene->boot_ms};
    ask->dialog.yes = (struct text){yes, strlen(yes)};
    key_parse(&ask->dialog.key, key);
    ask->open = true;
    scene->work.changed = true;
}

void scene_ask_close(struct scene *scene)
{
    struct ask *ask = &scene->ask;
    struct text_buf *texts[] = {&ask->title,  &ask->environment, &ask->sentence,
                                &ask->detail, &ask->word,        &ask->label};
    for (size_t i = 0; i < COUNT(texts); i++)
        text_buf_clear(texts[i]);
    dialog_clear(&ask->dialog);
    *ask = (struct ask){0};
}

bool scene_refuses(struct scene *scene, const char *what)
{
    if (!scene->environment->read_only)
        return false;
    scene_notice(scene, NOTICE_CAUTION, "READ-ONLY", "Nothing can be %s: leave out --read-only to do that.", what);
    return true;
}
