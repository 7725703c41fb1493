/*
 * What a release does, step by step: pure. From the frozen plan and what the journal says, the next effect.
 *
 *   direct         file:PATH …  commit  [gates]  tag  push (branch and tag in one)
 *   pull request   candidate  attach  file:PATH …  commit  return  restore  push-candidate  [gates]  merge (waits)
 *                  tidy  tag  push (the tag)
 *   tag only       [gates]  tag  push (the tag)
 *
 * [gates]: building and the checklist take their place there, after the commit they bind to exists and before anything
 * is called a version. Without files to write there is no commit. Without pushing it ends after the tag.
 *
 * In pull-request mode HEAD names the candidate branch while the commit is made, so that hooks which guard the main
 * branch are content and run where they always run; both branches name the same commit at that moment, so that no file
 * changes by it. Before the network is touched HEAD and files are back where they were.
 */
#ifndef SIGNALBOX_RELEASE_RELEASE_STEPS_H
#define SIGNALBOX_RELEASE_RELEASE_STEPS_H

#include "release/plan.h"
#include "run/run.h"

/* The kind, of which plan is a struct release_plan and world a struct release_world (release_act.h). */
extern const struct run_kind release_kind;

/* `context` is the plan. */
void release_decide(struct decision *out, const void *context, const struct run_progress *progress, int64_t now_ms);

/* A short name for the step view: "changelog" is for people, "file:CHANGELOG.md" for the journal. Static or the path. */
const char *release_step_title(const struct effect *effect);

#endif
