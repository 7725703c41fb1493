/* init: a first .signalbox from what the repository shows. What is found is said, and written with its reason. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "cli/cli.h"
#include "version/semver.h"
#include "version/version_file.h"

enum { FILE_LIMIT = 16 * 1024 * 1024, FORMS_SHOWN = 12 };

/* What comes before the version in tags: "v", "", "api-v"; how many tags have it; and whose they are. */
struct prefix {
    char *text;
    size_t count;
    /* Where it is a service's: its name, its directory, its version files. Else NULL and empty. */
    char *service, *path;
    struct buf files;
};

struct findings {
    struct prefix *prefixes;
    size_t count, cap;
    char *changelog;  /* NULL: none */
    struct buf files; /* "package.json, VERSION" */
    struct source_state state;
};

static void count_prefix(struct findings *found, const char *tag, size_t len)
{
    for (size_t i = 0; i < found->count; i++)
        if (strlen(found->prefixes[i].text) == len && strncmp(found->prefixes[i].text, tag, len) == 0) {
            found->prefixes[i].count++;
            return;
        }
    ARRAY_GROW(&found->prefixes, &found->cap, found->count + 1);
    found->prefixes[found->count++] = (struct prefix){.text = mem_bytes(tag, len), .count = 1};
}

/* The tag's prefix is what stands before the longest end of it that is a version. */
static void take_tag(struct findings *found, const char *tag)
{
    struct semver version;
    for (size_t at = 0; tag[at]; at++) {
        bool inside = at > 0 && ((tag[at - 1] >= '0' && tag[at - 1] <= '9') || tag[at - 1] == '.');
        if (inside || !semver_parse_string(&version, tag + at))
            continue;
        count_prefix(found, tag, at);
        return;
    }
}

/* Can the prefix stand in a pattern of ours? */
static bool usable(const char *prefix)
{
    struct error ignored;
    struct buf pattern = {0};
    buf_addf(&pattern, "%s*", prefix);
    int fits = config_check_value(config_key_find("release.tagPattern"), pattern.bytes, &ignored);
    buf_clear(&pattern);
    return fits == 0;
}

static const struct prefix *most_used(const struct findings *found)
{
    const struct prefix *best = NULL;
    for (size_t i = 0; i < found->count; i++)
        if (usable(found->prefixes[i].text) && (!best || found->prefixes[i].count > best->count))
            best = &found->prefixes[i];
    return best;
}

/* "api-v" and "api/v" are a service's, named in front: the length of the name, 0 for "v" and "". */
static size_t service_name(const char *prefix)
{
    size_t len = strlen(prefix);
    if (len && prefix[len - 1] == 'v')
        len--;
    while (len && strchr("-/@_", prefix[len - 1]))
        len--;
    for (size_t i = 0; i < len; i++)
        if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_", prefix[i]))
            return 0;
    return len;
}

/* The directory of a service, where one of the usual places has it; else NULL. */
static char *service_path(const char *root, const char *name)
{
    static const char *const places[] = {"", "services/", "packages/", "apps/", "crates/"};
    for (size_t i = 0; i < COUNT(places); i++) {
        struct buf path = {0};
        buf_addf(&path, "%s%s", places[i], name);
        CLEANUP(free_string) char *whole = path_join(root, path.bytes);
        if (access(whole, X_OK) == 0)
            return buf_take(&path);
        buf_clear(&path);
    }
    return NULL;
}

static void find_changelog(struct findings *found, const char *root)
{
    static const char *const names[] = {"CHANGELOG.md", "Changelog.md", "changelog.md",
                                        "CHANGES.md",   "HISTORY.md",   "docs/CHANGELOG.md"};
    for (size_t i = 0; i < COUNT(names) && !found->changelog; i++) {
        CLEANUP(free_string) char *path = path_join(root, names[i]);
        if (file_exists(path))
            found->changelog = mem_string(names[i]);
    }
}

/* Only files that really say a version: a package.json of a private root often has none. `below` the root, or "". */
static void find_version_files(struct buf *out, const char *root, const char *below)
{
    static const char *const names[] = {"package.json", "package-lock.json", "app.json",
                                        "Cargo.toml",   "pyproject.toml",    "VERSION"};
    for (size_t i = 0; i < COUNT(names); i++) {
        struct error ignored;
        CLEANUP(free_string) char *name = path_join(below, names[i]);
        CLEANUP(free_string) char *path = path_join(root, name);
        CLEANUP(buf_clear) struct buf bytes = {0};
        CLEANUP(buf_clear) struct buf version = {0};
        if (file_read(&bytes, path, FILE_LIMIT, &ignored) < 0 ||
            version_file_read(&version, name, buf_string(&bytes), bytes.len, &ignored) < 0)
            continue;
        /* A comma would part the list. */
        const char *quote = strchr(name, ',') ? "\"" : "";
        buf_addf(out, "%s%s%s%s", out->len ? ", " : "", quote, name, quote);
    }
}

/* "api-v" is a service's when there is a directory api; "release-" is just how somebody names tags. */
static void find_services(struct findings *found, const char *root)
{
    for (size_t i = 0; i < found->count; i++) {
        struct prefix *prefix = &found->prefixes[i];
        size_t len = service_name(prefix->text);
        if (!len || !usable(prefix->text))
            continue;
        CLEANUP(free_string) char *name = mem_bytes(prefix->text, len);
        prefix->path = service_path(root, name);
        if (!prefix->path)
            continue;
        prefix->service = mem_string(name);
        find_version_files(&prefix->files, root, prefix->path);
    }
}

static int look(struct findings *found, struct cli *cli, struct error *err)
{
    struct source source = {0};
    struct source_tags tags = {0};
    if (cli_source(&source, cli, err) < 0)
        return -1;
    int result = source.ops->state(source.self, &found->state, &cli->call, err);
    if (result == 0)
        result = source.ops->tags(source.self, &tags, &cli->call, err);
    for (size_t i = 0; result == 0 && i < tags.count; i++)
        take_tag(found, tags.items[i].name);
    source_tags_clear(&tags);
    cli_close_source(&source);
    find_changelog(found, cli->env.place.root);
    find_version_files(&found->files, cli->env.place.root, "");
    find_services(found, cli->env.place.root);
    return result;
}

static void findings_clear(struct findings *found)
{
    for (size_t i = 0; i < found->count; i++) {
        free_string(&found->prefixes[i].text);
        free_string(&found->prefixes[i].service);
        free_string(&found->prefixes[i].path);
        buf_clear(&found->prefixes[i].files);
    }
    free_string(&found->changelog);
    buf_clear(&found->files);
    source_state_clear(&found->state);
    free(found->prefixes);
}

/* A value as git's configuration wants it: in quotes, those inside and backslashes escaped. */
static void add_quoted(struct buf *out, const char *value)
{
    buf_addc(out, '"');
    for (; *value; value++) {
        if (*value == '"' || *value == '\\')
            buf_addc(out, '\\');
        buf_addc(out, *value);
    }
    buf_addc(out, '"');
}

static void add_tags(struct buf *out, const struct prefix *prefix)
{
    buf_addf(out, "\t# %zu tag%s\n\ttagPattern = \"%s*\"\n", prefix->count, prefix->count == 1 ? "" : "s",
             prefix->text);
}

static size_t write_services(struct buf *out, const struct findings *found)
{
    size_t named = 0;
    for (size_t i = 0; i < found->count; i++) {
        const struct prefix *prefix = &found->prefixes[i];
        if (!prefix->service)
            continue;
        buf_addf(out, "\n[service \"%s\"]\n", prefix->service);
        add_tags(out, prefix);
        buf_addf(out, "\tpath = %s\n", prefix->path);
        if (prefix->files.len) {
            buf_adds(out, "\tversionFiles = ");
            add_quoted(out, prefix->files.bytes);
            buf_addc(out, '\n');
        }
        named++;
    }
    return named;
}

static bool is_trunk(const char *branch)
{
    return branch && (strcmp(branch, "main") == 0 || strcmp(branch, "master") == 0 || strcmp(branch, "trunk") == 0);
}

static void compose(struct buf *out, const struct findings *found)
{
    const struct prefix *best = most_used(found);
    struct buf services = {0};
    size_t named = write_services(&services, found);
    buf_adds(out, "# signalbox: how this repository is released. `signalbox config list` shows every key,\n"
                  "# `signalbox config check` looks for mistakes.\n\n[release]\n");
    if (is_trunk(found->state.branch))
        buf_addf(out, "\tbranch = %s\n", found->state.branch);
    if (!named && best)
        add_tags(out, best);
    else if (!named)
        buf_adds(out, "\t# no tag is a version yet\n\ttagPattern = \"v*\"\n");
    buf_addf(out, "\tchangelog = %s\n", found->changelog ? found->changelog : "CHANGELOG.md");
    /* Those of the root are nobody's where there are services. */
    if (found->files.len && !named)
        buf_addf(out, "\tversionFiles = %s\n", found->files.bytes);
    buf_add(out, buf_string(&services), services.len);
    buf_clear(&services);
}

static void say(struct cli *cli, const struct findings *found)
{
    struct output *out = &cli->out;
    if (!most_used(found))
        output_line(out, "tags           none is a version yet; v* is written");
    for (size_t i = 0; i < found->count && i < FORMS_SHOWN; i++)
        if (usable(found->prefixes[i].text))
            output_line(out, "tags           %zu like %s*", found->prefixes[i].count, found->prefixes[i].text);
    if (found->count > FORMS_SHOWN)
        output_line(out, "tags           and %zu forms more", found->count - FORMS_SHOWN);
    for (size_t i = 0; i < found->count; i++) {
        const struct prefix *prefix = &found->prefixes[i];
        if (prefix->service)
            output_line(out, "service        %s in %s, version files %s", prefix->service, prefix->path,
                        prefix->files.len ? prefix->files.bytes : "none");
    }
    output_line(out, "changelog      %s",
                found->changelog ? found->changelog : "none yet; CHANGELOG.md will be made");
    output_line(out, "version files  %s", found->files.len ? found->files.bytes : "none");
    output_line(out, "branch         %s", found->state.branch ? found->state.branch : "(detached)");
    output_line(out, "remote         %s", found->state.remote ? found->state.remote : "none");
}

/* Made new or not at all: O_EXCL is what never overwrites, also a link or a file made a moment ago. */
static int write_new(const char *path, const struct buf *bytes, struct error *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (fd < 0)
        return error_errno(err, errno == EEXIST ? ERROR_EXISTS : ERROR_FAILED, "Cannot make %s", path);
    size_t done = 0;
    while (done < bytes->len) {
        ssize_t put = write(fd, bytes->bytes + done, bytes->len - done);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            break;
        done += (size_t)put;
    }
    if (done == bytes->len && fsync(fd) == 0 && close(fd) == 0)
        return 0;
    error_errno(err, ERROR_FAILED, "Cannot write %s", path);
    unlink(path);
    return -1;
}

static void services_json(struct json_writer *w, const struct findings *found)
{
    json_begin_array(w, "services");
    for (size_t i = 0; i < found->count; i++) {
        const struct prefix *prefix = &found->prefixes[i];
        if (!prefix->service)
            continue;
        json_begin_object(w, NULL);
        json_put_string(w, "name", prefix->service);
        json_put_string(w, "path", prefix->path);
        json_put_string(w, "versionFiles", buf_string(&prefix->files));
        json_put_int(w, "tags", (int64_t)prefix->count);
        json_end_object(w);
    }
    json_end_array(w);
}

static int finish(struct cli *cli, const struct findings *found, const char *path, struct error *err)
{
    CLEANUP(buf_clear) struct buf text = {0};
    bool dry = cli_given(cli, OPTION_DRY_RUN);
    compose(&text, found);
    if (!dry && write_new(path, &text, err) < 0)
        return -1;
    say(cli, found);
    output_line(&cli->out, dry ? "%s would be:" : "%s is written:", path);
    output_block(&cli->out, "  ", text.bytes, text.len);
    if (cli->out.json) {
        struct json_writer *w = &cli->out.writer;
        json_begin_object(w, NULL);
        json_put_string(w, "file", path);
        json_put_bool(w, "written", !dry);
        json_put_string(w, "changelog", found->changelog);
        json_put_string(w, "versionFiles", buf_string(&found->files));
        services_json(w, found);
        json_put_string(w, "branch", found->state.branch);
        json_put_string(w, "remote", found->state.remote);
        json_put_bytes(w, "text", text.bytes, text.len);
        json_end_object(w);
    }
    return 0;
}

int cli_init(struct cli *cli, struct error *err)
{
    struct findings found = {0};
    if (cli_open(cli, err) < 0)
        return -1;
    const char *path = cli->env.place.files[CONFIG_REPOSITORY];
    if (!path)
        return error_set(err, ERROR_REFUSED, "A bare repository has no work tree to write .signalbox into");
    if (file_exists(path) && !cli_given(cli, OPTION_DRY_RUN)) {
        error_set(err, ERROR_EXISTS, "There is a %s already", path);
        return error_todo(err, "Change it with `signalbox config set`; --dry-run shows what would be written");
    }
    int result = look(&found, cli, err);
    if (result == 0)
        result = finish(cli, &found, path, err);
    findings_clear(&found);
    return result;
}
