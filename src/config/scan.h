/*
 * A scanner for git's configuration format that knows lines. libgit2 says what a file means; this says where it stands,
 * and what a person probably did not mean.
 */
#ifndef SIGNALBOX_CONFIG_SCAN_H
#define SIGNALBOX_CONFIG_SCAN_H

#include <stdbool.h>
#include <stddef.h>

struct scan_item {
    char *name;  /* "section.Sub.key", section and key in lower case, as libgit2 gives it */
    char *value; /* unquoted; "" without a value ("key" alone means true) */
    int line;    /* where the key stands, from 1 */
    bool cut;    /* an unquoted # or ; ended the value */
};

struct scan {
    struct scan_item *items;
    size_t count, cap;
    int error_line; /* 0, or where the scanner gave up */
};

/* Never fails: what it cannot read it leaves out, from error_line on. */
void scan_config(struct scan *out, const char *bytes, size_t len);
void scan_clear(struct scan *scan);

#endif
