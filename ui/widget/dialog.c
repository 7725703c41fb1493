#include "ui/widget/dialog.h"

#include <string.h>

#include "ui/widget/frame.h"
#include "ui/widget/textview.h"

enum { DIALOG_COLS = 76, DIALOG_MARGIN = 4 };

static bool has_field(const struct dialog *dialog)
{
    return dialog->word.len || dialog->field_label.len;
}

static bool word_typed(const struct dialog *dialog)
{
    struct text typed = {field_value(&dialog->field), dialog->field.value.len};
    return text_equal(typed, dialog->word);
}

static bool may_say_yes(const struct dialog *dialog)
{
    if (dialog->word.len)
        return word_typed(dialog);
    return !dialog->field_needed || dialog->field.value.len > 0;
}

static enum dialog_answer dialog_key(struct dialog *dialog, const struct event *event)
{
    struct key key = event->key;
    if (key.code == CODE_ESCAPE || (key.code == 'c' && key.modifiers == MODIFIER_CTRL))
        return DIALOG_NO;
    struct key yes = has_field(dialog) ? (struct key){.code = CODE_ENTER} : dialog->key;
    if (key_equal(key, yes))
        return !event->repeated && may_say_yes(dialog) ? DIALOG_YES : DIALOG_OPEN;
    if (has_field(dialog))
        field_key(&dialog->field, key);
    return DIALOG_OPEN;
}

enum dialog_answer dialog_event(struct dialog *dialog, const struct event *event, int64_t now_ms)
{
    if (dialog->uninvited && now_ms - dialog->opened_ms < DIALOG_QUIET_MS) {
        /* Somebody was typing something else: the silence begins anew. */
        if (event->kind == EVENT_KEY || event->kind == EVENT_PASTE)
            dialog->opened_ms = now_ms;
        return DIALOG_OPEN;
    }
    if (event->kind == EVENT_KEY)
        return dialog_key(dialog, event);
    /* A word to be typed is not to be pasted: typing is the point. */
    if (event->kind == EVENT_PASTE && has_field(dialog) && !dialog->word.len)
        field_paste(&dialog->field, event->bytes, event->len);
    return DIALOG_OPEN;
}

static int wrapped_rows(struct text text, int cols)
{
    struct text line;
    int rows = 0;
    while (text_wrap(&text, cols, &line))
        rows++;
    return rows;
}

static void draw_answers(struct canvas *canvas, int row, struct rect inside, const struct dialog *dialog)
{
    char sign[32];
    bool ascii = canvas->glyphs == GLYPHS_ASCII, ready = may_say_yes(dialog);
    struct key key = has_field(dialog) ? (struct key){.code = CODE_ENTER} : dialog->key;
    struct style yes = !ready ? STYLE(MUTED) : dialog->danger ? STYLE(DANGER) : STYLE(KEY);
    int col = inside.col;
    col += canvas_text(canvas, row, col, key_sign(sign, sizeof(sign), key, ascii), yes) + 1;
    col += canvas_text(canvas, row, col, dialog->yes, ready ? STYLE(TEXT) : STYLE(MUTED)) + 3;
    col += canvas_text(canvas, row, col, TEXT("esc"), STYLE(KEY)) + 1;
    canvas_text(canvas, row, col, TEXT("forget it"), STYLE(MUTED));
}

static void draw_field(struct canvas *canvas, int row, struct rect inside, struct dialog *dialog)
{
    char label[256];
    struct text shown = dialog->field_label;
    if (dialog->word.len)
        shown = text_fmt(label, sizeof(label), "Type %.*s to go on:", (int)dialog->word.len, dialog->word.safe);
    int width = text_width(shown) + 1;
    canvas_text_in(canvas, row, inside.col, inside.cols, shown, STYLE(MUTED), ALIGN_LEFT);
    if (width + 10 > inside.cols)
        width = inside.cols / 2;
    struct text hint = dialog->field_needed ? TEXT("needed") : (struct text){0};
    field_draw(canvas, row, inside.col + width, inside.cols - width, &dialog->field, hint, true);
}

void dialog_draw(struct canvas *canvas, struct dialog *dialog)
{
    struct rect all = canvas_rect(canvas);
    int cols = all.cols - DIALOG_MARGIN < DIALOG_COLS ? all.cols - DIALOG_MARGIN : DIALOG_COLS;
    int text_cols = cols - 4;
    int detail = wrapped_rows(dialog->detail, text_cols);
    int rows =
        2 + wrapped_rows(dialog->sentence, text_cols) + (detail ? detail + 1 : 0) + (has_field(dialog) ? 2 : 0) + 2;
    struct rect box = rect_center(all, rows, cols);
    struct style border = dialog->danger ? STYLE_ON(DANGER, PANEL) : STYLE_ON(WARNING, PANEL);
    canvas->cursor_shown = false;
    canvas_attribute(canvas, all, ATTRIBUTE_DIM);
    canvas_fill(canvas, box, STYLE_ON(TEXT, PANEL));
    struct rect inside = frame_box(canvas, box, border, dialog->title, (struct text){0});
    int after_title = box.col + 2 + text_width(dialog->title);
    if (dialog->environment.len && after_title + text_width(dialog->environment) + 6 < box.col + box.cols) {
        int col = after_title + canvas_text(canvas, box.row, after_title, TEXT(" in "), STYLE(MUTED));
        col += canvas_text(canvas, box.row, col, dialog->environment, STYLE(PRODUCTION));
        canvas_text(canvas, box.row, col, TEXT(" "), STYLE(MUTED));
    }
    int row = inside.row;
    row += text_draw_wrapped(canvas, inside, dialog->sentence, STYLE(STRONG)) + 1;
    if (detail) {
        struct rect below = {row, inside.col, inside.row + inside.rows - row, inside.cols};
        row += text_draw_wrapped(canvas, below, dialog->detail, STYLE(MUTED)) + 1;
    }
    if (has_field(dialog))
        draw_field(canvas, row, inside, dialog);
    draw_answers(canvas, inside.row + inside.rows - 1, inside, dialog);
}

void dialog_clear(struct dialog *dialog)
{
    field_clear(&dialog->field);
}
