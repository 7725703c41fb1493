#include "ui/picture.h"

#include <string.h>

#include "base/clock.h"
#include "ui/overlays.h"
#include "ui/view/scratch.h"
#include "ui/view/top_line.h"
#include "ui/widget/frame.h"

struct rect picture_view_rect(int rows, int cols)
{
    return (struct rect){3, 0, rows - 5, cols};
}

struct rect picture_overlay_rect(int rows, int cols, const struct scene *scene)
{
    struct rect all = {0, 0, rows, cols};
    int most = scene->overlay == OVERLAY_PALETTE ? 96 : scene->overlay == OVERLAY_THEMES ? 40 : 80;
    int width = cols - 4 < most ? cols - 4 : most;
    int height = scene->overlay == OVERLAY_HELP ? rows - 2 : (rows * 2) / 3;
    if (scene->overlay != OVERLAY_HELP && height > (int)scene->item_count + 4)
        height = (int)scene->item_count + 4;
    struct rect rect = rect_center(all, height, width);
    if (scene->overlay != OVERLAY_HELP)
        rect.row = 2;
    return rect;
}

size_t picture_tabs(struct tab tabs[VIEW_COUNT], enum view_id ids[VIEW_COUNT])
{
    size_t count = 0;
    for (int i = 0; i < VIEW_COUNT; i++) {
        if (!views[i]->digit)
            continue;
        ids[count] = (enum view_id)i;
        tabs[count++] = (struct tab){views[i]->digit, views[i]->title};
    }
    return count;
}

static void draw_too_small(struct canvas *canvas, const struct scene *scene)
{
    char bytes[128];
    struct rect all = canvas_rect(canvas);
    int row = all.rows / 2 - 1;
    if (row < 0)
        row = 0;
    struct rect words = {row, 1, all.rows - row, all.cols - 2};
    struct text text = text_fmt(bytes, sizeof(bytes), "signalbox needs 40 columns and 12 lines; these are %d and %d.",
                                canvas->cols, canvas->rows);
    row += text_draw_wrapped(canvas, words, text, STYLE(WARNING));
    if (run_is_open(&scene->run)) {
        words = (struct rect){row, 1, all.rows - row, all.cols - 2};
        text = text_fmt(bytes, sizeof(bytes), "Release %s: %zu of %zu.", scene->run.view.info.subject,
                        scene->run.view.steps.done, scene->run.view.steps.count);
        text_draw_wrapped(canvas, words, text, STYLE(TEXT));
    }
}

static void draw_tabs(struct canvas *canvas, int row, int cols, const struct scene *scene)
{
    struct tab tabs[VIEW_COUNT];
    enum view_id ids[VIEW_COUNT];
    size_t count = picture_tabs(tabs, ids), active = 0;
    enum view_id shown = scene->view == VIEW_STEPS ? scene->under : scene->view;
    for (size_t i = 0; i < count; i++) {
        if (ids[i] == shown)
            active = i;
    }
    bool steps = scene->view == VIEW_STEPS;
    tabs_draw(canvas, row, 1, cols - 2, tabs, count, active);
    if (!steps)
        return;
    struct text here = TEXT("step by step");
    int width = text_width(here) + 2;
    int col = cols - width - 1;
    canvas_glyph(canvas, row, col, GLYPH_SELECT, STYLE(ACCENT));
    canvas_text(canvas, row, col + 2, here, STYLE(TITLE));
}

/* The filter while it is typed stands where the hints are. */
static struct field *typed_filter(struct scene *scene)
{
    if (scene->view == VIEW_RELEASES && scene->releases_at.filter.typing)
        return &scene->releases_at.filter.field;
    if (scene->view == VIEW_ACTIVITY && scene->activity_at.filter.typing)
        return &scene->activity_at.filter.field;
    return NULL;
}

static struct text loading_words(const struct scene *scene, const struct canvas *canvas, struct scratch *scratch)
{
    if (scene->loading.len == 0)
        return (struct text){0};
    struct text sign = SIGN(canvas, LOADING);
    return scratch_fmt(scratch, "%.*s %.*s %d s", (int)sign.len, sign.safe, (int)scene->loading.len,
                       scene->loading.safe, (int)(scene->loading_ms / 1000));
}

static void make_hints(struct hints *hints, const struct scene *scene)
{
    views[scene->view]->hints(scene, hints);
    hints_add(hints, COMMAND_CONSOLE_PALETTE, TEXT("commands"));
    hints_add(hints, COMMAND_CONSOLE_HELP, TEXT("help"));
}

int picture_hint_at(const struct canvas *canvas, struct scene *scene, int col)
{
    struct hints hints = {.keys = &scene->keys, .ascii = canvas->glyphs == GLYPHS_ASCII};
    char bytes[256];
    struct scratch scratch = {bytes, sizeof(bytes)};
    if (typed_filter(scene))
        return -1;
    make_hints(&hints, scene);
    int at = hints_at(1, canvas->cols - 2, hints.items, hints.count, loading_words(scene, canvas, &scratch), col);
    return at < 0 ? -1 : hints.ids[at];
}

static void draw_hints(struct canvas *canvas, int row, int cols, struct scene *scene)
{
    struct hints hints = {.keys = &scene->keys, .ascii = canvas->glyphs == GLYPHS_ASCII};
    char bytes[256];
    struct scratch scratch = {bytes, sizeof(bytes)};
    struct field *filter = typed_filter(scene);
    if (filter) {
        canvas_text(canvas, row, 1, TEXT("/"), STYLE(KEY));
        int width = cols > 60 ? 40 : cols - 24;
        field_draw(canvas, row, 2, width, filter, TEXT("words to look for"), true);
        size_t found = scene->view == VIEW_RELEASES && scene->releases_at.rows ? scene->releases_at.rows - 1
                                                                               : scene->activity_at.rows;
        int col = 4 + width;
        put(canvas, row, &col, scratch_many(&scratch, found, "match", "matches"),
            found ? STYLE(MUTED) : STYLE(WARNING));
        col += 2;
        put(canvas, row, &col, TEXT("esc"), STYLE(KEY));
        col++;
        put(canvas, row, &col, TEXT("all"), STYLE(MUTED));
        return;
    }
    make_hints(&hints, scene);
    hints_draw(canvas, row, 1, cols - 2, hints.items, hints.count, loading_words(scene, canvas, &scratch));
}

static void draw_overlay(struct canvas *canvas, struct scene *scene)
{
    struct rect rect = picture_overlay_rect(canvas->rows, canvas->cols, scene);
    if (scene->overlay == OVERLAY_HELP) {
        canvas_attribute(canvas, canvas_rect(canvas), ATTRIBUTE_DIM);
        canvas_fill(canvas, rect, STYLE_ON(TEXT, PANEL));
        struct rect inside =
            frame_box(canvas, rect, STYLE_ON(ACCENT, PANEL), TEXT("keys and commands"), TEXT("esc closes"));
        menu_legend_draw(canvas, rect, danger_legend, DANGER_MARKS);
        textview_draw(canvas, inside, &scene->help);
    } else if (scene->overlay != OVERLAY_NONE) {
        bool themes = scene->overlay == OVERLAY_THEMES;
        menu_draw(canvas, rect, &scene->palette, themes ? TEXT("theme") : TEXT("commands"),
                  themes ? (struct text){0} : TEXT(":"), danger_legend, themes ? 0 : DANGER_MARKS);
    }
}

void picture_draw(struct canvas *canvas, struct scene *scene)
{
    int rows = canvas->rows, cols = canvas->cols;
    scene->glyphs = canvas->glyphs;
    if (rows < PICTURE_LEAST_ROWS || cols < PICTURE_LEAST_COLS) {
        draw_too_small(canvas, scene);
        return;
    }
    top_line_draw(canvas, (struct rect){0, 0, 1, cols}, scene);
    draw_tabs(canvas, 1, cols, scene);
    frame_rule(canvas, 2, 0, cols, (struct text){0});
    struct rect view = picture_view_rect(rows, cols);
    struct rect old = canvas_clip(canvas, view);
    views[scene->view]->draw(canvas, view, scene);
    canvas_unclip(canvas, old);
    bool small = rows < PICTURE_GOOD_ROWS || cols < PICTURE_GOOD_COLS;
    frame_rule(canvas, rows - 2, 0, cols, small ? TEXT("small: from 80x24 on there is more") : (struct text){0});
    if (scene->notice.sentence.len > 0)
        notice_draw(canvas, rows - 2, 0, cols, scene->notice.kind, scene->notice.word, scene->notice.sentence);
    draw_hints(canvas, rows - 1, cols, scene);
    draw_overlay(canvas, scene);
    if (scene->ask.open)
        dialog_draw(canvas, &scene->ask.dialog);
}
