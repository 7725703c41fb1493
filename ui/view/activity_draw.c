#include "ui/view/activity_draw.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "ui/view/scratch.h"
#include "ui/view/trouble.h"
#include "ui/widget/frame.h"

enum { COLUMN_AGO, COLUMN_WHO, COLUMN_WHAT, COLUMN_RUN, COLUMN_WHY, COLUMN_ALL };

static const struct column columns[COLUMN_ALL] = {
    [COLUMN_AGO] = {TEXT("when"), .wish = 6, .least = 6},
    [COLUMN_WHO] = {TEXT("who"), .wish = 16, .least = 10, .drop = 2},
    [COLUMN_WHAT] = {TEXT("what"), .wish = 44, .least = 26, .grow = 3},
    [COLUMN_RUN] = {TEXT("run"), .wish = 7, .least = 7, .drop = 3},
    [COLUMN_WHY] = {TEXT("why"), .wish = 18, .least = 12, .grow = 1, .drop = 1},
};

static void activity_cells(void *context, size_t row, struct table_cell *cells, char *bytes, size_t size)
{
    struct scene *scene = context;
    const struct audit_entry *entry = &scene->audit.entries.items[scene->activity_at.order[row]];
    struct scratch scratch = {bytes, size};
    cells[COLUMN_AGO] = (struct table_cell){scratch_age(&scratch, entry->at_ms, scene->now_ms), STYLE(MUTED)};
    cells[COLUMN_WHO] = (struct table_cell){scratch_fmt(&scratch, "%s", entry->who), STYLE(TEXT)};
    cells[COLUMN_WHAT] = (struct table_cell){scratch_fmt(&scratch, "%s", entry->what), STYLE(STRONG)};
    cells[COLUMN_RUN] = (struct table_cell){scratch_fmt(&scratch, "%s", entry->run), STYLE(MUTED)};
    cells[COLUMN_WHY] = (struct table_cell){scratch_fmt(&scratch, "%s", entry->why), STYLE(MUTED)};
}

const struct table activity_table = {
    .columns = columns, .column_count = COLUMN_ALL, .heading = true, .row = activity_cells};

/* Where nobody gave a reason the column is not there: it stands last, so that one column fewer leaves it out. */
static const struct table plain_table = {
    .columns = columns, .column_count = COLUMN_WHY, .heading = true, .row = activity_cells};

static bool has_reasons(const struct scene *scene)
{
    const struct activity_place *at = &scene->activity_at;
    for (size_t i = 0; i < at->rows; i++) {
        if (*scene->audit.entries.items[at->order[i]].why)
            return true;
    }
    return false;
}

struct activity_layout activity_layout(struct rect rect, const struct scene *scene)
{
    struct activity_layout out = {0};
    out.chain = rect_cut_top(&rect, rect.rows > 8 ? 1 : 0);
    if (rect.rows > 14)
        rect_cut_top(&rect, 1);
    int detail = rect.rows >= 24 ? 12 : rect.rows >= 15 ? 8 : 0;
    if (scene->activity_at.open && detail == 0) {
        out.detail = rect;
    } else {
        out.detail = rect_cut_bottom(&rect, detail);
        out.list = rect;
    }
    return out;
}

const struct audit_entry *activity_selected(const struct scene *scene)
{
    const struct activity_place *at = &scene->activity_at;
    if (at->place.selected >= at->rows)
        return NULL;
    size_t index = at->order[at->place.selected];
    return index < scene->audit.entries.count ? &scene->audit.entries.items[index] : NULL;
}

static void draw_chain(struct canvas *canvas, struct rect rect, const struct scene *scene)
{
    const struct audit_model *audit = &scene->audit;
    char bytes[512];
    struct scratch scratch = {bytes, sizeof(bytes)};
    int row = rect.row, col = rect.col + 1;
    if (load_failed(&audit->verify)) {
        notice_draw(canvas, row, rect.col, rect.cols, NOTICE_CAUTION, TEXT("NOT CHECKED"),
                    error_what(&audit->verify.error));
        return;
    }
    if (audit->verify.loaded_ms == 0) {
        put(canvas, row, &col,
            load_under_way(&audit->verify) ? TEXT("checking the chain") : TEXT("chain not checked yet"),
            STYLE(MUTED));
    } else if (audit->report.fault != AUDIT_WHOLE) {
        struct text words =
            scratch_fmt(&scratch, "Entry %" PRId64 ": %s. Compare with a copy of the head's hash kept elsewhere.",
                        audit->report.broken, audit->report.why);
        notice_draw(canvas, row, rect.col, rect.cols, NOTICE_ALARM, TEXT("CHAIN BROKEN"), words);
        return;
    } else {
        char age[32];
        put(canvas, row, &col, SIGN(canvas, CHECK), STYLE(SUCCESS));
        col++;
        put(canvas, row, &col, TEXT("chain whole"), STYLE(SUCCESS));
        col += 2;
        put(canvas, row, &col, scratch_many(&scratch, (uint64_t)audit->report.count, "entry", "entries"),
            STYLE(TEXT));
        struct text ago =
            clock_age(age, sizeof(age), scene->now_ms - (scene->boot_ms - audit->verify.loaded_ms), scene->now_ms);
        col += 2;
        put(canvas, row, &col, scratch_fmt(&scratch, "head %.12s", audit->report.head), STYLE(MUTED));
        col += 2;
        put(canvas, row, &col,
            text_equal(ago, TEXT("now")) ? TEXT("checked now")
                                         : scratch_fmt(&scratch, "checked %.*s ago", (int)ago.len, ago.safe),
            STYLE(MUTED));
    }
    const char *filter = field_value(&scene->activity_at.filter.field);
    if (*filter) {
        struct text words = scratch_fmt(&scratch, "/%s  %zu of %zu%s", filter, scene->activity_at.rows,
                                        audit->entries.count, audit->whole ? "" : " read");
        int width = text_width(words);
        canvas_text(canvas, row, rect.col + rect.cols - width - 1, words, STYLE(MUTED));
    }
}

static int pair(struct canvas *canvas, struct rect rect, int row, struct text label, const char *value,
                struct style style)
{
    if (!*value || row >= rect.row + rect.rows)
        return row;
    struct text_buf words = {0};
    text_adds(&words, value);
    canvas_text(canvas, row, rect.col, label, STYLE(MUTED));
    struct rect right = {row, rect.col + 8, rect.row + rect.rows - row, rect.cols - 8};
    row += text_draw_wrapped(canvas, right, text_of(&words), style);
    text_buf_clear(&words);
    return row;
}

static void draw_event(struct canvas *canvas, struct rect rect, const struct scene *scene)
{
    const struct audit_entry *entry = activity_selected(scene);
    struct rect box = {rect.row, rect.col + 1, rect.rows, rect.cols - 2};
    if (!entry)
        return;
    char bytes[512], when[32];
    struct scratch scratch = {bytes, sizeof(bytes)};
    struct text at = clock_iso(when, sizeof(when), entry->at_ms);
    struct text number = scratch_fmt(&scratch, "event %" PRId64, entry->seq);
    struct rect inside = frame_box(canvas, box, STYLE(BORDER), number, at);
    if (inside.rows > 9)
        rect_cut_top(&inside, 1);
    int row = inside.row;
    row = pair(canvas, inside, row, TEXT("what"), entry->what, STYLE(STRONG));
    struct text who =
        scratch_fmt(&scratch, "%s on %s", entry->who, *entry->machine ? entry->machine : "an unknown machine");
    canvas_text(canvas, row, inside.col, TEXT("who"), STYLE(MUTED));
    canvas_text_in(canvas, row, inside.col + 8, inside.cols - 8, who, STYLE(TEXT), ALIGN_LEFT);
    row++;
    row = pair(canvas, inside, row, TEXT("run"), entry->run, STYLE(TEXT));
    row = pair(canvas, inside, row, TEXT("why"), entry->why, STYLE(TEXT));
    row = pair(canvas, inside, row, TEXT("before"), entry->before, STYLE(REMOVED));
    row = pair(canvas, inside, row, TEXT("after"), entry->after, STYLE(ADDED));
    if (row < inside.row + inside.rows) {
        canvas_text(canvas, row, inside.col, TEXT("hash"), STYLE(MUTED));
        canvas_text_in(canvas, row, inside.col + 8, inside.cols - 8, scratch_fmt(&scratch, "%s", entry->hash),
                       STYLE(MUTED), ALIGN_LEFT);
    }
}

void activity_draw(struct canvas *canvas, struct rect rect, struct scene *scene)
{
    struct audit_model *audit = &scene->audit;
    struct rect air = {rect.row, rect.col + 1, rect.rows, rect.cols - 2};
    if (trouble_instead(canvas, air, scene, &audit->load, TEXT("reading the audit log")))
        return;
    if (audit->entries.count == 0) {
        empty_draw(canvas, rect, TEXT("Nothing has been done here yet."),
                   TEXT("Every step of a release, and who took it, will stand here."));
        return;
    }
    struct activity_layout layout = activity_layout(rect, scene);
    if (layout.chain.rows > 0 &&
        !trouble_beside(canvas, layout.chain.row, layout.chain.col, layout.chain.cols, scene, &audit->load))
        draw_chain(canvas, layout.chain, scene);
    if (layout.list.rows > 0)
        table_draw(canvas, layout.list, has_reasons(scene) ? &activity_table : &plain_table,
                   &scene->activity_at.place, scene->activity_at.rows, scene);
    if (layout.detail.rows > 0)
        draw_event(canvas, layout.detail, scene);
}
