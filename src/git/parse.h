/*
 * What git prints for machines, read. Pure: bytes in, structs out; any bytes at all are borne, and what is not
 * understood is ERROR_FAILED (or passed over where a newer git may print more).
 */
#ifndef SIGNALBOX_GIT_PARSE_H
#define SIGNALBOX_GIT_PARSE_H

#include <signalbox/source.h>

/* An object name of 40 or 64 hex digits at the start of the bytes: its length, else 0. */
size_t git_parse_oid(const char *bytes, size_t len);

/* Copies an object name out of the bytes; false, and out "", when it is none. */
bool git_parse_oid_copy(char out[OID_HEX], const char *bytes, size_t len);

/* Copies a whole object name, or "". */
void git_oid_set(char out[OID_HEX], const char *oid);

/* Seconds at the start of the string ("1700000000 +0100") as milliseconds; a commit may claim any date, so what lies
 * outside of the years 1970 to 9999 becomes the nearest of them. 0 when there is no number. */
int64_t git_parse_date(const char *string);

/* One reference, from a line of for-each-ref with GIT_REF_FORMAT. Views into the bytes. */
#define GIT_REF_FORMAT                                                                                               \
    "--format=%(refname)%00%(objectname)%00%(objecttype)%00%(*objectname)%00%(*objecttype)%00%(creatordate:raw)"

struct git_ref_line {
    const char *name; /* whole; NUL-terminated, as the others are */
    const char *object, *type;
    const char *peeled, *peeled_type; /* of a tag object one step; "" otherwise */
    const char *date;                 /* "1700000000 +0100"; "" when there is none */
};

typedef int git_ref_fn(void *context, const struct git_ref_line *line, struct error *err);

/* Calls `each` for every line; stops with its error. */
int git_parse_refs(const struct buf *out, git_ref_fn *each, void *context, struct error *err) MUST_CHECK;

/* Commits out of a stream of rev-list with GIT_LOG_FORMAT, given in any pieces. */
#define GIT_LOG_FORMAT "--format=%H%x00%P%x00%an%x00%ct%x00%B%x00"

struct git_log {
    struct buf rest; /* the start of a commit whose end has not come */
    source_commit_fn *each;
    void *context;
    uint64_t count;
    bool stopped, malformed;
};

/* 0, or 1 when no more is wanted: the callback said stop, or the bytes are not such a stream. */
int git_parse_log(void *context, const char *bytes, size_t len);

/* git status --porcelain=v2 -z, appended to *out. */
int git_parse_status(struct source_changes *out, const struct buf *bytes, struct error *err) MUST_CHECK;

/* git ls-remote: branches and tags, a tag's peeled line folded into it. */
int git_parse_ls_remote(struct source_refs *out, const struct buf *bytes, struct error *err) MUST_CHECK;

/*
 * git config --list -z. Keys are spelled as git prints them: section and variable in lower case. The last one counts.
 * NULL when it is not set; "true" when it is named without a value. The view is valid as long as the bytes.
 */
const char *git_parse_value(const struct buf *list, const char *wanted);
bool git_parse_flag(const struct buf *list, const char *key);

/* Name N of "remote.N.url": into *name (caller frees) if it is the only one; false otherwise. */
bool git_parse_only_remote(char **name, const struct buf *list);
bool git_parse_any_key(const struct buf *list, const char *prefix, const char *suffix);

/* Headers and message of a commit or tag object. Views into the bytes. */
struct git_object_parts {
    const char *headers;
    size_t headers_len;
    const char *message;
    size_t message_len;
};

struct git_object_parts git_parse_object(const char *bytes, size_t len);

/* The value of the n-th header of that name; NULL when there is none. */
const char *git_parse_header(const struct git_object_parts *parts, const char *name, int n, size_t *len);

/* Where the signature at the end of a tag's message begins; message_len when there is none. */
size_t git_parse_signature(const char *message, size_t len);

#endif
