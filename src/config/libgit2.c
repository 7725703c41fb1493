#include "config/libgit2.h"

#include <git2.h>
#include <pthread.h>

static void begin(void)
{
    git_libgit2_init();
    /* Nothing is read twice within one job, so a cache of objects would only hold memory. */
    git_libgit2_opts(GIT_OPT_ENABLE_CACHING, 0);
}

void libgit2_begin(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, begin);
}
