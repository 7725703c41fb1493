#include "tests/support/repository.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/process.h"

enum { ARGS_MAX = 64, FIRST_DATE = 1767225600 };

static const char global_config[] = "[user]\n\tname = Ada Tester\n\temail = ada@example.org\n"
                                    "[init]\n\tdefaultBranch = main\n[gc]\n\tauto = 0\n"
                                    "[protocol \"file\"]\n\tallow = always\n[advice]\n\tdetachedHead = false\n";

static char *run(const char *directory, va_list ap, int *status)
{
    const char *argv[ARGS_MAX] = {"git"};
    int argc = 1;
    for (const char *arg; argc < ARGS_MAX - 1 && (arg = va_arg(ap, const char *));)
        argv[argc++] = arg;
    struct process process = {.argv = argv, .directory = directory};
    struct process_result result;
    struct error err = {0};
    const struct call call = {0};
    if (process_run(&result, &process, &call, &err) < 0)
        fail_msg("git %s: %s: %s", argv[1], err.what, err.why);
    if (!status && result.status)
        fail_msg("git %s in %s: status %d: %s%s", argv[1], directory, result.status, buf_string(&result.out),
                 buf_string(&result.err));
    if (status)
        *status = result.status;
    while (result.out.len && result.out.bytes[result.out.len - 1] == '\n')
        buf_truncate(&result.out, result.out.len - 1);
    buf_clear(&result.err);
    return buf_take(&result.out);
}

void repository_git(const struct repository *r, ...)
{
    va_list ap;
    va_start(ap, r);
    free(run(r->path, ap, NULL));
    va_end(ap);
}

void repository_git_in(const char *directory, ...)
{
    va_list ap;
    va_start(ap, directory);
    free(run(directory, ap, NULL));
    va_end(ap);
}

char *repository_output(const struct repository *r, ...)
{
    va_list ap;
    va_start(ap, r);
    char *out = run(r->path, ap, NULL);
    va_end(ap);
    return out;
}

char *repository_output_in(const char *directory, ...)
{
    va_list ap;
    va_start(ap, directory);
    char *out = run(directory, ap, NULL);
    va_end(ap);
    return out;
}

int repository_try(const struct repository *r, ...)
{
    int status = 0;
    va_list ap;
    va_start(ap, r);
    free(run(r->path, ap, &status));
    va_end(ap);
    return status;
}

static void write_file(const char *path, const char *content, mode_t mode)
{
    struct error err;
    char *directory = mem_string(path);
    *strrchr(directory, '/') = 0;
    /* Not base/file.h's: a work tree has the modes that git gives it. */
    for (char *slash = directory; (slash = strchr(slash + 1, '/'));) {
        *slash = 0;
        mkdir(directory, 0755);
        *slash = '/';
    }
    mkdir(directory, 0755);
    free(directory);
    if (file_write(path, content, strlen(content), mode, &err) < 0)
        fail_msg("%s: %s", err.what, err.why);
}

static void set_date(const struct repository *r)
{
    char date[64];
    snprintf(date, sizeof(date), "%d +0000", FIRST_DATE + 60 * r->minutes);
    setenv("GIT_AUTHOR_DATE", date, 1);
    setenv("GIT_COMMITTER_DATE", date, 1);
}

static void set_in_sandbox(const struct repository *r, const char *variable, const char *name)
{
    char *path = path_join(r->sandbox, name);
    setenv(variable, path, 1);
    free(path);
}

void repository_sandbox(struct repository *r)
{
    const char *tmp = getenv("TMPDIR");
    char *pattern = path_join(tmp && *tmp ? tmp : "/tmp", "signalbox-test-XXXXXX");
    if (!mkdtemp(pattern))
        fail_msg("cannot make %s", pattern);
    *r = (struct repository){.sandbox = realpath(pattern, NULL)};
    free(pattern);
    r->path = path_join(r->sandbox, "work");
    setenv("HOME", r->sandbox, 1);
    set_in_sandbox(r, "XDG_CONFIG_HOME", "config");
    set_in_sandbox(r, "XDG_STATE_HOME", "state");
    set_in_sandbox(r, "XDG_CACHE_HOME", "cache");
    set_in_sandbox(r, "XDG_DATA_HOME", "data");
    set_in_sandbox(r, "XDG_RUNTIME_DIR", "run");
    set_in_sandbox(r, "GIT_CONFIG_GLOBAL", "gitconfig");
    setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
    setenv("GIT_ATTR_NOSYSTEM", "1", 1);
    setenv("LC_ALL", "C.UTF-8", 1);
    unsetenv("SIGNALBOX_ASKPASS");
    write_file(getenv("GIT_CONFIG_GLOBAL"), global_config, 0644);
    set_date(r);
}

void repository_new(struct repository *r)
{
    repository_sandbox(r);
    repository_git_in(r->sandbox, "init", "-q", "-b", "main", r->path, NULL);
}

void repository_free(struct repository *r)
{
    if (!r->sandbox)
        return;
    struct process_result result;
    struct error err;
    const struct call call = {0};
    struct process process = {.argv = (const char *const[]){"rm", "-rf", "--", r->sandbox, NULL}};
    if (process_run(&result, &process, &call, &err) < 0)
        print_error("%s: %s\n", err.what, err.why);
    process_result_clear(&result);
    free(r->sandbox);
    free(r->path);
    free(r->remote);
    *r = (struct repository){0};
}

void repository_write(const struct repository *r, const char *path, const char *content)
{
    char *whole = path_join(r->path, path);
    if (content)
        write_file(whole, content, 0644);
    else
        unlink(whole);
    free(whole);
}

char *repository_read(const struct repository *r, const char *path)
{
    struct buf bytes = {0};
    struct error err;
    char *whole = path_join(r->path, path);
    int failed = file_read(&bytes, whole, 64 << 20, &err);
    free(whole);
    if (!failed)
        return buf_take(&bytes);
    buf_clear(&bytes);
    return NULL;
}

void repository_commit(struct repository *r, const char *path, const char *content, const char *message)
{
    set_date(r);
    r->minutes++;
    repository_write(r, path, content);
    repository_git(r, "add", "-f", "--", path, NULL);
    repository_git(r, "commit", "-q", "--cleanup=verbatim", "--no-verify", "-m", message, "--only", "--", path, NULL);
    char *head = repository_output(r, "rev-parse", "HEAD", NULL);
    snprintf(r->head, sizeof(r->head), "%s", head);
    free(head);
    set_date(r);
}

void repository_tag(struct repository *r, const char *name, const char *message)
{
    if (message)
        repository_git(r, "tag", "-a", "--cleanup=verbatim", "-m", message, "--", name, NULL);
    else
        repository_git(r, "tag", "--", name, NULL);
}

void repository_bare_remote(struct repository *r)
{
    r->remote = path_join(r->sandbox, "remote.git");
    repository_git_in(r->sandbox, "init", "-q", "--bare", "-b", "main", r->remote, NULL);
    repository_git(r, "remote", "add", "origin", r->remote, NULL);
    repository_git(r, "push", "-q", "-u", "origin", "main", "--tags", NULL);
}

void repository_hook(const char *git_dir, const char *name, const char *script)
{
    char path[4096], whole[8192];
    snprintf(path, sizeof(path), "%s/hooks/%s", git_dir, name);
    snprintf(whole, sizeof(whole), "#!/bin/sh\n%s", script);
    write_file(path, whole, 0755);
    chmod(path, 0755);
}
