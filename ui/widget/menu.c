#include "ui/widget/menu.h"

#include <stdlib.h>

#include "base/memory.h"
#include "ui/widget/frame.h"
#include "ui/widget/fuzzy.h"
#include "ui/widget/line.h"

enum { ABOUT_WORTH = 3 }; /* a match in the words behind counts a third */

struct ranked {
    size_t index;
    int score;
};

static bool rank(struct ranked *out, const struct menu_item *item, const char *pattern)
{
    struct fuzzy_match label, about;
    bool in_label = fuzzy_match(&label, pattern, item->label);
    bool in_about = fuzzy_match(&about, pattern, item->about);
    if (!in_label && !in_about)
        return false;
    int by_label = in_label ? label.score : 0, by_about = in_about ? about.score / ABOUT_WORTH : 0;
    out->score = by_label > by_about ? by_label : by_about;
    return true;
}

static int compare(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    return x->index < y->index ? -1 : x->index > y->index;
}

static void filter(struct menu *menu)
{
    struct ranked *ranked = mem_array(menu->count + 1, sizeof(*ranked));
    menu->shown = 0;
    for (size_t i = 0; i < menu->count; i++) {
        ranked[menu->shown].index = i;
        menu->shown += rank(&ranked[menu->shown], &menu->items[i], field_value(&menu->field));
    }
    qsort(ranked, menu->shown, sizeof(*ranked), compare);
    for (size_t i = 0; i < menu->shown; i++)
        menu->order[i] = ranked[i].index;
    menu->selected = menu->top = 0;
    free(ranked);
}

void menu_init(struct menu *menu, const struct menu_item *items, size_t count)
{
    *menu = (struct menu){.items = items, .count = count, .order = mem_array(count + 1, sizeof(size_t))};
    filter(menu);
}

void menu_clear(struct menu *menu)
{
    field_clear(&menu->field);
    free(menu->order);
    *menu = (struct menu){0};
}

/* Inside the box, under the field and its rule. */
static struct rect items_rect(struct rect rect)
{
    struct rect inside = rect_inside(rect, 1);
    rect_cut_top(&inside, 2);
    return inside;
}

static enum menu_answer choose(struct menu *menu, size_t *chosen)
{
    if (menu->selected >= menu->shown || menu->items[menu->order[menu->selected]].disabled)
        return MENU_OPEN;
    *chosen = menu->order[menu->selected];
    return MENU_CHOSEN;
}

static void move_by(struct menu *menu, int by)
{
    if (menu->shown == 0)
        return;
    size_t last = menu->shown - 1;
    if (by < 0)
        menu->selected -= menu->selected < (size_t)-by ? menu->selected : (size_t)-by;
    else
        menu->selected = menu->selected + (size_t)by > last ? last : menu->selected + (size_t)by;
}

static enum menu_answer menu_key(struct menu *menu, const struct event *event, struct rect rect, size_t *chosen)
{
    struct key key = event->key;
    int page = items_rect(rect).rows;
    bool ctrl = key.modifiers == MODIFIER_CTRL;
    if (key.code == CODE_ESCAPE || (ctrl && (key.code == 'c' || key.code == 'g')))
        return MENU_CLOSED;
    if (key.code == CODE_ENTER)
        return event->repeated ? MENU_OPEN : choose(menu, chosen);
    if (key.code == CODE_DOWN || key.code == CODE_TAB || (ctrl && key.code == 'n'))
        move_by(menu, key.modifiers & MODIFIER_SHIFT ? -1 : 1);
    else if (key.code == CODE_UP || (ctrl && key.code == 'p'))
        move_by(menu, -1);
    else if (key.code == CODE_PAGE_DOWN || key.code == CODE_PAGE_UP)
        move_by(menu, key.code == CODE_PAGE_DOWN ? page : -page);
    else if (field_key(&menu->field, key))
        filter(menu);
    return MENU_OPEN;
}

static enum menu_answer menu_mouse(struct menu *menu, const struct event *event, struct rect rect, size_t *chosen)
{
    struct rect items = items_rect(rect);
    if (event->mouse == MOUSE_WHEEL_UP || event->mouse == MOUSE_WHEEL_DOWN)
        move_by(menu, event->mouse == MOUSE_WHEEL_UP ? -1 : 1);
    if (event->mouse != MOUSE_PRESS)
        return MENU_OPEN;
    if (!rect_has(rect, event->row, event->col))
        return MENU_CLOSED;
    size_t at = menu->top + (size_t)(event->row - items.row);
    if (!rect_has(items, event->row, event->col) || at >= menu->shown)
        return MENU_OPEN;
    menu->selected = at;
    return choose(menu, chosen);
}

enum menu_answer menu_event(struct menu *menu, const struct event *event, struct rect rect, size_t *chosen)
{
    if (event->kind == EVENT_KEY)
        return menu_key(menu, event, rect, chosen);
    if (event->kind == EVENT_MOUSE)
        return menu_mouse(menu, event, rect, chosen);
    if (event->kind == EVENT_PASTE) {
        field_paste(&menu->field, event->bytes, event->len);
        filter(menu);
    }
    return MENU_OPEN;
}

/* The label with the letters that matched standing out. */
static void draw_label(struct canvas *canvas, struct rect line, const struct menu *menu, const struct menu_item *item)
{
    struct fuzzy_match match;
    int row = line.row, col = line.col;
    canvas_text_in(canvas, row, col, line.cols, item->label, item->disabled ? STYLE(MUTED) : STYLE(TEXT), ALIGN_LEFT);
    if (item->disabled || !*field_value(&menu->field) || !fuzzy_match(&match, field_value(&menu->field), item->label))
        return;
    /* Where it is cut, the ellipsis stays. */
    int shown = text_width(item->label) > line.cols ? line.cols - 1 : line.cols;
    struct rect old = canvas_clip(canvas, (struct rect){row, col, 1, shown});
    for (size_t i = 0; i < match.count; i++) {
        int one;
        size_t at = match.at[i], len = text_character(item->label, at, &one);
        canvas_text(canvas, row, col + text_width(text_slice(item->label, 0, at)),
                    text_slice(item->label, at, at + len),
                    (struct style){.meaning = MEANING_KEY, .attributes = ATTRIBUTE_BOLD | ATTRIBUTE_UNDERLINE});
    }
    canvas_unclip(canvas, old);
}

/* The widest of each over all items, shown or not, so that no column moves while one types. */
struct menu_columns {
    bool mark;
    int label, about, key;
};

static struct menu_columns columns_of(const struct menu *menu, int cols)
{
    enum { MARK_COLS = 2, GAP = 2 };
    struct menu_columns out = {0};
    for (size_t i = 0; i < menu->count; i++) {
        const struct menu_item *item = &menu->items[i];
        int label = text_width(item->label), about = text_width(item->about), key = text_width(item->key);
        out.mark = out.mark || item->has_mark;
        out.label = label > out.label ? label : out.label;
        out.about = about > out.about ? about : out.about;
        out.key = key > out.key ? key : out.key;
    }
    int room = cols - MARK_COLS - (out.mark ? MARK_COLS : 0) - (out.key ? out.key + GAP : 0);
    if (out.about && out.label + GAP + out.about > room)
        out.about = 0;
    if (out.label > room)
        out.label = room;
    return out;
}

static void draw_item(struct canvas *canvas, struct rect line, const struct menu *menu, const struct menu_item *item,
                      const struct menu_columns *columns, bool selected)
{
    int col = line.col + 2, right = line.col + line.cols - 1;
    if (selected) {
        canvas_fill(canvas, line, STYLE_ON(TEXT, SELECTED));
        canvas_glyph(canvas, line.row, line.col, GLYPH_SELECT, STYLE(ACCENT));
    }
    if (item->has_mark)
        canvas_glyph(canvas, line.row, col, item->mark, item->disabled ? STYLE(MUTED) : item->mark_style);
    col += columns->mark ? 2 : 0;
    draw_label(canvas, (struct rect){line.row, col, 1, columns->label}, menu, item);
    if (columns->about)
        canvas_text_in(canvas, line.row, col + columns->label + 2, columns->about, item->about, STYLE(MUTED),
                       ALIGN_LEFT);
    canvas_text_in(canvas, line.row, right - columns->key, columns->key, item->key,
                   item->disabled ? STYLE(MUTED) : STYLE(KEY), ALIGN_RIGHT);
}

/* In the bottom line of the box. What does not fit is left out. */
void menu_legend_draw(struct canvas *canvas, struct rect rect, const struct menu_legend *legend, size_t count)
{
    int row = rect.row + rect.rows - 1, col = rect.col + 2, end = rect.col + rect.cols - 2;
    for (size_t i = 0; i < count && col + text_width(legend[i].words) + 4 <= end; i++) {
        canvas_text(canvas, row, col, TEXT(" "), STYLE(MUTED));
        canvas_glyph(canvas, row, col + 1, legend[i].mark, legend[i].style);
        canvas_text(canvas, row, col + 2, TEXT(" "), STYLE(MUTED));
        col += 3 + canvas_text(canvas, row, col + 3, legend[i].words, STYLE(MUTED));
        canvas_text(canvas, row, col++, TEXT(" "), STYLE(MUTED));
    }
}

void menu_draw(struct canvas *canvas, struct rect rect, struct menu *menu, struct text title, struct text prompt,
               const struct menu_legend *legend, size_t legend_count)
{
    struct rect inside = rect_inside(rect, 1), items = items_rect(rect);
    size_t lines = items.rows > 0 ? (size_t)items.rows : 1;
    int prompt_cols = text_width(prompt);
    char bytes[64];
    struct text count = {0};
    if (menu->shown < menu->count)
        count = text_fmt(bytes, sizeof(bytes), "%zu of %zu", menu->shown, menu->count);
    canvas_attribute(canvas, canvas_rect(canvas), ATTRIBUTE_DIM);
    canvas_fill(canvas, rect, STYLE_ON(TEXT, PANEL));
    frame_box(canvas, rect, STYLE_ON(ACCENT, PANEL), title, count);
    menu_legend_draw(canvas, rect, legend, legend_count);
    canvas_text(canvas, inside.row, inside.col + 2, prompt, STYLE(KEY));
    field_draw(canvas, inside.row, inside.col + 2 + prompt_cols, inside.cols - prompt_cols - 3, &menu->field,
               (struct text){0}, true);
    canvas_run(canvas, inside.row + 1, inside.col, inside.cols, GLYPH_RULE, STYLE(BORDER));
    if (menu->selected < menu->top)
        menu->top = menu->selected;
    if (menu->selected >= menu->top + lines)
        menu->top = menu->selected - lines + 1;
    bool scrolls = menu->shown > lines;
    struct menu_columns columns = columns_of(menu, items.cols - 2);
    for (size_t i = 0; i < lines && menu->top + i < menu->shown; i++) {
        struct rect line = {items.row + (int)i, items.col, 1, items.cols - scrolls};
        draw_item(canvas, line, menu, &menu->items[menu->order[menu->top + i]], &columns,
                  menu->top + i == menu->selected);
    }
    if (menu->shown == 0)
        canvas_text(canvas, items.row, items.col + 2, TEXT("Nothing matches."), STYLE(MUTED));
    scrollbar_draw(canvas, items.row, items.col + items.cols - 1, items.rows, menu->top, lines, menu->shown);
}
