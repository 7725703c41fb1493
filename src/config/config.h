/*
 * The configuration of one repository, read once: which files, what each says at which line, what is wrong with it,
 * and what counts in the end.
 *
 * Levels, weakest first; a later one replaces the whole value of a key:
 *   system      /etc/signalbox/config                  (left out when GIT_CONFIG_NOSYSTEM is true)
 *   user        $XDG_CONFIG_HOME/signalbox/config      (~/.config/signalbox/config)
 *   repository  .signalbox in the work tree            (a stranger's: see trust.h)
 *   clone       signalbox in the git directory         (this clone only, never committed)
 */
#ifndef SIGNALBOX_CONFIG_CONFIG_H
#define SIGNALBOX_CONFIG_CONFIG_H

#include "base/text.h"
#include "config/settings.h"
#include "config/table.h"

enum config_level { CONFIG_DEFAULT, CONFIG_SYSTEM, CONFIG_USER, CONFIG_REPOSITORY, CONFIG_CLONE, CONFIG_LEVELS };

const char *config_level_name(enum config_level level); /* "default", "system", … */

/* Where a directory belongs. Owned; config_place_clear(). */
struct config_place {
    char *root;    /* the work tree, absolute; in a bare repository the git directory */
    char *git_dir; /* absolute; shared by all work trees of the repository */
    bool bare;
    char *files[CONFIG_LEVELS]; /* of each level, whether it exists or not; NULL where there can be none */
};

/* Errors: ERROR_NOT_FOUND when the directory is in no git repository. */
int config_place_find(struct config_place *out, const char *directory, struct error *err) MUST_CHECK;
void config_place_clear(struct config_place *place);

/* One entry of one file, or a default. */
struct config_entry {
    const struct config_key *key; /* NULL: unknown */
    char *name;                   /* as git normalises it, key in the table's spelling: "service.api.tagPattern" */
    char *value;
    enum config_level level;
    char *file;     /* an included file where it stands in one; NULL for a default */
    int line;       /* 0: unknown */
    bool counts;    /* the one in force */
    bool untrusted; /* would be in force, but the repository is not trusted */
};

enum config_severity { CONFIG_ERROR, CONFIG_WARNING, CONFIG_NOTE };

struct config_problem {
    enum config_severity severity;
    char *file;
    int line;
    struct text words; /* one clause; owned */
    struct text todo;  /* owned, or empty */
};

struct config {
    struct config_entry *entries; /* weakest level first, in the order of the files */
    size_t count, cap;
    struct config_problem *problems;
    size_t problem_count, problem_cap;
    bool trusted;  /* the repository's file, or it needs no trust */
    char *project; /* the name where none is configured: the directory's */
};

/*
 * Reads all levels. Bad values and unknown keys are problems, not failures: `config check` shows them all and
 * config_settings() fails on the first. A file that does not parse is a problem too. Errors: a file that cannot be read.
 */
int config_read(struct config *out, const struct config_place *place, struct error *err) MUST_CHECK;
void config_clear(struct config *config);

/* The value in force, default included; NULL only for a name that is no key. */
const char *config_value(const struct config *config, const char *name);

/* The entry in force; NULL when only the default is, or for a name that is no key. */
const struct config_entry *config_entry(const struct config *config, const char *name);

/* ERROR_INVALID with file and line when there is any problem of severity error. */
int config_settings(struct settings *out, const struct config *config, struct error *err) MUST_CHECK;

/*
 * Sets a key in the file of a level, made where it does not exist: by git's own lock file, other lines and comments kept.
 * A repository that was trusted stays so. NULL value: removes the key. Errors: ERROR_INVALID (no such key, bad value),
 * ERROR_CONFLICT (somebody else holds the lock), ERROR_NOT_FOUND (nothing to remove), ERROR_REFUSED (bare).
 */
int config_set(const struct config_place *place, enum config_level level, const char *name, const char *value,
               struct error *err) MUST_CHECK;

#endif
