#include "ui/editor_program.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"

enum { WORDS_MAX = 16, TEXT_LIMIT = 1024 * 1024, NOT_RUN = 127 };

static const char *chosen(void)
{
    static const char *const names[] = {"GIT_EDITOR", "VISUAL", "EDITOR"};
    for (size_t i = 0; i < COUNT(names); i++) {
        const char *value = getenv(names[i]);
        if (value && *value)
            return value;
    }
    return "vi";
}

/* "code --wait" is a program and an argument: parted at blanks, no shell. */
static int split(char *words, char **argv, int most)
{
    int count = 0;
    char *rest = NULL;
    for (char *word = strtok_r(words, " \t", &rest); word && count < most; word = strtok_r(NULL, " \t", &rest))
        argv[count++] = word;
    return count;
}

/* The console blocks signals; an editor wants them as a program of a shell would find them. */
static void become(char **argv)
{
    sigset_t none;
    sigemptyset(&none);
    static const int plain[] = {SIGPIPE, SIGINT, SIGQUIT, SIGTSTP, SIGWINCH, SIGTERM, SIGHUP, SIGCONT};
    for (size_t i = 0; i < COUNT(plain); i++)
        signal(plain[i], SIG_DFL);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execvp(argv[0], argv);
    _exit(NOT_RUN);
}

static int run(const char *path, struct error *err)
{
    CLEANUP(free_string) char *words = mem_string(chosen());
    char *argv[WORDS_MAX + 2] = {0};
    int count = split(words, argv, WORDS_MAX);
    if (count == 0)
        argv[count++] = (char *)"vi";
    argv[count] = (char *)path;
    pid_t child = fork();
    if (child < 0)
        return error_errno(err, ERROR_FAILED, "Cannot start %s", argv[0]);
    if (child == 0)
        become(argv);
    int status;
    while (waitpid(child, &status, 0) < 0) {
        if (errno != EINTR)
            return error_errno(err, ERROR_FAILED, "Cannot wait for %s", argv[0]);
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return 0;
    if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_RUN) {
        error_set(err, ERROR_NOT_FOUND, "There is no program %s", argv[0]);
        return error_todo(err, "Set EDITOR, or press e to edit here");
    }
    return error_set(err, ERROR_CANCELLED, "%s gave up, so nothing was changed", argv[0]);
}

int editor_program_run(struct buf *text, struct error *err)
{
    const char *temporary = getenv("TMPDIR");
    CLEANUP(free_string)
    char *directory = path_join(temporary && *temporary == '/' ? temporary : "/tmp", "signalbox-XXXXXX");
    if (!mkdtemp(directory))
        return error_errno(err, ERROR_FAILED, "Cannot make a directory for the editor");
    CLEANUP(free_string) char *path = path_join(directory, "changelog-section.md");
    CLEANUP(buf_clear) struct buf edited = {0};
    int result = file_write(path, buf_string(text), text->len, 0600, err);
    if (result == 0)
        result = run(path, err);
    if (result == 0)
        result = file_read(&edited, path, TEXT_LIMIT, err);
    unlink(path);
    rmdir(directory);
    if (result < 0)
        return -1;
    struct buf old = *text;
    *text = edited;
    edited = old;
    return 0;
}
