#include "ui/widget/textview.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "ui/widget/line.h"

static struct text rest_from(struct text text, size_t at)
{
    return (struct text){text.safe + at, text.len - at};
}

bool text_wrap(struct text *rest, int cols, struct text *line)
{
    if (rest->len == 0)
        return false;
    struct text fits = text_fit(*rest, cols > 0 ? cols : 1, NULL);
    if (fits.len == 0) { /* a wide character in one column: nobody can show it, so go past it */
        int width;
        fits = (struct text){rest->safe, text_character(*rest, 0, &width)};
    }
    size_t end = fits.len;
    if (end < rest->len && rest->safe[end] != ' ') {
        size_t word = end;
        while (word > 0 && rest->safe[word - 1] != ' ')
            word--;
        if (word > 0)
            end = word;
    }
    size_t shown = end;
    while (shown > 0 && end < rest->len && rest->safe[shown - 1] == ' ')
        shown--;
    while (end < rest->len && rest->safe[end] == ' ')
        end++;
    *line = (struct text){rest->safe, shown};
    *rest = rest_from(*rest, end);
    return true;
}

int text_draw_wrapped(struct canvas *canvas, struct rect rect, struct text text, struct style style)
{
    struct text line;
    int row = 0;
    while (row < rect.rows && text_wrap(&text, rect.cols, &line))
        canvas_text(canvas, rect.row + row++, rect.col, line, style);
    return row;
}

void textview_add(struct textview *view, struct text text, struct style style, int indent, int hang)
{
    ARRAY_GROW(&view->lines, &view->cap, view->count + 1);
    view->lines[view->count++] =
        (struct text_line){.text = text_copy(text), .style = style, .indent = indent, .hang = hang};
}

void textview_lead(struct textview *view, size_t bytes, struct style style)
{
    struct text_line *line = &view->lines[view->count - 1];
    line->lead = bytes < line->text.len ? bytes : line->text.len;
    line->lead_style = style;
}

void textview_add_raw(struct textview *view, const char *bytes, size_t len, struct style style)
{
    for (size_t at = 0; at < len;) {
        const char *newline = memchr(bytes + at, '\n', len - at);
        size_t end = newline ? (size_t)(newline - bytes) : len, stop = end;
        struct text_buf line = {0};
        if (stop > at && bytes[stop - 1] == '\r')
            stop--;
        for (size_t i = at; i < stop; i++) {
            size_t start = i;
            while (i < stop && bytes[i] != '\t')
                i++;
            text_add_raw(&line, bytes + start, i - start);
            if (i < stop)
                text_add(&line, TEXT("    "));
        }
        textview_add(view, text_of(&line), style, 0, 0);
        text_buf_clear(&line);
        at = end + 1;
    }
}

void textview_clear(struct textview *view)
{
    for (size_t i = 0; i < view->count; i++)
        text_free(&view->lines[i].text);
    free(view->lines);
    *view = (struct textview){0};
}

/* Calls for every line of the screen of one line of text; returns how many there are. */
static int wrap_line(const struct text_line *from, int cols, struct canvas *canvas, struct rect rect, int row)
{
    struct text rest = from->text, line;
    int indent = from->indent, count = 0;
    while (text_wrap(&rest, cols - indent, &line)) {
        if (canvas && row + count >= 0 && row + count < rect.rows) {
            canvas_text(canvas, rect.row + row + count, rect.col + indent, line, from->style);
            if (count == 0 && from->lead > 0 && from->lead <= line.len)
                canvas_text(canvas, rect.row + row, rect.col + indent, text_slice(line, 0, from->lead),
                            from->lead_style);
        }
        indent = from->indent + from->hang;
        count++;
    }
    return count ? count : 1;
}

int textview_height(const struct textview *view, int cols)
{
    int height = 0;
    for (size_t i = 0; i < view->count; i++)
        height += wrap_line(&view->lines[i], cols, NULL, (struct rect){0}, 0);
    return height;
}

static void keep_top(struct textview *view, struct rect rect)
{
    int last = textview_height(view, rect.cols - 1) - rect.rows;
    if (view->top > last)
        view->top = last;
    if (view->top < 0)
        view->top = 0;
}

void textview_draw(struct canvas *canvas, struct rect rect, struct textview *view)
{
    int cols = rect.cols - 1; /* the last is the scroll bar's */
    keep_top(view, rect);
    struct rect old = canvas_clip(canvas, rect);
    int row = -view->top;
    for (size_t i = 0; i < view->count; i++)
        row += wrap_line(&view->lines[i], cols, row < rect.rows ? canvas : NULL, rect, row);
    int all = row + view->top;
    scrollbar_draw(canvas, rect.row, rect.col + cols, rect.rows, (size_t)view->top, (size_t)rect.rows, (size_t)all);
    canvas_unclip(canvas, old);
}

bool textview_key(struct textview *view, struct key key, struct rect rect)
{
    int page = rect.rows > 1 ? rect.rows - 1 : 1;
    bool ctrl = key.modifiers == MODIFIER_CTRL;
    if (key.modifiers && !ctrl)
        return false;
    if (ctrl && (key.code == 'd' || key.code == 'u'))
        view->top += key.code == 'd' ? page / 2 : -(page / 2);
    else if (ctrl)
        return false;
    else if (key.code == 'j' || key.code == CODE_DOWN)
        view->top++;
    else if (key.code == 'k' || key.code == CODE_UP)
        view->top--;
    else if (key.code == ' ' || key.code == CODE_PAGE_DOWN)
        view->top += page;
    else if (key.code == 'b' || key.code == CODE_PAGE_UP)
        view->top -= page;
    else if (key.code == 'g' || key.code == CODE_HOME)
        view->top = 0;
    else if (key.code == 'G' || key.code == CODE_END)
        view->top = INT32_MAX;
    else
        return false;
    keep_top(view, rect);
    return true;
}
