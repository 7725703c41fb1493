/*
 * What a release would be: the plan, its steps in words and what stands in its way. Asked anew whenever a person chooses
 * something else. First without the network, so that there is something at once; then with it, and only that one may be
 * begun, unless the person says to go on without the remote's answer.
 */
#ifndef SIGNALBOX_UI_MODEL_PROPOSAL_MODEL_H
#define SIGNALBOX_UI_MODEL_PROPOSAL_MODEL_H

#include "release/release.h"
#include "ui/model/load.h"

struct proposal_model {
    struct work *work;
    struct load load;   /* without the network */
    struct load remote; /* with it */
    uint64_t asked;     /* counts the questions; answers to older ones are dropped */
    bool has;
    struct release_proposal proposal;
    struct release_steps steps; /* of proposal.plan */
    bool online;                /* the remote was asked for what is in `proposal` */

    /* The present question. Owned. */
    char *wanted, *from, *section;
    enum release_entries entries;
};

/* Asks. NULL for `wanted`: what is suggested; for `section`: not edited. Strings are copied. */
void proposal_ask(struct proposal_model *model, const char *wanted, const char *from, const char *section,
                  enum release_entries entries);

/* The same question again, with the remote's answer. */
void proposal_ask_remote(struct proposal_model *model);

/* May what is shown be begun now? `offline`: also without the remote's answer. */
bool proposal_ready(const struct proposal_model *model, bool offline);

/* Gives up what is under way and forgets everything. */
void proposal_forget(struct proposal_model *model);

#endif
