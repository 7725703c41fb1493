/* The desk of releases for one command: environment, source and store opened, and what a run tells printed. */
#ifndef SIGNALBOX_CLI_DESK_H
#define SIGNALBOX_CLI_DESK_H

#include "cli/cli.h"

int cli_desk(struct release_desk *out, struct cli *cli, struct error *err) MUST_CHECK;
void cli_desk_close(struct release_desk *desk);

/* The proposal before it is confirmed: version, findings, every step in full. */
int cli_show_proposal(struct cli *cli, const struct release_proposal *proposal, struct error *err) MUST_CHECK;

/* Steps of an undo, or of a release. */
void cli_show_steps(struct cli *cli, const struct release_steps *steps);
void cli_json_steps(struct json_writer *w, const char *name, const struct release_steps *steps);
void cli_json_run(struct json_writer *w, const char *name, const struct run_info *info);

/* How a run stands, as text or as the members of the command's object; sets cli->code when it holds. */
int cli_show_run(struct cli *cli, const struct release_desk *desk, const char *id, struct error *err) MUST_CHECK;

#endif
