#include "version/changelog_links.h"

#include <string.h>

#include "base/compiler.h"

/* "https://host/o/r/compare/" "v1.2.0" "..." "HEAD" */
struct compare {
    struct span base, left, dots, right;
};

static bool split(struct compare *out, struct span url)
{
    static const char words[] = "/compare/";
    const char *at = url.len ? memmem(url.bytes, url.len, words, strlen(words)) : NULL;
    if (!at)
        return false;
    size_t start = (size_t)(at - url.bytes) + strlen(words);
    struct span rest = span_from(url, start);
    const char *dots = memmem(rest.bytes, rest.len, "..", 2);
    if (!dots || dots == rest.bytes)
        return false;
    size_t left = (size_t)(dots - rest.bytes), n = left + 2 < rest.len && dots[2] == '.' ? 3 : 2;
    *out = (struct compare){{url.bytes, start}, {rest.bytes, left}, {dots, n}, span_from(rest, left + n)};
    return out->right.len > 0;
}

static void add(struct buf *out, struct span span)
{
    if (span.len)
        buf_add(out, span.bytes, span.len);
}

/* The new tag: as given, else written like `like`, a tag that ends in a version. */
static void add_tag(struct buf *out, const struct changelog_cut *cut, struct span like)
{
    if (cut->tag) {
        buf_adds(out, cut->tag);
        return;
    }
    size_t prefix = 0;
    while (prefix < like.len && (like.bytes[prefix] < '0' || like.bytes[prefix] > '9'))
        prefix++;
    buf_add(out, like.bytes, prefix == like.len ? 0 : prefix);
    buf_adds(out, cut->version);
}

static const struct changelog_reference *find_reference(const struct changelog *log, struct span label)
{
    for (size_t i = 0; label.len && i < log->reference_count; i++)
        if (span_same_case(changelog_span(log, log->references[i].label), label))
            return &log->references[i];
    return NULL;
}

/* "[v1.3.0]: " with a v when the model's label has one. */
static void add_label(struct buf *out, const struct patch *patch, const struct changelog_cut *cut)
{
    const struct changelog_section *m = patch->style.model;
    buf_addc(out, '[');
    if (m && m->bracketed)
        add(out, changelog_span(patch->log, (struct range){m->label.start, m->version.start}));
    buf_addf(out, "%s]: ", cut->version);
}

static void after_unreleased(struct patch *patch, const struct changelog_cut *cut,
                             const struct changelog_reference *ref, const struct compare *url)
{
    const struct changelog *log = patch->log;
    size_t left = (size_t)(url->left.bytes - log->bytes);
    add_tag(patch_at(patch, left, left + url->left.len), cut, url->left);
    struct buf *text = patch_at(patch, ref->range.end, ref->range.end);
    add_label(text, patch, cut);
    add(text, url->base);
    if (cut->previous)
        buf_adds(text, cut->previous);
    else
        add(text, url->left);
    add(text, url->dots);
    add_tag(text, cut, url->left);
    buf_adds(text, patch->style.eol);
}

/* Above the reference of the last release, written like it: a comparison or a release's page. */
static void before_latest(struct patch *patch, const struct changelog_cut *cut, const struct changelog_reference *ref)
{
    struct span url = changelog_span(patch->log, ref->url),
                version = changelog_span(patch->log, patch->style.model->version);
    struct compare compare;
    struct buf line = {0};
    add_label(&line, patch, cut);
    if (split(&compare, url)) {
        add(&line, compare.base);
        if (cut->previous)
            buf_adds(&line, cut->previous);
        else
            add(&line, compare.right);
        add(&line, compare.dots);
        add_tag(&line, cut, compare.right);
    } else {
        /* The page of a tag: what stands before the last slash, then the tag. */
        const char *slash = memrchr(url.bytes, '/', url.len);
        if (!slash || !memmem(slash, (size_t)(url.bytes + url.len - slash), version.bytes, version.len)) {
            buf_clear(&line);
            return;
        }
        size_t at = (size_t)(slash - url.bytes) + 1;
        buf_add(&line, url.bytes, at);
        add_tag(&line, cut, span_from(url, at));
    }
    buf_adds(&line, patch->style.eol);
    *patch_at(patch, ref->range.start, ref->range.start) = line;
}

static void first_links(struct patch *patch, const struct changelog_cut *cut)
{
    const struct changelog *log = patch->log;
    const struct changelog_section *u = changelog_unreleased(log);
    struct span tag = {"v0", 2};
    size_t at = log->len;
    struct buf *text = patch_at(patch, at, at);
    /* A blank line before them, unless the file ends in one or in references. */
    bool blank = log->len >= 2 && log->bytes[log->len - 1] == '\n' &&
                 (log->bytes[log->len - 2] == '\n' || (log->len >= 3 && log->bytes[log->len - 3] == '\n'));
    if (!blank && (!log->reference_count || log->references[log->reference_count - 1].range.end != log->len))
        buf_adds(text, patch->style.eol);
    if (u && u->bracketed) {
        buf_addf(text, "[%.*s]: %s/compare/", (int)(u->label.end - u->label.start), log->bytes + u->label.start,
                 cut->base_url);
        add_tag(text, cut, tag);
        buf_addf(text, "...HEAD%s", patch->style.eol);
    }
    add_label(text, patch, cut);
    if (cut->previous)
        buf_addf(text, "%s/compare/%s...", cut->base_url, cut->previous);
    else
        buf_addf(text, "%s/releases/tag/", cut->base_url);
    add_tag(text, cut, tag);
    buf_adds(text, patch->style.eol);
}

void changelog_links_cut(struct patch *patch, const struct changelog_cut *cut)
{
    const struct changelog *log = patch->log;
    const struct changelog_section *m = patch->style.model, *u = changelog_unreleased(log);
    const struct changelog_reference *ref = find_reference(log, (struct span){"unreleased", strlen("unreleased")});
    struct compare url;
    bool bracketed = m ? m->bracketed && !m->linked : !u || u->bracketed;
    if (find_reference(log, (struct span){cut->version, strlen(cut->version)}))
        return;
    if (!ref && u && u->bracketed)
        ref = find_reference(log, changelog_span(log, u->label));
    if (ref && split(&url, changelog_span(log, ref->url))) {
        after_unreleased(patch, cut, ref, &url);
        return;
    }
    if (!bracketed)
        return;
    if (m && (ref = find_reference(log, changelog_span(log, m->label))))
        before_latest(patch, cut, ref);
    else if (!m && cut->base_url && !ref)
        first_links(patch, cut);
}

void changelog_links_heading(struct buf *out, const struct patch *patch, const struct changelog_cut *cut)
{
    const struct changelog_section *m = patch->style.model;
    struct compare url;
    if (!m || !m->linked)
        return;
    size_t start = m->label.end + 2;
    const char *close = memchr(patch->log->bytes + start, ')', m->heading.end - start);
    if (!close || !split(&url, (struct span){patch->log->bytes + start, (size_t)(close - patch->log->bytes) - start}))
        return;
    add(out, url.base);
    if (cut->previous)
        buf_adds(out, cut->previous);
    else
        add(out, url.right);
    add(out, url.dots);
    add_tag(out, cut, url.right);
}
