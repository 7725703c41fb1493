#include "ui/act.h"

#include "ui/overlays.h"
#include "ui/view/releases_order.h"
#include "ui/view/steps.h"
#include "ui/view/view.h"

static void go(struct scene *scene, enum view_id view)
{
    scene->view = view;
    scene->work.changed = true;
}

void act_refresh(struct scene *scene)
{
    scene->detail.load.error = (struct error){0};
    releases_load(&scene->releases);
    status_load(&scene->status);
    run_look(&scene->run);
    if (scene->audit.load.loaded_ms || load_failed(&scene->audit.load))
        audit_load(&scene->audit);
}

static void leave_really(void *context, bool yes, const char *typed)
{
    struct scene *scene = context;
    (void)typed;
    if (yes)
        scene->want_quit = true;
}

static void quit(struct scene *scene)
{
    if (!run_is_ours(&scene->run)) {
        scene->want_quit = true;
        return;
    }
    struct ask *ask = scene_ask(scene, "Leave while a release is under way", leave_really, scene);
    text_adds(&ask->sentence,
              "It stops after what it is doing now and stays open: the next start shows it, and goes on "
              "with it or takes it back. Nothing is lost.");
    scene_ask_open(scene, "leave", "y", NULL, false);
}

static void hotfix(struct scene *scene)
{
    const struct history_version *version = scene->view == VIEW_RELEASES ? releases_selected(scene) : NULL;
    if (version)
        steps_new(scene, version->tag);
    else
        scene_notice(scene, NOTICE_PLAIN, "HOTFIX", "Select the version it starts from, among the releases.");
}

static void show_run(struct scene *scene)
{
    if (scene->run.has || run_is_ours(&scene->run))
        steps_show(scene);
    else
        scene_notice(scene, NOTICE_PLAIN, "NONE", "No release was made here yet.");
}

void act(struct scene *scene, enum command_id id, bool ascii)
{
    scene->work.changed = true;
    if (views[scene->view]->command(scene, id))
        return;
    switch (id) {
    case COMMAND_VIEW_RELEASES:
    case COMMAND_VERSION_LIST:
        go(scene, VIEW_RELEASES);
        break;
    case COMMAND_VIEW_ACTIVITY:
    case COMMAND_AUDIT_LOG:
        go(scene, VIEW_ACTIVITY);
        break;
    case COMMAND_AUDIT_VERIFY:
        go(scene, VIEW_ACTIVITY);
        audit_check(&scene->audit);
        break;
    case COMMAND_RELEASE_CREATE:
        steps_new(scene, NULL);
        break;
    case COMMAND_RELEASES_HOTFIX:
        hotfix(scene);
        break;
    case COMMAND_RELEASE_SHOW:
    case COMMAND_RELEASE_LIST:
    case COMMAND_RELEASE_RESUME:
        show_run(scene);
        break;
    case COMMAND_RELEASE_UNDO:
        steps_undo(scene);
        break;
    case COMMAND_CONSOLE_HELP:
        overlay_help(scene, ascii);
        break;
    case COMMAND_CONSOLE_PALETTE:
        overlay_palette(scene, ascii);
        break;
    case COMMAND_CONSOLE_THEME:
        overlay_themes(scene);
        break;
    case COMMAND_CONSOLE_REFRESH:
        act_refresh(scene);
        break;
    case COMMAND_CONSOLE_QUIT:
        quit(scene);
        break;
    default:
        break;
    }
}
