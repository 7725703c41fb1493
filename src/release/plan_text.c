/* Texts of a plan, and messages from templates. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "release/plan_parts.h"

void plan_set(char **field, const char *value)
{
    char *copy = mem_string(value);
    free(*field);
    *field = copy;
}

/*
 * Notes in a message are no Markdown: a line that starts with # is a comment to git in places, so that headings become
 * words with a colon.
 */
static void add_notes(struct buf *out, const char *notes)
{
    while (*notes) {
        size_t len = strcspn(notes, "\n"), marks = strspn(notes, "#");
        if (marks) {
            size_t start = marks + strspn(notes + marks, " ");
            buf_add(out, notes + start, len > start ? len - start : 0);
            buf_addc(out, ':');
        } else {
            buf_add(out, notes, len);
        }
        notes += len;
        if (*notes)
            buf_addc(out, *notes++);
    }
}

static bool fill_one(struct buf *out, const char *word, size_t len, const struct release_plan *plan)
{
    const struct {
        const char *word, *value;
    } values[] = {
        {"tag", plan->tag}, {"version", plan->version}, {"previous", plan->previous}, {"service", plan->service},
        {"notes", NULL},
    };
    for (size_t i = 0; i < COUNT(values); i++) {
        if (strlen(values[i].word) != len || strncmp(values[i].word, word, len) != 0)
            continue;
        if (values[i].value)
            buf_adds(out, values[i].value);
        else
            add_notes(out, plan->notes);
        return true;
    }
    return false;
}

char *plan_fill(const char *template, const struct release_plan *plan)
{
    struct buf out = {0};
    while (*template) {
        size_t len = strcspn(template, "{");
        buf_add(&out, template, len);
        template += len;
        if (!*template)
            break;
        size_t word = strcspn(template + 1, "{}");
        if (template[word + 1] == '}' && fill_one(&out, template + 1, word, plan)) {
            template += word + 2;
        } else {
            buf_addc(&out, '{');
            template ++;
        }
    }
    while (out.len && strchr(" \t\r\n", out.bytes[out.len - 1]))
        buf_truncate(&out, out.len - 1);
    return buf_take(&out);
}
