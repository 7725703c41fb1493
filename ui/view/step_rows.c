#include "ui/view/step_rows.h"

#include <string.h>

#include "base/clock.h"
#include "ui/view/scratch.h"

enum {
    SIGN_COL = 1,
    NUMBER_COL = 2,
    NAME_COL = 6,
    LEAST_NAME = 13,
    MOST_NAME = 16,
    TIME_COLS = 7,
    WIDE_COLS = 100,
    LEAST_WORDS = 16
};

static struct style name_style(enum release_step_status status)
{
    switch (status) {
    case RELEASE_STEP_DONE:
        return STYLE(TEXT);
    case RELEASE_STEP_FAILED:
        return STYLE(DANGER);
    case RELEASE_STEP_WAITING:
        return STYLE(WARNING);
    case RELEASE_STEP_NEXT:
    case RELEASE_STEP_BEGUN:
        return STYLE(STRONG);
    default:
        return STYLE(MUTED);
    }
}

static void draw_sign(struct canvas *canvas, int row, int col, const struct scene *scene,
                      const struct release_step *step)
{
    switch (step->status) {
    case RELEASE_STEP_DONE:
        canvas_glyph(canvas, row, col, GLYPH_CHECK, STYLE(SUCCESS));
        break;
    case RELEASE_STEP_FAILED:
        canvas_glyph(canvas, row, col, GLYPH_CROSS, STYLE(DANGER));
        break;
    case RELEASE_STEP_WAITING:
        canvas_glyph(canvas, row, col, GLYPH_WARN, STYLE(WARNING));
        break;
    case RELEASE_STEP_BEGUN:
        /* Under way only when somebody drives; otherwise it was left in the middle. */
        if (run_is_ours(&scene->run))
            canvas_text(canvas, row, col, glyph_spinner(canvas->glyphs, scene->tick), STYLE(ACCENT));
        else
            canvas_glyph(canvas, row, col, GLYPH_HALF, STYLE(WARNING));
        break;
    case RELEASE_STEP_NEXT:
        canvas_glyph(canvas, row, col, GLYPH_ARROW, STYLE(ACCENT));
        break;
    default:
        break;
    }
}

static struct text when(const struct scene *scene, const struct release_step *step, char *out, size_t size)
{
    if (step->status == RELEASE_STEP_BEGUN && step->begun_ms && run_is_ours(&scene->run)) {
        int64_t took = scene->now_ms - step->begun_ms;
        return clock_duration(out, size, took < 0 ? 0 : took);
    }
    if (!step->ended_ms)
        return (struct text){0};
    /* "14:07", without the zone: the frame's clock shows it. */
    char wall[32];
    struct text at = clock_wall(wall, sizeof(wall), step->ended_ms);
    return text_fmt(out, size, "%.*s", at.len >= 5 ? 5 : (int)at.len, at.safe);
}

/* The first sentence: that nothing else happens is said where the step stands whole. */
static struct text first_sentence(struct text words)
{
    const char *end = words.len ? memmem(words.safe, words.len, ". Nothing", strlen(". Nothing")) : NULL;
    return end ? text_slice(words, 0, (size_t)(end - words.safe)) : words;
}

/* What was done, cut where it is long, and behind it the evidence, which is not. */
static void draw_words(struct canvas *canvas, struct rect line, const struct release_step *step)
{
    struct style style = step->status == RELEASE_STEP_TODO ? STYLE(MUTED) : STYLE(TEXT);
    int evidence = step->status == RELEASE_STEP_DONE ? text_width(step->evidence) : 0;
    int most = line.cols - LEAST_WORDS - 2;
    if (evidence > most)
        evidence = most > 0 ? most : 0;
    int room = line.cols - (evidence ? evidence + 2 : 0);
    struct text shown = first_sentence(step->words);
    canvas_text_in(canvas, line.row, line.col, room, shown, evidence ? STYLE(MUTED) : style, ALIGN_LEFT);
    if (!evidence)
        return;
    int words = text_width(shown);
    int col = line.col + (words < room ? words : room) + 2;
    canvas_text_in(canvas, line.row, col, evidence, step->evidence, STYLE(TEXT), ALIGN_LEFT);
}

/* Columns that would be empty all the way down are not there. */
struct shows {
    bool time, back, is_public;
    int name; /* columns of the longest title */
};

static struct shows shows_of(const struct release_steps *steps, bool is_public)
{
    struct shows out = {.is_public = is_public, .name = LEAST_NAME};
    for (size_t i = 0; i < steps->count; i++) {
        const struct release_step *step = &steps->items[i];
        int name = text_width(step->title);
        out.name = name < out.name ? out.name : name < MOST_NAME ? name : MOST_NAME;
        out.time = out.time || step->begun_ms;
        out.back = out.back || (step->undo.len > 0 && !(is_public && step->status == RELEASE_STEP_DONE));
    }
    return out;
}

static void draw_step(struct canvas *canvas, struct rect line, const struct scene *scene,
                      const struct release_step *step, int number, const struct shows *shows)
{
    char bytes[32], clock[32];
    int back_cols = line.cols >= WIDE_COLS && shows->back ? line.cols * 2 / 7 : 0;
    int time_cols = shows->time ? TIME_COLS : 0;
    int right = time_cols + (back_cols ? back_cols + 3 : 0);
    draw_sign(canvas, line.row, line.col + SIGN_COL, scene, step);
    canvas_text_in(canvas, line.row, line.col + NUMBER_COL, 3, text_fmt(bytes, sizeof(bytes), "%d", number),
                   STYLE(MUTED), ALIGN_RIGHT);
    int before = NAME_COL + shows->name + 1;
    struct rect words = {line.row, line.col + before, 1, line.cols - before - right};
    bool room = words.cols >= LEAST_WORDS; /* else the name has the line to itself */
    canvas_text_in(canvas, line.row, line.col + NAME_COL, (room ? before : line.cols - right) - NAME_COL - 1,
                   step->title, name_style(step->status), ALIGN_LEFT);
    if (room)
        draw_words(canvas, words, step);
    canvas_text_in(canvas, line.row, words.col + words.cols, time_cols - 1, when(scene, step, clock, sizeof(clock)),
                   STYLE(MUTED), ALIGN_RIGHT);
    if (back_cols == 0 || step->undo.len == 0 || (shows->is_public && step->status == RELEASE_STEP_DONE))
        return;
    int col = line.col + line.cols - back_cols;
    put(canvas, line.row, &col, TEXT("back: "), STYLE(MUTED));
    canvas_text_in(canvas, line.row, col, line.col + line.cols - col, step->undo, STYLE(MUTED), ALIGN_LEFT);
}

void step_rows_draw(struct canvas *canvas, struct rect rect, const struct scene *scene,
                    const struct release_steps *steps, int selected, bool is_public)
{
    struct shows shows = shows_of(steps, is_public);
    for (size_t i = 0; i < steps->count; i++) {
        struct rect line = {rect.row + (int)i, rect.col, 1, rect.cols};
        struct rect whole = {line.row, rect.col - 1, 1, rect.cols + 2};
        if ((int)i == selected) {
            canvas_fill(canvas, whole, STYLE_ON(TEXT, SELECTED));
            canvas_glyph(canvas, whole.row, whole.col, GLYPH_SELECT, STYLE(ACCENT));
        }
        draw_step(canvas, line, scene, &steps->items[i], (int)i + 1, &shows);
    }
}

int step_next(const struct release_steps *steps)
{
    for (size_t i = 0; i < steps->count; i++) {
        if (steps->items[i].status != RELEASE_STEP_DONE)
            return (int)i;
    }
    return (int)steps->count - 1;
}

bool steps_public(const struct release_view *view)
{
    for (size_t i = 0; i < view->steps.count && !view->is_undo; i++) {
        const struct release_step *step = &view->steps.items[i];
        if (step->status == RELEASE_STEP_DONE && (strcmp(step->id, "push") == 0 || strcmp(step->id, "merge") == 0))
            return true;
    }
    return false;
}
