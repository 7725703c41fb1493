/* What is wrong or doubtful in a changelog, each with its line, in the order of the lines. */
#ifndef SIGNALBOX_VERSION_CHANGELOG_CHECK_H
#define SIGNALBOX_VERSION_CHANGELOG_CHECK_H

#include "version/changelog.h"

enum finding_kind {
    FINDING_DUPLICATE,
    FINDING_ORDER,
    FINDING_NO_DATE,
    FINDING_BAD_DATE,
    FINDING_EMPTY,
    FINDING_NO_REFERENCE,
    FINDING_UNRELEASED, /* several, or not on top */
    FINDING_NO_SEMVER,
    FINDING_CATEGORY, /* a category at a section's level, or twice in a section */
};

struct changelog_finding {
    enum finding_kind kind;
    size_t line;
    struct text_buf words; /* one sentence without a full stop */
};

struct changelog_findings {
    struct changelog_finding *items;
    size_t count, cap;
};

void changelog_check(struct changelog_findings *out, const struct changelog *log);
void changelog_findings_clear(struct changelog_findings *findings);

/* "duplicate", "order", "no-date", … as --json prints it. */
const char *finding_name(enum finding_kind kind);

#endif
