/*
 * The configuration, read once into plain structs: from git's own configuration levels and the repository's
 * `.signalbox` (config/table.c lists every key, its type, default and meaning; nothing else is a key).
 *
 * Strings are owned by the settings and never NULL ("" where a key is empty); lists are NULL-terminated and never NULL.
 */
#ifndef SIGNALBOX_CONFIG_SETTINGS_H
#define SIGNALBOX_CONFIG_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

enum release_mode {
    RELEASE_DIRECT,       /* branch and tag in one push */
    RELEASE_PULL_REQUEST, /* the branch is protected: candidate branch, merge by others, then the tag */
    RELEASE_TAG_ONLY,     /* no commit: the tag on what is there */
};

/* What is released: the repository itself, or one of several parts of it. */
struct service_settings {
    char *name;           /* service.NAME, or project.name */
    char *path;           /* commits that touch it count; "" for all */
    char *tag_pattern;    /* "v*": the * stands for the version */
    char *changelog;      /* path relative to the work tree; "" for none */
    char **version_files; /* "package.json", "Cargo.toml", "src/version.h:#define VERSION \"*\"" */
};

struct release_settings {
    enum release_mode mode;
    char *branch;           /* releases are cut from it; "" for whichever is checked out */
    char *remote;           /* "" for the branch's own */
    char *candidate_prefix; /* "release/" */
    char *commit_message;   /* "release: {tag}" */
    char *tag_message;      /* "{tag}\n\n{notes}" */
    bool zero_minor;        /* below 1.0.0 a breaking change counts up minor, a feature patch */
    char *initial;          /* "0.1.0": the first version where there is none */
    bool push;              /* false: everything but the push */
};

struct ui_settings {
    char *theme;  /* "auto", a name in themes/, or a path */
    char *glyphs; /* "auto", "braille", "blocks", "ascii" */
    char *colour; /* "auto", "none", "16", "256", "true" */
    bool mouse;
    char **keys; /* "release.new=N": command=key, over the table's own */
};

struct settings {
    char *project;
    char *environment; /* the one shown in the frame: "local" */
    bool protected_environment;
    struct service_settings *services; /* at least one */
    size_t service_count;
    struct release_settings release;
    struct ui_settings ui;
};

void settings_clear(struct settings *settings);

/* The service of that name; the first one for "" or NULL; NULL when there is none. */
const struct service_settings *settings_service(const struct settings *settings, const char *name);

#endif
