internal import CLinux

/// Whether the kernel was to run this thread only where nothing else wants to.
package struct ThreadPriority {
    private let wasIdle: Bool

    /// Has the kernel treat this thread as any other's until `restore`: for the time in which others wait for what it holds. The priority
    /// ceiling of a lock that threads of both kinds take (Sha, Rajkumar, Lehoczky, "Priority Inheritance Protocols", 1990, section IV).
    package static func raisedToNormal() -> ThreadPriority {
        ThreadPriority(wasIdle: digitd_runs_when_idle() != 0 && digitd_run_as_others() == 0)
    }

    /// Gives the thread the priority back that it had.
    package func restore() {
        if wasIdle { _ = digitd_run_when_idle() }
    }
}
