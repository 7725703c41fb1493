/* Where signalbox starts: a question of git's, the console, or a command. */
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "cli/askpass.h"
#include "cli/cli.h"
#include "command/parse.h"
#include "ui/console.h"
#include "ui/value_check.h"

/* Text is UTF-8 inside, so the terminal's must be too; where the locale says otherwise we take the plainest that is. */
static void set_locale(void)
{
    setlocale(LC_ALL, "");
    if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
        setlocale(LC_CTYPE, "C.UTF-8");
    setlocale(LC_NUMERIC, "C");
}

/*
 * Started with a standard stream closed, the next file opened would get its number, and output would go into a
 * repository's file. A stream that can only be read keeps the place, and writing to it fails as it should.
 */
static void keep_standard_streams(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDONLY) != fd)
            _exit(1);
}

/* No command, and a person at a terminal: the console. */
static bool is_console(const struct invocation *given)
{
    return !given->command && !given->given[OPTION_HELP] && !given->given[OPTION_VERSION] &&
           !given->given[OPTION_JSON] && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}

static int open_console(const struct invocation *given, bool *hanging, struct error *err)
{
    struct environment environment;
    struct environment_request request = {
        .directory = given->values[OPTION_DIRECTORY],
        .service = given->values[OPTION_SERVICE],
        .read_only = given->given[OPTION_READ_ONLY],
    };
    if (askpass_prepare(err) < 0 || environment_open(&environment, &request, err) < 0)
        return -1;
    if (console_run(&environment, hanging, err) == 0)
        return 0;
    environment_close(&environment);
    return -1;
}

/* The exit code; or -1: it is a command line, or one with a mistake that cli_run() tells of. */
static int try_console(int count, const char *const *words)
{
    struct invocation given = {0};
    struct error err = {0};
    bool hanging = false;
    if (command_parse(&given, count, words, &err) < 0 || !is_console(&given)) {
        invocation_clear(&given);
        return -1;
    }
    int result = open_console(&given, &hanging, &err);
    /*
     * Workers that hang, or are just ending, may use what exit() would take down. The terminal is given back and nothing
     * is left to write, so nothing is lost by leaving at once.
     */
    if (hanging || result == 0)
        _exit(0);
    invocation_clear(&given);
    struct output out;
    output_init(&out, false);
    output_error(&out, &err);
    return output_end(&out, error_exit_code(err.kind));
}

int main(int argc, char **argv)
{
    keep_standard_streams();
    set_locale();
    signal(SIGPIPE, SIG_IGN);
    /* A file that may grow no larger is an error to tell of, not an end without a word. */
    signal(SIGXFSZ, SIG_IGN);
    if (askpass_is_wanted(argc, argv))
        return askpass_main(argc, argv);
    const char *const *words = (const char *const *)argv + 1;
    int code = try_console(argc - 1, words);
    return code >= 0 ? code : cli_run(argc - 1, words, ui_check_value);
}
