/*
 * Role: source. Commits, tags, files of a commit, the work tree, and pushing them to a remote.
 *
 * Every function blocks, honours the call's deadline and cancellation, and may be used from one thread at a time: a
 * job opens its own source. Object names are lower-case hex, OID_HEX bytes with the NUL. Names and messages are raw
 * bytes of strangers: show them only through base/text.h. Times are milliseconds UTC.
 *
 * Changing functions take a permit, ask it as late as they can, compare before they set, set absolute values, and are
 * safe to repeat: done twice is done once. ERROR_CONFLICT means that the world was not as expected and nothing was
 * changed.
 */
#ifndef SIGNALBOX_SOURCE_H
#define SIGNALBOX_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/call.h"
#include <signalbox/permit.h>

enum { OID_HEX = 65 }; /* room for SHA-256; SHA-1 names are 40 long */

/*
 * A tag as it stands in refs/tags. Owned by the array it came in. Names come fast and objects slowly, so the object of a
 * tag may be left unread: then commit is where it seems to lead ("" when nothing tells), when_ms 0, annotated a guess.
 */
struct source_tag {
    char *name;           /* without refs/tags/ */
    char object[OID_HEX]; /* what the reference names: a tag object, or the commit itself */
    char commit[OID_HEX]; /* what it peels to; "" when that is no commit */
    int64_t when_ms;      /* of the tagger, else the committer */
    bool annotated;
    bool read; /* its object was read: all of the above is certain */
};

struct source_tags {
    struct source_tag *items;
    size_t count, cap;
};

/* More about one tag, read when it is looked at. */
struct source_tag_detail {
    char *tagger;  /* name, or NULL for a lightweight one */
    char *message; /* without the signature, or NULL */
    bool has_signature;
};

/* One commit of a walk; everything is borrowed and valid only during the callback. */
struct source_commit {
    const char *id, *parents; /* parents: names with a space between */
    const char *author;       /* name only */
    int64_t when_ms;          /* of the committer */
    const char *message;      /* whole */
    size_t message_len;
};

/* Return 0 to go on, 1 to stop the walk (which then succeeds). */
typedef int source_commit_fn(void *context, const struct source_commit *commit);

enum source_operation { SOURCE_IDLE, SOURCE_MERGE, SOURCE_REBASE, SOURCE_CHERRY_PICK, SOURCE_REVERT, SOURCE_BISECT };

/* What a repository is and how it stands. Owned; source_state_clear(). */
struct source_state {
    char *work_tree;     /* absolute; NULL in a bare repository */
    char *git_dir;       /* absolute; the common directory where there are several work trees */
    char *branch;        /* "main"; NULL when HEAD is detached */
    char head[OID_HEX];  /* "" in a repository without a commit */
    char *remote;        /* of the branch's upstream, else the only remote, else "origin" if it exists; NULL: none */
    char *remote_url;    /* with passwords taken out */
    char *remote_branch; /* "main"; the branch of the upstream, else the same name */
    char upstream[OID_HEX]; /* the remote-tracking reference as last fetched; "" when unknown */
    int ahead, behind;      /* against upstream; 0 when unknown */
    char *author;           /* "Name <mail>" git would commit as; NULL when git has no identity */
    bool shallow, partial, sparse, sha256, submodules;
    enum source_operation operation;
    bool signs_commits, signs_tags; /* commit.gpgSign, tag.gpgSign */
};

/* One path that differs: from HEAD in the index, from the index in the work tree, or not tracked at all. */
struct source_change {
    char *path;
    bool staged, unstaged, untracked, conflicted;
};

struct source_changes {
    struct source_change *items;
    size_t count, cap;
};

struct source_ref {
    char *name; /* whole: refs/heads/main */
    char object[OID_HEX];
    char peeled[OID_HEX]; /* of an annotated tag; else the same as object */
};

struct source_refs {
    struct source_ref *items;
    size_t count, cap;
};

void source_tags_clear(struct source_tags *tags);
void source_tag_detail_clear(struct source_tag_detail *detail);
void source_state_clear(struct source_state *state);
void source_changes_clear(struct source_changes *changes);
void source_refs_clear(struct source_refs *refs);

/* What to commit. Paths are relative to the work tree; nothing but these paths enters the commit. */
struct source_commit_request {
    const char *branch;       /* must be checked out */
    const char *parent;       /* HEAD must be this, else ERROR_CONFLICT */
    const char *const *paths; /* NULL-terminated; their bytes are taken from the work tree */
    const char *message;
};

/* One reference to move at the remote. Absent is "": expect "" means it must not exist, to "" deletes it. */
struct source_push_ref {
    const char *ref;    /* refs/heads/main */
    const char *expect; /* the remote must have this, else ERROR_CONFLICT; NULL: whatever fast-forwards */
    const char *to;     /* an object of ours */
};

struct source {
    const struct source_ops *ops;
    void *self;
};

/* Whether signatures, where the configuration asks for them, can be made now. */
enum source_signing {
    SOURCE_SIGNS_NOTHING,
    SOURCE_SIGNS_FREELY, /* without a question, or with one that askpass carries (SSH keys) */
    SOURCE_SIGNS_ASKING, /* an agent would ask for the key's passphrase or PIN: on a terminal, if it has no window */
};

struct source_ops {
    const char *name;
    void (*close)(void *self);

    int (*state)(void *self, struct source_state *out, const struct call *call, struct error *err);
    /* Tracked files that differ and untracked ones; `untracked` may be false to leave those out. A directory in which
     * nothing is tracked is one entry, its name ending with a slash. ERROR_REFUSED in a bare repository. */
    int (*changes)(void *self, struct source_changes *out, bool untracked, const struct call *call,
                   struct error *err);

    /* All tags, in no order; their objects may be unread. */
    int (*tags)(void *self, struct source_tags *out, const struct call *call, struct error *err);
    /* Reads the objects of these tags, as far as they are unread. */
    int (*read_tags)(void *self, struct source_tag *const *tags, size_t count, const struct call *call,
                     struct error *err);
    int (*tag_detail)(void *self, struct source_tag_detail *out, const char *name, const struct call *call,
                      struct error *err);

    /* Commits reachable from `to` and not from any of `not_from` (NULL-terminated, may be NULL), newest first. When
     * `path` is not NULL only those that touch it. */
    int (*walk)(void *self, const char *to, const char *const *not_from, const char *path, source_commit_fn *each,
                void *context, const struct call *call, struct error *err);
    /* The commit a name means ("main", "v1.2", "HEAD~2"). ERROR_NOT_FOUND. */
    int (*resolve)(void *self, char out[OID_HEX], const char *name, const struct call *call, struct error *err);
    /* Is `ancestor` reachable from `commit`? (equal counts) */
    int (*is_ancestor)(void *self, bool *out, const char *ancestor, const char *commit, const struct call *call,
                       struct error *err);
    /* A file as a commit has it. ERROR_NOT_FOUND when it has none. */
    int (*read_file)(void *self, struct buf *out, const char *commit, const char *path, const struct call *call,
                     struct error *err);
    /* Object a local reference names (whole name); "" when there is none. `peeled` (may be NULL) gets the commit. */
    int (*read_ref)(void *self, char object[OID_HEX], char peeled[OID_HEX], const char *ref, const struct call *call,
                    struct error *err);
    /* Tree, parents and whole message of one commit, for comparing it with what was meant. */
    int (*read_commit)(void *self, char tree[OID_HEX], struct buf *parents, struct buf *message, const char *commit,
                       const struct call *call, struct error *err);
    /* The tree a commit of `paths` on `parent` would have, with their present bytes; writes objects only. */
    int (*plan_tree)(void *self, char tree[OID_HEX], const struct source_commit_request *request,
                     const struct call *call, struct error *err);
    /* Tries the key on nothing, without asking anybody (a card may want to be touched). ERROR_FAILED: it cannot sign at
     * all, with the reason; ERROR_NOT_FOUND: the program that signs is not there. */
    int (*signing)(void *self, enum source_signing *out, const struct call *call, struct error *err);
    /* Signs nothing, so that the agent asks now and keeps the key unlocked for a while: on `terminal` (its name, free for
     * the agent to draw on), or NULL where only a window could be. ERROR_CANCELLED (the person said no), ERROR_REFUSED
     * (there was no way to ask), and as signing(). Nothing is done where nothing would be asked. */
    int (*unlock)(void *self, const char *terminal, const struct call *call, struct error *err);
    /* References of the remote as it has them now (branches and tags). Asks the network. */
    int (*remote_refs)(void *self, struct source_refs *out, const char *remote, const struct call *call,
                       struct error *err);
    int (*fetch)(void *self, const char *remote, const char *branch, const struct call *call, struct error *err);

    /* Commits as `git commit` does: hooks run, signed as configured. The new commit's name comes out. The message is
     * taken as it is, but for a newline at its end; other staged changes stay staged. ERROR_INVALID when the paths are
     * as the parent has them; ERROR_REFUSED when a hook says no (in its words), nobody is there to commit as, a merge
     * or the like goes on, or a path is ignored. A commit of just this request that is there already is found. */
    int (*commit)(void *self, char out[OID_HEX], const struct source_commit_request *request,
                  const struct permit *permit, const struct call *call, struct error *err);
    /* An annotated tag, signed as configured. ERROR_EXISTS when the name is taken: by another commit, a lightweight
     * tag, or an unsigned one where tags are to be signed. */
    int (*tag)(void *self, char out[OID_HEX], const char *name, const char *commit, const char *message,
               const struct permit *permit, const struct call *call, struct error *err);
    /* Moves a local reference by compare-and-swap: expect "" makes it, to "" deletes it. */
    int (*move_ref)(void *self, const char *ref, const char *expect, const char *to, const struct permit *permit,
                    const struct call *call, struct error *err);
    /* Makes HEAD name another branch, touching neither index nor work tree. HEAD must name branch `expect`, else
     * ERROR_CONFLICT (naming `to` already is done). Short names. */
    int (*attach)(void *self, const char *expect, const char *to, const struct permit *permit,
                  const struct call *call, struct error *err);
    /* Sets the given paths in index and work tree to what `commit` has (deletes those it lacks), leaving others. */
    int (*restore)(void *self, const char *commit, const char *const *paths, const struct permit *permit,
                   const struct call *call, struct error *err);
    /* The same in the index alone: the work tree keeps its bytes, which the caller looks after. */
    int (*restore_index)(void *self, const char *commit, const char *const *paths, const struct permit *permit,
                         const struct call *call, struct error *err);
    /* All of the references or none (--atomic). Never a force: a branch only goes forward, a public tag is neither
     * moved nor deleted (ERROR_REFUSED before anything is sent). ERROR_REFUSED: the remote or the pre-push hook said
     * no (its words in why), or cannot take several at once; ERROR_CONFLICT: the remote is not as expected; nothing
     * moved in either case. ERROR_UNAVAILABLE and ERROR_CANCELLED: look at the remote, it may have arrived. */
    int (*push)(void *self, const char *remote, const struct source_push_ref *refs, size_t count,
                const struct permit *permit, const struct call *call, struct error *err);
};

/* All tags with their objects read. */
int source_tags_whole(struct source_tags *out, struct source source, const struct call *call, struct error *err);

#endif
