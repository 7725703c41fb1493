/*
 * Tag names to versions and back by a pattern with one star, which stands for the version: "v*", "api-v*", "*".
 */
#ifndef SIGNALBOX_VERSION_TAG_PATTERN_H
#define SIGNALBOX_VERSION_TAG_PATTERN_H

#include "base/text.h"
#include "version/semver.h"
#include "version/span.h"

/* ERROR_INVALID unless the pattern has exactly one star and makes names that git takes as a tag. */
int tag_pattern_check(const char *pattern, struct error *err) MUST_CHECK;

enum tag_fit {
    TAG_VERSION,       /* a version of ours */
    TAG_OTHER_PATTERN, /* foreign: does not match ("nightly-2024" for "v*") */
    TAG_NOT_A_VERSION, /* foreign: matches, but what the star stands for is not SemVer ("v1.2") */
};

/* *out views the tag's bytes and is set for TAG_VERSION only. A pattern that is not valid matches nothing. */
enum tag_fit tag_pattern_match(struct semver *out, const char *pattern, const char *tag);

/* Why a tag is passed over, in words: "does not match v*", "“1.2” is no SemVer version: …". Empty for TAG_VERSION. */
void tag_pattern_why(struct text_buf *out, const char *pattern, const char *tag);

/* Appends the tag's name for a version: "v*" and 1.2.3 give v1.2.3. */
void tag_pattern_name(struct buf *out, const char *pattern, const char *version);

#endif
