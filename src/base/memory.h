/*
 * Allocation that cannot fail: a console that has run out of memory has no way to go on, so these print one line and
 * abort, and the crash handler gives the terminal back. Results are freed with free().
 */
#ifndef SIGNALBOX_BASE_MEMORY_H
#define SIGNALBOX_BASE_MEMORY_H

#include <stddef.h>

void *mem_alloc(size_t size);               /* zeroed */
void *mem_array(size_t count, size_t size); /* zeroed; the product is checked */
void *mem_resize(void *old, size_t count, size_t size);
char *mem_string(const char *string);           /* a copy; NULL gives NULL */
char *mem_bytes(const void *bytes, size_t len); /* a copy with a NUL after it */

/*
 * Grows an array so that it holds at least `need` elements: ARRAY_GROW(&list->items, &list->cap, list->count + 1).
 * New room is not zeroed.
 */
#define ARRAY_GROW(items, cap, need) (*(items) = mem_grow(*(items), (cap), (need), sizeof(**(items))))
void *mem_grow(void *items, size_t *cap, size_t need, size_t size);

/* For CLEANUP(free_string) char *s = …; */
void free_string(char **string);

#endif
