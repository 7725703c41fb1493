/*
 * Everything the screen shows, as plain data: models, where the reader is in each view, and what lies over them. Views
 * draw a scene and change it when keys come; the console's loop owns it and does what it asks for.
 */
#ifndef SIGNALBOX_UI_SCENE_H
#define SIGNALBOX_UI_SCENE_H

#include "ui/keymap.h"
#include "ui/model/audit_model.h"
#include "ui/model/detail_model.h"
#include "ui/model/facts_model.h"
#include "ui/model/proposal_model.h"
#include "ui/model/releases_model.h"
#include "ui/model/run_model.h"
#include "ui/model/status_model.h"
#include "ui/widget/dialog.h"
#include "ui/widget/editor.h"
#include "ui/widget/line.h"
#include "ui/widget/menu.h"
#include "ui/widget/table.h"
#include "ui/widget/textview.h"

enum view_id { VIEW_RELEASES, VIEW_ACTIVITY, VIEW_STEPS, VIEW_COUNT };

/* What a view is narrowed to by /. */
struct filter {
    struct field field;
    bool typing;
};

/*
 * Where the reader is among the releases. Row 0 is what is unreleased. Invariant: order[0..rows - 1) are indices into the
 * history of `generation`.
 */
struct releases_place {
    struct table_place place;
    struct filter filter;
    size_t *order;
    size_t rows;
    uint64_t generation;
    char *selected; /* tag; "" for what is unreleased: kept over a reload */
    bool by_date;
    bool open;    /* the detail has the whole view */
    bool commits; /* where there is room for one side: the commits instead of the notes */
    bool foreign; /* the tags that are no versions instead of the versions */
    struct table_place foreign_place;
    int commits_top;
    int lines;        /* rows the list showed when it was drawn last */
    int64_t moved_ms; /* clock_boot_ms(): the detail is loaded when the selection rests */
};

enum steps_page { STEPS_CHOOSE, STEPS_NOTES, STEPS_CHECK, STEPS_RUN, STEPS_UNDO };

enum { CHOICES_MAX = 10 };

/* One version to choose: what it is called, what it becomes, why. Texts owned. */
struct choice {
    struct text name, version, why;
    const char *wanted; /* of release_options; NULL: typed */
};

struct steps_place {
    enum steps_page page;
    struct choice choices[CHOICES_MAX];
    size_t choice_count;
    struct table_place choice;
    char *from; /* hotfix: the tag it starts from, or NULL */
    struct field typed;
    bool typing;

    struct editor editor;
    bool editing;
    bool edited; /* the section is the person's own now */
    bool *taken; /* offers taken, by index; as many as the proposal's */
    size_t taken_count;
    struct table_place offer;

    bool offline; /* the person said: without the remote's answer */
    struct textview view;

    size_t step; /* the step the reader moved to; before that the next one is selected */
    bool step_moved;
    int top;                 /* of the list of steps, kept by drawing */
    int list_row, list_rows; /* where it was drawn, for the mouse */
};

struct activity_place {
    struct table_place place;
    struct filter filter;
    size_t *order;
    size_t rows;
    size_t seen; /* entries the order was made from */
    int64_t newest;
    bool open;
    int top;
};

struct notice {
    enum notice_kind kind;
    struct text word, sentence; /* owned */
    int64_t until_ms;           /* clock_boot_ms(); 0: none */
};

/* A question with its answer's work; its texts live here. `typed` is what stands in its text field, never the word that
 * must be typed to go on. */
struct ask {
    bool open;
    struct dialog dialog;
    struct text_buf title, environment, sentence, detail, word, label;
    bool reason; /* what is typed into its field is a reason */
    void (*answer)(void *context, bool yes, const char *typed);
    void *context;
};

enum overlay { OVERLAY_NONE, OVERLAY_HELP, OVERLAY_PALETTE, OVERLAY_THEMES };

struct scene {
    const struct environment *environment;
    struct work work;
    struct keymap keys;
    int64_t now_ms, boot_ms;

    enum view_id view, under; /* under: the tab the step-by-step view was opened over */
    struct status_model status;
    struct releases_model releases;
    struct detail_model detail;
    struct facts_model facts;
    struct proposal_model proposal;
    struct run_model run;
    struct audit_model audit;

    struct releases_place releases_at;
    struct steps_place steps_at;
    struct activity_place activity_at;

    enum overlay overlay;
    struct textview help;
    struct menu palette;
    struct menu_item *items;        /* of the palette */
    enum command_id *item_commands; /* the same order */
    size_t item_count;
    struct ask ask;
    struct notice notice;

    struct text loading; /* what has been loading longest; empty: nothing */
    int64_t loading_ms;
    unsigned tick;         /* counts the frames of spinners */
    enum glyph_set glyphs; /* of the canvas drawn on last */

    bool twice; /* the press being handled is the second of a double click */
    bool fresh; /* the key being handled was not held down, and not typed a moment ago */

    /* What the loop is asked to do. */
    int command; /* enum command_id to carry out, or -1 */
    bool want_editor, want_quit;
    const char *want_theme;
};

/* Shown for some seconds on the line above the hints; both are made safe. `word` is one in capitals: "DONE". */
void scene_notice(struct scene *scene, enum notice_kind kind, const char *word, const char *fmt, ...)
    PRINTF_LIKE(4, 5);
void scene_notice_error(struct scene *scene, const struct error *err);

/* Begins a question: empties the ask and gives its title and the environment that every dialog repeats. */
struct ask *scene_ask(struct scene *scene, const char *title, void (*answer)(void *, bool, const char *),
                      void *context);

/* Asks for a reason too: demanded in a protected environment, offered elsewhere. Before scene_ask_open(). */
void scene_ask_reason(struct ask *ask);

/* Opens what scene_ask() began. `danger`: its border; `protected_word`: must be typed where the environment is protected. */
void scene_ask_open(struct scene *scene, const char *yes, const char *key, const char *protected_word, bool danger);
void scene_ask_close(struct scene *scene);

/* "PRODUCTION" for a protected environment, its name otherwise. */
struct text scene_environment(char *out, size_t size, const struct scene *scene);

/* Says in a notice that this is read-only, where it is. True when it is. */
bool scene_refuses(struct scene *scene, const char *what);

#endif
