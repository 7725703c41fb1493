/*
 * Semantic Versioning 2.0.0 (semver.org), strictly: "v1.2.3", "1.2" and " 1.2.3" are no versions. Numbers are of any
 * length; nothing overflows.
 *
 * A struct semver is a view: it owns nothing, copies freely, and the bytes it was parsed from must outlive it.
 */
#ifndef SIGNALBOX_VERSION_SEMVER_H
#define SIGNALBOX_VERSION_SEMVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"

/*
 * Invariant: text[0..len) matches the grammar; major, minor and patch start at 0, minor_at and patch_at. number[] caches
 * them; UINT64_MAX stands for "longer than 19 digits, look at the text". The core ends at core_len; the prerelease is
 * text[core_len + 1..pre_end) when pre_end > core_len; the build metadata is what follows the '+', if anything does.
 */
struct semver {
    const char *text;
    uint32_t len;
    uint32_t minor_at, patch_at, core_len, pre_end;
    uint64_t number[3];
};

/* False when the bytes are no version; *out is untouched then. len at most 2^31. */
bool semver_parse(struct semver *out, const char *text, size_t len);
bool semver_parse_string(struct semver *out, const char *string);

/* The same with an error that says where and why: ERROR_INVALID. */
int semver_read(struct semver *out, const char *text, size_t len, struct error *err) MUST_CHECK;

/* Precedence: negative, 0, positive. Build metadata does not count. */
int semver_compare(const struct semver *a, const struct semver *b);

/* A total order for sorting: precedence, then the bytes of the text. 0 only for equal texts. */
int semver_order(const struct semver *a, const struct semver *b);

/* Sorts by semver_order, oldest first. Stable in effect, since equal elements have equal texts. */
void semver_sort(struct semver *items, size_t count);

bool semver_is_prerelease(const struct semver *v);
bool semver_is_zero_major(const struct semver *v); /* 0.x.y: anything may change */

/*
 * The bumps, with node-semver's meanings. A prerelease is before its release, so that patch of 1.2.3-4 is 1.2.3, minor
 * of 1.3.0-1 is 1.3.0. Build metadata is dropped.
 */
enum semver_bump {
    SEMVER_MAJOR,
    SEMVER_MINOR,
    SEMVER_PATCH,
    SEMVER_PREMAJOR,   /* 1.2.3 -> 2.0.0-ID.N */
    SEMVER_PREMINOR,   /* 1.2.3 -> 1.3.0-ID.N */
    SEMVER_PREPATCH,   /* 1.2.3 -> 1.2.4-ID.N */
    SEMVER_PRERELEASE, /* counts up the last number of the prerelease; of a release: prepatch */
    SEMVER_RELEASE,    /* finalize: drops the prerelease. ERROR_INVALID when there is none */
};

/* Where a new prerelease starts counting. */
enum semver_base { SEMVER_FROM_0, SEMVER_FROM_1, SEMVER_NO_NUMBER };

/*
 * Appends the bumped version to *out. `id` is the prerelease's name ("beta", "alpha.1"; NULL or "": none), only read by
 * the bumps that make one. ERROR_INVALID: the id is none, a prerelease without id or number, nothing to finalize, or
 * SEMVER_NO_NUMBER where that very prerelease exists.
 */
int semver_bump(struct buf *out, const struct semver *from, enum semver_bump bump, const char *id,
                enum semver_base base, struct error *err) MUST_CHECK;

/*
 * What the commands call "prerelease": start one of the given bump (major, minor or patch), counting from 1:
 * 1.2.3 with minor and "beta" -> 1.3.0-beta.1. A bump that a present prerelease already makes stays:
 * 1.3.0-beta.2 with minor and "rc" -> 1.3.0-rc.1. ERROR_INVALID also when the result would not be newer.
 */
int semver_start(struct buf *out, const struct semver *from, enum semver_bump bump, const char *id,
                 struct error *err) MUST_CHECK;

/* beta.1 -> beta.2; beta -> beta.1. ERROR_INVALID when it is no prerelease. */
int semver_increment(struct buf *out, const struct semver *from, struct error *err) MUST_CHECK;

/* "major", "premajor", …, "release"; -1 for another word. And the word of a bump. */
int semver_bump_of(const char *word);
const char *semver_bump_name(enum semver_bump bump);

/*
 * Appends the version cut down to the given part: minor of 4.5.6-rc.2 is 4.5.0; patch drops prerelease and build; the
 * bumps of prereleases drop the build only.
 */
void semver_truncate(struct buf *out, const struct semver *from, enum semver_bump part);

/* Appends the number after this one: digits of any length. */
void semver_add_plus_one(struct buf *out, const char *digits, size_t len);

#endif
