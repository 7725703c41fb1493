/*
 * Time. An instant is milliseconds since 1970 in UTC (int64_t, named _ms); it is shown with its zone. Durations and
 * deadlines count milliseconds of CLOCK_BOOTTIME, which goes on while the machine sleeps and never jumps.
 */
#ifndef SIGNALBOX_BASE_CLOCK_H
#define SIGNALBOX_BASE_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

/*
 * Now, UTC. SOURCE_DATE_EPOCH (seconds) in the environment fixes it, as reproducible builds do, so that a release made
 * twice is the same release.
 */
int64_t clock_now_ms(void);

/* Milliseconds since boot, sleep included; for leases, deadlines and ages. */
int64_t clock_boot_ms(void);

/* "2026-11-22T14:07:09Z", or with milliseconds; and "2026-11-22". size >= 32. */
struct text clock_iso(char *out, size_t size, int64_t at_ms);
struct text clock_date(char *out, size_t size, int64_t at_ms);

/* Local time of day with its zone for the frame: "14:07 CEST". */
struct text clock_wall(char *out, size_t size, int64_t at_ms);

/* Short age, right for a column of five: "now", "12 s", "3 min", "2 h", "6 d", "3 w", "14 mo", "4 y"; "in 5 min" ahead. */
struct text clock_age(char *out, size_t size, int64_t then_ms, int64_t now_ms);

/* Short duration: "0.4 s", "12 s", "3m12s", "2h05m". */
struct text clock_duration(char *out, size_t size, int64_t duration_ms);

/* Reads what clock_iso wrote (milliseconds optional). False when it is not that. */
bool clock_parse_iso(int64_t *out_ms, const char *string);

#endif
