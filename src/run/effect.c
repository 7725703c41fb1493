#include "run/effect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static const char *arg_get(const struct effect_arg *args, int count, const char *name)
{
    for (int i = 0; i < count; i++)
        if (strcmp(args[i].name, name) == 0)
            return args[i].value;
    return NULL;
}

static void arg_set(struct effect_arg *args, int *count, const char *name, const char *value)
{
    char *copy = mem_string(value ? value : "");
    for (int i = 0; i < *count; i++) {
        if (strcmp(args[i].name, name) != 0)
            continue;
        free(args[i].value);
        args[i].value = copy;
        return;
    }
    if (*count == EFFECT_ARGS_MAX) {
        /* An effect that loses an argument would be another effect; only a fault in a run kind can come here. */
        fputs("signalbox: an effect has more than 16 arguments\n", stderr);
        abort();
    }
    args[*count] = (struct effect_arg){.name = mem_string(name), .value = copy};
    ++*count;
}

static void args_clear(struct effect_arg *args, int *count)
{
    for (int i = 0; i < *count; i++) {
        free(args[i].name);
        free(args[i].value);
    }
    *count = 0;
}

void effect_init(struct effect *effect, const char *id, const char *kind, int64_t deadline_ms)
{
    *effect = (struct effect){.id = mem_string(id), .kind = mem_string(kind), .deadline_ms = deadline_ms};
}

void effect_set(struct effect *effect, const char *name, const char *value)
{
    arg_set(effect->args, &effect->arg_count, name, value);
}

const char *effect_get(const struct effect *effect, const char *name)
{
    return arg_get(effect->args, effect->arg_count, name);
}

PRINTF_LIKE(2, 0)
static void set_text(struct text *text, const char *fmt, va_list ap)
{
    struct text_buf words = {0};
    text_addv(&words, fmt, ap);
    text_free(text);
    *text = text_copy(text_of(&words));
    text_buf_clear(&words);
}

void effect_words(struct effect *effect, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    set_text(&effect->words, fmt, ap);
    va_end(ap);
}

void effect_way_back(struct effect *effect, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    set_text(&effect->undo, fmt, ap);
    va_end(ap);
}

void effect_copy(struct effect *out, const struct effect *in)
{
    effect_init(out, in->id, in->kind, in->deadline_ms);
    out->words = text_copy(in->words);
    out->undo = text_copy(in->undo);
    for (int i = 0; i < in->arg_count; i++)
        effect_set(out, in->args[i].name, in->args[i].value);
}

void effect_clear(struct effect *effect)
{
    free(effect->id);
    free(effect->kind);
    text_free(&effect->words);
    text_free(&effect->undo);
    args_clear(effect->args, &effect->arg_count);
    *effect = (struct effect){0};
}

const char *observed_name(enum observed observed)
{
    static const char *const names[] = {
        [OBSERVED_ABSENT] = "absent",   [OBSERVED_DONE] = "done",       [OBSERVED_PARTIAL] = "partial",
        [OBSERVED_FOREIGN] = "foreign", [OBSERVED_UNKNOWN] = "unknown",
    };
    return names[observed];
}

void evidence_set(struct evidence *evidence, const char *name, const char *value)
{
    arg_set(evidence->items, &evidence->count, name, value);
}

const char *evidence_get(const struct evidence *evidence, const char *name)
{
    return arg_get(evidence->items, evidence->count, name);
}

void evidence_clear(struct evidence *evidence)
{
    args_clear(evidence->items, &evidence->count);
}
