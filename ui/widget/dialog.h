/*
 * A dialog: a question in a box over the dimmed rest. It says exactly what will change and in which environment; the way
 * forward is a key, or a word typed; Esc always forgets it. Nothing is confirmed by Enter alone unless `enter` says so, and
 * never by a repeated key.
 */
#ifndef SIGNALBOX_UI_WIDGET_DIALOG_H
#define SIGNALBOX_UI_WIDGET_DIALOG_H

#include "ui/canvas.h"
#include "ui/input.h"
#include "ui/widget/field.h"

enum dialog_answer { DIALOG_OPEN, DIALOG_YES, DIALOG_NO };

/* Texts are borrowed and outlive the dialog. */
struct dialog {
    struct text title;       /* "Release 1.4.0" */
    struct text environment; /* "PRODUCTION", drawn in its meaning; {0} for none */
    struct text sentence;    /* what will happen, whole */
    struct text detail;      /* more, in MUTED; {0} for none */
    struct text yes;         /* what the key does: "abort" */
    struct key key;          /* the key that says yes, where no word must be typed */
    struct text word;        /* must be typed to say yes; {0} for none */
    struct text field_label; /* a text is asked for (a reason, a passphrase); {0} for none */
    bool field_needed;       /* … and may not be empty */
    bool field_offered;      /* … or only offered: `field_key` opens it */
    struct key field_key;
    bool danger;    /* its border in DANGER */
    bool uninvited; /* it opened by itself: keys typed before it could be read are dropped */
    int64_t opened_ms;
    struct field field; /* the text */
    struct field typed; /* the word */
    bool on_word;       /* of two fields, the word's has the cursor */
};

enum { DIALOG_QUIET_MS = 400 }; /* an uninvited dialog takes no key before so much silence */

/* `now_ms` is clock_boot_ms(). */
enum dialog_answer dialog_event(struct dialog *dialog, const struct event *event, int64_t now_ms);

void dialog_draw(struct canvas *canvas, struct dialog *dialog);
void dialog_clear(struct dialog *dialog); /* frees the fields */

#endif
