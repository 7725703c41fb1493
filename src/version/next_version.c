#include "version/next_version.h"

#include <string.h>

void change_counts_of(struct change_counts *out, const struct change *changes, size_t count)
{
    *out = (struct change_counts){0};
    for (size_t i = 0; i < count; i++) {
        if (changes[i].taken_back)
            out->taken_back++;
        else if (changes[i].level == LEVEL_MAJOR)
            out->breaking++;
        else if (changes[i].level == LEVEL_MINOR)
            out->features++;
        else if (changes[i].level == LEVEL_PATCH && changes[i].category == CATEGORY_FIXED)
            out->fixes++;
        else if (changes[i].level == LEVEL_PATCH)
            out->others++;
        else if (conventional_is_untold(&changes[i].commit))
            out->untold++;
        else
            out->irrelevant++;
    }
}

static enum change_level level_of(const struct change_counts *counts)
{
    if (counts->breaking)
        return LEVEL_MAJOR;
    if (counts->features)
        return LEVEL_MINOR;
    /* Code that nobody described is code all the same: at least a patch. */
    return counts->fixes || counts->others || counts->untold ? LEVEL_PATCH : LEVEL_NONE;
}

/* "2 feat, 4 fix, nothing breaking" */
static void add_counts(struct text_buf *why, const struct change_counts *counts)
{
    const char *comma = "";
    if (!counts->breaking && !counts->features && !counts->fixes && !counts->others) {
        text_addf(why, "%zu commit%s not say what %s; choose more if they bring more", counts->untold,
                  counts->untold == 1 ? " that does" : "s that do", counts->untold == 1 ? "it is" : "they are");
        return;
    }
    if (counts->breaking) {
        text_addf(why, "%zu breaking", counts->breaking);
        comma = ", ";
    }
    if (counts->features) {
        text_addf(why, "%s%zu feat", comma, counts->features);
        comma = ", ";
    }
    if (counts->fixes) {
        text_addf(why, "%s%zu fix", comma, counts->fixes);
        comma = ", ";
    }
    if (counts->others + counts->untold)
        text_addf(why, "%s%zu other", comma, counts->others + counts->untold);
    if (!counts->breaking)
        text_adds(why, ", nothing breaking");
}

static enum semver_bump bump_of(enum change_level level)
{
    return level == LEVEL_MAJOR ? SEMVER_MAJOR : level == LEVEL_MINOR ? SEMVER_MINOR : SEMVER_PATCH;
}

static bool same_number(const struct semver *a, const struct semver *b, int parts)
{
    size_t a_len = parts == 1 ? a->minor_at : a->patch_at, b_len = parts == 1 ? b->minor_at : b->patch_at;
    return a_len == b_len && memcmp(a->text, b->text, a_len) == 0;
}

static bool is_among(const struct semver *v, const struct semver *versions, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (semver_compare(&versions[i], v) == 0)
            return true;
    return false;
}

static bool number_taken(const struct next_input *input, const struct semver *v)
{
    return is_among(v, input->existing, input->existing_count) || is_among(v, input->burned, input->burned_count);
}

/*
 * A new minor or major is also taken by any release of its line: a branch cut from before that line has not got what those
 * releases promise, so its own release must not sort among or after them.
 */
static bool line_taken(const struct next_input *input, const struct semver *v, enum change_level level)
{
    for (size_t i = 0; level > LEVEL_PATCH && i < input->existing_count; i++)
        if (!semver_is_prerelease(&input->existing[i]) &&
            same_number(&input->existing[i], v, level == LEVEL_MAJOR ? 1 : 2))
            return true;
    return false;
}

/* Appends the first free version of exactly this level; false when its line is taken. */
static bool try_level(struct buf *out, bool *passed_over, const struct next_input *input, enum change_level level)
{
    CLEANUP(buf_clear) struct buf text = {0}, next = {0};
    struct error ignored;
    struct semver v;
    if (semver_bump(&text, input->base, bump_of(level), NULL, SEMVER_FROM_0, &ignored) ||
        !semver_parse(&v, text.bytes, text.len) || line_taken(input, &v, level))
        return false;
    /* 1.3.0-rc.1 to 1.3.0: the line's own prerelease becomes its release, whatever the level. */
    while (number_taken(input, &v)) {
        *passed_over = true;
        if (semver_bump(&next, &v, SEMVER_PATCH, NULL, SEMVER_FROM_0, &ignored))
            return false;
        buf_clear(&text);
        text = next;
        next = (struct buf){0};
        if (!semver_parse(&v, text.bytes, text.len))
            return false;
    }
    buf_add(out, text.bytes, text.len);
    return true;
}

static void choose(struct next_version *out, const struct next_input *input, enum change_level wanted)
{
    bool passed_over = false;
    out->level = wanted;
    while (!try_level(&out->version, &passed_over, input, out->level) && out->level > LEVEL_PATCH)
        out->level--;
    out->cramped = passed_over || out->level != wanted;
    if (out->level != wanted)
        text_addf(
            &out->why, "; the %s line after %.*s exists already, so this stays a %s: look whether that is right",
            change_level_name(wanted), (int)input->base->core_len, input->base->text, change_level_name(out->level));
    else if (passed_over)
        text_adds(&out->why, "; versions that are taken were passed over");
}

static int first_version(struct next_version *out, const struct next_input *input, struct error *err)
{
    struct semver initial;
    if (semver_read(&initial, input->initial, strlen(input->initial), err))
        return error_wrap(err, "Cannot propose the first version");
    struct next_input from_initial = *input;
    from_initial.base = &initial;
    text_adds(&out->why, "the first version: nothing is released yet");
    if (!number_taken(input, &initial)) {
        buf_adds(&out->version, input->initial);
        out->level = out->asked;
        return 0;
    }
    choose(out, &from_initial, LEVEL_PATCH);
    out->cramped = true;
    return 0;
}

int next_version_bump(struct next_version *out, const struct next_input *input, enum change_level level,
                      struct error *err)
{
    *out = (struct next_version){.asked = level};
    if (level == LEVEL_NONE)
        return error_set(err, ERROR_INVALID, "A bump is major, minor or patch");
    if (!input->base)
        return first_version(out, input, err);
    text_addf(&out->why, "%s, as asked", change_level_name(level));
    choose(out, input, level);
    return 0;
}

int next_version(struct next_version *out, const struct next_input *input, struct error *err)
{
    const struct change_counts *counts = &input->counts;
    *out = (struct next_version){.asked = level_of(counts)};
    if (out->asked == LEVEL_NONE) {
        size_t all = counts->irrelevant + counts->taken_back;
        if (!all)
            text_adds(&out->why, "no commits");
        else
            text_addf(&out->why, "%zu commit%s, none of them feat, fix or breaking", all, all == 1 ? "" : "s");
        return 0;
    }
    if (!input->base)
        return first_version(out, input, err);
    enum change_level wanted = out->asked;
    bool lowered = input->zero_minor && semver_is_zero_major(input->base) && wanted > LEVEL_PATCH;
    if (lowered)
        wanted--;
    text_addf(&out->why, "%s: ", change_level_name(wanted));
    add_counts(&out->why, counts);
    if (lowered)
        text_addf(&out->why, "; below 1.0.0 a %s counts as %s", counts->breaking ? "breaking change" : "feature",
                  change_level_name(wanted));
    choose(out, input, wanted);
    return 0;
}

void next_version_clear(struct next_version *next)
{
    buf_clear(&next->version);
    text_buf_clear(&next->why);
    *next = (struct next_version){0};
}

bool next_version_says(const struct next_version *next, const struct change *change)
{
    return next->asked != LEVEL_NONE && !change->taken_back && change->level == next->asked;
}
