/*
 * A git that is killed (with us, by the machine's end of memory, by a second Ctrl-C) leaves its lock files behind, and
 * every later git trips over them. While a git of ours changes something, a mark lies in the git directory: a file that
 * our process holds a flock on, which the kernel lets go when the process ends, however it ends. A mark that nobody
 * holds therefore tells that a git of ours was cut off, and since when there may be locks of it.
 *
 * Such a lock is taken away when it is provably nobody's any more: it is ours and not older than the mark, and no git
 * that can be seen runs in this repository. Otherwise it stays, git says which it is, and git/words.c what to do.
 */
#ifndef SIGNALBOX_GIT_LOCKS_H
#define SIGNALBOX_GIT_LOCKS_H

#include "git/git.h"

/* A mark that we hold. Owned; git_mark_remove() or git_mark_leave(). */
struct git_mark {
    int fd; /* -1: there is none, because the file system cannot; then nothing is proved later */
    char *path;
};

/* Takes away what is provably left over, then sets our own mark. Never fails: git itself finds what is in its way. */
void git_mark_set(struct git_mark *out, const struct git *git, const struct call *call);

/* After a git that ended by itself; and after one that was killed, whose locks the next mark finds. */
void git_mark_remove(struct git_mark *mark);
void git_mark_leave(struct git_mark *mark);

#endif
