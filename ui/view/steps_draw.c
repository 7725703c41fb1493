#include "ui/view/steps_draw.h"

#include <string.h>

#include "base/clock.h"
#include "ui/view/scratch.h"
#include "ui/view/step_rows.h"
#include "ui/view/trouble.h"
#include "ui/widget/frame.h"

static const struct column choice_columns[] = {
    {TEXT("choice"), .wish = 18, .least = 12},
    {TEXT("becomes"), .wish = 16, .least = 10},
    {TEXT("why"), .wish = 30, .least = 10, .grow = 1, .drop = 1},
};

static void choice_cells(void *context, size_t row, struct table_cell *cells, char *bytes, size_t size)
{
    struct scene *scene = context;
    const struct choice *choice = &scene->steps_at.choices[row];
    (void)bytes, (void)size;
    cells[0] = (struct table_cell){choice->name, STYLE(TEXT)};
    cells[1] = (struct table_cell){choice->version, STYLE(STRONG)};
    cells[2] = (struct table_cell){choice->why, STYLE(MUTED)};
}

const struct table choices_table = {
    .columns = choice_columns, .column_count = COUNT(choice_columns), .heading = true, .row = choice_cells};

static const struct column offer_columns[] = {
    {.wish = 3, .least = 3},
    {TEXT("category"), .wish = 10, .least = 8, .drop = 2},
    {TEXT("entries offered from the commits"), .wish = 40, .least = 20, .grow = 1},
    {TEXT("commit"), .wish = 7, .least = 7, .drop = 1},
};

static void offer_cells(void *context, size_t row, struct table_cell *cells, char *bytes, size_t size)
{
    struct scene *scene = context;
    const struct release_offer *offer = &scene->proposal.proposal.offers[row];
    struct scratch scratch = {bytes, size};
    bool taken = row < scene->steps_at.taken_count && scene->steps_at.taken[row];
    cells[0] = (struct table_cell){taken ? TEXT("[x]") : TEXT("[ ]"), taken ? STYLE(SUCCESS) : STYLE(MUTED)};
    cells[1] = (struct table_cell){scratch_fmt(&scratch, "%s", offer->category), STYLE(MUTED)};
    cells[2] = (struct table_cell){scratch_fmt(&scratch, "%s", offer->words), taken ? STYLE(TEXT) : STYLE(MUTED)};
    cells[3] = (struct table_cell){scratch_fmt(&scratch, "%.7s", offer->commit), STYLE(MUTED)};
}

const struct table offers_table = {
    .columns = offer_columns, .column_count = COUNT(offer_columns), .heading = true, .row = offer_cells};

struct notes_layout notes_layout(struct rect rect, const struct scene *scene)
{
    size_t offers = scene->proposal.proposal.offer_count;
    struct notes_layout out = {0};
    if (offers > 0 && !scene->steps_at.editing) {
        int rows = (int)offers + 1;
        int most = rect.rows / 2;
        out.offers = rect_cut_bottom(&rect, rows > most ? most : rows);
        if (rect.rows > 8)
            rect_cut_bottom(&rect, 1);
    }
    out.section = rect;
    return out;
}

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

static void draw_choose(struct canvas *canvas, struct rect rect, struct scene *scene)
{
    struct steps_place *at = &scene->steps_at;
    struct rect list = rect_cut_top(&rect, (int)at->choice_count + 2);
    list.col--, list.cols += 2;
    table_draw(canvas, list, &choices_table, &at->choice, at->choice_count, scene);
    const struct choice *choice = at->choice.selected < at->choice_count ? &at->choices[at->choice.selected] : NULL;
    if (at->typing && rect.rows > 0) {
        canvas_text(canvas, rect.row, rect.col + 2, TEXT("version"), STYLE(MUTED));
        field_draw(canvas, rect.row, rect.col + 22, 24, &at->typed, TEXT("1.4.0"), true);
        rect_cut_top(&rect, 2);
    }
    if (load_failed(&scene->proposal.load)) {
        trouble_draw(canvas, (struct rect){rect.row, rect.col + 2, rect.rows, rect.cols - 2},
                     &scene->proposal.load.error);
        return;
    }
    const struct history *history = releases_history(&scene->releases);
    if (!choice || !history || rect.rows < 3)
        return;
    char bytes[256];
    struct scratch scratch = {bytes, sizeof(bytes)};
    struct text words =
        !history->has_since ? TEXT("The commits since the last version are still being counted.")
        : history->since.count == 0
            ? TEXT("Nothing has been committed since the last version.")
            : scratch_fmt(&scratch, "%zu %s since %s. Nothing has happened yet: the changelog comes next.",
                          history->since.count, history->since.count == 1 ? "commit" : "commits",
                          history->current >= 0 ? history->versions[history->current].tag : "the beginning");
    struct rect below = {rect.row, rect.col + 2, rect.rows, rect.cols - 2};
    text_draw_wrapped(canvas, below, words, STYLE(MUTED));
}

static void draw_findings(struct canvas *canvas, struct rect *rect, const struct release_findings *findings)
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

static void draw_notes(struct canvas *canvas, struct rect rect, struct scene *scene)
{
    struct steps_place *at = &scene->steps_at;
    if (!scene->proposal.has) {
        if (load_failed(&scene->proposal.load))
            trouble_draw(canvas, rect, &scene->proposal.load.error);
        else
            trouble_instead(canvas, rect, scene, &scene->proposal.load, TEXT("working out the release"));
        return;
    }
    if (!plan_of(scene)) {
        draw_findings(canvas, &rect, &scene->proposal.proposal.findings);
        return;
    }
    struct notes_layout layout = notes_layout(rect, scene);
    struct text title =
        at->editing ? TEXT("editing the section") : TEXT("the section as it will stand in the changelog");
    struct rect box = {layout.section.row, layout.section.col, layout.section.rows, layout.section.cols};
    struct rect inside = frame_box(canvas, box, at->editing ? STYLE(ACCENT) : STYLE(BORDER), title,
                                   at->edited ? TEXT("edited") : (struct text){0});
    if (at->editing) {
        editor_draw(canvas, inside, &at->editor, true);
    } else if (at->view.count > 0) {
        textview_draw(canvas, inside, &at->view);
    } else {
        empty_draw(canvas, inside, TEXT("Nothing in it yet."),
                   TEXT("Take commits below with space, or write with e."));
    }
    if (layout.offers.rows > 0) {
        struct rect list = {layout.offers.row, layout.offers.col - 1, layout.offers.rows, layout.offers.cols + 2};
        table_draw(canvas, list, &offers_table, &at->offer, scene->proposal.proposal.offer_count, scene);
    }
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

static void draw_check(struct canvas *canvas, struct rect rect, struct scene *scene)
{
    struct rect whole = rect;
    const struct proposal_model *proposal = &scene->proposal;
    rect.row -= scene->steps_at.top;
    rect.rows = 1000;
    struct rect old = canvas_clip(canvas, whole);
    draw_remote(canvas, &rect, scene);
    int before = rect.row;
    draw_findings(canvas, &rect, &proposal->proposal.findings);
    if (rect.row > before)
        rect_cut_top(&rect, 1);
    if (plan_of(scene)) {
        canvas_text(canvas, rect.row, rect.col, TEXT("What it will do, in this order"), STYLE(TITLE));
        rect_cut_top(&rect, 1);
        rect_cut_top(&rect, step_rows_draw(canvas, rect, scene, &proposal->steps));
        rect_cut_top(&rect, 1);
        canvas_text(canvas, rect.row, rect.col, TEXT("Nothing has happened yet, and nothing else will."),
                    STYLE(MUTED));
        rect_cut_top(&rect, 1);
    }
    int height = rect.row + scene->steps_at.top - whole.row;
    if (scene->steps_at.top > height - whole.rows)
        scene->steps_at.top = height > whole.rows ? height - whole.rows : 0;
    canvas_unclip(canvas, old);
    scrollbar_draw(canvas, whole.row, whole.col + whole.cols, whole.rows, (size_t)scene->steps_at.top,
                   (size_t)whole.rows, (size_t)height);
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
        text_addf(&words, view->is_undo ? "%s was taken back; nothing of it is left." : "%s is out.",
                  view->info.subject);
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
    rect_cut_top(&rect, step_rows_draw(canvas, rect, scene, &run->view.steps));
    rect_cut_top(&rect, 1);
    if (load_failed(&run->drive) && !a_step_failed(&run->view.steps)) {
        rect_cut_top(&rect, trouble_draw(canvas, rect, &run->drive.error));
        rect_cut_top(&rect, 1);
    }
    const struct release_step *next = step_next(&run->view.steps);
    if (run_is_open(run) && next && next->status != RELEASE_STEP_WAITING && !run_is_ours(run) && rect.rows > 1)
        step_next_draw(canvas, rect, next);
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
    rect_cut_top(&rect, 2);
    rect_cut_top(&rect, step_rows_draw(canvas, rect, scene, &run->undo_steps));
    rect_cut_top(&rect, 1);
    canvas_text(canvas, rect.row, rect.col, TEXT("Nothing has happened yet, and nothing else will."), STYLE(MUTED));
}

void steps_draw(struct canvas *canvas, struct rect rect, struct scene *scene)
{
    draw_heading(canvas, rect, scene);
    struct rect page = steps_page_rect(rect);
    static void (*const pages[])(struct canvas *, struct rect, struct scene *) = {
        [STEPS_CHOOSE] = draw_choose, [STEPS_NOTES] = draw_notes, [STEPS_CHECK] = draw_check,
        [STEPS_RUN] = draw_run,       [STEPS_UNDO] = draw_undo,
    };
    pages[scene->steps_at.page](canvas, page, scene);
}
