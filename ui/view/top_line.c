#include "ui/view/top_line.h"

#include "base/clock.h"
#include "ui/view/scratch.h"

/* A piece of the line: what it says, and how dear it is (0 is never left out). */
struct piece {
    struct text text;
    struct style style;
    int gap;  /* columns before it */
    int drop; /* the highest goes first when the line is narrow */
};

enum { PIECES_MAX = 24 };

struct line {
    struct piece items[PIECES_MAX];
    size_t count;
};

static void add(struct line *line, int gap, int drop, struct text text, struct style style)
{
    if (text.len > 0 && line->count < PIECES_MAX)
        line->items[line->count++] = (struct piece){text, style, gap, drop};
}

static int width_of(const struct line *line, int without)
{
    int width = 0;
    for (size_t i = 0; i < line->count; i++) {
        if (line->items[i].drop <= without)
            width += line->items[i].gap + text_width(line->items[i].text);
    }
    return width;
}

static void add_place(struct line *line, const struct scene *scene, struct canvas *canvas, struct scratch *scratch)
{
    const struct environment *env = scene->environment;
    add(line, 0, 0, scratch_fmt(scratch, "%s", env->title), STYLE(TITLE));
    char name[64];
    struct text environment = scene_environment(name, sizeof(name), scene);
    struct text copy = scratch_fmt(scratch, "%.*s", (int)environment.len, environment.safe);
    bool guarded = env->settings.protected_environment;
    add(line, 2, 1, guarded ? SIGN(canvas, FULL) : SIGN(canvas, EMPTY), guarded ? STYLE(PRODUCTION) : STYLE(MUTED));
    add(line, 1, 1, copy, guarded ? STYLE(PRODUCTION) : STYLE(TEXT));
    if (env->read_only)
        add(line, 2, 0, TEXT("READ-ONLY"), STYLE(WARNING));
}

static void add_branch(struct line *line, const struct scene *scene, struct canvas *canvas, struct scratch *scratch)
{
    const struct source_state *state = &scene->status.state;
    if (scene->status.load.loaded_ms == 0)
        return;
    if (!state->branch) {
        add(line, 3, 3, TEXT("detached"), STYLE(WARNING));
    } else {
        add(line, 3, 4, TEXT("on"), STYLE(MUTED));
        add(line, 1, 3, scratch_fmt(scratch, "%s", state->branch), STYLE(TEXT));
    }
    if (state->ahead > 0) {
        add(line, 1, 4, SIGN(canvas, UP), STYLE(MUTED));
        add(line, 0, 4, scratch_fmt(scratch, "%d", state->ahead), STYLE(TEXT));
    }
    if (state->behind > 0) {
        add(line, 1, 4, SIGN(canvas, DOWN), STYLE(WARNING));
        add(line, 0, 4, scratch_fmt(scratch, "%d", state->behind), STYLE(WARNING));
    }
}

/* "release 1.4.0: 3 of 6, by maria@ops1 2 s ago" */
static void add_run(struct line *line, const struct scene *scene, struct scratch *scratch)
{
    const struct run_model *run = &scene->run;
    if (!run_is_open(run) && !run_is_ours(run))
        return;
    if (!run->has) {
        add(line, 3, 2, TEXT("release beginning"), STYLE(CANARY));
        return;
    }
    const struct release_view *view = &run->view;
    add(line, 3, 2, scratch_fmt(scratch, "%s %s", view->is_undo ? "undo" : "release", view->info.subject),
        STYLE(CANARY));
    add(line, 1, 2, scratch_fmt(scratch, "%zu of %zu", view->steps.done, view->steps.count), STYLE(TEXT));
    if (view->info.status == RUN_HELD)
        add(line, 1, 2, TEXT("held"), STYLE(WARNING));
    else if (view->info.status == RUN_WAITING)
        add(line, 1, 2, TEXT("waits"), STYLE(WARNING));
    struct text age = scratch_age(scratch, view->info.changed_ms, scene->now_ms);
    add(line, 2, 5,
        scratch_fmt(scratch, "%s %.*s%s", view->info.actor, (int)age.len, age.safe,
                    text_equal(age, TEXT("now")) ? "" : " ago"),
        STYLE(MUTED));
}

void top_line_draw(struct canvas *canvas, struct rect rect, const struct scene *scene)
{
    char bytes[1024], clock[32];
    struct scratch scratch = {bytes, sizeof(bytes)};
    struct line line = {0};
    canvas_fill(canvas, rect, STYLE_ON(TEXT, BAR));
    add_place(&line, scene, canvas, &scratch);
    add_branch(&line, scene, canvas, &scratch);
    const struct history *history = releases_history(&scene->releases);
    if (history && history->current >= 0) {
        add(&line, 3, 3, TEXT("at"), STYLE(MUTED));
        add(&line, 1, 3, scratch_fmt(&scratch, "%s", history->versions[history->current].version), STYLE(STABLE));
    }
    add_run(&line, scene, &scratch);
    struct text wall = clock_wall(clock, sizeof(clock), scene->now_ms);
    int wall_cols = text_width(wall), room = rect.cols - 2;
    bool with_clock = rect.cols >= 60;
    if (with_clock)
        room -= wall_cols + 2;
    int without = 6;
    while (without > 0 && width_of(&line, without) > room)
        without--;
    int col = rect.col + 1;
    for (size_t i = 0; i < line.count; i++) {
        if (line.items[i].drop > without)
            continue;
        col += line.items[i].gap;
        put(canvas, rect.row, &col, line.items[i].text, line.items[i].style);
    }
    if (with_clock)
        canvas_text(canvas, rect.row, rect.col + rect.cols - wall_cols - 1, wall, STYLE(TEXT));
}
