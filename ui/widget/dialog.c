#include "ui/widget/dialog.h"

#include <string.h>

#include "ui/widget/frame.h"
#include "ui/widget/textview.h"

enum { DIALOG_COLS = 76, DIALOG_MARGIN = 4 };

static bool asks_text(const struct dialog *dialog)
{
    return dialog->field_label.len && !dialog->field_offered;
}

static bool has_field(const struct dialog *dialog)
{
    return dialog->word.len || asks_text(dialog);
}

static bool word_typed(const struct dialog *dialog)
{
    struct text typed = {field_value(&dialog->typed), dialog->typed.value.len};
    return !dialog->word.len || text_equal(typed, dialog->word);
}

/* Spaces are no reason. */
static bool text_given(const struct dialog *dialog)
{
    const char *value = field_value(&dialog->field);
    return !asks_text(dialog) || !dialog->field_needed || value[strspn(value, " ")];
}

static bool may_say_yes(const struct dialog *dialog)
{
    return word_typed(dialog) && text_given(dialog);
}

/* The field with the cursor; NULL where there is none. */
static struct field *focus(struct dialog *dialog)
{
    if (!has_field(dialog))
        return NULL;
    return dialog->word.len && (dialog->on_word || !asks_text(dialog)) ? &dialog->typed : &dialog->field;
}

static bool changes_field(struct key key)
{
    return key.code == CODE_TAB || key.code == CODE_UP || key.code == CODE_DOWN;
}

static enum dialog_answer dialog_key(struct dialog *dialog, const struct event *event)
{
    struct key key = event->key;
    bool both = dialog->word.len && asks_text(dialog);
    if (key.code == CODE_ESCAPE || (key.code == 'c' && key.modifiers == MODIFIER_CTRL))
        return DIALOG_NO;
    struct key yes = has_field(dialog) ? (struct key){.code = CODE_ENTER} : dialog->key;
    if (key_equal(key, yes)) {
        if (!event->repeated && may_say_yes(dialog))
            return DIALOG_YES;
        if (!event->repeated && both)
            dialog->on_word = text_given(dialog);
    } else if (both && changes_field(key)) {
        dialog->on_word = !dialog->on_word;
    } else if (dialog->field_offered && key_equal(key, dialog->field_key)) {
        dialog->field_offered = false;
    } else if (has_field(dialog)) {
        field_key(focus(dialog), key);
    }
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
    if (event->kind == EVENT_PASTE && has_field(dialog) && focus(dialog) == &dialog->field)
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
    if (dialog->field_offered) {
        col += canvas_text(canvas, row, col, key_sign(sign, sizeof(sign), dialog->field_key, ascii), STYLE(KEY)) + 1;
        col += canvas_text(canvas, row, col, TEXT("with a "), STYLE(MUTED));
        col += canvas_text(canvas, row, col, dialog->field_label, STYLE(MUTED)) + 3;
    }
    col += canvas_text(canvas, row, col, TEXT("esc"), STYLE(KEY)) + 1;
    canvas_text(canvas, row, col, TEXT("forget it"), STYLE(MUTED));
}

/* Two fields stand below each other, so their labels have one width. */
static void draw_fields(struct canvas *canvas, int row, struct rect inside, struct dialog *dialog)
{
    char bytes[256];
    struct text word = {0}, label = {0};
    if (dialog->word.len)
        word = text_fmt(bytes, sizeof(bytes), "Type %.*s to go on:", (int)dialog->word.len, dialog->word.safe);
    if (asks_text(dialog))
        label = dialog->field_label;
    int width = text_width(word) > text_width(label) ? text_width(word) + 1 : text_width(label) + 1;
    if (width + 10 > inside.cols)
        width = inside.cols / 2;
    if (label.len) {
        canvas_text_in(canvas, row, inside.col, width - 1, label, STYLE(MUTED), ALIGN_LEFT);
        field_draw(canvas, row, inside.col + width, inside.cols - width, &dialog->field,
                   dialog->field_needed ? TEXT("needed") : (struct text){0}, focus(dialog) == &dialog->field);
        row++;
    }
    if (word.len) {
        canvas_text_in(canvas, row, inside.col, width - 1, word, STYLE(MUTED), ALIGN_LEFT);
        field_draw(canvas, row, inside.col + width, inside.cols - width, &dialog->typed,
                   label.len ? TEXT("needed") : (struct text){0}, focus(dialog) == &dialog->typed);
    }
}

void dialog_draw(struct canvas *canvas, struct dialog *dialog)
{
    struct rect all = canvas_rect(canvas);
    int cols = all.cols - DIALOG_MARGIN < DIALOG_COLS ? all.cols - DIALOG_MARGIN : DIALOG_COLS;
    int text_cols = cols - 4;
    int detail = wrapped_rows(dialog->detail, text_cols);
    int fields = (dialog->word.len ? 1 : 0) + (asks_text(dialog) ? 1 : 0);
    int rows =
        2 + wrapped_rows(dialog->sentence, text_cols) + (detail ? detail + 1 : 0) + (fields ? fields + 1 : 0) + 2;
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
    if (fields)
        draw_fields(canvas, row, inside, dialog);
    draw_answers(canvas, inside.row + inside.rows - 1, inside, dialog);
}

void dialog_clear(struct dialog *dialog)
{
    field_clear(&dialog->field);
    field_clear(&dialog->typed);
}
