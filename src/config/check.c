/* Does a value fit its key: the rules behind the types of the table. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "config/table.h"

static int bad(struct error *err, const struct config_key *key, const char *value, const char *why)
{
    error_set(err, ERROR_INVALID, "%s cannot be \"%s\"", key->name, value);
    return error_why(err, "%s", why);
}

static int check_bool(const struct config_key *key, const char *value, struct error *err)
{
    static const char *const known[] = {"true", "yes", "on", "1", "false", "no", "off", "0"};
    for (size_t i = 0; i < COUNT(known); i++)
        if (strcasecmp(value, known[i]) == 0)
            return 0;
    bad(err, key, value, "it is neither true nor false");
    return error_todo(err, "Write true or false");
}

static int check_choice(const struct config_key *key, const char *value, struct error *err)
{
    struct buf all = {0};
    for (const char *const *choice = key->choices; *choice; choice++) {
        if (strcmp(value, *choice) == 0) {
            buf_clear(&all);
            return 0;
        }
        buf_addf(&all, "%s%s", all.len ? ", " : "", *choice);
    }
    bad(err, key, value, "it is none of the values known");
    error_todo(err, "Write one of: %s", buf_string(&all));
    buf_clear(&all);
    return -1;
}

/* A path that stays inside the work tree, and out of .git, whatever it is joined to. */
static int check_path(const struct config_key *key, const char *value, struct error *err)
{
    if (*value == '/')
        return bad(err, key, value, "it is absolute; paths are relative to the work tree");
    for (const char *part = value; *part;) {
        size_t len = strcspn(part, "/");
        if (len == 2 && strncmp(part, "..", 2) == 0)
            return bad(err, key, value, "it leads out of the work tree");
        if (len == 4 && strncasecmp(part, ".git", 4) == 0)
            return bad(err, key, value, "it leads into the git directory");
        part += len;
        part += strspn(part, "/");
    }
    return 0;
}

/* What git-check-ref-format refuses, so that no value can be taken for an option or a second refspec. */
static const char *name_fault(const char *value, bool star)
{
    size_t len = strlen(value);
    if (*value == '-')
        return "it begins with a dash";
    if (*value == '/' || strstr(value, "//") || strstr(value, "/.") || *value == '.')
        return "git allows no part of a reference to be empty or to begin with a dot";
    if (strstr(value, "..") || strstr(value, "@{") || (len >= 5 && strcmp(value + len - 5, ".lock") == 0))
        return "git allows neither \"..\" nor \"@{\" nor \".lock\" at the end of a reference";
    for (const char *c = value; *c; c++)
        if ((unsigned char)*c <= ' ' || *c == 0x7F || strchr("~^:?[\\", *c) || (!star && *c == '*'))
            return "git allows no blanks and none of ~ ^ : ? * [ \\ in a reference";
    return NULL;
}

static int check_pattern(const struct config_key *key, const char *value, struct error *err)
{
    const char *star = strchr(value, '*');
    if (!star || strchr(star + 1, '*')) {
        bad(err, key, value, "it needs exactly one *, which stands for the version");
        return error_todo(err, "Write for example v*");
    }
    const char *fault = name_fault(value, true);
    return fault ? bad(err, key, value, fault) : 0;
}

/* One dotted part of a version, up to `ends`; a number has no leading zero. */
static const char *version_part(const char *at, bool number)
{
    const char *from = at;
    bool digits = true;
    while (isalnum((unsigned char)*at) || (!number && *at == '-')) {
        digits = digits && isdigit((unsigned char)*at);
        at++;
    }
    if (at == from || (number && !digits) || (digits && *from == '0' && at - from > 1))
        return NULL;
    return at;
}

/* The grammar of semver.org without build metadata, which a first version has no use for. config/ stands below
 * version/ and so cannot ask it. */
static int check_version(const struct config_key *key, const char *value, struct error *err)
{
    const char *at = value;
    for (int i = 0; i < 3 && at; i++) {
        at = version_part(at, true);
        if (at && i < 2)
            at = *at == '.' ? at + 1 : NULL;
    }
    if (at && *at == '-')
        do
            at = version_part(at + 1, false);
        while (at && *at == '.');
    if (at && !*at)
        return 0;
    bad(err, key, value, "it is no version");
    return error_todo(err, "Write it as 0.1.0");
}

static int check_list(const struct config_key *key, const char *value, struct error *err)
{
    return config_list_closed(value) ? 0 : bad(err, key, value, "a quotation mark is not closed");
}

int config_check_value(const struct config_key *key, const char *value, struct error *err)
{
    if (!*value) {
        if (key->may_be_empty)
            return 0;
        error_set(err, ERROR_INVALID, "%s cannot be empty", key->name);
        return error_todo(err, "Remove the line to get the default");
    }
    const char *fault;
    switch (key->type) {
    case CONFIG_TEXT:
        return 0;
    case CONFIG_BOOL:
        return check_bool(key, value, err);
    case CONFIG_CHOICE:
        return check_choice(key, value, err);
    case CONFIG_LIST:
        return check_list(key, value, err);
    case CONFIG_PATH:
        return check_path(key, value, err);
    case CONFIG_PATTERN:
        return check_pattern(key, value, err);
    case CONFIG_NAME:
        fault = name_fault(value, false);
        return fault ? bad(err, key, value, fault) : 0;
    case CONFIG_VERSION:
        return check_version(key, value, err);
    }
    return 0;
}
