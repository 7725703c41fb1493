/* The options, each with one meaning wherever it is taken. */
#include "command/command.h"

static const char *const modes[] = {"direct", "pull-request", "tag-only", NULL};
static const char *const levels[] = {"system", "user", "repository", "clone", NULL};

const struct option_info command_options[OPTION_COUNT] = {
    [OPTION_HELP] = {"help", 'h', OPTION_FLAG, .meaning = "Show what the command does, and its options."},
    [OPTION_VERSION] = {"version", 0, OPTION_FLAG, .meaning = "Print the version of signalbox."},
    [OPTION_DIRECTORY] = {"directory", 'C', OPTION_PATH, "DIR", .meaning = "Work as if started in DIR."},
    [OPTION_SERVICE] = {"service", 's', OPTION_TEXT, "NAME",
                        .meaning = "Speak of this service, where the repository has several. Without it, the first."},
    [OPTION_JSON] = {"json", 0, OPTION_FLAG, .meaning = "Print one JSON object; errors too, on standard error."},
    [OPTION_READ_ONLY] = {"read-only", 0, OPTION_FLAG, .meaning = "Refuse whatever would change something."},
    [OPTION_DRY_RUN] = {"dry-run", 'n', OPTION_FLAG, .meaning = "Show every step in full and do none."},
    [OPTION_YES] = {"yes", 'y', OPTION_FLAG, .meaning = "Do not ask. Needed where there is no terminal to ask on."},
    [OPTION_REASON] = {"reason", 'r', OPTION_TEXT, "TEXT", .meaning = "Why; it is kept in the audit log."},
    [OPTION_MODE] = {"mode", 'm', OPTION_CHOICE, "MODE", modes,
                     "How the release reaches the remote, in place of release.mode."},
    [OPTION_FROM] = {"from", 0, OPTION_TEXT, "TAG", .meaning = "Make a hotfix that starts from this tag."},
    [OPTION_NO_PUSH] = {"no-push", 0, OPTION_FLAG, .meaning = "Do everything but the push."},
    [OPTION_LIMIT] = {"limit", 'l', OPTION_NUMBER, "N", .meaning = "Show at most N. 0 shows all."},
    [OPTION_RAW] = {"raw", 0, OPTION_FLAG,
                    .meaning = "Print the bytes as they are. Refused on a terminal, which would obey them."},
    [OPTION_LEVEL] = {"level", 0, OPTION_CHOICE, "LEVEL", levels, "Which file of the configuration is meant."},
    [OPTION_REVOKE] = {"revoke", 0, OPTION_FLAG, .meaning = "Take the trust back."},
    [OPTION_WAIT] = {"wait", 'w', OPTION_FLAG,
                     .meaning = "Wait for what is outside, such as a merge, in place of stopping there."},
    [OPTION_UNSET] = {"unset", 0, OPTION_FLAG, .meaning = "Remove the key, so that the weaker level counts again."},
    [OPTION_ALL_ENTRIES] = {"all-entries", 0, OPTION_FLAG,
                            .meaning = "Add an entry for each feature and fix that the changelog does not mention, "
                                       "though entries were written by hand."},
};

const uint32_t options_common = OPTION_BIT(OPTION_HELP) | OPTION_BIT(OPTION_DIRECTORY) | OPTION_BIT(OPTION_SERVICE) |
                                OPTION_BIT(OPTION_JSON) | OPTION_BIT(OPTION_READ_ONLY);
