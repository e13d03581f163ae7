import Foundation

/// A thread of its own for an actor that waits for the disk, or computes for long: whoever calls the actor, its work is done here.
///
/// A pool as the caller's preference would not do: an actor that is called first thing on a pool may stay on the thread of its caller, which
/// is one of the cooperative pool (Swift 6.3). The thread ends with its last reference, which the actor holds.
package final class ActorThread: SerialExecutor {
    private let jobs = JobQueue()

    /// - Parameter name: as debuggers and `top` show it.
    package init(name: String) {
        let executor = asUnownedSerialExecutor()
        let thread = Thread { [jobs] in
            while let job = jobs.take() { job.runSynchronously(on: executor) }
        }
        thread.start()
        // A name that is given before the start is lost on Linux.
        thread.name = name
    }

    deinit {
        jobs.close()
    }

    package func enqueue(_ job: consuming ExecutorJob) { jobs.add(UnownedJob(job)) }
}
