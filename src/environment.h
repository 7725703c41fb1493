/*
 * From a directory to what works in it: settings, and on demand the drivers behind the roles. This is the one file that
 * knows which drivers exist.
 *
 * Opening reads the configuration and nothing else: no object of git, no store, no network. Each source or store that is
 * asked for is a new one and belongs to who asked; the environment itself is read only after opening, so that any
 * thread may open its own.
 */
#ifndef SIGNALBOX_ENVIRONMENT_H
#define SIGNALBOX_ENVIRONMENT_H

#include "base/call.h"
#include "config/config.h"
#include <signalbox/source.h>
#include <signalbox/store.h>

struct environment_request {
    const char *directory; /* NULL: here */
    const char *service;   /* --service; NULL: the first */
    bool read_only;
};

struct environment {
    struct config_place place;
    struct config config;
    struct settings settings;
    const struct service_settings *service; /* the one chosen; points into settings */
    char *title;                            /* the project; of several services "PROJECT/SERVICE" */
    char *actor;                            /* "maria@ops1" */
    char *scope;                            /* what leases and runs belong to: "SERVICE/ENVIRONMENT" */
    char *state_directory;                  /* $XDG_STATE_HOME/signalbox/PROJECT-HASH; may not exist yet */
    bool read_only;
};

/*
 * Errors: ERROR_NOT_FOUND (no repository, no such service), ERROR_INVALID (configuration, with file and line).
 */
int environment_open(struct environment *out, const struct environment_request *request,
                     struct error *err) MUST_CHECK;
void environment_close(struct environment *environment);

/* A new one; close it with ops->close(self). */
int environment_source(struct source *out, const struct environment *environment, const struct call *call,
                       struct error *err) MUST_CHECK;

/* Makes the state directory where it is missing. */
int environment_store(struct store *out, const struct environment *environment, const struct call *call,
                      struct error *err) MUST_CHECK;

/* Is there a store yet? Reading commands show "nothing yet" without making one. */
bool environment_has_store(const struct environment *environment);

#endif
