/* registry.c - all pools of the process, and what fork does to them.
 *
 * fork copies the memory but only the calling thread. The parent takes every lock before (that of hwloc in
 * topology_hwloc.c), so that the copy is consistent, and both sides release them. In the child every pool is stopped, with no
 * worker but those of the forking thread, as guests: the next parallel call starts it again.
 *
 * What other threads were doing is lost with them. For the call that the forking thread is inside of
 * that means: a fork that another thread had taken is run by its owner, a job of one of its scopes that
 * another thread had goes back to the injector, from their beginning, whatever they had done already.
 * It is enough for a child that unwinds and exits; pool.h promises only new calls. Records and jobs of
 * vanished threads are never used again: those threads may have stood anywhere in them. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "latch.h"
#include "pool.h"
#include "scope.h"
#include "seat.h"

static pthread_mutex_t registry = PTHREAD_MUTEX_INITIALIZER;
static par_pool_t *first; /* under registry */
static pthread_once_t fork_once = PTHREAD_ONCE_INIT;

static void before_fork(void)
{
    pthread_mutex_lock(&registry);
    for (par_pool_t *pool = first; pool != NULL; pool = pool->next) {
        pthread_mutex_lock(&pool->mutex);
        pthread_mutex_lock(&pool->injector.mutex);
    }
}

static void after_fork_parent(void)
{
    for (par_pool_t *pool = first; pool != NULL; pool = pool->next) {
        pthread_mutex_unlock(&pool->injector.mutex);
        pthread_mutex_unlock(&pool->mutex);
    }
    pthread_mutex_unlock(&registry);
}

/* A job of a scope that the forking thread opened goes to the injector, any other is dropped. */
static void job_keep_or_drop(par_pool_t *pool, par__job_t *job)
{
    par__worker_t *opener = par__scope_of(job->scope)->owner;
    if (par__worker_is_mine(opener))
        par__injector_push(&pool->injector, job);
    else
        free(job);
}

static void injector_after_fork(par_pool_t *pool)
{
    par__job_t *next;
    par__job_t *job = par__injector_clear(&pool->injector);
    for (; job != NULL; job = next) {
        next = job->next;
        job_keep_or_drop(pool, job);
    }
}

static void queue_after_fork(par__worker_t *worker)
{
    par__job_t *job;
    while (par__deque_steal(&worker->jobs, NULL, &job) == PAR__STEAL_OK)
        job_keep_or_drop(worker->pool, job);
}

/* Records of threads that do not exist here, kept reachable: never used again, never freed. */
static par__worker_t *vanished;

/* What it had counted for a scope that the forking thread opened is none of that scope's jobs. */
static void credit_after_fork(par__worker_t *worker)
{
    int64_t credit = worker->credit;
    worker->credit = 0;
    if (credit == 0) return;
    par__scope_t *scope = par__scope_of(worker->credit_scope);
    if (par__worker_is_mine(scope->owner))
        add_seq_cst(&scope->state, -credit * PAR__SCOPE_JOB); /* order: none, one thread */
}

/* All that is taken from such a record are its jobs and its credit. A waiter may still look at it once
 * more before it sees that its slot is lost: there is no thread to be asked or bound any more. */
static void worker_abandon(par__worker_t *worker)
{
    par__seat_leave(worker);
    credit_after_fork(worker);
    worker->vanished = vanished;
    vanished = worker;
    for (par__job_t *job = worker->running; job != NULL;) {
        par__job_t *outer = job->next;
        job_keep_or_drop(worker->pool, job);
        job = outer;
    }
}

/* One of the forking thread: it may be an own thread of the pool; it is a guest from now on, and its
 * main loop ends when the task that forked returns, because the generation is another. */
static void worker_keep(par__worker_t *worker)
{
    par_pool_t *pool = worker->pool;
    uint32_t n = load_relaxed(&pool->n_guests); /* order: none, one thread */
    store_relaxed(&worker->waiter, 0U);         /* order: none, one thread */
    store_relaxed(&worker->parker.word, 0U);    /* order: none, one thread */
    par__forks_lose_thieves(&worker->forks);
    worker->id = PAR__MAX_THREADS + n;
    worker->index = 0;
    worker->in_use = true;
    store_relaxed(&pool->guests[n], worker); /* order: none, one thread */
    store_relaxed(&pool->n_guests, n + 1);   /* order: none, one thread */
}

static void worker_after_fork(par__worker_t *worker)
{
    if (worker == NULL) return;
    queue_after_fork(worker);
    if (par__worker_is_mine(worker))
        worker_keep(worker);
    else
        worker_abandon(worker);
}

/* The table of guests is filled anew from its start, behind the reading; an own thread of the pool is no
 * guest of it, so at the end there is room for the one own record that can be the caller's. */
static void table_after_fork(par_pool_t *pool)
{
    uint32_t n_guests = load_relaxed(&pool->n_guests); /* order: none, one thread */
    uint32_t n_own = load_relaxed(&pool->n_own_ever);  /* order: none, one thread */
    store_relaxed(&pool->n_guests, 0U);                /* order: none, one thread */
    for (uint32_t i = 0; i < n_guests; i++)
        worker_after_fork(load_relaxed(&pool->guests[i])); /* order: none, one thread */
    for (uint32_t i = 1; i <= n_own; i++) {
        worker_after_fork(load_relaxed(&pool->own[i])); /* order: none, one thread */
        store_relaxed(&pool->own[i], NULL);             /* order: none, one thread */
    }
}

static void pool_after_fork(par_pool_t *pool)
{
    const pthread_mutex_t fresh_mutex = PTHREAD_MUTEX_INITIALIZER;
    const pthread_cond_t fresh_cond = PTHREAD_COND_INITIALIZER;
    pthread_mutex_unlock(&pool->injector.mutex);
    memcpy(&pool->life, &fresh_mutex, sizeof fresh_mutex);
    memcpy(&pool->started, &fresh_cond, sizeof fresh_cond);
    pool->generation++;
    store_relaxed(&pool->n_own, 0U); /* order: none, one thread */
    injector_after_fork(pool);
    table_after_fork(pool);
    if (load_relaxed(&pool->state) == PAR__POOL_RUNNING) /* order: none, one thread */
        par__plan_free(&pool->plan);
    par__sleep_init(&pool->sleep);
    store_relaxed(&pool->state, (uint32_t)PAR__POOL_STOPPED); /* order: none, one thread */
    pthread_mutex_unlock(&pool->mutex);
}

static void after_fork_child(void)
{
    for (par_pool_t *pool = first; pool != NULL; pool = pool->next)
        pool_after_fork(pool);
    pthread_mutex_unlock(&registry);
}

static void fork_handlers_set(void)
{
    pthread_atfork(before_fork, after_fork_parent, after_fork_child);
}

static bool is_registered(const par_pool_t *pool)
{
    const par_pool_t *it = first;
    while (it != NULL && it != pool)
        it = it->next;
    return it != NULL;
}

void par__registry_add(par_pool_t *pool)
{
    pthread_once(&fork_once, fork_handlers_set);
    pthread_mutex_lock(&registry);
    /* Once: a child that was forked while its parent was in here for the default pool comes again. */
    if (!is_registered(pool)) {
        pool->next = first;
        first = pool;
    }
    pthread_mutex_unlock(&registry);
}

bool par__registry_has(const par_pool_t *pool)
{
    pthread_mutex_lock(&registry);
    bool is_there = is_registered(pool);
    pthread_mutex_unlock(&registry);
    return is_there;
}

void par__registry_remove(par_pool_t *pool)
{
    pthread_mutex_lock(&registry);
    for (par_pool_t **link = &first; *link != NULL; link = &(*link)->next) {
        if (*link == pool) {
            *link = pool->next;
            break;
        }
    }
    pthread_mutex_unlock(&registry);
}
