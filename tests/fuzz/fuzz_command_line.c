/* Any words as a command line (NUL parts them): parsed or refused with words and advice, never anything else. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "command/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { WORDS_MAX = 64 };
    const char *words[WORDS_MAX];
    int count = 0;
    char *bytes = malloc(size + 1);
    memcpy(bytes, data, size);
    bytes[size] = 0;
    for (size_t at = 0; at < size && count < WORDS_MAX; at += strlen(bytes + at) + 1)
        words[count++] = bytes + at;
    struct invocation given;
    struct error err = {0};
    int result = command_parse(&given, count, words, &err);
    if (result < 0 && (err.kind != ERROR_INVALID || !err.what[0]))
        abort();
    if (result == 0 && given.argument_count > ARGUMENTS_MAX)
        abort();
    invocation_clear(&given);
    free(bytes);
    return 0;
}
