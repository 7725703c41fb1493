/*
 * The one table of commands. What can be done is declared here once: its verb on the command line, its arguments and
 * options, its words in help, manual and palette, how dangerous it is, and its key in the console. The command line,
 * `help`, the manual, the completions, docs/commands.md, the palette and the console's `?` all read this table.
 *
 * An entry with a verb is a command; one with an action is something the console does; most are both. How a command is
 * carried out is not here: src/cli has one function an id, the console one an action.
 */
#ifndef SIGNALBOX_COMMAND_COMMAND_H
#define SIGNALBOX_COMMAND_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum command_id {
    COMMAND_VERSION_LIST,
    COMMAND_VERSION_CURRENT,
    COMMAND_VERSION_NEXT,
    COMMAND_VERSION_BUMP,
    COMMAND_VERSION_SET,
    COMMAND_VERSION_PRERELEASE,
    COMMAND_VERSION_INCREMENT_PRERELEASE,
    COMMAND_VERSION_FINALIZE,
    COMMAND_CHANGELOG_SHOW,
    COMMAND_CHANGELOG_ADD,
    COMMAND_CHANGELOG_YANK,
    COMMAND_CHANGELOG_CHECK,
    COMMAND_RELEASE_CREATE,
    COMMAND_RELEASE_SHOW,
    COMMAND_RELEASE_LIST,
    COMMAND_RELEASE_RESUME,
    COMMAND_RELEASE_UNDO,
    COMMAND_CONFIG_LIST,
    COMMAND_CONFIG_GET,
    COMMAND_CONFIG_SET,
    COMMAND_CONFIG_CHECK,
    COMMAND_TRUST,
    COMMAND_STATUS,
    COMMAND_INIT,
    COMMAND_AUDIT_LOG,
    COMMAND_AUDIT_VERIFY,
    COMMAND_HELP,
    COMMAND_GENERATE, /* hidden: prints manual, completions and docs from this table; used by `make install` */
    /* What only the console does. */
    COMMAND_VIEW_RELEASES,
    COMMAND_VIEW_ACTIVITY,
    COMMAND_RELEASES_OPEN,    /* in the view of releases: the selected version whole */
    COMMAND_RELEASES_SIDE,    /* … changelog or commits */
    COMMAND_RELEASES_SORT,    /* … by version or by date */
    COMMAND_RELEASES_FOREIGN, /* … the tags that are no versions */
    COMMAND_RELEASES_HOTFIX,  /* … a release that starts from the selected tag */
    COMMAND_STEPS_NEXT,       /* in the step-by-step view: the next page, or the next step of the run */
    COMMAND_STEPS_ALL,        /* … every step that is left */
    COMMAND_STEPS_STOP,       /* … stops driving; the run stays open */
    COMMAND_STEPS_EDIT,       /* … the changelog section in place */
    COMMAND_STEPS_EDITOR,     /* … in $EDITOR */
    COMMAND_STEPS_TAKE,       /* … takes an offered entry, or leaves it out */
    COMMAND_ACTIVITY_OPEN,    /* in the view of activity: one event whole */
    COMMAND_ACTIVITY_RUN,     /* … only the selected event's run, or all again */
    COMMAND_ACTIVITY_PERSON,  /* … only what the selected event's person did, or all again */
    COMMAND_ACTIVITY_VERIFY,  /* … reads the chain of the audit log */
    COMMAND_MOVE_DOWN, /* moving: the same keys in every list and text; arrows and page keys always work beside them */
    COMMAND_MOVE_UP,
    COMMAND_MOVE_TOP,
    COMMAND_MOVE_END,
    COMMAND_MOVE_PAGE_DOWN,
    COMMAND_MOVE_PAGE_UP,
    COMMAND_MOVE_HALF_DOWN,
    COMMAND_MOVE_HALF_UP,
    COMMAND_CONSOLE_BACK, /* back, close, forget */
    COMMAND_CONSOLE_HELP,
    COMMAND_CONSOLE_PALETTE,
    COMMAND_CONSOLE_FILTER,
    COMMAND_CONSOLE_REFRESH,
    COMMAND_CONSOLE_THEME,
    COMMAND_CONSOLE_QUIT,
    COMMAND_COUNT
};

/* What a command may touch. A stop needs no reason, no typed name and at most two keys. */
enum command_danger {
    COMMAND_READS,   /* nothing changes */
    COMMAND_LOCAL,   /* files, commits and tags here; --dry-run and undo exist */
    COMMAND_OUTSIDE, /* something that others see: a push */
    COMMAND_STOP,    /* makes things safe: abort, hold, kill */
};

enum argument_type {
    ARGUMENT_TEXT,
    ARGUMENT_VERSION,    /* 1.4.0, with or without the tag's prefix */
    ARGUMENT_STEP,       /* major, minor, patch */
    ARGUMENT_BUMP,       /* major, minor, patch, or a version */
    ARGUMENT_IDENTIFIER, /* alpha, beta, rc: one or more SemVer pre-release identifiers */
    ARGUMENT_SECTION,    /* Added, Changed, Deprecated, Removed, Fixed, Security */
    ARGUMENT_KEY,        /* of the configuration */
    ARGUMENT_RUN,        /* r-0042 */
    ARGUMENT_COMMAND,    /* a group or a verb */
    ARGUMENT_FORM,       /* man, bash-completion, zsh-completion, fish-completion, commands, configuration */
};

enum { ARGUMENTS_MAX = 2 };

struct argument_info {
    const char *name; /* as shown: "VERSION"; NULL ends the list */
    enum argument_type type;
    bool optional;
    bool rest; /* takes all that follow, joined by a space */
    const char *meaning;
};

/* Options mean the same wherever they are taken; a command says which by a mask of OPTION_BIT. */
enum option_id {
    OPTION_HELP,
    OPTION_VERSION,
    OPTION_DIRECTORY,
    OPTION_SERVICE,
    OPTION_JSON,
    OPTION_READ_ONLY,
    OPTION_DRY_RUN,
    OPTION_YES,
    OPTION_REASON,
    OPTION_MODE,
    OPTION_FROM,
    OPTION_NO_PUSH,
    OPTION_LIMIT,
    OPTION_RAW,
    OPTION_LEVEL,
    OPTION_REVOKE,
    OPTION_WAIT,
    OPTION_UNSET,
    OPTION_ALL_ENTRIES,
    OPTION_COUNT
};

#define OPTION_BIT(id) (UINT32_C(1) << (id))

enum option_type { OPTION_FLAG, OPTION_TEXT, OPTION_NUMBER, OPTION_CHOICE, OPTION_PATH };

struct option_info {
    const char *name; /* without the dashes: "dry-run" */
    char letter;      /* 'n', or 0 */
    enum option_type type;
    const char *placeholder;    /* "DIR"; NULL for a flag */
    const char *const *choices; /* NULL-terminated; for OPTION_CHOICE */
    const char *meaning;
};

struct command {
    enum command_id id;
    const char *group; /* "release"; NULL for what only the console does */
    const char *verb;  /* "create"; NULL where the group alone is the command ("status") */
    struct argument_info arguments[ARGUMENTS_MAX + 1];
    uint32_t options; /* mask of OPTION_BIT, over those that every command takes (options_common) */
    enum command_danger danger;
    bool hidden;         /* neither in help nor in completions */
    const char *summary; /* one line, no full stop: "Show the versions, newest first" */
    const char *help;    /* whole sentences, paragraphs parted by an empty line; or NULL */
    const char *exits;   /* exit codes with a meaning of its own: "3 there is no version yet"; or NULL */
    const char *action;  /* id in the console, its palette and ui.keys: "release.create"; NULL: not there */
    const char *key;     /* default key, as key_parse() reads it: "n", "ctrl-l", "f5"; NULL: palette only */
    const char *view;    /* the console's view it counts in: "releases", "steps", "activity"; NULL: everywhere */
};

extern const struct command commands[COMMAND_COUNT];           /* indexed by id */
extern const struct option_info command_options[OPTION_COUNT]; /* indexed by id */
extern const uint32_t options_common;                          /* taken by every command */

/* Exact name; verb NULL for a group that is a command itself. NULL when there is none (hidden ones are found). */
const struct command *command_find(const char *group, const char *verb);

/* The entry with that console action; NULL when there is none. */
const struct command *command_find_action(const char *action);

/* The first command of a group, NULL when there is no such group. */
const struct command *command_group(const char *group);

/*
 * What was probably meant: the nearest group, or for a known group its nearest verb, by edit distance; "" in size
 * bytes of out when nothing is near. "relase" -> "release", ("release", "creat") -> "release create".
 */
const char *command_suggest(char *out, size_t size, const char *group, const char *verb);

/* "release create [BUMP|VERSION]" as help and manual show it; returns out. */
const char *command_usage(char *out, size_t size, const struct command *command);

/* "reads", "changes files here", "changes things outside", "stops". */
const char *command_danger_words(enum command_danger danger);

#endif
