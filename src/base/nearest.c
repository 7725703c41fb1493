#include "base/nearest.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static int least(int a, int b, int c)
{
    int d = a < b ? a : b;
    return d < c ? d : c;
}

/* Damerau's distance in its restricted form, over three rows. Case does not count. */
static int distance(const char *a, const char *b)
{
    int rows[3][NEAREST_LONGEST + 1];
    size_t a_len = strlen(a), b_len = strlen(b);
    if (a_len > NEAREST_LONGEST || b_len > NEAREST_LONGEST)
        return NEAREST_LONGEST;
    for (size_t j = 0; j <= b_len; j++)
        rows[0][j] = (int)j;
    for (size_t i = 1; i <= a_len; i++) {
        int *row = rows[i % 3], *above = rows[(i + 2) % 3], *above2 = rows[(i + 1) % 3];
        row[0] = (int)i;
        for (size_t j = 1; j <= b_len; j++) {
            int ca = tolower((unsigned char)a[i - 1]), cb = tolower((unsigned char)b[j - 1]);
            row[j] = least(above[j] + 1, row[j - 1] + 1, above[j - 1] + (ca != cb));
            bool swapped =
                i > 1 && j > 1 && ca == tolower((unsigned char)b[j - 2]) && cb == tolower((unsigned char)a[i - 2]);
            if (swapped && above2[j - 2] + 1 < row[j])
                row[j] = above2[j - 2] + 1;
        }
    }
    return rows[a_len % 3][b_len];
}

struct nearest nearest_to(const char *wanted)
{
    /* A third of the letters may be wrong, at least one and at most four: more is another word. */
    int allowed = (int)(strlen(wanted) / 3);
    return (struct nearest){.wanted = wanted, .distance = (allowed < 1 ? 1 : allowed > 4 ? 4 : allowed) + 1};
}

void nearest_offer(struct nearest *nearest, const char *candidate)
{
    int found = distance(nearest->wanted, candidate);
    if (found < nearest->distance) {
        nearest->distance = found;
        nearest->best = candidate;
    }
}

const char *nearest_take(const struct nearest *nearest, char *out, size_t size)
{
    snprintf(out, size, "%s", nearest->best ? nearest->best : "");
    return out;
}
