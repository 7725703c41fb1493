/*
 * Every key of the configuration, once: name, type, default, range, meaning. docs/configuration.md, `config list`,
 * the completions and the checks of values come from it; a key that is not here is an error.
 *
 * Names are written as git writes them: "release.tagPattern", "service.NAME.path" (`*` in the table). Section and last
 * part are compared without regard to case, the part between as it is.
 */
#ifndef SIGNALBOX_CONFIG_TABLE_H
#define SIGNALBOX_CONFIG_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

enum config_type {
    CONFIG_TEXT,    /* one line; \n and \t as git escapes them */
    CONFIG_BOOL,    /* true, false, yes, no, on, off, 1, 0 */
    CONFIG_CHOICE,  /* one of choices */
    CONFIG_LIST,    /* one value, parted by commas, blanks around each dropped; a part may stand in "…" */
    CONFIG_PATH,    /* relative to the work tree and inside it; forward slashes */
    CONFIG_PATTERN, /* a tag pattern: exactly one *, otherwise a valid tag name */
    CONFIG_NAME,    /* a branch, remote, prefix: no blanks, no leading dash, nothing git refuses in a reference */
    CONFIG_VERSION, /* a version by SemVer's grammar */
};

/* Why a key of a cloned repository does not count before `signalbox trust`. */
enum config_danger {
    CONFIG_HARMLESS,
    CONFIG_EXECUTES, /* runs a command, or decides what a key does */
    CONFIG_CONNECTS, /* decides which other machine is talked to */
};

struct config_key {
    const char *name;
    enum config_type type;
    const char *fallback;       /* the value itself; "" where it is found out */
    const char *const *choices; /* NULL-terminated */
    enum config_danger danger;
    bool may_be_empty;
    const char *meaning; /* one sentence or two */
};

extern const struct config_key config_keys[];
extern const size_t config_key_count;

/* The entry for a name as a person or git writes it; NULL when unknown. */
const struct config_key *config_key_find(const char *name);

/* The nearest known name, or "". */
const char *config_key_suggest(char *out, size_t size, const char *name);

/* Does the value fit the key? ERROR_INVALID with the reason and what would fit. */
int config_check_value(const struct config_key *key, const char *value, struct error *err) MUST_CHECK;

bool config_bool(const char *value); /* of a checked value */

/*
 * The parts of a list, NULL-terminated, owned by the caller (config_split_free). A part that begins with a quotation mark
 * goes to the next one, commas and all; quotation marks elsewhere are part of it, and so is \" everywhere.
 */
char **config_split(const char *value);
void config_split_free(char **parts);
bool config_list_closed(const char *value); /* is every quotation mark that begins a part closed? */

const char *config_type_name(enum config_type type);

#endif
