/* What only the console knows of a configured value: themes, and the keys of its commands. */
#ifndef SIGNALBOX_UI_VALUE_CHECK_H
#define SIGNALBOX_UI_VALUE_CHECK_H

#include "cli/cli.h"

/* A cli_value_check. */
int ui_check_value(const struct config_key *key, const char *value, struct error *err);

#endif
