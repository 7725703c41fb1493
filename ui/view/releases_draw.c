#include "ui/view/releases_draw.h"

#include <string.h>

#include "base/clock.h"
#include "ui/view/detail_draw.h"
#include "ui/view/releases_order.h"
#include "ui/view/scratch.h"
#include "ui/view/trouble.h"

enum { WIDE_COLS = 100 };
enum { COLUMN_VERSION, COLUMN_WHEN, COLUMN_DATE, COLUMN_COMMIT, COLUMN_NOTES, COLUMN_ALL };

static const struct column columns[COLUMN_ALL] = {
    [COLUMN_VERSION] = {TEXT("version"), .wish = 20, .least = 12},
    [COLUMN_WHEN] = {TEXT("when"), .wish = 6, .least = 6, .drop = 2},
    [COLUMN_DATE] = {TEXT("date"), .wish = 10, .least = 10, .drop = 4},
    [COLUMN_COMMIT] = {TEXT("commit"), .wish = 7, .least = 7, .drop = 3},
    [COLUMN_NOTES] = {TEXT("notes"), .wish = 44, .least = 12, .grow = 1, .drop = 1},
};

static struct style note_style(const struct history_version *version, bool burned)
{
    if (version->yanked)
        return STYLE(WARNING);
    return burned ? STYLE(DANGER) : STYLE(MUTED);
}

static void add_note(struct text_buf *notes, const char *words)
{
    if (text_of(notes).len > 0)
        text_adds(notes, ", ");
    text_adds(notes, words);
}

/* What is out of the ordinary: an annotated tag of a release on our own line has nothing to say. */
static struct text version_notes(const struct scene *scene, size_t index, struct scratch *scratch)
{
    const struct history *history = releases_history(&scene->releases);
    const struct history_version *version = &history->versions[index];
    struct text_buf notes = {0};
    if (version->yanked)
        add_note(&notes, "yanked");
    if (releases_burned(&scene->releases, index))
        add_note(&notes, "burned, its number is used up");
    if (history->current == (int)index)
        add_note(&notes, "current");
    if (version->prerelease)
        add_note(&notes, "pre-release");
    if (!version->annotated && (version->when_ms || !history->is_glance))
        add_note(&notes, "lightweight tag");
    if (releases_reach(&scene->releases, index) == HISTORY_ELSEWHERE)
        add_note(&notes, "not on this branch");
    struct text made = text_of(&notes);
    struct text copy = scratch_fmt(scratch, "%.*s", (int)made.len, made.len ? made.safe : "");
    text_buf_clear(&notes);
    return copy;
}

/* "next 1.4.0: 2 feat, 5 fix, 3 other" */
static struct text unreleased_notes(const struct history *history, struct scratch *scratch)
{
    if (!history->has_since)
        return TEXT("counting commits");
    if (history->since.count == 0)
        return TEXT("nothing since the last version");
    static const char *const words[HISTORY_CLASSES] = {"other", "fix", "feat", "breaking"};
    struct text_buf notes = {0};
    const char *between = "";
    if (history->suggestion) {
        text_addf(&notes, "next %s", history->suggestion);
        between = ": ";
    }
    for (int class = HISTORY_BREAKING; class >= HISTORY_OTHER; class --) {
        if (history->since.counts[class] == 0)
            continue;
        text_addf(&notes, "%s%d %s", between, history->since.counts[class], words[class]);
        between = ", ";
    }
    struct text made = text_of(&notes);
    struct text copy = scratch_fmt(scratch, "%.*s", (int)made.len, made.len ? made.safe : "");
    text_buf_clear(&notes);
    return copy;
}

static void releases_cells(void *context, size_t row, struct table_cell *cells, char *bytes, size_t size)
{
    struct scene *scene = context;
    const struct history *history = releases_history(&scene->releases);
    struct scratch scratch = {bytes, size};
    int index = releases_row(&scene->releases_at, row);
    if (index < 0) {
        cells[COLUMN_VERSION] = (struct table_cell){TEXT("Unreleased"), STYLE(STRONG)};
        cells[COLUMN_COMMIT] = (struct table_cell){scratch_fmt(&scratch, "%.7s", history->head), STYLE(MUTED)};
        cells[COLUMN_NOTES] = (struct table_cell){
            unreleased_notes(history, &scratch),
            history->suggestion ? STYLE(ACCENT) : STYLE(MUTED),
        };
        return;
    }
    const struct history_version *version = &history->versions[index];
    bool burned = releases_burned(&scene->releases, (size_t)index);
    bool here = releases_reach(&scene->releases, (size_t)index) != HISTORY_ELSEWHERE;
    struct style name = history->current == index            ? STYLE(STABLE)
                        : version->yanked || burned || !here ? STYLE(MUTED)
                        : version->prerelease                ? STYLE(TEXT)
                                                             : STYLE(STRONG);
    char date[32];
    cells[COLUMN_VERSION] = (struct table_cell){scratch_fmt(&scratch, "%s", version->tag), name};
    if (version->when_ms || !history->is_glance) {
        cells[COLUMN_WHEN] = (struct table_cell){scratch_age(&scratch, version->when_ms, scene->now_ms), STYLE(TEXT)};
        struct text day = clock_date(date, sizeof(date), version->when_ms);
        cells[COLUMN_DATE] = (struct table_cell){scratch_fmt(&scratch, "%.*s", (int)day.len, day.safe), STYLE(MUTED)};
    }
    cells[COLUMN_COMMIT] = (struct table_cell){scratch_fmt(&scratch, "%.7s", version->commit), STYLE(MUTED)};
    cells[COLUMN_NOTES] =
        (struct table_cell){version_notes(scene, (size_t)index, &scratch), note_style(version, burned)};
}

const struct table releases_table = {
    .columns = columns, .column_count = COLUMN_ALL, .heading = true, .row = releases_cells};

/* On a narrow screen the date gives way to the notes. */
enum { NARROW_ALL = COLUMN_ALL - 1 };

static const struct column narrow_columns[NARROW_ALL] = {
    {TEXT("version"), .wish = 18, .least = 12},
    {TEXT("when"), .wish = 6, .least = 6, .drop = 2},
    {TEXT("commit"), .wish = 7, .least = 7, .drop = 3},
    {TEXT("notes"), .wish = 30, .least = 12, .grow = 1, .drop = 1},
};

static void narrow_cells(void *context, size_t row, struct table_cell *cells, char *bytes, size_t size)
{
    struct table_cell all[COLUMN_ALL] = {0};
    releases_cells(context, row, all, bytes, size);
    for (int from = 0, to = 0; from < COLUMN_ALL; from++) {
        if (from != COLUMN_DATE)
            cells[to++] = all[from];
    }
}

static const struct table narrow_table = {
    .columns = narrow_columns, .column_count = NARROW_ALL, .heading = true, .row = narrow_cells};

static const struct column foreign_columns[] = {
    {TEXT("tag"), .wish = 30, .least = 16},
    {TEXT("why it is no version of this service"), .wish = 40, .least = 20, .grow = 1},
};

static void foreign_cells(void *context, size_t row, struct table_cell *cells, char *bytes, size_t size)
{
    struct scene *scene = context;
    const struct history_foreign *foreign = &releases_history(&scene->releases)->foreign[row];
    struct scratch scratch = {bytes, size};
    cells[0] = (struct table_cell){scratch_fmt(&scratch, "%s", foreign->tag), STYLE(TEXT)};
    cells[1] = (struct table_cell){foreign->why, STYLE(MUTED)};
}

const struct table foreign_table = {
    .columns = foreign_columns, .column_count = COUNT(foreign_columns), .heading = true, .row = foreign_cells};

struct releases_layout releases_layout(struct rect rect, const struct scene *scene)
{
    struct releases_layout out = {.wide = rect.cols >= WIDE_COLS};
    if (scene->releases_at.open) {
        out.detail = rect;
        return out;
    }
    int wanted = (int)scene->releases_at.rows + 1;
    int most = rect.rows < 15 ? rect.rows : rect.rows >= 28 ? rect.rows * 2 / 5 : 8;
    if (most > wanted && rect.rows >= 15)
        most = wanted < 5 ? 5 : wanted;
    out.list = rect_cut_top(&rect, most);
    if (rect.rows >= 18)
        rect_cut_top(&rect, 1);
    if (rect.rows >= 7)
        out.detail = rect;
    else
        out.list.rows += rect.rows;
    return out;
}

/* At the right end of the heading: what the list leaves out. */
static void draw_beside_heading(struct canvas *canvas, struct rect rect, const struct scene *scene)
{
    const struct releases_place *at = &scene->releases_at;
    const struct history *history = releases_history(&scene->releases);
    char bytes[256];
    struct scratch scratch = {bytes, sizeof(bytes)};
    struct text words = {0};
    const char *filter = field_value(&at->filter.field);
    if (*filter) {
        struct text total = scratch_count(&scratch, history->count);
        struct text shown = scratch_count(&scratch, at->rows - 1);
        words = scratch_fmt(&scratch, "/%s  %.*s of %.*s", filter, (int)shown.len, shown.safe, (int)total.len,
                            total.safe);
    } else if (history->foreign_count > 0) {
        words = scratch_many(&scratch, history->foreign_count, "foreign tag passed over", "foreign tags passed over");
    }
    if (at->by_date)
        words = scratch_fmt(&scratch, "by date%s%.*s", words.len ? "   " : "", (int)words.len,
                            words.len ? words.safe : "");
    int width = text_width(words);
    if (width > 0 && width < rect.cols - 60)
        canvas_text(canvas, rect.row, rect.col + rect.cols - width - 1, words, STYLE(MUTED));
}

static void draw_foreign(struct canvas *canvas, struct rect rect, struct scene *scene)
{
    size_t count = releases_history(&scene->releases)->foreign_count;
    if (count == 0)
        empty_draw(canvas, rect, TEXT("Every tag is a version of this service."),
                   TEXT("esc goes back to the versions"));
    else
        table_draw(canvas, rect, &foreign_table, &scene->releases_at.foreign_place, count, scene);
}

void releases_draw(struct canvas *canvas, struct rect rect, struct scene *scene)
{
    const struct history *history = releases_history(&scene->releases);
    struct rect air = {rect.row, rect.col + 1, rect.rows, rect.cols - 2};
    if (!history) {
        trouble_instead(canvas, air, scene, &scene->releases.load, TEXT("reading the tags"));
        return;
    }
    if (scene->releases_at.foreign) {
        draw_foreign(canvas, rect, scene);
        return;
    }
    const struct load *failed = load_failed(&scene->releases.load)    ? &scene->releases.load
                                : load_failed(&scene->releases.since) ? &scene->releases.since
                                                                      : NULL;
    if (failed) {
        struct rect line = rect_cut_top(&rect, failed->loaded_ms ? 1 : 0);
        if (!trouble_beside(canvas, line.row, line.col, line.cols, scene, failed)) {
            struct rect top = rect_cut_top(&rect, rect.rows < 12 ? 2 : 4);
            trouble_draw(canvas, (struct rect){top.row, top.col + 1, top.rows, top.cols - 2}, &failed->error);
        }
    }
    struct releases_layout layout = releases_layout(rect, scene);
    if (layout.list.rows > 0) {
        table_draw(canvas, layout.list, rect.cols < WIDE_COLS ? &narrow_table : &releases_table,
                   &scene->releases_at.place, scene->releases_at.rows, scene);
        if (failed)
            canvas_attribute(canvas, layout.list, ATTRIBUTE_DIM);
        draw_beside_heading(canvas, layout.list, scene);
        if (history->count == 0 && layout.list.rows > 3)
            canvas_text(canvas, layout.list.row + 3, layout.list.col + 3,
                        TEXT("No version yet. n makes the first one."), STYLE(MUTED));
    }
    if (layout.detail.rows > 0)
        detail_draw(canvas, layout.detail, scene, layout.wide);
}
