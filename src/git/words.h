/* What git says on standard error, turned into an error a person can act on. */
#ifndef SIGNALBOX_GIT_WORDS_H
#define SIGNALBOX_GIT_WORDS_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/error.h"

/*
 * Takes passwords out of every address in the bytes: user information of http and https goes whole (tokens stand there
 * as the user's name), of any other scheme what follows the colon.
 */
void git_words_redact(struct buf *bytes);

/*
 * Sets *err: the formatted text is what failed; why is the end of what git said, redacted and without its "fatal: " and
 * hints; kind and advice come from the phrases that are known, else ERROR_FAILED. Returns -1.
 */
int git_words_error(struct error *err, const struct buf *said, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* The same, with the kind given; known phrases still give the advice. */
int git_words_error_as(struct error *err, enum error_kind kind, const struct buf *said, const char *fmt, ...)
    PRINTF_LIKE(4, 5);

bool git_words_contain(const struct buf *said, const char *phrase);

#endif
