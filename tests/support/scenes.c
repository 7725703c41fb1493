#include "tests/support/scenes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "ui/overlays.h"
#include "ui/view/choices.h"
#include "ui/view/releases_order.h"
#include "ui/view/steps.h"
#include "ui/view/view.h"

enum { NOW_S = 1795348800 }; /* 2026-11-22T12:00:00Z */
static const int64_t now_ms = NOW_S * INT64_C(1000), boot_ms = 1000000;
static const int64_t hour_ms = 3600000, day_ms = 86400000;

static struct text copy(const char *words)
{
    return text_copy_raw(words, strlen(words));
}

static void add_version(struct history *h, const char *version, int64_t days, const char *commit, int flags)
{
    ARRAY_GROW(&h->versions, &h->cap, h->count + 1);
    struct history_version *v = &h->versions[h->count++];
    *v = (struct history_version){.version = mem_string(version),
                                  .when_ms = now_ms - days * day_ms - hour_ms,
                                  .annotated = !(flags & 1),
                                  .prerelease = strchr(version, '-') != NULL,
                                  .yanked = (flags & 2) != 0,
                                  .burned = (flags & 4) != 0};
    struct buf tag = {0};
    buf_addf(&tag, "v%s", version);
    v->tag = buf_take(&tag);
    snprintf(v->commit, sizeof(v->commit), "%s000000000000000000000000000000000", commit);
}

static void add_commit(struct history_commits *c, const char *id, const char *type, const char *scope,
                       const char *summary, const char *author, enum history_class class)
{
    ARRAY_GROW(&c->items, &c->cap, c->count + 1);
    struct history_commit *commit = &c->items[c->count++];
    *commit = (struct history_commit){.author = mem_string(author),
                                      .subject = mem_string(summary),
                                      .type = mem_string(type),
                                      .scope = mem_string(scope),
                                      .summary = mem_string(summary),
                                      .class = class};
    snprintf(commit->id, sizeof(commit->id), "%s", id);
    c->counts[class]++;
}

static void add_commits(struct history_commits *c)
{
    add_commit(c, "9a8b7c6", "feat", "odds", "stream live odds", "maria", HISTORY_FEATURE);
    add_commit(c, "5d6e7f8", "fix", "", "retry the score feed with back-off and a limit that the feed names", "jon",
               HISTORY_FIX);
    add_commit(c, "1f2e3d4", "feat", "bets", "filter by league", "amina", HISTORY_FEATURE);
    add_commit(c, "c0ffee1", "fix", "login", "stop looping", "jon", HISTORY_FIX);
    add_commit(c, "a1b2c3d", "refactor", "feed", "one client", "maria", HISTORY_OTHER);
    add_commit(c, "b0b0b0b", "feat", "api", "the old feed is gone", "tove", HISTORY_BREAKING);
    add_commit(c, "77aa12b", "", "", "Merge branch 'main' of \x1b[31mevil", "jon \xe2\x80\xae", HISTORY_OTHER);
}

static void add_history(struct scene *scene, bool since)
{
    struct history h = {.service = mem_string("api"), .tag_pattern = mem_string("v*"), .current = 1, .latest = 0};
    snprintf(h.head, sizeof(h.head), "4f2c1d9");
    add_version(&h, "2.0.0-rc.1", 1, "9a8b7c6", 1);
    add_version(&h, "1.3.0", 2, "0d1e2f3", 0);
    add_version(&h, "1.2.4", 6, "7c1b0aa", 0);
    add_version(&h, "1.2.3", 9, "e03f5d2", 2);
    add_version(&h, "1.2.2", 15, "b81aa0c", 0);
    add_version(&h, "1.2.1", 16, "55f0c9e", 4);
    add_version(&h, "1.2.0", 21, "10ab99c", 0);
    for (int i = 9; i >= 0; i--) {
        char version[32], commit[32];
        snprintf(version, sizeof(version), "1.1.%d", i);
        snprintf(commit, sizeof(commit), "%d0ab99c", i);
        add_version(&h, version, 60 - i, commit, 0);
    }
    ARRAY_GROW(&h.foreign, &h.foreign_cap, 2);
    h.foreign[h.foreign_count++] = (struct history_foreign){mem_string("nightly-2026"), copy("does not match v*")};
    h.foreign[h.foreign_count++] =
        (struct history_foreign){mem_string("v1.2"), copy("not a version: 1.2 lacks the patch number")};
    if (since) {
        h.has_since = true;
        add_commits(&h.since);
        h.suggestion = mem_string("2.0.0");
        h.suggestion_why = copy("major: 2 features, 2 fixes, 1 breaking since v1.3.0");
    }
    size_t count = h.count;
    scene->releases.snapshot = snapshot_new(&h);
    scene->releases.generation = 1;
    scene->releases.load.loaded_ms = scene->releases.since.loaded_ms = boot_ms - 1000;
    scene->releases.reached = mem_array(count, 1);
    memset(scene->releases.reached, HISTORY_REACHABLE, count);
    scene->releases.reached[0] = HISTORY_ELSEWHERE;
    scene->releases.reached[5] |= 0x80; /* burned */
    releases_order(scene);
}

static const char notes[] =
    "### Added\n\n- Live odds in the match view (#412)\n- Filter bets by league (#398)\n\n"
    "### Changed\n\n- Scores come from the new feed; the old one stays as a fallback until 1.4, "
    "see [the plan](https://example.org/plan)\n\n"
    "### Fixed\n\n- **Retry** the score feed with back-off (#417)\n"
    "- Login no longer loops on slow networks (#420)\n\n"
    "### Security\n\n- CVE-2026-3121: session cookie is bound to the host\n";

static void add_detail(struct scene *scene, const char *tag, const char *before)
{
    struct detail *d = &scene->detail.kept[scene->detail.count++];
    *d = (struct detail){.tag = mem_string(tag), .generation = 1, .before = mem_string(before)};
    detail_notes(&d->notes, notes, strlen(notes));
    add_commits(&d->commits);
    d->about.tagger = mem_string("maria");
    d->about.has_signature = true;
}

static void add_step(struct release_steps *steps, const char *id, const char *words, const char *undo,
                     const char *evidence, enum release_step_status status)
{
    ARRAY_GROW(&steps->items, &steps->cap, steps->count + 1);
    struct release_step *step = &steps->items[steps->count++];
    *step = (struct release_step){.id = mem_string(id),
                                  .title = copy(id),
                                  .words = copy(words),
                                  .undo = copy(undo),
                                  .evidence = copy(evidence),
                                  .status = status};
    if (status != RELEASE_STEP_TODO && status != RELEASE_STEP_NEXT)
        step->begun_ms = now_ms - 4000;
    if (status == RELEASE_STEP_DONE)
        step->ended_ms = now_ms - 3000;
    steps->done += status == RELEASE_STEP_DONE;
}

/* Steps 1 to `done` are done, the next one stands as given. */
static void add_steps(struct release_steps *steps, size_t done, enum release_step_status next)
{
    static const char *const all[][4] = {
        {"changelog", "writes CHANGELOG.md: 2.0.0 with 7 entries, dated 2026-11-22", "writes the old bytes back",
         "7 entries, 2,104 bytes"},
        {"version", "writes package.json: version 1.3.0 becomes 2.0.0", "writes the old bytes back",
         "1.3.0 became 2.0.0"},
        {"commit", "commits CHANGELOG.md and package.json on main as \"release: v2.0.0\"",
         "moves main back to 4f2c1d9 and the files with it", "77aa12b on main"},
        {"tag", "makes the annotated tag v2.0.0 on the new commit", "deletes the tag v2.0.0 here",
         "tag object 0fe3a21"},
        {"push", "pushes main and v2.0.0 to origin in one push",
         "none: a public tag stays; the way on is the next version", "origin has 77aa12b and v2.0.0"},
    };
    for (size_t i = 0; i < COUNT(all); i++)
        add_step(steps, all[i][0], all[i][1], all[i][2], i < done ? all[i][3] : "",
                 i < done    ? RELEASE_STEP_DONE
                 : i == done ? next
                             : RELEASE_STEP_TODO);
}

static void add_run(struct scene *scene, enum run_status status, int done, enum release_step_status next,
                    const char *reason)
{
    struct release_view *view = &scene->run.view;
    scene->run.has = true;
    scene->run.load.loaded_ms = boot_ms;
    view->info = (struct run_info){.id = mem_string("r-0042"),
                                   .kind = mem_string("release"),
                                   .subject = mem_string("2.0.0"),
                                   .scope = mem_string("api/production"),
                                   .actor = mem_string("maria@ops1"),
                                   .reason = mem_string(""),
                                   .begun_ms = now_ms - 90000,
                                   .changed_ms = now_ms - 2000,
                                   .status = status};
    view->reason = copy(reason);
    add_steps(&view->steps, done, next);
    scene->view = VIEW_STEPS;
    scene->steps_at.page = STEPS_RUN;
}

static void add_offer(struct release_proposal *p, const char *commit, const char *category, const char *entry,
                      bool taken)
{
    ARRAY_GROW(&p->offers, &p->offer_cap, p->offer_count + 1);
    struct release_offer *offer = &p->offers[p->offer_count++];
    *offer = (struct release_offer){.category = mem_string(category), .entry = mem_string(entry), .taken = taken};
    snprintf(offer->commit, sizeof(offer->commit), "%s", commit);
}

static void add_proposal(struct scene *scene)
{
    struct release_proposal *p = &scene->proposal.proposal;
    scene->proposal.has = p->has_plan = true;
    scene->proposal.load.loaded_ms = boot_ms;
    p->plan.version = mem_string("2.0.0");
    p->plan.tag = mem_string("v2.0.0");
    p->plan.remote = mem_string("origin");
    p->section = mem_string(notes);
    add_offer(p, "9a8b7c6", "Added", "- Live odds in the match view (#412)", true);
    add_offer(p, "b0b0b0b", "Removed", "- The old feed", false);
    add_offer(p, "a1b2c3d", "Changed", "- One client for the feed", false);
    add_steps(&scene->proposal.steps, 0, RELEASE_STEP_NEXT);
    scene->view = VIEW_STEPS;
}

static void add_finding(struct scene *scene, enum finding_level level, const char *what, const char *todo)
{
    struct release_findings *f = &scene->proposal.proposal.findings;
    ARRAY_GROW(&f->items, &f->cap, f->count + 1);
    f->items[f->count++] = (struct release_finding){level, "code", copy(what), copy(todo)};
    f->refusals += level == FINDING_REFUSE;
}

static void add_event(struct scene *scene, int64_t seq, const char *who, const char *what, const char *why)
{
    struct audit_entries *e = &scene->audit.entries;
    ARRAY_GROW(&e->items, &e->cap, e->count + 1);
    e->items[e->count++] = (struct audit_entry){.seq = seq,
                                                .at_ms = now_ms - (20 - seq) * 240000,
                                                .who = mem_string(who),
                                                .what = mem_string(what),
                                                .why = mem_string(why),
                                                .before = mem_string(seq == 12 ? "4f2c1d9" : ""),
                                                .after = mem_string("77aa12b"),
                                                .run = mem_string("r-0042"),
                                                .machine = mem_string("ops1")};
    snprintf(e->items[e->count - 1].hash, HASH_HEX,
             "e73805e3725918a22a9f06dadf79bbd4443f9d468590f468cdf6a625446af548");
}

static void add_activity(struct scene *scene)
{
    add_event(scene, 12, "maria@ops1", "pushes main and v1.3.0 to origin in one push", "derby on Saturday");
    add_event(scene, 11, "maria@ops1", "makes the annotated tag v1.3.0 on 0d1e2f3", "derby on Saturday");
    add_event(scene, 10, "jon@ops2", "takes over release 1.3.0 after \x1b]0;evil\x07 silence", "");
    add_event(scene, 9, "maria@ops1", "begins release of 1.3.0 (api/production)", "derby on Saturday");
    scene->audit.load.loaded_ms = scene->audit.verify.loaded_ms = boot_ms - 5000;
    scene->audit.whole = true;
    scene->audit.report = (struct audit_report){.count = 12};
    snprintf(scene->audit.report.head, HASH_HEX, "e73805e3725918a2");
    scene->view = VIEW_ACTIVITY;
    scene->activity_at.place.selected = 0;
}

static struct environment *environment_make(void)
{
    static struct service_settings service;
    static struct environment environment;
    service = (struct service_settings){.name = "api", .path = "", .tag_pattern = "v*", .changelog = "CHANGELOG.md"};
    environment = (struct environment){
        .title = "sports-edge/api", .actor = "maria@ops1", .scope = "api/production", .service = &service};
    environment.settings.project = "sports-edge";
    environment.settings.environment = "production";
    environment.settings.protected_environment = true;
    environment.settings.services = &service;
    environment.settings.service_count = 1;
    return &environment;
}

static void fail_load(struct load *load)
{
    error_set(&load->error, ERROR_FAILED, "Cannot read the tags of this repository");
    error_why(&load->error, "packed-refs, line 12: not an object name");
    error_todo(&load->error, "Run git fsck, and fetch the tags again");
}

static void select_tag(struct scene *scene, size_t row)
{
    scene->releases_at.place.selected = row;
    releases_moved(scene);
}

static const char *const names[] = {
    "releases",         "releases-unreleased",
    "releases-loading", "releases-error",
    "releases-empty",   "releases-filter",
    "foreign",          "detail",
    "detail-old",       "steps-choose",
    "steps-notes",      "steps-check",
    "steps-refuse",     "steps-remote",
    "steps-running",    "steps-next",
    "steps-failed",     "steps-held",
    "steps-waiting",    "steps-released",
    "steps-confirm",    "steps-undo",
    "activity",         "activity-broken",
    "activity-empty",   "help",
    "palette",          "read-only",
    "askpass",          NULL,
};

const char *scene_name(size_t index)
{
    return names[index];
}

static void make_steps(struct scene *scene, const char *what)
{
    if (strcmp(what, "choose") == 0) {
        scene->view = VIEW_STEPS;
        choices_make(&scene->steps_at, releases_history(&scene->releases));
    } else if (strcmp(what, "notes") == 0) {
        add_proposal(scene);
        scene->steps_at.page = STEPS_NOTES;
    } else if (strcmp(what, "check") == 0 || strcmp(what, "refuse") == 0 || strcmp(what, "remote") == 0 ||
               strcmp(what, "confirm") == 0) {
        add_proposal(scene);
        scene->steps_at.page = STEPS_CHECK;
        if (strcmp(what, "refuse") == 0) {
            add_finding(scene, FINDING_REFUSE, "CHANGELOG.md has changes that are not committed",
                        "Commit them, or put them aside with git stash");
            add_finding(scene, FINDING_WARN, "main is 2 commits behind origin", "Pull first");
            add_finding(scene, FINDING_NOTE, "3 untracked files are left alone", "");
        }
        if (strcmp(what, "remote") == 0)
            scene->proposal.remote = (struct load){.job = 7, .since_ms = boot_ms - 12300};
    } else if (strcmp(what, "running") == 0) {
        add_run(scene, RUN_OPEN, 2, RELEASE_STEP_BEGUN, "");
        scene->run.drive = (struct load){.job = 9, .since_ms = boot_ms - 4000};
        scene->loading = TEXT("release");
        scene->loading_ms = 4000;
    } else if (strcmp(what, "next") == 0) {
        add_run(scene, RUN_OPEN, 4, RELEASE_STEP_NEXT, "");
    } else if (strcmp(what, "failed") == 0) {
        add_run(scene, RUN_OPEN, 4, RELEASE_STEP_FAILED, "");
        struct error *err = &scene->run.view.steps.items[4].error;
        error_set(err, ERROR_REFUSED, "origin refused the push");
        error_why(err, "remote: GH006: Protected branch update failed for refs/heads/main");
        error_todo(err, "Set release.mode to pull-request, take this release back and make it anew");
    } else if (strcmp(what, "held") == 0) {
        add_run(scene, RUN_HELD, 3, RELEASE_STEP_NEXT,
                "v2.0.0 names another commit, made by somebody else: look at it first.");
    } else if (strcmp(what, "waiting") == 0) {
        add_run(scene, RUN_WAITING, 3, RELEASE_STEP_WAITING,
                "release/2.0.0 is to be merged into main, by somebody else.");
    } else if (strcmp(what, "released") == 0) {
        add_run(scene, RUN_FINISHED, 5, RELEASE_STEP_DONE, "");
    } else if (strcmp(what, "undo") == 0) {
        add_run(scene, RUN_OPEN, 2, RELEASE_STEP_NEXT, "");
        scene->steps_at.page = STEPS_UNDO;
        scene->run.has_undo = true;
        add_step(&scene->run.undo_steps, "files",
                 "gives CHANGELOG.md and package.json the bytes back that were there before", "", "",
                 RELEASE_STEP_NEXT);
    }
}

static void ignore(void *context, bool yes, const char *typed)
{
    (void)context, (void)yes, (void)typed;
}

static void make_rest(struct scene *scene, const char *name, bool ascii)
{
    if (strcmp(name, "releases-error") == 0 || strcmp(name, "detail-old") == 0) {
        fail_load(&scene->releases.load);
    } else if (strcmp(name, "releases-filter") == 0) {
        field_set(&scene->releases_at.filter.field, "1.2");
        scene->releases_at.filter.typing = true;
        releases_order(scene);
        select_tag(scene, 1);
    } else if (strcmp(name, "foreign") == 0) {
        scene->releases_at.foreign = true;
    } else if (strcmp(name, "detail") == 0) {
        scene->releases_at.open = true;
    } else if (strcmp(name, "steps-confirm") == 0) {
        struct ask *ask = scene_ask(scene, "Release 2.0.0", ignore, NULL);
        text_adds(&ask->sentence, "Pushes main and v2.0.0 to origin in one push. Nothing else.");
        text_adds(&ask->detail, "A public tag is never deleted.");
        scene_ask_open(scene, "do this step", "y", "2.0.0", false);
    } else if (strncmp(name, "activity", 8) == 0) {
        scene->view = VIEW_ACTIVITY;
        scene->audit.load.loaded_ms = scene->audit.verify.loaded_ms = boot_ms;
        if (strcmp(name, "activity-empty") != 0)
            add_activity(scene);
        if (strcmp(name, "activity-broken") == 0) {
            scene->audit.report = (struct audit_report){.fault = AUDIT_CHANGED, .broken = 7, .count = 12};
            snprintf(scene->audit.report.why, sizeof(scene->audit.report.why), "its hash is not that of its words");
        }
        activity_view.tick(scene);
    } else if (strcmp(name, "help") == 0) {
        overlay_help(scene, ascii);
    } else if (strcmp(name, "palette") == 0) {
        overlay_palette(scene, ascii);
    } else if (strcmp(name, "read-only") == 0) {
        ((struct environment *)scene->environment)->read_only = true;
        scene_refuses(scene, "released");
    } else if (strcmp(name, "askpass") == 0) {
        struct ask *ask = scene_ask(scene, "git asks", ignore, NULL);
        text_adds(&ask->sentence, "Password for 'https://maria@example.org':");
        text_adds(&ask->label, "answer (hidden)");
        scene_ask_open(scene, "answer", "enter", NULL, false);
        ask->dialog.field.secret = true;
        field_set(&ask->dialog.field, "hunter2");
    }
}

struct scene *scene_make(const char *name, bool ascii)
{
    struct scene *scene = mem_alloc(sizeof(*scene));
    struct error err = {0};
    scene->environment = environment_make();
    scene->now_ms = now_ms;
    scene->boot_ms = boot_ms;
    scene->command = -1;
    scene->work.environment = scene->environment;
    if (keymap_init(&scene->keys, NULL, &err) < 0)
        exit(2);
    if (strcmp(name, "releases-loading") == 0 || strcmp(name, "releases-error") == 0) {
        scene->releases.load = (struct load){.job = 3, .since_ms = boot_ms - 3200};
        scene->loading = TEXT("tags");
        scene->loading_ms = 3200;
    } else {
        scene->status.load.loaded_ms = boot_ms;
        scene->status.state.branch = mem_string("main");
        scene->status.state.ahead = 2;
        scene->status.state.behind = 1;
    }
    if (strcmp(name, "releases-empty") == 0) {
        struct history none = {
            .service = mem_string("api"), .tag_pattern = mem_string("v*"), .current = -1, .latest = -1};
        none.has_since = true;
        scene->releases.snapshot = snapshot_new(&none);
        scene->releases.generation = 1;
        releases_order(scene);
    } else if (!scene->releases.load.job) {
        add_history(scene, true);
        add_detail(scene, "v1.3.0", "v1.2.4");
        add_detail(scene, "", NULL);
        select_tag(scene, strcmp(name, "releases-unreleased") == 0 ? 0 : 2);
    }
    if (strncmp(name, "steps-", 6) == 0)
        make_steps(scene, name + 6);
    make_rest(scene, name, ascii);
    if (scene->view == VIEW_STEPS)
        steps_view.tick(scene);
    return scene;
}

void scene_unmake(struct scene *scene)
{
    overlay_close(scene);
    scene_ask_close(scene);
    textview_clear(&scene->help);
    steps_clear(scene);
    status_clear(&scene->status);
    releases_clear(&scene->releases);
    detail_clear(&scene->detail);
    release_proposal_clear(&scene->proposal.proposal);
    release_steps_clear(&scene->proposal.steps);
    run_clear(&scene->run);
    audit_clear(&scene->audit);
    free(scene->releases_at.order);
    free(scene->releases_at.selected);
    field_clear(&scene->releases_at.filter.field);
    free(scene->activity_at.order);
    field_clear(&scene->activity_at.filter.field);
    text_free(&scene->notice.word);
    text_free(&scene->notice.sentence);
    free(scene);
}
