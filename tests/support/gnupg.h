/*
 * A GnuPG of a test's own: a home with a short name (its sockets lie there, and their names must be), its own agent, keys
 * made for the moment. The agent is ended with it.
 */
#ifndef SIGNALBOX_TESTS_GNUPG_H
#define SIGNALBOX_TESTS_GNUPG_H

struct gnupg {
    char *home;
};

/* Makes the home and points the environment to it; GPG_TTY and windows are taken out of it. */
void gnupg_new(struct gnupg *gnupg);
void gnupg_free(struct gnupg *gnupg);

/* A key that can sign, "Name <mail>"; passphrase "": none. */
void gnupg_key(const struct gnupg *gnupg, const char *who, const char *passphrase);

/* The program with which the agent asks. It starts anew, and so has forgotten every passphrase. */
void gnupg_pinentry(const struct gnupg *gnupg, const char *program);
void gnupg_forget(const struct gnupg *gnupg);

#endif
