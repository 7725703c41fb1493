#include "ui/view/steps.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "ui/view/choices.h"
#include "ui/view/notes_draw.h"
#include "ui/view/section.h"
#include "ui/view/step_rows.h"
#include "ui/view/steps_confirm.h"
#include "ui/view/steps_draw.h"
#include "ui/view/view.h"

static void open_page(struct scene *scene, enum steps_page page)
{
    if (scene->view != VIEW_STEPS)
        scene->under = scene->view;
    scene->view = VIEW_STEPS;
    scene->steps_at.page = page;
    scene->steps_at.top = 0;
    scene->steps_at.step_moved = false;
    scene->steps_at.editing = scene->steps_at.typing = false;
    scene->work.changed = true;
}

static void leave(struct scene *scene)
{
    scene->view = scene->under;
    scene->work.changed = true;
}

void steps_show(struct scene *scene)
{
    open_page(scene, STEPS_RUN);
}

void steps_new(struct scene *scene, const char *from)
{
    struct steps_place *at = &scene->steps_at;
    const struct history *history = releases_history(&scene->releases);
    if (scene_refuses(scene, "released"))
        return;
    if (run_is_open(&scene->run)) {
        scene_notice(scene, NOTICE_CAUTION, "OPEN", "%s is not finished: go on with it or take it back first.",
                     scene->run.view.info.subject);
        steps_show(scene);
        return;
    }
    if (!history) {
        scene_notice(scene, NOTICE_PLAIN, "WAIT", "The versions are still being read.");
        return;
    }
    proposal_forget(&scene->proposal);
    free(at->from);
    at->from = mem_string(from);
    at->edited = at->offline = false;
    textview_clear(&at->view);
    editor_set(&at->editor, "", 0);
    choices_make(at, history);
    open_page(scene, STEPS_CHOOSE);
}

void steps_undo(struct scene *scene)
{
    if (scene_refuses(scene, "taken back"))
        return;
    if (!scene->run.has) {
        scene_notice(scene, NOTICE_PLAIN, "NOTHING", "There is no release to take back.");
        return;
    }
    if (run_is_ours(&scene->run)) {
        scene_notice(scene, NOTICE_CAUTION, "RUNNING", "Stop the release first, then take it back.");
        return;
    }
    run_preview_undo(&scene->run);
    open_page(scene, STEPS_UNDO);
}

/* The section as the person has it now: the editor's while it was edited, else the proposal's. */
const char *steps_section(const struct scene *scene)
{
    return scene->steps_at.edited ? editor_value(&scene->steps_at.editor)
           : scene->proposal.has  ? scene->proposal.proposal.section
                                  : "";
}

static void show_section(struct scene *scene)
{
    struct steps_place *at = &scene->steps_at;
    const char *section = steps_section(scene);
    int top = at->view.top;
    textview_clear(&at->view);
    detail_notes(&at->view, section, strlen(section));
    at->view.top = top;
    const struct release_proposal *proposal = &scene->proposal.proposal;
    free(at->taken);
    at->taken_count = proposal->offer_count;
    at->taken = mem_array(at->taken_count + 1, sizeof(*at->taken));
    for (size_t i = 0; i < at->taken_count; i++)
        at->taken[i] = at->edited ? section_has(section, proposal->offers[i].entry) : proposal->offers[i].taken;
    scene->work.changed = true;
}

void steps_edited(struct scene *scene, const char *section, size_t len)
{
    editor_set(&scene->steps_at.editor, section, len);
    scene->steps_at.edited = true;
    show_section(scene);
}

static void take_offer(struct scene *scene)
{
    struct steps_place *at = &scene->steps_at;
    const struct release_proposal *proposal = &scene->proposal.proposal;
    if (at->offer.selected >= proposal->offer_count)
        return;
    const struct release_offer *offer = &proposal->offers[at->offer.selected];
    CLEANUP(buf_clear) struct buf section = {0};
    if (!section_take_out(&section, steps_section(scene), offer->entry))
        section_put(&section, steps_section(scene), offer->category, offer->entry);
    steps_edited(scene, buf_string(&section), section.len);
    if (at->offer.selected + 1 < proposal->offer_count)
        at->offer.selected++;
}

static void ask_proposal(struct scene *scene, const char *wanted)
{
    struct steps_place *at = &scene->steps_at;
    at->edited = false;
    textview_clear(&at->view);
    at->offer = (struct table_place){0};
    proposal_ask(&scene->proposal, wanted, at->from, NULL, RELEASE_ENTRIES_AUTO);
    open_page(scene, STEPS_NOTES);
}

static void check(struct scene *scene)
{
    struct proposal_model *proposal = &scene->proposal;
    if (!proposal->has || !proposal->proposal.has_plan)
        return;
    CLEANUP(free_string) char *wanted = mem_string(proposal->wanted);
    CLEANUP(free_string) char *section = mem_string(scene->steps_at.edited ? steps_section(scene) : NULL);
    proposal_ask(proposal, wanted, scene->steps_at.from, section, proposal->entries);
    if (*proposal->proposal.plan.remote)
        proposal_ask_remote(proposal);
    open_page(scene, STEPS_CHECK);
}

static void next(struct scene *scene, bool all)
{
    struct steps_place *at = &scene->steps_at;
    switch (at->page) {
    case STEPS_CHOOSE:
        if (at->choice.selected < at->choice_count && at->choices[at->choice.selected].wanted)
            /* A hotfix is asked for by its version: what "patch" means depends on what is checked out. */
            ask_proposal(scene, at->from ? at->choices[at->choice.selected].version.safe
                                         : at->choices[at->choice.selected].wanted);
        else
            at->typing = true;
        break;
    case STEPS_NOTES:
        check(scene);
        break;
    case STEPS_CHECK:
        confirm_begin(scene, all);
        break;
    case STEPS_RUN:
        if (!all && !run_is_open(&scene->run) && !run_is_ours(&scene->run))
            leave(scene);
        else
            confirm_resume(scene, all);
        break;
    case STEPS_UNDO:
        confirm_undo(scene);
        break;
    }
}

static bool steps_command(struct scene *scene, enum command_id id)
{
    struct steps_place *at = &scene->steps_at;
    scene->work.changed = true;
    switch (id) {
    case COMMAND_STEPS_NEXT:
        next(scene, false);
        return true;
    case COMMAND_STEPS_ALL:
        next(scene, true);
        return true;
    case COMMAND_RELEASE_RESUME:
        if (at->page == STEPS_RUN && run_is_open(&scene->run)) {
            confirm_resume(scene, true);
            return true;
        }
        return false;
    case COMMAND_STEPS_STOP:
        run_stop(&scene->run);
        return true;
    case COMMAND_STEPS_TAKE:
        if (at->page == STEPS_NOTES)
            take_offer(scene);
        return true;
    case COMMAND_STEPS_EDIT:
        if (at->page == STEPS_NOTES && scene->proposal.has) {
            if (!at->edited)
                editor_set(&at->editor, steps_section(scene), strlen(steps_section(scene)));
            at->editing = true;
        }
        return true;
    case COMMAND_STEPS_EDITOR:
        scene->want_editor = at->page == STEPS_NOTES && scene->proposal.has;
        return true;
    default:
        return false;
    }
}

static bool typed_event(struct scene *scene, const struct event *event)
{
    struct steps_place *at = &scene->steps_at;
    if (event->kind == EVENT_PASTE) {
        field_paste(&at->typed, event->bytes, event->len);
    } else if (event->kind == EVENT_KEY && event->key.code == CODE_ESCAPE) {
        at->typing = false;
    } else if (event->kind == EVENT_KEY && event->key.code == CODE_ENTER) {
        if (*field_value(&at->typed))
            ask_proposal(scene, field_value(&at->typed));
    } else if (event->kind == EVENT_KEY) {
        field_key(&at->typed, event->key);
    }
    return true;
}

static bool editor_event(struct scene *scene, const struct event *event, struct rect rect)
{
    struct steps_place *at = &scene->steps_at;
    struct rect inside = rect_inside(notes_layout(steps_page_rect(rect), scene).section, 1);
    if (event->kind == EVENT_PASTE)
        editor_paste(&at->editor, event->bytes, event->len);
    else if (event->kind == EVENT_MOUSE && event->mouse == MOUSE_PRESS)
        editor_click(&at->editor, event->row - inside.row, event->col - inside.col - 1);
    else if (event->kind == EVENT_KEY && event->key.code == CODE_ESCAPE)
        at->editing = false;
    else if (event->kind == EVENT_KEY)
        editor_key(&at->editor, event->key);
    at->edited = at->edited || at->editor.changed;
    if (!at->editing)
        show_section(scene);
    return true;
}

/* Back by one page; a running release goes on without being looked at. */
static void back(struct scene *scene)
{
    struct steps_place *at = &scene->steps_at;
    switch (at->page) {
    case STEPS_CHOOSE:
        proposal_forget(&scene->proposal);
        leave(scene);
        break;
    case STEPS_NOTES:
        open_page(scene, STEPS_CHOOSE);
        break;
    case STEPS_CHECK:
        open_page(scene, STEPS_NOTES);
        break;
    case STEPS_RUN:
        leave(scene);
        break;
    case STEPS_UNDO:
        open_page(scene, STEPS_RUN);
        break;
    }
}

static bool move(struct scene *scene, struct key key, struct rect rect)
{
    struct steps_place *at = &scene->steps_at;
    if (at->page == STEPS_CHOOSE)
        return table_key(&at->choice, key, at->choice_count, rect.rows);
    if (at->page == STEPS_NOTES) {
        struct notes_layout layout = notes_layout(rect, scene);
        if (scene->proposal.proposal.offer_count > 0)
            return table_key(&at->offer, key, scene->proposal.proposal.offer_count,
                             table_lines(&offers_table, layout.offers));
        return textview_key(&at->view, key, rect_inside(layout.section, 1));
    }
    const struct release_steps *steps = steps_shown(scene);
    int selected = steps_selected(scene);
    struct table_place place = {.selected = selected < 0 ? 0 : (size_t)selected};
    if (!steps || !table_key(&place, key, steps->count, rect.rows))
        return false;
    at->step = place.selected;
    at->step_moved = true;
    return true;
}

static bool steps_event(struct scene *scene, const struct event *event, struct rect rect)
{
    struct steps_place *at = &scene->steps_at;
    scene->work.changed = true;
    if (at->typing)
        return typed_event(scene, event);
    if (at->editing)
        return editor_event(scene, event, rect);
    struct rect page = steps_page_rect(rect);
    if (event->kind == EVENT_MOUSE) {
        size_t row;
        struct rect offers = notes_layout(page, scene).offers;
        if (event->mouse == MOUSE_WHEEL_DOWN || event->mouse == MOUSE_WHEEL_UP)
            return move(scene, (struct key){.code = event->mouse == MOUSE_WHEEL_DOWN ? CODE_DOWN : CODE_UP}, page);
        if (event->mouse != MOUSE_PRESS || event->button != 1)
            return false;
        if (at->page == STEPS_CHOOSE &&
            table_row_at(&choices_table, &at->choice, page, at->choice_count, event->row, event->col, &row)) {
            at->choice.selected = row;
            if (scene->twice)
                next(scene, false);
        } else if (at->page == STEPS_NOTES &&
                   table_row_at(&offers_table, &at->offer, offers, at->taken_count, event->row, event->col, &row)) {
            at->offer.selected = row;
            if (scene->twice)
                take_offer(scene);
        }
        int step = steps_at_row(scene, event->row);
        if (step >= 0) {
            at->step = (size_t)step;
            at->step_moved = true;
        }
        return true;
    }
    if (event->kind != EVENT_KEY)
        return false;
    if (event->key.code == CODE_ESCAPE) {
        back(scene);
        return true;
    }
    return move(scene, event->key, page);
}

static bool steps_typing(const struct scene *scene)
{
    return scene->steps_at.typing || scene->steps_at.editing;
}

static void run_hints(const struct scene *scene, struct hints *hints)
{
    if (run_is_ours(&scene->run)) {
        hints_add(hints, COMMAND_STEPS_STOP, TEXT("stop here"));
    } else if (run_is_open(&scene->run)) {
        bool waits = scene->run.view.info.status == RUN_WAITING;
        int next = step_next(&scene->run.view.steps);
        bool failed = next >= 0 && scene->run.view.steps.items[next].status == RELEASE_STEP_FAILED;
        hints_add(hints, COMMAND_STEPS_NEXT,
                  waits    ? TEXT("look again")
                  : failed ? TEXT("try it again")
                           : TEXT("do this step"));
        hints_add(hints, COMMAND_STEPS_ALL, TEXT("do the rest"));
    }
    const struct release_view *view = &scene->run.view;
    bool there = view->info.status != RUN_UNDONE && !steps_public(view);
    if (scene->run.has && !run_is_ours(&scene->run) && !view->is_undo && there)
        hints_add(hints, COMMAND_RELEASE_UNDO, TEXT("take back"));
    else if (!run_is_open(&scene->run) && !run_is_ours(&scene->run))
        hints_add(hints, COMMAND_RELEASE_CREATE, TEXT("next release"));
    hints_add(hints, COMMAND_CONSOLE_BACK,
              run_is_open(&scene->run) || run_is_ours(&scene->run) ? TEXT("leave, it stays") : TEXT("back"));
}

static void steps_hints(const struct scene *scene, struct hints *hints)
{
    const struct steps_place *at = &scene->steps_at;
    if (at->editing) {
        hints_add_key(hints, TEXT("esc"), TEXT("done"));
        hints_add_key(hints, TEXT("^_"), TEXT("undo"));
        return;
    }
    switch (at->page) {
    case STEPS_CHOOSE:
        hints_add(hints, COMMAND_STEPS_NEXT, TEXT("choose"));
        hints_add(hints, COMMAND_CONSOLE_BACK, TEXT("forget it"));
        break;
    case STEPS_NOTES:
        hints_add(hints, COMMAND_STEPS_NEXT, TEXT("go on"));
        hints_add(hints, COMMAND_CONSOLE_BACK, TEXT("back"));
        if (scene->proposal.has && scene->proposal.proposal.offer_count > 0)
            hints_add(hints, COMMAND_STEPS_TAKE, TEXT("take or leave"));
        hints_add(hints, COMMAND_STEPS_EDIT, TEXT("edit here"));
        hints_add(hints, COMMAND_STEPS_EDITOR, TEXT("in your editor"));
        break;
    case STEPS_CHECK:
        hints_add(hints, COMMAND_CONSOLE_BACK, TEXT("back"));
        hints_add(hints, COMMAND_STEPS_NEXT, TEXT("step by step"));
        hints_add(hints, COMMAND_STEPS_ALL, TEXT("do all of it"));
        break;
    case STEPS_RUN:
        run_hints(scene, hints);
        break;
    case STEPS_UNDO:
        hints_add(hints, COMMAND_CONSOLE_BACK, TEXT("back"));
        if (scene->run.has_undo)
            hints_add(hints, COMMAND_STEPS_NEXT, TEXT("take it back"));
        break;
    }
}

static void steps_tick(struct scene *scene)
{
    struct steps_place *at = &scene->steps_at;
    /* The proposal's section is shown as soon as it is there, and anew when another answer replaces it. */
    if (at->page == STEPS_NOTES && scene->proposal.has && !at->editing && !at->edited &&
        (at->taken_count != scene->proposal.proposal.offer_count || at->view.count == 0) && *steps_section(scene))
        show_section(scene);
    else if (at->page == STEPS_NOTES && scene->proposal.has &&
             at->taken_count != scene->proposal.proposal.offer_count)
        show_section(scene);
}

void steps_clear(struct scene *scene)
{
    struct steps_place *at = &scene->steps_at;
    choices_clear(at);
    free(at->from);
    free(at->taken);
    field_clear(&at->typed);
    editor_clear(&at->editor);
    textview_clear(&at->view);
}

const struct view steps_view = {
    .name = "steps",
    .title = TEXT("Release"),
    .draw = steps_draw,
    .event = steps_event,
    .typing = steps_typing,
    .command = steps_command,
    .hints = steps_hints,
    .tick = steps_tick,
};
