#include "ui/console.h"

#include <errno.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "cli/askpass.h"
#include "ui/act.h"
#include "ui/ask_server.h"
#include "ui/editor_program.h"
#include "ui/overlays.h"
#include "ui/picture.h"
#include "ui/screen.h"
#include "ui/view/steps.h"

enum {
    WORKERS = 10,
    QUIT_MS = 200,       /* what hangs is waited for so long */
    WATCH_MS = 2000,     /* between two looks whether the repository changed */
    LOOK_OURS_MS = 200,  /* … at a run that we drive */
    LOOK_OPEN_MS = 2000, /* … at one that somebody drives */
    LOOK_IDLE_MS = 10000,
    SPIN_MS = 120,    /* between two frames of a spinner */
    TWICE_MS = 400,   /* between the presses of a double click */
    FRESH_MS = 700,   /* a key after the same key this soon confirms nothing */
    LOADING_MS = 300, /* what takes shorter is not worth a word */
    FIRST_MS = 150    /* the versions have the machine to themselves for so long at most */
};

struct console {
    struct scene scene;
    struct screen *screen;
    struct theme theme;
    struct input input;
    struct ask_server server;
    struct key last_key;
    int press_row, press_col; /* of the last press of the mouse */
    int64_t press_ms, last_key_ms, watched_ms, looked_ms, spun_ms;
    int64_t minute;
    int64_t run_changed_ms; /* of the run as last seen */
    int64_t began_ms;
    bool said_open, began, light, gone;
    struct error look_error; /* what is wrong with the configured colours or keys; ERROR_NONE: nothing */
};

static bool ascii(struct console *console)
{
    return screen_canvas(console->screen)->glyphs == GLYPHS_ASCII;
}

/* Something moves on the screen: a spinner, a running time. */
static bool is_busy(const struct scene *scene)
{
    return scene->loading.len > 0 || run_is_ours(&scene->run) || load_under_way(&scene->proposal.remote);
}

static void load_theme(struct console *console, const char *name)
{
    struct theme theme;
    struct error err = {0};
    if (theme_load(&theme, name, console->light, &err) < 0) {
        scene_notice_error(&console->scene, &err);
        return;
    }
    console->theme = theme;
    screen_theme(console->screen, &console->theme);
    console->scene.work.changed = true;
}

static void edit_section(struct console *console)
{
    CLEANUP(buf_clear) struct buf text = {0};
    struct error err = {0};
    buf_adds(&text, steps_section(&console->scene));
    screen_suspend(console->screen);
    int result = editor_program_run(&text, &err);
    screen_resume(console->screen);
    if (result == 0)
        steps_edited(&console->scene, buf_string(&text), text.len);
    else
        scene_notice_error(&console->scene, &err);
}

/* Set while a pinentry has the terminal: Ctrl-C there comes to us, its terminal's process group. */
static struct cancel *giving_up;

static void give_up(int signal)
{
    (void)signal;
    cancel_set(giving_up);
}

/* The question for a locked signing key; it is asked on the terminal, so the screen makes room for it. */
static void unlock_key(struct console *console)
{
    enum { UNLOCK_MS = 5 * 60 * 1000 };
    struct cancel cancel;
    struct sigaction before, during = {.sa_handler = give_up};
    sigset_t interrupt, mask;
    cancel_init(&cancel);
    giving_up = &cancel;
    screen_suspend(console->screen);
    sigemptyset(&interrupt);
    sigaddset(&interrupt, SIGINT);
    sigaction(SIGINT, &during, &before);
    sigprocmask(SIG_UNBLOCK, &interrupt, &mask);
    run_unlock(&console->scene.run, &(struct call){.deadline_ms = clock_boot_ms() + UNLOCK_MS, .cancel = &cancel});
    sigprocmask(SIG_SETMASK, &mask, NULL);
    sigaction(SIGINT, &before, NULL);
    screen_resume(console->screen);
    giving_up = NULL;
    cancel_clear(&cancel);
}

/* What views and overlays asked for. */
static void obey(struct console *console)
{
    struct scene *scene = &console->scene;
    if (scene->command >= 0) {
        int id = scene->command;
        scene->command = -1;
        act(scene, (enum command_id)id, ascii(console));
    }
    if (scene->want_theme) {
        load_theme(console, scene->want_theme);
        scene->want_theme = NULL;
    }
    if (scene->want_editor) {
        scene->want_editor = false;
        edit_section(console);
    }
}

static void answer(struct scene *scene, bool yes)
{
    struct ask *ask = &scene->ask;
    void (*then)(void *, bool, const char *) = ask->answer;
    void *context = ask->context;
    CLEANUP(free_string) char *typed = mem_string(field_value(&ask->dialog.field));
    bool secret = ask->dialog.field.secret;
    scene_ask_close(scene);
    scene->work.changed = true;
    then(context, yes, typed);
    if (secret)
        explicit_bzero(typed, strlen(typed));
}

static bool on_tabs(struct console *console, const struct event *event)
{
    if (event->kind != EVENT_MOUSE || event->mouse != MOUSE_PRESS || event->row != 1)
        return false;
    struct scene *scene = &console->scene;
    struct tab tabs[VIEW_COUNT];
    enum view_id ids[VIEW_COUNT];
    size_t count = picture_tabs(tabs, ids), active = 0;
    for (size_t i = 0; i < count; i++)
        active = ids[i] == (scene->view == VIEW_STEPS ? scene->under : scene->view) ? i : active;
    int at = tabs_at(1, screen_canvas(console->screen)->cols - 2, tabs, count, active, event->col);
    if (at >= 0)
        scene->view = ids[at];
    scene->work.changed = true;
    return true;
}

static void note_key(struct console *console, const struct event *event)
{
    bool same = key_equal(console->last_key, event->key);
    console->scene.fresh = !event->repeated && (!same || console->scene.boot_ms - console->last_key_ms >= FRESH_MS);
    console->last_key = event->key;
    console->last_key_ms = console->scene.boot_ms;
}

static void note_press(struct console *console, const struct event *event)
{
    int64_t now = console->scene.boot_ms;
    bool same = event->row == console->press_row && event->col == console->press_col;
    console->scene.twice = same && now - console->press_ms < TWICE_MS;
    console->press_row = event->row;
    console->press_col = event->col;
    /* A third press begins anew. */
    console->press_ms = console->scene.twice ? 0 : now;
}

static bool is_ctrl(const struct event *event, char letter)
{
    return event->kind == EVENT_KEY && event->key.modifiers == MODIFIER_CTRL && event->key.code == (uint32_t)letter;
}

static void on_view(struct console *console, const struct event *event)
{
    struct scene *scene = &console->scene;
    struct canvas *canvas = screen_canvas(console->screen);
    struct rect rect = picture_view_rect(canvas->rows, canvas->cols);
    const struct view *shown = views[scene->view];
    if (event->kind != EVENT_KEY || shown->typing(scene)) {
        shown->event(scene, event, rect);
        return;
    }
    const struct command *command = keymap_find(&scene->keys, event->key, shown->name);
    struct event moved = *event;
    if (command && !command_moves(command->id))
        act(scene, command->id, ascii(console));
    else if (keymap_moving(&scene->keys, &moved.key))
        shown->event(scene, &moved, rect);
}

/* A click on a hint is its key. */
static bool on_hints(struct console *console, const struct event *event)
{
    struct canvas *canvas = screen_canvas(console->screen);
    if (event->kind != EVENT_MOUSE || event->mouse != MOUSE_PRESS || event->button != 1 ||
        event->row != canvas->rows - 1)
        return false;
    int id = picture_hint_at(canvas, &console->scene, event->col);
    if (id == COMMAND_CONSOLE_BACK)
        on_view(console, &(struct event){.kind = EVENT_KEY, .key = {.code = CODE_ESCAPE}});
    else if (id >= 0)
        act(&console->scene, (enum command_id)id, ascii(console));
    return true;
}

static void on_event(void *context, const struct event *event)
{
    struct console *console = context;
    struct scene *scene = &console->scene;
    if (event->kind == EVENT_KEY)
        note_key(console, event);
    if (event->kind == EVENT_MOUSE && event->mouse == MOUSE_PRESS)
        note_press(console, event);
    if (event->kind == EVENT_BACKGROUND) {
        if (console->light == event->light)
            return;
        console->light = event->light;
        if (strcmp(scene->environment->settings.ui.theme, "auto") == 0)
            load_theme(console, "auto");
        return;
    }
    if (is_ctrl(event, 'z')) {
        screen_stop(console->screen);
    } else if (is_ctrl(event, 'c')) {
        scene->want_quit = true;
    } else if (scene->ask.open) {
        enum dialog_answer said = dialog_event(&scene->ask.dialog, event, scene->boot_ms);
        scene->work.changed = true;
        if (said != DIALOG_OPEN)
            answer(scene, said == DIALOG_YES);
    } else {
        struct canvas *canvas = screen_canvas(console->screen);
        if (!overlay_event(scene, event, picture_overlay_rect(canvas->rows, canvas->cols, scene)) &&
            !on_tabs(console, event) && !on_hints(console, event))
            on_view(console, event);
    }
    obey(console);
}

static void read_terminal(struct console *console)
{
    char bytes[4096];
    for (;;) {
        ssize_t got = screen_read(console->screen, bytes, sizeof(bytes));
        if (got < 0)
            console->gone = true;
        if (got <= 0)
            return;
        input_feed(&console->input, bytes, (size_t)got, clock_boot_ms(), on_event, console);
    }
}

static void answered_git(void *context, bool yes, const char *typed)
{
    struct console *console = context;
    ask_server_answer(&console->server, yes ? typed : NULL);
}

static void git_asks(struct console *console)
{
    struct scene *scene = &console->scene;
    if (!console->server.asked) {
        /* It has gone without waiting for an answer. */
        if (scene->ask.open && scene->ask.answer == answered_git)
            scene_ask_close(scene);
        scene->work.changed = true;
        return;
    }
    if (scene->ask.open)
        answer(scene, false);
    const char *question = buf_string(&console->server.question);
    struct ask *ask = scene_ask(scene, "git asks", answered_git, console);
    text_adds(&ask->sentence, question);
    text_adds(&ask->label, ask_is_secret(question) ? "answer (hidden)" : "answer");
    scene_ask_open(scene, "answer", "enter", NULL, false);
    ask->dialog.uninvited = true;
    ask->dialog.field.secret = ask_is_secret(question);
}

/* A run that ended, began or moved: what is shown of it elsewhere is read again. */
static void follow_run(struct console *console)
{
    struct scene *scene = &console->scene;
    struct run_model *run = &scene->run;
    if (run->parked)
        unlock_key(console);
    if (run->has && run->view.info.changed_ms != console->run_changed_ms) {
        console->run_changed_ms = run->view.info.changed_ms;
        if (scene->audit.load.loaded_ms)
            audit_load(&scene->audit);
    }
    if (run->load.loaded_ms && !console->said_open) {
        console->said_open = true;
        if (run_is_open(run) && !run_is_ours(run))
            scene_notice(scene, NOTICE_CAUTION, "OPEN",
                         "%s %s stands at %zu of %zu: r goes on with it, u takes it back.",
                         run->view.is_undo ? "The undo of" : "Release", run->view.info.subject, run->view.steps.done,
                         run->view.steps.count);
    }
    if (!run->ended || load_under_way(&run->load))
        return;
    run->ended = false;
    releases_load(&scene->releases);
    status_load(&scene->status);
    if (load_failed(&run->drive) && scene->view != VIEW_STEPS)
        scene_notice_error(scene, &run->drive.error);
    else if (!load_failed(&run->drive) && run->has && run->view.info.status == RUN_FINISHED &&
             !(scene->view == VIEW_STEPS && scene->steps_at.page == STEPS_RUN))
        scene_notice(scene, NOTICE_GOOD, run->view.is_undo ? "TAKEN BACK" : "RELEASED",
                     "%s, %zu steps. It stands in the activity.", run->view.info.subject, run->view.steps.count);
}

static void see_loading(struct console *console)
{
    struct scene *scene = &console->scene;
    struct job job;
    int64_t age;
    bool any = pool_oldest(scene->work.pool, &job, &age) && age >= LOADING_MS;
    scene->loading = any ? job.label : (struct text){0};
    scene->loading_ms = any ? age : 0;
}

/* What is due by the clock. */
static void tick(struct console *console)
{
    struct scene *scene = &console->scene;
    int64_t now = scene->boot_ms;
    /* First the versions, for they are what one waits for; then everything else. */
    if (!console->began && (!load_under_way(&scene->releases.load) || now - console->began_ms >= FIRST_MS)) {
        console->began = true;
        status_load(&scene->status);
        run_look(&scene->run);
        console->looked_ms = now;
    }
    if (console->began && now - console->watched_ms >= WATCH_MS) {
        console->watched_ms = now;
        status_watch(&scene->status);
    }
    if (scene->status.changed) {
        scene->status.changed = false;
        act_refresh(scene);
    }
    int64_t every = run_is_ours(&scene->run) ? LOOK_OURS_MS : run_is_open(&scene->run) ? LOOK_OPEN_MS : LOOK_IDLE_MS;
    if (console->began && now - console->looked_ms >= every && !load_under_way(&scene->run.load)) {
        console->looked_ms = now;
        run_look(&scene->run);
    }
    bool was = scene->loading.len > 0;
    see_loading(console);
    if (is_busy(scene) && now - console->spun_ms >= SPIN_MS) {
        console->spun_ms = now;
        scene->tick++;
        scene->work.changed = true;
    }
    if (was != (scene->loading.len > 0) || scene->now_ms / 60000 != console->minute)
        scene->work.changed = true;
    console->minute = scene->now_ms / 60000;
    if (scene->notice.until_ms && now >= scene->notice.until_ms) {
        text_free(&scene->notice.word);
        text_free(&scene->notice.sentence);
        scene->notice = (struct notice){0};
        scene->work.changed = true;
    }
    follow_run(console);
    views[scene->view]->tick(scene);
}

static int soonest(int a, int64_t b)
{
    if (b < 0)
        return a;
    return a < 0 || b < a ? (int)b : a;
}

static int wait_ms(const struct console *console)
{
    const struct scene *scene = &console->scene;
    int64_t now = clock_boot_ms();
    int64_t watch = console->watched_ms + WATCH_MS - now;
    int64_t minute = 60000 - clock_now_ms() % 60000;
    int wait = soonest((int)(watch < 0 ? 0 : watch), minute);
    if (!console->began)
        wait = soonest(wait, FIRST_MS);
    wait = soonest(wait, input_wait_ms(&console->input, now));
    struct job job;
    int64_t age;
    if (pool_oldest(scene->work.pool, &job, &age))
        wait = soonest(wait, SPIN_MS);
    if (run_is_ours(&scene->run))
        wait = soonest(wait, SPIN_MS);
    if (scene->notice.until_ms)
        wait = soonest(wait, scene->notice.until_ms > now ? scene->notice.until_ms - now : 0);
    if (views[scene->view]->wait_ms)
        wait = soonest(wait, views[scene->view]->wait_ms(scene));
    return wait;
}

/* The one place where the console waits, and the only one where signals come in. */
static void wait_for_something(struct console *console, const sigset_t *waiting)
{
    struct pollfd fds[4] = {
        {.fd = screen_fd(console->screen), .events = POLLIN},
        {.fd = pool_fd(console->scene.work.pool), .events = POLLIN},
        {.fd = screen_wake_fd(console->screen), .events = POLLIN},
        {.fd = ask_server_fd(&console->server), .events = POLLIN},
    };
    if (screen_pending(console->screen))
        fds[0].events |= POLLOUT;
    int ms = wait_ms(console);
    struct timespec timeout = {ms / 1000, (ms % 1000) * 1000000L};
    int ready = ppoll(fds, COUNT(fds), &timeout, waiting);
    struct scene *scene = &console->scene;
    scene->boot_ms = clock_boot_ms();
    scene->now_ms = clock_now_ms();
    if (screen_continued(console->screen))
        scene->work.changed = true;
    if (screen_resize(console->screen))
        scene->work.changed = true;
    input_tick(&console->input, scene->boot_ms, on_event, console);
    if (ready <= 0)
        return;
    if (fds[0].revents)
        read_terminal(console);
    if (fds[0].revents & (POLLERR | POLLNVAL))
        console->gone = true;
    if (fds[1].revents)
        pool_collect(scene->work.pool);
    if (fds[3].revents && ask_server_read(&console->server))
        git_asks(console);
}

static void draw(struct console *console)
{
    struct scene *scene = &console->scene;
    if (screen_pending(console->screen) && screen_flush(console->screen) < 0)
        console->gone = true;
    if (!scene->work.changed)
        return;
    scene->work.changed = false;
    picture_draw(screen_canvas(console->screen), scene);
    if (screen_show(console->screen) < 0)
        console->gone = true;
}

static void loop(struct console *console, const sigset_t *waiting)
{
    while (!console->scene.want_quit && !console->gone) {
        tick(console);
        draw(console);
        wait_for_something(console, waiting);
    }
}

static void scene_free(struct scene *scene)
{
    overlay_close(scene);
    scene_ask_close(scene);
    textview_clear(&scene->help);
    steps_clear(scene);
    status_clear(&scene->status);
    releases_clear(&scene->releases);
    detail_clear(&scene->detail);
    facts_clear(&scene->facts);
    release_proposal_clear(&scene->proposal.proposal);
    release_steps_clear(&scene->proposal.steps);
    free(scene->proposal.wanted);
    free(scene->proposal.from);
    free(scene->proposal.section);
    run_clear(&scene->run);
    audit_clear(&scene->audit);
    free(scene->releases_at.order);
    free(scene->releases_at.selected);
    field_clear(&scene->releases_at.filter.field);
    free(scene->activity_at.order);
    field_clear(&scene->activity_at.filter.field);
    text_free(&scene->notice.word);
    text_free(&scene->notice.sentence);
}

static void scene_begin(struct scene *scene, const struct environment *environment)
{
    scene->environment = environment;
    scene->work = (struct work){.pool = pool_new(WORKERS), .environment = environment, .changed = true};
    scene->command = -1;
    scene->status.work = scene->releases.work = scene->detail.work = scene->facts.work = &scene->work;
    scene->proposal.work = scene->run.work = scene->audit.work = &scene->work;
    scene->boot_ms = clock_boot_ms();
    scene->now_ms = clock_now_ms();
    /* Before anything is read, so that no change in between goes unseen. */
    status_watch(&scene->status);
    releases_load(&scene->releases);
}

/* Signals wait until the console does; those that tell of children have nobody to tell. */
static void block_signals(sigset_t *old)
{
    static const int signals[] = {SIGWINCH, SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGCONT, SIGCHLD};
    sigset_t set;
    sigemptyset(&set);
    for (size_t i = 0; i < COUNT(signals); i++)
        sigaddset(&set, signals[i]);
    sigprocmask(SIG_BLOCK, &set, old);
}

static void on_resize(int signal)
{
    (void)signal;
}

/*
 * What is wrong in the colours or keys is told on the screen, and the defaults stand in for it: a mistake in the person's own
 * file must not shut them out of every console.
 */
static int load_look(struct console *console, const struct ui_settings *ui, struct error *err)
{
    struct error *wrong = &console->look_error;
    if (keymap_init(&console->scene.keys, ui->keys, wrong) < 0 && keymap_init(&console->scene.keys, NULL, err) < 0)
        return -1;
    return theme_load(&console->theme, ui->theme, console->light, wrong) < 0
               ? theme_load(&console->theme, "auto", console->light, err)
               : 0;
}

static int open_screen(struct console *console, const struct environment *environment, struct error *err)
{
    const struct ui_settings *ui = &environment->settings.ui;
    console->light = theme_light_background(getenv("COLORFGBG"));
    if (load_look(console, ui, err) < 0)
        return -1;
    struct screen_options options = {
        .colour = ui->colour, .glyphs = ui->glyphs, .mouse = ui->mouse, .ask_background = true};
    if (screen_open(&console->screen, &options, &console->theme, err) < 0)
        return -1;
    struct sigaction resized = {.sa_handler = on_resize};
    sigaction(SIGWINCH, &resized, NULL);
    return 0;
}

int console_run(struct environment *environment, bool *hanging, struct error *err)
{
    struct console *console = mem_alloc(sizeof(*console));
    sigset_t waiting;
    /* Ten workers with an arena each would keep 2 MB more between them, and take longer to stop growing. */
    mallopt(M_ARENA_MAX, 2);
    *hanging = false;
    if (askpass_prepare(err) < 0 || ask_server_open(&console->server, err) < 0) {
        free(console);
        return -1;
    }
    block_signals(&waiting);
    if (open_screen(console, environment, err) < 0) {
        sigprocmask(SIG_SETMASK, &waiting, NULL);
        ask_server_close(&console->server);
        free(console);
        return -1;
    }
    scene_begin(&console->scene, environment);
    if (console->look_error.kind != ERROR_NONE)
        scene_notice_error(&console->scene, &console->look_error);
    console->began_ms = console->watched_ms = console->scene.boot_ms;
    loop(console, &waiting);
    screen_close(console->screen);
    ask_server_close(&console->server);
    *hanging = !pool_close(console->scene.work.pool, QUIT_MS);
    sigprocmask(SIG_SETMASK, &waiting, NULL);
    /* What a hanging worker still uses stays, for the moment that is left. */
    if (*hanging)
        return 0;
    scene_free(&console->scene);
    environment_close(environment);
    free(console);
    return 0;
}
