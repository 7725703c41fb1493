#include "ui/view/notes_draw.h"

#include <string.h>

#include "ui/view/findings.h"
#include "ui/view/scratch.h"
#include "ui/view/trouble.h"
#include "ui/widget/frame.h"
#include "ui/widget/line.h"

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
    {.wish = 1, .least = 1},
    {.wish = 10, .least = 8, .drop = 2},
    {.wish = 40, .least = 20, .grow = 1},
    {.wish = 7, .least = 7, .drop = 1},
};

static void offer_cells(void *context, size_t row, struct table_cell *cells, char *bytes, size_t size)
{
    struct scene *scene = context;
    const struct release_offer *offer = &scene->proposal.proposal.offers[row];
    struct scratch scratch = {bytes, size};
    bool taken = row < scene->steps_at.taken_count && scene->steps_at.taken[row];
    bool breaking = strncmp(offer->words, "Breaking:", strlen("Breaking:")) == 0;
    struct style words = breaking ? STYLE(DANGER) : taken ? STYLE(TEXT) : STYLE(MUTED);
    cells[0] = (struct table_cell){taken ? TEXT("[x]") : TEXT("[ ]"), taken ? STYLE(SUCCESS) : STYLE(MUTED)};
    cells[1] = (struct table_cell){breaking ? TEXT("!") : (struct text){0}, STYLE(DANGER)};
    cells[2] = (struct table_cell){scratch_fmt(&scratch, "%s", offer->category), STYLE(MUTED)};
    cells[3] = (struct table_cell){scratch_fmt(&scratch, "%s", offer->words), words};
    cells[4] = (struct table_cell){scratch_fmt(&scratch, "%.7s", offer->commit), STYLE(MUTED)};
}

const struct table offers_table = {
    .columns = offer_columns, .column_count = COUNT(offer_columns), .row = offer_cells};

/* Each of the two gets what it needs; where that is too much, none gets less than half for the other's sake. */
struct notes_layout notes_layout(struct rect rect, const struct scene *scene)
{
    enum { BOX_ROWS = 2, EMPTY_ROWS = 4 };
    const struct steps_place *at = &scene->steps_at;
    struct notes_layout out = {.section = rect};
    int offers = (int)scene->proposal.proposal.offer_count + 1;
    if (offers == 1 || at->editing)
        return out;
    int section = at->view.count ? textview_height(&at->view, rect.cols - 5) + BOX_ROWS : EMPTY_ROWS;
    int room = rect.rows > 8 ? rect.rows - 1 : rect.rows;
    if (section + offers > room) {
        if (section <= room / 2)
            offers = room - section;
        else if (offers > room - room / 2)
            offers = room - room / 2;
        section = room - offers;
    }
    out.section = rect_cut_top(&rect, section);
    rect_cut_top(&rect, rect.rows > offers ? 1 : 0);
    out.offers = rect_cut_top(&rect, offers);
    out.heading = rect_cut_top(&out.offers, 1);
    return out;
}

void choose_draw(struct canvas *canvas, struct rect rect, struct scene *scene)
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
        scene->steps_at.from
            ? scratch_fmt(&scratch,
                          "A hotfix has what is on a branch made from %s, and nothing since. Nothing "
                          "has happened yet: the changelog comes next.",
                          scene->steps_at.from)
        : !history->has_since ? TEXT("The commits since the last version are still being counted.")
        : history->since.count == 0
            ? TEXT("Nothing has been committed since the last version.")
            : scratch_fmt(&scratch, "%zu %s since %s. Nothing has happened yet: the changelog comes next.",
                          history->since.count, history->since.count == 1 ? "commit" : "commits",
                          history->current >= 0 ? history->versions[history->current].tag : "the beginning");
    struct rect below = {rect.row, rect.col + 2, rect.rows, rect.cols - 2};
    text_draw_wrapped(canvas, below, words, STYLE(MUTED));
}

static void draw_offers_heading(struct canvas *canvas, struct rect line, const struct scene *scene)
{
    const struct steps_place *at = &scene->steps_at;
    char bytes[128];
    size_t taken = 0;
    for (size_t i = 0; i < at->taken_count; i++)
        taken += at->taken[i];
    canvas_text(canvas, line.row, line.col, TEXT("What the commits offer"), STYLE(TITLE));
    canvas_text_in(canvas, line.row, line.col, line.cols,
                   text_fmt(bytes, sizeof(bytes), "%zu of %zu taken", taken, at->taken_count), STYLE(MUTED),
                   ALIGN_RIGHT);
}

/* What will stand in the way is known already; the check says what to do about it. */
static void draw_refusal(struct canvas *canvas, struct rect line, const struct release_findings *findings)
{
    for (size_t i = 0; i < findings->count; i++) {
        if (findings->items[i].level != FINDING_REFUSE)
            continue;
        notice_draw(canvas, line.row, line.col - 1, line.cols + 2, NOTICE_CAUTION, TEXT("NOT YET"),
                    findings->items[i].what);
        return;
    }
}

void notes_draw(struct canvas *canvas, struct rect rect, struct scene *scene)
{
    struct steps_place *at = &scene->steps_at;
    if (!scene->proposal.has) {
        if (load_failed(&scene->proposal.load))
            trouble_draw(canvas, rect, &scene->proposal.load.error);
        else
            trouble_instead(canvas, rect, scene, &scene->proposal.load, TEXT("working out the release"));
        return;
    }
    if (!scene->proposal.proposal.has_plan) {
        findings_draw(canvas, &rect, &scene->proposal.proposal.findings);
        return;
    }
    struct notes_layout layout = notes_layout(rect, scene);
    draw_refusal(canvas, (struct rect){rect.row - 1, rect.col, 1, rect.cols}, &scene->proposal.proposal.findings);
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
        draw_offers_heading(canvas, layout.heading, scene);
        struct rect list = {layout.offers.row, layout.offers.col - 1, layout.offers.rows, layout.offers.cols + 2};
        table_draw(canvas, list, &offers_table, &at->offer, scene->proposal.proposal.offer_count, scene);
    }
}
