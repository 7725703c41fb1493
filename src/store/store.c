#include <stdlib.h>

#include <signalbox/store.h>

void store_document_clear(struct store_document *document)
{
    free(document->key);
    free(document->bytes);
    *document = (struct store_document){0};
}

void store_documents_clear(struct store_documents *documents)
{
    for (size_t i = 0; i < documents->count; i++)
        store_document_clear(&documents->items[i]);
    free(documents->items);
    *documents = (struct store_documents){0};
}

void store_entries_clear(struct store_entries *entries)
{
    for (size_t i = 0; i < entries->count; i++)
        free(entries->items[i].bytes);
    free(entries->items);
    *entries = (struct store_entries){0};
}
