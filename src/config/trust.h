/*
 * Trust in a repository's own configuration. A clone is a stranger's: keys that execute or connect count only while the
 * bytes of `.signalbox` and of everything it includes are those that were there at `signalbox trust`. The hash is kept
 * in $XDG_STATE_HOME/signalbox/trust/, one small file a work tree.
 */
#ifndef SIGNALBOX_CONFIG_TRUST_H
#define SIGNALBOX_CONFIG_TRUST_H

#include "base/error.h"
#include "base/hash.h"

enum trust {
    TRUST_NEVER,   /* was never given */
    TRUST_CHANGED, /* was given to other bytes */
    TRUST_GIVEN,
};

/* SHA-256 over the file and its includes, each with path and length; ERROR_NOT_FOUND without a file. */
int trust_fingerprint(char out[HASH_HEX], const char *file, struct error *err) MUST_CHECK;

int trust_look(enum trust *out, const char *root, const char *file, struct error *err) MUST_CHECK;
/* Trusts exactly the bytes that have this fingerprint: those a person was shown. */
int trust_give(const char *root, const char fingerprint[HASH_HEX], struct error *err) MUST_CHECK;
/* Nothing to revoke is no error. */
int trust_revoke(const char *root, struct error *err) MUST_CHECK;

#endif
