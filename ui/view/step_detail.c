#include "ui/view/step_detail.h"

#include <string.h>

#include "base/clock.h"
#include "ui/view/scratch.h"
#include "ui/view/trouble.h"

enum { LABEL_COLS = 10 };

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

static void nothing_else(struct text_buf *out)
{
    if (!ends_with(text_of(out), "Nothing else."))
        text_adds(out, " Nothing else.");
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
    nothing_else(out);
}

static struct text title_of(const struct scene *scene, const struct release_step *step, int number, char *out,
                            size_t size)
{
    switch (step->status) {
    case RELEASE_STEP_NEXT:
        return TEXT("What the next step does");
    case RELEASE_STEP_DONE:
        return text_fmt(out, size, "What step %d did", number);
    case RELEASE_STEP_BEGUN:
        return run_is_ours(&scene->run) ? text_fmt(out, size, "What step %d is doing", number)
                                        : text_fmt(out, size, "Step %d was begun, and its end is not known", number);
    case RELEASE_STEP_WAITING:
        return text_fmt(out, size, "What step %d waits for", number);
    case RELEASE_STEP_FAILED:
        return text_fmt(out, size, "Why step %d failed", number);
    default:
        return text_fmt(out, size, "What step %d will do", number);
    }
}

static void pair(struct canvas *canvas, struct rect *rect, struct text label, struct text value)
{
    if (value.len == 0 || rect->rows < 1)
        return;
    canvas_text(canvas, rect->row, rect->col, label, STYLE(MUTED));
    struct rect right = {rect->row, rect->col + LABEL_COLS, rect->rows, rect->cols - LABEL_COLS};
    rect_cut_top(rect, text_draw_wrapped(canvas, right, value, STYLE(TEXT)));
}

static struct text evidence(const struct release_step *step, struct scratch *scratch)
{
    if (step->status != RELEASE_STEP_DONE)
        return (struct text){0};
    char took[32];
    struct text found = step->evidence;
    struct text time = {0};
    if (step->begun_ms && step->ended_ms - step->begun_ms >= 100)
        time = clock_duration(took, sizeof(took), step->ended_ms - step->begun_ms);
    if (time.len == 0)
        return found;
    return scratch_fmt(scratch, "%.*s%sin %.*s", (int)found.len, found.len ? found.safe : "", found.len ? ", " : "",
                       (int)time.len, time.safe);
}

int step_detail_draw(struct canvas *canvas, struct rect rect, const struct scene *scene,
                     const struct release_step *step, int number, bool is_public)
{
    char bytes[1024], title[96];
    struct scratch scratch = {bytes, sizeof(bytes)};
    struct rect left = rect, old = canvas_clip(canvas, rect);
    bool failed = step->status == RELEASE_STEP_FAILED && step->error.kind != ERROR_NONE;
    canvas_text(canvas, rect.row, rect.col, title_of(scene, step, number, title, sizeof(title)), STYLE(TITLE));
    rect_cut_top(&left, 1);
    if (failed) {
        rect_cut_top(&left, trouble_draw(canvas, left, &step->error));
    } else {
        CLEANUP(text_buf_clear) struct text_buf words = {0};
        say(&words, step->words, true);
        if (step->status != RELEASE_STEP_DONE && step->status != RELEASE_STEP_WAITING)
            nothing_else(&words);
        rect_cut_top(&left, text_draw_wrapped(canvas, left, text_of(&words), STYLE(TEXT)));
    }
    if (step->status == RELEASE_STEP_WAITING)
        pair(canvas, &left, TEXT("meanwhile"),
             TEXT("nothing has to stay open. Come back and look again: it goes on from there."));
    pair(canvas, &left, TEXT("evidence"), evidence(step, &scratch));
    if (is_public && step->status == RELEASE_STEP_DONE)
        pair(canvas, &left, TEXT("way back"), TEXT("none: it is public. The way on is the next version."));
    else if (!failed)
        pair(canvas, &left, TEXT("way back"), step->undo);
    canvas_unclip(canvas, old);
    return left.row - rect.row;
}
