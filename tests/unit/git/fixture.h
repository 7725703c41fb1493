/* A repository in its sandbox and the source opened on it; what all tests of this room begin with. */
#ifndef SIGNALBOX_TESTS_GIT_FIXTURE_H
#define SIGNALBOX_TESTS_GIT_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/compiler.h"
#include "base/memory.h"
#include "git/git_source.h"
#include "tests/support/permit.h"
#include "tests/support/repository.h"

struct fixture {
    struct repository r;
    struct source s;
};

static const struct call no_limit UNUSED = {0};

/* The act must work; otherwise the test fails with its words. */
#define OK(act)                                                                                                      \
    do {                                                                                                             \
        struct error err = {0};                                                                                      \
        if ((act) < 0)                                                                                               \
            fail_msg("%s: %s (%s)", err.what, err.why, #act);                                                        \
    } while (0)

/* The act must fail with that kind of error, with the phrase in what or why ("" for any). */
#define REFUSES(act, expected, phrase)                                                                               \
    do {                                                                                                             \
        struct error err = {0};                                                                                      \
        if ((act) == 0)                                                                                              \
            fail_msg("should have failed: %s", #act);                                                                \
        if (err.kind != (expected) || (!strstr(err.what, phrase) && !strstr(err.why, phrase)))                       \
            fail_msg("%s: %s: %s (wanted %s, \"%s\")", error_kind_name(err.kind), err.what, err.why,                 \
                     error_kind_name(expected), phrase);                                                             \
    } while (0)

static inline void fixture_open(struct fixture *f)
{
    OK(git_source_open(&f->s, f->r.path, &no_limit, &err));
}

/* One commit on main: a file, a directory with another. */
static inline void fixture_new(struct fixture *f)
{
    *f = (struct fixture){0};
    repository_new(&f->r);
    repository_commit(&f->r, "a.txt", "one\n", "feat: one");
    fixture_open(f);
}

static inline void fixture_free(struct fixture *f)
{
    if (f->s.ops)
        f->s.ops->close(f->s.self);
    repository_free(&f->r);
}

/* The request for the usual case: main, on the commit made last. */
static inline struct source_commit_request fixture_request(const struct fixture *f, const char *const *paths,
                                                           const char *message)
{
    return (struct source_commit_request){.branch = "main", .parent = f->r.head, .paths = paths, .message = message};
}

static inline int fixture_commit(struct fixture *f, char out[OID_HEX], const char *const *paths, const char *message,
                                 struct error *err)
{
    struct source_commit_request request = fixture_request(f, paths, message);
    return f->s.ops->commit(f->s.self, out, &request, &test_permit, &no_limit, err);
}

#define PATHS(...)                                                                                                   \
    (const char *const[])                                                                                            \
    {                                                                                                                \
        __VA_ARGS__, (char *)NULL                                                                                    \
    }

/* What git prints for these arguments is exactly this. */
#define assert_git(f, expected, ...)                                                                                 \
    do {                                                                                                             \
        char *printed = repository_output(&(f)->r, __VA_ARGS__, NULL);                                               \
        assert_string_equal(printed, expected);                                                                      \
        free(printed);                                                                                               \
    } while (0)

#endif
