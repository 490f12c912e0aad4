/* options.c - reads options of this and of other versions. */
#include <stddef.h>
#include <string.h>

#include "bridge.h"
#include "misuse.h"

/* An older or newer program's struct is shorter or longer: read what both know. */
enum { FIRST_SIZE = offsetof(par_options_t, cancel) };

/* All calls read their options here: what they were given is what the user knows by name. */
#define CHECK(cond, sentence) PAR__MISUSE_OF("par_options_t", cond, sentence)

static bool schedule_is_known(par_schedule_t schedule)
{
    return schedule == PAR_SCHEDULE_AUTO || schedule == PAR_SCHEDULE_STATIC ||
           schedule == PAR_SCHEDULE_AFFINITY;
}

par_options_t par__options_read_stoppable(const par_options_t *given)
{
    par_options_t options = PAR_OPTIONS_INIT;
    if (given == NULL) return options;

    CHECK(given->struct_size >= FIRST_SIZE,
          "options->struct_size is too small; start from par_options_t o = PAR_OPTIONS_INIT");
    if (given->struct_size < FIRST_SIZE) return options;
    size_t bytes = given->struct_size < sizeof options ? given->struct_size : sizeof options;
    memcpy(&options, given, bytes);
    options.struct_size = sizeof options;

    CHECK(schedule_is_known(options.schedule),
          "options->schedule is unknown; use PAR_SCHEDULE_AUTO, _STATIC or _AFFINITY");
    if (!schedule_is_known(options.schedule)) options.schedule = PAR_SCHEDULE_AUTO;
    CHECK(options.item_ns >= 0, "options->item_ns must be at least 0; 0 means unknown");
    if (!(options.item_ns >= 0)) options.item_ns = 0;
    return options;
}

par_options_t par__options_read(const par_options_t *given)
{
    par_options_t options = par__options_read_stoppable(given);
    CHECK(options.cancel == NULL, "options->cancel is set, but this call cannot tell that it "
                                  "has stopped; use par_try_for, _range or par_try_reduce");
    options.cancel = NULL;
    return options;
}
