/*
 * Repositories for tests, built by running git in a sandbox of their own: a temporary directory that is HOME and holds
 * every configuration git reads, with a fixed identity and dates that count up from 2026-01-01T00:00:00Z by a minute a
 * commit, so that object names are the same on every machine. Whatever goes wrong fails the test with git's words.
 *
 *     struct repository r;
 *     repository_new(&r);
 *     repository_commit(&r, "a.txt", "one\n", "feat: one");
 *     repository_tag(&r, "v1.0.0", "first");
 *     repository_bare_remote(&r);
 *     …
 *     repository_free(&r);
 */
#ifndef SIGNALBOX_TESTS_REPOSITORY_H
#define SIGNALBOX_TESTS_REPOSITORY_H

#include "base/compiler.h"

struct repository {
    char *sandbox; /* the temporary directory; HOME, XDG_* and GIT_CONFIG_GLOBAL lie in it */
    char *path;    /* the work tree: SANDBOX/work */
    char *remote;  /* SANDBOX/remote.git; NULL before repository_bare_remote() */
    char head[65]; /* the commit made last */
    int minutes;   /* since the first date */
};

/* Makes the sandbox, points the environment to it, and an empty repository with the branch main. */
void repository_new(struct repository *r);
/* Only the sandbox and the environment: r->path is not there yet. */
void repository_sandbox(struct repository *r);
void repository_free(struct repository *r);

/* Writes a file of the work tree, its directories too. NULL content removes it. */
void repository_write(const struct repository *r, const char *path, const char *content);
/* The file's bytes, NULL when it is not there. Caller frees. */
char *repository_read(const struct repository *r, const char *path);
/* Writes the file and commits it alone; the commit's name is then in r->head. */
void repository_commit(struct repository *r, const char *path, const char *content, const char *message);
/* Tags HEAD; message NULL makes a lightweight one. */
void repository_tag(struct repository *r, const char *name, const char *message);
/* Makes the bare remote "origin", pushes main and all tags there, and sets the upstream. */
void repository_bare_remote(struct repository *r);
/* An executable hook of the repository whose git directory is given: repository_hook(r.remote, "update", "exit 1\n"). */
void repository_hook(const char *git_dir, const char *name, const char *script);

/* Runs git with the arguments up to NULL in the work tree (or in `directory`); a failure fails the test. */
void repository_git(const struct repository *r, ...) __attribute__((sentinel));
void repository_git_in(const char *directory, ...) __attribute__((sentinel));
/* The same; standard output without its last newline. Caller frees. */
char *repository_output(const struct repository *r, ...) __attribute__((sentinel));
char *repository_output_in(const char *directory, ...) __attribute__((sentinel));
/* Git's exit status, whatever it is. */
int repository_try(const struct repository *r, ...) __attribute__((sentinel));

#endif
