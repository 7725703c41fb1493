#include "tests/support/gnupg.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/process.h"
#include "tests/support/scratch.h"

enum { RUN_MS = 60000 };

#define RUN(...) run((const char *const[]){__VA_ARGS__, NULL})

static void run(const char *const *argv)
{
    struct process process = {.argv = argv};
    struct process_result result;
    struct error err = {0};
    const struct call call = {.deadline_ms = clock_boot_ms() + RUN_MS};
    if (process_check(&result, &process, &call, &err) < 0)
        fail_msg("%s: %s", err.what, err.why);
    process_result_clear(&result);
}

void gnupg_new(struct gnupg *gnupg)
{
    static const char *const windows[] = {"GPG_TTY", "DISPLAY", "WAYLAND_DISPLAY"};
    gnupg->home = mem_string("/tmp/sbg-XXXXXX");
    if (!mkdtemp(gnupg->home))
        fail_msg("cannot make %s", gnupg->home);
    setenv("GNUPGHOME", gnupg->home, 1);
    for (size_t i = 0; i < COUNT(windows); i++)
        unsetenv(windows[i]);
}

void gnupg_forget(const struct gnupg *gnupg)
{
    RUN("gpgconf", "--homedir", gnupg->home, "--kill", "all");
}

void gnupg_free(struct gnupg *gnupg)
{
    gnupg_forget(gnupg);
    unsetenv("GNUPGHOME");
    scratch_remove(gnupg->home);
    gnupg->home = NULL;
}

void gnupg_key(const struct gnupg *gnupg, const char *who, const char *passphrase)
{
    RUN("gpg", "--homedir", gnupg->home, "--batch", "--quiet", "--pinentry-mode", "loopback", "--passphrase",
        passphrase, "--quick-gen-key", who, "ed25519", "sign", "never");
}

void gnupg_pinentry(const struct gnupg *gnupg, const char *program)
{
    struct error err;
    CLEANUP(free_string) char *path = path_join(gnupg->home, "gpg-agent.conf");
    CLEANUP(buf_clear) struct buf line = {0};
    buf_addf(&line, "pinentry-program %s\n", program);
    if (file_write(path, line.bytes, line.len, 0600, &err) < 0)
        fail_msg("%s: %s", err.what, err.why);
    gnupg_forget(gnupg);
}
