/* A service in a real repository with a remote and a store, ready to be released. */
#ifndef SIGNALBOX_TESTS_RELEASE_ROOM_H
#define SIGNALBOX_TESTS_RELEASE_ROOM_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/memory.h"
#include "git/git_source.h"
#include "release/release.h"
#include "store/sqlite_store.h"
#include "tests/support/repository.h"

#define ROOM_CHANGELOG                                                                                               \
    "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- Live odds, by hand\n\n## [1.0.0] - 2026-01-01\n\n"             \
    "### Added\n\n- Everything\n"
#define ROOM_PACKAGE "{\n  \"name\": \"api\",\n  \"version\": \"1.0.0\"\n}\n"

struct room {
    struct repository repo;
    struct source source;
    struct store store;
    struct settings settings;
    struct service_settings service;
    struct release_desk desk;
    struct call call;
    char *version_files[4];
};

/* Opens source and store anew, as another process would. */
static inline void room_open(struct room *r)
{
    struct error err;
    CLEANUP(free_string) char *state = path_join(r->repo.sandbox, "state");
    if (git_source_open(&r->source, r->repo.path, &r->call, &err) < 0 ||
        sqlite_store_open(&r->store, state, &r->call, &err) < 0)
        fail_msg("%s: %s", err.what, err.why);
    r->desk.source = r->source;
    r->desk.store = r->store;
}

static inline void room_close(struct room *r)
{
    r->source.ops->close(r->source.self);
    r->store.ops->close(r->store.self);
}

static inline void room_settings(struct room *r)
{
    static char name[] = "api", path[] = "", pattern[] = "v*", changelog[] = "CHANGELOG.md",
                package[] = "package.json";
    static char branch[] = "", remote[] = "", prefix[] = "release/", commit[] = "release: {tag}",
                tag[] = "{tag}\n\n{notes}", initial[] = "0.1.0";
    r->version_files[0] = package;
    r->service = (struct service_settings){name, path, pattern, changelog, r->version_files};
    r->settings = (struct settings){.project = name,
                                    .environment = path,
                                    .services = &r->service,
                                    .service_count = 1,
                                    .release = {.mode = RELEASE_DIRECT,
                                                .branch = branch,
                                                .remote = remote,
                                                .candidate_prefix = prefix,
                                                .commit_message = commit,
                                                .tag_message = tag,
                                                .initial = initial,
                                                .push = true}};
    r->desk = (struct release_desk){.settings = &r->settings, .service = &r->service, .actor = "maria@ops1"};
}

/* v1.0.0, then a feature and a fix; a remote that has all of it. */
static inline void room_new(struct room *r)
{
    memset(r, 0, sizeof(*r));
    repository_new(&r->repo);
    repository_commit(&r->repo, "package.json", ROOM_PACKAGE, "chore: begin");
    repository_commit(&r->repo, "CHANGELOG.md", ROOM_CHANGELOG, "docs: changelog");
    repository_tag(&r->repo, "v1.0.0", "first");
    repository_commit(&r->repo, "odds.c", "odds\n", "feat(odds): stream live odds (#412)");
    repository_commit(&r->repo, "feed.c", "feed\n", "fix: retry the score feed");
    repository_bare_remote(&r->repo);
    setenv("SOURCE_DATE_EPOCH", "1798761600", 1); /* 2027-01-01 */
    setenv("GIT_AUTHOR_DATE", "1798761600 +0000", 1);
    setenv("GIT_COMMITTER_DATE", "1798761600 +0000", 1);
    room_settings(r);
    room_open(r);
}

static inline void room_free(struct room *r)
{
    room_close(r);
    repository_free(&r->repo);
    unsetenv("SOURCE_DATE_EPOCH");
    unsetenv("GIT_AUTHOR_DATE");
    unsetenv("GIT_COMMITTER_DATE");
}

/* Everything that undo must bring back, and that two ways of releasing must agree on. */
static inline char *room_snapshot(const struct room *r, bool with_remote)
{
    struct buf all = {0};
    char *parts[] = {
        repository_output(&r->repo, "status", "--porcelain=v2", "--untracked-files=all", NULL),
        repository_output(&r->repo, "for-each-ref", "--format=%(refname) %(objectname)", "refs/heads", "refs/tags",
                          NULL),
        repository_output(&r->repo, "symbolic-ref", "HEAD", NULL),
        repository_output(&r->repo, "ls-files", "--stage", NULL),
        repository_read(&r->repo, "CHANGELOG.md"),
        repository_read(&r->repo, "package.json"),
        with_remote ? repository_output_in(r->repo.remote, "for-each-ref", "--format=%(refname) %(objectname)", NULL)
                    : NULL,
    };
    for (size_t i = 0; i < COUNT(parts); i++) {
        buf_addf(&all, "[%zu]\n%s\n", i, parts[i] ? parts[i] : "-");
        free(parts[i]);
    }
    return buf_take(&all);
}

static inline const struct release_finding *room_finding(const struct release_proposal *proposal, const char *code)
{
    for (size_t i = 0; i < proposal->findings.count; i++)
        if (strcmp(proposal->findings.items[i].code, code) == 0)
            return &proposal->findings.items[i];
    return NULL;
}

static inline void room_propose(struct release_proposal *out, struct room *r, struct release_options options)
{
    struct error err;
    options.now_ms = 1798761600000;
    if (release_prepare(out, &r->desk, &options, &r->call, &err) < 0)
        fail_msg("%s: %s (%s)", err.what, err.why, err.todo);
}

static inline void room_ready(const struct release_proposal *proposal)
{
    if (release_proposal_ready(proposal))
        return;
    const struct release_finding *f = proposal->findings.count ? &proposal->findings.items[0] : NULL;
    fail_msg("not ready: %.*s", f ? (int)f->what.len : 0, f ? f->what.safe : "");
}

/* Proposes and begins; the run's id. Caller frees. */
static inline char *room_begin(struct room *r, struct release_options options)
{
    struct release_proposal proposal;
    struct run_info info;
    struct error err;
    room_propose(&proposal, r, options);
    room_ready(&proposal);
    if (release_begin(&info, &r->desk, &proposal, "", &r->call, &err) < 0)
        fail_msg("%s: %s", err.what, err.why);
    char *id = mem_string(info.id);
    run_info_clear(&info);
    release_proposal_clear(&proposal);
    return id;
}

/* Drives; a failure fails the test. */
static inline enum run_status room_drive(struct room *r, const char *id)
{
    enum run_status status;
    struct error err = {0};
    if (release_drive(&status, &r->desk, id, &r->call, &err) < 0)
        fail_msg("%s: %s (%s)", err.what, err.why, err.todo);
    return status;
}

/* Drives, and expects an error of that kind. */
static inline struct error room_drive_fails(struct room *r, const char *id, enum error_kind kind)
{
    enum run_status status;
    struct error err = {0};
    assert_int_equal(release_drive(&status, &r->desk, id, &r->call, &err), -1);
    if (err.kind != kind)
        fail_msg("another error than expected: %s: %s", err.what, err.why);
    return err;
}

/* Why the run holds. */
static inline void room_holds_with(struct room *r, const char *id, const char *words)
{
    struct release_view view;
    struct error err;
    assert_int_equal(release_look(&view, &r->desk, id, &r->call, &err), 0);
    assert_int_equal(view.info.status, RUN_HELD);
    CLEANUP(free_string) char *reason = mem_bytes(view.reason.safe ? view.reason.safe : "", view.reason.len);
    if (!strstr(reason, words))
        fail_msg("it holds with: %s", reason);
    release_view_clear(&view);
}

/* Takes it back, to the end. */
static inline void room_undo(struct room *r, const char *id)
{
    struct run_info info;
    struct error err;
    if (release_undo(&info, &r->desk, id, "test", &r->call, &err) < 0)
        fail_msg("%s: %s (%s)", err.what, err.why, err.todo);
    assert_int_equal(room_drive(r, info.id), RUN_FINISHED);
    run_info_clear(&info);
}

static inline char *room_rev(const struct room *r, const char *name)
{
    return repository_output(&r->repo, "rev-parse", "--verify", "--quiet", name, NULL);
}

static inline void assert_file(const struct room *r, const char *path, const char *content)
{
    char *bytes = repository_read(&r->repo, path);
    assert_non_null(bytes);
    assert_string_equal(bytes, content);
    free(bytes);
}

static inline void assert_output(char *output, const char *expected)
{
    assert_string_equal(output, expected);
    free(output);
}

static inline int room_setup(void **state)
{
    struct room *r = mem_alloc(sizeof(*r));
    room_new(r);
    *state = r;
    return 0;
}

static inline int room_teardown(void **state)
{
    room_free(*state);
    free(*state);
    return 0;
}

#define ROOM_TEST(test) cmocka_unit_test_setup_teardown(test, room_setup, room_teardown)

#endif
