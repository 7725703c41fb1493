/*
 * What libgit2 does faster than a child would, for the repositories it can read: opening, where HEAD is, the names of
 * all tags, and the objects of those one asks for. (1,000 tags listed: 0.7 ms, git for-each-ref 10 ms. Walking and
 * ancestry stay with the program: libgit2 takes twice as long.) What it cannot read (sha256, reftable, worktreeConfig,
 * somebody else's repository) goes through the program, whose words say what is wrong.
 */
#ifndef SIGNALBOX_GIT_LIBRARY_H
#define SIGNALBOX_GIT_LIBRARY_H

#include "git/git.h"

/* Opens what `directory` lies in. False, and nothing done, when the program has to look at it: also for a bare
 * repository and from within a git directory. */
bool git_library_open(struct git *out, const char *directory);

/* The commit HEAD is at; false when it cannot tell, or there is none. */
bool git_library_head(const struct git *git, char out[OID_HEX]);

/* Appends all tags, not yet read. False, and nothing appended, when they cannot be listed. */
bool git_library_tags(const struct git *git, struct source_tags *out);

/* As read_tags of the role. */
int git_library_read_tags(const struct git *git, struct source_tag *const *tags, size_t count,
                          const struct call *call, struct error *err) MUST_CHECK;

#endif
