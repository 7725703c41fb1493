/*
 * What one version brought: its changelog section and its commits. Kept for the versions looked at last, so that going
 * back to one shows it at once.
 */
#ifndef SIGNALBOX_UI_MODEL_DETAIL_MODEL_H
#define SIGNALBOX_UI_MODEL_DETAIL_MODEL_H

#include "ui/model/releases_model.h"
#include "ui/widget/textview.h"

/* Of one version. Owned by the model; `tag` is "" for what is unreleased. */
struct detail {
    char *tag;
    uint64_t generation; /* of the history it was made from */
    struct textview notes;
    bool notes_from_commits;
    struct history_commits commits;
    char *before; /* tag of the version before; NULL: the first */
    struct source_tag_detail about;
};

enum { DETAILS_KEPT = 32 };

struct detail_model {
    struct work *work;
    struct load load;
    char *wanted; /* tag being loaded, "" for unreleased; NULL: none */
    struct detail kept[DETAILS_KEPT];
    size_t count, next;
};

/* The detail when it is there, else NULL. An old generation still counts until the new one is there. */
struct detail *detail_find(struct detail_model *model, const char *tag);

/* Loads it unless it is there or under way. A load of another version is given up. */
void detail_want(struct detail_model *model, struct snapshot *snapshot, uint64_t generation, const char *tag);
void detail_clear(struct detail_model *model);

/* Markdown of a changelog section as lines to read: headings strong, items indented, emphasis and link targets gone. */
void detail_notes(struct textview *out, const char *markdown, size_t len);

#endif
