/* The table of commands. Order is the order of help, manual and palette. */
#include "command/command.h"

#define RUNS                                                                                                         \
    (OPTION_BIT(OPTION_DRY_RUN) | OPTION_BIT(OPTION_YES) | OPTION_BIT(OPTION_REASON) | OPTION_BIT(OPTION_MODE))
#define PUSHES (OPTION_BIT(OPTION_NO_PUSH) | OPTION_BIT(OPTION_WAIT))

static const char local_release[] =
    "Writes the version files, cuts the section of the changelog, commits, and makes an annotated tag, as a "
    "release run that is kept in the audit log and can be taken back with `signalbox release undo`. Nothing is "
    "pushed; `signalbox release create` does the same and pushes.\n\n"
    "On a terminal the steps are shown and confirmed; without one, --yes is needed.";

const struct command commands[COMMAND_COUNT] = {
    [COMMAND_VERSION_LIST] =
        {
            .id = COMMAND_VERSION_LIST,
            .group = "version",
            .verb = "list",
            .options = OPTION_BIT(OPTION_LIMIT),
            .summary = "Show the versions, newest first",
            .help =
                "One line a version: version, tag, date, commit. Tags that are none of the service's versions are "
                "counted, and named with --json.",
        },
    [COMMAND_VERSION_CURRENT] =
        {
            .id = COMMAND_VERSION_CURRENT,
            .group = "version",
            .verb = "current",
            .summary = "Print the current version",
            .help = "The highest version that what is checked out contains.",
            .exits = "3 when there is no version yet",
        },
    [COMMAND_VERSION_NEXT] =
        {
            .id = COMMAND_VERSION_NEXT,
            .group = "version",
            .verb = "next",
            .options = OPTION_BIT(OPTION_LIMIT),
            .summary = "Suggest the next version, with the commits that say so",
            .help = "Reads the commits since the current version as Conventional Commits. Below 1.0.0, "
                    "release.zeroMinor decides what a breaking change counts for.",
            .exits = "3 when nothing has happened since the current version",
        },
    [COMMAND_VERSION_BUMP] =
        {
            .id = COMMAND_VERSION_BUMP,
            .group = "version",
            .verb = "bump",
            .arguments = {{"STEP", ARGUMENT_STEP, .meaning = "major, minor or patch"}},
            .options = RUNS,
            .danger = COMMAND_LOCAL,
            .summary = "Count the version up, here",
            .help = local_release,
        },
    [COMMAND_VERSION_SET] =
        {
            .id = COMMAND_VERSION_SET,
            .group = "version",
            .verb = "set",
            .arguments = {{"VERSION", ARGUMENT_VERSION, .meaning = "the version to give"}},
            .options = RUNS,
            .danger = COMMAND_LOCAL,
            .summary = "Give a version, here",
            .help = local_release,
        },
    [COMMAND_VERSION_PRERELEASE] =
        {
            .id = COMMAND_VERSION_PRERELEASE,
            .group = "version",
            .verb = "prerelease",
            .arguments = {{"IDENTIFIER", ARGUMENT_IDENTIFIER, .optional = true,
                           .meaning = "alpha, beta, rc or another; rc without one"}},
            .options = RUNS,
            .danger = COMMAND_LOCAL,
            .summary = "Start a pre-release of the next version, here",
            .help = local_release,
        },
    [COMMAND_VERSION_INCREMENT_PRERELEASE] =
        {
            .id = COMMAND_VERSION_INCREMENT_PRERELEASE,
            .group = "version",
            .verb = "increment-prerelease",
            .options = RUNS,
            .danger = COMMAND_LOCAL,
            .summary = "Count the pre-release up, here: beta.1 to beta.2",
            .help = local_release,
            .exits = "2 when the current version is no pre-release",
        },
    [COMMAND_VERSION_FINALIZE] =
        {
            .id = COMMAND_VERSION_FINALIZE,
            .group = "version",
            .verb = "finalize",
            .options = RUNS,
            .danger = COMMAND_LOCAL,
            .summary = "Make the pre-release final, here: 1.3.0-rc.2 to 1.3.0",
            .help = local_release,
            .exits = "2 when the current version is no pre-release",
        },
    [COMMAND_CHANGELOG_SHOW] =
        {
            .id = COMMAND_CHANGELOG_SHOW,
            .group = "changelog",
            .verb = "show",
            .arguments = {{"VERSION", ARGUMENT_VERSION, .optional = true,
                           .meaning = "a version or its tag; without one, what is unreleased"}},
            .options = OPTION_BIT(OPTION_RAW),
            .summary = "Show what a version brings",
            .help = "The changelog's section. Where it has none, the notes are made from the commits, which is said.",
            .exits = "3 when there is no such version",
        },
    [COMMAND_CHANGELOG_ADD] =
        {
            .id = COMMAND_CHANGELOG_ADD,
            .group = "changelog",
            .verb = "add",
            .arguments = {{"CATEGORY", ARGUMENT_SECTION,
                           .meaning = "added, changed, deprecated, removed, fixed, security"},
                          {"ENTRY", ARGUMENT_TEXT, .optional = true, .rest = true,
                           .meaning = "the words; without them, standard input is read"}},
            .options = OPTION_BIT(OPTION_DRY_RUN),
            .danger = COMMAND_LOCAL,
            .summary = "Add an entry to what is unreleased",
            .help =
                "The changelog and its Unreleased section are made where they are missing. Nothing else in the file "
                "changes, and nothing is committed.",
        },
    [COMMAND_CHANGELOG_YANK] =
        {
            .id = COMMAND_CHANGELOG_YANK,
            .group = "changelog",
            .verb = "yank",
            .arguments = {{"VERSION", ARGUMENT_VERSION, .meaning = "the version, or its tag"}},
            .options = OPTION_BIT(OPTION_DRY_RUN),
            .danger = COMMAND_LOCAL,
            .summary = "Mark a version as yanked: released, and not to be used",
            .help = "What is public cannot be taken back, but it can be marked: the heading of the version gets "
                    "[YANKED], "
                    "or the mark that the file uses elsewhere. Nothing else in the file changes, and nothing is "
                    "committed; "
                    "the next release carries it.",
            .exits = "3 when the changelog has no such version",
        },
    [COMMAND_CHANGELOG_CHECK] =
        {
            .id = COMMAND_CHANGELOG_CHECK,
            .group = "changelog",
            .verb = "check",
            .summary = "Say what is wrong in the changelog, line by line",
            .exits = "1 when something was found",
        },
    [COMMAND_RELEASE_CREATE] =
        {
            .id = COMMAND_RELEASE_CREATE,
            .group = "release",
            .verb = "create",
            .arguments = {{"VERSION", ARGUMENT_BUMP, .optional = true,
                           .meaning = "major, minor, patch, or a version; without one, the one suggested"}},
            .options = RUNS | PUSHES | OPTION_BIT(OPTION_FROM) | OPTION_BIT(OPTION_ALL_ENTRIES),
            .danger = COMMAND_OUTSIDE,
            .summary = "Make a release: version, changelog, commit, tag, push",
            .help = "First everything is worked out and shown; nothing has changed then, and with --dry-run that is "
                    "all. "
                    "On "
                    "a terminal it is then confirmed; without one, --yes is needed, so that no pipeline releases by "
                    "accident. The tag is the last thing, pushed together with the branch in one push.\n\n"
                    "Killed at any moment, a release goes on with `signalbox release resume`, and nothing is done "
                    "twice. "
                    "While nothing is public, `signalbox release undo` takes it back.",
            .exits = "0 also when the release waits for a merge; 4 when another release is open; 6 when something "
                     "stands in "
                     "the way, or it was not confirmed; 7 when the remote does not answer",
            .action = "release.create",
            .key = "n",
        },
    [COMMAND_RELEASE_SHOW] =
        {
            .id = COMMAND_RELEASE_SHOW,
            .group = "release",
            .verb = "show",
            .arguments = {{"RUN", ARGUMENT_RUN, .optional = true, .meaning = "r-0042; without one, the newest"}},
            .summary = "Show a release step by step, with its evidence",
            .action = "release.show",
        },
    [COMMAND_RELEASE_LIST] =
        {
            .id = COMMAND_RELEASE_LIST,
            .group = "release",
            .verb = "list",
            .options = OPTION_BIT(OPTION_LIMIT),
            .summary = "Show the releases made from here, newest first",
        },
    [COMMAND_RELEASE_RESUME] =
        {
            .id = COMMAND_RELEASE_RESUME,
            .group = "release",
            .verb = "resume",
            .arguments = {{"RUN", ARGUMENT_RUN, .optional = true, .meaning = "r-0042; without one, the open one"}},
            .options = OPTION_BIT(OPTION_YES) | OPTION_BIT(OPTION_WAIT) | OPTION_BIT(OPTION_DRY_RUN),
            .danger = COMMAND_OUTSIDE,
            .summary = "Go on with a release that was interrupted or waits",
            .help = "What was done is looked at first, and not done again. While another process drives the release "
                    "this one leaves it alone; it goes on at once where that one has died. With --wait it also waits "
                    "until the lease of one that has gone silent has run out, and takes the release over.\n\n"
                    "In a protected environment a release that is taken over is held first; a second resume goes on.",
            .exits = "3 when there is none to go on with; 5 when somebody else is at it",
            .action = "release.resume",
            .key = "r",
        },
    [COMMAND_RELEASE_UNDO] =
        {
            .id = COMMAND_RELEASE_UNDO,
            .group = "release",
            .verb = "undo",
            .arguments = {{"RUN", ARGUMENT_RUN, .optional = true, .meaning = "r-0042; without one, the newest"}},
            .options = OPTION_BIT(OPTION_DRY_RUN) | OPTION_BIT(OPTION_YES) | OPTION_BIT(OPTION_REASON),
            .danger = COMMAND_LOCAL,
            .summary = "Take a release back, while nothing of it is public",
            .help = "Takes back exactly what the release did, newest first: tag, commit, files, index. A tag that "
                    "others "
                    "may have seen is never deleted: its version is burned, and the next one is proposed.",
            .exits = "6 when it is public, or there is nothing to take back",
            .action = "release.undo",
            .key = "u",
        },
    [COMMAND_CONFIG_LIST] =
        {
            .id = COMMAND_CONFIG_LIST,
            .group = "config",
            .verb = "list",
            .summary = "Show every key, its value and where it comes from",
        },
    [COMMAND_CONFIG_GET] =
        {
            .id = COMMAND_CONFIG_GET,
            .group = "config",
            .verb = "get",
            .arguments = {{"KEY", ARGUMENT_KEY, .meaning = "as in release.tagPattern or service.api.path"}},
            .summary = "Print the value of a key",
            .exits = "2 when there is no such key",
        },
    [COMMAND_CONFIG_SET] =
        {
            .id = COMMAND_CONFIG_SET,
            .group = "config",
            .verb = "set",
            .arguments = {{"KEY", ARGUMENT_KEY, .meaning = "as in release.tagPattern or service.api.path"},
                          {"VALUE", ARGUMENT_TEXT, .optional = true,
                           .rest = true, .meaning = "left out with --unset"}},
            .options = OPTION_BIT(OPTION_LEVEL) | OPTION_BIT(OPTION_UNSET),
            .danger = COMMAND_LOCAL,
            .summary = "Set a key, by default in the repository's .signalbox",
            .help = "The value is checked first. Comments and the other lines of the file stay as they are. "
                    "`git config -f .signalbox KEY VALUE` does the same without the check.",
        },
    [COMMAND_CONFIG_CHECK] =
        {
            .id = COMMAND_CONFIG_CHECK,
            .group = "config",
            .verb = "check",
            .summary = "Say what is wrong in the configuration, with file and line",
            .exits = "1 when something is wrong; warnings and notes alone are 0",
        },
    [COMMAND_TRUST] =
        {
            .id = COMMAND_TRUST,
            .group = "trust",
            .options = OPTION_BIT(OPTION_REVOKE) | OPTION_BIT(OPTION_YES),
            .danger = COMMAND_LOCAL,
            .summary = "Let the repository's configuration decide what is run and connected to",
            .help = "A cloned repository is a stranger's. Keys of its .signalbox that decide what is carried out or "
                    "connected "
                    "to do not count before this, and not any more once the file or one it includes has changed. The "
                    "keys "
                    "are shown and confirmed; without a terminal, --yes is needed.",
            .exits = "3 when there is no .signalbox",
        },
    [COMMAND_STATUS] =
        {
            .id = COMMAND_STATUS,
            .group = "status",
            .summary = "Show what is released, what is next, and what is open",
            .help = "What `signalbox` prints without a terminal.",
        },
    [COMMAND_INIT] =
        {
            .id = COMMAND_INIT,
            .group = "init",
            .options = OPTION_BIT(OPTION_DRY_RUN),
            .danger = COMMAND_LOCAL,
            .summary = "Write a first .signalbox from what the repository shows",
            .help = "Looks at the tags, the changelog, the version files, the branch and the remote, and says what "
                    "it found. "
                    "An existing file is never overwritten.",
            .exits = "4 when there is a .signalbox already",
        },
    [COMMAND_AUDIT_LOG] =
        {
            .id = COMMAND_AUDIT_LOG,
            .group = "audit",
            .verb = "log",
            .options = OPTION_BIT(OPTION_LIMIT),
            .summary = "Show who did what, when and why, newest first",
            .action = "audit.log",
        },
    [COMMAND_AUDIT_VERIFY] =
        {
            .id = COMMAND_AUDIT_VERIFY,
            .group = "audit",
            .verb = "verify",
            .summary = "Check that nobody has changed the audit log",
            .help = "Every entry carries the hash of the one before. Whoever can write the store can forge all of it "
                    "anew, so "
                    "keep the hash that this prints somewhere else to notice that.",
            .exits = "1 when the chain is broken",
            .action = "audit.verify",
        },
    [COMMAND_HELP] =
        {
            .id = COMMAND_HELP,
            .group = "help",
            .arguments = {{"GROUP", ARGUMENT_COMMAND, .optional = true, .meaning = "a command or its first word"},
                          {"VERB", ARGUMENT_COMMAND, .optional = true, .meaning = "its second word"}},
            .summary = "Show the commands, or what one of them does",
        },
    [COMMAND_GENERATE] =
        {
            .id = COMMAND_GENERATE,
            .group = "generate",
            .arguments = {{"FORM", ARGUMENT_FORM,
                           .meaning =
                               "man, bash-completion, zsh-completion, fish-completion, commands, configuration"}},
            .hidden = true,
            .summary = "Print manual, completions or reference from the tables",
        },
    [COMMAND_VIEW_RELEASES] = {.id = COMMAND_VIEW_RELEASES,
                               .summary = "Go to the releases",
                               .action = "view.releases",
                               .key = "1"},
    [COMMAND_VIEW_ACTIVITY] = {.id = COMMAND_VIEW_ACTIVITY,
                               .summary = "Go to the activity: the audit log",
                               .action = "view.activity",
                               .key = "2"},
    [COMMAND_RELEASES_OPEN] = {.id = COMMAND_RELEASES_OPEN,
                               .summary = "Open the version",
                               .action = "releases.open",
                               .key = "enter",
                               .view = "releases"},
    [COMMAND_RELEASES_SIDE] = {.id = COMMAND_RELEASES_SIDE,
                               .summary = "Show the changelog or the commits",
                               .action = "releases.side",
                               .key = "tab",
                               .view = "releases"},
    [COMMAND_RELEASES_SORT] = {.id = COMMAND_RELEASES_SORT,
                               .summary = "Sort by version or by date",
                               .action = "releases.sort",
                               .key = "s",
                               .view = "releases"},
    [COMMAND_RELEASES_FOREIGN] = {.id = COMMAND_RELEASES_FOREIGN,
                                  .summary = "Show the tags that are no versions",
                                  .action = "releases.foreign",
                                  .key = "f",
                                  .view = "releases"},
    [COMMAND_RELEASES_HOTFIX] = {.id = COMMAND_RELEASES_HOTFIX,
                                 .summary = "Make a hotfix that starts from this version",
                                 .action = "releases.hotfix",
                                 .key = "h",
                                 .danger = COMMAND_OUTSIDE,
                                 .view = "releases"},
    [COMMAND_STEPS_NEXT] = {.id = COMMAND_STEPS_NEXT,
                            .summary = "Do the next step",
                            .action = "steps.next",
                            .key = "enter",
                            .danger = COMMAND_OUTSIDE,
                            .view = "steps"},
    [COMMAND_STEPS_ALL] = {.id = COMMAND_STEPS_ALL,
                           .summary = "Do all the steps that are left",
                           .action = "steps.all",
                           .key = "A",
                           .danger = COMMAND_OUTSIDE,
                           .view = "steps"},
    [COMMAND_STEPS_STOP] = {.id = COMMAND_STEPS_STOP,
                            .summary = "Stop here; the release stays open",
                            .action = "steps.stop",
                            .key = "s",
                            .danger = COMMAND_STOP,
                            .view = "steps"},
    [COMMAND_STEPS_EDIT] = {.id = COMMAND_STEPS_EDIT,
                            .summary = "Edit the changelog section",
                            .action = "steps.edit",
                            .key = "e",
                            .view = "steps"},
    [COMMAND_STEPS_EDITOR] = {.id = COMMAND_STEPS_EDITOR,
                              .summary = "Edit it in your editor",
                              .action = "steps.editor",
                              .key = "E",
                              .view = "steps"},
    [COMMAND_STEPS_TAKE] = {.id = COMMAND_STEPS_TAKE,
                            .summary = "Take the offered entry, or leave it out",
                            .action = "steps.take",
                            .key = "space",
                            .view = "steps"},
    [COMMAND_ACTIVITY_OPEN] = {.id = COMMAND_ACTIVITY_OPEN,
                               .summary = "Show the event whole",
                               .action = "activity.open",
                               .key = "enter",
                               .view = "activity"},
    [COMMAND_ACTIVITY_RUN] = {.id = COMMAND_ACTIVITY_RUN,
                              .summary = "Show only this run, or all again",
                              .action = "activity.run",
                              .key = "i",
                              .view = "activity"},
    [COMMAND_ACTIVITY_PERSON] = {.id = COMMAND_ACTIVITY_PERSON,
                                 .summary = "Show only what this person did, or all again",
                                 .action = "activity.person",
                                 .key = "w",
                                 .view = "activity"},
    [COMMAND_ACTIVITY_VERIFY] = {.id = COMMAND_ACTIVITY_VERIFY,
                                 .summary = "Check that nobody has changed the log",
                                 .action = "activity.verify",
                                 .key = "v",
                                 .view = "activity"},
    [COMMAND_MOVE_DOWN] = {.id = COMMAND_MOVE_DOWN, .summary = "Go down", .action = "move.down", .key = "j"},
    [COMMAND_MOVE_UP] = {.id = COMMAND_MOVE_UP, .summary = "Go up", .action = "move.up", .key = "k"},
    [COMMAND_MOVE_TOP] = {.id = COMMAND_MOVE_TOP, .summary = "Go to the top", .action = "move.top", .key = "g"},
    [COMMAND_MOVE_END] = {.id = COMMAND_MOVE_END, .summary = "Go to the end", .action = "move.end", .key = "G"},
    [COMMAND_MOVE_PAGE_DOWN] = {.id = COMMAND_MOVE_PAGE_DOWN,
                                .summary = "Go a page down",
                                .action = "move.page-down",
                                .key = "ctrl-f"},
    [COMMAND_MOVE_PAGE_UP] = {.id = COMMAND_MOVE_PAGE_UP,
                              .summary = "Go a page up",
                              .action = "move.page-up",
                              .key = "ctrl-b"},
    [COMMAND_MOVE_HALF_DOWN] = {.id = COMMAND_MOVE_HALF_DOWN,
                                .summary = "Go half a page down",
                                .action = "move.half-down",
                                .key = "ctrl-d"},
    [COMMAND_MOVE_HALF_UP] = {.id = COMMAND_MOVE_HALF_UP,
                              .summary = "Go half a page up",
                              .action = "move.half-up",
                              .key = "ctrl-u"},
    [COMMAND_CONSOLE_BACK] = {.id = COMMAND_CONSOLE_BACK,
                              .summary = "Go back, close, forget",
                              .action = "console.back",
                              .key = "esc"},
    [COMMAND_CONSOLE_HELP] = {.id = COMMAND_CONSOLE_HELP,
                              .summary = "Show every key",
                              .action = "console.help",
                              .key = "?"},
    [COMMAND_CONSOLE_PALETTE] = {.id = COMMAND_CONSOLE_PALETTE,
                                 .summary = "Find a command by its words",
                                 .action = "console.palette",
                                 .key = ":"},
    [COMMAND_CONSOLE_FILTER] = {.id = COMMAND_CONSOLE_FILTER,
                                .summary = "Show only what contains some words",
                                .action = "console.filter",
                                .key = "/"},
    [COMMAND_CONSOLE_REFRESH] = {.id = COMMAND_CONSOLE_REFRESH,
                                 .summary = "Look again",
                                 .action = "console.refresh",
                                 .key = "ctrl-l"},
    [COMMAND_CONSOLE_THEME] = {.id = COMMAND_CONSOLE_THEME,
                               .summary = "Change the colours",
                               .action = "console.theme"},
    [COMMAND_CONSOLE_QUIT] = {.id = COMMAND_CONSOLE_QUIT, .summary = "Leave", .action = "console.quit", .key = "q"},
};
