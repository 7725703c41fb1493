/* The parts that work out a proposal, for src/release/plan*.c alone. Each adds findings and fills its share of the plan. */
#ifndef SIGNALBOX_RELEASE_PLAN_PARTS_H
#define SIGNALBOX_RELEASE_PLAN_PARTS_H

#include "release/plan.h"

struct planning {
    struct source source;
    struct store store;
    const struct settings *settings;
    const struct service_settings *service;
    const struct release_options *options;
    const struct call *call;
    struct error *err;
    struct source_state state;
    struct history history;
    struct source_changes changes; /* of index and work tree; read by plan_rest() */
    bool carries;                  /* plan_carry.c: the changelog is changed in what is unreleased alone */
    struct buf carried_base;       /* the changelog as HEAD has it; empty bytes where it has none */
    bool carried_in_head;
    struct release_proposal *out;
};

/* Adds a finding; both texts are formatted, `todo` may be NULL. */
void plan_find(struct planning *p, enum finding_level level, const char *code, const char *todo, const char *fmt, ...)
    PRINTF_LIKE(5, 6);

/* plan_findings.c: how the repository stands. */
int plan_look_at_state(struct planning *p);    /* before anything else */
void plan_look_at_changes(struct planning *p); /* when mode and files are known */
int plan_look_at_refs(struct planning *p);     /* when version, tag and mode are known */
int plan_look_at_remote(struct planning *p);   /* the same; plan_remote.c */

/* plan_version.c: version, tag, previous and why. *found is false when there is none to go on with. */
int plan_choose_version(bool *found, struct planning *p);

/* plan_files.c */
/* A file of the work tree that the release may write: *usable false and a finding otherwise. *exists tells the rest. */
int plan_read_file(bool *usable, bool *exists, struct buf *bytes, struct planning *p, const char *path);
/* Puts a file into the plan, or new bytes and further words to the one that is there already. Takes new_bytes. */
void plan_put_file(struct planning *p, const char *path, const char *spec, const struct buf *old_bytes, bool existed,
                   char *new_bytes, const char *words);

/*
 * plan_carry.c: whether the changelog's uncommitted change is one that the release takes along: new lines under Unreleased
 * and nothing else. To be known before the files are planned.
 */
int plan_look_for_carried(struct planning *p);
bool plan_carries(const struct planning *p, const char *path);

/* plan_changelog.c: the changelog with its new bytes, offers, section and notes. */
int plan_changelog(struct planning *p);

/* plan_version_files.c: the version files with their new bytes. */
int plan_version_files(struct planning *p);

/* plan_text.c */
/* Gives a text of the plan another value. */
void plan_set(char **field, const char *value);
/* Fills {tag}, {version}, {previous}, {service} and {notes} in; unknown words in braces stay. */
char *plan_fill(const char *template, const struct release_plan *plan);

#endif
