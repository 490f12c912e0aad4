/* cancel.c - tokens. The state changes once, from PAR_OK to the first reason to stop, so whoever
 * reads another value needs no further look. Release and acquire carry what the requester wrote. */
#include <par/cancel.h>

#include <stdbool.h>

#include "misuse.h"

void par_cancel_init(par_cancel_t *token, par_cancel_t *parent, int64_t deadline_ns)
{
    PAR__MISUSE(token != NULL, "token is NULL; pass the address of a par_cancel_t");
    PAR__MISUSE(parent != token, "parent is the token itself; pass another token or NULL");
    token->deadline_ns = deadline_ns;
    token->parent = parent;
    __atomic_store_n(&token->state, PAR_OK, __ATOMIC_RELEASE);
}

/* Gives a reason to stop; the one that counts is the first. */
static par_status_t settle(par_cancel_t *token, par_status_t reason)
{
    int state = PAR_OK;
    bool is_first = __atomic_compare_exchange_n(&token->state, &state, (int)reason, 0,
                                                __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
    return is_first ? reason : (par_status_t)state;
}

void par_cancel_request(par_cancel_t *token)
{
    PAR__MISUSE(token != NULL, "token is NULL; pass the token of the work that shall stop");
    settle(token, PAR_ECANCELED);
}

par_status_t par_cancel_status_slow(par_cancel_t *token)
{
    par_status_t reason = token->parent != NULL ? par_cancel_status(token->parent) : PAR_OK;
    if (reason == PAR_OK && token->deadline_ns != 0 && par_clock_ns() >= token->deadline_ns)
        reason = PAR_ETIMEDOUT;
    return reason == PAR_OK ? PAR_OK : settle(token, reason);
}
