/*
 * Inside this room: the repository as every file here knows it, and how a git program is run in it.
 *
 * One implementation per operation. It is the `git` program, which runs hooks, signs, merges settings, walks twice as
 * fast as libgit2 and reads whatever its own version can read: sha256, reftable, worktreeConfig, sparse and partial
 * clones. What a screen waits for (opening, HEAD, tags) libgit2 does in this process, where it can: see git/library.h.
 */
#ifndef SIGNALBOX_GIT_GIT_H
#define SIGNALBOX_GIT_GIT_H

#include <signalbox/source.h>

#include "base/process.h"

/* An open repository. Owned by the source whose `self` it is. */
struct git {
    char *where;      /* where children run: the work tree, or the git directory of a bare repository */
    char *work_tree;  /* absolute; NULL when bare */
    char *git_dir;    /* absolute; of this work tree: HEAD, MERGE_HEAD, index */
    char *common_dir; /* absolute; references, objects, configuration; often the same */
    bool sha256;
    struct git_repository *library; /* the same, as libgit2 has it open; NULL where that cannot read it */
};

/* How a child touches the world; decides what its environment allows. */
enum git_manner {
    GIT_LOOKS,   /* takes no lock and never the network, not even for what a partial clone lacks */
    GIT_FETCHES, /* reads, and may ask the network: remotes, missing objects of a partial clone */
    GIT_CHANGES, /* writes; hooks run */
};

struct git_child {
    const char *const *args; /* after "git", NULL-terminated */
    enum git_manner manner;
    const char *index; /* another index file; NULL: the repository's */
    const void *input;
    size_t input_len;
    size_t output_limit;
    int (*on_output)(void *context, const char *bytes, size_t len);
    void *context;
    struct text waits_for; /* see struct process */
};

#define GIT_ARGS(...)                                                                                                \
    (const char *const[])                                                                                            \
    {                                                                                                                \
        __VA_ARGS__, (char *)NULL                                                                                    \
    }

/* Runs it in git->where, whatever its status; errors as process_run(). *result is to be cleared in every case. */
int git_child_run(struct process_result *result, const struct git *git, const struct git_child *child,
                  const struct call *call, struct error *err) MUST_CHECK;

/* The same, and another status than 0 is an error in git's words (git/words.h). */
int git_child_check(struct process_result *result, const struct git *git, const struct git_child *child,
                    const struct call *call, struct error *err) MUST_CHECK;

/* The same before a repository is known. */
int git_child_run_in(struct process_result *result, const char *directory, const struct git_child *child,
                     const struct call *call, struct error *err) MUST_CHECK;

/* An argument list under construction; borrows its strings. Always NULL-terminated. */
struct git_args {
    const char **items;
    size_t count, cap;
};

void git_args_add(struct git_args *args, const char *arg);
void git_args_add_all(struct git_args *args, const char *const *list);
void git_args_clear(struct git_args *args);

/*
 * What children find in their environment, also those that are not git itself. `terminal`: what GnuPG may ask on; NULL:
 * what commands are started on, and none in the console.
 */
struct git_environment {
    struct git_args settings; /* for struct process */
    char *owned[8];
    size_t count;
};

void git_environment_init(struct git_environment *env, enum git_manner manner, const char *terminal);
void git_environment_clear(struct git_environment *env);

/* Asks the permit for the last time, and the call. To be called right before a child that changes something. */
int git_permitted(const struct permit *permit, const struct call *call, const char *what,
                  struct error *err) MUST_CHECK;

/* The message, with the newline at its end that a commit or tag is expected to have. */
void git_message(struct buf *out, const char *message);

/* Refuses a name that git could take for an option, or that no name can be. `kind` is the word: "commit". */
int git_name_check(const char *name, const char *kind, struct error *err) MUST_CHECK;

/* git/paths.c: refuses paths that are empty, absolute, lead out of the work tree or into .git, and an empty list. */
int git_paths_check(const char *const *paths, struct error *err) MUST_CHECK;

/* Runs a listing command (-z) over the paths, appending what it prints; and whether a path is among that. */
int git_paths_list(const struct git *git, struct buf *out, const char *const *command, const char *const *paths,
                   const struct call *call, struct error *err) MUST_CHECK;
bool git_paths_listed(const struct buf *list, const char *path);

/* ERROR_REFUSED in a bare repository. `what`: "Cannot commit". */
int git_needs_work_tree(const struct git *git, const char *what, struct error *err) MUST_CHECK;

/* The branch checked out (NULL when detached; caller frees) and the commit it is at ("" when there is none yet). */
int git_read_head(const struct git *git, char **branch, char commit[OID_HEX], const struct call *call,
                  struct error *err) MUST_CHECK;

/* What git config --list -z prints, for git_parse_value() and its kin; and whether annotated tags are to be signed. */
int git_settings(const struct git *git, struct buf *out, const struct call *call, struct error *err) MUST_CHECK;
bool git_signs_tags(const struct buf *settings);

enum source_operation git_operation(const struct git *git);

/*
 * The first of the hooks (NULL-terminated) that is there and would run: its name, else NULL. To say who it was that
 * refused: git itself does not tell.
 */
const char *git_hook(const struct git *git, const char *const *names, const struct call *call);

/*
 * git/signing.c: git keeps to itself why the signing program failed, so it is asked again, on nothing and without a
 * question: *err, which says that something could not be signed, gets the reason and the advice. Returns -1.
 */
int git_signing_explain(const struct git *git, const struct call *call, struct error *err);

/* git/child.c: is the git in PATH new enough? ERROR_REFUSED. Asked once. */
int git_check_version(const char *directory, const struct call *call, struct error *err) MUST_CHECK;

/* git/open.c. */
int git_open(struct git *out, const char *path, const struct call *call, struct error *err) MUST_CHECK;
void git_close(struct git *git);

/* The functions of the role; promises in include/signalbox/source.h. `self` is a struct git. */
int git_source_state(void *self, struct source_state *out, const struct call *call, struct error *err);
int git_source_changes(void *self, struct source_changes *out, bool untracked, const struct call *call,
                       struct error *err);
int git_source_tags(void *self, struct source_tags *out, const struct call *call, struct error *err);
int git_source_read_tags(void *self, struct source_tag *const *tags, size_t count, const struct call *call,
                         struct error *err);
int git_source_tag_detail(void *self, struct source_tag_detail *out, const char *name, const struct call *call,
                          struct error *err);
int git_source_walk(void *self, const char *to, const char *const *not_from, const char *path, source_commit_fn *each,
                    void *context, const struct call *call, struct error *err);
int git_source_resolve(void *self, char out[OID_HEX], const char *name, const struct call *call, struct error *err);
int git_source_is_ancestor(void *self, bool *out, const char *ancestor, const char *commit, const struct call *call,
                           struct error *err);
int git_source_read_file(void *self, struct buf *out, const char *commit, const char *path, const struct call *call,
                         struct error *err);
int git_source_read_ref(void *self, char object[OID_HEX], char peeled[OID_HEX], const char *ref,
                        const struct call *call, struct error *err);
int git_source_read_commit(void *self, char tree[OID_HEX], struct buf *parents, struct buf *message,
                           const char *commit, const struct call *call, struct error *err);
int git_source_plan_tree(void *self, char tree[OID_HEX], const struct source_commit_request *request,
                         const struct call *call, struct error *err);
int git_source_signing(void *self, enum source_signing *out, const struct call *call, struct error *err);
int git_source_unlock(void *self, const char *terminal, const struct call *call, struct error *err);
int git_source_remote_refs(void *self, struct source_refs *out, const char *remote, const struct call *call,
                           struct error *err);
int git_source_fetch(void *self, const char *remote, const char *branch, const struct call *call, struct error *err);
int git_source_commit(void *self, char out[OID_HEX], const struct source_commit_request *request,
                      const struct permit *permit, const struct call *call, struct error *err);
int git_source_tag(void *self, char out[OID_HEX], const char *name, const char *commit, const char *message,
                   const struct permit *permit, const struct call *call, struct error *err);
int git_source_move_ref(void *self, const char *ref, const char *expect, const char *to, const struct permit *permit,
                        const struct call *call, struct error *err);
int git_source_attach(void *self, const char *expect, const char *to, const struct permit *permit,
                      const struct call *call, struct error *err);
int git_source_restore(void *self, const char *commit, const char *const *paths, const struct permit *permit,
                       const struct call *call, struct error *err);
int git_source_restore_index(void *self, const char *commit, const char *const *paths, const struct permit *permit,
                             const struct call *call, struct error *err);
int git_source_push(void *self, const char *remote, const struct source_push_ref *refs, size_t count,
                    const struct permit *permit, const struct call *call, struct error *err);

#endif
