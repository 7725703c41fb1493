#include "git/parse.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"

static int not_understood(struct error *err, const char *what)
{
    error_set(err, ERROR_FAILED, "Cannot understand what git printed for its %s", what);
    return error_todo(err, "Report this, with what `git --version` says");
}

size_t git_parse_oid(const char *bytes, size_t len)
{
    size_t digits = 0;
    while (digits < len && bytes[digits] && strchr("0123456789abcdef", bytes[digits]))
        digits++;
    return digits == 40 || digits == 64 ? digits : 0;
}

bool git_parse_oid_copy(char out[OID_HEX], const char *bytes, size_t len)
{
    size_t digits = git_parse_oid(bytes, len);
    memcpy(out, bytes, digits);
    out[digits] = 0;
    return digits > 0;
}

void git_oid_set(char out[OID_HEX], const char *oid)
{
    git_parse_oid_copy(out, oid, strlen(oid));
}

int64_t git_parse_date(const char *string)
{
    static const long long year_9999_ends = 253402300799;
    long long seconds = strtoll(string, NULL, 10);
    return 1000 * (seconds < 0 ? 0 : seconds > year_9999_ends ? year_9999_ends : seconds);
}

/* Takes a NUL-terminated field from *at; NULL when none ends before `end`. */
static const char *take_field(const char **at, const char *end)
{
    const char *field = *at, *zero = field < end ? memchr(field, 0, (size_t)(end - field)) : NULL;
    if (zero)
        *at = zero + 1;
    return zero ? field : NULL;
}

int git_parse_refs(const struct buf *out, git_ref_fn *each, void *context, struct error *err)
{
    struct buf copy = {0};
    if (!out->len)
        return 0;
    buf_add(&copy, out->bytes, out->len);
    char *line = copy.bytes, *end = line + copy.len;
    int failed = 0;
    while (line < end && !failed) {
        char *newline = memchr(line, '\n', (size_t)(end - line));
        if (!newline) {
            failed = not_understood(err, "references");
            break;
        }
        *newline = 0;
        const char *at = line, *field[6];
        size_t fields = 0;
        while (fields < COUNT(field) && (field[fields] = take_field(&at, newline + 1)))
            fields++;
        if (fields < COUNT(field) || !git_parse_oid(field[1], strlen(field[1])))
            failed = not_understood(err, "references");
        else
            failed = each(context, &(struct git_ref_line){field[0], field[1], field[2], field[3], field[4], field[5]},
                          err);
        line = newline + 1;
    }
    buf_clear(&copy);
    return failed;
}

/* One whole commit at *at: true and *at behind it. False when its end is not there, or it is malformed. */
static bool take_commit(struct git_log *log, struct source_commit *commit, const char **at, const char *end)
{
    const char *behind = *at, *field[5];
    for (size_t i = 0; i < COUNT(field); i++)
        if (!(field[i] = take_field(&behind, end)))
            return false;
    if (behind == end)
        return false;
    log->malformed = *behind != '\n' || !git_parse_oid(field[0], strlen(field[0]));
    *commit = (struct source_commit){
        .id = field[0],
        .parents = field[1],
        .author = field[2],
        .when_ms = git_parse_date(field[3]),
        .message = field[4],
        .message_len = (size_t)(behind - 1 - field[4]),
    };
    *at = behind + 1;
    return !log->malformed;
}

int git_parse_log(void *context, const char *bytes, size_t len)
{
    struct git_log *log = context;
    if (!len)
        return 0;
    buf_add(&log->rest, bytes, len);
    const char *at = log->rest.bytes, *end = at + log->rest.len;
    struct source_commit commit;
    while (!log->stopped && take_commit(log, &commit, &at, end)) {
        log->count++;
        log->stopped = log->each(log->context, &commit) != 0;
    }
    size_t left = (size_t)(end - at);
    memmove(log->rest.bytes, at, left);
    buf_truncate(&log->rest, left);
    return log->stopped || log->malformed;
}

static void add_change(struct source_changes *out, const char *path, struct source_change change)
{
    ARRAY_GROW(&out->items, &out->cap, out->count + 1);
    change.path = mem_string(path);
    out->items[out->count++] = change;
}

/* What stands behind `count` spaces; NULL when there are fewer. */
static const char *behind_spaces(const char *entry, int count)
{
    while (entry && count--)
        entry = (entry = strchr(entry, ' ')) ? entry + 1 : NULL;
    return entry;
}

/* Kinds of entry: their letter, and how many spaces stand before the path. */
static const struct {
    char letter;
    int spaces;
} status_kinds[] = {{'?', 1}, {'1', 8}, {'2', 9}, {'u', 10}};

static bool add_status_entry(struct source_changes *out, const char *entry)
{
    size_t kind = 0;
    while (kind < COUNT(status_kinds) && status_kinds[kind].letter != entry[0])
        kind++;
    const char *path = kind < COUNT(status_kinds) ? behind_spaces(entry, status_kinds[kind].spaces) : NULL;
    if (!path || !*path || entry[1] != ' ')
        return false;
    struct source_change change = {.untracked = entry[0] == '?', .conflicted = entry[0] == 'u'};
    if (entry[0] == '1' || entry[0] == '2') {
        change.staged = entry[2] != '.';
        change.unstaged = entry[3] != '.';
    }
    add_change(out, path, change);
    return true;
}

int git_parse_status(struct source_changes *out, const struct buf *bytes, struct error *err)
{
    const char *at = buf_string(bytes), *end = at + bytes->len;
    while (at < end) {
        const char *entry = take_field(&at, end);
        bool comment = entry && (entry[0] == '#' || entry[0] == '!');
        bool renamed = entry && entry[0] == '2';
        if (!comment && (!entry || !add_status_entry(out, entry) || (renamed && !take_field(&at, end)))) {
            source_changes_clear(out);
            return not_understood(err, "status");
        }
    }
    return 0;
}

/* Adds the line "OID\tNAME", or folds "OID\tNAME^{}" into the reference before it. */
static bool add_remote_ref(struct source_refs *out, const char *line, size_t len)
{
    size_t digits = git_parse_oid(line, len);
    if (!digits || len < digits + 2 || line[digits] != '\t')
        return false;
    const char *name = line + digits + 1;
    size_t name_len = len - digits - 1;
    struct source_ref *last = out->count ? &out->items[out->count - 1] : NULL;
    if (name_len > 3 && memcmp(name + name_len - 3, "^{}", 3) == 0) {
        if (last && strlen(last->name) == name_len - 3 && memcmp(last->name, name, name_len - 3) == 0)
            git_parse_oid_copy(last->peeled, line, digits);
        return true;
    }
    ARRAY_GROW(&out->items, &out->cap, out->count + 1);
    struct source_ref *ref = &out->items[out->count++];
    *ref = (struct source_ref){.name = mem_bytes(name, name_len)};
    git_parse_oid_copy(ref->object, line, digits);
    git_parse_oid_copy(ref->peeled, line, digits);
    return true;
}

int git_parse_ls_remote(struct source_refs *out, const struct buf *bytes, struct error *err)
{
    const char *at = buf_string(bytes), *end = at + bytes->len;
    while (at < end) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        if (!newline || !add_remote_ref(out, at, (size_t)(newline - at))) {
            source_refs_clear(out);
            return not_understood(err, "remote references");
        }
        at = newline + 1;
    }
    return 0;
}

/* The next "KEY\nVALUE\0" or "KEY\0"; false at the end. */
static bool next_value(const char **at, const char *end, const char **key, size_t *key_len, const char **value)
{
    const char *entry = take_field(at, end);
    if (!entry)
        return false;
    const char *newline = strchr(entry, '\n');
    *key = entry;
    *key_len = newline ? (size_t)(newline - entry) : strlen(entry);
    *value = newline ? newline + 1 : "true";
    return true;
}

const char *git_parse_value(const struct buf *list, const char *wanted)
{
    const char *at = buf_string(list), *end = at + list->len, *key, *value, *found = NULL;
    size_t len;
    while (next_value(&at, end, &key, &len, &value))
        if (len == strlen(wanted) && memcmp(key, wanted, len) == 0)
            found = value;
    return found;
}

bool git_parse_flag(const struct buf *list, const char *key)
{
    const char *value = git_parse_value(list, key);
    return value && (strcasecmp(value, "true") == 0 || strcasecmp(value, "yes") == 0 ||
                     strcasecmp(value, "on") == 0 || strtol(value, NULL, 10) != 0);
}

static bool key_has(const char *key, size_t len, const char *prefix, const char *suffix)
{
    size_t first = strlen(prefix), last = strlen(suffix);
    return len > first + last && memcmp(key, prefix, first) == 0 && memcmp(key + len - last, suffix, last) == 0;
}

bool git_parse_any_key(const struct buf *list, const char *prefix, const char *suffix)
{
    const char *at = buf_string(list), *end = at + list->len, *key, *value;
    size_t len;
    while (next_value(&at, end, &key, &len, &value))
        if (key_has(key, len, prefix, suffix))
            return true;
    return false;
}

bool git_parse_only_remote(char **name, const struct buf *list)
{
    static const char prefix[] = "remote.", suffix[] = ".url";
    const char *at = buf_string(list), *end = at + list->len, *key, *value;
    char *only = NULL;
    size_t len;
    bool several = false;
    while (next_value(&at, end, &key, &len, &value)) {
        if (!key_has(key, len, prefix, suffix))
            continue;
        char *found = mem_bytes(key + strlen(prefix), len - strlen(prefix) - strlen(suffix));
        several = several || (only && strcmp(only, found) != 0);
        free(only);
        only = found;
    }
    if (only && !several) {
        *name = only;
        return true;
    }
    free(only);
    return false;
}

struct git_object_parts git_parse_object(const char *bytes, size_t len)
{
    const char *blank = len ? memmem(bytes, len, "\n\n", 2) : NULL;
    if (!blank)
        return (struct git_object_parts){bytes, len, bytes + len, 0};
    size_t headers = (size_t)(blank - bytes) + 1;
    return (struct git_object_parts){bytes, headers, blank + 2, len - headers - 1};
}

const char *git_parse_header(const struct git_object_parts *parts, const char *name, int n, size_t *len)
{
    const char *at = parts->headers, *end = at + parts->headers_len;
    size_t name_len = strlen(name);
    while (at < end) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        size_t line = (size_t)((newline ? newline : end) - at);
        bool matches = line > name_len && memcmp(at, name, name_len) == 0 && at[name_len] == ' ';
        if (matches && n-- == 0) {
            *len = line - name_len - 1;
            return at + name_len + 1;
        }
        at += line + 1;
    }
    return NULL;
}

size_t git_parse_signature(const char *message, size_t len)
{
    static const char *const marks[] = {"-----BEGIN PGP SIGNATURE-----", "-----BEGIN PGP MESSAGE-----",
                                        "-----BEGIN SIGNED MESSAGE-----", "-----BEGIN SSH SIGNATURE-----"};
    size_t begins = len;
    for (size_t line = 0; line < len;) {
        for (size_t i = 0; i < COUNT(marks); i++) {
            size_t mark = strlen(marks[i]);
            if (len - line >= mark && memcmp(message + line, marks[i], mark) == 0)
                begins = line;
        }
        const char *newline = memchr(message + line, '\n', len - line);
        line = newline ? (size_t)(newline - message) + 1 : len;
    }
    return begins;
}
