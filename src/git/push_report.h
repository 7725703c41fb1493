/* What `git push --porcelain` prints, read. Pure. */
#ifndef SIGNALBOX_GIT_PUSH_REPORT_H
#define SIGNALBOX_GIT_PUSH_REPORT_H

#include <stdbool.h>

#include "base/buf.h"

enum push_verdict {
    PUSH_TAKEN,    /* moved, made, deleted, or as wanted already */
    PUSH_REFUSED,  /* the remote's rule or hook said no */
    PUSH_MOVED_ON, /* the remote is not where it was expected, or would lose commits */
    PUSH_WITH_IT,  /* only because another reference of the same push was refused */
    PUSH_UNKNOWN,  /* sent, and the remote did not say what became of it */
    PUSH_BROKEN,   /* git itself could not */
};

/* One reference of the report; views into its bytes, not NUL-terminated. */
struct push_line {
    enum push_verdict verdict;
    const char *ref; /* at the remote */
    size_t ref_len;
    const char *reason; /* "pre-receive hook declined"; the summary where no reason stands in brackets */
    size_t reason_len;
};

/* The next line about a reference from *at on, which moves behind it; false at the end. Other lines are passed over. */
bool push_report_next(struct push_line *out, const struct buf *report, size_t *at);

/* The line that says why the push failed as a whole: the worst, the first of equals. False when all were taken. */
bool push_report_worst(struct push_line *out, const struct buf *report);

#endif
