/*
 * The plan of a release: everything it will do, worked out beforehand and frozen. It is what the screen shows, what
 * the run's journal keeps, and all that the run goes by: nothing is decided anew on the way.
 *
 * Making a plan changes nothing. What stands in its way is found first: a list of findings, each with what to do.
 */
#ifndef SIGNALBOX_RELEASE_PLAN_H
#define SIGNALBOX_RELEASE_PLAN_H

#include "base/hash.h"
#include "release/history.h"

/* A file the release writes. Old and new bytes are UTF-8 without NUL; longer than a changelog of 16 MiB is refused. */
struct release_file {
    char *path;            /* relative to the work tree */
    char before[HASH_HEX]; /* SHA-256 of the old bytes; "" where there is no file yet */
    char after[HASH_HEX];
    char *old_bytes; /* NULL where there is no file yet */
    char *new_bytes;
    bool carried;     /* the old bytes are not committed: the release's commit takes what they bring along */
    char *base_bytes; /* of a carried file, as `base` has it; NULL where it has none */
    char *spec;       /* of a version file, as configured (version/version_file.h); "" for the changelog */
    char *words;      /* "1.4.0 with 7 entries, 2026-11-22"; safe */
};

/* Owned; release_plan_clear(). Strings are never NULL ("" where there is none) unless said otherwise. */
struct release_plan {
    char *service;
    char *git_dir, *work_tree; /* the repository it was made for */
    enum release_mode mode;
    bool push;
    char *version, *tag;           /* "1.4.0", "v1.4.0" */
    char *previous, *previous_tag; /* "" for the first release */
    char *why;                     /* "minor: 2 features, 5 fixes since v1.3.0"; safe */
    char *branch;                  /* the one checked out: the release is cut from its head */
    char *base;                    /* that head */
    char *remote, *remote_branch;  /* "" without a remote */
    char *remote_expect;           /* what the remote's branch named when the plan was made; "": nothing */
    char *candidate;               /* pull-request mode: "release/1.4.0"; else "" */
    char *commit_message;          /* "" where nothing is committed (tag only, or no file to write) */
    char *tag_message, *notes;
    struct release_file *files;
    size_t file_count;
    int64_t planned_ms;
};

void release_plan_clear(struct release_plan *plan);

const char *release_mode_name(enum release_mode mode); /* "direct", "pull-request", "tag-only" */

/* As the run keeps it. Decoding checks what it reads: ERROR_INVALID names the member. */
void release_plan_encode(struct buf *out, const struct release_plan *plan);
int release_plan_decode(struct release_plan *out, const char *bytes, size_t len, struct error *err) MUST_CHECK;

enum finding_level { FINDING_NOTE, FINDING_WARN, FINDING_REFUSE };

const char *finding_level_name(enum finding_level level); /* "note", "warn", "refuse" */

struct release_finding {
    enum finding_level level;
    const char *code; /* for --json: "dirty", "detached", "tag-exists", "behind", … (plan_findings.c lists them) */
    struct text what, todo; /* owned; todo may be empty */
};

struct release_findings {
    struct release_finding *items; /* refusals first */
    size_t count, cap;
    size_t refusals;
};

void release_findings_clear(struct release_findings *findings);

/* A line the changelog could have for a commit it does not mention. Raw bytes. */
struct release_offer {
    char commit[OID_HEX];
    char *category; /* "Added", "Fixed", "Changed", … */
    char *entry;    /* "- Stream live odds", without a line end */
    bool taken;     /* in the plan's section */
};

enum release_entries {
    RELEASE_ENTRIES_AUTO, /* offers go in when nobody wrote an Unreleased section by hand */
    RELEASE_ENTRIES_ALL,
    RELEASE_ENTRIES_NONE,
};

/* What the person wants. All may be left zero. */
struct release_options {
    /* NULL, "" or "suggested"; "major", "minor", "patch"; "prerelease" (start one, or the next of it), "finalize"; or a
     * version as SemVer writes it. */
    const char *wanted;
    const char *pre_id; /* "rc" when NULL */
    const char *from;   /* hotfix: the tag it starts from; NULL: from the checked-out branch as it is */
    bool has_mode;      /* mode below counts instead of the settings' */
    enum release_mode mode;
    bool no_push;
    enum release_entries entries;
    const char *section; /* the new section's body as edited by a person (Markdown, no heading); NULL: not edited */
    bool offline;        /* do not ask the remote: said as a warning; the push still compares */
    int64_t now_ms;      /* clock_now_ms() of the caller: the date in the changelog */
};

/* A plan together with what was found on the way. Owned; release_proposal_clear(). */
struct release_proposal {
    bool has_plan; /* false when a finding made it impossible to go on (no version, no commit, …) */
    struct release_plan plan;
    struct release_findings findings;
    struct release_offer *offers;
    size_t offer_count, offer_cap;
    char
        *section; /* the changelog body of the new version as planned: what an editor opens; "" without a changelog */
};

/* May it be begun? A plan, and no finding that refuses. */
bool release_proposal_ready(const struct release_proposal *proposal);

/*
 * Works out the proposal. What stands in the way is a finding, not an error; errors are those of looking: the source
 * or the store failed (ERROR_FAILED, ERROR_UNAVAILABLE, ERROR_CANCELLED), ERROR_INVALID for options that make no sense.
 */
int release_propose(struct release_proposal *out, struct source source, struct store store,
                    const struct settings *settings, const struct service_settings *service,
                    const struct release_options *options, const struct call *call, struct error *err) MUST_CHECK;
void release_proposal_clear(struct release_proposal *proposal);

#endif
