/* What is printed from the tables: the manual, completions, and the two pages of reference in docs/. */
#ifndef SIGNALBOX_CLI_GENERATE_H
#define SIGNALBOX_CLI_GENERATE_H

#include "base/buf.h"

void generate_manual(struct buf *out);        /* mdoc */
void generate_commands(struct buf *out);      /* docs/commands.md */
void generate_configuration(struct buf *out); /* docs/configuration.md */
void generate_bash(struct buf *out);
void generate_zsh(struct buf *out);
void generate_fish(struct buf *out);

#endif
