#include "ui/theme.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/memory.h"
#include "ui/colour.h"

/* Made by tools/embed-themes from the files of themes/ when the binary is built. */
struct builtin_theme {
    const char *name, *bytes;
};
extern const struct builtin_theme builtin_themes[];

enum { THEME_LIMIT = 16 * 1024, LINE_WORDS = 8 };

static const char *const basic_names[] = {
    "black",       "red",          "green",      "yellow",       "blue",          "magenta",     "cyan",
    "white",       "bright-black", "bright-red", "bright-green", "bright-yellow", "bright-blue", "bright-magenta",
    "bright-cyan", "bright-white",
};

static const struct {
    const char *name;
    enum attribute attribute;
} attribute_names[] = {
    {"bold", ATTRIBUTE_BOLD},       {"dim", ATTRIBUTE_DIM},       {"underline", ATTRIBUTE_UNDERLINE},
    {"reverse", ATTRIBUTE_REVERSE}, {"italic", ATTRIBUTE_ITALIC},
};

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool parse_rgb(int32_t *out, const char *word)
{
    if (strcmp(word, "default") == 0) {
        *out = COLOUR_DEFAULT;
        return true;
    }
    if (word[0] != '#' || strlen(word) != 7)
        return false;
    int32_t rgb = 0;
    for (int i = 1; i < 7; i++) {
        if (hex_digit(word[i]) < 0)
            return false;
        rgb = rgb << 4 | hex_digit(word[i]);
    }
    *out = rgb;
    return true;
}

static bool parse_basic(int8_t *out, const char *word)
{
    if (strcmp(word, "default") == 0) {
        *out = COLOUR_DEFAULT;
        return true;
    }
    for (size_t i = 0; i < COUNT(basic_names); i++) {
        if (strcmp(word, basic_names[i]) == 0) {
            *out = (int8_t)i;
            return true;
        }
    }
    return false;
}

static bool parse_attribute(uint8_t *attributes, const char *word)
{
    for (size_t i = 0; i < COUNT(attribute_names); i++) {
        if (strcmp(word, attribute_names[i].name) == 0 && !(*attributes & attribute_names[i].attribute)) {
            *attributes |= attribute_names[i].attribute;
            return true;
        }
    }
    return false;
}

/* Where the colour of that name is kept; NULL when there is no such name. */
static struct colour *colour_named(struct theme *theme, const char *name)
{
    for (int i = 0; i < MEANING_COUNT; i++)
        if (strcmp(name, meaning_name(i)) == 0)
            return &theme->meaning[i];
    if (strncmp(name, "ground.", 7) != 0)
        return NULL;
    for (int i = GROUND_KEEP + 1; i < GROUND_COUNT; i++)
        if (strcmp(name + 7, ground_name(i)) == 0)
            return &theme->ground[i];
    return NULL;
}

struct parser {
    struct theme *theme;
    const char *name;
    int line;
    bool kind_seen;
    bool seen[MEANING_COUNT + GROUND_COUNT];
    struct error *err;
};

static int bad(struct parser *p, const char *fmt, ...) PRINTF_LIKE(2, 3);
static int bad(struct parser *p, const char *fmt, ...)
{
    char why[512];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(why, sizeof(why), fmt, ap);
    va_end(ap);
    error_set(p->err, ERROR_INVALID, "Cannot read the theme %s", p->name);
    return p->line ? error_why(p->err, "%s:%d: %s", p->name, p->line, why)
                   : error_why(p->err, "%s: %s", p->name, why);
}

static bool *seen_flag(struct parser *p, const struct colour *colour)
{
    bool meaning = colour >= p->theme->meaning && colour < p->theme->meaning + MEANING_COUNT;
    return &p->seen[meaning ? colour - p->theme->meaning : MEANING_COUNT + (colour - p->theme->ground)];
}

static int parse_colour(struct parser *p, const char *name, char **words, int count)
{
    struct colour *colour = colour_named(p->theme, name);
    if (!colour)
        return bad(p, "\"%s\" is neither a meaning nor a ground", name);
    bool *seen = seen_flag(p, colour);
    if (*seen)
        return bad(p, "\"%s\" is given twice", name);
    *seen = true;
    struct colour parsed = {.basic = COLOUR16_NEAREST};
    if (!parse_rgb(&parsed.rgb, words[0]))
        return bad(p, "\"%s\" is no colour; write #rrggbb or default", words[0]);
    int next = 1;
    if (next < count && parse_basic(&parsed.basic, words[next]))
        next++;
    for (; next < count; next++)
        if (!parse_attribute(&parsed.attributes, words[next]))
            return bad(p, "\"%s\" is neither one of the 16 colours nor an attribute not given yet", words[next]);
    *colour = parsed;
    return 0;
}

static int parse_kind(struct parser *p, char **words, int count)
{
    if (p->kind_seen)
        return bad(p, "\"kind\" is given twice");
    if (count != 1 || (strcmp(words[0], "dark") != 0 && strcmp(words[0], "light") != 0))
        return bad(p, "kind is dark or light");
    p->kind_seen = true;
    p->theme->light = strcmp(words[0], "light") == 0;
    return 0;
}

static int parse_line(struct parser *p, char *line)
{
    char *words[LINE_WORDS], *saved = NULL;
    int count = 0;
    if (line[strspn(line, " \t")] == '#')
        return 0;
    for (char *word = strtok_r(line, " \t", &saved); word; word = strtok_r(NULL, " \t", &saved)) {
        if (count == LINE_WORDS)
            return bad(p, "more words than a line can have");
        words[count++] = word;
    }
    if (count == 0)
        return 0;
    if (count < 3 || strcmp(words[1], "=") != 0)
        return bad(p, "a line is NAME = COLOUR [COLOUR16] [ATTRIBUTE…]");
    if (strcmp(words[0], "kind") == 0)
        return parse_kind(p, words + 2, count - 2);
    return parse_colour(p, words[0], words + 2, count - 2);
}

static int check_complete(struct parser *p)
{
    p->line = 0;
    if (!p->kind_seen)
        return bad(p, "the line \"kind = dark\" or \"kind = light\" is missing");
    for (int i = 0; i < MEANING_COUNT; i++)
        if (!p->seen[i])
            return bad(p, "\"%s\" is missing", meaning_name(i));
    for (int i = GROUND_KEEP + 1; i < GROUND_COUNT; i++)
        if (!p->seen[MEANING_COUNT + i])
            return bad(p, "\"ground.%s\" is missing", ground_name(i));
    return 0;
}

static int parse_lines(struct parser *p, char *bytes)
{
    for (char *line = bytes; line;) {
        char *next = strchr(line, '\n');
        if (next)
            *next++ = 0;
        p->line++;
        size_t len = strlen(line);
        if (len && line[len - 1] == '\r')
            line[len - 1] = 0;
        if (parse_line(p, line) < 0)
            return -1;
        line = next;
    }
    return check_complete(p);
}

int theme_parse(struct theme *out, const char *name, const char *bytes, size_t len, struct error *err)
{
    struct theme theme = {0};
    struct parser p = {.theme = &theme, .name = name, .err = err};
    if (len > THEME_LIMIT)
        return bad(&p, "it is larger than %d KiB", THEME_LIMIT / 1024);
    if (len && memchr(bytes, 0, len))
        return bad(&p, "it holds a NUL byte, so it is no text");
    CLEANUP(free_string) char *copy = mem_bytes(bytes, len);
    if (parse_lines(&p, copy) < 0)
        return -1;
    snprintf(theme.name, sizeof(theme.name), "%s", name);
    *out = theme;
    return 0;
}

const char *theme_name(size_t index)
{
    size_t i = 0;
    while (i < index && builtin_themes[i].name)
        i++;
    return builtin_themes[i].name;
}

static int load_file(struct theme *out, const char *path, struct error *err)
{
    CLEANUP(buf_clear) struct buf bytes = {0};
    if (file_read(&bytes, path, THEME_LIMIT, err) < 0)
        return error_wrap(err, "Cannot read the theme %s", path);
    return theme_parse(out, path, buf_string(&bytes), bytes.len, err);
}

static int not_found(const char *name, struct error *err)
{
    CLEANUP(buf_clear) struct buf names = {0};
    for (size_t i = 0; builtin_themes[i].name; i++)
        buf_addf(&names, "%s%s", i ? ", " : "", builtin_themes[i].name);
    error_set(err, ERROR_NOT_FOUND, "There is no theme \"%s\"", name);
    error_why(err, "The themes are %s", buf_string(&names));
    return error_todo(err, "Set ui.theme to one of them, to auto, or to the path of a file (with a / in it)");
}

int theme_load(struct theme *out, const char *configured, bool light_background, struct error *err)
{
    if (strchr(configured, '/'))
        return load_file(out, configured, err);
    const char *name = configured;
    if (strcmp(name, "auto") == 0)
        name = light_background ? "light" : "dark";
    for (size_t i = 0; builtin_themes[i].name; i++)
        if (strcmp(name, builtin_themes[i].name) == 0)
            return theme_parse(out, name, builtin_themes[i].bytes, strlen(builtin_themes[i].bytes), err);
    return not_found(name, err);
}

bool theme_light_background(const char *colorfgbg)
{
    const char *last = colorfgbg ? strrchr(colorfgbg, ';') : NULL;
    if (!last)
        return false;
    return strcmp(last + 1, "7") == 0 || (strcmp(last + 1, "15") == 0);
}

enum depth theme_depth(const char *configured, int colours, const char *no_color, const char *colorterm)
{
    enum depth most = colours >= 256 ? DEPTH_TRUE : colours >= 8 ? DEPTH_16 : DEPTH_NONE;
    enum depth wish;
    if (strcmp(configured, "none") == 0)
        wish = DEPTH_NONE;
    else if (strcmp(configured, "16") == 0)
        wish = DEPTH_16;
    else if (strcmp(configured, "256") == 0)
        wish = DEPTH_256;
    else if (strcmp(configured, "true") == 0)
        wish = DEPTH_TRUE;
    else if (no_color && *no_color)
        wish = DEPTH_NONE;
    else if (colours > 256 || (colorterm && (strcmp(colorterm, "truecolor") == 0 || strcmp(colorterm, "24bit") == 0)))
        wish = DEPTH_TRUE;
    else
        wish = DEPTH_256;
    return wish < most ? wish : most;
}

static int32_t at_depth(struct colour colour, enum depth depth)
{
    if (depth == DEPTH_NONE)
        return COLOUR_DEFAULT;
    if (depth == DEPTH_16 && colour.basic != COLOUR16_NEAREST)
        return colour.basic;
    if (colour.rgb == COLOUR_DEFAULT || depth == DEPTH_TRUE)
        return colour.rgb;
    return depth == DEPTH_256 ? colour_to_256(colour.rgb) : colour_to_16(colour.rgb);
}

/* What stands for a ground where grounds have no colour. */
static uint8_t poor_ground(enum ground ground)
{
    switch (ground) {
    case GROUND_SELECTED:
    case GROUND_ALARM:
        return ATTRIBUTE_REVERSE;
    case GROUND_FIELD:
        return ATTRIBUTE_UNDERLINE;
    default:
        return 0;
    }
}

struct look theme_look(const struct theme *theme, enum depth depth, struct style style)
{
    const struct colour *meaning = &theme->meaning[style.meaning];
    const struct colour *ground = &theme->ground[style.ground == GROUND_KEEP ? GROUND_SCREEN : style.ground];
    struct look look = {
        .fore = at_depth(*meaning, depth),
        .back = depth >= DEPTH_256 ? at_depth(*ground, depth) : COLOUR_DEFAULT,
        .attributes = meaning->attributes | ground->attributes | style.attributes,
    };
    if (depth < DEPTH_256)
        look.attributes |= poor_ground(style.ground);
    else if (meaning->rgb != COLOUR_DEFAULT && !(style.attributes & ATTRIBUTE_DIM))
        look.attributes &= (uint8_t)~ATTRIBUTE_DIM; /* it would darken a colour chosen for its contrast */
    if ((look.attributes & ATTRIBUTE_REVERSE) && look.back == COLOUR_DEFAULT) {
        /* A reversed row of many colours would be a patchwork; dim on it could not be read. */
        look.fore = COLOUR_DEFAULT;
        look.attributes &= (uint8_t)~ATTRIBUTE_DIM;
    }
    return look;
}
