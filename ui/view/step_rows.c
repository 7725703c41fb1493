#include "ui/view/step_rows.h"

#include <string.h>

#include "base/clock.h"
#include "ui/view/scratch.h"
#include "ui/view/trouble.h"

enum { NAME_COL = 5, WORDS_COL = 18, TIME_COLS = 7, BACK_COLS = 30 };

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
        canvas_glyph(canvas, row, col, GLYPH_SELECT, STYLE(ACCENT));
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

static int draw_step(struct canvas *canvas, struct rect rect, const struct scene *scene,
                     const struct release_step *step, size_t number)
{
    char bytes[64], clock[32];
    bool wide = rect.cols >= 100;
    bool done = step->status == RELEASE_STEP_DONE;
    int right = TIME_COLS + (wide ? BACK_COLS + 2 : 0);
    draw_sign(canvas, rect.row, rect.col, scene, step);
    canvas_text_in(canvas, rect.row, rect.col + 1, 3, text_fmt(bytes, sizeof(bytes), "%zu", number), STYLE(MUTED),
                   ALIGN_RIGHT);
    canvas_text_in(canvas, rect.row, rect.col + NAME_COL, WORDS_COL - NAME_COL - 1, step->title,
                   name_style(step->status), ALIGN_LEFT);
    struct rect words = {rect.row, rect.col + WORDS_COL, 100, rect.cols - WORDS_COL - right};
    struct text shown = done && step->evidence.len > 0 ? step->evidence : step->words;
    bool future = step->status == RELEASE_STEP_TODO;
    int took = text_draw_wrapped(canvas, words, shown, future ? STYLE(MUTED) : STYLE(TEXT));
    canvas_text_in(canvas, rect.row, words.col + words.cols, TIME_COLS - 1, when(scene, step, clock, sizeof(clock)),
                   STYLE(MUTED), ALIGN_RIGHT);
    if (step->undo.len > 0 && wide) {
        struct rect back = {rect.row, rect.col + rect.cols - BACK_COLS, 100, BACK_COLS};
        CLEANUP(text_buf_clear) struct text_buf way = {0};
        text_adds(&way, "back: ");
        text_add(&way, step->undo);
        int rows = text_draw_wrapped(canvas, back, text_of(&way), STYLE(MUTED));
        took = rows > took ? rows : took;
    } else if (step->undo.len > 0 && !done) {
        int col = words.col;
        put(canvas, rect.row + took, &col, TEXT("back: "), STYLE(MUTED));
        struct rect back = {rect.row + took, col, 100, rect.col + rect.cols - col};
        took += text_draw_wrapped(canvas, back, step->undo, STYLE(MUTED));
    }
    took = took < 1 ? 1 : took;
    if (step->status == RELEASE_STEP_FAILED && step->error.kind != ERROR_NONE) {
        struct rect trouble = {rect.row + took, words.col, 100, rect.col + rect.cols - words.col};
        took += trouble_draw(canvas, trouble, &step->error);
    }
    return took;
}

int step_rows_draw(struct canvas *canvas, struct rect rect, const struct scene *scene,
                   const struct release_steps *steps)
{
    int row = rect.row;
    for (size_t i = 0; i < steps->count; i++) {
        struct rect at = {row, rect.col, 100, rect.cols};
        row += draw_step(canvas, at, scene, &steps->items[i], i + 1);
    }
    return row - rect.row;
}

const struct release_step *step_next(const struct release_steps *steps)
{
    for (size_t i = 0; i < steps->count; i++) {
        if (steps->items[i].status != RELEASE_STEP_DONE)
            return &steps->items[i];
    }
    return NULL;
}

static bool ends_with(struct text text, const char *end)
{
    size_t len = strlen(end);
    return text.len >= len && memcmp(text.safe + text.len - len, end, len) == 0;
}

/* Words of a step are clauses ("writes CHANGELOG.md"), some with a sentence more behind; here they become sentences. */
static void say(struct text_buf *out, struct text words, bool first)
{
    if (!first)
        text_adds(out, " Then ");
    if (first && words.len > 0 && words.safe[0] >= 'a' && words.safe[0] <= 'z') {
        char capital = (char)(words.safe[0] - 'a' + 'A');
        text_add_raw(out, &capital, 1);
        words.safe++, words.len--;
    }
    text_add(out, words);
    if (!ends_with(words, "."))
        text_adds(out, ".");
}

void steps_say(struct text_buf *out, const struct release_steps *steps, bool all)
{
    bool first = true;
    for (size_t i = 0; i < steps->count; i++) {
        if (steps->items[i].status == RELEASE_STEP_DONE)
            continue;
        say(out, steps->items[i].words, first);
        first = false;
        if (!all)
            break;
    }
    if (!ends_with(text_of(out), "Nothing else."))
        text_adds(out, " Nothing else.");
}

int step_next_draw(struct canvas *canvas, struct rect rect, const struct release_step *step)
{
    CLEANUP(text_buf_clear) struct text_buf words = {0};
    canvas_text(canvas, rect.row, rect.col, TEXT("What the next step does"), STYLE(TITLE));
    say(&words, step->words, true);
    if (!ends_with(text_of(&words), "Nothing else."))
        text_adds(&words, " Nothing else.");
    struct rect below = {rect.row + 1, rect.col, rect.rows - 1, rect.cols};
    return 1 + text_draw_wrapped(canvas, below, text_of(&words), STYLE(TEXT));
}
