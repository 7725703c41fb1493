#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "git/git.h"
#include "git/locks.h"
#include "git/words.h"

/*
 * A git started by a hook or an alias inherits variables that point it to another repository, index or way of reading
 * paths. C.UTF-8 keeps git's words English and lets hooks print UTF-8.
 */
static const char *const always[] = {
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_COMMON_DIR",
    "GIT_PREFIX",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_GRAFT_FILE",
    "GIT_SHALLOW_FILE",
    "GIT_REPLACE_REF_BASE",
    "GIT_NO_REPLACE_OBJECTS",
    "GIT_NAMESPACE",
    "GIT_QUARANTINE_PATH",
    "GIT_CONFIG",
    "GIT_GLOB_PATHSPECS",
    "GIT_NOGLOB_PATHSPECS",
    "GIT_ICASE_PATHSPECS",
    "GIT_LITERAL_PATHSPECS",
    "GIT_EXTERNAL_DIFF",
    "GIT_DIFF_OPTS",
    "LANGUAGE",
    "LC_ALL=C.UTF-8",
    "GIT_TERMINAL_PROMPT=0",
    "GIT_FLUSH=0", /* rev-list would write every commit by itself */
    "GIT_PAGER=cat",
    "GIT_EDITOR=true",
    "GIT_SEQUENCE_EDITOR=true",
    "GIT_MERGE_AUTOEDIT=no",
};

void git_args_add(struct git_args *args, const char *arg)
{
    ARRAY_GROW(&args->items, &args->cap, args->count + 2);
    args->items[args->count++] = arg;
    args->items[args->count] = NULL;
}

void git_args_add_all(struct git_args *args, const char *const *list)
{
    for (size_t i = 0; list[i]; i++)
        git_args_add(args, list[i]);
}

void git_args_clear(struct git_args *args)
{
    free(args->items);
    *args = (struct git_args){0};
}

static void add_formatted(struct git_environment *env, const char *name, const char *value)
{
    struct buf setting = {0};
    buf_addf(&setting, "%s=%s", name, value);
    env->owned[env->count] = buf_take(&setting);
    git_args_add(&env->settings, env->owned[env->count++]);
}

static const char *variable(const char *name)
{
    const char *value = getenv(name);
    return value && *value ? value : NULL;
}

/*
 * Without a program to ask, a question must fail and not wait: git runs `false`, and ssh, which has no terminal in a
 * session of its own, is told never to look for one.
 */
static void add_askpass(struct git_environment *env)
{
    const char *askpass = variable("SIGNALBOX_ASKPASS");
    add_formatted(env, "GIT_ASKPASS", askpass ? askpass : "false");
    add_formatted(env, "SSH_ASKPASS", askpass ? askpass : "false");
    git_args_add(&env->settings, askpass ? "SSH_ASKPASS_REQUIRE=force" : "SSH_ASKPASS_REQUIRE=never");
}

/*
 * GnuPG's agent, a daemon, asks on the terminal that is named to it. A command has one to lend: the person's own word for
 * it, else where the command was started. In the console a pinentry would draw over the screen.
 */
static void add_terminal(struct git_environment *env, const char *terminal)
{
    if (!terminal && !variable("SIGNALBOX_ASKPASS_SOCKET"))
        terminal = variable("GPG_TTY") ? variable("GPG_TTY") : variable("SIGNALBOX_ASKPASS_TTY");
    if (terminal)
        add_formatted(env, "GPG_TTY", terminal);
    else
        git_args_add(&env->settings, "GPG_TTY");
}

void git_environment_init(struct git_environment *env, enum git_manner manner, const char *terminal)
{
    *env = (struct git_environment){0};
    for (size_t i = 0; i < COUNT(always); i++)
        git_args_add(&env->settings, always[i]);
    add_askpass(env);
    add_terminal(env, terminal);
    if (manner != GIT_CHANGES)
        git_args_add(&env->settings, "GIT_OPTIONAL_LOCKS=0");
    if (manner == GIT_LOOKS) {
        /* The second is for a git before 2.45, which does not know the first: no protocol, no lazy fetch. */
        git_args_add(&env->settings, "GIT_NO_LAZY_FETCH=1");
        git_args_add(&env->settings, "GIT_ALLOW_PROTOCOL=none");
    }
}

void git_environment_clear(struct git_environment *env)
{
    git_args_clear(&env->settings);
    for (size_t i = 0; i < env->count; i++)
        free(env->owned[i]);
    *env = (struct git_environment){0};
}

int git_child_run_in(struct process_result *result, const char *directory, const struct git_child *child,
                     const struct call *call, struct error *err)
{
    CLEANUP(git_args_clear) struct git_args argv = {0};
    CLEANUP(git_environment_clear) struct git_environment env;
    CLEANUP(buf_clear) struct buf index = {0};
    const char *const first[] = {"git", "--no-pager",    "--literal-pathspecs", "-c", "core.quotePath=false",
                                 "-c",  "color.ui=false"};
    static const char *const plain_index[] = {"-c", "core.splitIndex=false", "-c", "core.fsmonitor=false"};
    for (size_t i = 0; i < COUNT(first); i++)
        git_args_add(&argv, first[i]);
    git_environment_init(&env, child->manner, NULL);
    if (child->index) {
        /* Either setting would write files beside the repository's own index. */
        for (size_t i = 0; i < COUNT(plain_index); i++)
            git_args_add(&argv, plain_index[i]);
        buf_addf(&index, "GIT_INDEX_FILE=%s", child->index);
        git_args_add(&env.settings, index.bytes);
    }
    git_args_add_all(&argv, child->args);
    const struct process process = {
        .argv = argv.items,
        .directory = directory,
        .env = env.settings.items,
        .input = child->input,
        .input_len = child->input_len,
        .output_limit = child->output_limit,
        .on_output = child->on_output,
        .context = child->context,
        .waits_for = child->waits_for,
    };
    return process_run(result, &process, call, err);
}

/*
 * "git version 2.39.5 (Apple Git-1)". 2.34 is the first that signs with SSH keys and that knows what the rest of this room
 * asks for; an older one would fail later, in the middle of something.
 */
enum { GIT_MAJOR = 2, GIT_MINOR = 34 };

int git_check_version(const char *directory, const struct call *call, struct error *err)
{
    static atomic_bool checked; /* the console opens the repository for every job */
    CLEANUP(process_result_clear) struct process_result said = {0};
    int major = 0, minor = 0;
    if (atomic_load(&checked))
        return 0;
    const struct git_child child = {.args = GIT_ARGS("version"), .manner = GIT_LOOKS};
    if (git_child_run_in(&said, directory, &child, call, err) < 0)
        return err->kind == ERROR_NOT_FOUND ? error_wrap(err, "Cannot open the repository at %s", directory) : -1;
    if (sscanf(buf_string(&said.out), "git version %d.%d", &major, &minor) == 2 &&
        (major > GIT_MAJOR || (major == GIT_MAJOR && minor >= GIT_MINOR))) {
        atomic_store(&checked, true);
        return 0;
    }
    error_set(err, ERROR_REFUSED, "The git here is too old");
    error_why(err, "it is %.*s, and %d.%d is needed", (int)strcspn(buf_string(&said.out), "\n"),
              buf_string(&said.out), GIT_MAJOR, GIT_MINOR);
    return error_todo(err, "Install git %d.%d or newer, or put it first in PATH", GIT_MAJOR, GIT_MINOR);
}

int git_child_run(struct process_result *result, const struct git *git, const struct git_child *child,
                  const struct call *call, struct error *err)
{
    *result = (struct process_result){0};
    if (git_check_version(git->where, call, err) < 0)
        return -1;
    if (child->manner != GIT_CHANGES)
        return git_child_run_in(result, git->where, child, call, err);
    struct git_mark mark;
    git_mark_set(&mark, git, call);
    int ran = git_child_run_in(result, git->where, child, call, err);
    if (ran < 0 || result->status >= 128 + 1)
        git_mark_leave(&mark);
    else
        git_mark_remove(&mark);
    return ran;
}

int git_child_check(struct process_result *result, const struct git *git, const struct git_child *child,
                    const struct call *call, struct error *err)
{
    if (git_child_run(result, git, child, call, err) < 0)
        return -1;
    if (result->status == 0)
        return 0;
    return git_words_error(err, &result->err, "git %s failed (status %d)", child->args[0], result->status);
}

int git_permitted(const struct permit *permit, const struct call *call, const char *what, struct error *err)
{
    if (call_check(call, what, err) < 0)
        return -1;
    return permit->still_valid ? permit->still_valid(permit, err) : 0;
}

void git_message(struct buf *out, const char *message)
{
    size_t len = strlen(message);
    buf_add(out, message, len);
    if (len && message[len - 1] != '\n')
        buf_addc(out, '\n');
}

const char *git_hook(const struct git *git, const char *const *names, const struct call *call)
{
    CLEANUP(process_result_clear) struct process_result said = {0};
    struct error ignored;
    const struct git_child child = {.args = GIT_ARGS("rev-parse", "--path-format=absolute", "--git-path", "hooks"),
                                    .manner = GIT_LOOKS};
    if (git_child_check(&said, git, &child, call, &ignored) < 0 || !said.out.len)
        return NULL;
    buf_truncate(&said.out, said.out.len - 1);
    for (size_t i = 0; names[i]; i++) {
        CLEANUP(free_string) char *path = path_join(buf_string(&said.out), names[i]);
        if (access(path, X_OK) == 0)
            return names[i];
    }
    return NULL;
}

int git_name_check(const char *name, const char *kind, struct error *err)
{
    bool fine = name && *name && *name != '-' && *name != '^';
    for (const char *c = name; fine && *c; c++)
        fine = (unsigned char)*c >= ' ' && *c != 127;
    if (fine)
        return 0;
    error_set(err, ERROR_INVALID, "\"%s\" is no name of a %s", name ? name : "", kind);
    return error_todo(err, "Names do not start with - or ^ and hold no control characters");
}

int git_needs_work_tree(const struct git *git, const char *what, struct error *err)
{
    if (git->work_tree)
        return 0;
    error_set(err, ERROR_REFUSED, "%s", what);
    error_why(err, "%s is a bare repository, without a work tree", git->git_dir);
    return error_todo(err, "Work in a clone of it");
}
