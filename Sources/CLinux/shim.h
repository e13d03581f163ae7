// Calls of Linux that Swift cannot make: variadic, or hidden behind feature macros.

#ifndef CLINUX_SHIM_H
#define CLINUX_SHIM_H

#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>

// Has this process killed when the thread that started it ends. 0, or -1 with errno.
static inline int digitd_die_with_parent(void) { return prctl(PR_SET_PDEATHSIG, (unsigned long)SIGKILL); }

// Lets this thread, and those that it starts, run only where nothing else wants to. 0, or -1 with errno.
static inline int digitd_run_when_idle(void) {
    enum { sched_idle = 5 };
    const struct sched_param parameters = {.sched_priority = 0};
    return sched_setscheduler(0, sched_idle, &parameters);
}

#endif
