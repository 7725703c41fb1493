/* A directory of a test's own, under $TMPDIR or /tmp, removed whole afterwards. */
#ifndef SIGNALBOX_TESTS_SCRATCH_H
#define SIGNALBOX_TESTS_SCRATCH_H

/* Ends the process when it cannot be made. Free with scratch_remove(). */
char *scratch_make(void);
void scratch_remove(char *directory);

#endif
