#include "ui/view/findings.h"

#include "ui/widget/textview.h"

void findings_draw(struct canvas *canvas, struct rect *rect, const struct release_findings *findings)
{
    for (size_t i = 0; i < findings->count; i++) {
        const struct release_finding *finding = &findings->items[i];
        static const enum glyph glyphs[] = {GLYPH_DOT, GLYPH_WARN, GLYPH_CROSS};
        static const struct style styles[] = {{MEANING_MUTED}, {MEANING_WARNING}, {MEANING_DANGER}};
        canvas_glyph(canvas, rect->row, rect->col, glyphs[finding->level], styles[finding->level]);
        struct rect words = {rect->row, rect->col + 2, rect->rows, rect->cols - 2};
        int took = text_draw_wrapped(canvas, words, finding->what,
                                     finding->level == FINDING_NOTE ? STYLE(MUTED) : STYLE(STRONG));
        rect->row += took, rect->rows -= took;
        if (finding->todo.len > 0) {
            struct rect todo = {rect->row, rect->col + 4, rect->rows, rect->cols - 4};
            canvas_glyph(canvas, rect->row, rect->col + 2, GLYPH_ARROW, STYLE(ACCENT));
            took = text_draw_wrapped(canvas, todo, finding->todo, STYLE(ACCENT));
            rect->row += took, rect->rows -= took;
        }
    }
}
