#include "git/words.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/compiler.h"
#include "base/memory.h"

/* The first phrase found decides: what names a cause stands before what only says that something broke. */
static const struct {
    const char *phrase;
    enum error_kind kind;
    const char *todo;
} known[] = {
    {"detected dubious ownership", ERROR_REFUSED,
     "If you trust this repository: git config --global --add safe.directory DIRECTORY (as git names it above)"},
    {"refstorage", ERROR_REFUSED, "Install a newer git (2.45): the references here are kept as a reftable"},
    {"unknown repository extension", ERROR_REFUSED, "Install a newer git: yours cannot read this repository"},
    {"Expected git repo version", ERROR_REFUSED, "Install a newer git: yours cannot read this repository"},
    {"unknown ref storage format", ERROR_REFUSED, "Install a newer git: yours cannot read this repository"},
    {"not a git repository", ERROR_NOT_FOUND, "Go into a repository, or make one: git init"},
    {".lock': File exists", ERROR_UNAVAILABLE, "Let the other git finish; if none is running, remove that lock file"},
    {"empty ident", ERROR_REFUSED, "Tell git who you are: git config --global user.name, and user.email"},
    {"auto-detect email address", ERROR_REFUSED,
     "Tell git who you are: git config --global user.name, and user.email"},
    {"Please tell me who you are", ERROR_REFUSED,
     "Tell git who you are: git config --global user.name, and user.email"},
    {"incorrect passphrase", ERROR_REFUSED, "Try again, with the passphrase of the signing key"},
    {"cannot run gpg", ERROR_NOT_FOUND, "Install gnupg, or name the program that signs: git config gpg.program"},
    {"cannot run ssh-keygen", ERROR_NOT_FOUND, "Install openssh-client, which signs with SSH keys"},
    {"failed to sign", ERROR_FAILED, "See that the signing key is there and unlocked (user.signingKey, gpg.format)"},
    {"Couldn't load public key", ERROR_FAILED, "See that the signing key is there (user.signingKey, gpg.format)"},
    {"No private key found", ERROR_FAILED, "See that the signing key is there (user.signingKey, gpg.format)"},
    {"user.signingkey needs to be set", ERROR_FAILED, "Name the signing key: git config user.signingKey"},
    {"gpg.ssh.defaultKeyCommand", ERROR_FAILED, "Name the signing key: git config user.signingKey"},
    {"not be found on any remote", ERROR_REFUSED,
     "Push the submodules first: git push --recurse-submodules=on-demand"},
    {"promisor remote", ERROR_UNAVAILABLE, "This clone is partial; get the rest: git fetch --refetch --no-filter"},
    {"' not allowed", ERROR_UNAVAILABLE, "This clone is partial; get the rest: git fetch --refetch --no-filter"},
    {"Authentication failed", ERROR_REFUSED, "Try again with the right name and password, or token"},
    {"could not read Username", ERROR_REFUSED,
     "Try again on a terminal, or let git keep the password: git config credential.helper"},
    {"could not read Password", ERROR_REFUSED,
     "Try again on a terminal, or let git keep the password: git config credential.helper"},
    {"Permission denied (", ERROR_REFUSED, "See that git itself gets in: git ls-remote (is the key in the agent?)"},
    {"Host key verification failed", ERROR_REFUSED, "Connect once by hand and check the server's key: git ls-remote"},
    {"returned error: 401", ERROR_REFUSED, "See that git itself gets in: git ls-remote"},
    {"returned error: 403", ERROR_REFUSED, "You may not do this there; ask whoever owns the remote"},
    {"returned error: 404", ERROR_NOT_FOUND, "Check the address: git remote -v"},
    {"epository not found", ERROR_NOT_FOUND, "Check the address: git remote -v"},
    {"does not appear to be a git repository", ERROR_NOT_FOUND, "Check the address: git remote -v"},
    {"No such remote", ERROR_NOT_FOUND, "See which there are: git remote -v"},
    {"couldn't find remote ref", ERROR_NOT_FOUND, "See which there are: git ls-remote"},
    {"Could not resolve host", ERROR_UNAVAILABLE, "Check the connection and the address, then try again"},
    {"unable to access", ERROR_UNAVAILABLE, "Check the connection and the address, then try again"},
    {"unable to connect", ERROR_UNAVAILABLE, "Check the connection and the address, then try again"},
    {"hung up unexpectedly", ERROR_UNAVAILABLE, "Check the connection, then try again"},
    {"Could not read from remote", ERROR_UNAVAILABLE, "Check the connection and the address, then try again"},
    {"No space left on device", ERROR_FAILED, "Make room on the disk, then try again"},
    {"bad revision", ERROR_NOT_FOUND, ""},
    {"unknown revision", ERROR_NOT_FOUND, ""},
    {"Not a valid object name", ERROR_NOT_FOUND, ""},
    {"missing object", ERROR_FAILED, "The repository is damaged: git fsck says where"},
    {"bad object", ERROR_FAILED, "The repository is damaged: git fsck says where"},
    {"is corrupt", ERROR_FAILED, "The repository is damaged: git fsck says where"},
};

bool git_words_contain(const struct buf *said, const char *phrase)
{
    return said->len && memmem(said->bytes, said->len, phrase, strlen(phrase)) != NULL;
}

/* Where the authority of an address ends: what may stand in no authority. */
static size_t authority_length(const char *bytes, size_t len)
{
    size_t i = 0;
    while (i < len && !strchr("/?#'\"<> \t\r\n", bytes[i]) && bytes[i])
        i++;
    return i;
}

static bool is_http(const char *bytes, size_t scheme_end)
{
    return (scheme_end >= 4 && strncasecmp(bytes + scheme_end - 4, "http", 4) == 0) ||
           (scheme_end >= 5 && strncasecmp(bytes + scheme_end - 5, "https", 5) == 0);
}

void git_words_redact(struct buf *bytes)
{
    struct buf clean = {0};
    size_t at = 0;
    for (const char *found; bytes->len > at && (found = memmem(bytes->bytes + at, bytes->len - at, "://", 3));) {
        size_t scheme_end = (size_t)(found - bytes->bytes), start = scheme_end + 3;
        size_t length = authority_length(bytes->bytes + start, bytes->len - start);
        /* The last @ ends the user information: a password may hold another one. */
        const char *host = length ? memrchr(bytes->bytes + start, '@', length) : NULL;
        const char *colon = host ? memchr(bytes->bytes + start, ':', (size_t)(host - bytes->bytes) - start) : NULL;
        buf_add(&clean, bytes->bytes + at, start - at);
        at = start;
        if (host && is_http(bytes->bytes, scheme_end)) {
            at = (size_t)(host + 1 - bytes->bytes);
        } else if (colon) {
            buf_add(&clean, bytes->bytes + start, (size_t)(colon - bytes->bytes) - start);
            at = (size_t)(host - bytes->bytes);
        }
    }
    if (bytes->len > at)
        buf_add(&clean, bytes->bytes + at, bytes->len - at);
    buf_clear(bytes);
    *bytes = clean;
}

/* Where the words stand: how the line before was. */
struct tidying {
    struct buf *out;
    size_t len;   /* of its words */
    bool stopped; /* it ended with a full stop */
    bool item;    /* it was indented, as the items of a list are */
};

enum { WRAPPED = 40 };

/*
 * A long line without a full stop, and then one that begins with a small letter: that is one sentence, which git has wrapped.
 * Items of a list are parted by commas. Everything else begins a new sentence.
 */
static const char *joint(const struct tidying *t, const char *line, bool plain, bool item)
{
    if (!t->out->len)
        return "";
    if (strchr(":!?", t->out->bytes[t->out->len - 1]))
        return " ";
    if (item && t->item)
        return ", ";
    return plain && !t->stopped && t->len >= WRAPPED && islower((unsigned char)*line) ? " " : ". ";
}

/* Adds the line without its "fatal: " or "error: " and its full stop; hints and empty lines are left out. */
static void add_line(struct tidying *t, const char *line, size_t len)
{
    static const char *const prefixes[] = {"fatal: ", "error: ", "remote: "};
    bool item = len && strchr(" \t", *line), plain = true, stopped = false;
    for (size_t i = 0; i < COUNT(prefixes); i++) {
        size_t prefix = strlen(prefixes[i]);
        if (len >= prefix && memcmp(line, prefixes[i], prefix) == 0) {
            line += prefix;
            len -= prefix;
            plain = false;
        }
    }
    while (len && strchr(" \t\r", *line))
        line++, len--;
    while (len && strchr(" \t\r.", line[len - 1]))
        stopped = line[--len] == '.' || stopped;
    /* "[GNUPG:]": what GnuPG says to programs; newer gits repeat it. */
    if (!len || (len >= 5 && memcmp(line, "hint:", 5) == 0) || (len >= 8 && memcmp(line, "[GNUPG:]", 8) == 0))
        return;
    buf_adds(t->out, joint(t, line, plain, item));
    buf_add(t->out, line, len);
    t->len = len;
    t->stopped = stopped;
    t->item = item;
}

static void tidy(struct buf *out, const struct buf *said)
{
    const char *line = buf_string(said), *end = line + said->len;
    struct tidying t = {.out = out};
    while (line < end) {
        const char *newline = memchr(line, '\n', (size_t)(end - line));
        add_line(&t, line, (size_t)((newline ? newline : end) - line));
        line = newline ? newline + 1 : end;
    }
}

static void set_reason(struct error *err, const struct buf *said)
{
    struct buf redacted = {0}, reason = {0};
    enum { FIRST = 240, LAST = 440 };
    buf_add(&redacted, buf_string(said), said->len);
    git_words_redact(&redacted);
    tidy(&reason, &redacted);
    /* The first words say which, the last say why. */
    if (reason.len > FIRST + LAST)
        error_why(err, "%.*s … %s", FIRST, buf_string(&reason), reason.bytes + reason.len - LAST);
    else
        error_why(err, "%s", buf_string(&reason));
    buf_clear(&redacted);
    buf_clear(&reason);
}

PRINTF_LIKE(4, 0)
static void explain(struct error *err, enum error_kind kind, const struct buf *said, const char *fmt, va_list ap)
    PRINTF_LIKE(4, 0);
static void explain(struct error *err, enum error_kind kind, const struct buf *said, const char *fmt, va_list ap)
{
    struct buf what = {0};
    buf_addv(&what, fmt, ap);
    size_t i = 0;
    while (i < COUNT(known) && !git_words_contain(said, known[i].phrase))
        i++;
    enum error_kind found = i < COUNT(known) ? known[i].kind : ERROR_FAILED;
    error_set(err, kind == ERROR_NONE ? found : kind, "%s", buf_string(&what));
    set_reason(err, said);
    if (i < COUNT(known))
        error_todo(err, "%s", known[i].todo);
    buf_clear(&what);
}

int git_words_error(struct error *err, const struct buf *said, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    explain(err, ERROR_NONE, said, fmt, ap);
    va_end(ap);
    return -1;
}

int git_words_error_as(struct error *err, enum error_kind kind, const struct buf *said, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    explain(err, kind, said, fmt, ap);
    va_end(ap);
    return -1;
}
