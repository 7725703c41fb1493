#include "config/table.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/nearest.h"

static const char *const modes[] = {"direct", "pull-request", "tag-only", NULL};
static const char *const glyphs[] = {"auto", "braille", "blocks", "ascii", NULL};
static const char *const colours[] = {"auto", "none", "16", "256", "true", NULL};

const struct config_key config_keys[] = {
    {"project.name", CONFIG_TEXT, "", .meaning = "The name shown in the frame. Without one, the directory's."},
    {"project.environment", CONFIG_TEXT, "local",
     .meaning = "The environment that commands and console speak of when none is named."},
    {"environment.*.protected", CONFIG_BOOL, "false",
     .meaning = "In a protected environment, what cannot be taken back at once is confirmed by typing the "
                "version, and needs a reason."},
    {"release.mode", CONFIG_CHOICE, "direct", .choices = modes,
     .meaning = "How a release reaches the remote: direct pushes branch and tag together; pull-request pushes a "
                "candidate branch, waits for others to merge it, then tags; tag-only tags what is there."},
    {"release.branch", CONFIG_NAME, "", .may_be_empty = true,
     .meaning = "The branch releases are cut from. Without one, whichever is checked out."},
    {"release.remote", CONFIG_NAME, "", .danger = CONFIG_CONNECTS, .may_be_empty = true,
     .meaning = "The name of the remote that is pushed to. Without one, the branch's own."},
    {"release.candidatePrefix", CONFIG_NAME, "release/",
     .meaning = "What the name of a candidate branch begins with; the version follows."},
    {"release.commitMessage", CONFIG_TEXT, "release: {tag}",
     .meaning = "The message of the release commit; {tag}, {version} and {service} are filled in."},
    {"release.tagMessage", CONFIG_TEXT, "{tag}\n\n{notes}",
     .meaning = "The message of the annotated tag; {notes} is the changelog section."},
    {"release.zeroMinor", CONFIG_BOOL, "true",
     .meaning = "Below 1.0.0 a breaking change counts up the minor number, and a feature the patch number."},
    {"release.initialVersion", CONFIG_VERSION, "0.1.0", .meaning = "The first version, where there is none yet."},
    {"release.push", CONFIG_BOOL, "true", .meaning = "False does everything but the push."},
    {"release.tagPattern", CONFIG_PATTERN, "v*",
     .meaning = "Which tags are versions; the * stands for the version. For a repository with one service."},
    {"release.changelog", CONFIG_PATH, "CHANGELOG.md", .may_be_empty = true,
     .meaning = "The changelog, in the form of Keep a Changelog. Empty for none."},
    {"release.versionFiles", CONFIG_LIST, "", .may_be_empty = true,
     .meaning =
         "The files that say the version: package.json, app.json, Cargo.toml, pyproject.toml, VERSION, or "
         "PATH:LINE where a * in LINE stands for the version, as in v.h:#define V \"*\". In a list, a part with a "
         "comma in it stands in quotation marks; those within it are written as \\\"."},
    {"service.*.path", CONFIG_PATH, "", .may_be_empty = true,
     .meaning = "The directory of the service; commits that touch it count. Empty for all."},
    {"service.*.tagPattern", CONFIG_PATTERN, "", .meaning = "As release.tagPattern. Without one, NAME-v*."},
    {"service.*.changelog", CONFIG_PATH, "", .may_be_empty = true,
     .meaning = "As release.changelog. Without one, CHANGELOG.md in the service's path."},
    {"service.*.versionFiles", CONFIG_LIST, "", .may_be_empty = true, .meaning = "As release.versionFiles."},
    {"ui.theme", CONFIG_TEXT, "auto",
     .meaning = "auto, the name of a theme, or the path of a theme file. auto asks the terminal for its "
                "background."},
    {"ui.glyphs", CONFIG_CHOICE, "auto", .choices = glyphs, .meaning = "What graphs and frames are drawn with."},
    {"ui.colour", CONFIG_CHOICE, "auto", .choices = colours,
     .meaning = "How many colours are used; NO_COLOR in the environment means none."},
    {"ui.mouse", CONFIG_BOOL, "true", .meaning = "Whether the console takes the mouse."},
    {"ui.keys", CONFIG_LIST, "", .danger = CONFIG_EXECUTES, .may_be_empty = true,
     .meaning = "Keys other than the default ones, as ACTION=KEY: release.create=N, console.quit=ctrl-q."},
};

const size_t config_key_count = COUNT(config_keys);

/* Section and key without regard to case, what is between them in full; the table's * stands for any subsection. */
static bool name_matches(const char *known, const char *name)
{
    const char *known_first = strchr(known, '.'), *known_last = strrchr(known, '.');
    const char *first = strchr(name, '.'), *last = strrchr(name, '.');
    if (!first || (known_first == known_last) != (first == last))
        return false;
    if (first - name != known_first - known || strncasecmp(known, name, (size_t)(first - name)) != 0)
        return false;
    return strcasecmp(known_last, last) == 0 && (first == last || last - first > 1);
}

const struct config_key *config_key_find(const char *name)
{
    for (size_t i = 0; i < config_key_count; i++)
        if (name_matches(config_keys[i].name, name))
            return &config_keys[i];
    return NULL;
}

const char *config_key_suggest(char *out, size_t size, const char *name)
{
    struct nearest nearest = nearest_to(name);
    for (size_t i = 0; i < config_key_count; i++)
        nearest_offer(&nearest, config_keys[i].name);
    return nearest_take(&nearest, out, size);
}

bool config_bool(const char *value)
{
    static const char *const yes[] = {"true", "yes", "on", "1"};
    for (size_t i = 0; i < COUNT(yes); i++)
        if (strcasecmp(value, yes[i]) == 0)
            return true;
    return false;
}

static const char *const type_names[] = {
    [CONFIG_TEXT] = "text", [CONFIG_BOOL] = "true or false", [CONFIG_CHOICE] = "choice",
    [CONFIG_LIST] = "list", [CONFIG_PATH] = "path",          [CONFIG_PATTERN] = "tag pattern",
    [CONFIG_NAME] = "name", [CONFIG_VERSION] = "version",
};

const char *config_type_name(enum config_type type)
{
    return type_names[type];
}

/*
 * One part of a list, from *at to after its comma; *at is NULL at the end. Quotes count around a whole part only, because
 * `v.h:#define V "*"` needs its own; \" is a quotation mark anywhere. NULL when a quote is not closed.
 */
static char *list_part(const char **at)
{
    const char *from = *at + strspn(*at, " \t");
    struct buf part = {0};
    bool quoted = *from == '"';
    size_t keep = 0;
    for (from += quoted; *from && (quoted || *from != ','); from++) {
        bool escaped = from[0] == '\\' && from[1] == '"';
        from += escaped;
        if (quoted && *from == '"' && !escaped) {
            quoted = false;
            keep = part.len;
            continue;
        }
        buf_addc(&part, *from);
        if (quoted || escaped || (*from != ' ' && *from != '\t'))
            keep = part.len;
    }
    buf_truncate(&part, keep);
    *at = *from ? from + 1 : NULL;
    if (!quoted)
        return buf_take(&part);
    buf_clear(&part);
    return NULL;
}

bool config_list_closed(const char *value)
{
    for (const char *at = value; at;) {
        char *part = list_part(&at);
        if (!part)
            return false;
        free(part);
    }
    return true;
}

char **config_split(const char *value)
{
    char **parts = NULL;
    size_t cap = 0, count = 0;
    for (const char *at = value; at;) {
        char *part = list_part(&at);
        if (!part || !*part) {
            free(part);
            continue;
        }
        ARRAY_GROW(&parts, &cap, count + 2);
        parts[count++] = part;
    }
    ARRAY_GROW(&parts, &cap, count + 1);
    parts[count] = NULL;
    return parts;
}

void config_split_free(char **parts)
{
    for (char **part = parts; part && *part; part++)
        free(*part);
    free(parts);
}
