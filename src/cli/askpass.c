#include "cli/askpass.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <termios.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/memory.h"
#include "base/text.h"
#include "cli/output.h"

static const char link_name[] = "signalbox-askpass";

bool askpass_is_wanted(int argc, char **argv)
{
    const char *slash = argc > 0 ? strrchr(argv[0], '/') : NULL;
    return argc > 0 && strcmp(slash ? slash + 1 : argv[0], link_name) == 0;
}

static bool put(int fd, const char *bytes, size_t len)
{
    while (len) {
        ssize_t done = write(fd, bytes, len);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return false;
        bytes += done;
        len -= (size_t)done;
    }
    return true;
}

/* The terminal as it was, for the signals that end us in the middle of a question. */
static struct termios before;
static int terminal = -1;

static void give_back(int signal)
{
    if (terminal >= 0)
        tcsetattr(terminal, TCSANOW, &before);
    _exit(128 + signal);
}

static void hide_echo(bool secret)
{
    static const int ends[] = {SIGTERM, SIGINT, SIGHUP, SIGQUIT};
    struct termios quiet = before;
    for (size_t i = 0; i < COUNT(ends); i++)
        signal(ends[i], give_back);
    if (secret)
        quiet.c_lflag &= ~(tcflag_t)ECHO;
    quiet.c_lflag |= ICANON | ISIG;
    tcsetattr(terminal, TCSAFLUSH, &quiet);
}

/* What ssh and git ask that is no secret: user names, and yes or no. */
static bool is_secret(const char *question)
{
    return !strstr(question, "(yes/no") && strncmp(question, "Username", 8) != 0;
}

/* One line from a descriptor, without its end; false at the end of input. It is a secret and wiped by the caller. */
static bool read_line(int fd, char *out, size_t size)
{
    size_t len = 0;
    for (;;) {
        char c;
        ssize_t got = read(fd, &c, 1);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        if (c == '\n')
            break;
        if (len + 1 < size)
            out[len++] = c;
    }
    out[len] = 0;
    return true;
}

/* The question is a stranger's, so it is shown as text. */
static bool ask_terminal(const char *path, const char *question, char *answer, size_t size)
{
    /* Not our controlling terminal: we are in a session of our own. */
    terminal = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (terminal < 0 || tcgetattr(terminal, &before) < 0)
        return false;
    struct text_buf shown = {0};
    text_adds(&shown, question);
    text_add(&shown, TEXT(" "));
    bool secret = is_secret(question);
    hide_echo(secret);
    bool fine = put(terminal, "\r\x1b[K", 4) && put(terminal, shown.raw.bytes, shown.raw.len) &&
                read_line(terminal, answer, size);
    tcsetattr(terminal, TCSAFLUSH, &before);
    if (secret)
        put(terminal, "\n", 1);
    close(terminal);
    terminal = -1;
    text_buf_clear(&shown);
    return fine;
}

/* Protocol: question, newline; answer, newline. A connection closed without an answer means "no". */
static bool ask_socket(const char *path, const char *question, char *answer, size_t size)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof(address.sun_path))
        return false;
    memcpy(address.sun_path, path, strlen(path) + 1);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return false;
    struct text_buf line = {0};
    text_adds(&line, question);
    text_add(&line, TEXT(" "));
    buf_addc(&line.raw, '\n');
    bool fine = connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0 &&
                put(fd, line.raw.bytes, line.raw.len) && read_line(fd, answer, size);
    text_buf_clear(&line);
    close(fd);
    return fine;
}

int askpass_main(int argc, char **argv)
{
    char answer[4096];
    const char *question = argc > 1 ? argv[1] : "Password:";
    const char *console = getenv("SIGNALBOX_ASKPASS_SOCKET"), *tty = getenv("SIGNALBOX_ASKPASS_TTY");
    bool fine = false;
    if (console && *console)
        fine = ask_socket(console, question, answer, sizeof(answer));
    else if (tty && *tty)
        fine = ask_terminal(tty, question, answer, sizeof(answer));
    if (fine)
        fine = output_answer(answer);
    explicit_bzero(answer, sizeof(answer));
    return fine ? 0 : 1;
}

/* The path of this program: what the link leads to. */
static char *own_path(struct error *err)
{
    char path[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", path, sizeof(path));
    if (len > 0 && (size_t)len < sizeof(path))
        return mem_bytes(path, (size_t)len);
    error_errno(err, ERROR_FAILED, "Cannot find out where signalbox is");
    return NULL;
}

/* One link a program path, so that two versions of signalbox do not fight over it. */
static int make_link(const char *directory, const char *link, const char *target, struct error *err)
{
    char present[PATH_MAX];
    ssize_t len = readlink(link, present, sizeof(present));
    if (len > 0 && (size_t)len == strlen(target) && memcmp(present, target, (size_t)len) == 0)
        return 0;
    if (file_make_dirs(directory, err) < 0)
        return -1;
    if (len > 0)
        unlink(link);
    if (symlink(target, link) < 0 && errno != EEXIST)
        return error_errno(err, ERROR_FAILED, "Cannot make the link %s", link);
    return 0;
}

int askpass_prepare(struct error *err)
{
    CLEANUP(free_string) char *target = own_path(err);
    if (!target)
        return -1;
    char hash[HASH_HEX];
    hash_sha256(hash, target, strlen(target));
    hash[16] = 0;
    CLEANUP(free_string) char *state = path_xdg("XDG_STATE_HOME", ".local/state");
    CLEANUP(free_string) char *all = path_join(state, "askpass");
    CLEANUP(free_string) char *directory = path_join(all, hash);
    CLEANUP(free_string) char *link = path_join(directory, link_name);
    if (make_link(directory, link, target, err) < 0)
        return -1;
    setenv("SIGNALBOX_ASKPASS", link, 1);
    char name[PATH_MAX] = "";
    /* By its own name: /dev/tty means nothing to a child in another session. */
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (ttyname_r(fd, name, sizeof(name)) == 0) {
            setenv("SIGNALBOX_ASKPASS_TTY", name, 1);
            break;
        }
    return 0;
}
