/* libgit2, started once for the whole program: each start reads the certificates of the machine, which takes 4 ms. */
#ifndef SIGNALBOX_CONFIG_LIBGIT2_H
#define SIGNALBOX_CONFIG_LIBGIT2_H

/* To be called before libgit2 is used, from any thread and as often as one likes. It is never shut down. */
void libgit2_begin(void);

#endif
