/* sleep.pml - the sleep protocol of src/sleep.md for N workers, for spin: sleep.c, parker.c and the idle
 * loop of worker.c.
 *
 * A step is one atomic operation of the code on shared memory, with what follows from it in the thread
 * alone: all of them are seq_cst or, at a parker's word, read-modify-writes, so an interleaving is
 * what can happen. Two things are one step though the code has several:
 *   - a look at counts and a compare-and-swap that is repeated until nothing came between. It
 *     decides by the values that it swaps, or by those of its last look.
 *   - the inside of the parker, unless PARKER is defined: a token comes, a token is taken. The futex
 *     below it is checked with PARKER, for fewer workers, and by tests/model.
 *
 *   N        workers
 *   JOBS     jobs that are submitted, at most N
 *   SUBMITS  threads that submit them, in turn
 *   STRAYS   unparks for other reasons: tokens that were meant for an earlier wait
 *   AGAIN    workers go on when the jobs have run, and sleep; else they leave
 *   STOP     with AGAIN: the pool stops when the jobs have run
 *
 * Claims
 *  1 No lost wake-up, in its strong form: a job ends when all jobs run, so each needs a worker of its own,
 *    and a submission that wakes nobody and is found by nobody shows as a deadlock. Afterwards counts
 *    and mask say who sleeps, and nobody searches.
 *  2 The end: stop wakes every sleeper, and counts and mask are 0 when the last worker has left.
 *  3 A permission finds a bit: nobody looks for one for ever (pan -l: no cycle without progress).
 *
 * With LESS_... one step of the protocol is missing or misplaced; check.sh has the list, each must fail. */

#ifndef N
#define N 4
#endif
#ifndef JOBS
#define JOBS N
#endif
#ifndef SUBMITS
#define SUBMITS 1
#endif
#ifndef STRAYS
#define STRAYS 0
#endif
#ifdef STOP
#define MUST_END stop
#else
#define MUST_END false
#endif

#define MAX_SEARCHING ((N + 1) / 2)

#define EMPTY 0
#define PARKED 1
#define TOKEN 2

byte sleeping;  /* both halves of `counts`: read and changed in one step */
byte searching;
bit mask[N];
byte word[N];   /* of the parker */
bit in_futex[N];
byte queue;
byte running;   /* jobs that have a worker */
byte n_ended;   /* workers that have left */
byte n_through; /* submitters and strays that have */
bit stop;

/* ---- parker.c ---- */

#ifdef PARKER
inline unpark(who)
{
#ifdef LESS_ATOMIC_UNPARK
    was_parked = (word[who] == PARKED);
    word[who] = TOKEN;
#else
    atomic { was_parked = (word[who] == PARKED); word[who] = TOKEN };
#endif
    atomic {
#ifndef LESS_FUTEX_WAKE
        if
        :: was_parked -> in_futex[who] = 0
        :: else
        fi;
#endif
        was_parked = false
    }
}

/* A futex wait that returns for no reason changes nothing: the loop goes back to it. */
inline park()
{
#ifdef LESS_ATOMIC_PARK
    seen_token = (word[id] == TOKEN);
    atomic {
        if
        :: !seen_token -> word[id] = PARKED
        :: else
        fi
    };
#else
    atomic {
        if
        :: word[id] == EMPTY -> word[id] = PARKED
        :: else -> seen_token = true
        fi
    };
#endif
    do
    :: atomic { seen_token -> word[id] = EMPTY; seen_token = false; break }
    :: atomic {
            !seen_token;
            if
            :: word[id] == PARKED -> in_futex[id] = 1
            :: else
            fi
        };
end_parked:
        atomic { !in_futex[id]; seen_token = (word[id] == TOKEN) }
    od
}
#else
inline unpark(who)
{
    word[who] = TOKEN
}

inline park()
{
    atomic { word[id] == TOKEN -> word[id] = EMPTY }
}
#endif

/* ---- sleep.c ---- */

inline choose(near)
{
    atomic {
        if
        :: searching != 0 || sleeping == 0 -> chosen = N
        :: else ->
#ifndef LESS_PERMISSION
            sleeping--;
            searching++;
#endif
            chosen = near
        fi
    }
}

/* mask_pick and the unpark: the first bit from `chosen` on. */
inline wake_chosen()
{
    if
    :: chosen == N
    :: else ->
        do
#ifdef LESS_CLEAR_FIRST
        :: mask[chosen] -> unpark(chosen); mask[chosen] = 0; break
#else
        :: atomic { mask[chosen] -> mask[chosen] = 0 };
progress_picked:
            unpark(chosen);
            break
#endif
        :: atomic { !mask[chosen] -> chosen = (chosen + 1) % N }
        od
    fi;
    chosen = 0
}

inline wake_one(near)
{
#ifdef LESS_PERMISSION_SWAP
    atomic {
        if
        :: searching != 0 || sleeping == 0 -> chosen = N
        :: else -> see_sleeping = sleeping; chosen = near
        fi
    };
    atomic {
        if
        :: chosen != N -> sleeping = see_sleeping - 1; searching = 1; see_sleeping = 0
        :: else
        fi
    };
#else
    choose(near);
#endif
    wake_chosen()
}

/* par__sleep_cancel: takes a permission, clears the own bit, gives it back if another one did. */
inline cancel()
{
    atomic {
        if
        :: sleeping == 0
        :: else -> sleeping--; searching++; cancelled = true
        fi
    };
    if
    :: !cancelled
    :: else ->
#ifdef LESS_CLEARING
        skip
#else
        atomic { cancelled = mask[id]; mask[id] = 0 };
#ifndef LESS_GIVING_BACK
        if
        :: cancelled
        :: atomic { !cancelled -> sleeping++; searching-- }
        fi
#endif
#endif
    fi
}

inline announce()
{
    mask[id] = 1;
    atomic {
#ifndef LESS_SLEEPING_COUNT
        sleeping++;
#endif
#ifndef LESS_SEARCHING_COUNT
        searching = searching - is_searching;
#endif
        is_searching = false
    }
}

/* ---- worker.c ---- */

inline fall_asleep()
{
#ifdef LESS_LOOK_LAST
    see_work = (queue != 0);
    announce();
#else
    announce();
#ifndef LESS_LOOK
    see_work = (queue != 0);
#endif
#endif
    if
    :: atomic { see_work -> see_work = false }; cancel()
    :: else
    fi;
    if
    :: cancelled
    :: else ->
#ifdef LESS_CHOSEN
end_park:
        park();
#else
        do
        :: MUST_END || !mask[id] -> break
        :: else ->
end_park:
            park()
        od;
#endif
#ifdef STOP /* at the end nothing of this thread stays in the counts */
        do
        :: cancelled || !mask[id] -> break
        :: else -> cancel()
        od
#endif
    fi;
    atomic { cancelled = false; is_searching = true }
}

/* par__worker_main, with idle() written out. */
proctype worker(byte id)
{
    bit is_searching, cancelled, see_work, seen_token, was_parked;
    byte see_sleeping, chosen;
work:
    if
    :: MUST_END -> goto leave
    :: atomic { queue != 0 -> queue--; goto have }
    :: atomic { !MUST_END && queue == 0 }
    fi;
    atomic { /* par__sleep_search */
        if
        :: searching < MAX_SEARCHING -> searching++; is_searching = true
        :: else
        fi
    };
    do
    :: MUST_END -> break
    :: atomic { is_searching && queue != 0 -> queue-- };
        atomic {
#ifndef LESS_FOUND_COUNT
            searching--;
#endif
            is_searching = false
        };
#ifndef LESS_CHAIN
        wake_one(id);
#endif
        goto have
    :: atomic { !MUST_END && (!is_searching || queue == 0) }; fall_asleep()
    od;
    atomic { searching = searching - is_searching; is_searching = false };
    goto leave;
have:
    atomic { running++; running >= JOBS }; /* no worker is free before every job has one */
#ifdef AGAIN
    goto work;
#endif
leave:
    n_ended++
}

proctype submitter(byte first)
{
    byte see_sleeping, chosen, i;
    bit was_parked;
    do
    :: atomic { i < JOBS / SUBMITS -> i++ };
#ifdef LESS_ORDER
        choose(first); /* looks before its job can be seen */
        queue++;
        wake_chosen()
#else
        queue++;
#ifndef LESS_WAKING
        wake_one(first)
#endif
#endif
    :: else -> break
    od;
    n_through++
}

/* Somebody who waits for a job of that worker unparks it, now or later. */
proctype stray(byte who)
{
    bit was_parked;
    unpark(who);
    n_through++
}

init
{
    byte i;
    bit was_parked;
    atomic {
        do
        :: i < N -> run worker(i); i++
        :: else -> break
        od;
        i = 0;
        do
        :: i < SUBMITS -> run submitter(i % N); i++
        :: else -> break
        od;
        i = 0;
        do
        :: i < STRAYS -> run stray(N - 1 - i % N); i++
        :: else -> i = 0; break
        od
    }
#ifdef STOP
    running == JOBS;
    stop = 1;
#ifndef LESS_LAST_UNPARK
    do
    :: i < N -> unpark(i); i++
    :: else -> i = 0; break
    od;
#endif
    n_ended == N && n_through == SUBMITS + STRAYS;
    atomic {
        assert(sleeping == 0 && searching == 0 && queue == 0);
        do
        :: i < N -> assert(mask[i] == 0); i++
        :: else -> break
        od
    }
#else
    /* Nobody is about to do anything: those that have not left sleep, with their bits set. */
    running == JOBS && n_through == SUBMITS + STRAYS;
    timeout;
    atomic {
        assert(searching == 0 && queue == 0 && sleeping == N - n_ended);
        do
        :: i < N -> sleeping = sleeping - mask[i]; i++
        :: else -> break
        od;
        assert(sleeping == 0)
    }
    stop = 1
#endif
}
