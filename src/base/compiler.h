/* Compiler attributes under one name each, so that no other file spells them out. */
#ifndef SIGNALBOX_BASE_COMPILER_H
#define SIGNALBOX_BASE_COMPILER_H

/* The arguments are checked as printf's: the format is parameter `fmt`, the first value `first` (0: a va_list). */
#define PRINTF_LIKE(fmt, first) __attribute__((format(printf, fmt, first)))

/* The result must be looked at. */
#define MUST_CHECK __attribute__((warn_unused_result))

/* Variable whose release function runs when it leaves scope: CLEANUP(buf_clear) struct buf b = {0}; */
#define CLEANUP(fn) __attribute__((cleanup(fn)))

#define UNUSED __attribute__((unused))

/* Number of elements of a true array. */
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#endif
