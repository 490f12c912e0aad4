/* registry.c - all pools of the process, and what fork does to them.
 *
 * fork copies the memory but only the calling thread. The parent takes every lock before, so that
 * the copy is consistent, and both sides release them. In the child every pool is stopped: the next
 * parallel call starts it again. What other threads were doing is lost with them, so for the call
 * that the forking thread is inside of: a fork that another thread had taken is run again by its
 * owner, and a job that another thread was running goes back to the injector. Jobs of the scopes of
 * other threads are dropped: nobody waits for them, and those scopes lie on stacks that the C
 * library gives to the child's new threads. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "latch.h"
#include "pool.h"
#include "scope.h"
#include "topology.h"

static pthread_mutex_t registry = PTHREAD_MUTEX_INITIALIZER;
static par_pool_t *first; /* under registry */
static pthread_once_t fork_once = PTHREAD_ONCE_INIT;

static void before_fork(void)
{
    pthread_mutex_lock(&registry);
    par__topology_lock();
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
    par__topology_unlock();
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
    while ((job = par__deque_take(&worker->jobs, INT64_MIN)) != NULL)
        job_keep_or_drop(worker->pool, job);
}

/* The worker of a thread that does not exist in the child: as new. */
static void worker_abandon(par__worker_t *worker)
{
    for (par__job_t *job = worker->running; job != NULL;) {
        par__job_t *outer = job->next;
        job_keep_or_drop(worker->pool, job);
        job = outer;
    }
    worker->running = NULL;
    worker->calls = 0;
    worker->in_use = false;
    worker->lost = worker->cache.first; /* the thread may have been changing it */
    worker->cache = (par__job_cache_t){0};
    store_relaxed(&worker->tag, NULL);    /* order: none, one thread */
    store_relaxed(&worker->tag_base, 0U); /* order: none, one thread */
    par__forks_abandon(&worker->forks);
}

static bool worker_after_fork(par__worker_t *worker, void *unused)
{
    (void)unused;
    store_relaxed(&worker->waiter, 0U);      /* order: none, one thread */
    store_relaxed(&worker->parker.word, 0U); /* order: none, one thread */
    queue_after_fork(worker);
    if (par__worker_is_mine(worker))
        par__forks_lose_thieves(&worker->forks);
    else
        worker_abandon(worker);
    return false;
}

/* An own thread that forked is the child's only thread, and a guest from now on: its main loop ends
 * when the task that forked returns, because the generation is another. */
static void own_becomes_guest(par_pool_t *pool, par__worker_t *self)
{
    uint32_t n = load_relaxed(&pool->n_guests); /* order: none, one thread */
    if (n == PAR__MAX_GUESTS) return;
    store_relaxed(&pool->own[self->id], NULL); /* order: none, one thread */
    store_relaxed(&pool->guests[n], self);     /* order: none, one thread */
    store_relaxed(&pool->n_guests, n + 1);     /* order: none, one thread */
    self->id = PAR__MAX_THREADS + n;
    self->index = 0;
    self->in_use = true;
}

static void pool_after_fork(par_pool_t *pool, par__worker_t *self)
{
    const pthread_mutex_t fresh_mutex = PTHREAD_MUTEX_INITIALIZER;
    const pthread_cond_t fresh_cond = PTHREAD_COND_INITIALIZER;
    pthread_mutex_unlock(&pool->injector.mutex);
    memcpy(&pool->life, &fresh_mutex, sizeof fresh_mutex);
    memcpy(&pool->started, &fresh_cond, sizeof fresh_cond);
    pool->generation++;
    store_relaxed(&pool->n_own, 0U); /* order: none, one thread */
    injector_after_fork(pool);
    par__pool_any_worker(pool, NULL, worker_after_fork, NULL);
    if (self != NULL && self->pool == pool && self->index != 0) own_becomes_guest(pool, self);
    if (load_relaxed(&pool->state) == PAR__POOL_RUNNING) /* order: none, one thread */
        par__plan_free(&pool->plan);
    par__sleep_init(&pool->sleep, 1, 1);
    store_relaxed(&pool->state, (uint32_t)PAR__POOL_STOPPED); /* order: none, one thread */
    pthread_mutex_unlock(&pool->mutex);
}

static void after_fork_child(void)
{
    par__worker_t *self = par__worker_current();
    for (par_pool_t *pool = first; pool != NULL; pool = pool->next)
        pool_after_fork(pool, self);
    par__topology_unlock();
    pthread_mutex_unlock(&registry);
}

static void fork_handlers_set(void)
{
    pthread_atfork(before_fork, after_fork_parent, after_fork_child);
}

void par__registry_add(par_pool_t *pool)
{
    pthread_once(&fork_once, fork_handlers_set);
    pthread_mutex_lock(&registry);
    pool->next = first;
    first = pool;
    pthread_mutex_unlock(&registry);
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
