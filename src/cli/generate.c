/* The hidden command behind `make install` and the two generated pages of docs/. */
#include "cli/generate.h"

#include <string.h>

#include "cli/cli.h"

static const struct {
    const char *name;
    void (*generate)(struct buf *out);
} forms[] = {
    {"man", generate_manual},           {"bash-completion", generate_bash}, {"zsh-completion", generate_zsh},
    {"fish-completion", generate_fish}, {"commands", generate_commands},    {"configuration", generate_configuration},
};

int cli_generate(struct cli *cli, struct error *err)
{
    const char *form = cli_argument(cli, 0);
    for (size_t i = 0; i < COUNT(forms); i++) {
        if (strcmp(forms[i].name, form) != 0)
            continue;
        CLEANUP(buf_clear) struct buf out = {0};
        forms[i].generate(&out);
        output_block(&cli->out, "", out.bytes, out.len);
        return 0;
    }
    error_set(err, ERROR_INVALID, "There is no form %s", form);
    return error_todo(err,
                      "It is one of: man, bash-completion, zsh-completion, fish-completion, commands, configuration");
}
