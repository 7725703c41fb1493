#include "git/push_report.h"

#include <string.h>

#include "base/compiler.h"

static bool has(const char *bytes, size_t len, const char *phrase)
{
    return len && memmem(bytes, len, phrase, strlen(phrase)) != NULL;
}

/* The first that fits; "[remote rejected]" and "[rejected]" are told apart by the bracket. */
static const struct {
    const char *summary, *reason;
    enum push_verdict verdict;
} rules[] = {
    {"", "atomic", PUSH_WITH_IT},
    {"[remote failure]", "", PUSH_UNKNOWN},
    {"[remote rejected]", "but expected", PUSH_MOVED_ON},
    {"[remote rejected]", "reference already exists", PUSH_MOVED_ON},
    {"[remote rejected]", "incorrect old value", PUSH_MOVED_ON},
    {"[remote rejected]", "", PUSH_REFUSED},
    {"[rejected]", "", PUSH_MOVED_ON},
};

static enum push_verdict judge(char flag, const char *summary, size_t len)
{
    if (flag != '!')
        return PUSH_TAKEN;
    for (size_t i = 0; i < COUNT(rules); i++)
        if (has(summary, len, rules[i].reason) && len >= strlen(rules[i].summary) &&
            memcmp(summary, rules[i].summary, strlen(rules[i].summary)) == 0)
            return rules[i].verdict;
    return PUSH_BROKEN;
}

/* "FLAG\tFROM:TO\tSUMMARY (REASON)" */
static bool take_line(struct push_line *out, const char *line, size_t len)
{
    const char *tab = len > 2 && line[1] == '\t' ? memchr(line + 2, '\t', len - 2) : NULL;
    const char *colon = tab ? memrchr(line + 2, ':', (size_t)(tab - line) - 2) : NULL;
    if (!colon)
        return false;
    const char *summary = tab + 1;
    size_t summary_len = len - (size_t)(summary - line);
    *out = (struct push_line){
        .verdict = judge(line[0], summary, summary_len),
        .ref = colon + 1,
        .ref_len = (size_t)(tab - colon) - 1,
        .reason = summary,
        .reason_len = summary_len,
    };
    const char *open = summary_len ? memchr(summary, '(', summary_len) : NULL;
    if (open && summary[summary_len - 1] == ')') {
        out->reason = open + 1;
        out->reason_len = summary_len - (size_t)(open - summary) - 2;
    }
    return true;
}

bool push_report_next(struct push_line *out, const struct buf *report, size_t *at)
{
    while (*at < report->len) {
        const char *line = report->bytes + *at, *newline = memchr(line, '\n', report->len - *at);
        size_t len = newline ? (size_t)(newline - line) : report->len - *at;
        *at += len + 1;
        if (take_line(out, line, len))
            return true;
    }
    return false;
}

bool push_report_worst(struct push_line *out, const struct buf *report)
{
    /* A reason of its own outranks "with the others"; not knowing outranks nothing that is known. */
    static const int rank[] = {
        [PUSH_TAKEN] = 0,  [PUSH_WITH_IT] = 1,  [PUSH_UNKNOWN] = 2,
        [PUSH_BROKEN] = 3, [PUSH_MOVED_ON] = 4, [PUSH_REFUSED] = 5,
    };
    struct push_line line;
    int worst = 0;
    for (size_t at = 0; push_report_next(&line, report, &at);) {
        if (rank[line.verdict] > worst) {
            worst = rank[line.verdict];
            *out = line;
        }
    }
    return worst > 0;
}
