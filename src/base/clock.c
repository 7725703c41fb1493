#include "base/clock.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static int64_t read_clock(clockid_t id)
{
    struct timespec ts;
    clock_gettime(id, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int64_t clock_now_ms(void)
{
    const char *fixed = getenv("SOURCE_DATE_EPOCH");
    if (fixed && *fixed) {
        char *end;
        errno = 0;
        long long seconds = strtoll(fixed, &end, 10);
        if (!errno && !*end && seconds >= 0 && seconds <= INT64_MAX / 1000)
            return (int64_t)seconds * 1000;
    }
    return read_clock(CLOCK_REALTIME);
}

int64_t clock_boot_ms(void)
{
    return read_clock(CLOCK_BOOTTIME);
}

static struct tm utc(int64_t at_ms, int *ms)
{
    int64_t seconds = at_ms / 1000, rest = at_ms % 1000;
    if (rest < 0) {
        rest += 1000;
        seconds--;
    }
    *ms = (int)rest;
    time_t t = (time_t)seconds;
    struct tm tm;
    if (!gmtime_r(&t, &tm))
        memset(&tm, 0, sizeof(tm));
    return tm;
}

struct text clock_iso(char *out, size_t size, int64_t at_ms)
{
    int ms;
    struct tm tm = utc(at_ms, &ms);
    char date[64], fraction[8] = "";
    strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S", &tm);
    if (ms)
        snprintf(fraction, sizeof(fraction), ".%03d", ms);
    return text_fmt(out, size, "%s%sZ", date, fraction);
}

struct text clock_date(char *out, size_t size, int64_t at_ms)
{
    int ms;
    struct tm tm = utc(at_ms, &ms);
    char date[64];
    strftime(date, sizeof(date), "%Y-%m-%d", &tm);
    return text_fmt(out, size, "%s", date);
}

struct text clock_wall(char *out, size_t size, int64_t at_ms)
{
    time_t t = (time_t)(at_ms / 1000);
    struct tm tm;
    char wall[64] = "";
    if (localtime_r(&t, &tm))
        strftime(wall, sizeof(wall), "%H:%M %Z", &tm);
    return text_fmt(out, size, "%s", wall);
}

struct text clock_age(char *out, size_t size, int64_t then_ms, int64_t now_ms)
{
    static const struct {
        int64_t below_s, unit_s;
        const char *unit;
    } steps[] = {
        {60, 1, "s"},
        {3600, 60, "min"},
        {86400, 3600, "h"},
        {14 * 86400, 86400, "d"},
        {70 * 86400, 604800, "w"},
        {730 * 86400, 2629800, "mo"},
        {INT64_MAX, 31557600, "y"},
    };
    int64_t apart;
    if (__builtin_sub_overflow(now_ms, then_ms, &apart))
        apart = now_ms < then_ms ? INT64_MIN : INT64_MAX;
    int64_t seconds = apart / 1000;
    const char *ahead = seconds < 0 ? "in " : "";
    seconds = seconds < 0 ? -seconds : seconds;
    if (seconds == 0)
        return text_fmt(out, size, "now");
    size_t i = 0;
    while (seconds >= steps[i].below_s)
        i++;
    return text_fmt(out, size, "%s%lld %s", ahead, (long long)(seconds / steps[i].unit_s), steps[i].unit);
}

struct text clock_duration(char *out, size_t size, int64_t duration_ms)
{
    if (duration_ms < 0)
        duration_ms = 0;
    long long s = (long long)(duration_ms / 1000);
    if (duration_ms < 10000)
        return text_fmt(out, size, "%lld.%lld s", s, (long long)(duration_ms % 1000 / 100));
    if (s < 60)
        return text_fmt(out, size, "%lld s", s);
    if (s < 3600)
        return text_fmt(out, size, "%lldm%02llds", s / 60, s % 60);
    return text_fmt(out, size, "%lldh%02lldm", s / 3600, s / 60 % 60);
}

bool clock_parse_iso(int64_t *out_ms, const char *string)
{
    struct tm tm = {0};
    const char *rest = strptime(string, "%Y-%m-%dT%H:%M:%S", &tm);
    if (!rest)
        return false;
    int ms = 0;
    if (*rest == '.') {
        if (strspn(rest + 1, "0123456789") != 3)
            return false;
        ms = (rest[1] - '0') * 100 + (rest[2] - '0') * 10 + (rest[3] - '0');
        rest += 4;
    }
    if (strcmp(rest, "Z") != 0)
        return false;
    int64_t at_ms = (int64_t)timegm(&tm) * 1000;
    /* strptime is generous (spaces, one digit, the 31st of June); what we wrote comes out the same again. */
    char again[32];
    clock_iso(again, sizeof(again), at_ms);
    if (strncmp(again, string, strlen("2026-11-22T14:07:09")) != 0)
        return false;
    *out_ms = at_ms + ms;
    return true;
}
