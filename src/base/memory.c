#include "base/memory.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *checked(void *p)
{
    if (!p) {
        fputs("signalbox: out of memory\n", stderr);
        abort();
    }
    return p;
}

void *mem_alloc(size_t size)
{
    return checked(calloc(1, size ? size : 1));
}

void *mem_array(size_t count, size_t size)
{
    return checked(calloc(count ? count : 1, size ? size : 1));
}

void *mem_resize(void *old, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size)
        checked(NULL);
    size_t bytes = count * size;
    return checked(realloc(old, bytes ? bytes : 1));
}

char *mem_string(const char *string)
{
    return string ? checked(strdup(string)) : NULL;
}

char *mem_bytes(const void *bytes, size_t len)
{
    char *copy = checked(malloc(len + 1));
    if (len)
        memcpy(copy, bytes, len);
    copy[len] = 0;
    return copy;
}

void *mem_grow(void *items, size_t *cap, size_t need, size_t size)
{
    if (need <= *cap)
        return items;
    size_t wanted = *cap ? *cap : 8;
    while (wanted < need)
        wanted += wanted / 2 + 1;
    items = mem_resize(items, wanted, size);
    *cap = wanted;
    return items;
}

void free_string(char **string)
{
    free(*string);
    *string = NULL;
}
