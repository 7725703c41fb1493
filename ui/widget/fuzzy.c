#include "ui/widget/fuzzy.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "base/memory.h"

/*
 * Smith-Waterman with affine gaps would be the textbook; for lines of a palette this simpler table does the same: best[j]
 * is the best score of the pattern so far with its last letter on character j.
 */
enum {
    LETTER = 16,
    FOLLOWS = 16, /* right after the letter before */
    WORD_START = 14,
    FIRST = 8, /* the very first character */
    SAME_CASE = 1,
    GAP = 2, /* for each character passed over, up to GAP_MOST */
    GAP_MOST = 12,
    CHARACTERS = 256,
    LETTERS = FUZZY_MARKS,
    NEVER = -1000000,
};

struct characters {
    int32_t point[CHARACTERS];
    size_t at[CHARACTERS];
    int count;
};

static void read_characters(struct characters *out, const char *bytes, size_t len, int most)
{
    out->count = 0;
    for (size_t at = 0; at < len && out->count < most;) {
        utf8proc_ssize_t used = utf8proc_iterate((const utf8proc_uint8_t *)bytes + at, (utf8proc_ssize_t)(len - at),
                                                 &out->point[out->count]);
        out->at[out->count++] = at;
        at += used > 0 ? (size_t)used : 1;
    }
}

static bool is_letter(int32_t point)
{
    utf8proc_category_t category = utf8proc_category(point);
    return category <= UTF8PROC_CATEGORY_LO || category == UTF8PROC_CATEGORY_ND;
}

static bool starts_word(const struct characters *text, int at)
{
    if (at == 0)
        return true;
    return is_letter(text->point[at]) && (!is_letter(text->point[at - 1]) || (utf8proc_isupper(text->point[at]) &&
                                                                              utf8proc_islower(text->point[at - 1])));
}

static bool same(int32_t pattern, int32_t text, bool any_case)
{
    return pattern == text || (any_case && utf8proc_tolower(text) == pattern);
}

static int letter_score(const struct characters *text, int at, int32_t letter)
{
    return LETTER + (starts_word(text, at) ? WORD_START : 0) + (at == 0 ? FIRST : 0) +
           (text->point[at] == letter ? SAME_CASE : 0);
}

/* One word of the pattern. Adds to out; false when the text does not have it. */
static bool match_word(struct fuzzy_match *out, const struct characters *word, const struct characters *text)
{
    int16_t(*from)[CHARACTERS] = mem_array(LETTERS, sizeof(*from));
    int best[CHARACTERS], next[CHARACTERS], end = -1;
    bool any_case = true;
    for (int i = 0; i < word->count; i++)
        any_case = any_case && !utf8proc_isupper(word->point[i]);
    for (int i = 0; i < word->count; i++) {
        for (int j = 0; j < text->count; j++) {
            next[j] = NEVER;
            if (!same(word->point[i], text->point[j], any_case))
                continue;
            int score = i == 0 ? 0 : NEVER;
            for (int k = 0; i > 0 && k < j; k++) {
                int gap = (j - k - 1) * GAP;
                int reach = best[k] + (k == j - 1 ? FOLLOWS : -(gap < GAP_MOST ? gap : GAP_MOST));
                if (best[k] != NEVER && reach > score) {
                    score = reach;
                    from[i][j] = (int16_t)k;
                }
            }
            if (score > NEVER / 2)
                next[j] = score + letter_score(text, j, word->point[i]);
        }
        memcpy(best, next, sizeof(best));
    }
    for (int j = 0; j < text->count; j++)
        if (best[j] > NEVER / 2 && (end < 0 || best[j] > best[end]))
            end = j;
    if (end >= 0)
        out->score += best[end];
    for (int i = word->count - 1, j = end; i >= 0 && end >= 0; j = from[i][j], i--)
        if (out->count < FUZZY_MARKS)
            out->at[out->count++] = text->at[j];
    free(from);
    return end >= 0;
}

bool fuzzy_match(struct fuzzy_match *out, const char *pattern, struct text text)
{
    struct fuzzy_match match = {0};
    struct characters word, all;
    read_characters(&all, text.safe, text.len, CHARACTERS);
    while (*pattern) {
        size_t len = strcspn(pattern, " ");
        read_characters(&word, pattern, len, LETTERS);
        if (word.count && !match_word(&match, &word, &all))
            return false;
        pattern += len + strspn(pattern + len, " ");
    }
    /* Of two that match alike the shorter is meant. */
    if (match.count)
        match.score -= all.count / 8;
    *out = match;
    return true;
}
