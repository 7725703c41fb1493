#include "ui/view/section.h"

#include <string.h>

/* Length of a line without its end; *next is where the following one starts. */
static size_t line_at(const char *at, const char **next)
{
    size_t len = strcspn(at, "\n");
    *next = at[len] ? at + len + 1 : at + len;
    while (len > 0 && (at[len - 1] == '\r' || at[len - 1] == ' '))
        len--;
    return len;
}

static bool is_heading(const char *line, size_t len, const char *category)
{
    size_t marks = strspn(line, "#");
    if (marks < 2 || marks >= len || line[marks] != ' ')
        return false;
    marks += strspn(line + marks, " ");
    return !category || (len - marks == strlen(category) && strncasecmp(line + marks, category, len - marks) == 0);
}

static const char *find_entry(const char *section, const char *entry, const char **end)
{
    size_t want = strlen(entry);
    for (const char *at = section, *next; *at; at = next) {
        size_t len = line_at(at, &next);
        if (len == want && memcmp(at, entry, len) == 0) {
            *end = next;
            return at;
        }
    }
    return NULL;
}

bool section_has(const char *section, const char *entry)
{
    const char *end;
    return find_entry(section, entry, &end) != NULL;
}

void section_put(struct buf *out, const char *section, const char *category, const char *entry)
{
    const char *behind = NULL; /* the last line with words below the heading */
    bool below = false;
    for (const char *at = section, *next; *at; at = next) {
        size_t len = line_at(at, &next);
        if (is_heading(at, len, NULL))
            below = is_heading(at, len, category);
        if (below && len > 0)
            behind = next;
    }
    if (behind) {
        buf_add(out, section, (size_t)(behind - section));
        if (out->len > 0 && out->bytes[out->len - 1] != '\n')
            buf_addc(out, '\n');
        buf_addf(out, "%s\n", entry);
        buf_adds(out, behind);
        return;
    }
    size_t len = strlen(section);
    while (len > 0 && (section[len - 1] == '\n' || section[len - 1] == ' '))
        len--;
    buf_add(out, section, len);
    buf_addf(out, "%s### %s\n\n%s\n", len ? "\n\n" : "", category, entry);
}

/* A heading with nothing but blank lines below it, up to the next heading or the end. */
static void drop_empty_heading(struct buf *text, size_t before)
{
    const char *bytes = buf_string(text);
    const char *heading = NULL, *stop = bytes + before;
    for (const char *at = bytes, *next; at < stop && *at; at = next) {
        size_t len = line_at(at, &next);
        if (is_heading(at, len, NULL))
            heading = at;
        else if (len > 0)
            heading = NULL;
    }
    if (!heading)
        return;
    const char *at = stop, *next;
    for (; *at; at = next) {
        size_t len = line_at(at, &next);
        if (len > 0 && !is_heading(at, len, NULL))
            return;
        if (len > 0)
            break;
    }
    struct buf out = {0};
    buf_add(&out, bytes, (size_t)(heading - bytes));
    buf_adds(&out, at);
    buf_clear(text);
    *text = out;
}

bool section_take_out(struct buf *out, const char *section, const char *entry)
{
    const char *end;
    const char *start = find_entry(section, entry, &end);
    if (!start)
        return false;
    buf_add(out, section, (size_t)(start - section));
    size_t before = out->len;
    buf_adds(out, end);
    drop_empty_heading(out, before);
    return true;
}
