/*
 * An effect: one change to the world, as data. The words on the screen and the act both come from it, so what is shown
 * is what is done. It holds everything that observing and acting need, in plain name=value arguments, and is journaled
 * before the act.
 */
#ifndef SIGNALBOX_RUN_EFFECT_H
#define SIGNALBOX_RUN_EFFECT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

enum { EFFECT_ARGS_MAX = 16, EFFECT_DEADLINE_MS = 30000 };

struct effect_arg {
    char *name;  /* "commit", "ref", "expect" */
    char *value; /* raw bytes; never a secret */
};

/* Owned; effect_clear(). */
struct effect {
    char *id;            /* unique within the run, stable across a resume: "commit", "tag", "file:CHANGELOG.md" */
    char *kind;          /* which act: "write-file", "commit", "tag", "push", … */
    struct text words;   /* exactly what will change: "pushes main and v1.4.0 to origin in one push" */
    struct text undo;    /* the way back, or empty: "deletes the branch" */
    int64_t deadline_ms; /* longest the act may take, a lease outlasts it; 0: EFFECT_DEADLINE_MS */
    struct effect_arg args[EFFECT_ARGS_MAX];
    int arg_count;
};

void effect_init(struct effect *effect, const char *id, const char *kind, int64_t deadline_ms);
void effect_set(struct effect *effect, const char *name, const char *value);
/* The value; NULL when there is none of that name. */
const char *effect_get(const struct effect *effect, const char *name);
void effect_words(struct effect *effect, const char *fmt, ...) PRINTF_LIKE(2, 3);
void effect_way_back(struct effect *effect, const char *fmt, ...) PRINTF_LIKE(2, 3);
void effect_copy(struct effect *out, const struct effect *in);
void effect_clear(struct effect *effect);

/* What a look at the world says of an effect. Foreign and unknown hold the run and ask; partial holds too. */
enum observed {
    OBSERVED_ABSENT,  /* the world is as it was before: the act may be done */
    OBSERVED_DONE,    /* it is as it should be afterwards, whoever did it */
    OBSERVED_PARTIAL, /* some of it is done */
    OBSERVED_FOREIGN, /* it is neither: somebody else changed it */
    OBSERVED_UNKNOWN, /* it could not be looked at */
};

const char *observed_name(enum observed observed);

/* What an act or a look brought to light and later effects need: commit=…, object=…. Same shape as the arguments. */
struct evidence {
    struct effect_arg items[EFFECT_ARGS_MAX];
    int count;
};

void evidence_set(struct evidence *evidence, const char *name, const char *value);
const char *evidence_get(const struct evidence *evidence, const char *name);
void evidence_clear(struct evidence *evidence);

#endif
