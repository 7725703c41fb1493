/* Where signalbox starts: a question of git's, the console, or a command. */
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "cli/askpass.h"
#include "cli/cli.h"

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

int main(int argc, char **argv)
{
    keep_standard_streams();
    set_locale();
    signal(SIGPIPE, SIG_IGN);
    if (askpass_is_wanted(argc, argv))
        return askpass_main(argc, argv);
    return cli_run(argc - 1, (const char *const *)argv + 1);
}
