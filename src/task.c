/* task.c - the slow paths of typed tasks. */
#include <par/task.h>

#include <stdio.h>
#include <stdlib.h>

#include "pool.h"

PAR__NEAR par_worker_t *par_task_enter(void)
{
    par__worker_t *worker = par__worker_enter();
    if (worker == NULL) return par__worker_serial();
    worker->calls++;
    return &worker->forks.view;
}

PAR__NEAR void par_task_leave(par_worker_t *view)
{
    if (view != par__worker_serial()) par__worker_leave((par__worker_t *)view);
}

PAR__NEAR int par_fork_room(par_worker_t *view)
{
    if (view == par__worker_serial()) return 0;
    par__worker_t *worker = (par__worker_t *)view;
    if (!par__forks_is_full(&worker->forks)) return 1;
    par__worker_count(worker, inlined);
    par__forks_overflow(&worker->forks);
    par__worker_offer(worker); /* what is below: this task may run long */
    return 0;
}

PAR__NEAR void par_fork_offer(par_worker_t *view)
{
    par__worker_offer((par__worker_t *)view);
}

/* Any build: the program was compiled to be told. */
void par_task_out_of_step(const char *file, int line, const char *where)
{
    fprintf(
        stderr,
        "par: %s:%d: %s: a task that was called here has left a fork without its sync, or synced "
        "one twice; give each PAR_FORK one PAR_SYNC, the youngest first, before any return\n",
        file, line, where);
    abort();
}
