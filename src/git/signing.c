#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "git/git.h"
#include "git/parse.h"
#include "git/words.h"

/* Who signs, as git would run it. */
struct signer {
    enum { SIGNER_OPENPGP, SIGNER_X509, SIGNER_SSH } format;
    const char *program; /* a view of the settings, or a literal */
    char *key;
    struct buf settings;
};

static void signer_clear(struct signer *signer)
{
    free(signer->key);
    buf_clear(&signer->settings);
}

static const char *or_else(const char *value, const char *other)
{
    return value && *value ? value : other;
}

/* user.signingKey, else who commits: "Ada Tester <ada@example.org>". */
static int choose_key(struct signer *signer, const struct git *git, const struct call *call, struct error *err)
{
    CLEANUP(process_result_clear) struct process_result said = {0};
    const struct git_child child = {.args = GIT_ARGS("var", "GIT_COMMITTER_IDENT"), .manner = GIT_LOOKS};
    const char *named = git_parse_value(&signer->settings, "user.signingkey");
    if (named && *named) {
        signer->key = mem_string(named);
        return 0;
    }
    if (git_child_check(&said, git, &child, call, err) < 0)
        return -1;
    const char *end = strrchr(buf_string(&said.out), '>');
    signer->key = mem_bytes(buf_string(&said.out), end ? (size_t)(end + 1 - said.out.bytes) : 0);
    return 0;
}

static int choose(struct signer *signer, const struct git *git, const struct call *call, struct error *err)
{
    *signer = (struct signer){0};
    if (git_settings(git, &signer->settings, call, err) < 0)
        return -1;
    const struct buf *settings = &signer->settings;
    const char *format = or_else(git_parse_value(settings, "gpg.format"), "openpgp");
    if (strcmp(format, "ssh") == 0) {
        signer->format = SIGNER_SSH;
        return 0;
    }
    if (strcmp(format, "x509") == 0) {
        signer->format = SIGNER_X509;
        signer->program = or_else(git_parse_value(settings, "gpg.x509.program"), "gpgsm");
    } else {
        const char *plain = or_else(git_parse_value(settings, "gpg.program"), "gpg");
        signer->program = or_else(git_parse_value(settings, "gpg.openpgp.program"), plain);
    }
    return choose_key(signer, git, call, err);
}

static int sign_nothing(struct process_result *said, const struct signer *signer, const struct git *git, bool ask,
                        const char *terminal, const struct call *call, struct error *err)
{
    CLEANUP(git_args_clear) struct git_args args = {0};
    CLEANUP(git_environment_clear) struct git_environment env;
    git_args_add_all(&args, GIT_ARGS(signer->program, "--status-fd=2"));
    if (!ask)
        git_args_add_all(&args, GIT_ARGS("--pinentry-mode", "cancel"));
    git_args_add_all(&args, GIT_ARGS("-bsau", signer->key));
    git_environment_init(&env, GIT_CHANGES, terminal);
    const struct process process = {
        .argv = args.items, .directory = git->where, .env = env.settings.items, .input = "", .input_len = 0};
    return process_run(said, &process, call, err);
}

/* GPG_ERR_CANCELED or GPG_ERR_FULLY_CANCELED, below the number of the part that says so. */
static bool was_cancelled(const struct buf *said)
{
    static const char failure[] = "[GNUPG:] FAILURE sign ";
    const char *found = said->len ? memmem(said->bytes, said->len, failure, strlen(failure)) : NULL;
    unsigned long code = found ? strtoul(found + strlen(failure), NULL, 10) & 0xffff : 0;
    return code == 99 || code == 198;
}

static bool lacks_key(const struct buf *said)
{
    return git_words_contain(said, "No secret key") || git_words_contain(said, "INV_SGNR");
}

static void advise(struct error *err, const struct signer *signer, const struct buf *said)
{
    if (lacks_key(said))
        error_todo(err, "See which keys there are (%s --list-secret-keys), and name one: git config user.signingKey",
                   signer->program);
    else if (git_words_contain(said, "ad passphrase") || git_words_contain(said, "ad PIN"))
        error_todo(err, "Try again, with the passphrase of the signing key");
    else if (git_words_contain(said, "Inappropriate ioctl") || git_words_contain(said, "o pinentry") ||
             git_words_contain(said, "not a tty"))
        error_todo(err, "Try again on a terminal, or unlock the key before");
    else
        error_todo(err, "See that the signing key is there and unlocked (user.signingKey, gpg.format)");
}

static int not_there(const struct signer *signer, struct error *err)
{
    error_set(err, ERROR_NOT_FOUND, "Cannot sign");
    error_why(err, "the program %s is not there", signer->program);
    return error_todo(err, "Install gnupg, or name the program that signs: git config gpg.program");
}

static int cannot_sign(const struct signer *signer, const struct buf *said, enum error_kind kind, struct error *err)
{
    git_words_error_as(err, kind, said, "Cannot sign with the key %s", signer->key);
    advise(err, signer, said);
    return -1;
}

/* Tries the signer on nothing. */
static int attempt(enum source_signing *out, const struct signer *signer, const struct git *git,
                   const struct call *call, struct error *err)
{
    CLEANUP(process_result_clear) struct process_result said = {0};
    if (sign_nothing(&said, signer, git, false, NULL, call, err) < 0)
        return err->kind == ERROR_NOT_FOUND ? not_there(signer, err) : -1;
    if (said.status && !was_cancelled(&said.err))
        return cannot_sign(signer, &said.err, ERROR_FAILED, err);
    *out = said.status ? SOURCE_SIGNS_ASKING : SOURCE_SIGNS_FREELY;
    return 0;
}

/* ssh-keygen or an agent signs; what can be told without asking them is whether there is a key at all. */
static int check_ssh_key(const struct signer *signer, struct error *err)
{
    const char *key = git_parse_value(&signer->settings, "user.signingkey");
    const char *home = getenv("HOME");
    if (!key || !*key) {
        if (git_parse_value(&signer->settings, "gpg.ssh.defaultkeycommand"))
            return 0;
        error_set(err, ERROR_FAILED, "Cannot sign");
        error_why(err, "no SSH key is named to sign with");
        return error_todo(err, "git config user.signingKey ~/.ssh/id_ed25519.pub");
    }
    bool in_home = strncmp(key, "~/", 2) == 0 && home;
    /* Keys themselves ("key::ssh-ed25519 …") are the agent's; other paths depend on where git runs. */
    if (!in_home && *key != '/')
        return 0;
    CLEANUP(free_string) char *path = in_home ? path_join(home, key + 2) : mem_string(key);
    if (file_exists(path))
        return 0;
    error_set(err, ERROR_FAILED, "Cannot sign with the key %s", key);
    error_why(err, "there is no such file");
    return error_todo(err, "Name the key that signs: git config user.signingKey");
}

int git_source_signing(void *self, enum source_signing *out, const struct call *call, struct error *err)
{
    CLEANUP(signer_clear) struct signer signer = {0};
    if (choose(&signer, self, call, err) < 0)
        return -1;
    *out = SOURCE_SIGNS_NOTHING;
    if (!git_parse_flag(&signer.settings, "commit.gpgsign") && !git_signs_tags(&signer.settings))
        return 0;
    *out = SOURCE_SIGNS_FREELY;
    return signer.format == SIGNER_SSH ? check_ssh_key(&signer, err) : attempt(out, &signer, self, call, err);
}

static bool is_pinentry(pid_t pid)
{
    char path[64];
    struct error ignored;
    CLEANUP(buf_clear) struct buf name = {0};
    snprintf(path, sizeof(path), "/proc/%d/comm", (int)pid);
    return file_read(&name, path, 256, &ignored) == 0 && strncmp(buf_string(&name), "pinentry", 8) == 0;
}

/*
 * An agent does not notice that whoever asked has gone: its pinentry would stay and take the keys meant for others. It names
 * itself when it starts. An alarm is its own time-out, upon which it gives the terminal back; what does not listen is ended.
 */
static void end_pinentry(const struct buf *said)
{
    enum { LOOKS = 20, LOOK_MS = 50 };
    static const char launched[] = "[GNUPG:] PINENTRY_LAUNCHED ";
    const char *found = NULL, *at = buf_string(said);
    while ((at = strstr(at, launched)))
        found = at += strlen(launched);
    pid_t pid = found ? (pid_t)strtol(found, NULL, 10) : 0;
    if (pid <= 1 || !is_pinentry(pid))
        return;
    kill(pid, SIGALRM);
    for (int i = 0; i < LOOKS && is_pinentry(pid); i++)
        poll(NULL, 0, LOOK_MS);
    if (is_pinentry(pid))
        kill(pid, SIGTERM);
}

int git_source_unlock(void *self, const char *terminal, const struct call *call, struct error *err)
{
    CLEANUP(signer_clear) struct signer signer = {0};
    CLEANUP(process_result_clear) struct process_result said = {0};
    enum source_signing signing;
    if (git_source_signing(self, &signing, call, err) < 0)
        return -1;
    if (signing != SOURCE_SIGNS_ASKING)
        return 0;
    if (choose(&signer, self, call, err) < 0)
        return -1;
    if (sign_nothing(&said, &signer, self, true, terminal, call, err) < 0) {
        end_pinentry(&said.err);
        return error_wrap(err, "The key %s was not unlocked", signer.key);
    }
    if (said.status == 0)
        return 0;
    if (was_cancelled(&said.err) && (terminal || getenv("DISPLAY") || getenv("WAYLAND_DISPLAY"))) {
        error_set(err, ERROR_CANCELLED, "The key %s was not unlocked", signer.key);
        return error_why(err, "the question for its passphrase was not answered");
    }
    cannot_sign(&signer, &said.err, ERROR_REFUSED, err);
    if (!terminal)
        error_todo(err, "The key is locked and there is nobody to ask: try again on a terminal, or unlock it before");
    return -1;
}

int git_signing_explain(const struct git *git, const struct call *call, struct error *err)
{
    CLEANUP(signer_clear) struct signer signer = {0};
    struct error reason = {0};
    enum source_signing signing;
    if (choose(&signer, git, call, &reason) < 0 || signer.format == SIGNER_SSH)
        return -1;
    if (attempt(&signing, &signer, git, call, &reason) < 0) {
        error_why(err, "%s: %s", reason.what, reason.why);
        return error_todo(err, "%s", reason.todo);
    }
    if (signing != SOURCE_SIGNS_ASKING)
        return -1;
    error_why(err, "the key %s is locked, and its passphrase was not given or not right", signer.key);
    return error_todo(err, "Try again on a terminal, or unlock the key before");
}
