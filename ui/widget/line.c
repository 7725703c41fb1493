#include "ui/widget/line.h"

/* How much of the names is shown: all, four letters, or only the active one's. */
enum tab_form { TAB_WHOLE, TAB_SHORT, TAB_DIGIT };

enum { TAB_GAP = 2, TAB_SHORT_COLS = 4 };

static struct text tab_name(const struct tab *tab, enum tab_form form, bool active)
{
    if (form == TAB_WHOLE || active)
        return tab->name;
    return form == TAB_SHORT ? text_fit(tab->name, TAB_SHORT_COLS, NULL) : (struct text){0};
}

static int tab_width(const struct tab *tab, enum tab_form form, bool active)
{
    struct text name = tab_name(tab, form, active);
    return 1 + (name.len ? 1 + text_width(name) : 0);
}

static enum tab_form tab_form(int cols, const struct tab *tabs, size_t count, size_t active)
{
    for (enum tab_form form = TAB_WHOLE; form < TAB_DIGIT; form++) {
        int width = 0;
        for (size_t i = 0; i < count; i++)
            width += tab_width(&tabs[i], form, i == active) + (i ? TAB_GAP : 0);
        if (width <= cols)
            return form;
    }
    return TAB_DIGIT;
}

void tabs_draw(struct canvas *canvas, int row, int col, int cols, const struct tab *tabs, size_t count, size_t active)
{
    enum tab_form form = tab_form(cols, tabs, count, active);
    struct rect old = canvas_clip(canvas, (struct rect){row, col, 1, cols});
    for (size_t i = 0; i < count; i++) {
        bool on = i == active;
        struct text name = tab_name(&tabs[i], form, on);
        canvas_printf(canvas, row, col, on ? STYLE(ACCENT) : STYLE(MUTED), "%c", tabs[i].digit);
        canvas_text(canvas, row, col + 2, name, on ? STYLE(TITLE) : STYLE(MUTED));
        col += tab_width(&tabs[i], form, on) + TAB_GAP;
    }
    canvas_unclip(canvas, old);
}

int tabs_at(int col, int cols, const struct tab *tabs, size_t count, size_t active, int at_col)
{
    enum tab_form form = tab_form(cols, tabs, count, active);
    for (size_t i = 0; i < count; i++) {
        int width = tab_width(&tabs[i], form, i == active);
        if (at_col >= col && at_col < col + width)
            return (int)i;
        col += width + TAB_GAP;
    }
    return -1;
}

static int hint_width(const struct hint *hint)
{
    return text_width(hint->key) + 1 + text_width(hint->words);
}

static void hint_draw(struct canvas *canvas, int row, int col, const struct hint *hint)
{
    struct style key =
        hint->stop ? (struct style){.meaning = MEANING_DANGER, .attributes = ATTRIBUTE_BOLD} : STYLE(KEY);
    col += canvas_text(canvas, row, col, hint->key, key) + 1;
    canvas_text(canvas, row, col, hint->words, hint->stop ? STYLE(TEXT) : STYLE(MUTED));
}

/* Where each hint stands; -1: left out. The last, which leads to all others, keeps its place. */
static void hints_place(int *places, int col, int end, const struct hint *hints, size_t count)
{
    int last = hint_width(&hints[count - 1]);
    bool full = false;
    for (size_t i = 0; i < count; i++) {
        int width = hint_width(&hints[i]);
        bool is_last = i + 1 == count;
        full = full || (!is_last && col + width + 2 + last > end);
        bool fits = is_last ? col + last <= end : !full;
        places[i] = fits ? col : -1;
        col += fits ? width + 2 : 0;
    }
}

enum { HINTS_MOST = 32 };

static int hints_end(int col, int cols, struct text right)
{
    int width = text_width(right);
    return col + cols - (right.len && width < cols / 2 ? width + 2 : 0);
}

void hints_draw(struct canvas *canvas, int row, int col, int cols, const struct hint *hints, size_t count,
                struct text right)
{
    int places[HINTS_MOST], end = hints_end(col, cols, right);
    if (end < col + cols)
        canvas_text(canvas, row, end + 2, right, STYLE(MUTED));
    if (count == 0 || count > HINTS_MOST)
        return;
    hints_place(places, col, end, hints, count);
    for (size_t i = 0; i < count; i++) {
        if (places[i] >= 0)
            hint_draw(canvas, row, places[i], &hints[i]);
    }
}

int hints_at(int col, int cols, const struct hint *hints, size_t count, struct text right, int at_col)
{
    int places[HINTS_MOST];
    if (count == 0 || count > HINTS_MOST)
        return -1;
    hints_place(places, col, hints_end(col, cols, right), hints, count);
    for (size_t i = 0; i < count; i++) {
        if (places[i] >= 0 && at_col >= places[i] && at_col < places[i] + hint_width(&hints[i]))
            return (int)i;
    }
    return -1;
}

void progress_draw(struct canvas *canvas, int row, int col, int cols, double share, unsigned step, struct style style)
{
    if (cols <= 0)
        return;
    struct style todo = STYLE(BORDER);
    todo.ground = style.ground;
    canvas_run(canvas, row, col, cols, GLYPH_TODO, todo);
    if (share < 0) {
        int run = cols < 6 ? 1 : cols / 4, way = cols - run;
        int at = way ? (int)(step % (unsigned)(2 * way)) : 0;
        canvas_run(canvas, row, col + (at < way ? at : 2 * way - at), run, GLYPH_DONE, style);
        return;
    }
    /* Full only when it is done, empty only when nothing is. */
    int done = share >= 1 ? cols : (int)(share * cols);
    if (share > 0 && done == 0)
        done = 1;
    canvas_run(canvas, row, col, done, GLYPH_DONE, style);
}

void scrollbar_draw(struct canvas *canvas, int row, int col, int rows, size_t top, size_t shown, size_t total)
{
    if (rows <= 0 || total <= shown || total == 0)
        return;
    size_t track = (size_t)rows, thumb = track * shown / total;
    if (thumb == 0)
        thumb = 1;
    size_t last = total - shown, at = top >= last ? track - thumb : (track - thumb) * top / last;
    for (size_t i = 0; i < track; i++) {
        bool on = i >= at && i < at + thumb;
        canvas_glyph(canvas, row + (int)i, col, on ? GLYPH_THUMB : GLYPH_BAR, on ? STYLE(MUTED) : STYLE(BORDER));
    }
}

void notice_draw(struct canvas *canvas, int row, int col, int cols, enum notice_kind kind, struct text word,
                 struct text sentence)
{
    static const struct {
        enum ground ground;
        enum meaning meaning;
        enum glyph glyph;
    } looks[] = {
        [NOTICE_PLAIN] = {GROUND_BAR, MEANING_TITLE, GLYPH_SELECT},
        [NOTICE_GOOD] = {GROUND_GOOD, MEANING_SUCCESS, GLYPH_SELECT},
        [NOTICE_CAUTION] = {GROUND_CAUTION, MEANING_WARNING, GLYPH_WARN},
        [NOTICE_ALARM] = {GROUND_ALARM, MEANING_DANGER, GLYPH_CROSS},
    };
    struct style plain = {.meaning = MEANING_TEXT, .ground = (uint8_t)looks[kind].ground};
    struct style bold = {.meaning = (uint8_t)looks[kind].meaning, .attributes = ATTRIBUTE_BOLD};
    canvas_fill(canvas, (struct rect){row, col, 1, cols}, plain);
    canvas_glyph(canvas, row, col + 1, looks[kind].glyph, bold);
    int at = col + 3;
    if (word.len)
        at += canvas_text(canvas, row, at, word, bold) + 2;
    canvas_text_in(canvas, row, at, col + cols - at, sentence, STYLE(TEXT), ALIGN_LEFT);
}
