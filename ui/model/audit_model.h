/* The audit log, page by page from the newest, and whether its chain is whole. */
#ifndef SIGNALBOX_UI_MODEL_AUDIT_MODEL_H
#define SIGNALBOX_UI_MODEL_AUDIT_MODEL_H

#include "store/audit.h"
#include "ui/model/load.h"

/* Invariant: entries are sorted newest first without gaps between those that are there. */
struct audit_model {
    struct work *work;
    struct load load;
    struct audit_entries entries;
    bool whole; /* the oldest entry is there too */

    struct load verify;
    struct audit_report report; /* valid when verify.loaded_ms != 0 */
    bool empty;                 /* there is no store yet */
};

void audit_load(struct audit_model *model); /* the newest page anew, or what is newer than what is there */
void audit_more(struct audit_model *model); /* the next page of older ones, unless all are there */
void audit_check(struct audit_model *model);
void audit_clear(struct audit_model *model);

#endif
