#include "ui/widget/table.h"

#include "ui/widget/line.h"

enum { DEFAULT_GAP = 2, MARK_COLS = 2 };

static int gap_of(const struct table *table)
{
    return table->gap ? table->gap : DEFAULT_GAP;
}

static int width_now(const struct table *table, const int *widths)
{
    int total = 0;
    for (size_t i = 0; i < table->column_count; i++)
        if (widths[i])
            total += widths[i] + (total ? gap_of(table) : 0);
    return total;
}

/* Shrinks columns of that drop number towards their least width by what is too much; returns what is left too much. */
static int shrink(const struct table *table, int *widths, int drop, int too_much)
{
    for (size_t i = table->column_count; i-- > 0 && too_much > 0;) {
        int give = table->columns[i].drop == drop ? widths[i] - table->columns[i].least : 0;
        if (widths[i] == 0 || give <= 0)
            continue;
        give = give < too_much ? give : too_much;
        widths[i] -= give;
        too_much -= give;
    }
    return too_much;
}

static void share_out(const struct table *table, int *widths, int over)
{
    int shares = 0, given = 0, last = -1;
    for (size_t i = 0; i < table->column_count; i++)
        shares += widths[i] ? table->columns[i].grow : 0;
    for (size_t i = 0; i < table->column_count && shares; i++) {
        if (!widths[i] || !table->columns[i].grow)
            continue;
        int more = over * table->columns[i].grow / shares;
        widths[i] += more;
        given += more;
        last = (int)i;
    }
    if (last >= 0)
        widths[last] += over - given;
}

void table_widths(const struct table *table, int cols, int widths[TABLE_COLUMNS])
{
    int highest = 0;
    for (size_t i = 0; i < table->column_count; i++) {
        widths[i] = table->columns[i].wish;
        if (table->columns[i].drop > highest)
            highest = table->columns[i].drop;
    }
    int too_much = width_now(table, widths) - cols;
    for (int drop = highest; drop >= 0 && too_much > 0; drop--)
        too_much = shrink(table, widths, drop, too_much);
    for (int drop = highest; drop > 0 && too_much > 0; drop--) {
        for (size_t i = table->column_count; i-- > 0 && too_much > 0;) {
            if (table->columns[i].drop == drop)
                widths[i] = 0;
            too_much = width_now(table, widths) - cols;
        }
    }
    /* Leaving one out may leave more than was needed: those that shrank take it back, the most important first. */
    for (int drop = 0; drop <= highest && too_much < 0; drop++) {
        for (size_t i = 0; i < table->column_count && too_much < 0; i++) {
            int want = table->columns[i].wish - widths[i];
            if (table->columns[i].drop != drop || widths[i] == 0 || want <= 0)
                continue;
            want = want < -too_much ? want : -too_much;
            widths[i] += want;
            too_much += want;
        }
    }
    if (too_much < 0)
        share_out(table, widths, -too_much);
}

int table_lines(const struct table *table, struct rect rect)
{
    int lines = rect.rows - (table->heading ? 1 : 0);
    return lines > 0 ? lines : 0;
}

void table_keep(struct table_place *place, size_t rows, int lines)
{
    size_t shown = lines > 0 ? (size_t)lines : 1;
    if (place->selected >= rows)
        place->selected = rows ? rows - 1 : 0;
    if (place->top > place->selected)
        place->top = place->selected;
    if (place->selected >= place->top + shown)
        place->top = place->selected - shown + 1;
    if (place->top + shown > rows)
        place->top = rows > shown ? rows - shown : 0;
}

static void draw_heading(struct canvas *canvas, struct rect rect, const struct table *table, const int *widths)
{
    int col = rect.col + MARK_COLS;
    for (size_t i = 0; i < table->column_count; i++) {
        if (!widths[i])
            continue;
        canvas_text_in(canvas, rect.row, col, widths[i], table->columns[i].title, STYLE(MUTED),
                       table->columns[i].align);
        col += widths[i] + gap_of(table);
    }
}

static void draw_row(struct canvas *canvas, struct rect line, const struct table *table, const int *widths,
                     const struct table_cell *cells, bool selected)
{
    int col = line.col + MARK_COLS;
    if (selected)
        canvas_fill(canvas, line, STYLE_ON(TEXT, SELECTED));
    if (selected)
        canvas_glyph(canvas, line.row, line.col, GLYPH_SELECT, STYLE(ACCENT));
    for (size_t i = 0; i < table->column_count; i++) {
        if (!widths[i])
            continue;
        canvas_text_in(canvas, line.row, col, widths[i], cells[i].text, cells[i].style, table->columns[i].align);
        col += widths[i] + gap_of(table);
    }
}

void table_draw(struct canvas *canvas, struct rect rect, const struct table *table, struct table_place *place,
                size_t rows, void *context)
{
    int widths[TABLE_COLUMNS], lines = table_lines(table, rect);
    bool scrolls = rows > (size_t)lines;
    /* One column at the right is the scroll bar's, scrolling or not, so that nothing jumps. */
    table_widths(table, rect.cols - MARK_COLS - 2, widths);
    if (table->heading)
        draw_heading(canvas, rect_cut_top(&rect, 1), table, widths);
    table_keep(place, rows, lines);
    for (int i = 0; i < lines && place->top + (size_t)i < rows; i++) {
        size_t row = place->top + (size_t)i;
        char scratch[TABLE_SCRATCH];
        struct table_cell cells[TABLE_COLUMNS] = {0};
        table->row(context, row, cells, scratch, sizeof(scratch));
        draw_row(canvas, (struct rect){rect.row + i, rect.col, 1, rect.cols - (scrolls ? 1 : 0)}, table, widths,
                 cells, row == place->selected);
    }
    scrollbar_draw(canvas, rect.row, rect.col + rect.cols - 1, lines, place->top, (size_t)lines, rows);
}

static size_t moved(size_t from, int by, size_t rows)
{
    if (by < 0)
        return from > (size_t)-by ? from - (size_t)-by : 0;
    return from + (size_t)by < rows ? from + (size_t)by : rows - 1;
}

/* The rows a key moves by; 0: not such a key. */
static int step_of(struct key key, int lines)
{
    bool ctrl = key.modifiers == MODIFIER_CTRL;
    int page = lines > 1 ? lines - 1 : 1, half = lines > 1 ? lines / 2 : 1;
    if (ctrl)
        return key.code == 'd'   ? half
               : key.code == 'u' ? -half
               : key.code == 'f' ? page
               : key.code == 'b' ? -page
                                 : 0;
    if (key.modifiers)
        return 0;
    switch (key.code) {
    case 'j':
    case CODE_DOWN:
        return 1;
    case 'k':
    case CODE_UP:
        return -1;
    case CODE_PAGE_DOWN:
        return page;
    case CODE_PAGE_UP:
        return -page;
    default:
        return 0;
    }
}

bool table_key(struct table_place *place, struct key key, size_t rows, int lines)
{
    int step = step_of(key, lines);
    if (step && rows)
        place->selected = moved(place->selected, step, rows);
    else if (!key.modifiers && (key.code == 'g' || key.code == CODE_HOME))
        place->selected = 0;
    else if (!key.modifiers && (key.code == 'G' || key.code == CODE_END))
        place->selected = rows ? rows - 1 : 0;
    else if (!step)
        return false;
    table_keep(place, rows, lines);
    return true;
}

bool table_row_at(const struct table *table, const struct table_place *place, struct rect rect, size_t rows, int row,
                  int col, size_t *out)
{
    struct rect lines = rect;
    if (table->heading)
        rect_cut_top(&lines, 1);
    if (!rect_has(lines, row, col) || place->top + (size_t)(row - lines.row) >= rows)
        return false;
    *out = place->top + (size_t)(row - lines.row);
    return true;
}
