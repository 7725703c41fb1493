#include "ui/view/trouble.h"

#include "base/clock.h"
#include "ui/view/scratch.h"

int trouble_draw(struct canvas *canvas, struct rect rect, const struct error *error)
{
    int top = rect.row;
    canvas_glyph(canvas, rect.row, rect.col, GLYPH_CROSS, STYLE(DANGER));
    struct rect words = {rect.row, rect.col + 2, rect.rows, rect.cols - 2};
    int took = text_draw_wrapped(canvas, words, error_what(error), STYLE(STRONG));
    words.row += took, words.rows -= took;
    if (*error->why) {
        took = text_draw_wrapped(canvas, words, error_reason(error), STYLE(TEXT));
        words.row += took, words.rows -= took;
    }
    if (*error->todo) {
        canvas_glyph(canvas, words.row, rect.col, GLYPH_ARROW, STYLE(ACCENT));
        words.row += text_draw_wrapped(canvas, words, error_advice(error), STYLE(ACCENT));
    }
    return words.row - top;
}

/* Whole seconds up to a minute: tenths would only flicker. */
static struct text seconds(char *out, size_t size, int64_t ms)
{
    return ms < 60000 ? text_fmt(out, size, "%d s", (int)(ms / 1000)) : clock_duration(out, size, ms);
}

bool trouble_instead(struct canvas *canvas, struct rect rect, const struct scene *scene, const struct load *load,
                     struct text doing)
{
    if (load_failed(load) && load->loaded_ms == 0) {
        trouble_draw(canvas, rect, &load->error);
        return true;
    }
    if (load->loaded_ms != 0 || !load_under_way(load))
        return false;
    int64_t since = scene->boot_ms - load->since_ms;
    /* What comes at once needs no words: they would only flicker. */
    if (since < 150)
        return true;
    int col = rect.col;
    char b[32];
    put(canvas, rect.row, &col, glyph_spinner(canvas->glyphs, scene->tick), STYLE(ACCENT));
    col++;
    put(canvas, rect.row, &col, doing, STYLE(MUTED));
    col++;
    if (since >= 1000)
        put(canvas, rect.row, &col, seconds(b, sizeof(b), since), STYLE(MUTED));
    return true;
}

bool trouble_beside(struct canvas *canvas, int row, int col, int cols, const struct scene *scene,
                    const struct load *load)
{
    if (!load_failed(load) || load->loaded_ms == 0)
        return false;
    char age[32];
    struct text_buf words = {0};
    text_adds(&words, "read ");
    text_add(&words, seconds(age, sizeof(age), scene->boot_ms - load->loaded_ms));
    text_adds(&words, " ago. ");
    text_add(&words, error_what(&load->error));
    if (*load->error.why) {
        text_adds(&words, ": ");
        text_add(&words, error_reason(&load->error));
    }
    notice_draw(canvas, row, col, cols, NOTICE_ALARM, TEXT("OLD"), text_of(&words));
    text_buf_clear(&words);
    return true;
}

void empty_draw(struct canvas *canvas, struct rect rect, struct text what, struct text todo)
{
    int row = rect.row + (rect.rows > 6 ? rect.rows / 3 : 0);
    canvas_text_in(canvas, row, rect.col, rect.cols, what, STYLE(TEXT), ALIGN_CENTER);
    canvas_text_in(canvas, row + 1, rect.col, rect.cols, todo, STYLE(MUTED), ALIGN_CENTER);
}
