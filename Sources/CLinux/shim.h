// Calls of Linux that Swift cannot make: variadic, or hidden behind feature macros.

#ifndef CLINUX_SHIM_H
#define CLINUX_SHIM_H

#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>

// Has this process killed when the thread that started it ends. 0, or -1 with errno.
static inline int digitd_die_with_parent(void) { return prctl(PR_SET_PDEATHSIG, (unsigned long)SIGKILL); }

enum { digitd_sched_other = 0, digitd_sched_idle = 5 };

static inline int digitd_set_policy(int policy) {
    const struct sched_param parameters = {.sched_priority = 0};
    return sched_setscheduler(0, policy, &parameters);
}

// Lets this thread, and those that it starts, run only where nothing else wants to. 0, or -1 with errno.
static inline int digitd_run_when_idle(void) { return digitd_set_policy(digitd_sched_idle); }

// Lets this thread run as others do. 0, or -1 with errno.
static inline int digitd_run_as_others(void) { return digitd_set_policy(digitd_sched_other); }

// Whether this thread runs only where nothing else wants to.
static inline int digitd_runs_when_idle(void) { return sched_getscheduler(0) == digitd_sched_idle; }

#endif
