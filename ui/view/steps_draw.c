#include "ui/view/steps_draw.h"

#include <string.h>

#include "base/clock.h"
#include "ui/view/findings.h"
#include "ui/view/notes_draw.h"
#include "ui/view/scratch.h"
#include "ui/view/step_detail.h"
#include "ui/view/step_rows.h"
#include "ui/view/trouble.h"
#include "ui/widget/frame.h"

/* "1 version  ✓   2 changelog   3 check   4 release": where one is on the way. */
static void draw_way(struct canvas *canvas, int row, int right, const struct scene *scene)
{
    static const struct text names[] = {TEXT("version"), TEXT("changelog"), TEXT("check"), TEXT("release")};
    int width = 0;
    for (size_t i = 0; i < COUNT(names); i++)
        width += 2 + text_width(names[i]) + 2;
    int col = right - width;
    for (size_t i = 0; i < COUNT(names); i++) {
        bool here = (size_t)scene->steps_at.page == i;
        bool past = (size_t)scene->steps_at.page > i;
        if (past)
            canvas_glyph(canvas, row, col, GLYPH_CHECK, STYLE(SUCCESS));
        else
            canvas_printf(canvas, row, col, here ? STYLE(ACCENT) : STYLE(MUTED), "%zu", i + 1);
        canvas_text(canvas, row, col + 2, names[i], here ? STYLE(TITLE) : STYLE(MUTED));
        col += 2 + text_width(names[i]) + 2;
    }
}

static const struct release_plan *plan_of(const struct scene *scene)
{
    return scene->proposal.has && scene->proposal.proposal.has_plan ? &scene->proposal.proposal.plan : NULL;
}

static void put_environment(struct canvas *canvas, int row, int *col, const struct scene *scene)
{
    char b[64];
    bool guarded = scene->environment->settings.protected_environment;
    put(canvas, row, col, TEXT("in "), STYLE(MUTED));
    put(canvas, row, col, scene_environment(b, sizeof(b), scene), guarded ? STYLE(PRODUCTION) : STYLE(TEXT));
    *col += 2;
}

static void draw_heading(struct canvas *canvas, struct rect rect, const struct scene *scene)
{
    char bytes[512];
    struct scratch scratch = {bytes, sizeof(bytes)};
    const struct steps_place *at = &scene->steps_at;
    const struct release_plan *plan = plan_of(scene);
    int col = rect.col + 1;
    if (at->page == STEPS_RUN || at->page == STEPS_UNDO) {
        const struct run_info *info = &scene->run.view.info;
        if (!scene->run.has)
            return;
        bool undo = at->page == STEPS_UNDO || scene->run.view.is_undo;
        put(canvas, rect.row, &col, scratch_fmt(&scratch, "%s %s ", undo ? "Undo release" : "Release", info->subject),
            STYLE(TITLE));
        put_environment(canvas, rect.row, &col, scene);
        if (*info->reason && rect.rows > 10)
            canvas_text_in(canvas, rect.row + 1, rect.col + 1, rect.cols - 2,
                           scratch_fmt(&scratch, "because: %s", info->reason), STYLE(MUTED), ALIGN_LEFT);
        struct text run = scratch_fmt(&scratch, "run %s, begun by %s ", info->id, info->actor);
        struct text age = scratch_age(&scratch, info->begun_ms, scene->now_ms);
        int width = text_width(run) + text_width(age);
        if (col + width + 6 > rect.col + rect.cols)
            return;
        col = rect.col + rect.cols - width - 1 - (text_equal(age, TEXT("now")) ? 0 : 4);
        put(canvas, rect.row, &col, run, STYLE(MUTED));
        put(canvas, rect.row, &col, age, STYLE(MUTED));
        put(canvas, rect.row, &col, text_equal(age, TEXT("now")) ? (struct text){0} : TEXT(" ago"), STYLE(MUTED));
        return;
    }
    put(canvas, rect.row, &col, at->from ? TEXT("Hotfix ") : TEXT("Release "), STYLE(TITLE));
    if (plan && at->page != STEPS_CHOOSE)
        put(canvas, rect.row, &col, scratch_fmt(&scratch, "%s ", plan->version), STYLE(TITLE));
    if (at->from)
        put(canvas, rect.row, &col, scratch_fmt(&scratch, "from %s ", at->from), STYLE(TEXT));
    put_environment(canvas, rect.row, &col, scene);
    if (col + 48 < rect.col + rect.cols)
        draw_way(canvas, rect.row, rect.col + rect.cols + 1, scene);
}

struct rect steps_page_rect(struct rect rect)
{
    rect_cut_top(&rect, rect.rows > 10 ? 2 : 1);
    rect.col++, rect.cols -= 2;
    return rect;
}

/* Whether the remote has said what it has, and what it means that it has not. */
static void draw_remote(struct canvas *canvas, struct rect *rect, const struct scene *scene)
{
    const struct proposal_model *proposal = &scene->proposal;
    char b[32], bytes[256];
    struct scratch scratch = {bytes, sizeof(bytes)};
    const struct release_plan *plan = plan_of(scene);
    const char *remote = plan && *plan->remote ? plan->remote : "the remote";
    if (load_failed(&proposal->remote)) {
        int took = trouble_draw(canvas, *rect, &proposal->remote.error);
        rect_cut_top(rect, took + 1);
    } else if (load_under_way(&proposal->remote)) {
        int64_t since = scene->boot_ms - proposal->remote.since_ms;
        int col = rect->col;
        put(canvas, rect->row, &col, glyph_spinner(canvas->glyphs, scene->tick), STYLE(ACCENT));
        put(canvas, rect->row, &col, scratch_fmt(&scratch, " asking %s what it has ", remote), STYLE(MUTED));
        put(canvas, rect->row, &col, clock_duration(b, sizeof(b), since - since % 1000), STYLE(MUTED));
        rect_cut_top(rect, 2);
    }
}

const struct release_steps *steps_shown(const struct scene *scene)
{
    switch (scene->steps_at.page) {
    case STEPS_CHECK:
        return plan_of(scene) ? &scene->proposal.steps : NULL;
    case STEPS_RUN:
        return scene->run.has ? &scene->run.view.steps : NULL;
    case STEPS_UNDO:
        return scene->run.has_undo ? &scene->run.undo_steps : NULL;
    default:
        return NULL;
    }
}

int steps_selected(const struct scene *scene)
{
    const struct release_steps *steps = steps_shown(scene);
    if (!steps || steps->count == 0)
        return STEP_NONE;
    size_t moved = scene->steps_at.step;
    if (!scene->steps_at.step_moved)
        return step_next(steps);
    return moved < steps->count ? (int)moved : (int)steps->count - 1;
}

int steps_at_row(const struct scene *scene, int row)
{
    const struct release_steps *steps = steps_shown(scene);
    const struct steps_place *at = &scene->steps_at;
    int step = row - at->list_row + at->top;
    return steps && row >= at->list_row && row < at->list_row + at->list_rows && step < (int)steps->count ? step
                                                                                                          : STEP_NONE;
}

/* The list in the rectangle's top, scrolled to the selected step, and right below it what that step is. */
static void draw_steps(struct canvas *canvas, struct rect rect, struct scene *scene, bool is_public)
{
    struct steps_place *at = &scene->steps_at;
    const struct release_steps *steps = steps_shown(scene);
    int selected = steps_selected(scene), count = (int)steps->count;
    int detail = rect.rows >= STEP_DETAIL_ROWS + 4 ? STEP_DETAIL_ROWS : 0;
    int lines = rect.rows - (detail ? detail + 1 : 0);
    struct rect list = rect_cut_top(&rect, count < lines ? count : lines);
    struct table_place place = {.selected = selected < 0 ? 0 : (size_t)selected, .top = (size_t)at->top};
    table_keep(&place, steps->count, list.rows);
    at->top = (int)place.top;
    at->list_row = list.row, at->list_rows = list.rows;
    struct rect whole = {list.row, list.col - 1, list.rows, list.cols + 2}, old = canvas_clip(canvas, whole);
    step_rows_draw(canvas, (struct rect){list.row - at->top, list.col, 1, list.cols}, scene, steps, selected,
                   is_public);
    canvas_unclip(canvas, old);
    scrollbar_draw(canvas, list.row, list.col + list.cols, list.rows, place.top, (size_t)list.rows, steps->count);
    rect_cut_top(&rect, 1);
    rect.col++, rect.cols--;
    if (detail && selected >= 0)
        step_detail_draw(canvas, rect, scene, &steps->items[selected], selected + 1, is_public);
}

static void draw_check(struct canvas *canvas, struct rect rect, struct scene *scene)
{
    const struct proposal_model *proposal = &scene->proposal;
    struct rect whole = rect, old = canvas_clip(canvas, rect);
    draw_remote(canvas, &rect, scene);
    int before = rect.row;
    findings_draw(canvas, &rect, &proposal->proposal.findings);
    canvas_unclip(canvas, old);
    if (rect.row > before)
        rect_cut_top(&rect, 1);
    if (!plan_of(scene) || rect.row + 2 >= whole.row + whole.rows)
        return;
    canvas_text(canvas, rect.row, rect.col, TEXT("What it will do, in this order"), STYLE(TITLE));
    struct text nothing = TEXT("nothing has happened yet");
    canvas_text_in(canvas, rect.row, rect.col, rect.cols, nothing, STYLE(MUTED), ALIGN_RIGHT);
    rect_cut_top(&rect, 1);
    draw_steps(canvas, rect, scene, false);
}

static void say_finished(struct text_buf *words, const struct scene *scene)
{
    const struct release_view *view = &scene->run.view;
    char sign[32];
    if (view->is_undo) {
        text_addf(words, "%s was taken back; nothing of it is left.", view->info.subject);
    } else if (steps_public(view)) {
        text_addf(words, "%s is public, and stays. The way on is the next version", view->info.subject);
        struct text key = keymap_sign(sign, sizeof(sign), &scene->keys, COMMAND_RELEASE_CREATE, false);
        text_addf(words, key.len ? ": %.*s." : ".", (int)key.len, key.len ? key.safe : "");
    } else {
        text_addf(words, "%s is made, here only: nothing was pushed, and it can still be taken back.",
                  view->info.subject);
    }
}

static void draw_verdict(struct canvas *canvas, struct rect *rect, const struct scene *scene)
{
    const struct release_view *view = &scene->run.view;
    struct rect line = {rect->row, rect->col - 1, 1, rect->cols + 2};
    CLEANUP(text_buf_clear) struct text_buf words = {0};
    enum notice_kind kind = NOTICE_CAUTION;
    struct text word = {0};
    switch (view->info.status) {
    case RUN_FINISHED:
        kind = NOTICE_GOOD;
        word = view->is_undo ? TEXT("TAKEN BACK") : TEXT("RELEASED");
        say_finished(&words, scene);
        break;
    case RUN_UNDONE:
        word = TEXT("UNDONE");
        text_adds(&words, "This release was taken back.");
        break;
    case RUN_FAILED:
        kind = NOTICE_ALARM;
        word = TEXT("GIVEN UP");
        text_adds(&words, "What was done stays.");
        break;
    case RUN_WAITING:
        word = TEXT("WAITING");
        break;
    case RUN_HELD:
        word = TEXT("HELD");
        break;
    default:
        break;
    }
    if (view->reason.len > 0 && view->info.status != RUN_FINISHED) {
        if (text_of(&words).len)
            text_adds(&words, " ");
        text_add(&words, view->reason);
    }
    if (word.len == 0)
        return;
    notice_draw(canvas, line.row, line.col, line.cols, kind, word, text_of(&words));
    rect_cut_top(rect, 2);
}

static bool a_step_failed(const struct release_steps *steps)
{
    for (size_t i = 0; i < steps->count; i++) {
        if (steps->items[i].status == RELEASE_STEP_FAILED)
            return true;
    }
    return false;
}

static void draw_run(struct canvas *canvas, struct rect rect, struct scene *scene)
{
    const struct run_model *run = &scene->run;
    if (!run->has) {
        if (load_failed(&run->drive) || load_failed(&run->load))
            trouble_draw(canvas, rect, load_failed(&run->drive) ? &run->drive.error : &run->load.error);
        else if (run_is_ours(run))
            trouble_instead(canvas, rect, scene, &(struct load){.job = 1, .since_ms = run->drive.since_ms},
                            TEXT("beginning"));
        else
            empty_draw(canvas, rect, TEXT("There is no release to show."), TEXT("n makes one"));
        return;
    }
    /* It could not even be begun: the run on the table is an older one. */
    if (load_failed(&run->drive) && !run->begun && !run_is_open(run)) {
        trouble_draw(canvas, rect, &run->drive.error);
        return;
    }
    draw_verdict(canvas, &rect, scene);
    if (load_failed(&run->drive) && !a_step_failed(&run->view.steps)) {
        rect_cut_top(&rect, trouble_draw(canvas, rect, &run->drive.error));
        rect_cut_top(&rect, 1);
    }
    draw_steps(canvas, rect, scene, steps_public(&run->view));
}

static void draw_undo(struct canvas *canvas, struct rect rect, struct scene *scene)
{
    const struct run_model *run = &scene->run;
    if (load_failed(&run->undo)) {
        trouble_draw(canvas, rect, &run->undo.error);
        return;
    }
    if (!run->has_undo) {
        trouble_instead(canvas, rect, scene, &(struct load){.job = run->undo.job, .since_ms = run->undo.since_ms},
                        TEXT("looking at what can be taken back"));
        return;
    }
    canvas_text(canvas, rect.row, rect.col, TEXT("What it will take back, in this order"), STYLE(TITLE));
    struct text nothing = TEXT("nothing has happened yet");
    canvas_text_in(canvas, rect.row, rect.col, rect.cols, nothing, STYLE(MUTED), ALIGN_RIGHT);
    rect_cut_top(&rect, 1);
    draw_steps(canvas, rect, scene, false);
}

void steps_draw(struct canvas *canvas, struct rect rect, struct scene *scene)
{
    draw_heading(canvas, rect, scene);
    struct rect page = steps_page_rect(rect);
    static void (*const pages[])(struct canvas *, struct rect, struct scene *) = {
        [STEPS_CHOOSE] = choose_draw, [STEPS_NOTES] = notes_draw, [STEPS_CHECK] = draw_check,
        [STEPS_RUN] = draw_run,       [STEPS_UNDO] = draw_undo,
    };
    pages[scene->steps_at.page](canvas, page, scene);
}
