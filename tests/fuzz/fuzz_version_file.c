/* The first byte chooses the kind of file, the rest is the file: outside of the edits no byte changes. */
#include <stdlib.h>
#include <string.h>

#include "version/version_file.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void require(int holds)
{
    if (!holds)
        abort();
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    static const char *const specs[] = {"package.json",   "package-lock.json", "app.json",    "Cargo.toml",
                                        "pyproject.toml", "VERSION",           "x:v = \"*\"", "x:a*a"};
    static const char version[] = "98.76.54-rc.1";
    if (!size)
        return 0;
    const char *spec = specs[data[0] % COUNT(specs)], *bytes = (const char *)data + 1;
    size_t len = size - 1;
    struct version_edits edits;
    struct error err;
    struct buf out = {0}, now = {0};
    if (version_file_plan(&edits, spec, bytes, len, version, &err))
        return 0;
    version_edits_apply(&out, &edits, bytes, len);
    size_t in_at = 0, out_at = 0;
    for (size_t i = 0; i < edits.count; i++) {
        size_t same = edits.items[i].at.start - in_at;
        require(edits.items[i].at.start >= in_at && edits.items[i].at.end <= len);
        require(memcmp(bytes + in_at, out.bytes + out_at, same) == 0);
        in_at = edits.items[i].at.end;
        out_at += same + strlen(edits.items[i].to);
    }
    require(out.len - out_at == len - in_at && memcmp(bytes + in_at, out.bytes + out_at, len - in_at) == 0);
    /* A pattern may find another place once the version is another one; the formats may not. */
    if (!strchr(spec, ':')) {
        require(version_file_read(&now, spec, out.bytes, out.len, &err) == 0);
        require(strcmp(buf_string(&now), version) == 0);
    }
    version_edits_clear(&edits);
    buf_clear(&out);
    buf_clear(&now);
    return 0;
}
