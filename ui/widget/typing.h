/*
 * What fields and editors share: moving about in and changing the bytes somebody types. All positions are bytes at the
 * start of a character; a combining mark belongs to the character before it.
 */
#ifndef SIGNALBOX_UI_WIDGET_TYPING_H
#define SIGNALBOX_UI_WIDGET_TYPING_H

#include "base/buf.h"
#include "ui/key.h"

size_t typing_before(const struct buf *value, size_t at); /* the character before; 0 at the start */
size_t typing_after(const struct buf *value, size_t at);
size_t typing_word_before(const struct buf *value, size_t at);
size_t typing_word_after(const struct buf *value, size_t at);

void typing_insert(struct buf *value, size_t *at, const char *bytes, size_t len);
void typing_remove(struct buf *value, size_t from, size_t to);

/* Adds the valid characters of foreign bytes to out: no controls except \n where `lines`, in which tabs become four spaces;
 * otherwise line ends and tabs become one space. */
void typing_clean(struct buf *out, const char *bytes, size_t len, bool lines);

/*
 * The keys both know: characters, left right, words, delete and backspace, ctrl-h d w u k, within [start, end) for the
 * line. Nothing is inserted beyond `limit` bytes. True when the key was one; *changed when the value did.
 */
bool typing_key(struct buf *value, size_t *cursor, size_t start, size_t end, size_t limit, struct key key,
                bool *changed);

#endif
