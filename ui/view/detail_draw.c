#include "ui/view/detail_draw.h"

#include <string.h>

#include "base/clock.h"
#include "ui/view/releases_order.h"
#include "ui/view/scratch.h"
#include "ui/view/trouble.h"
#include "ui/widget/frame.h"
#include "version/semver.h"

struct style commit_style(const struct history_commit *commit)
{
    switch (commit->class) {
    case HISTORY_BREAKING:
        return STYLE(DANGER);
    case HISTORY_FEATURE:
        return STYLE(SUCCESS);
    case HISTORY_FIX:
        return STYLE(WARNING);
    default:
        return STYLE(MUTED);
    }
}

static void draw_commit(struct canvas *canvas, int row, int left, int right, const struct history_commit *commit)
{
    char bytes[1024];
    struct scratch scratch = {bytes, sizeof(bytes)};
    int author_cols = right - left >= 50 ? 11 : 0;
    int col = left;
    bool breaking = commit->class == HISTORY_BREAKING;
    put(canvas, row, &col, scratch_fmt(&scratch, "%.7s", commit->id), STYLE(MUTED));
    col++;
    if (breaking)
        canvas_glyph(canvas, row, col, GLYPH_WARN, STYLE(DANGER));
    col += 2;
    struct rect old =
        canvas_clip(canvas, (struct rect){row, col, 1, right - author_cols - (author_cols ? 1 : 0) - col});
    if (*commit->type) {
        struct style style = commit_style(commit);
        struct text scope = *commit->scope ? scratch_fmt(&scratch, "(%s)", commit->scope) : (struct text){0};
        put(canvas, row, &col, scratch_fmt(&scratch, "%s", commit->type), style);
        put(canvas, row, &col, scope, style);
        put(canvas, row, &col, breaking ? TEXT("!:") : TEXT(":"), style);
        col++;
    }
    struct style words = breaking                                          ? STYLE(STRONG)
                         : commit->class <= HISTORY_OTHER && *commit->type ? STYLE(MUTED)
                                                                           : STYLE(TEXT);
    int room = right - author_cols - (author_cols ? 1 : 0) - col;
    canvas_text_in(canvas, row, col, room, scratch_fmt(&scratch, "%s", commit->summary), words, ALIGN_LEFT);
    canvas_unclip(canvas, old);
    if (author_cols)
        canvas_text_in(canvas, row, right - author_cols, author_cols, scratch_fmt(&scratch, "%s", commit->author),
                       STYLE(MUTED), ALIGN_LEFT);
}

int commits_draw(struct canvas *canvas, struct rect rect, const struct history_commits *commits, size_t top)
{
    int drawn = 0;
    bool more = commits->count > top + (size_t)rect.rows;
    for (; drawn < rect.rows && top + (size_t)drawn < commits->count; drawn++)
        draw_commit(canvas, rect.row + drawn, rect.col, rect.col + rect.cols - (more || top > 0 ? 2 : 0),
                    &commits->items[top + (size_t)drawn]);
    scrollbar_draw(canvas, rect.row, rect.col + rect.cols - 1, rect.rows, top, (size_t)rect.rows, commits->count);
    return drawn;
}

/* "minor: 2 features, 4 fixes, nothing breaking", for a version that is there. */
static struct text why(const struct scene *scene, const struct history_version *version, const struct detail *detail,
                       struct scratch *scratch)
{
    const struct history *history = releases_history(&scene->releases);
    const struct history_version *before = detail->before ? history_find(history, detail->before) : NULL;
    struct semver now, then;
    const char *level = "the first version";
    if (before && semver_parse_string(&now, version->version) && semver_parse_string(&then, before->version)) {
        level = semver_is_prerelease(&now)        ? "pre-release"
                : semver_is_prerelease(&then)     ? "finalized"
                : now.number[0] != then.number[0] ? "major"
                : now.number[1] != then.number[1] ? "minor"
                                                  : "patch";
    }
    const int *counts = detail->commits.counts;
    char breaking[48] = "nothing breaking";
    if (counts[HISTORY_BREAKING] > 0)
        text_fmt(breaking, sizeof(breaking), "%d breaking", counts[HISTORY_BREAKING]);
    return scratch_fmt(scratch, "%s: %d %s, %d %s, %s", level, counts[HISTORY_FEATURE],
                       counts[HISTORY_FEATURE] == 1 ? "feature" : "features", counts[HISTORY_FIX],
                       counts[HISTORY_FIX] == 1 ? "fix" : "fixes", breaking);
}

/* What the box is about: one struct for a version and for what is unreleased, so that both are drawn alike. */
struct subject {
    const struct history_version *version; /* NULL: unreleased */
    struct detail *detail;                 /* NULL: still loading */
    const struct history_commits *commits; /* NULL: not known yet */
    struct text title, beside, since, why;
};

static struct text about(const struct subject *subject, struct scratch *scratch)
{
    const struct history_version *version = subject->version;
    char date[32];
    struct text day = clock_date(date, sizeof(date), version->when_ms);
    struct text_buf words = {0};
    text_add(&words, day);
    const struct source_tag_detail *tag = subject->detail ? &subject->detail->about : NULL;
    if (tag && tag->tagger)
        text_addf(&words, ", tagged by %s", tag->tagger);
    else if (!version->annotated)
        text_adds(&words, ", lightweight tag");
    if (tag && tag->has_signature)
        text_adds(&words, ", signed");
    struct text made = text_of(&words);
    struct text copy = scratch_fmt(scratch, "%.*s", (int)made.len, made.safe);
    text_buf_clear(&words);
    return copy;
}

static struct subject subject_of(struct scene *scene, struct scratch *scratch)
{
    const struct history *history = releases_history(&scene->releases);
    struct subject out = {.version = releases_selected(scene)};
    out.detail = detail_find(&scene->detail, out.version ? out.version->tag : "");
    if (out.version) {
        out.title = scratch_fmt(scratch, "%s", out.version->tag);
        out.beside = about(&out, scratch);
        if (out.detail) {
            out.commits = &out.detail->commits;
            out.why = why(scene, out.version, out.detail, scratch);
            struct text many = scratch_many(scratch, out.commits->count, "commit", "commits");
            out.since = out.detail->before
                            ? scratch_fmt(scratch, "%.*s since %s", (int)many.len, many.safe, out.detail->before)
                            : scratch_fmt(scratch, "%.*s, the first version", (int)many.len, many.safe);
        }
        return out;
    }
    out.title = TEXT("Unreleased");
    out.why = history->suggestion_why;
    if (history->suggestion)
        out.beside = scratch_fmt(scratch, "would be %s", history->suggestion);
    if (history->has_since) {
        out.commits = &history->since;
        struct text many = scratch_many(scratch, history->since.count, "commit", "commits");
        out.since = history->current >= 0 ? scratch_fmt(scratch, "%.*s since %s", (int)many.len, many.safe,
                                                        history->versions[history->current].tag)
                                          : scratch_fmt(scratch, "%.*s, no version yet", (int)many.len, many.safe);
    }
    return out;
}

static void draw_notes(struct canvas *canvas, struct rect rect, struct scene *scene, const struct subject *subject)
{
    if (subject->detail && subject->detail->notes.count > 0) {
        if (subject->detail->notes_from_commits && rect.rows > 3) {
            struct rect foot = rect_cut_bottom(&rect, 1);
            canvas_text_in(canvas, foot.row, foot.col, foot.cols, TEXT("not in the changelog: made from its commits"),
                           STYLE(MUTED), ALIGN_LEFT);
        }
        textview_draw(canvas, rect, &subject->detail->notes);
    } else if (subject->detail) {
        canvas_text_in(canvas, rect.row, rect.col, rect.cols, TEXT("The changelog has nothing about it."),
                       STYLE(MUTED), ALIGN_LEFT);
    } else if (load_failed(&scene->detail.load)) {
        trouble_draw(canvas, rect, &scene->detail.load.error);
    } else {
        trouble_instead(canvas, rect, scene,
                        &(struct load){.job = scene->detail.load.job, .since_ms = scene->detail.load.since_ms},
                        TEXT("reading the changelog"));
    }
}

static void draw_commits(struct canvas *canvas, struct rect rect, struct scene *scene, const struct subject *subject)
{
    if (!subject->commits) {
        canvas_glyph(canvas, rect.row, rect.col, GLYPH_ELLIPSIS, STYLE(MUTED));
        return;
    }
    canvas_text_in(canvas, rect.row, rect.col, rect.cols, subject->since, STYLE(TITLE), ALIGN_LEFT);
    rect_cut_top(&rect, rect.rows > 12 ? 2 : 1);
    struct rect foot = {0};
    if (subject->why.len > 0 && rect.rows >= 8) {
        int took = (text_width(subject->why) + rect.cols - 1) / (rect.cols > 0 ? rect.cols : 1);
        foot = rect_cut_bottom(&rect, 2 + took);
        /* Close below a short list, not far away at the bottom. */
        if ((size_t)rect.rows > subject->commits->count)
            foot.row = rect.row + (int)subject->commits->count;
        foot.row++, foot.rows--;
    }
    int most = (int)subject->commits->count - rect.rows;
    if (scene->releases_at.commits_top > most)
        scene->releases_at.commits_top = most;
    if (scene->releases_at.commits_top < 0)
        scene->releases_at.commits_top = 0;
    commits_draw(canvas, rect, subject->commits, (size_t)scene->releases_at.commits_top);
    if (foot.rows > 0) {
        canvas_text(canvas, foot.row, foot.col,
                    subject->version ? TEXT("why this version") : TEXT("why the next version"), STYLE(TITLE));
        rect_cut_top(&foot, 1);
        text_draw_wrapped(canvas, foot, subject->why, STYLE(MUTED));
    }
}

void detail_draw(struct canvas *canvas, struct rect rect, struct scene *scene, bool wide)
{
    char bytes[4096];
    struct scratch scratch = {bytes, sizeof(bytes)};
    struct subject subject = subject_of(scene, &scratch);
    struct rect box = {rect.row, rect.col + 1, rect.rows, rect.cols - 2};
    bool open = scene->releases_at.open;
    struct rect inside = frame_box(canvas, box, open ? STYLE(ACCENT) : STYLE(BORDER), subject.title, subject.beside);
    if (inside.rows > 12)
        inside = (struct rect){inside.row + 1, inside.col + 1, inside.rows - 2, inside.cols - 2};
    if (wide) {
        int half = inside.cols / 2;
        struct rect left = {inside.row, inside.col, inside.rows, half - 2};
        struct rect right = {inside.row, inside.col + half + 2, inside.rows, inside.cols - half - 2};
        frame_divide(canvas, box, inside.col + half, open ? STYLE(ACCENT) : STYLE(BORDER));
        draw_notes(canvas, left, scene, &subject);
        draw_commits(canvas, right, scene, &subject);
    } else if (scene->releases_at.commits) {
        draw_commits(canvas, inside, scene, &subject);
    } else {
        draw_notes(canvas, inside, scene, &subject);
    }
}
