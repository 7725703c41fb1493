/* Two versions with a line end between: orders agree with each other, and every bump is a version again. */
#include <stdlib.h>
#include <string.h>

#include "version/semver.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void require(int holds)
{
    if (!holds)
        abort();
}

static int sign(int n)
{
    return (n > 0) - (n < 0);
}

static void bump_all(const struct semver *v)
{
    for (int bump = SEMVER_MAJOR; bump <= SEMVER_RELEASE; bump++)
        for (int base = SEMVER_FROM_0; base <= SEMVER_NO_NUMBER; base++) {
            struct buf out = {0};
            struct error err;
            struct semver made;
            if (semver_bump(&out, v, (enum semver_bump)bump, base == SEMVER_FROM_1 ? "" : "beta", base, &err) == 0) {
                require(semver_parse(&made, out.bytes, out.len));
                require(bump >= SEMVER_PRERELEASE || semver_compare(&made, v) > 0);
                require(!memchr(out.bytes, '+', out.len));
            } else {
                require(out.len == 0);
            }
            buf_truncate(&out, 0);
            semver_truncate(&out, v, (enum semver_bump)bump);
            require(semver_parse(&made, out.bytes, out.len));
            require(semver_is_prerelease(v) || semver_compare(&made, v) <= 0);
            buf_clear(&out);
        }
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    const char *text = (const char *)data, *end = size ? memchr(text, '\n', size) : NULL;
    size_t first = end ? (size_t)(end - text) : size;
    struct semver a, b;
    struct error err;
    bool is_a = semver_parse(&a, text, first);
    require(is_a == (semver_read(&a, text, first, &err) == 0));
    if (is_a)
        bump_all(&a);
    if (!end || !semver_parse(&b, end + 1, size - first - 1) || !is_a)
        return 0;
    require(sign(semver_compare(&a, &b)) == -sign(semver_compare(&b, &a)));
    require(sign(semver_order(&a, &b)) == -sign(semver_order(&b, &a)));
    require(!semver_compare(&a, &b) || sign(semver_compare(&a, &b)) == sign(semver_order(&a, &b)));
    require((semver_order(&a, &b) == 0) == (a.len == b.len && memcmp(a.text, b.text, a.len) == 0));
    return 0;
}
